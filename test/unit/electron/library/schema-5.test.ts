// The step from schema 4 to 5, and the tables of watchlists: versions are only added, what they found goes with the index of its session.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../electron/library/database.ts';
import {
  GroupWriter,
  openLibrary,
  type Library,
  type NewWatchlist,
  type SessionRow,
} from '../../../../electron/library/library.ts';
import { SCHEMA_VERSION } from '../../../../electron/library/migrations.ts';
import { databaseOfSchema, testMoments } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const key = randomBytes(32);
const AT = '2026-11-21T10:00:00Z';

/** A library of schema 4 with two indexed sessions and one that is not. */
function before(folder: string): void {
  const database = databaseOfSchema(4, folder, key);
  const blob = randomBytes(32);
  database
    .prepare(
      `INSERT INTO acquisition (source, format, state, fingerprint, decoder, started_at, provenance, content_key, salt_seed)
       VALUES ('files', 'ttyrec', 'complete', 'one', 1, ?, '{}', ?, ?)`,
    )
    .run(AT, blob, blob);
  const session = database.prepare(
    `INSERT INTO session (acquisition, ordinal, id, source, format, cols, rows, size_assumed, records, root, acquired_at, index_state)
     VALUES (1, ?, ?, 'files', 'ttyrec', 80, 24, 1, 3, ?, ?, ?)`,
  );
  for (const [i, id] of ['a00000000000', 'b00000000000', 'c00000000000'].entries()) session.run(i, id, blob, AT, 'waiting');
  database.close();
}

function opened(): { readonly library: Library; readonly folder: string; readonly row: (id: string) => SessionRow } {
  const folder = temporaryFolder();
  before(folder);
  const library = openLibrary({ folder, key, now: testMoments(), program: 'test' });
  const row = (id: string): SessionRow => library.sessions.find(`${id}00000000000`) as SessionRow;
  for (const id of ['a', 'b']) library.derived.setIndexState(row(id), 'done', 1, null);
  return { library, folder, row };
}

const list = (text: string): NewWatchlist => ({
  name: 'hosts',
  kind: 'indicators',
  text,
  digest: 'd',
  author: 'a',
  at: AT,
  ended: false,
});

test('a library of schema 4 keeps its sessions and takes in watchlists, whose versions are not changed', () => {
  const { library, folder } = opened();
  expect(library.schema()).toBe(SCHEMA_VERSION);
  expect(library.sessions.stats().sessions).toBe(3);
  library.watchlists.save(list('x'));
  library.close();
  const database = openDatabase(join(folder, 'library.db'), key, { create: false });
  for (const sql of ["UPDATE watchlist SET text = 'y'", 'DELETE FROM watchlist'])
    expect(() => database.exec(sql)).toThrow('a watchlist has versions and is not changed');
  database.close();
});

test('what a list found stands by indicator and session, until the session is indexed anew or the list has a new version', () => {
  const { library, row } = opened();
  const { watchlists } = library;
  const { key: hosts } = watchlists.save(list('x'));
  const [b, a] = watchlists.pending(hosts, 10);
  expect([a, b]).toEqual([row('a').key, row('b').key]);
  const bytes = Buffer.from('found');
  const newest = watchlists.newestGroup();
  const kept = watchlists.keep(
    [
      { watchlist: hosts, session: a!, at: AT, findings: [{ indicator: 4, hits: 3, bytes }] },
      { watchlist: hosts, session: b!, at: AT, findings: [] },
    ],
    newest,
  );
  expect(kept).toEqual(new Set([a, b]));
  expect(watchlists.counts(hosts)).toEqual({ searched: 2, pending: 0, hits: 3, sessions: 1 });
  expect(watchlists.byIndicator(hosts)).toEqual([{ indicator: 4, hits: 3, sessions: 1 }]);
  expect(watchlists.findings(hosts, null, 0, 10)).toEqual([{ indicator: 4, session: 'a00000000000', hits: 3, bytes }]);
  expect(watchlists.findings(hosts, 5, 0, 10)).toEqual([]);

  library.derived.clear(row('a'));
  expect(watchlists.counts(hosts)).toEqual({ searched: 1, pending: 0, hits: 0, sessions: 0 });
  library.derived.setIndexState(row('a'), 'done', 1, null);
  expect(watchlists.pending(hosts, 10)).toEqual([a]);

  const { key: next, version } = watchlists.save({ ...list('y'), name: 'HOSTS' });
  expect(version).toBe(2);
  expect(watchlists.counts(hosts)).toMatchObject({ searched: 0 });
  expect(watchlists.pending(next, 10)).toHaveLength(2);
  expect(watchlists.current().map(({ text }) => text)).toEqual(['y']);
  library.close();
});

test('a session that was indexed anew while it was searched stays to be searched', () => {
  const { library, row } = opened();
  const { watchlists, derived } = library;
  const { key: hosts } = watchlists.save(list('x'));
  const newest = watchlists.newestGroup();
  derived.transaction(() => {
    derived.text.put(derived.text.seal(row('a'), new GroupWriter()));
    derived.text.flush();
  });
  const passes = ['a', 'b', 'c'].map((id) => ({ watchlist: hosts, session: row(id).key, at: AT, findings: [] }));
  expect(watchlists.keep(passes, newest)).toEqual(new Set([row('b').key]));
  expect(watchlists.pending(hosts, 10)).toEqual([row('a').key]);
  library.close();
});
