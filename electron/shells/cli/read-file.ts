// Files that the command line is given by name; `-` is standard input.

import { readFileSync } from 'node:fs';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { TextFault, TextFeed } from '../../../shared/recording/text-feed.ts';

const WHY: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' };

const shown = (path: string): string => (path === '-' ? 'standard input' : path);

/** Throws kind `disk` where it cannot be read, `refused` where it has more than `limit` bytes. */
export function readBytes(path: string, limit = Infinity): Buffer {
  const what = `read ${shown(path)}`;
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

/** Bytes that are decoded at once: so a fault of UTF-16, which is told with the place where they begin, has nearly its own. */
const PIECE = 4096;

/**
 * The text of a file: UTF-8, or what its byte order mark says. Throws as {@link readBytes} does; kind `refused` with line and column where it is
 * no such text: read as another, it would be looked for, or withheld, in vain.
 */
export function readText(path: string, limit = Infinity): string {
  const bytes = readBytes(path, limit);
  let text = '';
  const feed = new TextFeed((piece) => (text += piece));
  try {
    for (let at = 0; at < bytes.length; at += PIECE) feed.push(bytes.subarray(at, at + PIECE));
    feed.end();
  } catch (error) {
    if (!(error instanceof TextFault)) throw error;
    // What stands there is not told: such a file may be a secret.
    const why = `line ${String(error.line)}, column ${String(error.column)}: it is neither UTF-8 nor UTF-16 with a byte order mark`;
    throw new ExhibitError('refused', `read ${shown(path)}`, why, 'save it as UTF-8');
  }
  return text;
}
