// The door of the vault: the only room that sees key material. It makes, keeps, opens and changes the library's key and the
// device's signing key, in the OS keychain or behind a passphrase. No error and no log of it ever holds a key.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { DeviceKey } from '../../shared/api/source-shapes.ts';
import { parseJson, type JsonObject } from '../../shared/recording/json-text.ts';
import { keychainPresent, keychainStore, probeKeychain } from './keychain.ts';
import { createKeyRing, type KeyRing } from './key-ring.ts';
import { shownDevice, shownIdentity } from './kept-key.ts';
import { readLocalKeys, type Environment } from './rstream-folder.ts';
import { chooseKey, type LocalKeys, type OpenedSession, type SessionGrants } from './rstream-choice.ts';
import type { PayloadKey } from './rstream-envelope.ts';
import { PayloadOpener } from './rstream-payload.ts';
import type { Refusal } from './rstream-refusal.ts';
import { lp } from './rstream-suites.ts';
import { secretItems, type SecretItems } from './secret-items.ts';
import type { SecretStore } from './secret-store.ts';
import { fileStore, openPassphraseSlot, passphraseVault, readVaultFile, writeVaultFile, type VaultFile } from './vault-file.ts';

export type { Enrolled, KeyRing } from './key-ring.ts';
export {
  recipientsOf,
  type LocalDevice,
  type LocalIdentity,
  type LocalKeys,
  type OpenedSession,
  type Recipient,
  type SessionGrants,
} from './rstream-choice.ts';
export type { AccessProof, EnrolmentRequest } from './rstream-enrolment.ts';
export type { PayloadKey } from './rstream-envelope.ts';
export type { OpenedBytes, OpenedEvent, PayloadOpener } from './rstream-payload.ts';
export { refusalError, type Refusal, type RefusalReason } from './rstream-refusal.ts';

/** What a source is asked with: a bearer token, or a TLS client certificate with its key (both PEM). */
export type SourceCredential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'certificate'; readonly cert: string; readonly key: string };

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
  /** When it was signed, and the signature; absent from what older versions pinned. */
  readonly at?: string;
  readonly signature?: string;
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
  /** Of the signing key, as OpenSSH shows it: `SHA256:…` (RFC 8709, RFC 4253 6.6). */
  signingFingerprint(): string;
  /** Keeps the credential of a source in the place of any that it had. */
  setSourceToken(source: string, credential: SourceCredential): Promise<void>;
  /** The credential of a source, or null where none is kept. */
  sourceToken(source: string): Promise<SourceCredential | null>;
  removeSourceToken(source: string): Promise<void>;
  /** Devices and identities that this vault keeps. */
  readonly keys: KeyRing;
  /**
   * All keys of this machine that may open sessions: the vault's own, then those in rstream's folder, then the one in the
   * environment. A folder that does not exist is no fault; a file that cannot be used is one, and stands in `faults`.
   */
  localKeys(home: string, environment: Environment): Promise<LocalKeys>;
  /** The same keys as people see them. */
  keyList(
    home: string,
    environment: Environment,
  ): Promise<{ readonly keys: readonly DeviceKey[]; readonly faults: readonly ExhibitError[] }>;
  /** A vault file for a copy of the library under a passphrase of its own, holding these keys. */
  writeBackupVault(folder: string, passphrase: string): Promise<void>;
  /** The present vault file as it is, for a copy of the library that this keychain opens. */
  copyVaultFile(folder: string): void;
}

interface Unlocked {
  readonly store: SecretStore;
  readonly items: SecretItems;
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

/**
 * Finds the key that opens a session of rstream among those of this machine, or says why none does. `session` is the session
 * object as received. Throws what `grants` throws for its list.
 */
export function openSession(session: JsonObject, grants: SessionGrants, local: LocalKeys): Promise<OpenedSession | Refusal> {
  return chooseKey(session, local, grants);
}

/**
 * Opens the payloads of one session. A {@link PayloadKey} goes to a thread of this process by `postMessage` or `workerData` as
 * it is, and the thread makes its opener from it here: the one way in which a key leaves the vault. The secret travels as a
 * handle (node:crypto `KeyObject`), never as bytes, and is refused by whatever would write it down.
 */
export function payloadOpener(key: PayloadKey): PayloadOpener {
  return new PayloadOpener(key);
}

const tokenName = (source: string): string => `source-token/${source}`;

/** `keychain` gives the secrets that the operating system keeps for a library. */
export function openVault(folder: string, keychain: (library: string) => SecretStore = keychainStore): Vault {
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
    const key = createPrivateKey({ key: signingKey, format: 'der', type: 'pkcs8' });
    signingKey.fill(0);
    unlocked = { store, items: secretItems(store), libraryKey, nextKey, signingKey: key };
  };

