// What sources allowed, as rows: which answer holds, what it governs, and that nothing of a withheld source is listed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importRecording } from '../../../../electron/acquisition/acquisition.ts';
import { openDatabase } from '../../../../electron/library/database.ts';
import { databaseFile, type Library, type SessionRow, type ToldRight } from '../../../../electron/library/library.ts';
import { findOnDisk } from '../../../../electron/source/source.ts';
import { fileImport } from '../../../support/file-import.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const AT = '2026-11-21T10:00:00Z';

const told = (right: ToldRight['right'], allowed: ToldRight['allowed'], session: string | null = null): ToldRight => ({
  right,
  session,
  name: `terminal.${right}`,
  allowed,
  why: `the token says ${allowed}`,
});

/** A recording in a library: from its source, or as a file. */
async function add(library: Library, source: string, nativeId: string, isFile: boolean): Promise<SessionRow> {
  const path = join(temporaryFolder(), `${nativeId}.cast`);
  const head = JSON.stringify({ version: 2, width: 80, height: 24, title: nativeId });
  writeFileSync(path, `${head}\n[0.5, "o", "${nativeId} was here\\r\\n"]\n`);
  const origin = { fingerprint: `${source}/${nativeId}`, rights: library.rights.inForce(source), facts: {} };
  for await (const found of findOnDisk([path])) {
    if (found.kind !== 'recording') throw new Error(found.kind === 'refused' ? found.refusal.message : found.kind);
    const outcome = await importRecording(found, {
      ...fileImport(library),
      source,
      beside: () => ({ nativeId, server: `host-${nativeId}`, group: `g-${nativeId}` }),
      ...(isFile ? {} : { origin }),
    });
    if (outcome.kind === 'imported') return library.sessions.find(outcome.sessionIds[0]!) as SessionRow;
  }
  throw new Error('nothing was imported');
}

const listed = (library: Library): string[] =>
  library.sessions
    .list({ filter: {}, sort: 'title', descending: false, cursor: null, limit: 100 })
    .sessions.map(({ nativeId }) => nativeId!);

test('the newest yes or no holds, one that does not know changes nothing, and all of it outlives the program', () => {
  const kept = temporaryLibrary();
  const { rights } = kept.library;
  const of = { source: 'prod', nativeId: 's1', governed: 1 } as const;
  expect(rights.refusal(of, 'download')).toBeNull();
  expect(rights.tell('prod', AT, [told('download', 'unknown')])).toBe(false);
  expect(rights.ofSource('prod')).toMatchObject([{ right: 'download', allowed: 'unknown' }]);
  expect(rights.tell('prod', AT, [told('download', 'no')])).toBe(true);
  expect(rights.tell('PROD', '2026-11-22T10:00:00Z', [told('download', 'unknown')])).toBe(false);
  expect(rights.refusal(of, 'download')).toMatchObject({ name: 'terminal.download', at: AT });
  const again = kept.reopen().rights;
  expect(again.refusal(of, 'download')).toMatchObject({ name: 'terminal.download', at: AT });
  expect(again.inForce('prod')).toBe('{"download":"no"}');
  expect(again.tell('prod', AT, [told('download', 'yes')])).toBe(true);
  expect(again.refusal(of, 'download')).toBeNull();
});

test('a right needs those before it', () => {
  const { rights } = temporaryLibrary().library;
  const of = { source: 'prod', nativeId: 's1', governed: 1 } as const;
  const refused = (): (string | null)[] =>
    (['history', 'recording', 'download'] as const).map((right) => rights.refusal(of, right)?.name ?? null);
  rights.tell('prod', AT, [told('history', 'yes'), told('recording', 'no'), told('download', 'yes')]);
  expect(refused()).toEqual([null, 'terminal.recording', 'terminal.recording']);
  rights.tell('prod', AT, [told('history', 'no')]);
  expect(refused()).toEqual(['terminal.history', 'terminal.history', 'terminal.history']);
});

