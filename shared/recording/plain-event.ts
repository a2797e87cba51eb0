// The fast way through an asciicast: `[time, "code", "data"]` read straight from bytes to bytes, since nearly every line of a
// recording has this form. Whatever is not exactly that, well-formed or not, is left to JSON.parse: this file only has to be
// right where it answers, and a property test holds it to what JSON.parse would have said.

import { MICROS_PER_SECOND, type Micros } from './time.ts';
import { utf8Size } from './utf8.ts';

export interface PlainEvent {
  readonly at: Micros;
  readonly code: string;
  /** The data as UTF-8, its own copy. */
  readonly data: Uint8Array<ArrayBuffer>;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const POINT = 0x2e;

const isDigit = (byte: number | undefined): byte is number => byte !== undefined && byte >= ZERO && byte <= 0x39;

/** Reads one line after the other with one buffer. */
export class PlainEventReader {
  #line = new Uint8Array(0);
  #at = 0;
  #out = new Uint8Array(4096);
  #micros = 0;

  /** The event, or null where the line is anything else than such an event with a time of whole microseconds. */
  read(line: Uint8Array): PlainEvent | null {
    this.#line = line as Uint8Array<ArrayBuffer>;
    this.#at = 0;
    if (!this.#take(0x5b) || !this.#time() || !this.#take(COMMA)) return null;
    const codeLength = this.#string();
    if (codeLength !== 1 || this.#out[0]! > 0x7f || !this.#take(COMMA)) return null;
    const code = String.fromCharCode(this.#out[0]!);
    const length = this.#string();
    if (length === -1 || !this.#take(0x5d)) return null;
    this.#skipBlanks();
    if (this.#at !== line.length) return null;
    return { at: this.#micros as Micros, code, data: this.#out.slice(0, length) };
  }

  #skipBlanks(): void {
    while (this.#line[this.#at] === 0x20 || this.#line[this.#at] === 0x09) this.#at += 1;
  }

  #take(byte: number): boolean {
    this.#skipBlanks();
    return this.#line[this.#at++] === byte;
  }

  /** `0.5`, `12`, at most six digits after the point and nine before it. */
  #time(): boolean {
    this.#skipBlanks();
    const line = this.#line;
    let at = this.#at;
    const start = at;
    let whole = 0;
    while (isDigit(line[at])) whole = whole * 10 + line[at++]! - ZERO;
    if (at === start || at - start > 9 || (line[start] === ZERO && at - start > 1)) return false;
    let micros = 0;
    if (line[at] === POINT) {
      const point = at++;
      while (isDigit(line[at]) && at - point <= 6) micros = micros * 10 + line[at++]! - ZERO;
      const digits = at - point - 1;
      if (digits === 0) return false;
      for (let missing = 6 - digits; missing > 0; missing--) micros *= 10;
    }
    this.#at = at;
    this.#micros = whole * MICROS_PER_SECOND + micros;
    return true;
  }

  /** Unescapes a string into the buffer and returns its length there, or -1. */
  #string(): number {
    if (!this.#take(QUOTE)) return -1;
    const line = this.#line;
    const room = line.length - this.#at;
    if (this.#out.length < room) this.#out = new Uint8Array(room * 2);
    const out = this.#out;
    let at = this.#at;
    let length = 0;
    for (;;) {
      const byte = line[at++];
      if (byte === undefined || byte < 0x20) return -1;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        const escaped = ESCAPED[line[at++]!];
        if (escaped === undefined) return -1;
        if (escaped !== 0) {
          out[length++] = escaped;
          continue;
        }
        let code = hex(line, at);
        at += 4;
        if (code >= 0xd800 && code <= 0xdbff && line[at] === BACKSLASH && line[at + 1] === 0x75) {
          const low = hex(line, at + 2);
          at += 6;
          if (low < 0xdc00 || low > 0xdfff) return -1;
          code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        if (code === -1 || (code >= 0xd800 && code <= 0xdfff)) return -1;
        length = writeUtf8(out, length, code);
      } else if (byte < 0x80) {
        out[length++] = byte;
      } else {
        const size = utf8Size(line, at - 1);
        if (size === 0) return -1;
        out[length++] = byte;
        for (let i = 1; i < size; i++) out[length++] = line[at++]!;
      }
    }
    this.#at = at;
    return length;
  }
}

/** What stands for `\n` and the like, by the byte after the backslash; 0 for `u`. */
const ESCAPED: readonly (number | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const at = 'bfnrt"\\/u'.indexOf(String.fromCharCode(byte));
  return at === -1 ? undefined : [8, 12, 10, 13, 9, QUOTE, BACKSLASH, 0x2f, 0][at];
});

/** Four hexadecimal digits, or -1. */
function hex(line: Uint8Array, at: number): number {
  let code = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = line[i];
    if (byte === undefined) return -1;
    const letter = byte | 0x20;
    if (isDigit(byte)) code = code * 16 + byte - ZERO;
    else if (letter >= 0x61 && letter <= 0x66) code = code * 16 + letter - 0x57;
    else return -1;
  }
  return code;
}

function writeUtf8(out: Uint8Array, from: number, code: number): number {
  let at = from;
  if (code < 0x80) {
    out[at++] = code;
  } else if (code < 0x800) {
    out[at++] = 0xc0 | (code >> 6);
    out[at++] = 0x80 | (code & 0x3f);
  } else {
    if (code < 0x10000) {
      out[at++] = 0xe0 | (code >> 12);
    } else {
      out[at++] = 0xf0 | (code >> 18);
      out[at++] = 0x80 | ((code >> 12) & 0x3f);
    }
    out[at++] = 0x80 | ((code >> 6) & 0x3f);
    out[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}
