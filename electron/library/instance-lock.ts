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

/** Throws an ExhibitError of kind `in-use` when another process has the library open. `program` names this one for others. */
export function acquireInstanceLock(folder: string, program: string): InstanceLock {
  const told = join(folder, 'instance.txt');
  const lock = join(folder, 'instance.lock');
  makePrivate(lock);
  const database = new Sqlite(lock, { timeout: 0 });
  try {
    database.pragma('locking_mode=EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    database.close();
    throw new ExhibitError(
      'in-use',
      `open library ${folder}`,
      `${holder(told)} has it open`,
      'close it there, or choose another library with --library',
    );
  }
  writeFileSync(told, `${program}, process ${String(process.pid)}\n`, { mode: 0o600 });
  return {
    release: () => {
      database.close();
    },
  };
}
