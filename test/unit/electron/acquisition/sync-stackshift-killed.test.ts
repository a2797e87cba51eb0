// A synchronisation from StackShift whose process is killed at any moment, again and again: nothing is lost, doubled or half visible, and in
// the end the library is one that was never killed. EXHIBIT_SEED and EXHIBIT_ROUNDS change how.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Library } from '../../../../electron/library/library.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { castOf, stackShiftSample } from '../../../engine/stackshift-sample.ts';
import { expectSound, isKilled, lookingInto, NEVER } from '../../../support/killable.ts';
import { random } from '../../../support/mutation.ts';
import { contentOf } from '../../../support/syncing.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';

const program = new URL('sync-stackshift-program.ts', import.meta.url);
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

const syncing = (folder: string, key: Buffer, { url, stackshift }: Engine, signs: number, ms: number): Promise<boolean> =>
  isKilled(program, [folder, key.toString('hex'), url, stackshift.token], signs, ms);

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
  const below = random(SEED);
  const place = temporaryFolder();
  const plain = `${place}/plain`;
  const engine = await engineOf({ now: () => NOW, stackshift: { sessions, events: sample.events } });
  expect(await syncing(plain, key, engine, NEVER, 0)).toBe(false);
  const recorded = sessions.flatMap(({ record, cast }) => (cast === null ? [] : [record.id]));

  let killed = 0;
  while (killed < ROUNDS) {
    const folder = `${place}/killed-${String(killed)}`;
    let entries = 0;
    for (let isOver = false; !isOver && killed < ROUNDS;) {
      isOver = !(await syncing(folder, key, engine, below(40), below(20)));
      killed += isOver ? 0 : 1;
      lookingInto(folder, key, (library) => {
        entries = expectSound(library, entries);
      });
    }
    expect(await syncing(folder, key, engine, NEVER, 0)).toBe(false);
    lookingInto(folder, key, (library) => {
      expect(library.sessions.stats().sessions).toBe(recorded.length);
      lookingInto(plain, key, (other) => {
        for (const id of recorded) expect(contentOf(library, id)).toEqual(contentOf(other, id));
        expect(historyOf(library)).toEqual(historyOf(other));
      });
    });
  }
});
