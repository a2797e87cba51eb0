// A synchronisation whose process is killed at any moment, again and again: nothing is lost, doubled or half visible, each next one goes
// on where the one before stood, and in the end the library is one that was never killed. EXHIBIT_SEED and EXHIBIT_ROUNDS change how.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openLibrary, verifyRecording, type Library } from '../../../../electron/library/library.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { testMoments } from '../../../support/library.ts';
import { random } from '../../../support/mutation.ts';
import { contentOf, longRecording } from '../../../support/syncing.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';
import { sampleRecording } from '../../engine/sample.ts';

const program = new URL('sync-program.ts', import.meta.url).pathname;
const SEED = Number(process.env['EXHIBIT_SEED'] ?? 20_261_121);
const ROUNDS = Number(process.env['EXHIBIT_ROUNDS'] ?? 6);

const recordings = [
  longRecording('long', 4200),
  longRecording('live', 900),
  sampleRecording('sealed'),
  sampleRecording('another', { sealing: 'p256' }),
];

/** Synchronises; kills after so many answers and, counted from the last of these, so many milliseconds. Returns whether it was killed. */
function syncing(folder: string, key: Buffer, engine: Engine, answers: number, ms: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const args = [program, folder, key.toString('hex'), engine.url, engine.token];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    let armed = false;
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (armed || said.length <= answers) return;
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
  const whole = await engineOf({ recordings });
  expect(await syncing(plain, key, whole, never, 0)).toBe(false);

  const killed = { total: 0, folders: 0 };
  while (killed.total < ROUNDS) {
    killed.folders += 1;
    const folder = `${place}/killed-${String(killed.folders)}`;
    const engine = await engineOf({ recordings, limits: { most: 50 + below(500) } });
    engine.hold('live', 1 + below(600));
    let entries = 0;
    for (let isOver = false; !isOver && killed.total < ROUNDS;) {
      isOver = !(await syncing(folder, key, engine, below(40), below(30)));
      killed.total += isOver ? 0 : 1;
      engine.release('live', below(200));
      looking(folder, (library) => {
        const verdict = library.custody.verify();
        expect(verdict).toMatchObject({ kind: 'intact' });
        expect(library.custody.head().seq).toBeGreaterThanOrEqual(entries);
        entries = library.custody.head().seq;
        for (const session of library.sessions.keys({})) {
          expect(verifyRecording(library.content, library.sessions.byKey(session)!).failures).toEqual([]);
        }
        expect(library.checkPages()).toEqual([]);
      });
    }
    engine.release('live', 5000);
    expect(await syncing(folder, key, engine, never, 0)).toBe(false);
    looking(folder, (library) => {
      expect(library.sessions.stats().sessions).toBe(recordings.length);
      looking(plain, (other) => {
        for (const { session } of recordings) expect(contentOf(library, session.id)).toEqual(contentOf(other, session.id));
      });
    });
  }
});
