// The step from schema 1 to 2: a library of the first release, made by its own SQL, keeps what it has and takes in what is new.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../../../electron/library/database.ts';
import { openLibrary, type Library, type SessionRow } from '../../../../electron/library/library.ts';
import { migrate, SCHEMA_VERSION } from '../../../../electron/library/migrations.ts';
import { FOUNDATION } from '../../../../electron/library/schema/001-foundation.ts';
import { testMoments } from '../../../support/library.ts';
import { longRecording, sessionOf, synchronise } from '../../../support/syncing.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';

const key = randomBytes(32);

/** A library of schema 1 with one imported session and one whose import was cut short. */
function firstRelease(folder: string): void {
  const database = openDatabase(join(folder, 'library.db'), key, { create: true });
  migrate(database, [{ version: 1, sql: FOUNDATION }]);
  const blob = randomBytes(32);
  const acquisition = database.prepare(
    `INSERT INTO acquisition (source, format, state, fingerprint, decoder, started_at, provenance, content_key, salt_seed)
     VALUES ('files', 'ttyrec', ?, ?, 1, '2026-01-01T00:00:00Z', '{}', ?, ?)`,
  );
  acquisition.run('complete', 'one', blob, blob);
  acquisition.run('partial', 'two', blob, blob);
  const session = database.prepare(
    `INSERT INTO session (acquisition, ordinal, id, source, format, cols, rows, size_assumed, records, root, acquired_at)
     VALUES (?, 0, ?, 'files', 'ttyrec', 80, 24, 1, 3, ?, '2026-01-01T00:00:00Z')`,
  );
  session.run(1, 'kept00000000', blob);
  session.run(2, null, null);
  database.prepare("INSERT INTO part VALUES (1, 0, 'a.ttyrec', 'original', NULL, 3, ?)").run(blob);
  database.prepare("INSERT INTO setting VALUES ('theme', 'dark')").run();
  database.close();
}

const opened = (folder: string): Library => openLibrary({ folder, key, now: testMoments(), program: 'test' });

function raw(folder: string, look: (database: Database) => void): void {
  const database = openDatabase(join(folder, 'library.db'), key, { create: false });
  try {
    look(database);
  } finally {
    database.close();
  }
}

test('a library of schema 1 keeps what it has and can synchronise', async () => {
  const folder = temporaryFolder();
  firstRelease(folder);
  const library = opened(folder);
  expect(library.schema()).toBe(SCHEMA_VERSION);
  const row = library.sessions.find('kept00000000') as SessionRow;
  expect(row).toMatchObject({ source: 'files', records: 3, lockCode: null, lockDetail: null });
  expect(library.settings.all()).toEqual({ theme: 'dark' });
  expect(library.content.storedParts(row.acquisition)).toMatchObject([{ part: 0, name: 'a.ttyrec', size: 3 }]);
  expect(library.sources.list()).toEqual([]);
  expect(library.synced.unfinished('files')).toEqual([]);
  await synchronise(library, await engineOf({ recordings: [longRecording('s', 20)] }));
  expect(sessionOf(library, 's').events).toBe(20);
  library.close();
});

describe('what was acquired', () => {
  test('cannot be changed: neither root nor number of records nor id, unless it grows, and then upward only', () => {
    const folder = temporaryFolder();
    firstRelease(folder);
    opened(folder).close();
    raw(folder, (database) => {
      const set =
        (change: string): (() => void) =>
        () => {
          database.exec(`UPDATE session SET ${change} WHERE id = 'kept00000000'`);
        };
      const refused = 'what was acquired is not changed';
      expect(set("id = 'other'")).toThrow(refused);
      expect(set("root = x'00'")).toThrow(refused);
      expect(set("root = x'00', records = 4")).toThrow(refused);
      expect(set('records = 2')).toThrow(refused);
      expect(set("lock_code = 'open', status = 'closed', records = 3")).not.toThrow();
      database.exec('UPDATE acquisition SET growing = 1 WHERE key = 1');
      expect(set("id = 'other'")).toThrow(refused);
      expect(set('id = NULL')).toThrow(refused);
      expect(set("root = x'00', records = 2")).toThrow(refused);
      expect(set("root = x'00'")).toThrow(refused);
      expect(set("root = x'00', records = 4")).not.toThrow();
      database.exec('UPDATE acquisition SET growing = 0 WHERE key = 1');
      expect(set("root = x'01', records = 5")).toThrow(refused);
    });
  });

  test('of a synchronised session stays while it grows: no part, record or event is updated or removed', async () => {
    const folder = temporaryFolder();
    const engine = await engineOf({ recordings: [longRecording('s', 20)] });
    engine.hold('s', 10);
    const library = opened(folder);
    await synchronise(library, engine);
    library.close();
    raw(folder, (database) => {
      for (const table of ['part', 'part_chunk', 'record_chunk', 'event_chunk']) {
        expect(() => database.exec(`DELETE FROM ${table}`)).toThrow('what was acquired is not removed');
        const column = table === 'part' ? 'name' : 'sealed';
        expect(() => database.exec(`UPDATE ${table} SET ${column} = ${column}`)).toThrow('what was acquired is not changed');
      }
    });
  });

  test('and not finished can be given up, with its checkpoint', async () => {
    const folder = temporaryFolder();
    const engine = await engineOf({ recordings: [longRecording('s', 1500)] });
    engine.misbehave({ at: 'events', skip: 1, fault: { kind: 'status', status: 500 } });
    const library = opened(folder);
    await synchronise(library, engine);
    expect(library.synced.unfinished('engine')).toEqual(['s']);
    raw(folder, (database) => {
      const { key: acquisition } = database.prepare("SELECT key FROM acquisition WHERE source = 'engine'").get() as {
        key: number;
      };
      library.acquisitions.abandon(acquisition);
      for (const table of ['sync_state', 'part', 'part_chunk', 'session'])
        expect(database.prepare(`SELECT count(*) n FROM ${table} WHERE acquisition = ?`).get(acquisition)).toEqual({ n: 0 });
      expect(database.pragma('foreign_key_check')).toEqual([]);
    });
    library.close();
  });
});

test('the record of a number is found by an index', () => {
  const folder = temporaryFolder();
  opened(folder).close();
  raw(folder, (database) => {
    const plan = database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT sealed FROM record_chunk WHERE session = ? AND first_index <= ? ORDER BY first_index DESC LIMIT 1',
      )
      .all(1, 1) as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('record_chunk_first')]);
  });
});

describe('sources', () => {
  test('are added, listed, found without regard to case, and removed; what came from them stays', async () => {
    const folder = temporaryFolder();
    const library = opened(folder);
    const source = {
      name: 'engine',
      kind: 'rstream',
      engine: 'https://e:443',
      apiUrl: null,
      paths: null,
      addedAt: '2026-11-21T10:00:00Z',
    } as const;
    library.sources.add(source);
    expect(() => library.sources.add({ ...source, name: 'Engine' })).toThrow(expect.objectContaining({ kind: 'refused' }));
    await synchronise(library, await engineOf({ recordings: [longRecording('s', 20)] }));
    library.sources.setLastSync('engine', '{"outcome":"done"}');
    expect(library.sources.list()).toEqual([{ ...source, lastSync: '{"outcome":"done"}', sessions: 1 }]);
    expect(library.sources.find('ENGINE')).toMatchObject({ name: 'engine' });
    library.sources.remove('engine');
    expect(() => library.sources.remove('engine')).toThrow(expect.objectContaining({ kind: 'not-found' }));
    expect(library.sources.find('engine')).toBeNull();
    expect(library.sessions.stats().sessions).toBe(1);
    library.close();
  });
});
