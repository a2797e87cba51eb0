// A workspace device of this machine: makes its keys, says what enrolment sends, what an administrator compares and gets, what
// the device signs, and writes the two files that rstream keeps of it. Requests and exports hold public keys only; the two
// files hold the private ones and belong into the vault, or into files of mode 0600.

import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { ExhibitError } from '../../shared/api/errors.ts';
import { canonicalDigest, canonicalPayload, fingerprintOf, type CanonicalPayload } from './rstream-canonical.ts';
import type { DeviceKeys, WorkspaceDevice } from './rstream-device.ts';
import { makeTerminalIdentity, type TerminalIdentity } from './rstream-identity.ts';
import { base64url, SUITES, type SuiteName } from './rstream-suites.ts';

export type DeviceKind = 'cli' | 'agent' | 'service';

/** What a device is to a workspace, before it has an id there. */
export interface DeviceDescription {
  readonly workspaceId: string;
  readonly kind: string;
  readonly label: string | null;
  readonly keys: DeviceKeys;
}

export interface NewDevice extends DeviceDescription {
  readonly kind: DeviceKind;
  readonly identity: TerminalIdentity;
}

/** Body of POST `/api/workspaces/{ws}/enterprise/devices`. */
export interface EnrolmentRequest {
  readonly kind: string;
  readonly label?: string;
  readonly publicEncryptionKey: string;
  readonly publicSigningKey: string;
  readonly webttyPublicKey?: string;
  readonly webttyKeyId?: string;
  readonly webttyKeyAlgorithm?: string;
  readonly fingerprint: string;
  readonly proofSignature: string;
}

export interface AccessProof {
  readonly deviceFingerprint: string;
  readonly challenge: string;
  readonly signedAt: string;
  readonly signature: string;
}

/** Characters of a label or a reason. */
const MAX_TEXT = 200;

/** Bytes of randomness in a lookup's challenge. */
export const CHALLENGE_BYTES = 32;

/** A text that is signed, or null where it is blank. */
function checked(text: string | null, name: 'label' | 'reason'): string | null {
  if (text === null || text.trim() === '') return null;
  // Versions of Go differ in how they escape control characters, and what is signed has to be the same text at both ends.
  if (text.length > MAX_TEXT || !text.isWellFormed() || /\p{Cc}/u.test(text)) {
    throw new ExhibitError(
      'usage',
      'sign for a device',
      `the ${name} is longer than ${String(MAX_TEXT)} characters or has control characters`,
      'choose a short one',
    );
  }
  return text;
}

function p256(): { readonly privateKey: KeyObject; readonly spki: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { privateKey, spki: base64url(publicKey.export({ format: 'der', type: 'spki' })) };
}

/**
 * Makes the keys of a device. `suite` is that of the terminal key: `p256` in a workspace of the FIPS profile. `now` is RFC 3339.
 * Throws kind `usage` on a label that cannot be signed.
 */
export function makeDevice(
  where: { readonly workspaceId: string; readonly kind: DeviceKind; readonly label: string | null },
  suite: SuiteName,
  now: string,
): NewDevice {
  const label = checked(where.label, 'label');
  const encryption = p256();
  const signing = p256();
  const identity = makeTerminalIdentity(suite, now);
  const keys: DeviceKeys = {
    publicEncryptionKey: encryption.spki,
    publicSigningKey: signing.spki,
    encryptionKey: encryption.privateKey,
    signingKey: signing.privateKey,
    fingerprint: fingerprintOf(encryption.spki, signing.spki),
    terminal: { publicKey: base64url(identity.publicKey), keyId: identity.keyId, algorithm: SUITES[suite].algorithm },
  };
  return { ...where, label, keys, identity };
}

/** The device as it stands in the control plane once it has its id there. `now` is RFC 3339. */
export function enrolledDevice(
  { workspaceId, kind, label, keys, identity }: NewDevice,
  answer: { readonly deviceKeyId: string; readonly status: string },
  now: string,
): WorkspaceDevice {
  const none = { identityPath: null, envelope: null, rotates: null, rotationCompletedAt: null };
  return { workspaceId, kind, label, keys, ...answer, ...none, createdAt: identity.createdAt, updatedAt: now };
}

/** Signs a payload of the control plane: ECDSA P-256 over the SHA-256 of its canonical JSON, DER, base64url. */
function signed(key: KeyObject, payload: CanonicalPayload): string {
  return base64url(sign('sha256', Buffer.from(canonicalPayload(payload)), key));
}

/** The members that proof and verification have in common. */
function described({ workspaceId, kind, keys }: DeviceDescription): CanonicalPayload {
  return {
    v: 1,
    workspace_id: workspaceId,
    device_kind: kind,
    public_encryption_key: keys.publicEncryptionKey,
    public_signing_key: keys.publicSigningKey,
    fingerprint: keys.fingerprint,
    webtty_public_key: keys.terminal?.publicKey ?? null,
    webtty_key_id: keys.terminal?.keyId ?? null,
    webtty_key_algorithm: keys.terminal?.algorithm ?? null,
  };
}

