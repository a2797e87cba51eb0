// Keys of rstream as key objects of Node: raw X25519 and P-256 terminal keys, and the P-256 keys of devices and signers, which
// are DER. A private key lives on as a KeyObject, which neither prints nor serialises, and only once it was seen to belong to
// its public key. Null stands for "no such key": whoever asks knows which file to name.
// RFC 7748, RFC 8410 (X25519); SEC 1, RFC 5915, RFC 7518 6.2 (P-256).

import { createECDH, createPrivateKey, createPublicKey, diffieHellman, sign, verify, type KeyObject } from 'node:crypto';
import { base64url, type SuiteName } from './rstream-suites.ts';

/** DER around the 32 raw bytes of an X25519 key. */
const X25519_PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const X25519_SPKI = Buffer.from('302a300506032b656e032100', 'hex');

/** DER before the 65 bytes of an uncompressed P-256 point. */
const P256_SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

const PRIVATE_KEY_BYTES = 32;
const POINT_BYTES = 65;

/** The private terminal key of these raw bytes, with its public key. */
export interface TerminalKeyPair {
  readonly publicKey: Buffer;
  readonly privateKey: KeyObject;
}

function tried<Value>(attempt: () => Value): Value | null {
  try {
    return attempt();
  } catch {
    // OpenSSL's reasons name no field of ours and could hold what was given.
    return null;
  }
}

function p256Jwk(point: Uint8Array): { kty: string; crv: string; x: string; y: string } {
  return { kty: 'EC', crv: 'P-256', x: base64url(point.subarray(1, 33)), y: base64url(point.subarray(33)) };
}

/** A public terminal key, or null where it is none: a wrong size, a compressed point, a point that is not on the curve. */
export function terminalPublicKey(suite: SuiteName, raw: Uint8Array): KeyObject | null {
  if (suite === 'x25519') {
    const key = Buffer.concat([X25519_SPKI, raw]);
    return raw.length === 32 ? tried(() => createPublicKey({ key, format: 'der', type: 'spki' })) : null;
  }
  return raw.length === POINT_BYTES && raw[0] === 4 ? tried(() => createPublicKey({ key: p256Jwk(raw), format: 'jwk' })) : null;
}

/** The key pair of a raw private key, or null where it is none: a wrong size, a scalar outside of the group. */
export function terminalKeyPair(suite: SuiteName, raw: Uint8Array): TerminalKeyPair | null {
  if (raw.length !== PRIVATE_KEY_BYTES) return null;
  return tried(() => {
    if (suite === 'x25519') {
      const der = Buffer.concat([X25519_PKCS8, raw]);
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      der.fill(0);
      const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
      return { publicKey, privateKey };
    }
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(raw);
    const publicKey = ecdh.getPublicKey();
    const privateKey = createPrivateKey({ key: { ...p256Jwk(publicKey), d: base64url(raw) }, format: 'jwk' });
    return { publicKey, privateKey };
  });
}

/** The raw private key, for the identity file it is written to. Overwrite it after use. */
export function rawPrivateKey(privateKey: KeyObject): Buffer {
  if (privateKey.asymmetricKeyType === 'x25519') return privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  return Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url');
}

/** The secret that two terminal keys have in common (32 bytes), or null where there is none: an all-zero X25519 result. */
export function agreedSecret(privateKey: KeyObject, publicKey: KeyObject): Buffer | null {
  return tried(() => diffieHellman({ privateKey, publicKey }));
}

/** A P-256 public key of SPKI DER, or null: another curve, a compressed point, a point off the curve, bytes behind it. */
export function p256PublicKey(spki: Uint8Array): KeyObject | null {
  const head = Buffer.from(spki.subarray(0, P256_SPKI.length));
  return head.equals(P256_SPKI) ? terminalPublicKey('p256', spki.subarray(P256_SPKI.length)) : null;
}

/**
 * The P-256 private key of PKCS#8 DER, or null where it is none or does not belong to `publicKey`. It has to sign for that:
 * PKCS#8 may carry a public key of its own, which proves nothing about the private one.
 */
export function p256PrivateKey(pkcs8: Uint8Array, publicKey: KeyObject): KeyObject | null {
  return tried(() => {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return null;
    const probe = Buffer.from('does this private key belong to that public key?');
    return verify('sha256', probe, publicKey, sign('sha256', probe, key)) ? key : null;
  });
}
