// The step from schema 3 to 4: what people write about evidence, in tables that only grow, and found by indexes.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { annotationQuery } from '../../../../electron/library/annotations.ts';
import { openDatabase, type Database } from '../../../../electron/library/database.ts';
import { openLibrary, type Library, type NewAnnotationVersion } from '../../../../electron/library/library.ts';
import { SCHEMA_VERSION } from '../../../../electron/library/migrations.ts';
import { REVIEWERS, VIEWS } from '../../../../electron/library/reviews.ts';
import { filterCondition } from '../../../../electron/library/sessions.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { databaseOfSchema, temporaryLibrary, testMoments, type TestLibrary } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const AT = '2026-11-21T10:00:00.000Z';
const act = { author: 'ana', at: AT, reason: 'made' };
const fields = { number: '2026-014', title: 'T', authority: '', purpose: '', custodian: '', members: ['ana', 'ben'] };

const anchor = (session: string, fromUs: number) =>
  ({
    kind: 'moment',
    fromUs,
    toUs: fromUs,
    region: null,
    text: null,
    session,
    root: '00',
    records: 3,
    fromEvent: 0,
    toEvent: 0,
    seq: null,
    screen: null,
  }) as const;

const said = (title: string, tags: readonly string[] = []): NewAnnotationVersion => ({
  title,
  note: '',
  severity: 'info',
  links: [],
  ...act,
  tags: [...tags],
  retracted: false,
});

function filled(library: Library): void {
  library.cases.create('c1', null, { ...fields, status: 'open', ...act });
  library.cases.addNote('c1', { id: 'n1', text: 'note', author: 'ana', at: AT });
  const exhibit = { range: null, title: '', addedBy: 'ana', addedAt: AT };
  library.cases.addExhibits('c1', [
    { id: 'e1', session: 's1', ...exhibit },
    { id: 'e2', session: 's2', ...exhibit },
  ]);
  library.cases.withdrawExhibit('e2', { by: 'ana', at: AT, reason: 'other' });
  library.annotations.add({ id: 'a1', case: 'c1', anchor: anchor('s1', 5), from: null, versions: [said('one', ['drop'])] });
  const rule = { kind: 'text', text: 'hunter2', matchCase: true } as const;
  library.redactions.add({ id: 'r1', case: 'c1', session: null, rule, ...act });
  library.redactions.withdraw('r1', { by: 'ana', at: AT, reason: 'other' });
  const seen = { duration: 10 as Micros, unseen: 0 as Micros };
  library.reviews.add('s1', { reviewer: 'ana', at: AT, reviewed: true, note: '', ...seen });
}

/** A look at the file through a connection of its own. */
function raw({ folder, key }: Pick<TestLibrary, 'folder' | 'key'>, look: (database: Database) => void): void {
  const database = openDatabase(join(folder, 'library.db'), key, { create: false });
  try {
    look(database);
  } finally {
    database.close();
  }
}

const TABLES = [
  'case_file',
  'case_version',
  'case_note',
  'exhibit',
  'exhibit_withdrawal',
  'annotation',
  'annotation_version',
  'annotation_tag',
  'redaction',
  'redaction_withdrawal',
  'review',
];

test('a library of schema 3 keeps its custody log and takes in cases', () => {
  const folder = temporaryFolder();
  const key = randomBytes(32);
  const database = databaseOfSchema(3, folder, key);
  database.prepare("INSERT INTO custody (seq, text, hash) VALUES (1, '{}', '')").run();
  database.close();
  const library = openLibrary({ folder, key, now: testMoments(), program: 'test' });
  expect(library.schema()).toBe(SCHEMA_VERSION);
  expect(library.custody.head().seq).toBe(1);
  filled(library);
  expect(library.cases.list()).toMatchObject([{ id: 'c1', exhibits: 1, annotations: 1, members: ['ana', 'ben'] }]);
  library.close();
});

