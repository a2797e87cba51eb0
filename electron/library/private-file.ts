// A file for SQLite that only its owner may read: SQLite itself would make one for everybody, and gives its logs the rights of the file.

import { closeSync, existsSync, openSync } from 'node:fs';

/**
 * Makes an empty file where there is none. One that is there is not touched: closing any descriptor of a file ends all locks that
 * the process has on it (fcntl, F_SETLK), those of SQLite too.
 */
export function makePrivate(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}
