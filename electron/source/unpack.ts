// Unpacking by what the bytes are, never by what the name says. A compressed file that stops early or is damaged gives what
// could be unpacked, and says so; nothing waits for more. Memory stays flat whatever the ratio: nothing is unpacked before it is
// taken, but for one block of bzip2.
// gzip RFC 1952, zlib RFC 1950, deflate RFC 1951, zstd RFC 8878, xz https://tukaani.org/xz/xz-file-format.txt, bzip2.

import type { Transform } from 'node:stream';
import { createGunzip, createInflate, createInflateRaw, createZstdDecompress, type Zlib } from 'node:zlib';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { unpackBzip2 } from './bzip2.ts';
import { headOf, type Open } from './streams.ts';
import { unpackXz } from './xz.ts';
import { beginsZstd, ZstdFrames } from './zstd-frames.ts';

/** `deflate` is what zip archives hold, with no header of its own: nothing is known as it by its bytes. */
export type Packing = 'gzip' | 'zlib' | 'deflate' | 'zstd' | 'xz' | 'bzip2';

/** Most bytes that one compressed file may unpack to: 64 GiB. What it holds beyond is not read, and that is said. */
export const MAX_UNPACKED_BYTES = 64 * 1024 ** 3;

const startsWith = (bytes: Uint8Array, ...magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);

const XZ = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];
const BZIP2 = [0x42, 0x5a, 0x68];

/** What stands behind the header of bzip2: a block, or the end of an empty file. */
const BZIP2_BLOCK = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const BZIP2_END = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

/** What the first bytes say. zlib has no magic but a checksum of two bytes, which text can meet by chance: see {@link packingOf}. */
function likelyPacking(head: Uint8Array): Packing | null {
  if (startsWith(head, 0x1f, 0x8b, 8)) return 'gzip';
  if (beginsZstd(head)) return 'zstd';
  if (startsWith(head, ...XZ)) return 'xz';
  const inside = head.subarray(4);
  if (startsWith(head, ...BZIP2) && (startsWith(inside, ...BZIP2_BLOCK) || startsWith(inside, ...BZIP2_END))) return 'bzip2';
  if (head.length > 2 && (head[0]! & 0x0f) === 8 && head[0]! >> 4 <= 7 && (head[0]! * 256 + head[1]!) % 31 === 0) return 'zlib';
  return null;
}

/** How a stream that begins so is packed, or null. zlib counts only when it does unpack. */
export async function packingOf(head: Uint8Array): Promise<Packing | null> {
  const packing = likelyPacking(head);
  if (packing !== 'zlib') return packing;
  try {
    // Damage is not looked at closely here: a few bytes come out of much text, too.
    await headOf(() => inSteps(createInflate, () => once(head)), 1);
    return 'zlib';
  } catch {
    return null;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  await Promise.resolve();
}

/**
 * What is wrong with packed data, apart from what is wrong with reading it. `at`: the packed byte by which it was met, where that is
 * known. `end`: the offset behind the last whole stream or frame, where it may be that the data ends there.
 */
class Damage extends Error {
  readonly at: number | null;
  readonly end: number | null;

  constructor(message: string, options: ErrorOptions, at: number | null, end: number | null) {
    super(message, options);
    this.at = at;
    this.end = end;
  }
}

/** Other bytes behind the end of packed data. */
class Behind extends Error {
  readonly at: number;

  constructor(at: number) {
    super();
    this.at = at;
  }
}

const damaged = (cause: unknown, at: number | null = null, end: number | null = null): Damage =>
  new Damage(cause instanceof Error ? cause.message : String(cause), { cause }, at, end);

/** How one more stream would begin. Of zstd no damage comes as one that may be the end where a frame begins. */
const MORE: Readonly<Partial<Record<Packing, readonly number[]>>> = { xz: XZ, bzip2: BZIP2 };

/** What stands behind the end of whole data where damage was met: other bytes, nothing but zeros (null), or damaged data after all. */
async function whatFollows(packing: Packing, open: Open, damage: Damage, end: number): Promise<Behind | Damage | null> {
  const more = MORE[packing] ?? [];
  const found: number[] = [];
  let at = 0;
  let start = 0;
  for await (const bytes of open()) {
    const rest = bytes.subarray(Math.max(0, end - at));
    const first = found.length > 0 ? 0 : rest.findIndex((byte) => byte !== 0);
    at += bytes.length;
    if (first === -1) continue;
    if (found.length === 0) start = at - rest.length + first;
    found.push(...rest.subarray(first, first + more.length + 1));
    if (found.length > more.length) break;
  }
  if (found.length === 0) return null;
  const isMore = more.length > 0 && more.every((byte, i) => i >= found.length || byte === found[i]);
  return isMore ? damage : new Behind(start);
}

/**
 * Unpacks a stream. What is wrong with it is put into `problems` before the stream ends. Throws what reading throws. A damaged one
 * is opened once more.
 */
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
  } catch (met) {
    const error = met instanceof Damage && met.end !== null ? await whatFollows(packing, open, met, met.end) : met;
    if (error === null) return;
    if (error instanceof Behind) {
      const message = `other bytes stand behind the end of the ${packing} data, from its byte ${String(error.at)} on: they were not read`;
      problems.push({ kind: 'inconsistent', message, place });
      return;
    }
    if (!(error instanceof Damage)) throw error;
    const where = error.at === null ? '' : ` at or before its byte ${String(error.at)}`;
    const what = /unexpected end/i.test(error.message) ? 'stops in the middle' : `is damaged${where} (${error.message})`;
    problems.push({
      kind: 'truncated',
      message: `the ${packing} data ${what}: the ${String(total)} bytes that could be unpacked before it were read`,
      place,
    });
  }
}

