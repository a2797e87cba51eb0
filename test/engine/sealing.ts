// The sealing side of rstream's end-to-end encryption, both suite pairs: payloads under a session's key, and that key wrapped for its
// recipients. Everything random is given by the caller, so that a fixed input gives a fixed output; the vectors of
// test/fixtures/rstream-vectors hold this to what the vendor's code made. `opening.ts` is the way back.

import { createCipheriv, createECDH, createHash } from 'node:crypto';
import { firstMessage, hkdfExpand, hkdfExtract, sharedSecret, x25519Public } from './hpke.ts';

export type SuitePair = 'x25519' | 'p256';

export interface Suites {
  readonly payload: string;
  readonly envelope: string;
  /** The code of both suites in what is authenticated. */
  readonly code: number;
}

/** The two pairs that are in use. Code 2 is reserved (ChaCha20-Poly1305) and always refused. */
export const SUITES: Readonly<Record<SuitePair, Suites>> = {
  x25519: { payload: 'aes-256-gcm', envelope: 'hpke-x25519-hkdf-sha256-aes-256-gcm', code: 1 },
  p256: { payload: 'aes-256-gcm-random-nonce', envelope: 'p256-hkdf-sha256-aes-256-gcm-random-nonce', code: 3 },
};

/** What all of a session's payloads are sealed under. */
export interface SessionKey {
  readonly pair: SuitePair;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 16 bytes that have nothing to do with the key. */
  readonly keyId: Uint8Array;
  /** Any bytes; authenticated everywhere. */
  readonly context: Uint8Array;
}

/** X25519: 32 and 32 bytes. P-256: the uncompressed point of 65 bytes, and the scalar of 32, big-endian. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

export interface Envelope {
  readonly recipientKeyId: Uint8Array;
  readonly encapsulatedKey: Uint8Array;
  readonly wrappedKey: Uint8Array;
}

export interface Recipient {
  readonly publicKey: Uint8Array;
  readonly kind: 'public_key' | 'user' | 'workspace_device' | 'workspace_keyset' | 'server';
  readonly id: string;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Length in four bytes, big-endian, and the bytes. */
function lp(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([u32(bytes.length), bytes]);
}

/** Key id of a recipient's public key: 16 bytes. */
export function recipientKeyId(publicKey: Uint8Array): Buffer {
  return createHash('sha256').update('rstream-webtty-e2e-key-id/v1').update(publicKey).digest().subarray(0, 16);
}

/** The key pair of a private key of 32 bytes. Throws where P-256 has no such scalar. */
export function keyPair(pair: SuitePair, privateKey: Uint8Array): KeyPair {
  if (pair === 'x25519') return { publicKey: x25519Public(privateKey), privateKey };
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(privateKey);
  return { publicKey: ecdh.getPublicKey(), privateKey };
}

/** The x-coordinate that two P-256 keys have in common: 32 bytes. */
export function p256Secret(privateKey: Uint8Array, publicKey: Uint8Array): Buffer {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(privateKey);
  return ecdh.computeSecret(publicKey);
}

/** Key context as the SDKs write it: compact JSON, members in this order. */
export function keyContext(
  scope: { readonly workspaceId: string; readonly projectId: string; readonly serverId: string },
  recipients: readonly Recipient[],
): Buffer {
  const context = {
    v: 1,
    type: 'rstream.webtty.session_key_grant',
    workspace_id: scope.workspaceId,
    project_id: scope.projectId,
    server_id: scope.serverId,
    recipients: recipients.map(({ publicKey, kind, id }) => ({
      key_id: recipientKeyId(publicKey).toString('base64url'),
      kind,
      id,
    })),
  };
  return Buffer.from(JSON.stringify(context));
}

/** What an envelope's key is derived with. */
export function envelopeInfo({ pair, keyId, context }: SessionKey): Buffer {
  const code = u32(SUITES[pair].code);
  return Buffer.concat([lp('rstream-webtty-e2e-key/v1'), code, code, lp(keyId), lp(context)]);
}

/** What an envelope authenticates beside the wrapped key. */
export function envelopeData({ pair, keyId, context }: SessionKey, recipient: Uint8Array): Buffer {
  const code = u32(SUITES[pair].code);
  return Buffer.concat([lp('key-wrap'), code, code, lp(recipient), lp(keyId), lp(context)]);
}

/** What a payload authenticates beside its bytes. `nonceField` is empty in the random-nonce suite. */
export function payloadData(session: SessionKey, stream: string, nonceField: Uint8Array, length: number): Buffer {
  return Buffer.concat([
    lp('rstream-webtty-e2e-payload/v1'),
    lp(stream),
    u32(SUITES[session.pair].code),
    lp(session.keyId),
    lp(session.context),
    lp(nonceField),
    u32(length),
  ]);
}

/** The wrapping key of a P-256 envelope. */
export function p256WrappingKey(secret: Uint8Array, info: Uint8Array): Buffer {
  return hkdfExpand(hkdfExtract(new Uint8Array(0), secret), info, 32);
}

function encrypt(key: Uint8Array, nonce: Uint8Array, data: Uint8Array, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(data);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Wraps the session's key. `ephemeral` is a private key of 32 bytes; `nonce` has 12 bytes and is used by P-256 only. */
export function wrapKey(session: SessionKey, recipient: Uint8Array, ephemeral: Uint8Array, nonce: Uint8Array): Envelope {
  const id = recipientKeyId(recipient);
  const { publicKey } = keyPair(session.pair, ephemeral);
  const info = envelopeInfo(session);
  const data = envelopeData(session, id);
  if (session.pair === 'x25519') {
    const first = firstMessage(sharedSecret(ephemeral, recipient, publicKey, recipient), info);
    const wrappedKey = encrypt(first.key, first.nonce, data, session.key);
    return { recipientKeyId: id, encapsulatedKey: publicKey, wrappedKey };
  }
  const key = p256WrappingKey(p256Secret(ephemeral, recipient), info);
  return {
    recipientKeyId: id,
    encapsulatedKey: publicKey,
    wrappedKey: Buffer.concat([nonce, encrypt(key, nonce, data, session.key)]),
  };
}

/** Seals one payload. `nonce` has 12 bytes; with P-256 it becomes the ciphertext's first bytes and the field stays empty. */
export function sealPayload(
  session: SessionKey,
  stream: string,
  plaintext: Uint8Array,
  nonce: Uint8Array,
): { readonly ciphertext: Buffer; readonly nonceField: Uint8Array } {
  const inside = session.pair === 'p256';
  const nonceField = inside ? new Uint8Array(0) : nonce;
  const sealed = encrypt(session.key, nonce, payloadData(session, stream, nonceField, plaintext.length), plaintext);
  return { ciphertext: inside ? Buffer.concat([nonce, sealed]) : sealed, nonceField };
}
