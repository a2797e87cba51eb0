// Files and folders of this machine. Symbolic links, sockets, devices and pipes are never opened on the way; a link that the
// user names is resolved once.

import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, sep } from 'node:path';
import type { InputFile } from './input.ts';

/** Deepest nesting of folders that is walked. */
const MAX_DEPTH = 64;

/** Opens neither through a link nor waiting for the other end of a pipe, should one have taken the file's place meanwhile. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file on disk. It is opened for each read, so that a hundred thousand of them need no hundred thousand descriptors. */
function diskFile(path: string | Buffer, name: string, size: number): InputFile {
  return {
    name,
    size,
    read: async (offset, length) => {
      const handle = await open(path, READ_ONLY).catch((error: unknown) => {
        throw new Error(whyNot(error), { cause: error });
      });
      try {
        if (!(await handle.stat()).isFile()) throw new Error('it is no regular file any more');
        const bytes = new Uint8Array(length);
        let have = 0;
        while (have < length) {
          const { bytesRead } = await handle.read(bytes, have, length - have, offset + have);
          if (bytesRead === 0) break;
          have += bytesRead;
        }
        return bytes.subarray(0, have);
      } finally {
        await handle.close();
      }
    },
  };
}

export type OnDisk =
  | { readonly kind: 'file'; readonly file: InputFile; readonly folder: string; readonly base: string }
  | { readonly kind: 'refused'; readonly name: string; readonly why: string };

const TO_A_FILE = 'save what comes through it in a file, and import that';

/** What a path given by the user is. */
export async function named(path: string): Promise<OnDisk | { readonly kind: 'folder'; readonly folder: Buffer }> {
  try {
    const given = await bytesOf(path);
    // A pipe has a path of its own, which leads nowhere.
    const stats = await stat(given);
    if (stats.isFIFO()) return { kind: 'refused', name: path, why: `it is a pipe: ${TO_A_FILE}` };
    const real = await realpath(given, 'buffer');
    if (stats.isDirectory()) return { kind: 'folder', folder: real };
    if (!stats.isFile()) return { kind: 'refused', name: path, why: 'it is no regular file' };
    const text = real.toString();
    return { kind: 'file', file: diskFile(real, path, stats.size), folder: dirname(text), base: basename(text) };
  } catch (error) {
    const isInput = path === '-' && (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { kind: 'refused', name: path, why: isInput ? `standard input is no file: ${TO_A_FILE}` : whyNot(error) };
  }
}

/** What stands for each byte of a name that is not UTF-8, in every text that a program is given. */
const REPLACED = '\ufffd';

/** A path as the system knows it: names in it that are not UTF-8 are looked for in their folders. */
async function bytesOf(path: string): Promise<Buffer> {
  if (!path.includes(REPLACED)) return Buffer.from(path);
  let found = Buffer.from(isAbsolute(path) ? sep : `.${sep}`);
  for (const name of path.split(sep).filter((part) => part !== '')) {
    const isMeant = (entry: Buffer): boolean => entry.toString() === name;
    const names = name.includes(REPLACED) ? (await readdir(found, 'buffer')).filter(isMeant) : [Buffer.from(name)];
    if (names.length > 1)
      throw new Error('its name is not UTF-8, and several names read like it: name the folder that it lies in');
    found = Buffer.concat([found, names[0] ?? Buffer.from(name), Buffer.from(sep)]);
  }
  return found.subarray(0, -1);
}

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code ?? '') {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ELOOP':
      return 'its links lead in a circle';
    default:
      return message;
  }
}

export interface DiskFolder {
  /** Name as the user knows it. */
  readonly name: string;
  readonly entries: readonly OnDisk[];
}

/**
 * A folder and those below it, in the order of their names. `shown` is the folder's name as the user gave it. Paths are kept in
 * the bytes of their names, which need not be UTF-8.
 */
export async function* walk(folder: string | Buffer, shown: string, depth = 0): AsyncGenerator<DiskFolder> {
  const entries: OnDisk[] = [];
  const below: { readonly path: Buffer; readonly name: string }[] = [];
  try {
    const listed = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    for (const entry of listed.sort((a, b) => Buffer.compare(a.name, b.name))) {
      const base = entry.name.toString();
      const name = `${shown.replace(/\/$/, '')}/${base}`;
      const path = Buffer.concat([Buffer.from(folder), Buffer.from(sep), entry.name]);
      if (entry.isDirectory()) below.push({ path, name });
      else if (!entry.isFile())
        entries.push({
          kind: 'refused',
          name,
          why: entry.isSymbolicLink() ? 'it is a link, and links are not followed' : 'it is no regular file',
        });
      else {
        try {
          const { size } = await lstat(path);
          entries.push({ kind: 'file', file: diskFile(path, name, size), folder: folder.toString(), base });
        } catch (error) {
          entries.push({ kind: 'refused', name, why: whyNot(error) });
        }
      }
    }
  } catch (error) {
    entries.push({ kind: 'refused', name: shown, why: whyNot(error) });
  }
  yield { name: shown, entries };
  for (const { path, name } of below) {
    if (depth + 1 > MAX_DEPTH)
      yield {
        name,
        entries: [{ kind: 'refused', name, why: `it lies more than ${String(MAX_DEPTH)} folders deep` }],
      };
    else yield* walk(path, name, depth + 1);
  }
}

export { whyNot };
