// The file of a workspace device: what rstream keeps of a machine that a workspace trusts. It owns an encryption key, a signing
// key and a terminal key; the private part of the last lies in an identity file of its own. A device counts as trusted only
// when it is active and the workspace has left an envelope for it; that envelope is not needed to read a recording.

import type { KeyObject } from 'node:crypto';
import { ExhibitError } from '../../shared/api/errors.ts';
import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';
import { fingerprintOf } from './rstream-canonical.ts';
import { parseTerminalIdentity, type TerminalIdentity } from './rstream-identity.ts';
import { p256PrivateKey, p256PublicKey } from './rstream-keys.ts';
import { StrictFile } from './rstream-strict-file.ts';
import { base64url, suiteBy, terminalKeyId } from './rstream-suites.ts';

/** The public half of a terminal key as device files and the control plane name it, texts in base64url. */
export interface TerminalKeyName {
  readonly publicKey: string;
  readonly keyId: string;
  readonly algorithm: string;
}

/** The keys that a device is: public ones as text (SPKI DER, base64url), private ones as keys. */
export interface DeviceKeys {
  readonly publicEncryptionKey: string;
  readonly publicSigningKey: string;
  readonly encryptionKey: KeyObject;
  readonly signingKey: KeyObject;
  /** `sha256:` and base64url, of both public keys. */
  readonly fingerprint: string;
  readonly terminal: TerminalKeyName | null;
}

