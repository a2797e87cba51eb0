// HPKE in base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, written out of node:crypto for one message
// under a key. Slow and plain on purpose: it makes what the product must open, and shares no code with it.

import { createHmac, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';

const VERSION = Buffer.from('HPKE-v1');
/** KEM 0x0020 (RFC 9180, 7.1). */
const KEM_SUITE = Buffer.from([...Buffer.from('KEM'), 0x00, 0x20]);
/** KEM 0x0020, KDF 0x0001, AEAD 0x0002 (RFC 9180, 7.1 to 7.3). */
const SUITE = Buffer.from([...Buffer.from('HPKE'), 0x00, 0x20, 0x00, 0x01, 0x00, 0x02]);

const NOTHING = Buffer.alloc(0);

/** DER around raw X25519 keys (RFC 8410). */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** HKDF-Extract of RFC 5869 with SHA-256. */
export function hkdfExtract(salt: Uint8Array, secret: Uint8Array): Buffer {
  return createHmac('sha256', salt).update(secret).digest();
}

/** The first `length` bytes, 32 at most, of HKDF-Expand of RFC 5869 with SHA-256. */
export function hkdfExpand(key: Uint8Array, info: Uint8Array, length: number): Buffer {
  return createHmac('sha256', key).update(info).update(Uint8Array.of(1)).digest().subarray(0, length);
}

function labeledExtract(suite: Buffer, salt: Buffer, label: string, secret: Uint8Array): Buffer {
  return hkdfExtract(salt, Buffer.concat([VERSION, suite, Buffer.from(label), secret]));
}

function labeledExpand(suite: Buffer, key: Buffer, label: string, info: Uint8Array, length: number): Buffer {
  const size = Uint8Array.of(length >> 8, length & 0xff);
  return hkdfExpand(key, Buffer.concat([size, VERSION, suite, Buffer.from(label), info]), length);
}

/** The raw public key of a raw X25519 private key. */
export function x25519Public(privateKey: Uint8Array): Buffer {
  return createPublicKey(x25519PrivateKey(privateKey)).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length);
}

function x25519PrivateKey(raw: Uint8Array): ReturnType<typeof createPrivateKey> {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, raw]), format: 'der', type: 'pkcs8' });
}

function exchange(privateKey: Uint8Array, publicKey: Uint8Array): Buffer {
  return diffieHellman({
    privateKey: x25519PrivateKey(privateKey),
    publicKey: createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: 'der', type: 'spki' }),
  });
}

/**
 * The KEM's shared secret (RFC 9180, 4.1). A sender gives the ephemeral private key and the recipient's public key, a recipient its
 * private key and the encapsulated one; both give the two public keys in the same order.
 */
export function sharedSecret(
  privateKey: Uint8Array,
  publicKey: Uint8Array,
  encapsulated: Uint8Array,
  recipient: Uint8Array,
): Buffer {
  const extracted = labeledExtract(KEM_SUITE, NOTHING, 'eae_prk', exchange(privateKey, publicKey));
  return labeledExpand(KEM_SUITE, extracted, 'shared_secret', Buffer.concat([encapsulated, recipient]), 32);
}

/** Key and nonce of the first message (RFC 9180, 5.1 and 5.2, mode 0). */
export function firstMessage(secret: Uint8Array, info: Uint8Array): { readonly key: Buffer; readonly nonce: Buffer } {
  const context = Buffer.concat([
    Uint8Array.of(0),
    labeledExtract(SUITE, NOTHING, 'psk_id_hash', NOTHING),
    labeledExtract(SUITE, NOTHING, 'info_hash', info),
  ]);
  const extracted = labeledExtract(SUITE, Buffer.from(secret), 'secret', NOTHING);
  return {
    key: labeledExpand(SUITE, extracted, 'key', context, 32),
    nonce: labeledExpand(SUITE, extracted, 'base_nonce', context, 12),
  };
}
