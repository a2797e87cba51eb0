// JSON Canonicalization Scheme, RFC 8785: one byte form for one JSON value, so that its hash means something.
// Object members are sorted by UTF-16 code units, numbers and strings are written as ECMAScript writes them.

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A value that has no canonical form: a lone surrogate or a number that is not finite (RFC 8785, 3.2.2). */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical';
}

/** The canonical text of a JSON value. Throws {@link NotCanonical} when there is none. Deep nesting needs no stack of its own up to the depth that `JSON.parse` accepts. */
export function canonicalJson(value: JsonValue): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new NotCanonical(`${String(value)} has no form in JSON`);
      return JSON.stringify(value);
    case 'string':
      return canonicalString(value);
    case 'object': {
      if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(canonicalJson).join(',')}]`;
      const object = value as { readonly [key: string]: JsonValue };
      const keys = Object.keys(object).sort();
      return `{${keys.map((key) => `${canonicalString(key)}:${canonicalJson(object[key]!)}`).join(',')}}`;
    }
  }
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new NotCanonical('a lone surrogate has no form in UTF-8');
  return JSON.stringify(text);
}
