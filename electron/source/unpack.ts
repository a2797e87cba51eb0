// Unpacking by what the bytes are, never by what the name says. A compressed file that stops early or is damaged gives what
// could be unpacked, and says so; nothing waits for more. Memory stays flat whatever the ratio: nothing is unpacked before it is
// taken, but for one block of bzip2.
// gzip RFC 1952, zlib RFC 1950, zstd RFC 8878, xz https://tukaani.org/xz/xz-file-format.txt, bzip2.

import type { Transform } from 'node:stream';
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
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
  gzip: (open) => unpackThrough(createGunzip(), open),
  zlib: (open) => unpackThrough(createInflate(), open),
  zstd: (open) => unpackThrough(createZstdDecompress(), open),
  xz: (open) => unpackXz(open, damaged),
  bzip2: (open) => unpackBzip2(open, damaged),
};

/** Feeds piece by piece and hands on what each piece gives, so that an error loses nothing of what stands before it. */
async function* unpackThrough(stream: Transform, open: Open): AsyncGenerator<Uint8Array> {
  const state: { failure: Error | null } = { failure: null };
  let wake = (): void => undefined;
  stream.on('error', (error) => {
    state.failure ??= error;
    wake();
  });
  stream.on('readable', () => {
    wake();
  });
  const output = async function* (start: (done: () => void) => void): AsyncGenerator<Uint8Array> {
    let done = false;
    start(() => {
      done = true;
      wake();
    });
    for (;;) {
      for (let bytes = stream.read() as Buffer | null; bytes !== null; bytes = stream.read() as Buffer | null) yield bytes;
      if (state.failure !== null) throw damaged(state.failure);
      if (done) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  try {
    for await (const bytes of open()) yield* output((done) => stream.write(bytes, done));
    yield* output((done) => {
      stream.once('end', done);
      stream.end();
    });
  } finally {
    stream.destroy();
  }
}
