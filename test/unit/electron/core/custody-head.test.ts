// The signed head of the custody log: an older copy of the database, a removed, changed or cut-off entry is noticed when the library is
// unlocked, stays noticed, and can be taken with a reason only where nothing was changed.

import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { custodyState, pinHead } from '../../../../electron/core/custody-head.ts';
import { databaseFile, openLibrary, type Library } from '../../../../electron/library/library.ts';
import { openDatabase } from '../../../../electron/library/database.ts';
import { openVault } from '../../../../electron/vault/vault.ts';
import { openTestCore, PASSPHRASE } from '../../../support/core.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const AT = '2026-11-21T10:00:00.000Z';

/** A library with a vault whose keychain is in memory: five entries, its head signed, closed. */
async function signedLibrary(): Promise<{
  readonly file: string;
  readonly using: (work: (library: Library) => void) => Promise<void>;
  readonly state: () => ReturnType<typeof custodyState>;
  readonly add: (pin: boolean) => Promise<void>;
  readonly forge: (sql: string) => void;
  readonly unpin: () => Promise<void>;
}> {
  const folder = temporaryFolder();
  const store = new MemoryStore();
  let moments = 0;
  const vault = openVault(folder, () => store);
  await vault.create('keychain');
  const key = vault.libraryKeys()[0]!;
  const using = async <T>(work: (library: Library) => T | Promise<T>): Promise<T> => {
    const library = openLibrary({ folder, key, now: () => ({ wall: AT, monotonic_ms: ++moments }), program: 'test' });
    try {
      return await work(library);
    } finally {
      library.close();
    }
  };
  const add = (pin: boolean): Promise<void> =>
    using(async (library) => {
      for (let i = 0; i < 5; i++)
        library.custody.append({ actor: 'tester', action: 'open', subject: `s${String(i)}`, purpose: '', details: {} });
      if (pin) await pinHead(library, vault, AT);
    });
  await add(true);
  return {
    file: databaseFile(folder),
    using,
    add,
    state: () => using((library) => custodyState(library, vault)),
    unpin: () => store.delete('custody-head'),
    forge: (sql) => {
      const database = openDatabase(databaseFile(folder), key, { create: false });
      const triggers = database.prepare<[], { name: string }>(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'custody'",
      );
      for (const { name } of triggers.all()) database.exec(`DROP TRIGGER ${name}`);
      expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
      database.close();
    },
  };
}

test('a log that only grew is intact, whether its last head was signed or a crash came before', async () => {
  const { add, state } = await signedLibrary();
  expect(await state()).toEqual({ state: 'intact', why: '' });
  await add(true);
  expect(await state()).toEqual({ state: 'intact', why: '' });
  await add(false);
  expect(await state()).toEqual({ state: 'intact', why: '' });
});

test('an older copy of the database is noticed, and still when it was used since', async () => {
  const { file, using, add, state } = await signedLibrary();
  const older = `${temporaryFolder()}/older`;
  await using((library) => library.copyTo(older));
  await add(true);
  for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
  copyFileSync(older, file);
  expect(await state()).toMatchObject({ state: 'rolled-back', why: expect.stringContaining('ends at entry 5, but entry 10') });
  await add(false);
  await add(false);
  expect(await state()).toMatchObject({ state: 'rolled-back', why: expect.stringContaining('has another entry 10') });
});

test('a pin that was taken out of the vault is missed, also with an older copy of the database', async () => {
  const { file, using, add, state, unpin } = await signedLibrary();
  const older = `${temporaryFolder()}/older`;
  await using((library) => library.copyTo(older));
  await add(true);
  await unpin();
  expect(await state()).toMatchObject({ state: 'rolled-back', why: expect.stringContaining('has no pin of it') });
  for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
  copyFileSync(older, file);
  expect(await state()).toMatchObject({ state: 'rolled-back', why: expect.stringContaining('has no pin of it') });
});

test.each([
  ['changed', `UPDATE custody SET text = replace(text, 'tester', 'nobody') WHERE seq = 2`, 'broken', 'entry 2: its hash'],
  ['changed with its hash', `UPDATE custody SET hash = '${'0'.repeat(64)}' WHERE seq = 2`, 'broken', 'entry 2: its hash'],
  ['removed', 'DELETE FROM custody WHERE seq = 3', 'broken', 'entry 3 is missing: the next one is 4'],
  ['cut off at the end', 'DELETE FROM custody WHERE seq = 5', 'rolled-back', 'the log ends at entry 4'],
])('an entry that was %s is noticed', async (_what, sql, kind, why) => {
  const { forge, state } = await signedLibrary();
  forge(sql);
  expect(await state()).toMatchObject({ state: kind, why: expect.stringContaining(why) });
});

test('a signed head that was changed in the database is noticed', async () => {
  const { forge, state } = await signedLibrary();
  forge(`UPDATE setting SET value = json_set(value, '$.at', '2020-01-01T00:00:00.000Z') WHERE key = 'custody.head'`);
  expect(await state()).toMatchObject({ state: 'broken', why: expect.stringContaining('signature') });
});

test('the core says it, does not pin over it, and takes an older log only with a reason', { timeout: 60_000 }, async () => {
  const folder = join(temporaryFolder(), 'library');
  const first = await openTestCore(folder);
  await first.api.call('custody.verify', null);
  await first.api.call('vault.lock', null);
  copyFileSync(databaseFile(folder), `${folder}.older`);
  await first.api.call('vault.unlock', { passphrase: PASSPHRASE });
  await first.close();
  copyFileSync(`${folder}.older`, databaseFile(folder));

  const { api, close } = await openTestCore(folder, { create: false });
  onTestFinished(close);
  const isRolledBack = { custody: { state: 'rolled-back', why: expect.stringContaining('older copy') } };
  expect(await api.call('vault.unlock', { passphrase: PASSPHRASE })).toMatchObject(isRolledBack);
  await api.call('vault.lock', null);
  expect(await api.call('vault.unlock', { passphrase: PASSPHRASE })).toMatchObject(isRolledBack);
  const { id } = await api.call('cases.create', {
    number: '1',
    title: 'one',
    authority: '',
    purpose: '',
    custodian: '',
    members: [],
  });
  const whole = { case: id, plaintext: true, redacted: false, intent: 'a trial', signer: 'Ana Lyst', supersedes: null };
  const { job } = await api.call('bundle.make', { ...whole, signedAt: AT });
  expect(await api.call('jobs.wait', { job })).toMatchObject({
    failure: { kind: 'refused', why: expect.stringContaining('rolled-back') },
  });
  expect(await api.call('custody.accept', { reason: 'the disk failed' })).toMatchObject({
    custody: { state: 'intact', why: '' },
  });
  const [entry] = (await api.call('custody.list', { subject: 'custody log', limit: 1 })).entries;
  expect(entry!.details).toContain('the disk failed');
  await expect(api.call('custody.accept', { reason: 'once more' })).rejects.toThrow('there is nothing to accept');
});
