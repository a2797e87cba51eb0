// The step from schema 8 to 9: groups of lines that were packed as they are not any more are gone, and their sessions wait to be indexed.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { GroupWriter, openLibrary, type SessionRow } from '../../../../electron/library/library.ts';
import { SCHEMA_VERSION } from '../../../../electron/library/migrations.ts';
import { databaseOfSchema, putAcquisition, testMoments } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const AT = '2026-11-21T10:00:00Z';

test('a library of schema 8 waits for its text to be indexed anew, and gives no number of a group again', () => {
  const folder = temporaryFolder();
  const key = randomBytes(32);
  const blob = randomBytes(32);
  const old = databaseOfSchema(8, folder, key);
  putAcquisition(old, AT, blob);
  const session = old.prepare(
    `INSERT INTO session (acquisition, ordinal, id, source, format, cols, rows, size_assumed, records, root, acquired_at, index_state, index_version)
     VALUES (1, ?, ?, 'files', 'ttyrec', 80, 24, 1, 3, ?, ?, ?, ?)`,
  );
  session.run(0, 'a00000000000', blob, AT, 'done', 4);
  session.run(1, 'b00000000000', blob, AT, 'failed', 4);
  old.exec(
    `INSERT INTO text_segment (key, pairs, groups) VALUES (3, 5, 1); INSERT INTO text_posting VALUES (3145728, x'00');
     INSERT INTO text_group (key, session, fields, segment) VALUES (7, 1, 2, 3); INSERT INTO text_lines VALUES (7, x'00')`,
  );
  old.close();

  const library = openLibrary({ folder, key, now: testMoments(), program: 'test' });
  expect(library.schema()).toBe(SCHEMA_VERSION);
  const row = (id: string): SessionRow => library.sessions.find(`${id}00000000000`) as SessionRow;
  expect([row('a').indexState, row('b').indexState]).toEqual(['waiting', 'failed']);
  const { text } = library.derived;
  expect(text.groupsOf(row('a').key)).toEqual([]);
  expect(text.candidates({ kind: 'literal', text: 'any' })?.size).toBe(0);

  const group = text.seal(row('a'), new GroupWriter());
  library.atomically(() => text.put(group));
  expect(text.groupsOf(row('a').key).map(({ key }) => key)).toEqual([8]);
  library.close();
});
