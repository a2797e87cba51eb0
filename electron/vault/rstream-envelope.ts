// Opens a key envelope: from decrypt material and a terminal key to the payload key of a session. The payload key goes from the
// cipher into a KeyObject, and its bytes are overwritten. Nothing is guessed: sizes, suites and additional data are exact.
// HPKE: RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. The P-256 envelope is rstream's own.

import { createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';
import { bytesOf, hasMember, keyContextOf } from './rstream-crypto-fields.ts';
import type { Identity } from './rstream-identity.ts';
import { agreedSecret, terminalPublicKey } from './rstream-keys.ts';
import { refused, type Refusal } from './rstream-refusal.ts';
import {
  base64url,
  KEY_ID_BYTES,
  lp,
  NONCE_BYTES,
  PAYLOAD_KEY_BYTES,
  suiteBy,
  TAG_BYTES,
  u32,
  type Suite,
  type SuiteName,
} from './rstream-suites.ts';

/**
 * The key of a session's payloads. It goes to a thread of the same process by `postMessage` as it is, which is the one way in
 * which it leaves the vault; it does not print, and becomes no text.
 */
export interface PayloadKey {
  readonly kind: 'payload-key';
  readonly suite: SuiteName;
  /** 16 bytes that have nothing to do with the key. */
  readonly keyId: Uint8Array;
  /** What sealed the key and seals every payload beside it: opaque bytes. */
  readonly context: Uint8Array;
  readonly key: KeyObject;
}

/** What the bytes of an envelope are bound to. */
interface Binding {
  readonly suite: Suite;
  readonly keyId: Uint8Array;
  readonly context: Uint8Array;
}

interface Envelope {
  readonly recipient: Uint8Array;
  readonly encapsulated: Uint8Array;
  /** Null where the envelope has none of its own. */
  readonly wrapped: Uint8Array | null;
}

function info({ suite, keyId, context }: Binding): Buffer {
  return Buffer.concat([lp('rstream-webtty-e2e-key/v1'), u32(suite.code), u32(suite.code), lp(keyId), lp(context)]);
}

function additionalData({ suite, keyId, context }: Binding, recipient: Uint8Array): Buffer {
  return Buffer.concat([lp('key-wrap'), u32(suite.code), u32(suite.code), lp(recipient), lp(keyId), lp(context)]);
}

const KEM = Buffer.from('KEM\x00\x20', 'latin1');
const HPKE = Buffer.from('HPKE\x00\x20\x00\x01\x00\x02', 'latin1');

const hmac = (key: Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

/** LabeledExtract of RFC 9180, 4. */
function extract(suite: Buffer, salt: Uint8Array, label: string, secret: Uint8Array): Buffer {
  return hmac(salt, 'HPKE-v1', suite, label, secret);
}

/** LabeledExpand of RFC 9180, 4, for up to the 32 bytes that one block of HKDF gives. */
function expand(suite: Buffer, secret: Uint8Array, label: string, context: Uint8Array, length: number): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(length);
  return hmac(secret, size, 'HPKE-v1', suite, label, context, Buffer.of(1)).subarray(0, length);
}

/** AES key and nonce of the first message of an HPKE context (RFC 9180, 4.1 Decap and 5.1 KeySchedule in base mode). */
function hpkeContext(agreed: Buffer, encapsulated: Uint8Array, publicKey: Uint8Array, infoBytes: Buffer): [Buffer, Buffer] {
  const none = Buffer.alloc(0);
  const shared = expand(
    KEM,
    extract(KEM, none, 'eae_prk', agreed),
    'shared_secret',
    Buffer.concat([encapsulated, publicKey]),
    32,
  );
  const schedule = Buffer.concat([
    Buffer.of(0),
    extract(HPKE, none, 'psk_id_hash', none),
    extract(HPKE, none, 'info_hash', infoBytes),
  ]);
  const secret = extract(HPKE, shared, 'secret', none);
  return [expand(HPKE, secret, 'key', schedule, 32), expand(HPKE, secret, 'base_nonce', schedule, NONCE_BYTES)];
}

/** The payload key in an envelope, or null where it does not open. */
function unwrap(binding: Binding, { recipient, encapsulated, wrapped }: Envelope, identity: Identity): KeyObject | null {
  const { suite } = binding;
  if (wrapped?.length !== suite.wrappedKey) return null;
  const ephemeral = terminalPublicKey(suite.name, encapsulated);
  const agreed = ephemeral === null ? null : agreedSecret(identity.privateKey, ephemeral);
  if (agreed === null) return null;
  const [key, nonce] =
    suite.name === 'x25519'
      ? hpkeContext(agreed, encapsulated, identity.publicKey, info(binding))
      : [Buffer.from(hkdfSync('sha256', agreed, '', info(binding), 32)), wrapped.subarray(0, NONCE_BYTES)];
  agreed.fill(0);
  const sealed = wrapped.subarray(suite.nonceInside, -TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(binding, recipient)).setAuthTag(wrapped.subarray(-TAG_BYTES));
  key.fill(0);
  const payloadKey = decipher.update(sealed);
  try {
    decipher.final();
    return payloadKey.length === PAYLOAD_KEY_BYTES ? createSecretKey(payloadKey) : null;
  } catch {
    return null;
  } finally {
    payloadKey.fill(0);
  }
}

function envelopesOf(crypto: JsonObject): Envelope[] | null {
  const list = crypto['key_envelopes'] ?? [];
  if (!Array.isArray(list)) return null;
  const envelopes: Envelope[] = [];
  for (const one of list as readonly unknown[]) {
    if (!isObject(one)) return null;
    const recipient = bytesOf(one, 'recipient_key_id');
    const encapsulated = bytesOf(one, 'encapsulated_key');
    const wrapped = bytesOf(one, 'wrapped_key');
    if (recipient === null || encapsulated === null || wrapped === null) return null;
    envelopes.push({ recipient, encapsulated, wrapped: wrapped.length === 0 ? null : wrapped });
  }
  return envelopes;
}

/**
 * The payload key of one element of a decrypt-material answer, opened with a terminal key. The checks stand in the vendor's
 * order: all fields, suite pair, an envelope for this key, the key's suite, the envelope itself; then what the vendor's clients
 * leave out, whether the grant was revoked.
 */
export function openEnvelope(material: unknown, identity: Identity): PayloadKey | Refusal {
  if (!isObject(material) || !isObject(material['crypto'])) return refused('invalid_encoding', 'no crypto object');
  const crypto = material['crypto'];
  const keyId = bytesOf(crypto, 'payload_key_id');
  const context = keyContextOf(crypto);
  const common = bytesOf(material, 'wrapped_key');
  const envelopes = envelopesOf(crypto);
  if (keyId?.length !== KEY_ID_BYTES) return refused('invalid_encoding', 'payload_key_id');
  if (context === null) return refused('invalid_encoding', 'key_context');
  if (common === null) return refused('invalid_encoding', 'wrapped_key');
  if (envelopes === null) return refused('invalid_encoding', 'key_envelopes');
  const suite = suiteBy('payload', crypto['payload_suite']);
  if (suite === undefined || suite.envelope !== crypto['key_envelope_suite']) return refused('unsupported_suite');
  const envelope = envelopes.find(({ recipient }) => base64url(recipient) === identity.keyId);
  if (envelope === undefined) return refused('no_envelope_for_identity');
  if (identity.suite !== suite.name) return refused('identity_suite_mismatch');
  const key = unwrap({ suite, keyId, context }, { ...envelope, wrapped: envelope.wrapped ?? common }, identity);
  if (key === null) return refused('key_unwrap');
  if (hasMember(material, 'revoked_at')) return refused('grant_revoked');
  // Copies with memory of their own: what is posted takes all memory along that it is a part of.
  return { kind: 'payload-key', suite: suite.name, keyId: Uint8Array.from(keyId), context: Uint8Array.from(context), key };
}
