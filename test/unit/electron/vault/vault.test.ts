import { verify, createPublicKey } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openVault, type Protection } from '../../../../electron/vault/vault.ts';
import { keychainPresent } from '../../../../electron/vault/keychain.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const { available, why } = keychainPresent();
if (!available) console.log(`SKIPPED: the tests of the real keychain, because ${why}`);

const PASSPHRASE = 'correct horse battery';

function everythingIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name)).toString('latin1'))
    .join('\n');
}

describe.each<[Protection, string | undefined]>([
  ['passphrase', PASSPHRASE],
  ['keychain', undefined],
])('a library protected by a %s', (protection, passphrase) => {
  const run = protection === 'keychain' && !available ? test.skip : test;

  run('is made, locked and unlocked with the same key', async () => {
    const folder = temporaryFolder();
    const vault = openVault(folder);
    expect(vault.status()).toMatchObject({ state: 'absent', protection: null });
    await vault.create(protection, passphrase);
    const key = Buffer.from(vault.libraryKeys()[0]!);
    expect(key).toHaveLength(32);
    vault.lock();
    expect(vault.status()).toMatchObject({ state: 'locked', protection });
    expect(() => vault.libraryKeys()).toThrow('locked');
    const later = openVault(folder);
    await later.unlock(passphrase);
    expect(later.libraryKeys()[0]).toEqual(key);
  });

  run('keeps no key in clear in its folder', async () => {
    const folder = temporaryFolder();
    const vault = openVault(folder);
    await vault.create(protection, passphrase);
    const key = vault.libraryKeys()[0]!;
    const stored = everythingIn(folder);
    for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const)
      expect(stored).not.toContain(key.toString(encoding));
    if (passphrase !== undefined) expect(stored).not.toContain(passphrase);
  });

  run('signs with a key that stays with it', async () => {
    const folder = temporaryFolder();
    const vault = openVault(folder);
    await vault.create(protection, passphrase);
    const message = Buffer.from('statement');
    const signature = vault.sign(message);
    vault.lock();
    await vault.unlock(passphrase);
    const publicKey = createPublicKey({ key: vault.publicKey(), format: 'der', type: 'spki' });
    expect(publicKey.asymmetricKeyType).toBe('ed25519');
    expect(verify(null, message, publicKey, signature)).toBe(true);
    expect(verify(null, Buffer.from('other'), publicKey, signature)).toBe(false);
  });

  run('holds both keys while it is encrypted anew, and one afterwards', async () => {
    const folder = temporaryFolder();
    const vault = openVault(folder);
    await vault.create(protection, passphrase);
    const old = Buffer.from(vault.libraryKeys()[0]!);
    const next = Buffer.from(await vault.beginRekey());
    const afterCrash = openVault(folder);
    await afterCrash.unlock(passphrase);
    expect(afterCrash.libraryKeys()).toEqual([old, next]);
    await afterCrash.settleKey(afterCrash.libraryKeys()[1]!);
    await vault.unlock(passphrase);
    expect(vault.libraryKeys()).toEqual([next]);
  });

  run('remembers the newest custody entry outside the database', async () => {
    const vault = openVault(temporaryFolder());
    await vault.create(protection, passphrase);
    expect(await vault.pinnedHead()).toBeNull();
    await vault.pinHead({ seq: 7, hash: 'ab'.repeat(32) });
    expect(await vault.pinnedHead()).toEqual({ seq: 7, hash: 'ab'.repeat(32) });
  });
});

describe('passphrases', () => {
  test('a wrong one is refused, a short one is not accepted, a missing one is asked for', async () => {
    const folder = temporaryFolder();
    const vault = openVault(folder);
    await expect(vault.create('passphrase', 'short')).rejects.toMatchObject({ kind: 'passphrase' });
    expect(vault.status().state).toBe('absent');
    await vault.create('passphrase', PASSPHRASE);
    vault.lock();
    await expect(vault.unlock('not the passphrase')).rejects.toMatchObject({
      kind: 'passphrase',
      why: 'the passphrase is wrong',
    });
    await expect(vault.unlock()).rejects.toMatchObject({ kind: 'passphrase' });
    expect(vault.status().state).toBe('locked');
  });

  test('the same characters composed in another way are the same passphrase', async () => {
    const vault = openVault(temporaryFolder());
    await vault.create('passphrase', 'caf\u00e9 caf\u00e9');
    vault.lock();
    await vault.unlock('cafe\u0301 cafe\u0301');
    expect(vault.status().state).toBe('unlocked');
  });

  test('changing it needs the present one, and the old one opens nothing any more', async () => {
    const folder = temporaryFolder();
    const vault = openVault(folder);
    await vault.create('passphrase', PASSPHRASE);
    const key = Buffer.from(vault.libraryKeys()[0]!);
    await expect(vault.change('passphrase', 'another passphrase', 'wrong one')).rejects.toMatchObject({ kind: 'passphrase' });
    await vault.change('passphrase', 'another passphrase', PASSPHRASE);
    vault.lock();
    await expect(vault.unlock(PASSPHRASE)).rejects.toMatchObject({ kind: 'passphrase' });
    await vault.unlock('another passphrase');
    expect(vault.libraryKeys()[0]).toEqual(key);
  });

  test('a damaged, absurd or newer vault file is named, never guessed at', async () => {
    const folder = temporaryFolder();
    const vault = openVault(folder);
    await vault.create('passphrase', PASSPHRASE);
    vault.lock();
    const file = join(folder, 'vault.json');
    const good = JSON.parse(readFileSync(file, 'utf8')) as { passphrase: { kdf: { N: number } } };
    writeFileSync(file, '{');
    expect(() => vault.status()).toThrow('damaged');
    writeFileSync(file, JSON.stringify({ ...good, format: 2 }));
    await expect(vault.unlock(PASSPHRASE)).rejects.toMatchObject({ kind: 'schema' });
    const absurd = structuredClone(good);
    absurd.passphrase.kdf.N = 2 ** 40;
    writeFileSync(file, JSON.stringify(absurd));
    await expect(vault.unlock(PASSPHRASE)).rejects.toMatchObject({ kind: 'damaged' });
  });

  test('a backup has a passphrase of its own and the same keys', async () => {
    const vault = openVault(temporaryFolder());
    await vault.create('passphrase', PASSPHRASE);
    const into = temporaryFolder();
    await vault.writeBackupVault(into, 'for the safe, in the safe');
    const copy = openVault(into);
    await copy.unlock('for the safe, in the safe');
    expect(copy.libraryKeys()).toEqual(vault.libraryKeys());
    await expect(openVault(into).unlock(PASSPHRASE)).rejects.toMatchObject({ kind: 'passphrase' });
  });
});

(available ? test : test.skip)('protection moves between passphrase and keychain and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const vault = openVault(folder);
  await vault.create('passphrase', PASSPHRASE);
  const key = Buffer.from(vault.libraryKeys()[0]!);
  await vault.change('keychain', undefined, PASSPHRASE);
  expect(vault.status().protection).toBe('keychain');
  expect(everythingIn(folder)).not.toContain('scrypt');
  const later = openVault(folder);
  await later.unlock();
  expect(later.libraryKeys()[0]).toEqual(key);
  await later.change('passphrase', PASSPHRASE, undefined);
  const last = openVault(folder);
  await last.unlock(PASSPHRASE);
  expect(last.libraryKeys()[0]).toEqual(key);
});