export interface WorkspaceDevice {
  readonly kind: string;
  readonly workspaceId: string;
  readonly deviceKeyId: string;
  /** `pending`, `active`, `revoked`, `lost`, or whatever the file says; empty where it says nothing. */
  readonly status: string;
  readonly label: string | null;
  readonly keys: DeviceKeys;
  /** Where the file says that the identity lies; null: at the default place. */
  readonly identityPath: string | null;
  /** The workspace's envelope for this device as it stands in the file, or null. Only its presence matters here. */
  readonly envelope: JsonObject | null;
  /** Device key id of the device that this one replaces. */
  readonly rotates: string | null;
  readonly rotationCompletedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const MEMBERS = [
  'kind',
  'workspace_id',
  'device_key_id',
  'status',
  'label',
  'public_encryption_key',
  'private_encryption_key',
  'public_signing_key',
  'private_signing_key',
  'webtty_public_key',
  'webtty_key_id',
  'webtty_key_algorithm',
  'webtty_identity_path',
  'fingerprint',
  'device_envelope',
  'rotates_device_key_id',
  'rotation_completed_at',
  'created_at',
  'updated_at',
];

const ENVELOPE = ['id', 'keysetId', 'recipientKind', 'recipientId', 'ciphertext', 'crypto', 'createdAt', 'revokedAt'];

function privateKey(file: StrictFile, use: 'encryption' | 'signing'): KeyObject {
  const publicKey = p256PublicKey(file.bytes(`public_${use}_key`));
  if (publicKey === null) throw file.refusal(`its public_${use}_key is no P-256 key in DER`);
  const key = p256PrivateKey(file.bytes(`private_${use}_key`), publicKey);
  if (key === null) throw file.inconsistent(`its private_${use}_key is no key that belongs to its public_${use}_key`);
  return key;
}

function terminalName(file: StrictFile): TerminalKeyName | null {
  const publicKey = file.optionalText('webtty_public_key');
  const keyId = file.optionalText('webtty_key_id');
  const algorithm = file.optionalText('webtty_key_algorithm');
  if (publicKey === null && keyId === null && algorithm === null) return null;
  if (publicKey === null || keyId === null || algorithm === null) throw file.refusal('it names its terminal key only in part');
  if (base64url(terminalKeyId(file.bytes('webtty_public_key'))) !== keyId) {
    throw file.inconsistent('its webtty_key_id does not belong to its webtty_public_key');
  }
  return { publicKey, keyId, algorithm };
}

function envelopeOf(file: StrictFile): JsonObject | null {
  const envelope = file.object['device_envelope'] ?? null;
  if (envelope === null) return null;
  if (!isObject(envelope) || !Object.keys(envelope).every((name) => ENVELOPE.includes(name))) {
    throw file.refusal('its device_envelope is no envelope of a workspace key');
  }
  return envelope;
}

/**
 * Reads a device file (version 1) and checks every key in it. `name` is for messages. A `draft` is a device of ours that no
 * workspace has yet: both ids may be missing and are then empty. Throws kinds `refused` and `damaged`.
 */
export function parseWorkspaceDevice(text: string, name: string, draft = false): WorkspaceDevice {
  const file = new StrictFile(text, name, MEMBERS);
  const id = (member: string): string => (draft ? (file.optionalText(member) ?? '') : file.text(member));
  const publicEncryptionKey = file.text('public_encryption_key');
  const publicSigningKey = file.text('public_signing_key');
  const fingerprint = fingerprintOf(publicEncryptionKey, publicSigningKey);
  const keys: DeviceKeys = {
    publicEncryptionKey,
    publicSigningKey,
    encryptionKey: privateKey(file, 'encryption'),
    signingKey: privateKey(file, 'signing'),
    fingerprint,
    terminal: terminalName(file),
  };
  if (file.text('fingerprint') !== fingerprint) throw file.inconsistent('its fingerprint is not that of its public keys');
  return {
    kind: file.text('kind'),
    workspaceId: id('workspace_id'),
    deviceKeyId: id('device_key_id'),
    status: file.optionalText('status') ?? '',
    label: file.optionalText('label'),
    keys,
    identityPath: file.optionalText('webtty_identity_path'),
    envelope: envelopeOf(file),
    rotates: file.optionalText('rotates_device_key_id'),
    rotationCompletedAt: file.optionalText('rotation_completed_at'),
    createdAt: file.text('created_at'),
    updatedAt: file.text('updated_at'),
  };
}

/** The envelope of the workspace key for this device among those of a lookup's answer, with the members that device files have. */
export function envelopeFor({ deviceKeyId }: WorkspaceDevice, envelopes: unknown): JsonObject | null {
  if (!Array.isArray(envelopes)) return null;
  const found: unknown = envelopes.find(
    (one: unknown) => isObject(one) && one['recipientKind'] === 'device' && one['recipientId'] === deviceKeyId,
  );
  if (!isObject(found)) return null;
  return Object.fromEntries(Object.entries(found).filter(([name]) => ENVELOPE.includes(name)));
}

/** Whether the workspace trusts this device: it is active, and an envelope of the workspace key lies there for it. */
export function isTrusted({ status, envelope }: WorkspaceDevice): boolean {
  return status === 'active' && envelope !== null;
}

/**
 * Reads the terminal identity of a device. Throws kind `damaged` where it is not the one that the device file names, and
 * `refused` where the device names an algorithm that is not known; otherwise as {@link parseTerminalIdentity}.
 */
export function parseDeviceIdentity({ keys, deviceKeyId }: WorkspaceDevice, text: string, name: string): TerminalIdentity {
  const named = keys.terminal;
  const suite = suiteBy('algorithm', named?.algorithm);
  const failed = (kind: 'refused' | 'damaged', why: string): ExhibitError =>
    new ExhibitError(kind, `read ${name}`, why, `enrol this machine again, or restore the files of device ${deviceKeyId}`);
  if (named === null) throw failed('refused', 'the device has no terminal key');
  if (suite === undefined) throw failed('refused', 'the device names an algorithm of terminal keys that is not known');
  const identity = parseTerminalIdentity(text, name);
  if (identity.suite !== suite.name || identity.keyId !== named.keyId || base64url(identity.publicKey) !== named.publicKey) {
    throw failed('damaged', 'it is not the terminal key that the device file names');
  }
  return identity;
}
