import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { joinLibrary, openLibrary, restoreDatabase, saltStream, type Library } from '../../../../electron/library/library.ts';
import { migrate, MIGRATIONS, SCHEMA_VERSION } from '../../../../electron/library/migrations.ts';
import { openDatabase } from '../../../../electron/library/database.ts';
import { temporaryLibrary, testMoments } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const open = (folder: string, key: Buffer): Library => openLibrary({ folder, key, now: testMoments(), program: 'another test' });
const act = { actor: 'a', action: 'verify', subject: 's', purpose: '', details: {} } as const;

describe('the encrypted file', () => {
  test('opens with its key only, and no byte of it is SQLite in clear', () => {
    const { folder, library } = temporaryLibrary();
    library.settings.set('theme', 'CANARY-setting');
    library.close();
    expect(() => open(folder, randomBytes(32))).toThrow(expect.objectContaining({ kind: 'damaged' }));
    const bytes = readFileSync(join(folder, 'library.db'));
    expect(bytes.subarray(0, 16).toString('latin1')).not.toContain('SQLite');
    expect(bytes.includes('CANARY-setting')).toBe(false);
  });

  test('lies in a folder that only its owner can enter', () => {
    const folder = join(temporaryFolder(), 'library');
    open(folder, randomBytes(32)).close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
  });

  test('keeps temporary tables in memory', () => {
    const { folder, key } = temporaryLibrary();
    const database = openDatabase(join(folder, 'library.db'), key, { create: false });
    expect(database.pragma('temp_store', { simple: true })).toBe(2);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
  });

  test('with a changed page says so and names the way forward', () => {
    const { folder, key, library } = temporaryLibrary();
    for (let i = 0; i < 200; i++) library.settings.set(`key.${String(i)}`, 'x'.repeat(500));
    library.copyTo(join(folder, 'copy.db'));
    library.close();
    const bytes = readFileSync(join(folder, 'library.db'));
    bytes[bytes.length - 5000]! ^= 1;
    writeFileSync(join(folder, 'library.db'), bytes);
    const damaged = open(folder, key);
    expect(damaged.checkPages().join()).toMatch(/authenticate/);
    damaged.close();
  });

  test('is encrypted anew under another key', () => {
    const { folder, key, library } = temporaryLibrary();
    library.settings.set('a', '1');
    const next = randomBytes(32);
    library.rekey(next);
    library.settings.set('b', '2');
    library.close();
    expect(() => open(folder, key)).toThrow(expect.objectContaining({ kind: 'damaged' }));
    const again = open(folder, next);
    expect(again.settings.all()).toEqual({ a: '1', b: '2' });
    again.close();
  });

  test('is copied whole while it is open, and the copy opens elsewhere', () => {
    const { key, library } = temporaryLibrary();
    library.settings.set('a', '1');
    const into = temporaryFolder();
    library.copyTo(join(into, 'library.db'));
    library.settings.set('a', '2');
    const folder = join(temporaryFolder(), 'restored');
    restoreDatabase(join(into, 'library.db'), folder);
    const copy = open(folder, key);
    expect(copy.settings.all()).toEqual({ a: '1' });
    copy.close();
    expect(() => restoreDatabase(join(into, 'library.db'), folder)).toThrow('has a library already');
    expect(() => library.copyTo(join(into, 'library.db'))).toThrow('exists already');
  });
});

describe('one Exhibit at a time', () => {
  test('a second one is told who has the library open, and may have it afterwards', () => {
    const { folder, key, library } = temporaryLibrary();
    expect(() => open(folder, key)).toThrow(
      expect.objectContaining({ kind: 'in-use', why: `test, process ${String(process.pid)} has it open` }),
    );
    library.close();
    open(folder, key).close();
  });

  test('worker threads of the same process may join', () => {
    const { folder, key, library } = temporaryLibrary();
    const joined = joinLibrary({ folder, key });
    joined.settings.set('from', 'worker');
    expect(library.settings.all()).toEqual({ from: 'worker' });
    joined.close();
  });
});

