// `vault.json` beside the database: which library this is and how its secrets are protected. With a passphrase it also holds
// the secrets, each sealed under a random vault key that scrypt's output wraps; with the OS keychain it holds none.

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { SecretStore } from './secret-store.ts';

const FILE = 'vault.json';

/** scrypt, RFC 7914: 128 MiB and about half a second for each guess on a laptop. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;

/** Cost that a file may ask for: a hostile one must not take all memory. */
const MAX_SCRYPT_MEMORY = 1024 * 1024 * 1024;

interface Sealed {
  readonly nonce: string;
  readonly data: string;
}

export interface PassphraseSlot {
  readonly kdf: { readonly name: 'scrypt'; readonly N: number; readonly r: number; readonly p: number; readonly salt: string };
  readonly vaultKey: Sealed;
  readonly secrets: Readonly<Record<string, Sealed>>;
}

export interface VaultFile {
  readonly format: 1;
  readonly library: string;
  readonly protection: 'keychain' | 'passphrase';
  readonly passphrase?: PassphraseSlot;
}

export function readVaultFile(folder: string): VaultFile | null {
  let text: string;
  try {
    text = readFileSync(join(folder, FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new ExhibitError(
      'disk',
      'open library',
      `${FILE} cannot be read: ${(error as Error).message}`,
      'check the permissions of the library folder',
    );
  }
  const damaged = (): ExhibitError =>
    new ExhibitError(
      'damaged',
      'open library',
      `${FILE} is damaged`,
      'restore it from a backup: without it the library cannot be opened',
    );
  let file: Partial<VaultFile>;
  try {
    file = JSON.parse(text) as Partial<VaultFile>;
  } catch {
    throw damaged();
  }
  if (file.format !== 1) {
    throw new ExhibitError(
      'schema',
      'open library',
      `${FILE} has format ${String(file.format)}, this Exhibit reads 1`,
      'update Exhibit',
    );
  }
  const keychain = file.protection === 'keychain';
  if (typeof file.library !== 'string' || !(keychain || (file.protection === 'passphrase' && file.passphrase !== undefined)))
    throw damaged();
  return file as VaultFile;
}

/** Replaces the file as a whole: a crash leaves the old one or the new one. */
export function writeVaultFile(folder: string, file: VaultFile): void {
  const target = join(folder, FILE);
  const fresh = `${target}.new`;
  const descriptor = openSync(fresh, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(file, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, target);
}

function sealSecret(key: Buffer, name: string, secret: Buffer): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(Buffer.from(name));
  const data = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString('base64url'), data: data.toString('base64url') };
}

/** Null when the key is not the one that sealed it. */
function openSecret(key: Buffer, name: string, sealed: Sealed): Buffer | null {
  const data = Buffer.from(sealed.data, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.nonce, 'base64url'), { authTagLength: 16 }).setAAD(
    Buffer.from(name),
  );
  decipher.setAuthTag(data.subarray(-16));
  try {
    return Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]);
  } catch {
    return null;
  }
}

async function wrappingKey(passphrase: string, kdf: PassphraseSlot['kdf']): Promise<Buffer> {
  const { N, r, p, salt } = kdf;
  if (kdf.name !== 'scrypt' || 128 * N * r * p > MAX_SCRYPT_MEMORY) {
    throw new ExhibitError(
      'damaged',
      'open library',
      `${FILE} asks for an unknown or absurd way to derive the key`,
      'restore it from a backup',
    );
  }
  return new Promise((resolve, reject) => {
    scrypt(
      passphrase.normalize('NFC'),
      Buffer.from(salt, 'base64url'),
      32,
      { N, r, p, maxmem: 2 * MAX_SCRYPT_MEMORY },
      (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      },
    );
  });
}

const VAULT_KEY = 'vault-key';

/** A whole vault file that holds these secrets behind a passphrase, and the vault key that opens them. */
export async function passphraseVault(
  library: string,
  passphrase: string,
  secrets: ReadonlyMap<string, Buffer>,
): Promise<{ readonly file: VaultFile; readonly vaultKey: Buffer }> {
  const vaultKey = randomBytes(32);
  const kdf = { name: 'scrypt', ...SCRYPT, salt: randomBytes(16).toString('base64url') } as const;
  const sealed = Object.fromEntries(Array.from(secrets, ([name, secret]) => [name, sealSecret(vaultKey, name, secret)]));
  const slot = { kdf, vaultKey: sealSecret(await wrappingKey(passphrase, kdf), VAULT_KEY, vaultKey), secrets: sealed };
  return { file: { format: 1, library, protection: 'passphrase', passphrase: slot }, vaultKey };
}

/** The vault key under a passphrase. Throws kind `passphrase` when it is the wrong one. */
export async function openPassphraseSlot(slot: PassphraseSlot, passphrase: string): Promise<Buffer> {
  const key = openSecret(await wrappingKey(passphrase, slot.kdf), VAULT_KEY, slot.vaultKey);
  if (key === null) throw new ExhibitError('passphrase', 'unlock library', 'the passphrase is wrong', 'try again');
  return key;
}

/** Secrets of a library in its own file, under its vault key. */
export function fileStore(folder: string, vaultKey: Buffer): SecretStore {
  const slotOf = (): { file: VaultFile; slot: PassphraseSlot } => {
    const file = readVaultFile(folder);
    if (file?.passphrase === undefined)
      throw new ExhibitError('damaged', 'read vault', `${FILE} has no passphrase slot any more`);
    return { file, slot: file.passphrase };
  };
  const replace = (change: (secrets: Record<string, Sealed>) => void): void => {
    const { file, slot } = slotOf();
    const secrets = { ...slot.secrets };
    change(secrets);
    writeVaultFile(folder, { ...file, passphrase: { ...slot, secrets } });
  };
  return {
    get: (name) => {
      const sealed = slotOf().slot.secrets[name];
      if (sealed === undefined) return Promise.resolve(null);
      const secret = openSecret(vaultKey, name, sealed);
      if (secret === null) throw new ExhibitError('damaged', 'read vault', `the secret ${name} in ${FILE} does not authenticate`);
      return Promise.resolve(secret);
    },
    set: (name, secret) => {
      replace((secrets) => {
        secrets[name] = sealSecret(vaultKey, name, secret);
      });
      return Promise.resolve();
    },
    delete: (name) => {
      replace((secrets) => {
        delete secrets[name];
      });
      return Promise.resolve();
    },
  };
}
