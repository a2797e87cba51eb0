// Files that the command line is given by name; `-` is standard input.

import { readFileSync } from 'node:fs';
import { ExhibitError } from '../../../shared/api/errors.ts';

const WHY: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' };

/** Throws kind `disk` where it cannot be read, `refused` where it has more than `limit` bytes. */
export function readBytes(path: string, limit = Infinity): Buffer {
  const what = `read ${path === '-' ? 'standard input' : path}`;
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new ExhibitError('disk', what, WHY[code] ?? message, 'name a file that can be read');
  }
  if (bytes.length > limit) throw new ExhibitError('refused', what, 'it is too large for what it is to be', 'name another file');
  return bytes;
}

export const readText = (path: string): string => readBytes(path).toString('utf8');
