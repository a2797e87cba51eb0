// What an archive of sessions is made of, whatever its members are called and however they end.

import { expect, it } from 'vitest';
import { createSessionsArchive, type ArchiveMember, type MemberExport } from '../../../../electron/export/sessions-archive.ts';
import type { SessionRow } from '../../../../electron/library/library.ts';

const session = { id: 's', startedAt: null, duration: 0 } as SessionRow;

const member = (fileName: string, pieces: MemberExport['pieces'] = [Buffer.from(fileName)].values()): ArchiveMember => ({
  session,
  begin: () => Promise.resolve({ fileName, warnings: [], pieces }),
});

async function read(members: readonly ArchiveMember[]): Promise<Buffer> {
  const { pieces } = createSessionsArchive(members, '2026-06-10T08:00:00Z');
  const got: Uint8Array[] = [];
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) got.push(next.value);
  return Buffer.concat(got);
}

it('no two files have the same name where case tells none apart, and none has that of the index', async () => {
  const bytes = (await read([member('a.txt'), member('A.txt'), member('a.txt'), member('Index.csv')])).toString('latin1');
  const directory = bytes.slice(bytes.indexOf('PK\u0001\u0002'));
  expect([...directory.matchAll(/[Aa][-\d]*\.txt|[Ii]ndex[-\d]*\.csv/g)].map(([name]) => name)).toEqual([
    'a.txt',
    'A-2.txt',
    'a-3.txt',
    'Index-2.csv',
    'index.csv',
  ]);
});

it('a session that fails in the middle ends the archive with its error, and what it held is let go', async () => {
  let isReleased = false;
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield await Promise.resolve(Buffer.from('begun'));
      throw new Error('page 7 does not verify');
    } finally {
      isReleased = true;
    }
  };
  await expect(read([member('a.txt', failing()), member('b.txt')])).rejects.toThrow('page 7 does not verify');
  expect(isReleased).toBe(true);
});

it('an archive that is given up lets the session go that it was reading', async () => {
  let isReleased = false;
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (let n = 0; ; n += 1) yield await Promise.resolve(Buffer.from(crypto.getRandomValues(new Uint8Array(65_536))));
    } finally {
      isReleased = true;
    }
  };
  const { pieces } = createSessionsArchive([member('a.txt', endless())], '2026-06-10T08:00:00Z');
  await pieces.next();
  await pieces.next();
  await pieces.return?.();
  await expect.poll(() => isReleased).toBe(true);
});
