// A synchronisation from StackShift whose process is killed at any moment, again and again: nothing is lost, doubled or half visible, and in
// the end the library is one that was never killed. EXHIBIT_SEED and EXHIBIT_ROUNDS change how.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openLibrary, verifyRecording, type Library } from '../../../../electron/library/library.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { castOf, stackShiftSample } from '../../../engine/stackshift-sample.ts';
import { testMoments } from '../../../support/library.ts';
import { random } from '../../../support/mutation.ts';
import { contentOf } from '../../../support/syncing.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';

const program = new URL('sync-stackshift-program.ts', import.meta.url).pathname;
const SEED = Number(process.env['EXHIBIT_SEED'] ?? 20_261_121);
const ROUNDS = Number(process.env['EXHIBIT_ROUNDS'] ?? 3);

const NOW = Date.UTC(2026, 10, 21);
const sample = stackShiftSample(12, NOW);
const [first, ...rest] = sample.sessions;
// One is large enough to be cut in the middle: it is written in several transactions.
const large = {
  ...first!,
  cast: castOf(
    first!.startedAt,
    'large',
    Array.from({ length: 12_000 }, (_, n) => `echo ${String(n)}`),
    0.001,
  ),
};
const sessions = [large, ...rest];

/** Synchronises; kills after so many signs of life and, counted from the last of these, so many milliseconds. Returns whether it was killed. */
function syncing(folder: string, key: Buffer, { url, stackshift }: Engine, signs: number, ms: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const args = [program, folder, key.toString('hex'), url, stackshift.token];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    let armed = false;
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (armed || said.length <= signs) return;
      armed = true;
      void sleep(ms).then(() => child.kill('SIGKILL'));
    });
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL' && !said.endsWith('done')) resolve(true);
      else if (said.endsWith('done')) resolve(false);
      else reject(new Error(`the synchronisation ended with ${String(code)}: ${said}`));
    });
  });
}

const never = Number.MAX_SAFE_INTEGER;

/** What the history says, in a form that two libraries can be compared by. */
function historyOf(library: Library): unknown {
  const request = { filter: {}, sort: 'started', descending: false, cursor: null, limit: 100 } as const;
  const { rows, total } = library.history.list(request);
  const events = library.history.events({ row: null, filter: null, kinds: null, cursor: null, limit: 500, count: true });
  return {
    total,
    rows: rows.map((row) => ({ ...row, key: 0, session: 0 })),
    events: events.events.map((event) => ({ ...event, key: 0, session: 0 })),
  };
}

test(`a synchronisation killed ${String(ROUNDS)} times ends as one that was never killed (seed ${String(SEED)})`, async () => {
  const key = randomBytes(32);
  const now = testMoments();
  const below = random(SEED);
  const looking = (folder: string, look: (library: Library) => void): void => {
    const library = openLibrary({ folder, key, now, program: 'test' });
    try {
      look(library);
    } finally {
      library.close();
    }
  };
  const place = temporaryFolder();
  const plain = `${place}/plain`;
  const engine = await engineOf({ now: () => NOW, stackshift: { sessions, events: sample.events } });
  expect(await syncing(plain, key, engine, never, 0)).toBe(false);
  const recorded = sessions.flatMap(({ record, cast }) => (cast === null ? [] : [record.id]));

  let killed = 0;
  while (killed < ROUNDS) {
    const folder = `${place}/killed-${String(killed)}`;
    let entries = 0;
    for (let isOver = false; !isOver && killed < ROUNDS;) {
      isOver = !(await syncing(folder, key, engine, below(40), below(20)));
      killed += isOver ? 0 : 1;
      looking(folder, (library) => {
        expect(library.custody.verify()).toMatchObject({ kind: 'intact' });
        expect(library.custody.head().seq).toBeGreaterThanOrEqual(entries);
        entries = library.custody.head().seq;
        for (const session of library.sessions.keys({}))
          expect(verifyRecording(library.content, library.sessions.byKey(session)!).failures).toEqual([]);
        expect(library.checkPages()).toEqual([]);
      });
    }
    expect(await syncing(folder, key, engine, never, 0)).toBe(false);
    looking(folder, (library) => {
      expect(library.sessions.stats().sessions).toBe(recorded.length);
      looking(plain, (other) => {
        for (const id of recorded) expect(contentOf(library, id)).toEqual(contentOf(other, id));
        expect(historyOf(library)).toEqual(historyOf(other));
      });
    });
  }
});
