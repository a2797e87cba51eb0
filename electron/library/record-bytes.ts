// The bytes of a record, out of the ranges that it has in the parts of its acquisition. A raw record may be as long as its file (a line
// that is too long to be read): such a one is taken piece by piece and never held.

import type { ByteRange, RecordSpan } from '../../shared/recording/decoder.ts';
import { PART_CHUNK_BYTES, type ContentStore } from './content.ts';

/** Reads a range of a part. */
export type ReadRange = (range: ByteRange) => Uint8Array;

/** Bytes that a record has in its parts. */
export const lengthOf = ({ ranges }: RecordSpan): number => ranges.reduce((sum, { length }) => sum + length, 0);

/** Whether a record is raw and longer than a chunk of a part: it stands in pieces wherever it is hashed or written. */
export function isLong(span: RecordSpan): boolean {
  return span.form === 'raw' && lengthOf(span) > PART_CHUNK_BYTES;
}

/** The ranges of a record, cut where the stored chunks of its parts end: each is read once, and none is longer than a chunk. */
export function* piecesOf({ ranges }: RecordSpan): Generator<ByteRange> {
  for (const { part, offset, length } of ranges) {
    const end = offset + length;
    for (let from = offset; from < end;) {
      const to = Math.min(end, from - (from % PART_CHUNK_BYTES) + PART_CHUNK_BYTES);
      yield { part, offset: from, length: to - from };
      from = to;
    }
  }
}

/** A record as a whole. */
export function wholeRecord({ ranges }: RecordSpan, read: ReadRange): Uint8Array {
  const pieces = ranges.map(read);
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/** Parts of which a chunk is held: more than any format reads in turn. A synchronised session has thousands, one after the other. */
const HELD_PARTS = 16;

/** Reads ranges of parts that mostly go forward, holding one stored chunk of each of the parts read last. */
export function rangeReader(content: ContentStore, acquisition: number): ReadRange {
  const held = new Map<number, { chunk: number; bytes: Buffer }>();
  const sizes = new Map(content.storedParts(acquisition).map(({ part, size }) => [part, size]));
  const chunkLength = (part: number, chunk: number): number =>
    Math.min(PART_CHUNK_BYTES, (sizes.get(part) ?? 0) - chunk * PART_CHUNK_BYTES);
  return ({ part, offset, length }) => {
    const chunk = Math.floor(offset / PART_CHUNK_BYTES);
    let cached = held.get(part);
    if (cached?.chunk !== chunk) {
      cached = { chunk, bytes: content.partRange(acquisition, part, chunk * PART_CHUNK_BYTES, chunkLength(part, chunk)) };
      held.delete(part);
      held.set(part, cached);
      if (held.size > HELD_PARTS) held.delete(held.keys().next().value!);
    }
    const at = offset - chunk * PART_CHUNK_BYTES;
    if (at + length <= cached.bytes.length) return cached.bytes.subarray(at, at + length);
    return content.partRange(acquisition, part, offset, length);
  };
}
