// The step from schema 6 to 7: recordings of older libraries get rows in the history, filled from what they say of themselves; and every
// page of the history goes along an index.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase, type Database } from '../../../../electron/library/database.ts';
import { historyCondition } from '../../../../electron/library/history-filter.ts';
import { pageQuery, type HistorySort } from '../../../../electron/library/history.ts';
import { openLibrary } from '../../../../electron/library/library.ts';
import { SCHEMA_VERSION } from '../../../../electron/library/migrations.ts';
import { createRightsStore } from '../../../../electron/library/rights.ts';
import { HISTORY_ORDERS } from '../../../../electron/library/schema/007-history.ts';
import { contentKey, newContentKey, seal } from '../../../../electron/library/seal.ts';
import { databaseOfSchema, testMoments } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const key = randomBytes(32);
const AT = '2026-11-21T10:00:00Z';
const STARTED = 1_795_255_200_000_000;

interface Old {
  readonly id: string;
  readonly format: string;
  readonly nativeId: string | null;
  readonly metadata: object;
  readonly user: string | null;
  readonly server: string | null;
}

/** A library of schema 6 with these recordings, and one that was not read to its end. */
function before(folder: string, sessions: readonly Old[]): void {
  const database = databaseOfSchema(6, folder, key);
  const blob = randomBytes(32);
  const acquisition = database.prepare(
    `INSERT INTO acquisition (source, format, state, fingerprint, decoder, started_at, provenance, content_key, salt_seed)
     VALUES ('files', ?, 'complete', ?, 1, ?, '{}', ?, ?)`,
  );
  const session = database.prepare(
    `INSERT INTO session (acquisition, ordinal, id, native_id, source, format, user, server, started_us, duration_us, cols, rows, size_assumed,
       records, root, acquired_at) VALUES (?, 0, ?, ?, 'files', ?, ?, ?, ${String(STARTED)}, 5000000, 80, 24, 1, 3, ?, ?)`,
  );
  const metadata = database.prepare('INSERT INTO session_metadata VALUES (?, ?)');
  const part = database.prepare(
    "INSERT INTO part (acquisition, part, name, role, size, sha256) VALUES (?, 0, ?, 'original', 1, ?)",
  );
  for (const one of sessions) {
    const secret = newContentKey();
    const { lastInsertRowid } = acquisition.run(one.format, one.id, AT, secret, blob);
    part.run(lastInsertRowid, `${one.id}.cast`, blob);
    const row = session.run(lastInsertRowid, one.id, one.nativeId, one.format, one.user, one.server, blob, AT);
    metadata.run(row.lastInsertRowid, seal(contentKey(secret), 'metadata/0', Buffer.from(JSON.stringify(one.metadata))));
  }
  acquisition.run('ttyrec', 'partial', AT, newContentKey(), blob);
  database.close();
}

const RECORDINGS: readonly Old[] = [
  {
    id: 'a00000000000',
    format: 'rstream-json',
    nativeId: 'r-1',
    user: 'u-1',
    server: 'db-1',
    metadata: {
      id: 'r-1',
      session_mode: 'interactive',
      context: { purpose: 'look' },
      ended_at: '2026-11-21T10:02:00Z',
      error_code: 'lost',
    },
  },
  { id: 'b00000000000', format: 'asciicast-v2', nativeId: null, user: null, server: null, metadata: { title: 'web ana' } },
];

test('every recording that was there has a row, and none twice', () => {
  const folder = temporaryFolder();
  before(folder, RECORDINGS);
  const library = openLibrary({ folder, key, now: testMoments(), program: 'test' });
  expect(library.schema()).toBe(SCHEMA_VERSION);
  const { rows, total } = library.history.list({ filter: {}, sort: 'target', descending: true, cursor: null, limit: 10 });
  expect(total).toBe(2);
  expect(rows).toMatchObject([
    {
      nativeId: 'r-1',
      target: 'db-1',
      initiator: 'u-1',
      mode: 'interactive',
      reason: 'look',
      closeReason: 'lost',
      startedAt: STARTED,
      endedAt: STARTED + 120_000_000,
      recording: 'here',
      told: 0,
    },
    { nativeId: null, target: null, startedAt: STARTED, duration: 5_000_000, recording: 'here' },
  ]);
  library.close();
  const again = openLibrary({ folder, key, now: testMoments(), program: 'test' });
  expect(again.history.list({ filter: {}, sort: 'started', descending: true, cursor: null, limit: 10 }).total).toBe(2);
  again.close();
});

function planOf(database: Database, sql: string, values: readonly unknown[]): string {
  return (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[])
    .map(({ detail }) => detail)
    .join('; ');
}

test('each order has its index, first page or later, and counting reads no row', () => {
  const folder = temporaryFolder();
  openLibrary({ folder, key, now: testMoments(), program: 'test' }).close();
  const database = openDatabase(join(folder, 'library.db'), key, { create: false });
  const rights = createRightsStore(database);
  const all = historyCondition({}, rights);
  for (const sort of Object.keys(HISTORY_ORDERS) as HistorySort[]) {
    for (const descending of [false, true]) {
      const first = planOf(database, pageQuery(sort, descending, all, false), [10]);
      const later = planOf(database, pageQuery(sort, descending, all, true), ['', '', 1, 10]);
      expect(later, sort).toMatch(/^SEARCH history USING INDEX history_/);
      for (const plan of [first, later]) {
        expect(plan, sort).toMatch(/^(?:SCAN|SEARCH) history USING INDEX history_/);
        expect(plan, sort).not.toContain('TEMP B-TREE');
      }
    }
  }
  const some = historyCondition({ environment: ['production'], mode: ['', 'running'], recording: ['here'] }, rights);
  expect(planOf(database, `SELECT count(*) FROM history WHERE ${some.sql}`, some.values)).toMatch(
    /^SCAN history USING COVERING INDEX history_facets/,
  );
  database.close();
});
