// The step from schema 9 to 10: what stands for many discrepancies says how many in a column.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openLibrary, type SessionRow } from '../../../../electron/library/library.ts';
import { databaseOfSchema, putAcquisition, testMoments } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('a library of schema 9 keeps how many discrepancies of each kind a session has', () => {
  const folder = temporaryFolder();
  const key = randomBytes(32);
  const blob = randomBytes(32);
  const old = databaseOfSchema(9, folder, key);
  const at = '2026-11-21T10:00:00Z';
  putAcquisition(old, at, blob);
  old
    .prepare(
      `INSERT INTO session (acquisition, ordinal, id, source, format, cols, rows, size_assumed, records, root, acquired_at, discrepancies)
       VALUES (1, 0, 'a00000000000', 'files', 'ttyrec', 80, 24, 1, 3, ?, ?, 345)`,
    )
    .run(blob, at);
  const put = old.prepare("INSERT INTO discrepancy VALUES (1, ?, ?, ?, '{}')");
  put.run(0, 'bad-time', '7 is no time');
  put.run(1, 'bad-time', 'the time 3 goes back');
  put.run(1000, 'bad-time', '331 more of this kind, not listed one by one');
  put.run(1001, 'sequence-gap', '12 more of this kind, not listed one by one');
  old.close();

  const library = openLibrary({ folder, key, now: testMoments(), program: 'test' });
  const session = library.sessions.find('a00000000000') as SessionRow;
  expect([...library.sessions.discrepancyCounts(session)]).toEqual([
    ['bad-time', 333],
    ['sequence-gap', 12],
  ]);
  library.close();
});
