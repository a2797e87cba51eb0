// The step from schema 10 to 11: what annotations are looked for by is folded when it is asked for.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openLibrary } from '../../../../electron/library/library.ts';
import { databaseOfSchema, testMoments } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('annotations of a library of schema 10 are found by their words, however these were folded when they were written', () => {
  const folder = temporaryFolder();
  const key = randomBytes(32);
  const old = databaseOfSchema(10, folder, key);
  const at = '2026-11-21T10:00:00Z';
  const anchor = JSON.stringify({ session: 's1', text: 'ΌΣΤΡΑΚΟΝ', fromUs: 0 });
  old.prepare("INSERT INTO annotation (id, session, from_us, anchor) VALUES ('a1', 's1', 0, ?)").run(anchor);
  const put = old.prepare(
    `INSERT INTO annotation_version VALUES (1, ?, ?, 'Straße nach', 'info', '["σεισμός"]', '[]', 'ana', ?, '', 0, ?)`,
  );
  put.run(1, 'First', at, 'first\nstraße nach\nσεισμός\nόστρακον');
  put.run(2, 'Second', at, 'second\nstraße nach\nσεισμός\nόστρακον');
  old.close();

  const library = openLibrary({ folder, key, now: testMoments(), program: 'test' });
  const found = (text: string): number => library.annotations.list({ text }, null, 10).total;
  for (const text of ['STRASSE', 'straße', 'second strasse', ' ΣΕΙΣΜΌΣ ', 'όστρακον', 'SECOND ΣΕΙΣΜΌς nach', ' '])
    expect([text, found(text)]).toEqual([text, 1]);
  for (const text of ['first', 'second other', 'secondstrasse']) expect([text, found(text)]).toEqual([text, 0]);
  library.close();
});
