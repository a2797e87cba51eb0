// One Exhibit at a time per library: an exclusive lock that the operating system drops when the process ends, however it ends.
// The lock is SQLite's own on an empty file beside the library (it works alike on every system); who holds it is told by a
// small text file, which is only read for the message.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ExhibitError } from '../../shared/api/errors.ts';
import { makePrivate } from './private-file.ts';

export interface InstanceLock {
  release(): void;
}

function holder(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim() || 'another Exhibit';
  } catch {
    return 'another Exhibit';
  }
}

/**
 * Throws an ExhibitError: `in-use` when another process has the library open, `disk` where nothing can be written beside it. `program` names
 * this one for others.
 */
export function acquireInstanceLock(folder: string, program: string): InstanceLock {
  const told = join(folder, 'instance.txt');
  const lock = join(folder, 'instance.lock');
  let database: Sqlite.Database | null = null;
  try {
    makePrivate(lock);
    database = new Sqlite(lock, { timeout: 0 });
    database.pragma('locking_mode=EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
    writeFileSync(told, `${program}, process ${String(process.pid)}\n`, { mode: 0o600 });
  } catch (error) {
    database?.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new ExhibitError(
        'in-use',
        `open library ${folder}`,
        `${holder(told)} has it open`,
        'close it there, or choose another library with --library',
      );
    }
    throw new ExhibitError(
      'disk',
      `open library ${folder}`,
      `it cannot be written: ${(error as Error).message}`,
      'whatever is looked at is entered in its custody log: copy it to where it can be written, or free some space',
      { cause: error },
    );
  }
  const held = database;
  return {
    release: () => {
      held.close();
    },
  };
}
