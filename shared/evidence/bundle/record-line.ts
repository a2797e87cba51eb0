// The lines of records.jsonl (docs/bundle.md). Nearly all of them have one form and are read by the place of their members, as bytes, with
// no text made of them. Only what is exactly as Exhibit writes it is read so; every other line goes the long way, which decides.

import { fromBase64, fromHex, isUtf8 } from '../bytes.ts';
import { SALT_BYTES } from '../acquisition-tree.ts';
import { isCount, isHex, isText, members, strictLine } from './strict-json.ts';

const encoder = new TextEncoder();

export type Range = readonly [part: number, offset: number, length: number];

export interface ShownRecord {
  readonly kind: 'shown';
  readonly index: number;
  readonly salt: Uint8Array;
  readonly form: 'raw' | 'jcs';
  readonly bytes: Uint8Array;
  readonly ranges: readonly Range[];
  /** The line has a piece of a long record, and the next one goes on with it. */
  readonly more: boolean;
}

export type BundleRecord =
  ShownRecord | { readonly kind: 'withheld'; readonly index: number; readonly leaf: Uint8Array; readonly why: string };

function isRange(value: unknown): value is Range {
  return Array.isArray(value) && value.length === 3 && value.every(isCount);
}

/** A line in any of its forms, or null where it is none. */
export function readRecord(line: Uint8Array): BundleRecord | null {
  const found = strictLine(line);
  if (found === null) return null;
  const { index } = found;
  if (!isCount(index)) return null;
  const hidden = members(found, ['index', 'leaf', 'why']);
  if (hidden !== null) {
    const { leaf, why } = hidden;
    return isHex(leaf, 64) && isText(why) ? { kind: 'withheld', index, leaf: fromHex(leaf)!, why } : null;
  }
  const { salt, form, ranges } = found;
  const more = 'more' in found;
  const end = more ? ['ranges', 'more'] : ['ranges'];
  const asText = members(found, ['index', 'salt', 'form', 'utf8', ...end])?.['utf8'];
  const asBytes = members(found, ['index', 'salt', 'form', 'base64', ...end])?.['base64'];
  const bytes = isText(asText) && asText.isWellFormed() ? encoder.encode(asText) : isText(asBytes) ? fromBase64(asBytes) : null;
  if (!isHex(salt, 2 * SALT_BYTES) || (form !== 'raw' && form !== 'jcs') || bytes === null) return null;
  if (!Array.isArray(ranges) || !ranges.every(isRange)) return null;
  if (more && (found['more'] !== true || form !== 'raw')) return null;
  return { kind: 'shown', index, salt: fromHex(salt)!, form, bytes, ranges, more };
}

const INDEX = encoder.encode('{"index":');
const SALT = encoder.encode(',"salt":"');
const JCS = encoder.encode('","form":"jcs","utf8":"');
const RAW = encoder.encode('","form":"raw","utf8":"');
const RANGES = encoder.encode('","ranges":[');
const END = encoder.encode(']}');
const MORE = encoder.encode('],"more":true}');

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, ZERO, NINE] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x30, 0x39];

/** Digits of a number that is certainly exact. */
const EXACT_DIGITS = 15;

/** What follows a backslash in the one escape that JSON.stringify has for a character. */
const SHORT_ESCAPES = new Int8Array(128).fill(-1);
for (const [letter, code] of Object.entries({ '"': 0x22, '\\': 0x5c, b: 8, t: 9, n: 10, f: 12, r: 13 }))
  SHORT_ESCAPES[letter.charCodeAt(0)] = code;

/** The value of each lower-case hexadecimal digit by its code, -1 for what is none. */
const HEX = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) HEX[value.toString(16).charCodeAt(0)] = value;

/** Room for the bytes of nearly every record. */
const ROOM_BYTES = 64 * 1024;

/** Reads lines one after the other: what is given of one is good until the next one is read. */
export class RecordReader {
  readonly #salt = new Uint8Array(SALT_BYTES);
  readonly #room = new Uint8Array(ROOM_BYTES);
  #line: Uint8Array = this.#room;
  #at = 0;

  /** Null where the line is none. */
  read(line: Uint8Array): BundleRecord | null {
    this.#line = line;
    this.#at = 0;
    return this.#plain() ?? readRecord(line);
  }

