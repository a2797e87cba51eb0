// The canonical form (RFC 8785) of the lines that nearly all of an asciicast is made of, straight from bytes to bytes: one array of plain
// numbers and strings. Whatever is not exactly that is left to the parser: this file only has to be right where it answers, and a property
// test holds it to what the parser gives.

import { isUtf8 } from './bytes.ts';

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, ZERO, NINE, POINT] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x30, 0x39, 0x2e];

/** Digits before and behind the point of a number that has one decimal form in a double, and no exponent. */
const WHOLE_DIGITS = 9;
const FRACTION_DIGITS = 6;

/** What a letter behind a backslash stands for. */
const ESCAPED = new Int8Array(128).fill(-1);
/** How a character stands in a canonical string: 0 as itself, 1 as `\u00xx`, else behind a backslash as this letter. */
const ESCAPE = new Uint8Array(128).fill(1, 0, 0x20);
for (const [letter, code] of Object.entries({ '"': 0x22, '\\': 0x5c, b: 8, t: 9, n: 10, f: 12, r: 13 })) {
  ESCAPED[letter.charCodeAt(0)] = code;
  ESCAPE[code] = letter.charCodeAt(0);
}
ESCAPED['/'.charCodeAt(0)] = '/'.charCodeAt(0);

/** The value of each hexadecimal digit by its code, -1 for what is none; and the digits. */
const VALUES = new Int8Array(256).fill(-1);
const DIGITS = new TextEncoder().encode('0123456789abcdef');
for (let value = 0; value < 16; value++) {
  VALUES[value.toString(16).charCodeAt(0)] = value;
  VALUES[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

const isDigit = (byte: number | undefined): byte is number => byte !== undefined && byte >= ZERO && byte <= NINE;

class PlainLine {
  readonly #line: Uint8Array;
  readonly #out: Uint8Array;
  #at = 0;
  #to = 0;
  #isAscii = true;

  constructor(line: Uint8Array, out: Uint8Array) {
    this.#line = line;
    this.#out = out;
  }

  /** Bytes written, or -1. */
  write(): number {
    if (!this.#take(OPEN)) return -1;
    do {
      this.#blanks();
      const isWritten = this.#line[this.#at] === QUOTE ? this.#string() : this.#number();
      if (!isWritten) return -1;
    } while (this.#take(COMMA));
    if (!this.#take(CLOSE)) return -1;
    this.#blanks();
    if (this.#at !== this.#line.length) return -1;
    return this.#isAscii || isUtf8(this.#out.subarray(0, this.#to)) ? this.#to : -1;
  }

  #blanks(): void {
    for (let byte = this.#line[this.#at]; byte === 0x20 || byte === 0x09 || byte === 0x0d; byte = this.#line[this.#at])
      this.#at += 1;
  }

  /** A byte of the grammar, which is written too. */
  #take(byte: number): boolean {
    this.#blanks();
    if (this.#line[this.#at] !== byte) return false;
    this.#at += 1;
    this.#out[this.#to++] = byte;
    return true;
  }

  #number(): boolean {
    const line = this.#line;
    const start = this.#at;
    let at = start;
    while (isDigit(line[at])) this.#out[this.#to++] = line[at++]!;
    if (at === start || at - start > WHOLE_DIGITS || (line[start] === ZERO && at - start > 1)) return false;
    if (line[at] === POINT) {
      const point = at++;
      let last = this.#to;
      this.#out[this.#to++] = POINT;
      while (isDigit(line[at])) {
        this.#out[this.#to++] = line[at]!;
        if (line[at++] !== ZERO) last = this.#to;
      }
      if (at === point + 1 || at - point - 1 > FRACTION_DIGITS) return false;
      this.#to = last;
    }
    this.#at = at;
    // An exponent, or whatever else goes on there.
    const next = line[at];
    return next === undefined || next === COMMA || next === CLOSE || next <= 0x20;
  }

  #string(): boolean {
    const line = this.#line;
    const out = this.#out;
    let at = this.#at + 1;
    let to = this.#to;
    out[to++] = QUOTE;
    for (;;) {
      const byte = line[at++];
      if (byte === undefined || byte < 0x20) return false;
      if (byte === QUOTE) break;
      if (byte !== BACKSLASH) {
        if (byte >= 0x80) this.#isAscii = false;
        out[to++] = byte;
        continue;
      }
      const letter = line[at++] ?? 0;
      let code = ESCAPED[letter] ?? -1;
      if (letter === 0x75) {
        code = this.#hex(at);
        at += 4;
        if (code >= 0xd800 && code <= 0xdbff && line[at] === BACKSLASH && line[at + 1] === 0x75) {
          const low = this.#hex(at + 2);
          if (low < 0xdc00 || low > 0xdfff) return false;
          at += 6;
          code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        } else if (code >= 0xd800 && code <= 0xdfff) return false;
      }
      if (code < 0) return false;
      to = this.#character(code, to);
    }
    out[to++] = QUOTE;
    this.#at = at;
    this.#to = to;
    return true;
  }

  /** Never more bytes than the escape had that it was read from. */
  #character(code: number, from: number): number {
    const out = this.#out;
    let to = from;
    if (code < 0x80) {
      const escape = ESCAPE[code]!;
      if (escape !== 0) out[to++] = BACKSLASH;
      if (escape === 1) {
        for (const byte of [0x75, ZERO, ZERO, DIGITS[code >> 4]!, DIGITS[code & 15]!]) out[to++] = byte;
      } else out[to++] = escape === 0 ? code : escape;
      return to;
    }
    if (code < 0x800) out[to++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) out[to++] = 0xe0 | (code >> 12);
      else {
        out[to++] = 0xf0 | (code >> 18);
        out[to++] = 0x80 | ((code >> 12) & 0x3f);
      }
      out[to++] = 0x80 | ((code >> 6) & 0x3f);
    }
    out[to++] = 0x80 | (code & 0x3f);
    return to;
  }

  /** Four hexadecimal digits, or -1. */
  #hex(from: number): number {
    let code = 0;
    for (let at = from; at < from + 4; at++) {
      const value = VALUES[this.#line[at] ?? 0]!;
      if (value < 0) return -1;
      code = code * 16 + value;
    }
    return code;
  }
}

/** Writes the canonical form of a line to `out` and returns how many bytes it has; -1 where the line is of another form, or too long for it. */
export function plainCanonical(line: Uint8Array, out: Uint8Array): number {
  return line[0] !== OPEN || line.length > out.length ? -1 : new PlainLine(line, out).write();
}
