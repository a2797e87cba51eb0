// A library in a temporary folder, for tests: real SQLite, a random key, removed afterwards.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CustodyMoment } from '../../shared/evidence/custody.ts';
import { openDatabase, type Database } from '../../electron/library/database.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { MIGRATIONS, migrate } from '../../electron/library/migrations.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A clock that goes on by a second at each look. */
export function testMoments(): () => CustodyMoment {
  let ticks = 0;
  return () => {
    ticks += 1;
    return { wall: new Date(Date.UTC(2026, 10, 21) + ticks * 1000).toISOString(), monotonic_ms: ticks * 1000 };
  };
}

/** A new database as the program of that schema left it. */
export function databaseOfSchema(wanted: number, folder: string, key: Buffer): Database {
  const database = openDatabase(join(folder, 'library.db'), key, { create: true });
  migrate(
    database,
    MIGRATIONS.filter(({ version }) => version <= wanted),
  );
  return database;
}

/** One complete acquisition, in a database of schema 8 or later: its key is 1. `secret` is its content key and the seed of its salts. */
export function putAcquisition(database: Database, at: string, secret: Uint8Array): void {
  database
    .prepare(
      `INSERT INTO acquisition (source, format, state, fingerprint, decoder, started_at, provenance)
       VALUES ('files', 'ttyrec', 'complete', 'one', 1, ?, '{}')`,
    )
    .run(at);
  database.prepare('INSERT INTO acquisition_key VALUES (1, ?, ?)').run(secret, secret);
}

export interface TestLibrary {
  readonly folder: string;
  readonly key: Buffer;
  readonly library: Library;
  /** Closes and opens again, as another start of the program does. */
  reopen(): Library;
}

export function temporaryLibrary(folder: string = temporaryFolder()): TestLibrary {
  const key = randomBytes(32);
  const now = testMoments();
  const open = (): Library => openLibrary({ folder, key, now, program: 'test' });
  let library = open();
  onTestFinished(() => {
    library.close();
  });
  return {
    folder,
    key,
    get library() {
      return library;
    },
    reopen: () => {
      library.close();
      library = open();
      return library;
    },
  };
}