test('a session that is refused alone is refused alone, until it is given', () => {
  const { rights } = temporaryLibrary().library;
  const of = (nativeId: string) => ({ source: 'prod', nativeId, governed: 1 }) as const;
  expect(rights.tell('prod', AT, [told('recording', 'yes'), told('recording', 'yes', 's1')])).toBe(false);
  expect(rights.tell('prod', AT, [told('recording', 'no', 's1')])).toBe(true);
  expect(rights.refusal(of('s1'), 'download')).toMatchObject({ session: 's1' });
  expect(rights.refusal(of('s1'), 'history')).toBeNull();
  expect(rights.refusal(of('s2'), 'recording')).toBeNull();
  // What all may see may still be kept from one.
  rights.tell('prod', AT, [told('recording', 'yes')]);
  expect(rights.refusedAlone('prod')).toHaveLength(1);
  expect(rights.tell('prod', AT, [told('recording', 'yes', 's1')])).toBe(true);
  expect(rights.refusal(of('s1'), 'recording')).toBeNull();
});

test('answers are rows that nobody changes, and of single sessions no more than changes', () => {
  const kept = temporaryLibrary();
  kept.library.rights.tell('prod', AT, [told('recording', 'no', 's1'), told('recording', 'yes', 's2'), told('history', 'yes')]);
  kept.library.rights.tell('prod', AT, [told('recording', 'no', 's1')]);
  kept.library.close();
  const database = openDatabase(databaseFile(kept.folder), kept.key, { create: false });
  expect(database.prepare('SELECT count(*) n FROM source_right').get()).toEqual({ n: 2 });
  expect(() => database.exec("UPDATE source_right SET allowed = 'yes'")).toThrow('not changed');
  expect(() => database.exec('DELETE FROM source_right')).toThrow('not changed');
  database.close();
  kept.reopen();
});

test('rights govern what came from the source, and no file, whatever name it was imported under', async () => {
  const { library } = temporaryLibrary();
  library.rights.tell('prod', AT, [told('history', 'yes'), told('recording', 'yes')]);
  const mine = await add(library, 'prod', 'synced', false);
  const file = await add(library, 'prod', 'file', true);
  const other = await add(library, 'lab', 'other', false);
  expect([mine.governed, file.governed, other.governed]).toEqual([1, 0, 1]);
  const refusing: string[] = [];
  library.rights.listen((source) => refusing.push(source));
  library.rights.tell('prod', AT, [told('recording', 'no')]);
  expect(refusing).toEqual(['prod']);
  expect(library.rights.refusedKeys('recording')).toEqual([mine.key]);
  expect(library.rights.refusedKeys('history')).toEqual([]);
  expect(listed(library)).toEqual(['file', 'other', 'synced']);
  library.rights.tell('lab', AT, [told('download', 'no', 'other')]);
  expect(library.rights.refusedKeys('download')).toEqual([mine.key, other.key]);
  expect(library.rights.refusal(file, 'download')).toBeNull();
});

test('nothing of a withheld source is listed, counted in groups, or proposed', async () => {
  const { library } = temporaryLibrary();
  await add(library, 'prod', 'synced', false);
  await add(library, 'prod', 'file', true);
  expect(library.groups.list({}).map(({ id }) => id)).toEqual(['g-file', 'g-synced']);
  library.rights.tell('Prod', AT, [told('history', 'no')]);
  expect(library.rights.withheld()).toMatchObject([{ source: 'Prod', name: 'terminal.history' }]);
  expect(listed(library)).toEqual(['file']);
  expect(
    library.sessions.list({ filter: { source: 'prod' }, sort: 'started', descending: true, cursor: null, limit: 1 }).total,
  ).toBe(1);
  expect(library.groups.list({}).map(({ id }) => id)).toEqual(['g-file']);
  expect(library.searched.sessions({}, null).map(({ nativeId }) => nativeId)).toEqual(['file']);
  expect(library.searched.values('server', 10)).toEqual(['host-file']);
  // What keeps and verifies recordings sees all of them.
  expect(library.sessions.keys({})).toHaveLength(2);
  expect(library.sessions.idsOf('PROD')).toHaveLength(2);
});
