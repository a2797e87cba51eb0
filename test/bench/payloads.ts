// Sealed events of a session as rstream's engine gives them, in both suites, and the bare loop that decrypting is measured
// against: node:crypto with one key object, the same messages and the same additional data.

import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { payloadOpener, type PayloadKey } from '../../electron/vault/vault.ts';
import type { SealedEvent } from '../../shared/recording/event.ts';
import { micros } from '../../shared/recording/time.ts';
import { payloadData, type SessionKey } from '../engine/sealing.ts';

const BYTES = 200;

const CONTEXT = {
  v: 1,
  type: 'rstream.webtty.session_key_grant',
  workspace_id: 'ws_2b9a4b1c7d5e4f60',
  project_id: 'prj_7c1f2a9e3b5d4c68',
  server_id: 'srv_91e0d4c3b2a14f57',
  recipients: [
    { key_id: 'q9Xk3xv8mXk2h1c9dYl0Rw', kind: 'workspace_device', id: 'wdk_2f8f6a6a4a6b4f1d' },
    { key_id: 'Yl0Rwq9Xk3xv8mXk2h1c9d', kind: 'workspace_device', id: 'wdk_0a1b2c3d4e5f6071' },
  ],
};

interface Message {
  readonly event: SealedEvent;
  readonly nonce: Buffer;
  readonly sealed: Buffer;
  readonly tag: Buffer;
  readonly aad: Buffer;
}

/** `count` messages of 200 bytes. Returns both loops, each of which gives the bytes that it opened. */
export function payloadLoops(
  pair: 'x25519' | 'p256',
  count: number,
): { readonly ours: () => number; readonly bare: () => number } {
  const inside = pair === 'p256';
  const context = Buffer.from(JSON.stringify(CONTEXT));
  const keyId = randomBytes(16);
  const session: SessionKey = { pair, key: randomBytes(32), keyId, context };
  const secret = createSecretKey(session.key);
  const key: PayloadKey = { kind: 'payload-key', suite: pair, keyId, context, key: secret };
  const messages = Array.from({ length: count }, (_, at): Message => {
    const nonce = randomBytes(12);
    const field = inside ? Buffer.alloc(0) : nonce;
    const aad = Buffer.from(payloadData(session, 'stdout', field, BYTES));
    const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(aad);
    const sealed = Buffer.concat([cipher.update(randomBytes(BYTES)), cipher.final()]);
    const tag = cipher.getAuthTag();
    const crypto = {
      payload_suite: inside ? 'aes-256-gcm-random-nonce' : 'aes-256-gcm',
      payload_key_id: keyId.toString('base64url'),
      ...(inside ? {} : { nonce: nonce.toString('base64url') }),
      key_envelope_suite: 'hpke-x25519-hkdf-sha256-aes-256-gcm',
      key_context: CONTEXT,
      key_context_raw: context.toString('base64url'),
    };
    // The text of each event is its own, as it is when it was read from a file.
    const text = Buffer.from(JSON.stringify(crypto)).toString();
    const ciphertext = Buffer.concat([inside ? nonce : Buffer.alloc(0), sealed, tag]);
    const base = { seq: String(at), at: micros(at), record: at, time: '2026-06-13T15:30:00.123456Z' };
    const event: SealedEvent = { kind: 'sealed', ...base, stream: 'stdout', length: BYTES, ciphertext, crypto: text };
    return { event, nonce, sealed, tag, aad };
  });
  return {
    ours: () => {
      const opener = payloadOpener(key);
      let bytes = 0;
      for (const { event } of messages) {
        const opened = opener.open(event);
        if (opened.kind === 'refused') throw new Error(opened.reason);
        bytes += opened.bytes.length;
      }
      return bytes;
    },
    bare: () => {
      let bytes = 0;
      for (const { nonce, sealed, tag, aad } of messages) {
        const decipher = createDecipheriv('aes-256-gcm', secret, nonce, { authTagLength: 16 });
        decipher.setAAD(aad);
        decipher.setAuthTag(tag);
        bytes += decipher.update(sealed).length;
        decipher.final();
      }
      return bytes;
    },
  };
}
