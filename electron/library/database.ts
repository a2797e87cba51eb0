// The encrypted SQLite file: opened with its key before anything else touches it, in WAL mode, with temporary tables in
// memory, so that nothing of it stands in clear on the disk. https://utelle.github.io/SQLite3MultipleCiphers/
// Cipher: ChaCha20-Poly1305 over whole pages with a raw 32-byte key; a changed page does not authenticate.

import Sqlite from 'better-sqlite3';
import { ExhibitError } from '../../shared/api/errors.ts';
import { makePrivate } from './private-file.ts';

export type Database = Sqlite.Database;
export type Statement<P extends unknown[], R> = Sqlite.Statement<P, R>;

export const KEY_BYTES = 32;

/** Page size in bytes: chunks are tens of kilobytes, so larger pages mean fewer of them to authenticate. */
const PAGE_BYTES = 8192;

/** Page cache a connection, in KiB. */
const CACHE_KIB = 6 * 1024;

/** How long a connection waits for another one of the same process to finish its transaction. */
const BUSY_MS = 30_000;

function keyPragma(key: Uint8Array): string {
  if (key.length !== KEY_BYTES) throw new RangeError('a library key has 32 bytes');
  return `"raw:${Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex')}"`;
}

/** What an error of SQLite means to a person. */
export function databaseError(error: unknown, what: string, file: string): ExhibitError {
  if (error instanceof ExhibitError) return error;
  const code = error instanceof Sqlite.SqliteError ? error.code : '';
  if (code === 'SQLITE_NOTADB') {
    return new ExhibitError(
      'damaged',
      what,
      `the key does not open ${file}, or the file is not a library`,
      'restore the library from a backup, or look for the vault.json that belongs to it',
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return new ExhibitError(
      'damaged',
      what,
      `a page of ${file} does not authenticate: the file was changed or damaged`,
      'keep a copy, run `exhibit library verify`, and restore from a backup',
      { cause: error },
    );
  }
  if (code === 'SQLITE_FULL') {
    return new ExhibitError('disk', what, 'the disk is full', 'free some space and try again; nothing was lost', {
      cause: error,
    });
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_CANTOPEN' || code === 'SQLITE_PERM') {
    return new ExhibitError('disk', what, `${file} cannot be written`, 'check the permissions of the library folder', {
      cause: error,
    });
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return new ExhibitError('disk', what, `the disk reports an error for ${file}`, 'check the disk and try again', {
      cause: error,
    });
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new ExhibitError('in-use', what, `${file} is busy`, 'wait for the other work to end and try again', { cause: error });
  }
  return new ExhibitError('bug', what, error instanceof Error ? error.message : String(error), '', { cause: error });
}

/** Opens or creates the file. Throws an ExhibitError of kind `damaged` when the key does not fit. */
export function openDatabase(file: string, key: Uint8Array, options: { readonly create: boolean }): Database {
  let database: Database | null = null;
  try {
    if (options.create) makePrivate(file);
    database = new Sqlite(file, { fileMustExist: !options.create, timeout: BUSY_MS });
    database.pragma(`key=${keyPragma(key)}`);
    database.pragma(`page_size=${String(PAGE_BYTES)}`);
    database.pragma('temp_store=MEMORY');
    database.pragma(`cache_size=-${String(CACHE_KIB)}`);
    // Reads the first page: a wrong key fails here and nowhere later.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    database.pragma('journal_mode=WAL');
    database.pragma('synchronous=FULL');
    database.pragma('foreign_keys=ON');
    database.pragma('trusted_schema=OFF');
    // What is deleted is overwritten.
    database.pragma('secure_delete=ON');
    database.pragma('cell_size_check=ON');
    return database;
  } catch (error) {
    database?.close();
    throw databaseError(error, 'open library', file);
  }
}

/** Encrypts the whole file anew under another key. One transaction: a crash leaves the old key or the new one, never both. */
export function rekeyDatabase(database: Database, key: Uint8Array): void {
  database.pragma(`rekey=${keyPragma(key)}`);
}

/** How long work that can be put off waits for other connections. */
const SHORT_MS = 100;

/** What SQLite says where somebody else is at work. */
const isBusy = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError &&
  (error.code.startsWith('SQLITE_BUSY') || error.message.includes('statements in progress'));

function shortly<T>(database: Database, work: () => T): T {
  database.pragma(`busy_timeout=${String(SHORT_MS)}`);
  try {
    return work();
  } finally {
    database.pragma(`busy_timeout=${String(BUSY_MS)}`);
  }
}

/** As {@link checkpoint}, but gives up soon where another connection reads or writes. Whether the log is empty now. */
export function emptyLog(database: Database): boolean {
  return shortly(database, () => {
    const [found] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    return found?.busy === 0;
  });
}

/** Writes all pages anew, without what deleted rows left between others. False where another connection is at work. */
export function vacuum(database: Database): boolean {
  return shortly(database, () => {
    try {
      database.exec('VACUUM');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  });
}

/**
 * Commits without waiting for the disk, for what is read again where a power cut costs it. The log keeps the order of commits: one that waits
 * is on the disk only with all before it. Part of another transaction, it waits as that one does.
 */
export function withoutWaiting<T>(database: Database, commit: () => T): T {
  if (database.inTransaction) return commit();
  database.pragma('synchronous=NORMAL');
  try {
    return commit();
  } finally {
    database.pragma('synchronous=FULL');
  }
}

/** Moves the write-ahead log into the file and empties it. */
export function checkpoint(database: Database): void {
  database.pragma('wal_checkpoint(TRUNCATE)');
}
