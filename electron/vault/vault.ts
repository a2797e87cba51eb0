// The door of the vault: the only room that sees key material. It makes, keeps, opens and changes the library's key and the
// device's signing key, in the OS keychain or behind a passphrase. No error and no log of it ever holds a key.

import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { ExhibitError } from '../../shared/api/errors.ts';
import { keychainPresent, keychainStore, probeKeychain } from './keychain.ts';
import type { SecretStore } from './secret-store.ts';
import { fileStore, openPassphraseSlot, passphraseVault, readVaultFile, writeVaultFile, type VaultFile } from './vault-file.ts';

export type Protection = 'keychain' | 'passphrase';

export interface VaultStatus {
  readonly state: 'absent' | 'locked' | 'unlocked';
  readonly protection: Protection | null;
  readonly keychain: { readonly available: boolean; readonly why: string };
}

/** The newest custody entry that this device has seen, kept outside the database so that an older copy of it is noticed. */
export interface PinnedHead {
  readonly seq: number;
  readonly hash: string;
}

export interface Vault {
  status(): VaultStatus;
  /** Makes the keys of a new library. Throws kind `keychain` when the keychain does not keep what it is given. */
  create(protection: Protection, passphrase?: string): Promise<void>;
  /** Throws kinds `absent`, `passphrase`, `keychain`, `no-key`. */
  unlock(passphrase?: string): Promise<void>;
  /** Forgets all keys; those in memory are overwritten where JavaScript allows it. */
  lock(): void;
  /** Moves the secrets to another protection or another passphrase. With a passphrase in force, `current` must be it. */
  change(protection: Protection, passphrase: string | undefined, current: string | undefined): Promise<void>;
  /** Keys to try on the database, in this order: a rekey that a crash cut short leaves two. */
  libraryKeys(): readonly Buffer[];
  /** Makes the next library key and keeps it beside the present one, before the database is encrypted anew. */
  beginRekey(): Promise<Buffer>;
  /** The database is under this key now: it becomes the one and only. */
  settleKey(key: Buffer): Promise<void>;
  pinHead(head: PinnedHead): Promise<void>;
  pinnedHead(): Promise<PinnedHead | null>;
  /** Ed25519 (RFC 8032) signature by this device's signing key. */
  sign(message: Uint8Array): Buffer;
  /** Public half of the signing key, SPKI DER. */
  publicKey(): Buffer;
  /** A vault file for a copy of the library under a passphrase of its own, holding these keys. */
  writeBackupVault(folder: string, passphrase: string): Promise<void>;
  /** The present vault file as it is, for a copy of the library that this keychain opens. */
  copyVaultFile(folder: string): void;
}

interface Unlocked {
  readonly store: SecretStore;
  libraryKey: Buffer;
  nextKey: Buffer | null;
  readonly signingKey: KeyObject;
}

const SECRETS = ['library-key', 'library-key-next', 'signing-key', 'custody-head'] as const;

const MIN_PASSPHRASE = 8;

function checkedPassphrase(passphrase: string | undefined): string {
  if (passphrase === undefined || passphrase.length < MIN_PASSPHRASE) {
    throw new ExhibitError(
      'passphrase',
      'protect library',
      `a passphrase of at least ${String(MIN_PASSPHRASE)} characters is needed`,
      'choose a longer one',
    );
  }
  return passphrase;
}

