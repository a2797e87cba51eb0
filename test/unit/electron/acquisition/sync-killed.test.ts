// A synchronisation whose process is killed at any moment, again and again: nothing is lost, doubled or half visible, each next one goes
// on where the one before stood, and in the end the library is one that was never killed. EXHIBIT_SEED and EXHIBIT_ROUNDS change how.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Engine } from '../../../engine/start-engine.ts';
import { expectSound, isKilled, lookingInto, NEVER } from '../../../support/killable.ts';
import { random } from '../../../support/mutation.ts';
import { contentOf, longRecording } from '../../../support/syncing.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';
import { sampleRecording } from '../../engine/sample.ts';

const program = new URL('sync-program.ts', import.meta.url);
const SEED = Number(process.env['EXHIBIT_SEED'] ?? 20_261_121);
const ROUNDS = Number(process.env['EXHIBIT_ROUNDS'] ?? 6);

const recordings = [
  longRecording('long', 4200),
  longRecording('live', 900),
  sampleRecording('sealed'),
  sampleRecording('another', { sealing: 'p256' }),
];

const syncing = (folder: string, key: Buffer, { url, token }: Engine, answers: number, ms: number): Promise<boolean> =>
  isKilled(program, [folder, key.toString('hex'), url, token], answers, ms);

test(`a synchronisation killed ${String(ROUNDS)} times ends as one that was never killed (seed ${String(SEED)})`, async () => {
  const key = randomBytes(32);
  const below = random(SEED);
  const place = temporaryFolder();
  const plain = `${place}/plain`;
  const whole = await engineOf({ recordings });
  expect(await syncing(plain, key, whole, NEVER, 0)).toBe(false);

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
      lookingInto(folder, key, (library) => {
        entries = expectSound(library, entries);
      });
    }
    engine.release('live', 5000);
    expect(await syncing(folder, key, engine, NEVER, 0)).toBe(false);
    lookingInto(folder, key, (library) => {
      expect(library.sessions.stats().sessions).toBe(recordings.length);
      lookingInto(plain, key, (other) => {
        for (const { session } of recordings) expect(contentOf(library, session.id)).toEqual(contentOf(other, session.id));
      });
    });
  }
});
