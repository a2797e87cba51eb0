// Cuts bytes into lines, for all formats that are made of lines. Lines end at LF; a CR before it, and a byte order mark at
// the start of the file, belong to no line. Most blank lines are only counted: a flood of them must cost little. A line longer
// than MAX_RECORD_BYTES is reported without its bytes.

import { Carry } from './carry.ts';
import { MAX_RECORD_BYTES } from './decoder.ts';

export interface Line {
  /** The bytes, valid only during the call; null when there are too many to hold. */
  readonly bytes: Uint8Array | null;
  /** Where the line starts in its part, and how many bytes it has without its end. */
  readonly offset: number;
  readonly length: number;
  /** From 1. */
  readonly number: number;
  /** False for a last line without a line end. */
  readonly ended: boolean;
}

const LF = 0x0a;
const CR = 0x0d;

export class LineReader {
  readonly #carry = new Carry();
  #number = 0;
  #offset = 0;

  push(bytes: Uint8Array, take: (line: Line) => void): void {
    let from = 0;
    for (;;) {
      if (this.#carry.length === 0) from += this.#skipBlankLines(bytes, from);
      const end = bytes.indexOf(LF, from);
      if (end === -1) break;
      const piece = bytes.subarray(from, end);
      if (this.#carry.length === 0) {
        this.#line(piece.length > MAX_RECORD_BYTES ? null : piece, piece.length, true, take);
      } else {
        this.#carry.append(piece);
        const length = this.#carry.length;
        this.#line(this.#carry.take(), length, true, take);
      }
      from = end + 1;
    }
    if (from < bytes.length) this.#carry.append(bytes.subarray(from));
  }

  /** The part is over: a line without an end is reported. */
  end(take: (line: Line) => void): void {
    const length = this.#carry.length;
    if (length > 0) this.#line(this.#carry.take(), length, false, take);
  }

  #skipBlankLines(bytes: Uint8Array, from: number): number {
    const { lines, length } = blankLines(bytes, from, bytes.length);
    this.#number += lines;
    this.#offset += length;
    return length;
  }

  #line(bytes: Uint8Array | null, length: number, ended: boolean, take: (line: Line) => void): void {
    const start = this.#offset;
    this.#offset += length + (ended ? 1 : 0);
    this.#number += 1;
    if (bytes === null) {
      take({ bytes, offset: start, length, number: this.#number, ended });
      return;
    }
    const skip = start === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    const trim = ended && bytes[length - 1] === CR ? 1 : 0;
    const kept = skip === 0 && trim === 0 ? bytes : bytes.subarray(skip, length - trim);
    take({ bytes: kept, offset: start + skip, length: kept.length, number: this.#number, ended });
  }
}

/** True where a line has nothing but blanks. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === CR);
}

/** How many blank lines follow each other from `from` on, and how many bytes they have with their ends. */
export function blankLines(bytes: Uint8Array, from: number, to: number): { readonly lines: number; readonly length: number } {
  let lines = 0;
  let end = from;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === LF) {
      lines += 1;
      end = at + 1;
    } else if (byte !== CR && byte !== 0x20 && byte !== 0x09) {
      break;
    }
  }
  return { lines, length: end - from };
}
