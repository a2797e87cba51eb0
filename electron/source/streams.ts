// Byte streams as async iterables, and their beginnings.

import type { InputFile } from './input.ts';

/** Bytes asked for at once: few enough to stay responsive, many enough that a page is not asked too often. */
const READ_BYTES = 512 * 1024;

/** Bytes asked for first: of most files only the beginning is looked at. */
const FIRST_READ_BYTES = 64 * 1024;

export type Open = () => AsyncIterable<Uint8Array>;

/** The bytes of a file from one offset to another. */
export async function* range(file: InputFile, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to;) {
    const bytes = await file.read(at, Math.min(at === from ? FIRST_READ_BYTES : READ_BYTES, to - at));
    if (bytes.length === 0) return;
    yield bytes;
    at += bytes.length;
  }
}

/**
 * A file of which the piece that was read last is held: small reads that lie near each other become one. The lists and headers of an
 * archive are a few bytes each, and a file is opened for every read.
 */
export function readAhead(file: InputFile): InputFile {
  let from = 0;
  let held: Uint8Array = new Uint8Array(0);
  const { name, size } = file;
  return {
    name,
    size,
    read: async (offset, length) => {
      if (length > FIRST_READ_BYTES) return file.read(offset, length);
      if (offset < from || offset + length > from + held.length) {
        const bytes = await file.read(offset, FIRST_READ_BYTES);
        held = bytes;
        from = offset;
        return bytes.subarray(0, length);
      }
      return held.subarray(offset - from, offset - from + length);
    },
  };
}

export const whole =
  (file: InputFile): Open =>
  () =>
    range(file, 0, file.size);

/** The first bytes of a stream, at most `length` of them; the stream is not read on. */
export async function headOf(open: Open, length: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let have = 0;
  for await (const bytes of open()) {
    pieces.push(bytes.subarray(0, length - have));
    have += pieces.at(-1)!.length;
    if (have === length) break;
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/** Cuts a stream into given lengths: `take(n)` gives exactly n bytes, or fewer at the end. */
export function byteReader(stream: AsyncIterable<Uint8Array>): { take(length: number): Promise<Buffer>; stop(): Promise<void> } {
  const iterator = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    take: async (length) => {
      const pieces: Uint8Array[] = [];
      let have = 0;
      while (have < length) {
        if (rest.length === 0) {
          const { value, done } = await iterator.next();
          if (done === true) break;
          rest = value;
          continue;
        }
        const piece = rest.subarray(0, length - have);
        pieces.push(piece);
        have += piece.length;
        rest = rest.subarray(piece.length);
      }
      return pieces.length === 1 ? Buffer.from(pieces[0]!) : Buffer.concat(pieces);
    },
    stop: async () => {
      await iterator.return?.();
    },
  };
}
