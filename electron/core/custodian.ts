// The library's life: absent, made, unlocked, locked, encrypted anew, copied, put back. Holds the vault and, while unlocked,
// the open library; everybody else asks it for the library and gets a clear error when there is none.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { CustodyMoment } from '../../shared/evidence/custody.ts';
import type { CustodyState, VaultStatus } from '../../shared/api/shapes.ts';
import {
  claimFolder,
  databaseFile,
  libraryExists,
  openLibrary,
  restoreDatabase,
  type InstanceLock,
  type Library,
} from '../library/library.ts';
import { openVault, type Protection, type Vault } from '../vault/vault.ts';
import { custodyState, pinHead } from './custody-head.ts';

export interface CustodianDeps {
  readonly folder: string;
  readonly program: string;
  readonly now: () => CustodyMoment;
  /** Called when the library was opened, and before it is closed. */
  readonly opened: (library: Library) => void;
  readonly closing: () => Promise<void>;
}

export type PinnedState = 'matches' | 'differs' | 'none';

export interface Custodian {
  readonly vault: Vault;
  status(): VaultStatus;
  /** Throws kind `absent` or `locked` when there is no open library. */
  library(): Library;
  /** The key of the open library, for worker threads of this process. */
  key(): Buffer;
  create(protection: Protection, passphrase: string | undefined): Promise<void>;
  unlock(passphrase: string | undefined): Promise<void>;
  lock(): Promise<void>;
  /** Encrypts the library anew. `alone` resolves once no other connection of this process is open. */
  rekey(alone: () => Promise<void>): Promise<void>;
  /** Copies library and vault file into a new folder; under a passphrase of its own when one is given. */
  backup(folder: string, passphrase: string | undefined): Promise<void>;
  restore(folder: string): void;
  /** Whether the custody log still holds the newest entry that this device pinned. */
  pinned(): Promise<PinnedState>;
  /** Signs the head of the custody log and pins it. Does nothing where the log is not what was pinned before: that must stay seen. */
  pin(): Promise<void>;
  /** Takes the log as it is for the newest one, after an older copy was put back on purpose. */
  acceptHead(): Promise<void>;
}

interface OpenLibrary {
  readonly library: Library;
  readonly key: Buffer;
  readonly custody: CustodyState;
}

export function createCustodian(deps: CustodianDeps): Custodian {
  const { folder } = deps;
  const vault = openVault(folder);
  let open: OpenLibrary | null = null;

  const withoutVault = (): ExhibitError =>
    new ExhibitError(
      'refused',
      'open library',
      `${folder} holds a library whose vault.json is missing`,
      'restore vault.json from a backup',
    );

  /** Throws where there is no library, or only a part of one. */
  const checkPresent = (): void => {
    if (vault.status().state !== 'absent') return;
    if (libraryExists(folder)) throw withoutVault();
    throw new ExhibitError('absent', 'open library', `there is no library in ${folder} yet`, 'import a recording to make one');
  };

  const current = (): OpenLibrary => {
    if (open !== null) return open;
    checkPresent();
    throw new ExhibitError('locked', 'open library', 'the library is locked', 'unlock it first');
  };

  const openWithKeys = async (lock?: InstanceLock): Promise<void> => {
    const { program, now } = deps;
    const keys = vault.libraryKeys();
    for (const [i, key] of keys.entries()) {
      let library: Library | null = null;
      try {
        library = openLibrary({ folder, key, now, program }, lock);
        await vault.settleKey(key);
        open = { library, key, custody: await custodyState(library, vault) };
        deps.opened(library);
        return;
      } catch (error) {
        open = null;
        library?.close();
        // A rekey that was cut short left two keys: the database is under one of them.
        const another = error instanceof ExhibitError && error.kind === 'damaged' && i + 1 < keys.length;
        if (!another) {
          vault.lock();
          throw error;
        }
      }
    }
  };

  const pin = async ({ library, custody }: OpenLibrary): Promise<void> => {
    if (custody.state === 'intact') await pinHead(library, vault, deps.now().wall);
  };

  return {
    vault,
    status: () => ({
      ...vault.status(),
      state: open === null && vault.status().state !== 'absent' ? 'locked' : vault.status().state,
      library: folder,
      custody: open?.custody ?? null,
    }),
    library: () => current().library,
    key: () => current().key,
    create: async (protection, passphrase) => {
      // Before any key is made: of two that begin at once, the second would put its keys in the place of the first one's.
      const lock = claimFolder(folder, deps.program);
      try {
        if (libraryExists(folder) && vault.status().state === 'absent') throw withoutVault();
        await vault.create(protection, passphrase);
      } catch (error) {
        lock.release();
        throw error;
      }
      await openWithKeys(lock);
    },
    unlock: async (passphrase) => {
      if (open !== null) return;
      checkPresent();
      await vault.unlock(passphrase);
      // A library that was used has pinned the head of its log; one whose making was cut short has not.
      if (!libraryExists(folder) && (await vault.pinnedHead()) !== null) {
        vault.lock();
        throw new ExhibitError(
          'damaged',
          'open library',
          `${databaseFile(folder)} is missing`,
          'restore the library from a backup',
        );
      }
      await openWithKeys();
    },
    lock: async () => {
      if (open === null) return;
      const closed = open;
      try {
        await deps.closing();
        await pin(closed);
      } finally {
        open = null;
        closed.library.close();
        vault.lock();
      }
    },
    rekey: async (alone) => {
      const { library, custody } = current();
      const key = await vault.beginRekey();
      await alone();
      library.rekey(key);
      open = { library, key, custody };
      await vault.settleKey(key);
    },
    backup: async (target, passphrase) => {
      const { library } = current();
      mkdirSync(target, { recursive: true, mode: 0o700 });
      if (readdirSync(target).length > 0)
        throw new ExhibitError('refused', 'backup', `${target} is not empty`, 'name a new folder');
      try {
        library.copyTo(databaseFile(target));
        if (passphrase === undefined) vault.copyVaultFile(target);
        else await vault.writeBackupVault(target, passphrase);
      } catch (error) {
        rmSync(databaseFile(target), { force: true });
        rmSync(join(target, 'vault.json'), { force: true });
        throw error;
      }
      await pin(current());
    },
    restore: (source) => {
      if (!libraryExists(source))
        throw new ExhibitError('not-found', 'restore library', `${source} holds no backup`, 'name the folder that backup made');
      const lock = claimFolder(folder, deps.program);
      try {
        restoreDatabase(databaseFile(source), folder);
        openVault(source).copyVaultFile(folder);
      } finally {
        lock.release();
      }
    },
    pinned: async () => {
      const head = await vault.pinnedHead();
      if (head === null) return 'none';
      return current().library.custody.hashAt(head.seq) === head.hash ? 'matches' : 'differs';
    },
    pin: () => pin(current()),
    acceptHead: async () => {
      const { library, key } = current();
      await pinHead(library, vault, deps.now().wall);
      open = { library, key, custody: await custodyState(library, vault) };
    },
  };
}
