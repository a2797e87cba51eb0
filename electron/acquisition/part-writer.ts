// One part of an input on its way into the library: hashed, cut into chunks, and held just long enough that the records which
// the decoder finds in it can be read back for the acquisition tree.

import { createHash } from 'node:crypto';
import { PART_CHUNK_BYTES, type CompletedPart, type PartChunk } from '../library/library.ts';

interface Held {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Bytes that stay in memory behind the newest: more than nearly every record, far less than a recording. */
const WINDOW_BYTES = 2 * 1024 * 1024;

export class PartWriter {
  readonly part: number;
  readonly name: string;
  readonly role: CompletedPart['role'];
  readonly of: number | null;
  readonly #hash = createHash('sha256');
  readonly #chunk = Buffer.allocUnsafe(PART_CHUNK_BYTES);
  #chunkLength = 0;
  #chunks = 0;
  #size = 0;
  #held: Held[] = [];

  constructor(part: number, name: string, role: CompletedPart['role'], of: number | null) {
    this.part = part;
    this.name = name;
    this.role = role;
    this.of = of;
  }

  get size(): number {
    return this.#size;
  }

  /** Takes the next bytes; full chunks go to `full`. The bytes are kept as they are: the caller does not reuse them. */
  push(bytes: Uint8Array, full: (chunk: PartChunk) => void): void {
    this.#hash.update(bytes);
    this.#held.push({ offset: this.#size, bytes });
    this.#size += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + PART_CHUNK_BYTES - this.#chunkLength);
      this.#chunk.set(piece, this.#chunkLength);
      this.#chunkLength += piece.length;
      at += piece.length;
      if (this.#chunkLength === PART_CHUNK_BYTES) this.#cut(full);
    }
  }

  #cut(full: (chunk: PartChunk) => void): void {
    full({ part: this.part, chunk: this.#chunks, bytes: Buffer.from(this.#chunk.subarray(0, this.#chunkLength)) });
    this.#chunks += 1;
    this.#chunkLength = 0;
  }

  /** Lets go of bytes that stand in committed chunks and are behind the window. */
  release(): void {
    const committed = this.#chunks * PART_CHUNK_BYTES;
    const limit = Math.min(committed, this.#size - WINDOW_BYTES);
    this.#held = this.#held.filter(({ offset, bytes }) => offset + bytes.length > limit);
  }

  /** Bytes of a range; `stored` reads what is no longer held. */
  range(offset: number, length: number, stored: (offset: number, length: number) => Uint8Array): Uint8Array {
    if (offset + length > this.#size) throw new RangeError(`a record ends behind its part ${this.name}`);
    const whole = this.#held.find((held) => held.offset <= offset && offset + length <= held.offset + held.bytes.length);
    if (whole !== undefined) return whole.bytes.subarray(offset - whole.offset, offset - whole.offset + length);
    const out = Buffer.allocUnsafe(length);
    let at = offset;
    const first = this.#held[0]?.offset ?? this.#size;
    if (at < first) {
      const before = stored(at, Math.min(first, offset + length) - at);
      out.set(before, 0);
      at += before.length;
    }
    for (const held of this.#held) {
      if (at >= offset + length) break;
      if (held.offset + held.bytes.length <= at) continue;
      const piece = held.bytes.subarray(at - held.offset, offset + length - held.offset);
      out.set(piece, at - offset);
      at += piece.length;
    }
    return out;
  }

  /** The last chunk, and what the part was as a whole. */
  finish(full: (chunk: PartChunk) => void): CompletedPart {
    if (this.#chunkLength > 0) this.#cut(full);
    const { part, name, role, of } = this;
    return { part, name, role, of, size: this.#size, sha256: this.#hash.digest() };
  }
}
