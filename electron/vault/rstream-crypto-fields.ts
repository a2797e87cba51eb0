// The crypto objects of rstream's events and grants: members in base64 of three forms, and the key context in three forms, of
// which `key_context_raw` always wins because it alone is exact. Null stands for a member that is not in such a form.

import { decodeBase64 } from '../../shared/recording/base64.ts';
import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';

const NONE = new Uint8Array(0);

/** Bytes of a member; none where it is missing; null where it is no base64. */
export function bytesOf(object: JsonObject, name: string): Uint8Array | null {
  const value = object[name] ?? '';
  return typeof value === 'string' ? decodeBase64(value) : null;
}

/**
 * The key context: `key_context_raw`, else the value of an encoded `key_context`, else the object written anew without blanks,
 * as the vendor's JavaScript SDK takes it. None where both are missing, null where it cannot be read.
 */
export function keyContextOf(crypto: JsonObject): Uint8Array | null {
  const raw = crypto['key_context_raw'] ?? '';
  if (raw !== '') return bytesOf(crypto, 'key_context_raw');
  const context = crypto['key_context'] ?? null;
  if (context === null) return NONE;
  if (!isObject(context)) return null;
  if (context['encoding'] === 'base64') return bytesOf(context, 'value');
  return Buffer.from(JSON.stringify(context));
}

/** Whether a member that must not be there is there with something in it. */
export function hasMember(object: JsonObject, name: string): boolean {
  const value = object[name] ?? null;
  return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
