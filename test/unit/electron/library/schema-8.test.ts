// The step from schema 7 to 8: keys in rows of their own, the ends of what is there already; and what its triggers refuse.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase, type Database } from '../../../../electron/library/database.ts';
import { openLibrary, type SessionRow } from '../../../../electron/library/library.ts';
import { SCHEMA_VERSION } from '../../../../electron/library/migrations.ts';
import { contentKey, seal } from '../../../../electron/library/seal.ts';
import { filterCondition, pageQuery } from '../../../../electron/library/sessions.ts';
import type { Policy } from '../../../../shared/api/retention-shapes.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { keepRecordings } from '../../../support/kept-recordings.ts';
import { databaseOfSchema, temporaryLibrary, testMoments } from '../../../support/library.ts';
import { createRandom } from '../../../support/random.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const AT = '2026-11-21T10:00:00Z';
const act = { by: 'tester', at: AT, reason: 'because' };
const policy = (days: number | null, more: Partial<Policy> = {}): Policy => ({
  source: 'cloud',
  environment: 'production',
  keeper: 'library',
  days,
  basis: 'set',
  plan: null,
  ...act,
  ...more,
});

test('a library of schema 6 keeps what it has: each recording with its key, its history and, by a policy, its end', () => {
  const folder = temporaryFolder();
  const key = randomBytes(32);
  const secret = randomBytes(32);
  const old = databaseOfSchema(6, folder, key);
  old
    .prepare(
      `INSERT INTO acquisition (source, format, state, fingerprint, decoder, started_at, provenance, content_key, salt_seed)
       VALUES ('cloud', 'ttyrec', ?, ?, 1, ?, '{}', ?, ?)`,
    )
    .run('complete', 'one', AT, secret, secret);
  old
    .prepare(
      `INSERT INTO session (acquisition, ordinal, id, source, format, cols, rows, size_assumed, records, root, acquired_at, started_us, duration_us)
       VALUES (1, 0, 'a00000000000', 'cloud', 'ttyrec', 80, 24, 1, 3, ?, ?, ?, 1000000)`,
    )
    .run(secret, AT, Date.UTC(2026, 0, 1) * 1000);
  old.prepare('INSERT INTO session_metadata VALUES (1, ?)').run(seal(contentKey(secret), 'metadata/0', Buffer.from('{"a":1}')));
  old.close();

  const library = openLibrary({ folder, key, now: testMoments(), program: 'test' });
  expect(library.schema()).toBe(SCHEMA_VERSION);
  const session = library.sessions.find('a00000000000') as SessionRow;
  expect(library.sessions.metadata(session)).toBe('{"a":1}');
  expect(Buffer.from(library.content.saltSeed(session)).equals(secret)).toBe(true);
  expect(library.retention.marks([session]).get(session.key)?.libraryUntil).toBeNull();
  library.retention.setPolicy(policy(10));
  expect(library.retention.marks([session]).get(session.key)?.libraryUntil).toBe('2026-01-11T00:00:01.000000Z');
  library.close();
});

/** A library with its database beside it. */
function opened(): { readonly library: ReturnType<typeof temporaryLibrary>['library']; readonly database: Database } {
  const { library, folder, key } = temporaryLibrary();
  return { library, database: openDatabase(join(folder, 'library.db'), key, { create: false }) };
}

test('policies, holds, releases and purges are never changed or removed, nor what holds keep, nor keys', () => {
  const { library, database } = opened();
  const [id] = keepRecordings(library, 'cloud', AT, [{ startedAt: 0 as Micros }]);
  library.retention.setPolicy(policy(1));
  const hold = library.retention.addHold({ kind: 'session', session: id! }, act);
  library.retention.releaseHold(hold.id, act);
  const session = library.sessions.find(id!) as SessionRow;
  expect(
    library.purges.purge(session.acquisition, (Date.UTC(2026, 0, 1) * 1000) as Micros, {
      at: AT,
      custody: ({ session: subject }) => ({ actor: 'tester', action: 'purge', subject, purpose: '', details: {} }),
      certify: () => ({ certificate: '{}', signature: '' }),
    }),
  ).toHaveLength(1);
  for (const [table, column] of [
    ['retention_policy', 'days'],
    ['hold', 'reason'],
    ['hold_release', 'reason'],
    ['held', 'hold'],
    ['purge', 'at'],
  ] as const) {
    expect(() => database.exec(`UPDATE ${table} SET ${column} = ${column}`), table).toThrow('is not changed');
    expect(() => database.exec(`DELETE FROM ${table}`), table).toThrow('is not changed');
  }
  expect(() => library.retention.releaseHold(hold.id, act)).toThrow('UNIQUE');
  keepRecordings(library, 'cloud', AT, [{}]);
  expect(() => database.exec('UPDATE acquisition_key SET content_key = randomblob(32) WHERE acquisition = 2')).toThrow(
    'is not changed',
  );
  expect(() => database.exec('DELETE FROM acquisition_key')).toThrow('overwritten, not deleted');
  // What was purged stays so, and nothing is added to it.
  expect(() => database.exec("UPDATE acquisition SET state = 'complete' WHERE key = 1")).toThrow('it was purged');
  expect(() =>
    database.exec("INSERT INTO fact (session, lane, from_us, to_us, event_index, data) VALUES (1, 'x', 0, 0, 0, '')"),
  ).toThrow('was purged');
  expect(() =>
    database.exec("INSERT INTO sync_state (acquisition, native_id, kept, sealed) VALUES (1, 'a', x'00', x'00')"),
  ).toThrow('was purged');
  database.exec("UPDATE session SET title = 'again', index_state = 'waiting' WHERE key = 1");
  expect(database.prepare('SELECT title, index_state FROM session WHERE key = 1').get()).toEqual({
    title: null,
    index_state: 'locked',
  });
  database.close();
});

