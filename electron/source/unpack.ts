// Unpacking by what the bytes are, never by what the name says. A compressed file that stops early or is damaged gives what
// could be unpacked, and says so; nothing waits for more. Memory stays flat whatever the ratio: nothing is unpacked before it is
// taken, but for one block of bzip2.
// gzip RFC 1952, zlib RFC 1950, zstd RFC 8878, xz https://tukaani.org/xz/xz-file-format.txt, bzip2.

import type { Transform } from 'node:stream';
import { createGunzip, createInflate, createZstdDecompress, type Zlib } from 'node:zlib';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { unpackBzip2 } from './bzip2.ts';
import { headOf, type Open } from './streams.ts';
import { unpackXz } from './xz.ts';

export type Packing = 'gzip' | 'zlib' | 'zstd' | 'xz' | 'bzip2';

/** Most bytes that one compressed file may unpack to: 64 GiB. What it holds beyond is not read, and that is said. */
export const MAX_UNPACKED_BYTES = 64 * 1024 ** 3;

const startsWith = (bytes: Uint8Array, ...magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);

/** What stands behind the header of bzip2: a block, or the end of an empty file. */
const BZIP2_BLOCK = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const BZIP2_END = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

/** What the first bytes say. zlib has no magic but a checksum of two bytes, which text can meet by chance: see {@link packingOf}. */
function likelyPacking(head: Uint8Array): Packing | null {
  if (startsWith(head, 0x1f, 0x8b, 8)) return 'gzip';
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return 'xz';
  const inside = head.subarray(4);
  if (startsWith(head, 0x42, 0x5a, 0x68) && (startsWith(inside, ...BZIP2_BLOCK) || startsWith(inside, ...BZIP2_END)))
    return 'bzip2';
  if (head.length > 2 && (head[0]! & 0x0f) === 8 && head[0]! >> 4 <= 7 && (head[0]! * 256 + head[1]!) % 31 === 0) return 'zlib';
  return null;
}

/** How a stream that begins so is packed, or null. zlib counts only when it does unpack. */
export async function packingOf(head: Uint8Array): Promise<Packing | null> {
  const packing = likelyPacking(head);
  if (packing !== 'zlib') return packing;
  const problems: Discrepancy[] = [];
  const some = await headOf(() => unpack('zlib', '', () => once(head), problems), 1);
  return some.length > 0 || problems.length === 0 ? 'zlib' : null;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  await Promise.resolve();
}

/** What is wrong with packed data, apart from what is wrong with reading it. */
class Damage extends Error {}

const damaged = (cause: unknown): Damage => new Damage(cause instanceof Error ? cause.message : String(cause), { cause });

/** Unpacks a stream. What is wrong with it is put into `problems` before the stream ends. Throws what reading throws. */
export async function* unpack(packing: Packing, name: string, open: Open, problems: Discrepancy[]): AsyncGenerator<Uint8Array> {
  const place = name === '' ? {} : { file: name };
  let total = 0;
  try {
    for await (const bytes of unpackers[packing](open)) {
      total += bytes.length;
      if (total > MAX_UNPACKED_BYTES) {
        const message = `it unpacks to more than ${String(MAX_UNPACKED_BYTES / 1024 ** 3)} GiB: the rest was not read`;
        problems.push({ kind: 'bomb', message, place });
        return;
      }
      yield bytes;
    }
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    const what = /unexpected end/i.test(error.message) ? 'stops in the middle' : `is damaged (${error.message})`;
    problems.push({
      kind: 'truncated',
      message: `the ${packing} data ${what}: the ${String(total)} bytes that could be unpacked before it were read`,
      place,
    });
  }
}

const unpackers: Readonly<Record<Packing, (open: Open) => AsyncIterable<Uint8Array>>> = {
  gzip: (open) => unpackThrough(createGunzip, open),
  zlib: (open) => unpackThrough(createInflate, open),
  zstd: (open) => unpackThrough(createZstdDecompress, open, true),
  xz: (open) => unpackXz(open, damaged),
  bzip2: (open) => unpackBzip2(open, damaged),
};

/**
 * Feeds piece by piece and hands on what each piece gives, so that an error loses nothing of what stands before it. `joined`: what
 * follows the end of a frame is another frame, which Node leaves out.
 */
async function* unpackThrough(begin: () => Transform & Zlib, open: Open, joined = false): AsyncGenerator<Uint8Array> {
  const start = (): Transform & Zlib => begin().on('error', () => undefined);
  let stream = start();
  try {
    for await (const bytes of open()) {
      for (let rest = bytes; rest.length > 0;) {
        const before = stream.bytesWritten;
        const piece = rest;
        yield* outputOf(stream, (done) => stream.write(piece, done));
        rest = piece.subarray(joined ? stream.bytesWritten - before : piece.length);
        if (rest.length === 0) break;
        stream.destroy();
        stream = start();
      }
    }
    yield* outputOf(stream, (done) => {
      stream.once('end', done);
      stream.end();
    });
  } finally {
    stream.destroy();
  }
}

/** What a stream gives until what was started is done. Its failure is looked up, so that none comes when nobody listens. */
async function* outputOf(stream: Transform, start: (done: () => void) => void): AsyncGenerator<Uint8Array> {
  const state = { done: false, wake: (): void => undefined };
  const wake = (): void => {
    state.wake();
  };
  stream.on('error', wake);
  stream.on('readable', wake);
  try {
    start(() => {
      state.done = true;
      wake();
    });
    for (;;) {
      for (let bytes = stream.read() as Buffer | null; bytes !== null; bytes = stream.read() as Buffer | null) yield bytes;
      if (stream.errored !== null) throw damaged(stream.errored);
      if (state.done) return;
      await new Promise<void>((resolve) => {
        state.wake = resolve;
      });
    }
  } finally {
    stream.off('error', wake);
    stream.off('readable', wake);
  }
}
