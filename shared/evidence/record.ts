// The bytes of an acquired record that the tree hashes: its own, or for one JSON value their canonical form (RFC 8785).

import { sameBytes } from './bytes.ts';
import { NotCanonical, canonicalJson, type JsonValue } from './canonical-json.ts';
import { plainCanonical } from './plain-canonical.ts';

/** Room for the canonical form of nearly every record. */
const room = new Uint8Array(64 * 1024);

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

/** The canonical text of a parsed value, or null where it has none: a lone surrogate, nesting without end. */
export function canonicalText(value: unknown): string | null {
  try {
    return canonicalJson(value as JsonValue);
  } catch (error) {
    if (error instanceof NotCanonical) return null;
    throw error;
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * A `jcs` record that has no canonical form (not JSON after all, not UTF-8, a lone surrogate, nested too deeply to be
 * written) is hashed as its own bytes: the rule is the same when it is made and when it is checked. `value` is what the bytes are
 * parsed, where that is at hand.
 */
export function recordBytes(form: 'raw' | 'jcs', bytes: Uint8Array, value?: unknown): Uint8Array {
  if (form === 'raw') return bytes;
  const found = value === undefined ? parsed(bytes) : value;
  const text = found === undefined ? null : canonicalText(found);
  return text === null ? bytes : encoder.encode(text);
}

/** Whether a record's hashed bytes are those of `original`: its own, or for one JSON value their canonical form. */
export function isRecordOf(form: 'raw' | 'jcs', original: Uint8Array, bytes: Uint8Array): boolean {
  if (sameBytes(original, bytes)) return true;
  const length = form === 'jcs' ? plainCanonical(original, room) : -1;
  if (length >= 0) return sameBytes(room.subarray(0, length), bytes);
  const value = form === 'raw' ? undefined : parsed(original);
  const text = value === undefined ? null : canonicalText(value);
  return text !== null && isUtf8Of(text, bytes);
}

/** Whether the bytes are a text's UTF-8. A buffer is made only for one that is not all ASCII. */
function isUtf8Of(text: string, bytes: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return sameBytes(encoder.encode(text), bytes);
    if (code !== bytes[i]) return false;
  }
  return text.length === bytes.length;
}
