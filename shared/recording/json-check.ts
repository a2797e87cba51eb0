// Whether bytes are one well-formed JSON value, without throwing, without recursion, and without building anything. JSON.parse
// takes microseconds to throw, which a file of nothing but bad lines would turn into minutes. The grammar is that of RFC 8259;
// bytes from 0x80 on are let through inside strings, where the UTF-8 decoder deals with them.

/** Deepest nesting that is read. JSON.parse takes a hundred bytes of memory a level, and nothing that is recorded needs it. */
export const MAX_NESTING = 512;

/** Most elements of a list whose places are taken in: a server is asked for a thousand, and each takes memory when it is read. */
export const MAX_ELEMENTS = 100_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/**
 * What keeps bytes from being JSON that is read, or null where nothing does. Where they are a list, `elements` takes in where its
 * elements stand, `most` of them: offsets of their first and behind their last byte, in turn.
 */
export function jsonFault(bytes: Uint8Array, elements: number[] | null = null, most = MAX_ELEMENTS): string | null {
  const open: number[] = [];
  let at = skipBlanks(bytes, 0);
  const list = bytes[at] === OPEN_ARRAY ? elements : null;
  for (;;) {
    // A value begins at `at`.
    const byte = bytes[at];
    if (list !== null && open.length === 1) {
      if (list.length === 2 * most) return TOO_MANY;
      list.push(at);
    }
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (open.length === MAX_NESTING) return TOO_DEEP;
      const close = byte + 2;
      at = skipBlanks(bytes, at + 1);
      if (bytes[at] !== close) {
        open.push(close);
        if (byte === OPEN_OBJECT) at = name(bytes, at);
        if (at === -1) return NOT_JSON;
        continue;
      }
      at += 1;
    } else {
      at = byte === QUOTE ? string(bytes, at) : isDigit(byte) || byte === 0x2d ? number(bytes, at) : literal(bytes, at);
      if (at === -1) return NOT_JSON;
    }
    // A value has ended before `at`: close what closes, then go on behind a comma.
    for (;;) {
      if (list !== null && open.length === 1) list.push(at);
      at = skipBlanks(bytes, at);
      if (open.length === 0 || bytes[at] !== open.at(-1)) break;
      open.pop();
      at += 1;
    }
    if (open.length === 0) return at === bytes.length ? null : NOT_JSON;
    if (bytes[at] !== 0x2c) return NOT_JSON;
    at = skipBlanks(bytes, at + 1);
    if (open.at(-1) === OPEN_OBJECT + 2) at = name(bytes, at);
    if (at === -1) return NOT_JSON;
  }
}

/** What jsonFault says. */
export const NOT_JSON = 'it is not JSON';
export const TOO_MANY = `it is a list of more than ${String(MAX_ELEMENTS)} elements`;
export const TOO_DEEP = `it is nested more than ${String(MAX_NESTING)} deep`;

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
  return at;
}

/** The functions below return the index behind what they read, or -1. */
function name(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) return -1;
  const end = string(bytes, from);
  const colon = end === -1 ? -1 : skipBlanks(bytes, end);
  return colon !== -1 && bytes[colon] === 0x3a ? skipBlanks(bytes, colon + 1) : -1;
}

function string(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; ; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === undefined || byte < 0x20) return -1;
    if (byte !== BACKSLASH) continue;
    at += 1;
    const escaped = bytes[at];
    if (escaped === 0x75) {
      for (let digit = 0; digit < 4; digit++) if (!isHex(bytes[++at])) return -1;
    } else if (escaped === undefined || !ESCAPES.has(escaped)) {
      return -1;
    }
  }
}

const ESCAPES: ReadonlySet<number> = new Set(Array.from('"\\/bfnrt', (char) => char.charCodeAt(0)));

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

function digits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at])) at += 1;
  return at === from ? -1 : at;
}

function number(bytes: Uint8Array, from: number): number {
  const start = bytes[from] === 0x2d ? from + 1 : from;
  let at = bytes[start] === 0x30 ? start + 1 : digits(bytes, start);
  if (at !== -1 && bytes[at] === 0x2e) at = digits(bytes, at + 1);
  if (at !== -1 && ((bytes[at] ?? 0) | 0x20) === 0x65) {
    const sign = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? 1 : 0;
    at = digits(bytes, at + 1 + sign);
  }
  return at;
}

const LITERALS = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word));

function literal(bytes: Uint8Array, from: number): number {
  const word = LITERALS.find((letters) => letters.every((letter, i) => bytes[from + i] === letter));
  return word === undefined ? -1 : from + word.length;
}
