// What is in a library's files, for tests of what must not be in them: every page of its database in clear, with what lies free in and
// between them, and the bytes of all files as they stand on the disk.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../electron/library/database.ts';
import { databaseFile } from '../../electron/library/library.ts';
import { openVault } from '../../electron/vault/vault.ts';
import { PASSPHRASE } from './core.ts';

/** The key of a closed library under the passphrase of tests. */
export async function libraryKey(folder: string): Promise<Buffer> {
  const vault = openVault(folder);
  await vault.unlock(PASSPHRASE);
  const key = Buffer.from(vault.libraryKeys()[0]!);
  vault.lock();
  return key;
}

/** All pages in clear, also free ones, with the log applied. */
export function clearPages(folder: string, key: Uint8Array): Buffer {
  const database = openDatabase(databaseFile(folder), key, { create: false });
  try {
    return database.serialize();
  } finally {
    database.close();
  }
}

/** The bytes of each file of a folder. */
export function filesOf(folder: string): readonly { readonly name: string; readonly bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({ name, bytes: readFileSync(join(parentPath, name)) }));
}

/** Runs a question against a closed library. */
export function ask<T>(folder: string, key: Uint8Array, sql: string, ...values: readonly (string | number)[]): readonly T[] {
  const database = openDatabase(databaseFile(folder), key, { create: false });
  try {
    return database.prepare<unknown[], T>(sql).all(...values);
  } finally {
    database.close();
  }
}
