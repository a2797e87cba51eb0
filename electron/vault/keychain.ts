// The keychain of the operating system: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
// On Linux the store is always named: by default the package falls back in silence to the kernel's keyring, which a reboot
// empties. Null means "no such item" or "no collection yet", so a missing item is never taken as leave to make a new key.

import { AsyncEntry } from '@napi-rs/keyring';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { SecretStore } from './secret-store.ts';

const SERVICE = 'Exhibit';

/** A prompt of the operating system may wait for the user; a keychain that never answers must not hang Exhibit. */
const ANSWER_MS = 120_000;

const PROBE_NAME = 'probe';

function entry(account: string): AsyncEntry {
  return new AsyncEntry(SERVICE, account, process.platform === 'linux' ? { linux: { store: 'secret-service' } } : null);
}

function keychainError(what: string, error: unknown): ExhibitError {
  const said = error instanceof Error ? error.message : String(error);
  const why = /DBus|dbus|ServiceUnknown/.test(said)
    ? 'no keychain service answers on this desktop'
    : /prompt was dismissed|[Ll]ocked/.test(said)
      ? 'the keychain is locked'
      : `the keychain says: ${said.slice(0, 200)}`;
  return new ExhibitError('keychain', what, why, 'unlock or start the keychain, or use a passphrase (--passphrase-file)', {
    cause: error,
  });
}

async function answer<T>(what: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      limit.abort();
      reject(new Error(`no answer within ${String(ANSWER_MS / 1000)} s`));
    }, ANSWER_MS);
  });
  try {
    return await Promise.race([ask(limit.signal), late]);
  } catch (error) {
    throw keychainError(what, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Secrets of one library in the keychain: item `<library>/<name>` of the service `Exhibit`. */
export function keychainStore(library: string): SecretStore {
  const account = (name: string): string => `${library}/${name}`;
  return {
    get: (name) =>
      answer('read from the keychain', async (signal) => {
        const secret = await entry(account(name)).getSecret(signal);
        return secret === null ? null : Buffer.from(secret);
      }),
    set: (name, secret) =>
      answer('write to the keychain', async (signal) => {
        await entry(account(name)).setSecret(secret, signal);
        const back = await entry(account(name)).getSecret(signal);
        if (back === null || !Buffer.from(back).equals(secret)) throw new Error('what was written does not read back');
      }),
    delete: (name) =>
      answer('remove from the keychain', async (signal) => {
        await entry(account(name)).deleteCredential(signal);
      }),
  };
}

/** Whether a keychain is there at all, without any prompt. */
export function keychainPresent(): { readonly available: boolean; readonly why: string } {
  try {
    entry(PROBE_NAME);
    return { available: true, why: '' };
  } catch (error) {
    return { available: false, why: keychainError('keychain', error).why };
  }
}

/** Proves that the keychain keeps what it is given: writes a value, reads it back, removes it. Throws kind `keychain`. */
export async function probeKeychain(store: SecretStore, random: (bytes: number) => Buffer): Promise<void> {
  await store.set(PROBE_NAME, random(16));
  await store.delete(PROBE_NAME);
}
