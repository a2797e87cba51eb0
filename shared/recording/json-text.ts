// JSON values that are in hand, from hostile sources: parsed without a way to overflow a stack, and looked at without trust.

import type { Fault } from './discrepancy.ts';
import { jsonFault } from './json-check.ts';
import { JsonScanner } from './json-scanner.ts';
import { decodeUtf8 } from './utf8.ts';

export type ParsedJson =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      readonly text: string;
      /** False where bytes are not UTF-8 and became U+FFFD. */
      readonly exact: boolean;
    }
  | { readonly kind: 'fault'; readonly fault: string };

/** Parses the bytes of one value. Never throws. */
export function parseJson(bytes: Uint8Array): ParsedJson {
  const fault = jsonFault(bytes);
  if (fault !== null) return { kind: 'fault', fault };
  const { text, replaced } = decodeUtf8(bytes);
  return { kind: 'value', value: JSON.parse(text) as unknown, text, exact: replaced === 0 };
}

/** Visits the members of an object in their order, repeated names and all, with the text of each value: what JSON.parse does not tell. */
export function eachMember(object: Uint8Array, visit: (name: string | null, text: () => string) => void): void {
  new JsonScanner().push(object, {
    member: (name, { bytes }) => visit(name, () => (bytes === null ? '' : decodeUtf8(bytes).text)),
  });
}

/**
 * The text of a member of an object that is known to be well-formed: the last one of that name, or null. The same as
 * {@link eachMember} finds, at a fraction of its work.
 */
export function memberText(object: Uint8Array, name: string): string | null {
  let found: Uint8Array | null = null;
  let depth = 0;
  /** Where the name at hand begins and ends; -1 while a value is crossed. */
  let isName = false;
  let wanted = false;
  let start = -1;
  let end = -1;
  for (let at = 0; at < object.length; at++) {
    const byte = object[at]!;
    if (byte <= 0x20) continue;
    const closes = byte === 0x7d || byte === 0x5d;
    if (depth === 1 && (byte === 0x2c || byte === 0x7d)) {
      if (wanted) found = object.subarray(start, end);
      isName = true;
      wanted = false;
      start = -1;
    } else if (depth === 1 && byte === 0x3a && start === -1) {
      isName = false;
      continue;
    } else if (depth === 1 && !isName && start === -1) {
      start = at;
    }
    if (closes) depth -= 1;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth === 1) isName = true;
    } else if (byte === 0x22) {
      const from = at + 1;
      let escaped = false;
      for (at = from; object[at] !== 0x22; at++) {
        if (object[at] !== 0x5c) continue;
        escaped = true;
        at += 1;
      }
      if (depth === 1 && isName)
        wanted = escaped ? parsedName(object.subarray(from - 1, at + 1)) === name : isSpelt(object, from, at, name);
    }
    end = at + 1;
  }
  return found === null ? null : decodeUtf8(found).text;
}

function parsedName(bytes: Uint8Array): string {
  return JSON.parse(decodeUtf8(bytes).text) as string;
}

/** Whether the bytes are a name of ASCII letters. */
function isSpelt(bytes: Uint8Array, from: number, to: number, name: string): boolean {
  if (to - from !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name.charCodeAt(i)) return false;
  return true;
}

export type JsonObject = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is a text and not empty, else undefined. Lone surrogates become U+FFFD: they have no form in UTF-8. */
export function textOf(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value.toWellFormed() : undefined;
}

/**
 * What is wrong with a member that {@link textOf} takes, or null. Null stands for nothing: recorders write it where they know
 * no title. `text` is the member's own JSON, where it is at hand.
 */
export function textFault(object: JsonObject, name: string, text: string | null = null): Fault | null {
  const value = object[name] ?? null;
  if (value === null) return null;
  if (typeof value !== 'string')
    return { kind: 'bad-header', message: `${name} is ${shownAs(value, text)} and not a text; it is not used` };
  if (value.isWellFormed()) return null;
  return { kind: 'encoding', message: `half of a surrogate pair stands alone in ${name}; it is shown as U+FFFD` };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');

/** A member that is a list of texts, else undefined. Lone surrogates become U+FFFD. */
export function textsOf(object: JsonObject, name: string): readonly string[] | undefined {
  const value = object[name];
  return isTexts(value) ? value.map((text) => text.toWellFormed()) : undefined;
}

/** What is wrong with a member that {@link textsOf} takes, or null. */
export function textsFault(object: JsonObject, name: string): Fault | null {
  const value = object[name] ?? null;
  if (value === null) return null;
  if (!isTexts(value)) return { kind: 'bad-header', message: `${name} is no list of texts; it is not used` };
  return textFault({ [name]: value.find((text) => !text.isWellFormed()) }, name);
}

/** Of what describes a session and has bytes that are not UTF-8. */
export const notUtf8 = (what: string): Fault => ({
  kind: 'encoding',
  message: `${what} has bytes that are not UTF-8; they are shown as U+FFFD`,
});

/** Of a member that states a time which cannot be used; `said` is its value as {@link shownAs} tells it. */
export const timeFault = (name: string, said: string, effect: string): Fault => ({
  kind: 'bad-time',
  message: `${name} is ${said}, which is no time that can be used; ${effect}`,
});

/** The text of a number at the start of a JSON array, as it stands there. */
export function leadingNumber(array: string): string | null {
  return /^\s*\[\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*[,\]]/.exec(array)?.[1] ?? null;
}

/** A source's text for a message: in quotes unless it is a plain word, short, and without anything that could act on a terminal. */
export function quoted(text: string): string {
  if (/^[\w.:+-]{1,40}$/.test(text)) return text;
  const start = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(start).replace(/[^\x20-\x7e…]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A JSON value in few words, for messages. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** The same with a number as its own JSON writes it: JSON.parse rounds it, and makes 1e400 infinite. */
export function shownAs(value: unknown, text: string | null = null): string {
  return typeof value === 'number' && text !== null ? quoted(text) : shown(value);
}