  #plain(): ShownRecord | null {
    if (!this.#skip(INDEX)) return null;
    const index = this.#count();
    if (index < 0 || !this.#skip(SALT) || !this.#readSalt()) return null;
    const form = this.#skip(JCS) ? 'jcs' : this.#skip(RAW) ? 'raw' : null;
    const bytes = form === null ? null : this.#text();
    if (form === null || bytes === null || !this.#skip(RANGES)) return null;
    const ranges: Range[] = [];
    while (this.#line[this.#at] !== CLOSE) {
      const range = ranges.length === 0 || this.#skipOne(COMMA) ? this.#range() : null;
      if (range === null) return null;
      ranges.push(range);
    }
    const more = form === 'raw' && this.#skip(MORE);
    if ((!more && !this.#skip(END)) || this.#at !== this.#line.length) return null;
    return { kind: 'shown', index, salt: this.#salt, form, bytes, ranges, more };
  }

  #skip(what: Uint8Array): boolean {
    for (let i = 0; i < what.length; i++) if (this.#line[this.#at + i] !== what[i]) return false;
    this.#at += what.length;
    return true;
  }

  #skipOne(byte: number): boolean {
    if (this.#line[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  /** A number of the form that JSON.stringify gives it, or -1. */
  #count(): number {
    const from = this.#at;
    let value = 0;
    for (let byte = this.#line[from]; byte !== undefined && byte >= ZERO && byte <= NINE; byte = this.#line[++this.#at])
      value = value * 10 + byte - ZERO;
    const digits = this.#at - from;
    return digits === 0 || digits > EXACT_DIGITS || (digits > 1 && this.#line[from] === ZERO) ? -1 : value;
  }

  #range(): Range | null {
    if (!this.#skipOne(OPEN)) return null;
    const part = this.#count();
    if (part < 0 || !this.#skipOne(COMMA)) return null;
    const offset = this.#count();
    if (offset < 0 || !this.#skipOne(COMMA)) return null;
    const length = this.#count();
    return length < 0 || !this.#skipOne(CLOSE) ? null : [part, offset, length];
  }

  #hex(): number {
    const high = HEX[this.#line[this.#at] ?? 0]!;
    const low = HEX[this.#line[this.#at + 1] ?? 0]!;
    this.#at += 2;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  #readSalt(): boolean {
    const line = this.#line;
    const from = this.#at;
    if (from + 2 * SALT_BYTES > line.length) return false;
    for (let i = 0; i < SALT_BYTES; i++) {
      const byte = (HEX[line[from + 2 * i]!]! << 4) | HEX[line[from + 2 * i + 1]!]!;
      if (byte < 0) return false;
      this.#salt[i] = byte;
    }
    this.#at = from + 2 * SALT_BYTES;
    return true;
  }

  /** The UTF-8 of a string up to its closing quote, which is written as JSON.stringify writes it; else null. */
  #text(): Uint8Array | null {
    const line = this.#line;
    const room = line.length <= ROOM_BYTES ? this.#room : new Uint8Array(line.length);
    let at = this.#at;
    let length = 0;
    let isAscii = true;
    for (; at < line.length; at++) {
      const byte = line[at]!;
      if (byte === QUOTE) break;
      if (byte < 0x20) return null;
      if (byte >= 0x80) isAscii = false;
      if (byte !== BACKSLASH) {
        room[length++] = byte;
        continue;
      }
      this.#at = at + 1;
      const character = this.#escape();
      if (character < 0) return null;
      room[length++] = character;
      at = this.#at - 1;
    }
    this.#at = at;
    const bytes = room.subarray(0, length);
    return isAscii || isUtf8(bytes) ? bytes : null;
  }

  /** The character of an escape, behind its backslash; -1 for one that JSON.stringify does not write for text. */
  #escape(): number {
    const letter = this.#line[this.#at++] ?? 0;
    if (letter !== 0x75) return SHORT_ESCAPES[letter] ?? -1;
    const high = this.#hex();
    const code = this.#hex();
    const isShort = code === 8 || code === 9 || code === 10 || code === 12 || code === 13;
    return high === 0 && code >= 0 && code < 0x20 && !isShort ? code : -1;
  }
}
