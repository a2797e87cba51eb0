// The canonical form (RFC 8785) of what nearly all records are, straight from bytes to bytes: the lines of an asciicast and the events of
// rstream, lists and objects of plain names, numbers and strings. Whatever is not exactly that is left to the parser: this file only has
// to be right where it answers, and a property test holds it to what the parser gives.

import { isUtf8 } from './bytes.ts';

const [QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE] = [0x22, 0x5c, 0x2c, 0x3a, 0x5b, 0x5d];
const [OPEN_OBJECT, CLOSE_OBJECT, ZERO, NINE, POINT] = [0x7b, 0x7d, 0x30, 0x39, 0x2e];

/** Digits before and behind the point of a number that has one decimal form in a double, and no exponent; and of one without a point. */
const WHOLE_DIGITS = 9;
const FRACTION_DIGITS = 6;
const INTEGER_DIGITS = 15;

/** What is nested more deeply, or has more members at hand, is left to the parser. */
const MAX_PLAIN_DEPTH = 8;
const MAX_MEMBERS = 64;

const LITERALS = ['true', 'false', 'null'].map((text) => new TextEncoder().encode(text));

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

/** Members of the objects at hand: where in the output the quoted name of each begins and ends, and where its value ends. */
const begins = new Int32Array(MAX_MEMBERS);
const nameEnds = new Int32Array(MAX_MEMBERS);
const ends = new Int32Array(MAX_MEMBERS);
const order = new Int32Array(MAX_MEMBERS);

/** Room in which members are put in order. */
let spare = new Uint8Array(0);

class PlainValue {
  readonly #line: Uint8Array;
  readonly #out: Uint8Array;
  #at = 0;
  #to = 0;
  #isAscii = true;
  /** Members of all objects that are not closed yet. */
  #members = 0;

  constructor(line: Uint8Array, out: Uint8Array) {
    this.#line = line;
    this.#out = out;
  }

  /** Bytes written, or -1. */
  write(): number {
    if (!this.#value(0)) return -1;
    this.#blanks();
    if (this.#at !== this.#line.length) return -1;
    return this.#isAscii || isUtf8(this.#out.subarray(0, this.#to)) ? this.#to : -1;
  }

  #blanks(): void {
    const line = this.#line;
    for (let byte = line[this.#at]; byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a; byte = line[this.#at])
      this.#at += 1;
  }

  #value(depth: number): boolean {
    this.#blanks();
    const first = this.#line[this.#at];
    if (first === QUOTE) return this.#string();
    if (isDigit(first)) return this.#number();
    if (first === OPEN_OBJECT) return depth < MAX_PLAIN_DEPTH && this.#object(depth + 1);
    if (first === OPEN) return depth < MAX_PLAIN_DEPTH && this.#list(depth + 1);
    return LITERALS.some((literal) => this.#literal(literal));
  }

  #literal(literal: Uint8Array): boolean {
    for (let i = 0; i < literal.length; i++) {
      if (this.#line[this.#at + i] !== literal[i]) return false;
      this.#out[this.#to + i] = literal[i]!;
    }
    this.#at += literal.length;
    this.#to += literal.length;
    return true;
  }

  #list(depth: number): boolean {
    this.#take(OPEN);
    if (this.#take(CLOSE)) return true;
    do {
      if (!this.#value(depth)) return false;
    } while (this.#take(COMMA));
    return this.#take(CLOSE);
  }

  #object(depth: number): boolean {
    const before = this.#members;
    this.#take(OPEN_OBJECT);
    if (this.#take(CLOSE_OBJECT)) return true;
    do {
      this.#blanks();
      const member = this.#members;
      if (member === MAX_MEMBERS || !this.#name()) return false;
      this.#members += 1;
      if (!this.#take(COLON) || !this.#value(depth)) return false;
      ends[member] = this.#to;
      if (!this.#place(before, member)) return false;
    } while (this.#take(COMMA));
    this.#sort(before);
    this.#members = before;
    return this.#take(CLOSE_OBJECT);
  }

  /** A name of plain ASCII, whose bytes are in the order of its UTF-16 units. */
  #name(): boolean {
    const line = this.#line;
    const member = this.#members;
    begins[member] = this.#to;
    if (line[this.#at] !== QUOTE) return false;
    let at = this.#at + 1;
    for (let byte = line[at]; byte !== QUOTE; byte = line[++at]) {
      if (byte === undefined || byte < 0x20 || byte >= 0x80 || byte === BACKSLASH) return false;
    }
    for (let i = this.#at; i <= at; i++) this.#out[this.#to++] = line[i]!;
    nameEnds[member] = this.#to;
    this.#at = at + 1;
    return true;
  }

  /** Puts a member in its place among those of its object before it. False where one has the same name. */
  #place(first: number, member: number): boolean {
    let place = member;
    for (; place > first; place--) {
      const before = order[place - 1]!;
      const difference = this.#compare(before, member);
      if (difference === 0) return false;
      if (difference < 0) break;
      order[place] = before;
    }
    order[place] = member;
    return true;
  }

  /** Compares the names of two members, without their closing quotes: a name goes before those that it begins. */
  #compare(a: number, b: number): number {
    const out = this.#out;
    const lengthA = nameEnds[a]! - begins[a]! - 1;
    const lengthB = nameEnds[b]! - begins[b]! - 1;
    for (let i = 1; i < lengthA && i < lengthB; i++) {
      const difference = out[begins[a]! + i]! - out[begins[b]! + i]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  /** Writes the members since the first one once more, in their order. */
  #sort(first: number): void {
    const last = this.#members;
    let isSorted = true;
    for (let i = first; i < last; i++) isSorted &&= order[i] === i;
    if (isSorted) return;
    const out = this.#out;
    if (spare.length < out.length) spare = new Uint8Array(out.length);
    const start = begins[first]!;
    let to = start;
    for (let i = first; i < last; i++) {
      const member = order[i]!;
      const [from, end] = [begins[member]!, ends[member]!];
      if (end - from > 64) spare.set(out.subarray(from, end), to);
      else for (let at = from; at < end; at++) spare[to + at - from] = out[at]!;
      to += end - from;
      if (i + 1 < last) spare[to++] = COMMA;
    }
    out.set(spare.subarray(start, to), start);
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
    if (at - start > INTEGER_DIGITS || (line[start] === ZERO && at - start > 1)) return false;
    if (line[at] === POINT) {
      if (at - start > WHOLE_DIGITS) return false;
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
    return next === undefined || next === COMMA || next === CLOSE || next === CLOSE_OBJECT || next <= 0x20;
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

/**
 * Writes the canonical form of a JSON list or object to `out` and returns how many bytes it has; -1 where it is of another form, or too
 * long for it.
 */
export function plainCanonical(json: Uint8Array, out: Uint8Array): number {
  if ((json[0] !== OPEN && json[0] !== OPEN_OBJECT) || json.length > out.length) return -1;
  return new PlainValue(json, out).write();
}
