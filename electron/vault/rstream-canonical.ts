// Canonical JSON of rstream's control plane, which is that of Go and not RFC 8785: no blanks, members sorted by bytes, members
// without a value left out, `<`, `>`, `&`, U+2028 and U+2029 escaped. Fingerprints, proofs and codes are made over it.

import { createHash } from 'node:crypto';

/** A payload that is signed or hashed: flat, its numbers whole. */
export type CanonicalPayload = Readonly<Record<string, string | number | null>>;

function goString(text: string): string {
  const hex = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text.toWellFormed()).replace(/[<>&\u2028\u2029]/g, hex);
}

/** The canonical text. Member names are ASCII, so sorting by UTF-16 units is sorting by bytes. */
export function canonicalPayload(payload: CanonicalPayload): string {
  const members = Object.entries(payload)
    .filter(([, value]) => value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${goString(name)}:${typeof value === 'string' ? goString(value) : String(value)}`);
  return `{${members.join(',')}}`;
}

export function canonicalDigest(payload: CanonicalPayload): Buffer {
  return createHash('sha256').update(canonicalPayload(payload)).digest();
}

/** Fingerprint of a device: of its two public keys, SPKI DER in base64url. */
export function fingerprintOf(publicEncryptionKey: string, publicSigningKey: string): string {
  const payload = {
    v: 1,
    type: 'workspace.public_keys',
    public_encryption_key: publicEncryptionKey,
    public_signing_key: publicSigningKey,
  };
  return `sha256:${canonicalDigest(payload).toString('base64url')}`;
}
