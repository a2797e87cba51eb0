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
  return write(value, 0);
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