describe('what was written about evidence', () => {
  test.each(TABLES)('is never changed, removed or replaced: %s', (table) => {
    const at = temporaryLibrary();
    filled(at.library);
    raw(at, (database) => {
      const refused = 'what was written about evidence is not changed';
      const columns = (database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
      const rows = database.prepare(`SELECT * FROM ${table}`).all();
      expect(rows.length).toBeGreaterThan(0);
      for (const column of columns)
        expect(() => database.exec(`UPDATE ${table} SET ${column} = ${column}`), column).toThrow(refused);
      expect(() => database.exec(`DELETE FROM ${table}`)).toThrow(refused);
      expect(() => database.exec(`INSERT OR REPLACE INTO ${table} SELECT * FROM ${table}`)).toThrow(refused);
      expect(database.prepare(`SELECT * FROM ${table}`).all()).toEqual(rows);
    });
  });

  test('has versions and numbers without a gap', () => {
    const at = temporaryLibrary();
    filled(at.library);
    raw(at, (database) => {
      const refused = 'what was written about evidence is not changed';
      const copy =
        (table: string, columns: string, values: string): (() => unknown) =>
        () =>
          database.exec(`INSERT INTO ${table} (${columns}) SELECT ${values} FROM ${table} LIMIT 1`);
      const rest = 'title, added_by, added_at';
      const exhibit = (n: number) =>
        copy('exhibit', `id, case_key, n, session, ${rest}`, `'e9', case_key, ${String(n)}, session, ${rest}`);
      for (const n of [2, 4]) expect(exhibit(n)).toThrow(refused);
      expect(exhibit(3)).not.toThrow();
      const same = 'number, title, authority, purpose, custodian, members, status, author, at, reason';
      const version = (n: number) => copy('case_version', `case_key, version, ${same}`, `case_key, ${String(n)}, ${same}`);
      for (const n of [1, 3]) expect(version(n)).toThrow(refused);
      expect(version(2)).not.toThrow();
    });
  });

  test('names a case by a number that no other case has or had, in any letter case', () => {
    const { library } = temporaryLibrary();
    const made = (id: string, number: string, opened = false): (() => void) => {
      const from = opened ? { bundle: 'b', signer: 's', verdict: 'v' } : null;
      return () => library.cases.create(id, from, { ...fields, number, status: 'open', ...act });
    };
    made('c1', 'A-1')();
    expect(made('c2', 'a-1')).toThrow('the number of a case is given once');
    library.cases.addVersion('c1', { ...fields, number: 'A-2', status: 'open', ...act });
    expect(made('c2', 'A-1')).toThrow('the number of a case is given once');
    expect(library.cases.find('a-1')).toMatchObject({ id: 'c1', number: 'A-2' });
    // Somebody else's case may have the same number.
    made('c3', 'A-2', true)();
    expect(library.cases.find('A-2')).toMatchObject({ id: 'c1' });
    made('c4', 'B-1', true)();
    made('c5', 'B-1', true)();
    expect(library.cases.find('B-1')).toBe('ambiguous');
    expect(library.cases.find('c5')).toMatchObject({ id: 'c5' });
  });
});

describe('a hundred thousand sessions and ten thousand annotations', () => {
  const plan = (database: Database, sql: string, values: readonly unknown[]): string[] =>
    (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]).map(({ detail }) => detail);

  test('are asked by indexes: annotations by session, case and tag, exhibits by session, views and marks of recordings', () => {
    const at = temporaryLibrary();
    filled(at.library);
    raw(at, (database) => {
      const annotations = (filter: Parameters<typeof annotationQuery>[0], after = false): string[] => {
        const { rows, values } = annotationQuery(filter, after);
        return plan(database, rows, [...values, ...(after ? ['s1', 5, 1] : []), 10]);
      };
      for (const after of [false, true]) {
        const ofSession = annotations({ session: 's1' }, after).join('\n');
        expect(ofSession).toContain('SEARCH a USING INDEX annotation_place (session=?');
        expect(ofSession).not.toContain('TEMP B-TREE');
        const ofCase = annotations({ case: 'c1' }, after).join('\n');
        expect(ofCase).toContain('SEARCH a USING INDEX annotation_case (case_key=?');
        expect(ofCase).not.toContain('TEMP B-TREE');
        expect(annotations({}, after).join('\n')).not.toContain('TEMP B-TREE');
      }
      expect(annotations({ tag: 'drop' }).join('\n')).toContain('SEARCH annotation_tag USING PRIMARY KEY (tag=?');
      expect(plan(database, VIEWS, ['s1'])).toEqual([expect.stringContaining('USING INDEX custody_view (subject=?)')]);
      const marks = plan(database, REVIEWERS, ['["s1","s2"]']).join('\n');
      expect(marks).toContain('SEARCH r USING INDEX review_session (session=?)');
      expect(marks).not.toMatch(/SCAN (?!j\b)/);
      const { sql, values } = filterCondition({ case: 'c1', tag: 'drop' });
      const sessions = plan(database, `SELECT count(*) FROM session WHERE ${sql}`, values).join('\n');
      expect(sessions).not.toMatch(/SCAN (?!session\b|t\b)/);
      expect(sessions).toContain('SEARCH e USING INDEX sqlite_autoindex_exhibit_2 (case_key=?)');
    });
  });

  test('stay what they are: pages in order, counts, tags and texts of the newest versions', () => {
    const { library } = temporaryLibrary();
    filled(library);
    const count = 10_000;
    library.atomically(() => {
      for (let i = 0; i < count; i++) {
        const session = `s${String(i % 100)}`;
        const title = `Finding ${String(i)}`;
        const tags = i % 10 === 0 ? ['tenth'] : ['other'];
        library.annotations.add({
          id: `b${String(i)}`,
          case: i % 2 === 0 ? 'c1' : null,
          anchor: anchor(session, (i * 7919) % 1000),
          from: null,
          versions: [said(title, tags)],
        });
      }
    });
    library.annotations.addVersion('b0', said('Finding 0', ['other']));
    library.annotations.addVersion('b10', { ...said('Finding 10', ['tenth']), retracted: true });
    const all: string[] = [];
    let cursor: string | null = null;
    do {
      const page = library.annotations.list({ case: 'c1' }, cursor, 777);
      expect(page.total).toBe(count / 2);
      all.push(...page.annotations.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== null);
    expect(new Set(all).size).toBe(count / 2);
    const places = all.map((id) => library.annotations.find(id)!.anchor).map(({ session, fromUs }) => [session, fromUs] as const);
    expect(places).toEqual(places.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1])));
    expect(library.annotations.list({ tag: 'TENTH' }, null, 10).total).toBe(count / 10 - 2);
    expect(library.annotations.list({ tag: 'tenth', retracted: true }, null, 10).total).toBe(count / 10 - 1);
    expect(library.annotations.list({ text: 'finding 9999' }, null, 10).annotations.map(({ id }) => id)).toEqual(['b9999']);
    expect(library.annotations.list({ session: 's7', severity: 'high' }, null, 10).total).toBe(0);
    expect(library.annotations.tags()).toEqual(['other', 'tenth', 'drop']);
    expect(library.cases.list()).toMatchObject([{ annotations: count / 2 }]);
    expect(library.annotations.sessionsWith(['tenth']).size).toBe(10);
    expect(library.annotations.sessionsWith(null).size).toBe(100);
    expect(library.annotations.textsOf('s7')).toHaveLength(100);
  });
});