const unpackers: Readonly<Record<Packing, (open: Open) => AsyncIterable<Uint8Array>>> = {
  gzip: unpackGzip,
  zlib: (open) => unpackThrough(createInflate, open),
  deflate: (open) => unpackThrough(createInflateRaw, open),
  zstd: unpackZstd,
  xz: (open) => unpackXz(open, damaged),
  bzip2: (open) => unpackBzip2(open, damaged),
};

/** Node takes whatever stands behind gzip data for more of it: where its second byte is wrong already, it is something else. */
async function* unpackGzip(open: Open): AsyncGenerator<Uint8Array> {
  try {
    yield* unpackThrough(createGunzip, open);
  } catch (error) {
    if (error instanceof Damage && error.at !== null && error.at > 1 && error.message === 'incorrect header check')
      throw new Behind(error.at - 1);
    throw error;
  }
}

/** What Node does not take for the beginning of a frame stands behind the last one, if the frames say so, too. */
async function* unpackZstd(open: Open): AsyncGenerator<Uint8Array> {
  let frames = new ZstdFrames();
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    frames = new ZstdFrames();
    for await (const bytes of open()) {
      frames.push(bytes);
      yield bytes;
    }
  };
  try {
    yield* unpackThrough(createZstdDecompress, watched, true);
  } catch (error) {
    if (error instanceof Damage && error.message === 'Unknown frame descriptor' && frames.end > 0)
      throw damaged(error, error.at, frames.end);
    throw error;
  }
}

/** Bytes that Node is fed at once: so few that a step can be taken byte by byte, so many that this costs good data nothing. */
const STEP_BYTES = 32 * 1024;

/** Node drops what a step has unpacked when it meets damage: then all is unpacked once more, and that step byte by byte. */
async function* unpackThrough(begin: () => Transform & Zlib, open: Open, joined = false): AsyncGenerator<Uint8Array> {
  let given = 0;
  try {
    for await (const bytes of inSteps(begin, open, joined)) {
      given += bytes.length;
      yield bytes;
    }
  } catch (error) {
    if (!(error instanceof Damage) || error.at === null) throw error;
    for await (const bytes of inSteps(begin, open, joined, error.at)) {
      if (bytes.length > given) yield bytes.subarray(given);
      given = Math.max(0, given - bytes.length);
    }
  }
}

/**
 * Feeds step by step, and from `fine` on byte by byte. `joined`: what follows the end of a frame is another frame, which Node
 * leaves out. Otherwise only zeros may follow what Node takes.
 */
async function* inSteps(begin: () => Transform & Zlib, open: Open, joined = false, fine = Infinity): AsyncGenerator<Uint8Array> {
  const start = (): Transform & Zlib => begin().on('error', () => undefined);
  let stream = start();
  let at = 0;
  let ended = false;
  try {
    for await (const bytes of open()) {
      for (let rest = bytes; rest.length > 0;) {
        if (ended) {
          const other = rest.findIndex((byte) => byte !== 0);
          if (other >= 0) throw new Behind(at + other);
          at += rest.length;
          break;
        }
        const before = stream.bytesWritten;
        const piece = rest.subarray(0, at < fine ? Math.min(STEP_BYTES, fine - at) : 1);
        yield* outputOf(stream, at, (done) => stream.write(piece, done));
        const taken = stream.bytesWritten - before;
        at += taken;
        rest = rest.subarray(taken);
        if (taken === piece.length) continue;
        if (joined) {
          stream.destroy();
          stream = start();
        } else ended = true;
      }
    }
    if (ended) return;
    yield* outputOf(stream, null, (done) => {
      stream.once('end', done);
      stream.end();
    });
  } finally {
    stream.destroy();
  }
}

/** What a stream gives until what was started is done. Its failure is looked up, so that none comes when nobody listens. */
async function* outputOf(stream: Transform, at: number | null, start: (done: () => void) => void): AsyncGenerator<Uint8Array> {
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
      if (stream.errored !== null) throw damaged(stream.errored, at);
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