/** What a device signs when it enrols. */
export function proofPayload(device: DeviceDescription): CanonicalPayload {
  return { ...described(device), type: 'workspace.device.proof', label: device.label };
}

/** What enrolment sends: public keys, and the proof that the private signing key is here. */
export function enrolmentRequest(device: DeviceDescription): EnrolmentRequest {
  const { kind, label, keys } = device;
  const { publicEncryptionKey, publicSigningKey, signingKey, fingerprint, terminal } = keys;
  return {
    kind,
    ...(label === null ? {} : { label }),
    publicEncryptionKey,
    publicSigningKey,
    ...(terminal === null
      ? {}
      : { webttyPublicKey: terminal.publicKey, webttyKeyId: terminal.keyId, webttyKeyAlgorithm: terminal.algorithm }),
    fingerprint,
    proofSignature: signed(signingKey, proofPayload(device)),
  };
}

const CODE_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** The code that somebody compares in a trusted browser before approving: three groups of four, `59D2-P8KX-66X3`. */
export function verificationCode(device: DeviceDescription & { readonly deviceKeyId: string }): string {
  const digest = canonicalDigest({
    ...described(device),
    type: 'workspace.device.verification',
    device_key_id: device.deviceKeyId,
  });
  const characters = Array.from(digest.subarray(0, 12), (byte) => CODE_ALPHABET[byte % CODE_ALPHABET.length]!).join('');
  return `${characters.slice(0, 4)}-${characters.slice(4, 8)}-${characters.slice(8)}`;
}

/**
 * Proves to the control plane which device asks. `challenge`: {@link CHALLENGE_BYTES} fresh random bytes; `signedAt`: UTC with
 * exactly three fraction digits, as `Date.toISOString` writes it.
 */
export function accessProof({ workspaceId, keys }: DeviceDescription, challenge: Uint8Array, signedAt: string): AccessProof {
  const { fingerprint, signingKey } = keys;
  const text = base64url(challenge);
  const payload = {
    v: 1,
    type: 'workspace.device.lookup',
    workspace_id: workspaceId,
    device_fingerprint: fingerprint,
    challenge: text,
    signed_at: signedAt,
  };
  return { deviceFingerprint: fingerprint, challenge: text, signedAt, signature: signed(signingKey, payload) };
}

/** Signature of an active device under the revocation of a device (itself or another one) of its workspace. */
export function revokeSignature(actor: WorkspaceDevice, targetDeviceKeyId: string, reason: string | null): string {
  return signed(actor.keys.signingKey, {
    v: 1,
    type: 'workspace.device.revoke',
    workspace_id: actor.workspaceId,
    actor_device_key_id: actor.deviceKeyId,
    target_device_key_id: targetDeviceKeyId,
    next_status: 'revoked',
    reason: checked(reason, 'reason'),
  });
}

/** What an administrator needs to recognise and approve a device, as JSON text. It holds nothing secret. */
export function publicExport(device: WorkspaceDevice): string {
  const { workspaceId, deviceKeyId, kind, status, label, keys, createdAt } = device;
  const { terminal } = keys;
  const enrolled = deviceKeyId !== '';
  const shown = {
    workspace_id: enrolled ? workspaceId : undefined,
    device_key_id: enrolled ? deviceKeyId : undefined,
    kind,
    status,
    label: label ?? undefined,
    fingerprint: keys.fingerprint,
    verification_code: enrolled ? verificationCode(device) : undefined,
    public_encryption_key: keys.publicEncryptionKey,
    public_signing_key: keys.publicSigningKey,
    webtty_public_key: terminal?.publicKey,
    webtty_key_id: terminal?.keyId,
    webtty_key_algorithm: terminal?.algorithm,
    created_at: createdAt,
  };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

/** The device file, as rstream writes it. It holds private keys. */
export function workspaceDeviceFile(device: WorkspaceDevice): string {
  const { keys } = device;
  const secret = (key: KeyObject): string => {
    const der = key.export({ format: 'der', type: 'pkcs8' });
    const text = base64url(der);
    der.fill(0);
    return text;
  };
  const file = {
    version: 1,
    kind: device.kind,
    workspace_id: device.workspaceId,
    device_key_id: device.deviceKeyId,
    status: device.status,
    label: device.label ?? undefined,
    public_encryption_key: keys.publicEncryptionKey,
    private_encryption_key: secret(keys.encryptionKey),
    public_signing_key: keys.publicSigningKey,
    private_signing_key: secret(keys.signingKey),
    webtty_public_key: keys.terminal?.publicKey,
    webtty_key_id: keys.terminal?.keyId,
    webtty_key_algorithm: keys.terminal?.algorithm,
    webtty_identity_path: device.identityPath ?? undefined,
    fingerprint: keys.fingerprint,
    device_envelope: device.envelope ?? undefined,
    rotates_device_key_id: device.rotates ?? undefined,
    rotation_completed_at: device.rotationCompletedAt ?? undefined,
    created_at: device.createdAt,
    updated_at: device.updatedAt,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
