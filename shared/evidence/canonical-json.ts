// JSON Canonicalization Scheme, RFC 8785: one byte form for one JSON value, so that its hash means something.
// Object members are sorted by UTF-16 code units, numbers and strings are written as ECMAScript writes them.

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A value that has no canonical form: a lone surrogate, a number that is not finite (RFC 8785, 3.2.2), nesting without end. */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical';
}

/** Deepest nesting that has a canonical form here. A fixed number: what a stack happens to bear would differ between programs. */
export const MAX_DEPTH = 512;

/** The canonical text of a JSON value. Throws {@link NotCanonical} when there is none. */
export function canonicalJson(value: JsonValue): string {
  const ordered = inOrder(value, 0);
  if (ordered === undefined) return write(value, 0);
  const text = JSON.stringify(ordered);
  // How a lone surrogate is written; a text may also have these characters itself.
  return text.includes('\\ud') ? write(value, 0) : text;
}

/**
 * The value with the members of all objects sorted, so that the engine's own JSON.stringify, which is several times faster than
 * anything written here, gives the canonical text. Undefined where that would not: for numbers that are not finite, deep nesting,
 * and names that an object does not keep in the order in which they were added.
 */
function inOrder(value: JsonValue, depth: number): JsonValue | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return undefined;
  if (isArray(value)) {
    const items: JsonValue[] = [];
    for (const item of value) {
      const ordered = inOrder(item, depth + 1);
      if (ordered === undefined) return undefined;
      items.push(ordered);
    }
    return items;
  }
  const object: { [key: string]: JsonValue } = {};
  for (const key of sorted(Object.keys(value), depth)) {
    const first = key.charCodeAt(0);
    if ((first >= 0x30 && first <= 0x39) || key === '__proto__') return undefined;
    const member = inOrder(value[key]!, depth + 1);
    if (member === undefined) return undefined;
    object[key] = member;
  }
  return object;
}

/** The names last sorted at each depth: records of one kind have the same ones in the same order. */
const lastNames: { readonly given: readonly string[]; readonly sorted: readonly string[] }[] = [];

function sorted(names: readonly string[], depth: number): readonly string[] {
  const last = lastNames[depth];
  if (last?.given.length === names.length && names.every((name, i) => name === last.given[i])) return last.sorted;
  const found = names.toSorted();
  if (depth <= lastNames.length && depth < 4 && names.length <= 32) lastNames[depth] = { given: names, sorted: found };
  return found;
}

function write(value: JsonValue, depth: number): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (depth === MAX_DEPTH) throw new NotCanonical(`nested more than ${String(MAX_DEPTH)} deep`);
  if (isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${canonicalString(key)}:${write(value[key]!, depth + 1)}`).join(',')}}`;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new NotCanonical(`${String(value)} has no form in JSON`);
  return JSON.stringify(value);
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new NotCanonical('a lone surrogate has no form in UTF-8');
  return JSON.stringify(text);
}
