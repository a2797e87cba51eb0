// JSON Canonicalization Scheme, RFC 8785: one byte form for one JSON value, so that its hash means something.
// Object members are sorted by UTF-16 code units, numbers and strings are written as ECMAScript writes them.

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A value that has no canonical form: a lone surrogate or a number that is not finite (RFC 8785, 3.2.2). */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical';
}

/** The canonical text of a JSON value. Throws {@link NotCanonical} when there is none. Deep nesting needs no stack of its own up to the depth that `JSON.parse` accepts. */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${canonicalString(key)}:${canonicalJson(value[key]!)}`).join(',')}}`;
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
