// What a workspace device signs and what is derived from its keys: canonical JSON as Go writes it, fingerprint, verification code,
// proofs, and the envelope with the workspace's key that makes an approved device a trusted one.

import { createCipheriv, createHash, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, verify } from 'node:crypto';
import type { JsonObject } from '../../shared/recording/json-text.ts';
import type { Random } from './recordings.ts';

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

const ENVELOPE_INFO = 'rstream.workspace_key_envelope.v1';

/** Strings as Go's encoding/json writes them: these five have an escape there. */
function goString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Canonical JSON of a flat payload: no blanks, names sorted, members that are undefined left out. */
export function canonicalPayload(payload: Readonly<Record<string, string | number | undefined>>): string {
  const members = Object.entries(payload)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${goString(name)}:${typeof value === 'string' ? goString(value) : String(value)}`);
  return `{${members.join(',')}}`;
}

/** Public keys are SPKI DER in b64u, as everywhere in the control plane. */
export interface DeviceKeys {
  readonly encryption: string;
  readonly signing: string;
  readonly terminal?: { readonly key: string; readonly id: string; readonly algorithm: string };
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Fingerprint of a device's two public keys. */
export function fingerprintOf({ encryption, signing }: DeviceKeys): string {
  const payload = { v: 1, type: 'workspace.public_keys', public_encryption_key: encryption, public_signing_key: signing };
  return `sha256:${sha256(canonicalPayload(payload)).toString('base64url')}`;
}

function keyMembers(keys: DeviceKeys): Record<string, string | undefined> {
  return {
    public_encryption_key: keys.encryption,
    public_signing_key: keys.signing,
    fingerprint: fingerprintOf(keys),
    webtty_public_key: keys.terminal?.key,
    webtty_key_id: keys.terminal?.id,
    webtty_key_algorithm: keys.terminal?.algorithm,
  };
}

/** What is signed at enrolment. */
export function proofPayload(workspaceId: string, kind: string, label: string | undefined, keys: DeviceKeys): string {
  const named = label === undefined || label.trim() === '' ? {} : { label };
  const head = { v: 1, type: 'workspace.device.proof', workspace_id: workspaceId, device_kind: kind };
  return canonicalPayload({ ...head, ...named, ...keyMembers(keys) });
}

/** What is signed at a lookup. */
export function lookupPayload(workspaceId: string, fingerprint: string, challenge: string, signedAt: string): string {
  const head = { v: 1, type: 'workspace.device.lookup', workspace_id: workspaceId };
  return canonicalPayload({ ...head, device_fingerprint: fingerprint, challenge, signed_at: signedAt });
}

/** What an active device signs to revoke another one, or itself. */
export function revokePayload(workspaceId: string, actor: string, target: string, reason: string | undefined): string {
  const named = reason === undefined || reason.trim() === '' ? {} : { reason };
  const ids = { workspace_id: workspaceId, actor_device_key_id: actor, target_device_key_id: target };
  return canonicalPayload({ v: 1, type: 'workspace.device.revoke', ...ids, next_status: 'revoked', ...named });
}

/** The code that a person compares on two screens. */
export function verificationCode(workspaceId: string, deviceKeyId: string, kind: string, keys: DeviceKeys): string {
  const ids = { workspace_id: workspaceId, device_key_id: deviceKeyId, device_kind: kind };
  const payload = canonicalPayload({ v: 1, type: 'workspace.device.verification', ...ids, ...keyMembers(keys) });
  const letters = [...sha256(payload).subarray(0, 12)].map((byte) => ALPHABET[byte % 32]!).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}

/** Whether a signature (ASN.1 DER, b64u) over a canonical payload is by this P-256 key. */
export function isSignedBy(signingKey: string, payload: string, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.from(signingKey, 'base64url'), format: 'der', type: 'spki' });
  return verify('sha256', Buffer.from(payload), key, Buffer.from(signature, 'base64url'));
}

/** A workspace key envelope for a device: ECDH with its encryption key, HKDF-SHA-256, AES-256-GCM. */
export function workspaceKeyEnvelope(deviceKeyId: string, encryptionKey: string, createdAt: string, random: Random): JsonObject {
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = createPublicKey({ key: Buffer.from(encryptionKey, 'base64url'), format: 'der', type: 'spki' });
  const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey });
  const salt = random(32);
  const nonce = random(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(hkdfSync('sha256', secret, salt, ENVELOPE_INFO, 32)), nonce);
  const bundle = JSON.stringify({ v: 1, cryptoSuite: 'p256', fingerprint: `sha256:${random(32).toString('base64url')}` });
  return {
    id: `wke_${random(8).toString('hex')}`,
    keysetId: `wks_${random(8).toString('hex')}`,
    recipientKind: 'device',
    recipientId: deviceKeyId,
    ciphertext: Buffer.concat([cipher.update(bundle), cipher.final(), cipher.getAuthTag()]).toString('base64url'),
    crypto: {
      suite: 'p256-hkdf-sha256-aes-256-gcm',
      encapsulatedKey: ephemeral.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
      context: { salt: salt.toString('base64url'), nonce: nonce.toString('base64url'), info: ENVELOPE_INFO },
    },
    createdAt,
  };
}
