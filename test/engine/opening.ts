// The way back from `sealing.ts`: a session's key out of an envelope, payloads out of ciphertext. The plain twin that the vault's code
// can be compared with. It knows right from wrong and no more: what does not open throws an Error, without a kind.

import { createDecipheriv } from 'node:crypto';
import { firstMessage, sharedSecret } from './hpke.ts';
import {
  envelopeData,
  envelopeInfo,
  p256Secret,
  p256WrappingKey,
  payloadData,
  type Envelope,
  type KeyPair,
  type SessionKey,
} from './sealing.ts';

function decrypt(key: Uint8Array, nonce: Uint8Array, data: Uint8Array, sealed: Uint8Array): Buffer {
  const end = sealed.length - 16;
  if (end < 0) throw new Error('shorter than its tag');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAAD(data);
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
}

/** The session's key that an envelope holds for this recipient. */
export function unwrapKey(session: Omit<SessionKey, 'key'>, envelope: Envelope, { publicKey, privateKey }: KeyPair): Buffer {
  const known: SessionKey = { ...session, key: new Uint8Array(0) };
  const { encapsulatedKey, wrappedKey } = envelope;
  const info = envelopeInfo(known);
  const data = envelopeData(known, envelope.recipientKeyId);
  if (session.pair === 'x25519') {
    const first = firstMessage(sharedSecret(privateKey, encapsulatedKey, encapsulatedKey, publicKey), info);
    return decrypt(first.key, first.nonce, data, wrappedKey);
  }
  const key = p256WrappingKey(p256Secret(privateKey, encapsulatedKey), info);
  return decrypt(key, wrappedKey.subarray(0, 12), data, wrappedKey.subarray(12));
}

/** The bytes of a payload of `length` bytes. `nonceField` is what the event says, empty in the random-nonce suite. */
export function openPayload(
  session: SessionKey,
  stream: string,
  ciphertext: Uint8Array,
  nonceField: Uint8Array,
  length: number,
): Buffer {
  const inside = session.pair === 'p256';
  if (nonceField.length !== (inside ? 0 : 12)) throw new Error('the nonce field has a wrong size');
  const nonce = inside ? ciphertext.subarray(0, 12) : nonceField;
  const sealed = inside ? ciphertext.subarray(12) : ciphertext;
  return decrypt(session.key, nonce, payloadData(session, stream, nonceField, length), sealed);
}
