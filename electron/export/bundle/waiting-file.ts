// A bundle that waits to be fetched piece by piece: it stands on the disk under a key that is in memory only, so that whatever happens to the
// program, no plaintext of it is left. Its name is gone at once where the system allows that, else when it was fetched.

import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createWholeFile, type WholeFile } from '../whole-file.ts';

const BLOCK = 16;
const PIECE_BYTES = 256 * 1024;

export type WaitingFile = Omit<WholeFile, 'commit' | 'temporary'> & {
  /** All bytes, in order; the file goes when they were read, or nobody wants more of them. */
  pieces(): Iterator<Uint8Array>;
};

/** `folder`: where it waits. Throws kind `disk`. */
export function createWaitingFile(folder: string): WaitingFile {
  const file = createWholeFile(join(folder, 'waiting.zip'));
  if (process.platform !== 'win32') rmSync(file.temporary, { force: true });
  const key = createSecretKey(randomBytes(32));

  /** AES-256-CTR from any byte on: the counter is the number of the block. */
  const crypt = (bytes: Uint8Array, position: number): Buffer => {
    const counter = Buffer.alloc(BLOCK);
    counter.writeBigUInt64BE(BigInt(Math.floor(position / BLOCK)), 8);
    const cipher = createCipheriv('aes-256-ctr', key, counter);
    cipher.update(Buffer.alloc(position % BLOCK));
    return cipher.update(bytes);
  };

  const waiting: WaitingFile = {
    get size() {
      return file.size;
    },
    write: (bytes, position) => file.write(crypt(bytes, position), position),
    read: (position, length) => crypt(file.read(position, length), position),
    abandon: () => file.abandon(),
    pieces: () => {
      const { size } = file;
      let at = 0;
      const end = (): IteratorReturnResult<undefined> => {
        file.abandon();
        return { done: true, value: undefined };
      };
      return {
        next: () => {
          if (at === size) return end();
          const value = waiting.read(at, Math.min(PIECE_BYTES, size - at));
          at += value.length;
          return { done: false, value };
        },
        return: end,
      };
    },
  };
  return waiting;
}
