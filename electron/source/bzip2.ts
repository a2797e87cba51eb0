// bzip2, block by block. unbzip2-stream's own stream unpacks all that it was given at once (a few kilobytes can hold gigabytes),
// so only its block decoder is used, and the next block is unpacked when the one before was taken.

import bitReader from 'unbzip2-stream/lib/bit_iterator.js';
import bzip2 from 'unbzip2-stream/lib/bzip2.js';
import type { Open } from './streams.ts';

/** Bytes that a block of level 1 has at most, packed or not; a packed one may have the tables of its codes besides. */
const LEVEL_BYTES = 100_000;
const TABLE_BYTES = 25_000;

const UNEXPECTED_END = 'unexpected end';

/** What the decoder means, which jests: its words are for those who wrote it. */
function meaning(error: Error): string {
  if (error.message === UNEXPECTED_END) return UNEXPECTED_END;
  if (error.message.includes('No magic number')) return 'other bytes stand behind its end';
  return error.message.includes('crc32') ? 'a checksum is not that of its bytes' : 'a block of it cannot be decoded';
}

/**
 * The unpacked blocks. A block with a wrong checksum is given, too; one that cannot be decoded has nothing to give. Throws what reading
 * throws, and `damaged` of what is wrong with the data, with the number of packed bytes by which it was met, and of those up to the end
 * of a stream, where no other one begins behind it.
 */
export async function* unpackBzip2(
  open: Open,
  damaged: (error: unknown, at: number, end: number | null) => Error,
): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = [];
  let received = 0;
  let level = 0;
  let sum: number | null = null;
  let bits = null as ReturnType<typeof bitReader> | null;
  const more = (): Uint8Array => {
    const bytes = waiting.shift();
    if (bytes === undefined) throw new Error(UNEXPECTED_END);
    return bytes;
  };
  const next = function* (): Generator<Uint8Array> {
    const block = new Block(level * LEVEL_BYTES);
    const end = level === 0 && bits !== null ? bits.bytesRead : null;
    try {
      bits ??= bitReader(more);
      if (level === 0) {
        level = bzip2.header(bits);
        sum = 0;
        return;
      }
      sum = bzip2.decompress(bits, block.add, new Int32Array(level * LEVEL_BYTES), level * LEVEL_BYTES, sum);
      if (sum === null) level = 0;
    } catch (error) {
      // Bytes come out of a block when all of it was decoded.
      yield block.bytes;
      throw damaged(new Error(meaning(error as Error), { cause: error }), bits?.bytesRead ?? 0, end);
    }
    yield block.bytes;
  };
  for await (const bytes of open()) {
    if (bytes.length === 0) continue;
    waiting.push(bytes);
    received += bytes.length;
    while (received - (bits?.bytesRead ?? 0) > TABLE_BYTES + level * LEVEL_BYTES) yield* next();
  }
  while (received > (bits?.bytesRead ?? 0)) yield* next();
  if (level !== 0) throw damaged(new Error(UNEXPECTED_END), received, null);
}

/** The bytes of a block. Runs of equal bytes are packed before all else, so a block may be fifty times its level. */
class Block {
  #bytes: Uint8Array;
  #length = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  readonly add = (byte: number): void => {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  };

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
