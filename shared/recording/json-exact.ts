// What JSON.parse does not tell of a value: members whose name comes again in the same object, of which it keeps the last, and
// digits that no double holds. https://www.rfc-editor.org/rfc/rfc7493#section-2

import type { Fault } from './discrepancy.ts';
import { closingQuote } from './json-elements.ts';
import { quoted } from './json-text.ts';
import { decodeUtf8 } from './utf8.ts';

/** A longer number stands in the exact form as it is written. */
const MAX_NUMBER = 1000;

export interface ExactJson {
  /**
   * Equal for equal values, whatever blanks, escapes and order of members they are written with, and different for others: the
   * canonical form (RFC 8785) where JSON.parse takes in all there is.
   */
  readonly form: string;
  /** The first name that comes again in its object. */
  readonly repeated: string | null;
}

/** Reads the text of one value, which is known to be well-formed and not nested too deeply. */
export function exactJson(text: string): ExactJson {
  const reader = new ExactReader(text);
  return { form: reader.value(), repeated: reader.repeated };
}

/** A name that comes again in its object, and where; both from 1, columns in UTF-16 units. */
export interface RepeatedName {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The first name that comes again in its object, or null, in the text of one value as {@link exactJson} takes it. Of such a text two
 * readers may believe different things.
 */
export function repeatedName(text: string): RepeatedName | null {
  const reader = new ExactReader(text);
  reader.value();
  if (reader.repeated === null) return null;
  const before = text.slice(0, reader.repeatedAt);
  const lines = before.split('\n');
  return { name: reader.repeated, line: lines.length, column: lines.at(-1)!.length + 1 };
}

/**
 * Says that a name comes again in its object, or null. `value` is what JSON.parse makes of the bytes: nearly always it has as many
 * members as are written, and they need no second look.
 */
export function repeatFault(what: string, bytes: Uint8Array, value: unknown): Fault | null {
  const name = writtenMembers(bytes) === heldMembers(value) ? null : exactJson(decodeUtf8(bytes).text).repeated;
  if (name === null) return null;
  return { kind: 'inconsistent', message: `${what} has the name ${quoted(name)} more than once; the last one is read` };
}

/** How many members the objects in a value have together, as they are written: colons outside of strings. */
export function writtenMembers(bytes: Uint8Array): number {
  let members = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x3a) members += 1;
    if (byte !== 0x22) continue;
    for (at += 1; bytes[at] !== 0x22; at++) if (bytes[at] === 0x5c) at += 1;
  }
  return members;
}

/** And as JSON.parse made them. */
export function heldMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += heldMembers(item);
    return members;
  }
  const object = value as { readonly [name: string]: unknown };
  // A parsed object inherits no name that is listed here. Keys in a list of their own would take twice the time.
  for (const name in object) members += 1 + heldMembers(object[name]);
  return members;
}

class ExactReader {
  readonly #text: string;
  #at = 0;
  repeated: string | null = null;
  /** Where it stands. */
  repeatedAt = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): string {
    switch (this.#next()) {
      case '{':
        return this.#object();
      case '[':
        return this.#list();
      case '"':
        return JSON.stringify(this.#string());
      default:
        return this.#scalar();
    }
  }

  /** The next character that is no blank. */
  #next(): string | undefined {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#text[this.#at];
  }

  /** Whether the next character is this one, which is then passed. */
  #takes(char: string): boolean {
    const found = this.#next() === char;
    if (found) this.#at += 1;
    return found;
  }

  #object(): string {
    const members: { readonly name: string; readonly form: string }[] = [];
    const names = new Set<string>();
    this.#at += 1;
    while (!this.#takes('}')) {
      this.#next();
      const from = this.#at;
      const name = this.#string();
      if (names.has(name) && this.repeated === null) [this.repeated, this.repeatedAt] = [name, from];
      names.add(name);
      this.#takes(':');
      members.push({ name, form: this.value() });
      this.#takes(',');
    }
    // Those of one name keep their order: it decides which of them is read.
    members.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return `{${members.map(({ name, form }) => `${JSON.stringify(name)}:${form}`).join(',')}}`;
  }

  #list(): string {
    const items: string[] = [];
    this.#at += 1;
    while (!this.#takes(']')) {
      items.push(this.value());
      this.#takes(',');
    }
    return `[${items.join(',')}]`;
  }

  #string(): string {
    const from = this.#at;
    this.#at = closingQuote(this.#text, from) + 1;
    return JSON.parse(this.#text.slice(from, this.#at)) as string;
  }

  #scalar(): string {
    const from = this.#at;
    while (this.#at < this.#text.length && !endsScalar(this.#text.charCodeAt(this.#at))) this.#at += 1;
    const text = this.#text.slice(from, this.#at);
    return /^[-\d]/.test(text) ? numberForm(text) : text;
  }
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const endsScalar = (code: number): boolean => code === 0x2c || code === 0x5d || code === 0x7d || isBlank(code);

/** A number as ECMAScript writes its double, where the two are equal as decimals, else its own decimal. */
function numberForm(text: string): string {
  if (text.length > MAX_NUMBER) return text;
  const double = String(Number(text));
  const exact = decimal(text);
  return exact === decimal(double) ? JSON.stringify(Number(text)) : exact;
}

/** Digits without zeros at either end and the power of ten that they are times: 12.50 is 125e-1, all zeros are 0. */
function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${String(BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - kept.length))}`;
}
