// Lines of JSON written as bytes: payloads go from bytes to bytes, with no text made of them, since nearly all of a recording's export is
// payload. What comes out is to the byte what JSON.stringify gives for the same text. RFC 8259, section 7.

import { utf8Size } from './utf8.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** How each byte below 0x80 stands in a string: 0 as itself, 1 as `\u00xx`, else a backslash and this letter. */
const ESCAPES = new Uint8Array(128);
ESCAPES.fill(1, 0, 0x20);
for (const [at, letter] of [
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
] as const)
  ESCAPES[at] = letter.charCodeAt(0);

const HEX = new TextEncoder().encode('0123456789abcdef');
const BASE64 = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** Bytes that one byte of a string becomes at most, and its closing quote. */
const ONE_MORE = 7;

const encoder = new TextEncoder();

export class JsonBytes {
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;

  /** Bytes since the last {@link take}. */
  get length(): number {
    return this.#length;
  }

  /** Takes back what was written since there were `length` bytes. */
  backTo(length: number): void {
    this.#length = length;
  }

  #room(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  /** A text of ASCII as it is: names and punctuation. */
  ascii(text: string): void {
    this.#room(text.length);
    const out = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < text.length; i++) out[at++] = text.charCodeAt(i);
    this.#length = at;
  }

  /** Any text as it is. */
  text(text: string): void {
    this.#room(text.length * 3);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  /** A whole number of at least 0. */
  count(value: number): void {
    // What fits 31 bits is divided as an integer.
    if (value > 0x7fff_ffff) return this.ascii(String(value));
    this.#room(10);
    let digits = 1;
    for (let bound = 10; value >= bound; bound *= 10) digits += 1;
    const out = this.#bytes;
    let rest = value;
    for (let at = this.#length + digits - 1; at >= this.#length; at--) {
      const tenth = (rest / 10) | 0;
      out[at] = 0x30 + rest - tenth * 10;
      rest = tenth;
    }
    this.#length += digits;
  }

  /** Bytes in lower-case hexadecimal, without quotes. */
  hex(bytes: Uint8Array): void {
    this.#room(bytes.length * 2);
    let to = this.#length;
    for (const byte of bytes) {
      this.#bytes[to++] = HEX[byte >> 4]!;
      this.#bytes[to++] = HEX[byte & 15]!;
    }
    this.#length = to;
  }

  /** A text as a string. A lone surrogate becomes U+FFFD. */
  string(text: string): void {
    if (!this.#plain(text)) this.text(JSON.stringify(text.toWellFormed()));
  }

  /** Writes a string of ASCII without an escape, as numbers and times are; false, and nothing is written, where it is none. */
  #plain(text: string): boolean {
    this.#room(text.length + 2);
    const out = this.#bytes;
    let at = this.#length;
    out[at++] = QUOTE;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80 || ESCAPES[code] !== 0) return false;
      out[at++] = code;
    }
    out[at++] = QUOTE;
    this.#length = at;
    return true;
  }

  /** Bytes that are UTF-8 as a string of their text; false, and nothing is written, where they are not. */
  utf8(bytes: Uint8Array): boolean {
    const before = this.#length;
    this.#room(bytes.length + ONE_MORE);
    let out = this.#bytes;
    let to = this.#length;
    out[to++] = QUOTE;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte < 0x80) {
        const escape = ESCAPES[byte]!;
        if (escape === 0) {
          out[to++] = byte;
          continue;
        }
        if (to + bytes.length - at + ONE_MORE > out.length) {
          this.#length = to;
          this.#room(bytes.length - at + ONE_MORE);
          out = this.#bytes;
        }
        out[to++] = BACKSLASH;
        if (escape !== 1) {
          out[to++] = escape;
          continue;
        }
        out[to++] = 0x75;
        out[to++] = 0x30;
        out[to++] = 0x30;
        out[to++] = HEX[byte >> 4]!;
        out[to++] = HEX[byte & 15]!;
        continue;
      }
      const size = utf8Size(bytes, at);
      if (size === 0) {
        this.#length = before;
        return false;
      }
      for (let i = 0; i < size; i++) out[to++] = bytes[at + i]!;
      at += size - 1;
    }
    out[to++] = QUOTE;
    this.#length = to;
    return true;
  }

  /** Bytes in base64, as a string (RFC 4648, section 4). */
  base64(bytes: Uint8Array): void {
    this.#room(Math.ceil(bytes.length / 3) * 4 + 2);
    const out = this.#bytes;
    let to = this.#length;
    out[to++] = QUOTE;
    for (let i = 0; i < bytes.length; i += 3) {
      const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
      out[to++] = BASE64[a >> 2]!;
      out[to++] = BASE64[((a & 3) << 4) | ((b ?? 0) >> 4)]!;
      out[to++] = b === undefined ? 0x3d : BASE64[((b & 15) << 2) | ((c ?? 0) >> 6)]!;
      out[to++] = c === undefined ? 0x3d : BASE64[c & 63]!;
    }
    out[to++] = QUOTE;
    this.#length = to;
  }

  /** What was written, as a view that is good until the next write. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }
}
