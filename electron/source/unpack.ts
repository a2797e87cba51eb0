// Unpacking by what the bytes are, never by what the name says. A compressed file that stops early or is damaged gives what
// could be unpacked, and says so; nothing waits for more. Memory stays flat whatever the ratio.
// gzip RFC 1952, zlib RFC 1950, zstd RFC 8878, xz https://tukaani.org/xz/xz-file-format.txt, bzip2.

import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import unbzip2 from 'unbzip2-stream';
import xz from 'xz-decompress';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { headOf, type Open } from './streams.ts';

export type Packing = 'gzip' | 'zlib' | 'zstd' | 'xz' | 'bzip2';

/** Most bytes that one compressed file may unpack to: 64 GiB. What it holds beyond is not read, and that is said. */
export const MAX_UNPACKED_BYTES = 64 * 1024 ** 3;

/** Compressed bytes fed at once: at the worst ratio of deflate (1:1032) they unpack to 16 MiB. */
const FEED_BYTES = 16 * 1024;

const startsWith = (bytes: Uint8Array, ...magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);

/** What the first bytes say. zlib has no magic but a checksum of two bytes, which text can meet by chance: see {@link packingOf}. */
function likelyPacking(head: Uint8Array): Packing | null {
  if (startsWith(head, 0x1f, 0x8b, 8)) return 'gzip';
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return 'xz';
  if (startsWith(head, 0x42, 0x5a, 0x68) && startsWith(head.subarray(4), 0x31, 0x41, 0x59, 0x26, 0x53, 0x59)) return 'bzip2';
  if (head.length > 2 && (head[0]! & 0x0f) === 8 && head[0]! >> 4 <= 7 && (head[0]! * 256 + head[1]!) % 31 === 0) return 'zlib';
  return null;
}

/** How a stream is packed, or null. zlib counts only when it does unpack. */
export async function packingOf(open: Open): Promise<Packing | null> {
  const head = await headOf(open, 4096);
  const packing = likelyPacking(head);
  if (packing !== 'zlib') return packing;
  const problems: Discrepancy[] = [];
  const some = await headOf(() => unpack('zlib', '', () => once(head), problems), 1);
  return some.length > 0 || (problems.length === 0 && head.length < 4096) ? 'zlib' : null;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  await Promise.resolve();
}

/** Unpacks a stream. What is wrong with it is put into `problems` before the stream ends. */
export async function* unpack(packing: Packing, name: string, open: Open, problems: Discrepancy[]): AsyncGenerator<Uint8Array> {
  let total = 0;
  const damaged = (error: Error): void => {
    const cut = /unexpected end|prematurely|truncated/i.test(error.message);
    const what = cut ? 'stops in the middle' : `is damaged (${error.message})`;
    problems.push({
      kind: 'truncated',
      message: `the ${packing} data ${what}: the ${String(total)} bytes that could be unpacked before it were read`,
      place: name === '' ? {} : { file: name },
    });
  };
  const unpacked = packing === 'xz' ? unpackXz(open, damaged) : unpackThrough(packing, open, damaged);
  for await (const bytes of unpacked) {
    total += bytes.length;
    if (total > MAX_UNPACKED_BYTES) {
      const message = `it unpacks to more than ${String(MAX_UNPACKED_BYTES / 1024 ** 3)} GiB: the rest was not read`;
      problems.push({ kind: 'bomb', message, place: { file: name } });
      return;
    }
    yield bytes;
  }
}

interface Decompressor {
  write(bytes: Uint8Array, done?: () => void): unknown;
  end(): unknown;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'end', listener: () => void): unknown;
}

function decompressor(packing: Exclude<Packing, 'xz'>): Decompressor {
  switch (packing) {
    case 'gzip':
      return createGunzip();
    case 'zlib':
      return createInflate();
    case 'zstd':
      return createZstdDecompress();
    case 'bzip2':
      return unbzip2();
  }
}

/** Feeds piece by piece and hands on what each piece gives, so that neither side runs ahead and an error loses nothing. */
async function* unpackThrough(
  packing: Exclude<Packing, 'xz'>,
  open: Open,
  damaged: (error: Error) => void,
): AsyncGenerator<Uint8Array> {
  const stream = decompressor(packing);
  const ready: Uint8Array[] = [];
  const state: { failure: Error | null } = { failure: null };
  let wake = (): void => undefined;
  stream.on('data', (bytes) => ready.push(bytes));
  stream.on('error', (error) => {
    state.failure ??= error;
    wake();
  });
  const settled = (start: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      if (state.failure === null) start(resolve);
      else resolve();
    });
  for await (const bytes of open()) {
    for (let at = 0; at < bytes.length && state.failure === null; at += FEED_BYTES) {
      const piece = bytes.subarray(at, at + FEED_BYTES);
      // unbzip2-stream is a synchronous stream of the old kind: it calls nothing back.
      if (packing === 'bzip2') stream.write(piece);
      else await settled((done) => stream.write(piece, done));
      yield* ready.splice(0);
    }
    if (state.failure !== null) break;
  }
  if (state.failure === null) {
    await settled((done) => {
      stream.once('end', done);
      stream.end();
    });
  }
  yield* ready.splice(0);
  if (state.failure !== null) damaged(state.failure);
}

async function* unpackXz(open: Open, damaged: (error: Error) => void): AsyncGenerator<Uint8Array> {
  const iterator = open()[Symbol.asyncIterator]();
  const source = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { value, done } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
  const reader = (new xz.XzReadableStream(source) as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    damaged(error instanceof Error ? error : new Error(String(error)));
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
