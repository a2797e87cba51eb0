import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openVault, type Protection } from '../../../../electron/vault/vault.ts';
import { keychainPresent } from '../../../../electron/vault/keychain.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const { available, why } = keychainPresent();
if (!available) console.log(`SKIPPED: the tests of the real keychain, because ${why}`);

const PASSPHRASE = 'correct horse battery';

const NOW = '2026-11-21T12:00:00.000Z';
const TOKEN = { kind: 'token', token: 'canary-token-5f0a' } as const;
/** Longer than one item of any keychain. */
const CERTIFICATE = { kind: 'certificate', cert: 'cert '.repeat(900), key: 'key '.repeat(900) } as const;

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

  run('keeps the tokens of sources and the keys of devices, replaces and removes them', async () => {
    const folder = temporaryFolder();
    const vault = openVault(folder);
    await vault.create(protection, passphrase);
    expect(await vault.sourceToken('prod')).toBeNull();
    await vault.setSourceToken('prod', { kind: 'token', token: 'old' });
    await vault.setSourceToken('prod', TOKEN);
    await vault.setSourceToken('mtls', CERTIFICATE);
    const device = await vault.keys.createDevice('bench', 'p256', NOW);
    expect((await vault.keys.local()).devices).toHaveLength(1);
    vault.lock();
    await expect(vault.sourceToken('prod')).rejects.toMatchObject({ kind: 'locked' });
    await expect(vault.keys.local()).rejects.toMatchObject({ kind: 'locked' });
    const later = openVault(folder);
    await later.unlock(passphrase);
    expect(await later.sourceToken('prod')).toEqual(TOKEN);
    expect(await later.sourceToken('mtls')).toEqual(CERTIFICATE);
    expect(await later.keys.device(device.id)).toEqual(device);
    expect(everythingIn(folder)).not.toContain(TOKEN.token);
    await later.removeSourceToken('prod');
    await later.keys.remove(device.id);
    expect(await later.sourceToken('prod')).toBeNull();
    expect((await later.keys.local()).devices).toEqual([]);
    expect(await later.sourceToken('mtls')).toEqual(CERTIFICATE);
  });

  run('loses none of many changes that are asked for at once', async () => {
    const vault = openVault(temporaryFolder());
    await vault.create(protection, passphrase);
    const names = Array.from({ length: 8 }, (_, i) => `source-${String(i)}`);
    await Promise.all(names.map((name) => vault.setSourceToken(name, { kind: 'token', token: name })));
    for (const name of names) expect(await vault.sourceToken(name)).toEqual({ kind: 'token', token: name });
  });

  run('shows its signing key as OpenSSH does', async () => {
    const vault = openVault(temporaryFolder());
    await vault.create(protection, passphrase);
    const raw = vault.publicKey().subarray(-32);
    const blob = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.from([0, 0, 0, 32]), raw]);
    const digest = createHash('sha256').update(blob).digest('base64').slice(0, 43);
    expect(vault.signingFingerprint()).toBe(`SHA256:${digest}`);
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
    await vault.setSourceToken('prod', TOKEN);
    await vault.setSourceToken('mtls', CERTIFICATE);
    await vault.keys.createDevice('bench', 'x25519', NOW);
    const into = temporaryFolder();
    await vault.writeBackupVault(into, 'for the safe, in the safe');
    const copy = openVault(into);
    await copy.unlock('for the safe, in the safe');
    expect(copy.libraryKeys()).toEqual(vault.libraryKeys());
    expect(await copy.sourceToken('prod')).toEqual(TOKEN);
    expect(await copy.sourceToken('mtls')).toEqual(CERTIFICATE);
    expect((await copy.keys.local()).devices).toHaveLength(1);
    await expect(openVault(into).unlock(PASSPHRASE)).rejects.toMatchObject({ kind: 'passphrase' });
  });
});

(available ? test : test.skip)('protection moves between passphrase and keychain and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const vault = openVault(folder);
  await vault.create('passphrase', PASSPHRASE);
  const key = Buffer.from(vault.libraryKeys()[0]!);
  await vault.setSourceToken('mtls', CERTIFICATE);
  const { id } = await vault.keys.createDevice('bench', 'x25519', NOW);
  await vault.change('keychain', undefined, PASSPHRASE);
  expect(vault.status().protection).toBe('keychain');
  expect(everythingIn(folder)).not.toContain('scrypt');
  const later = openVault(folder);
  await later.unlock();
  expect(later.libraryKeys()[0]).toEqual(key);
  expect(await later.sourceToken('mtls')).toEqual(CERTIFICATE);
  expect(await later.keys.device(id)).toMatchObject({ label: 'bench' });
  await later.change('passphrase', PASSPHRASE, undefined);
  const last = openVault(folder);
  await last.unlock(PASSPHRASE);
  expect(last.libraryKeys()[0]).toEqual(key);
  expect(await last.sourceToken('mtls')).toEqual(CERTIFICATE);
  expect(await last.keys.device(id)).toMatchObject({ label: 'bench' });
});

describe('a change of protection that loses power', () => {
  /** A library in a keychain in memory, with a token, a certificate and a device. */
  async function filled(): Promise<{ store: MemoryStore; open: () => ReturnType<typeof openVault>; id: string }> {
    const folder = temporaryFolder();
    const store = new MemoryStore();
    const open = (): ReturnType<typeof openVault> => openVault(folder, () => store);
    const vault = open();
    await vault.create('keychain');
    await vault.setSourceToken('prod', TOKEN);
    await vault.setSourceToken('mtls', CERTIFICATE);
    const { id } = await vault.keys.createDevice('bench', 'x25519', NOW);
    return { store, open, id };
  }

  async function isWhole(vault: ReturnType<typeof openVault>, id: string): Promise<void> {
    await vault.unlock(PASSPHRASE);
    expect(await vault.sourceToken('prod')).toEqual(TOKEN);
    expect(await vault.sourceToken('mtls')).toEqual(CERTIFICATE);
    expect(await vault.keys.device(id)).toMatchObject({ label: 'bench', status: 'new' });
    expect(vault.libraryKeys()).toHaveLength(1);
  }

  test('to a passphrase loses no secret, wherever it happens, and leaves none in the keychain when it is whole', async () => {
    for (let left = 0, cut = true; cut; left++) {
      const { store, open, id } = await filled();
      const vault = open();
      await vault.unlock();
      store.left = left;
      cut = await vault.change('passphrase', PASSPHRASE, undefined).then(
        () => false,
        () => true,
      );
      store.left = Infinity;
      await isWhole(open(), id);
      if (!cut) expect([...store.items.keys()]).toEqual([]);
    }
  }, 120_000);

  test('to the keychain loses no secret, wherever it happens', async () => {
    const { store, open, id } = await filled();
    const vault = open();
    await vault.unlock();
    await vault.change('passphrase', PASSPHRASE, undefined);
    for (let left = 0, cut = true; cut; left++) {
      store.left = left;
      cut = await vault.change('keychain', undefined, PASSPHRASE).then(
        () => false,
        () => true,
      );
      store.left = Infinity;
      const later = open();
      expect(later.status().protection).toBe(cut ? 'passphrase' : 'keychain');
      await isWhole(later, id);
    }
  }, 120_000);
});
