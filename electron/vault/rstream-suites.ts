// The two suite pairs of rstream's payload encryption, with their sizes and codes, and the length-prefixed bytes that keys,
// envelopes and payloads are bound to. A pair is used as a whole: no part of one ever meets a part of the other. Source: the
// vendor's public SDKs; test/fixtures/rstream-vectors holds recordings that both pairs were checked with.

import { createHash } from 'node:crypto';
import { decodeBase64 } from '../../shared/recording/base64.ts';

/** `x25519`: the standard profile. `p256`: the FIPS profile, whose nonces stand at the front of the ciphertext. */
export type SuiteName = 'x25519' | 'p256';

export interface Suite {
  readonly name: SuiteName;
  readonly payload: string;
  readonly envelope: string;
  /** The code of both suites in what is authenticated. */
  readonly code: number;
  /** Bytes of a public key as it stands in files and envelopes; a P-256 key is an uncompressed point. */
  readonly publicKey: number;
  /** Bytes of a wrapped payload key: a nonce where the suite carries one inside, the key, a tag. */
  readonly wrappedKey: number;
  /** Bytes of an event's nonce field. */
  readonly nonceField: number;
  /** Bytes of nonce at the front of a ciphertext. */
  readonly nonceInside: number;
  /** `crypto_suite` of a plain identity file and of an endpoint identity file. */
  readonly identity: string;
  readonly endpoint: string;
  /** `webtty_key_algorithm` of a workspace device. */
  readonly algorithm: string;
}

export const SUITES: Readonly<Record<SuiteName, Suite>> = {
  x25519: {
    name: 'x25519',
    payload: 'aes-256-gcm',
    envelope: 'hpke-x25519-hkdf-sha256-aes-256-gcm',
    code: 1,
    publicKey: 32,
    wrappedKey: 48,
    nonceField: 12,
    nonceInside: 0,
    identity: 'webtty-e2e-x25519-hpke-aes-256-gcm-v1',
    endpoint: 'webtty-endpoint-x25519-ecdsa-p256-v1',
    algorithm: 'webtty-x25519-hpke-v1',
  },
  p256: {
    name: 'p256',
    payload: 'aes-256-gcm-random-nonce',
    envelope: 'p256-hkdf-sha256-aes-256-gcm-random-nonce',
    code: 3,
    publicKey: 65,
    wrappedKey: 60,
    nonceField: 0,
    nonceInside: 12,
    identity: 'webtty-e2e-p256-hkdf-sha256-aes-256-gcm-random-nonce-v1',
    endpoint: 'webtty-endpoint-p256-hkdf-sha256-aes-256-gcm-random-nonce-ecdsa-p256-v1',
    algorithm: 'webtty-p256-hkdf-sha256-aes-256-gcm-random-nonce-v1',
  },
};

/** The suite with this name in one of its columns, or undefined: the reserved ChaCha20-Poly1305 pair is in none. */
export function suiteBy(column: 'payload' | 'identity' | 'endpoint' | 'algorithm', name: unknown): Suite | undefined {
  return Object.values(SUITES).find((suite) => suite[column] === name);
}

export const KEY_ID_BYTES = 16;
export const PAYLOAD_KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Length in four bytes, then the bytes; a text as UTF-8. */
export function lp(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([u32(bytes.length), bytes]);
}

/** Key id of a terminal key: what envelopes, devices and identity files name it by. */
export function terminalKeyId(publicKey: Uint8Array): Buffer {
  return createHash('sha256').update('rstream-webtty-e2e-key-id/v1').update(publicKey).digest().subarray(0, KEY_ID_BYTES);
}

/** Key id of a signing key, of its SPKI DER. */
export function signingKeyId(spki: Uint8Array): Buffer {
  return createHash('sha256').update('rstream-webtty-signing-key-id-v1').update(spki).digest();
}

/** Bytes of a text that must be base64url without padding, as all key material in files is, or null. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  return /[+/=]/.test(text) ? null : decodeBase64(text);
}

export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
