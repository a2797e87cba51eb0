// A file that stands whole or not at all, a bundle or an export: written under a temporary name beside its place, forced to the disk, and put
// in place by a rename. Until then nothing of it has its name; if the work is cancelled or fails, it is removed.

import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join, basename } from 'node:path';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { ZipTarget } from './bundle/zip-writer.ts';

/** Bytes of a bundle, wherever they are: what can be verified and opened. */
export interface BundleBytes {
  readonly size: number;
  /** Number of the open file whose bytes these are as they stand there. */
  readonly handle?: number;
  /** Throws kind `disk` where there are not that many. */
  read(position: number, length: number): Uint8Array;
}

export interface WholeFile extends ZipTarget, BundleBytes {
  /** Where it is now. */
  readonly temporary: string;
  /**
   * Gives it its name. An existing file of that name is replaced. `before` is called when all bytes are on the disk: what it writes
   * into the custody log stands there before anybody can have the file. Throws kind `disk`.
   */
  commit(before?: () => void): void;
  /** Removes it. After `commit` nothing happens. */
  abandon(): void;
}

const disk = (what: string, error: unknown): ExhibitError =>
  new ExhibitError('disk', what, (error as Error).message, 'check the space and the permissions there', { cause: error });

function readAll(handle: number, what: string, position: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length;) {
    let got: number;
    try {
      got = readSync(handle, bytes, at, length - at, position + at);
    } catch (error) {
      throw disk(what, error);
    }
    if (got === 0) throw new ExhibitError('disk', what, `it ends before byte ${String(position + length)}`);
    at += got;
  }
  return bytes;
}

/** What programs that were killed left of the same file: the name has the number of the program. */
function removeLeftovers(folder: string, name: string): void {
  const prefix = `.${name}.`;
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(prefix) || !entry.endsWith('.part')) continue;
    const [, pid] = /^(\d{1,10})-[0-9a-f]+\.part$/.exec(entry.slice(prefix.length)) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, entry), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Begins a file that will stand at `path`, readable by its owner only. Throws kind `disk`. */
export function createWholeFile(path: string): WholeFile {
  const what = `write ${path}`;
  // What a program is given for bytes that are no UTF-8: the file would have another name than was written.
  if (path.includes('\ufffd')) throw new ExhibitError('usage', what, 'its name is not UTF-8', 'give it another name');
  const part = `${String(process.pid)}-${randomBytes(6).toString('hex')}.part`;
  const temporary = join(dirname(path), `.${basename(path)}.${part}`);
  let handle: number | null = null;
  try {
    removeLeftovers(dirname(path), basename(path));
    handle = openSync(temporary, 'wx+', 0o600);
  } catch (error) {
    throw disk(what, error);
  }
  const close = (): void => {
    if (handle !== null) closeSync(handle);
    handle = null;
  };
  return {
    temporary,
    handle,
    get size() {
      return fstatSync(handle!).size;
    },
    write: (bytes, position) => {
      try {
        for (let at = 0; at < bytes.length;) at += writeSync(handle!, bytes, at, bytes.length - at, position + at);
      } catch (error) {
        throw disk(what, error);
      }
    },
    read: (position, length) => readAll(handle!, what, position, length),
    commit: (before) => {
      try {
        fsyncSync(handle!);
        close();
      } catch (error) {
        throw disk(what, error);
      }
      before?.();
      try {
        renameSync(temporary, path);
        syncFolder(dirname(path));
      } catch (error) {
        throw disk(what, error);
      }
    },
    abandon: () => {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/** So that the name, too, survives a power cut. Windows has no such thing for folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Opens a bundle to read it. Throws kinds `not-found`, `disk`. */
export function openBundleFile(path: string): BundleBytes & { close(): void } {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new ExhibitError('not-found', `open ${path}`, 'there is no such file');
    throw disk(`open ${path}`, error);
  }
  const { size } = fstatSync(handle);
  const read: BundleBytes['read'] = (position, length) => readAll(handle, `read ${path}`, position, length);
  return { size, handle, read, close: () => closeSync(handle) };
}
