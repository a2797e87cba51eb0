// Files and folders of this machine. Symbolic links, sockets, devices and pipes are never opened on the way; a link that the
// user names is resolved once.

import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { InputFile } from './input.ts';

/** Deepest nesting of folders that is walked. */
const MAX_DEPTH = 64;

/** A file on disk. It is opened for each read, so that a hundred thousand of them need no hundred thousand descriptors. */
export function diskFile(path: string, name: string, size: number): InputFile {
  return {
    name,
    size,
    read: async (offset, length) => {
      const handle = await open(path, 'r');
      try {
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

/** What a path given by the user is. */
export async function named(path: string): Promise<OnDisk | { readonly kind: 'folder'; readonly folder: string }> {
  try {
    const real = await realpath(path);
    const stats = await stat(real);
    if (stats.isDirectory()) return { kind: 'folder', folder: real };
    if (!stats.isFile()) return { kind: 'refused', name: path, why: 'it is no regular file' };
    return { kind: 'file', file: diskFile(real, path, stats.size), folder: join(real, '..'), base: basename(real) };
  } catch (error) {
    return { kind: 'refused', name: path, why: whyNot(error) };
  }
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

/** A folder and those below it, in the order of their names. `shown` is the folder's name as the user gave it. */
export async function* walk(folder: string, shown: string, depth = 0): AsyncGenerator<DiskFolder> {
  const entries: OnDisk[] = [];
  const below: string[] = [];
  try {
    const listed = (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of listed) {
      const name = `${shown.replace(/\/$/, '')}/${entry.name}`;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) below.push(entry.name);
      else if (!entry.isFile())
        entries.push({
          kind: 'refused',
          name,
          why: entry.isSymbolicLink() ? 'it is a link, and links are not followed' : 'it is no regular file',
        });
      else {
        try {
          const { size } = await stat(path);
          entries.push({ kind: 'file', file: diskFile(path, name, size), folder, base: entry.name });
        } catch (error) {
          entries.push({ kind: 'refused', name, why: whyNot(error) });
        }
      }
    }
  } catch (error) {
    entries.push({ kind: 'refused', name: shown, why: whyNot(error) });
  }
  yield { name: shown, entries };
  for (const name of below) {
    const inside = `${shown.replace(/\/$/, '')}/${name}`;
    if (depth + 1 > MAX_DEPTH)
      yield {
        name: inside,
        entries: [{ kind: 'refused', name: inside, why: `it lies more than ${String(MAX_DEPTH)} folders deep` }],
      };
    else yield* walk(join(folder, name), inside, depth + 1);
  }
}

export { whyNot };
