// An import whose process is killed at any moment: nothing is lost, doubled or half visible, and the next one goes on.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyRecording, type SessionRow } from '../../../../electron/library/library.ts';
import { lookingInto } from '../../../support/killable.ts';
import { random } from '../../../support/mutation.ts';
import { cast } from '../../../support/recordings.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const program = new URL('import-program.ts', import.meta.url).pathname;
const EVENTS = 120_000;
const ROUNDS = 10;
const SEED = Number(process.env['EXHIBIT_SEED'] ?? 20_261_121);

/** Runs an import and kills it when it says that it has done so many bytes. Returns what it said last, or null when killed. */
function importing(folder: string, key: Buffer, file: string, killAt: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, folder, key.toString('hex'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let last = '';
    child.stdout.on('data', (data: Buffer) => {
      const line = data.toString().trimEnd().split('\n').at(-1)!;
      last = line;
      if (Number(line) >= killAt) child.kill('SIGKILL');
    });
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(null);
      else if (code === 0) resolve(last);
      else reject(new Error(`the import ended with ${String(code)}`));
    });
  });
}

test(`an import that is killed at ${String(ROUNDS)} moments goes on, and ends as one that was never killed (seed ${String(SEED)})`, async () => {
  const place = temporaryFolder();
  const file = join(place, 'long.cast');
  const noise = randomBytes(64).toString('hex');
  const text = cast(Array.from({ length: EVENTS }, (_, i) => [i / 100, 'o', `line ${String(i)} ${noise}\r\n`] as const));
  writeFileSync(file, text);
  const key = randomBytes(32);
  const below = random(SEED);
  const killed = join(place, 'killed');
  let kills = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    // The file passes twice: once for its fingerprint, once for its content.
    if ((await importing(killed, key, file, text.length + below(text.length))) !== null) break;
    kills += 1;
    lookingInto(killed, key, (library) => {
      const { sessions } = library.sessions.stats();
      expect(library.custody.verify()).toMatchObject({ kind: 'intact', count: sessions });
      expect(sessions).toBe(0);
    });
  }
  expect(kills).toBeGreaterThan(3);
  const last = await importing(killed, key, file, Number.POSITIVE_INFINITY);
  expect(last === 'imported' || last === 'known').toBe(true);
  expect(await importing(killed, key, file, Number.POSITIVE_INFINITY)).toBe('known');
  const plain = join(place, 'plain');
  expect(await importing(plain, key, file, Number.POSITIVE_INFINITY)).toBe('imported');

  const seen: unknown[] = [];
  for (const folder of [killed, plain]) {
    lookingInto(folder, key, (library) => {
      expect(library.sessions.stats().sessions).toBe(1);
      const [entry, ...more] = library.custody.list({}, null, 10).entries.filter(({ text: line }) => line.includes('"acquire"'));
      expect(more).toEqual([]);
      const { subject } = JSON.parse(entry!.text) as { subject: string };
      const session = library.sessions.find(subject) as SessionRow;
      expect(verifyRecording(library, session).failures).toEqual([]);
      expect(Buffer.concat([...library.content.partBytes(session.acquisition, 0)]).equals(Buffer.from(text))).toBe(true);
      const chunks = library.content.eventChunks(session);
      const events = chunks.flatMap((info) => library.content.events(session, info));
      expect(events).toHaveLength(EVENTS);
      seen.push({ ...session, key: 0, acquisition: 0, root: null });
    });
  }
  expect(seen[0]).toEqual(seen[1]);
});