  const storeFor = async (file: VaultFile, passphrase: string | undefined): Promise<SecretStore> => {
    if (file.protection === 'keychain') return keychain(file.library);
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

  const secretsOf = async ({ store, items }: Unlocked): Promise<Map<string, Buffer>> => {
    const secrets = await items.all();
    for (const name of SECRETS) {
      const secret = await store.get(name);
      if (secret !== null) secrets.set(name, secret);
    }
    return secrets;
  };

  /** Hands all secrets to whoever keeps them elsewhere, and overwrites them afterwards. */
  const withSecrets = async <T>(vault: Unlocked, work: (secrets: ReadonlyMap<string, Buffer>) => Promise<T>): Promise<T> => {
    const secrets = await secretsOf(vault);
    try {
      return await work(secrets);
    } finally {
      for (const secret of secrets.values()) secret.fill(0);
    }
  };

  // Changes of the items and of the protection end before the next begins, or one could be lost in the other.
  let turn: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: (vault: Unlocked) => Promise<T>): Promise<T> => {
    const done = turn.then(() => work(open()));
    turn = done.catch(() => undefined);
    return done;
  };
  const items: SecretItems = {
    get: (name) => alone(({ items: held }) => held.get(name)),
    set: (name, secret) => alone(({ items: held }) => held.set(name, secret)),
    delete: (name) => alone(({ items: held }) => held.delete(name)),
    names: () => alone(({ items: held }) => held.names()),
    all: () => alone(({ items: held }) => held.all()),
    clear: () => alone(({ items: held }) => held.clear()),
  };
  const keys = createKeyRing(items);

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
    const store = keychain(library);
    await probeKeychain(store, randomBytes);
    for (const [name, secret] of secrets) await store.set(name, secret);
    writeVaultFile(folder, { format: 1, library, protection: 'keychain' });
    return store;
  };

  const localKeys = async (home: string, environment: Environment): Promise<LocalKeys> => {
    const own = await keys.local();
    const other = readLocalKeys(home, environment);
    return {
      devices: [...own.devices, ...other.devices],
      devicesFaults: other.devicesFaults,
      identities: [...own.identities, ...other.identities],
      faults: [...own.faults, ...other.faults],
    };
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
      keys.forget();
    },

    change: (protection, passphrase, current) =>
      alone(async (vault) => {
        const file = readVaultFile(folder)!;
        if (file.protection === 'passphrase') await storeFor(file, current);
        if (protection === 'keychain') {
          if (file.protection !== 'keychain') await take(await withSecrets(vault, (all) => protectByKeychain(file.library, all)));
          return;
        }
        const checked = checkedPassphrase(passphrase);
        await take(await withSecrets(vault, (all) => protectByPassphrase(file.library, checked, all)));
        if (file.protection !== 'keychain') return;
        await vault.items.clear();
        for (const name of SECRETS) await vault.store.delete(name);
      }),

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

    signingFingerprint: () => {
      const raw = createPublicKey(open().signingKey).export({ format: 'der', type: 'spki' }).subarray(-32);
      const digest = createHash('sha256').update(lp('ssh-ed25519')).update(lp(raw)).digest('base64');
      return `SHA256:${digest.replace(/=+$/, '')}`;
    },

    setSourceToken: (source, credential) => items.set(tokenName(source), Buffer.from(JSON.stringify(credential))),

    sourceToken: async (source) => {
      const secret = await items.get(tokenName(source));
      if (secret === null) return null;
      const parsed = parseJson(secret);
      secret.fill(0);
      // A parser's own message would quote what it read.
      if (parsed.kind === 'value') return parsed.value as SourceCredential;
      throw new ExhibitError('damaged', `token of ${source}`, 'the vault has it in no form that Exhibit writes', 'set it anew');
    },

    removeSourceToken: (source) => items.delete(tokenName(source)),

    keys,

    localKeys,

    keyList: async (home, environment) => {
      const { devices, identities, faults } = await localKeys(home, environment);
      return { keys: [...devices.map(shownDevice), ...identities.map(shownIdentity)], faults };
    },

    writeBackupVault: (into, passphrase) =>
      alone(async (vault) => {
        const { library } = readVaultFile(folder)!;
        const checked = checkedPassphrase(passphrase);
        const { file } = await withSecrets(vault, (all) => passphraseVault(library, checked, all));
        writeVaultFile(into, file);
      }),

    copyVaultFile: (into) => {
      writeVaultFile(into, readVaultFile(folder)!);
    },
  };
}
