// The bytes of an acquired record that the tree hashes: its own, or for one JSON value their canonical form (RFC 8785).

import { NotCanonical, canonicalJson, type JsonValue } from './canonical-json.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

/**
 * A `jcs` record that has no canonical form (not JSON after all, not UTF-8, a lone surrogate, nested too deeply to be
 * written) is hashed as its own bytes: the rule is the same when it is made and when it is checked. `value` is what the bytes are
 * parsed, where that is at hand.
 */
export function recordBytes(form: 'raw' | 'jcs', bytes: Uint8Array, value?: unknown): Uint8Array {
  if (form === 'raw') return bytes;
  try {
    return encoder.encode(canonicalJson((value ?? JSON.parse(decoder.decode(bytes))) as JsonValue));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof NotCanonical) {
      return bytes;
    }
    throw error;
  }
}