describe('migrations', () => {
  test('lead to the newest schema and are numbered without gaps', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
    expect(temporaryLibrary().library.schema()).toBe(SCHEMA_VERSION);
  });

  test('a library of a newer Exhibit is left alone', () => {
    const { folder, key, library } = temporaryLibrary();
    library.close();
    const database = openDatabase(join(folder, 'library.db'), key, { create: false });
    database.pragma('user_version=999');
    database.close();
    expect(() => open(folder, key)).toThrow(expect.objectContaining({ kind: 'schema' }));
  });

  test('one that fails leaves the schema before it', () => {
    const { folder, key, library } = temporaryLibrary();
    library.close();
    const database = openDatabase(join(folder, 'library.db'), key, { create: false });
    const broken = [...MIGRATIONS, { version: SCHEMA_VERSION + 1, sql: 'CREATE TABLE half (a); CREATE TABLE session (b);' }];
    expect(() => migrate(database, broken)).toThrow('already exists');
    expect(database.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    expect(database.prepare("SELECT count(*) n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 });
    database.close();
  });
});

describe('the custody log', () => {
  test('is a chain that verifies', () => {
    const { library } = temporaryLibrary();
    for (let i = 0; i < 5; i++) library.custody.append({ ...act, subject: `s${String(i % 2)}` });
    expect(library.custody.verify()).toEqual({ kind: 'intact', count: 5, head: library.custody.head().hash });
    expect(library.custody.list({ subject: 's1' }, null, 10)).toMatchObject({ total: 2, entries: [{ seq: 4 }, { seq: 2 }] });
    expect(library.custody.list({}, 4, 2).entries.map(({ seq }) => seq)).toEqual([3, 2]);
  });

  test('refuses change and removal, and a gap', () => {
    const { folder, key, library } = temporaryLibrary();
    library.custody.append(act);
    library.custody.append(act);
    const database = openDatabase(join(folder, 'library.db'), key, { create: false });
    expect(() => database.exec("UPDATE custody SET text = '{}' WHERE seq = 1")).toThrow('append-only');
    expect(() => database.exec('DELETE FROM custody')).toThrow('append-only');
    expect(() => database.exec("INSERT OR REPLACE INTO custody (seq, text, hash) VALUES (1, '{}', '')")).toThrow('no gaps');
    expect(() => database.exec("INSERT INTO custody (seq, text, hash) VALUES (9, '{}', '')")).toThrow('no gaps');
    database.close();
  });

  test('edited by somebody who dropped the triggers, names the first entry that does not hold', () => {
    const { folder, key, library } = temporaryLibrary();
    for (let i = 0; i < 5; i++) library.custody.append({ ...act, subject: `s${String(i)}` });
    const database = openDatabase(join(folder, 'library.db'), key, { create: false });
    database.exec(
      'DROP TRIGGER custody_kept; DROP TRIGGER custody_stays; UPDATE custody SET text = replace(text, \'"s2"\', \'"sX"\')',
    );
    database.close();
    expect(library.custody.verify()).toMatchObject({ kind: 'broken', seq: 3 });
  });
});

test('salts are blocks of one key stream, each the same however it is reached', () => {
  const seed = randomBytes(32);
  const forward = saltStream(seed);
  const salts = Array.from({ length: 10_000 }, (_, i) => Buffer.from(forward(i)));
  const random = saltStream(seed);
  for (const index of [9999, 0, 4096, 4095, 8192, 17]) expect(Buffer.from(random(index))).toEqual(salts[index]);
  expect(new Set(salts.map((salt) => salt.toString('hex'))).size).toBe(10_000);
});

test('a folder that cannot be made is an error that says so', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(() => open(join(file, 'library'), randomBytes(32))).toThrow(expect.objectContaining({ kind: 'disk' }));
});

test('the SQLite in use is the encrypted one', () => {
  const database = new Sqlite(':memory:');
  expect(database.prepare('SELECT sqlite3mc_version() v').get()).toMatchObject({
    v: expect.stringContaining('Multiple Ciphers') as string,
  });
  database.close();
});