test('what is due and what holds keep are found by indexes', () => {
  const { database } = opened();
  const plan = (sql: string): string =>
    database
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail)
      .join('\n');
  expect(plan('SELECT key FROM history WHERE library_until_us <= 5 ORDER BY library_until_us')).toContain('history_due');
  expect(plan('SELECT 1 FROM held WHERE session = 5')).toContain('SEARCH held');
  expect(
    plan(
      "SELECT key FROM retention_policy WHERE source = 'a' AND environment = 'production' AND keeper = 'source' AND (basis = 'told') = 1 ORDER BY key DESC LIMIT 1",
    ),
  ).toMatch(
    /SEARCH retention_policy USING (?:COVERING )?INDEX retention_policy_newest \(source=\? AND environment=\? AND keeper=\? AND <expr>=\?\)$/,
  );
  database.close();
});

test('a page of sessions by the time that is left goes along an index of the history, first page or later', () => {
  const { database } = opened();
  const every = {
    source: 'cloud',
    text: 'one',
    environment: 'dev',
    status: 'closed',
    startedFrom: 0 as Micros,
    case: 'c',
    tag: 't',
  };
  const { sql, values } = filterCondition(every, [1]);
  for (const sort of ['sourceUntil', 'libraryUntil'] as const) {
    for (const descending of [false, true]) {
      for (const after of [false, true]) {
        const plan = database
          .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${pageQuery(sort, descending, sql, after)}`)
          .all(...values, ...(after ? [5, 5, 1] : []), 10)
          .map(({ detail }) => detail);
        const index = `history USING COVERING INDEX history_of_${sort.toLowerCase()}`;
        expect(plan.slice(0, 2)).toEqual([
          after ? `SEARCH ${index} (<expr>${descending ? '<' : '>'}?)` : `SCAN ${index}`,
          'SEARCH session USING INTEGER PRIMARY KEY (rowid=?)',
        ]);
        expect(plan.join('\n')).not.toContain('TEMP B-TREE');
      }
    }
  }
  database.close();
});

test('a policy names a plan where its days are those of one, and the library has neither plan nor told days', () => {
  const { library, database } = opened();
  for (const wrong of [
    policy(3, { basis: 'plan', keeper: 'source' }),
    policy(3, { basis: 'set', keeper: 'source', plan: 'Team' }),
    policy(3, { basis: 'plan', plan: 'Team' }),
    policy(3, { basis: 'told' }),
    policy(3, { basis: 'cleared' }),
  ])
    expect(() => library.retention.setPolicy(wrong), JSON.stringify(wrong)).toThrow('CHECK');
  expect(library.retention.policies()).toEqual([]);
  database.close();
});

test('keys that were destroyed are in no page, however many rows came, grew and went around them', () => {
  const { library, folder, key } = temporaryLibrary();
  const random = createRandom(8);
  const gone: Buffer[] = [];
  const keysOf = (acquisition: number): Buffer[] => {
    const database = openDatabase(join(folder, 'library.db'), key, { create: false });
    const row = database.prepare('SELECT content_key, salt_seed FROM acquisition_key WHERE acquisition = ?').get(acquisition) as {
      content_key: Buffer;
      salt_seed: Buffer;
    };
    database.close();
    return [row.content_key, row.salt_seed];
  };
  library.retention.setPolicy(policy(1));
  for (let i = 0; i < 300; i++) {
    const begun = random.below(6) === 0;
    if (begun) {
      const handle = library.acquisitions.begin({
        source: 'cloud',
        format: 'ttyrec',
        fingerprint: String(i),
        decoder: 1,
        startedAt: AT,
        provenance: 'p'.repeat(random.below(400)),
      });
      if (random.below(2) === 0) {
        gone.push(...keysOf(handle.key));
        library.acquisitions.abandon(handle.key);
      }
      continue;
    }
    const [id] = keepRecordings(library, 'cloud', AT, [{ startedAt: 0 as Micros }]);
    if (random.below(2) === 0) continue;
    const { acquisition } = library.sessions.find(id!) as SessionRow;
    const keys = keysOf(acquisition);
    const purged = library.purges.purge(acquisition, (Date.UTC(2026, 0, 1) * 1000) as Micros, {
      at: AT,
      custody: ({ session: subject }) => ({ actor: 'tester', action: 'purge', subject, purpose: '', details: {} }),
      certify: () => ({ certificate: 'c'.repeat(random.below(3000)), signature: '' }),
    });
    expect(purged).toHaveLength(1);
    gone.push(...keys);
  }
  expect(gone.length).toBeGreaterThan(120);
  const database = openDatabase(join(folder, 'library.db'), key, { create: false });
  const pages = database.serialize();
  database.close();
  expect(gone.filter((secret) => pages.includes(secret))).toEqual([]);
});