export function openVault(folder: string): Vault {
  let unlocked: Unlocked | null = null;

  const open = (): Unlocked => {
    if (unlocked === null) throw new ExhibitError('locked', 'use vault', 'the library is locked', 'unlock it first');
    return unlocked;
  };

  const take = async (store: SecretStore): Promise<void> => {
    const libraryKey = await store.get('library-key');
    const signingKey = await store.get('signing-key');
    if (libraryKey === null || signingKey === null) {
      throw new ExhibitError(
        'no-key',
        'unlock library',
        'the keychain has no key for this library: it belongs to another user or machine, or the item was removed',
        'sign in as the user who made it, or restore a backup that has a passphrase',
      );
    }
    const nextKey = await store.get('library-key-next');
    unlocked = { store, libraryKey, nextKey, signingKey: createPrivateKey({ key: signingKey, format: 'der', type: 'pkcs8' }) };
    signingKey.fill(0);
  };

  const storeFor = async (file: VaultFile, passphrase: string | undefined): Promise<SecretStore> => {
    if (file.protection === 'keychain') return keychainStore(file.library);
    if (passphrase === undefined) {
      throw new ExhibitError(
        'passphrase',
        'unlock library',
        'this library is protected by a passphrase',
        'give it (--passphrase-file, or at the prompt)',
      );
    }
    return fileStore(folder, await openPassphraseSlot(file.passphrase!, passphrase));
  };

  const secretsOf = async (store: SecretStore): Promise<Map<string, Buffer>> => {
    const secrets = new Map<string, Buffer>();
    for (const name of SECRETS) {
      const secret = await store.get(name);
      if (secret !== null) secrets.set(name, secret);
    }
    return secrets;
  };

  /** Puts all secrets behind a passphrase with one write of the file: a crash leaves the old protection or the new one. */
  const protectByPassphrase = async (
    library: string,
    passphrase: string,
    secrets: ReadonlyMap<string, Buffer>,
  ): Promise<SecretStore> => {
    const { file, vaultKey } = await passphraseVault(library, passphrase, secrets);
    writeVaultFile(folder, file);
    return fileStore(folder, vaultKey);
  };

  const protectByKeychain = async (library: string, secrets: ReadonlyMap<string, Buffer>): Promise<SecretStore> => {
    await probeKeychain(library, randomBytes);
    const store = keychainStore(library);
    for (const [name, secret] of secrets) await store.set(name, secret);
    writeVaultFile(folder, { format: 1, library, protection: 'keychain' });
    return store;
  };

  return {
    status: () => {
      const file = readVaultFile(folder);
      const state = file === null ? 'absent' : unlocked === null ? 'locked' : 'unlocked';
      return { state, protection: file?.protection ?? null, keychain: keychainPresent() };
    },

    create: async (protection, passphrase) => {
      if (readVaultFile(folder) !== null) throw new ExhibitError('refused', 'create library', `${folder} has a library already`);
      const checked = protection === 'passphrase' ? checkedPassphrase(passphrase) : null;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const library = randomBytes(12).toString('hex');
      const signingKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
      const secrets = new Map([
        ['library-key', randomBytes(32)],
        ['signing-key', signingKey],
      ]);
      await take(
        checked === null ? await protectByKeychain(library, secrets) : await protectByPassphrase(library, checked, secrets),
      );
    },

    unlock: async (passphrase) => {
      const file = readVaultFile(folder);
      if (file === null)
        throw new ExhibitError('absent', 'unlock library', `there is no library in ${folder}`, 'import a recording to make one');
      await take(await storeFor(file, passphrase));
    },

    lock: () => {
      unlocked?.libraryKey.fill(0);
      unlocked?.nextKey?.fill(0);
      unlocked = null;
    },

    change: async (protection, passphrase, current) => {
      const { store } = open();
      const file = readVaultFile(folder)!;
      if (file.protection === 'passphrase') await storeFor(file, current);
      const secrets = await secretsOf(store);
      if (protection === 'keychain') {
        if (file.protection !== 'keychain') await take(await protectByKeychain(file.library, secrets));
        return;
      }
      await take(await protectByPassphrase(file.library, checkedPassphrase(passphrase), secrets));
      if (file.protection === 'keychain') for (const name of SECRETS) await store.delete(name);
    },

    libraryKeys: () => {
      const { libraryKey, nextKey } = open();
      return nextKey === null ? [libraryKey] : [libraryKey, nextKey];
    },

    beginRekey: async () => {
      const vault = open();
      const key = randomBytes(32);
      await vault.store.set('library-key-next', key);
      vault.nextKey = key;
      return key;
    },

    settleKey: async (key) => {
      const vault = open();
      if (!key.equals(vault.libraryKey)) await vault.store.set('library-key', key);
      if (vault.nextKey !== null) await vault.store.delete('library-key-next');
      vault.libraryKey = key;
      vault.nextKey = null;
    },

    pinHead: async (head) => {
      await open().store.set('custody-head', Buffer.from(JSON.stringify(head)));
    },

    pinnedHead: async () => {
      const text = await open().store.get('custody-head');
      return text === null ? null : (JSON.parse(text.toString('utf8')) as PinnedHead);
    },

    sign: (message) => sign(null, message, open().signingKey),

    publicKey: () => createPublicKey(open().signingKey).export({ format: 'der', type: 'spki' }),

    writeBackupVault: async (into, passphrase) => {
      const { file } = await passphraseVault(
        readVaultFile(folder)!.library,
        checkedPassphrase(passphrase),
        await secretsOf(open().store),
      );
      writeVaultFile(into, file);
    },

    copyVaultFile: (into) => {
      writeVaultFile(into, readVaultFile(folder)!);
    },
  };
}
