// A sweep whose process is killed at any moment: each recording is whole or gone with its certificate, and the next sweep goes on. While one
// program has the library open, no other one sweeps it.

import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkCertificate } from '../../../../electron/core/purge-certificate.ts';
import { openLibrary, type Library, type SessionRow } from '../../../../electron/library/library.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { keepRecordings } from '../../../support/kept-recordings.ts';
import { testMoments } from '../../../support/library.ts';
import { clearPages } from '../../../support/library-pages.ts';
import { createRandom } from '../../../support/random.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const program = new URL('sweep-program.ts', import.meta.url).pathname;
const ROUNDS = Number(process.env['EXHIBIT_SWEEP_ROUNDS'] ?? 6);
const SEED = Number(process.env['EXHIBIT_SEED'] ?? 20_261_121);
const RECORDINGS = 60;

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('hex');
const own = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);

/** Sweeps, and kills the program so many milliseconds after the first purge; null: never. Resolves whether it came to its end. */
function sweeping(folder: string, key: Buffer, killAfter: number | null): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, folder, key.toString('hex'), secret], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let isTimed = false;
    child.stdout.on('data', () => {
      if (isTimed || killAfter === null) return;
      isTimed = true;
      setTimeout(() => child.kill('SIGKILL'), killAfter);
    });
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(false);
      else if (code === 0) resolve(true);
      else reject(new Error(`the sweep ended with ${String(code)}`));
    });
  });
}

const contentOf = (i: number): Buffer => Buffer.alloc(30_000, `content of recording ${String(i)} `);

test(`a sweep that is killed at any moment goes on at the next one (seed ${String(SEED)})`, async () => {
  const folder = temporaryFolder();
  const key = randomBytes(32);
  const now = testMoments();
  const random = createRandom(SEED);
  const look = (work: (library: Library) => void): void => {
    const library = openLibrary({ folder, key, now, program: 'test' });
    work(library);
    library.close();
  };
  const ids: string[] = [];
  look((library) => {
    for (let i = 0; i < RECORDINGS; i++) {
      const session = {
        title: `title ${String(i)} end`,
        startedAt: (Date.UTC(2025, 0, 1) * 1000) as Micros,
        duration: 1_000_000 as Micros,
      };
      ids.push(...keepRecordings(library, 'cloud', '2025-01-02T00:00:00Z', [session], contentOf(i)));
    }
    const policy = { source: 'cloud', environment: 'production', keeper: 'library', days: 30, basis: 'set' } as const;
    library.retention.setPolicy({ ...policy, plan: null, by: 'tester', at: '2026-01-01T00:00:00Z', reason: 'because' });
    library.retention.addHold(
      { kind: 'session', session: ids[7]! },
      { by: 'tester', at: '2026-01-01T00:00:00Z', reason: 'because' },
    );
  });

  let kills = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (await sweeping(folder, key, random.below(120))) break;
    kills += 1;
    look((library) => {
      expect(library.custody.verify().kind).toBe('intact');
      expect(library.checkPages()).toEqual([]);
      for (const [i, id] of ids.entries()) {
        const session = library.sessions.find(id) as SessionRow;
        const purge = library.purges.find(id);
        const entries = library.custody.list({ subject: id, action: 'purge' }, null, 5).entries;
        if (purge === null) {
          expect(entries).toEqual([]);
          expect(session.title).toBe(`title ${String(i)} end`);
          expect(Buffer.concat([...library.content.partBytes(session.acquisition, 0)]).equals(contentOf(i))).toBe(true);
        } else {
          expect(entries).toHaveLength(1);
          expect(session).toMatchObject({ title: null, lockCode: 'purged' });
          expect(() => [...library.content.partBytes(session.acquisition, 0)]).toThrow('purged');
          expect(checkCertificate(purge.certificate, purge.signature, own)).toMatchObject({ valid: true, own: true });
        }
      }
      expect(library.purges.find(ids[7]!)).toBeNull();
    });
  }
  expect(kills).toBeGreaterThan(0);
  expect(await sweeping(folder, key, null)).toBe(true);
  look((library) => {
    expect(library.purges.count()).toBe(RECORDINGS - 1);
    expect(library.purges.find(ids[7]!)).toBeNull();
    expect(library.purges.uncleanSince()).toBeNull();
    expect((library.sessions.find(ids[7]!) as SessionRow).title).toBe('title 7 end');
  });
  const pages = clearPages(folder, key);
  const left = ids.flatMap((_, i) => (pages.includes(`title ${String(i)} end`) ? [i] : []));
  expect(left).toEqual([7]);
});

test('a second program does not sweep a library that is open', () => {
  const folder = temporaryFolder();
  const key = randomBytes(32);
  const library = openLibrary({ folder, key, now: testMoments(), program: 'the first one' });
  const { status, stderr } = spawnSync(process.execPath, [program, folder, key.toString('hex'), secret], { encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain('the first one');
  library.close();
});
