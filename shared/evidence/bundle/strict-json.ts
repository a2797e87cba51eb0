// JSON that was written by Exhibit and is read by somebody who trusts nothing: a text has one reading only if writing what was read
// gives the same text again. That refuses repeated names, other spacing, and numbers in another form, without a parser of its own.

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export type JsonObject = { readonly [key: string]: unknown };

function text(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function parsed(bytes: Uint8Array, write: (value: unknown) => string): unknown {
  const found = text(bytes);
  if (found === null) return undefined;
  try {
    const value: unknown = JSON.parse(found);
    return write(value) === found ? value : undefined;
  } catch (error) {
    // A SyntaxError for what is no JSON, a RangeError for nesting that no stack bears.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The object of a file as Exhibit writes it: two spaces of indentation and a last LF. Null where it is anything else. */
export function strictFile(bytes: Uint8Array): JsonObject | null {
  return object(parsed(bytes, (value) => `${JSON.stringify(value, null, 2)}\n`));
}

/** The object of a line, without blanks. Null where it is anything else. */
export function strictLine(bytes: Uint8Array): JsonObject | null {
  return object(parsed(bytes, (value) => JSON.stringify(value)));
}

export function object(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The value is an object with exactly these members, in this order. */
export function members(value: unknown, names: readonly string[]): JsonObject | null {
  const found = object(value);
  if (found === null) return null;
  const keys = Object.keys(found);
  return keys.length === names.length && names.every((name, i) => keys[i] === name) ? found : null;
}

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
export const isHex = (value: unknown, digits: number): value is string =>
  typeof value === 'string' && value.length === digits && /^[0-9a-f]*$/.test(value);
export const isText = (value: unknown): value is string => typeof value === 'string';
/** Same JSON value: same text. */
export const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
