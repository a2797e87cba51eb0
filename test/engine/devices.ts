// The devices that workspaces know: enrolment, approval, lookup and revocation, each with the proof that it needs. In place of the
// person who compares a code in a trusted browser, a test approves.

import { isObject, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import {
  fingerprintOf,
  isSignedBy,
  lookupPayload,
  proofPayload,
  revokePayload,
  verificationCode,
  workspaceKeyEnvelope,
  type DeviceKeys,
} from './device-proofs.ts';
import { optionalText, Refusal, requiredText } from './endpoint.ts';
import { instantText, type Random } from './recordings.ts';
import { recipientKeyId } from './sealing.ts';

export type DeviceStatus = 'pending' | 'active' | 'revoked' | 'lost';

export interface Device {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: string;
  readonly label: string | undefined;
  readonly browserId: string | undefined;
  readonly keys: DeviceKeys;
  readonly fingerprint: string;
  /** What a person would compare before approving. */
  readonly code: string;
  readonly createdAt: string;
  status: DeviceStatus;
  approvedAt: string | undefined;
  endedAt: string | undefined;
  envelope: JsonObject | undefined;
}

const STATUSES: readonly DeviceStatus[] = ['pending', 'active', 'revoked', 'lost'];

const TERMINAL_ALGORITHMS = ['webtty-x25519-hpke-v1', 'webtty-p256-hkdf-sha256-aes-256-gcm-random-nonce-v1'];

/** The control plane's view of a device. */
function shown(device: Device): JsonObject {
  return {
    id: device.id,
    kind: device.kind,
    status: device.status,
    label: device.label,
    browserId: device.browserId,
    publicEncryptionKey: device.keys.encryption,
    publicSigningKey: device.keys.signing,
    webttyPublicKey: device.keys.terminal?.key,
    webttyKeyId: device.keys.terminal?.id,
    webttyKeyAlgorithm: device.keys.terminal?.algorithm,
    fingerprint: device.fingerprint,
    approvedAt: device.approvedAt,
    [device.status === 'lost' ? 'lostAt' : 'revokedAt']: device.endedAt,
    createdAt: device.createdAt,
  };
}

/** The three members of a terminal key: all or none, and the id that belongs to the key. */
function terminalKey(body: JsonObject): NonNullable<DeviceKeys['terminal']> | null {
  const names = ['webttyPublicKey', 'webttyKeyId', 'webttyKeyAlgorithm'];
  if (names.every((name) => body[name] === undefined)) return null;
  const [key, id, algorithm] = names.map((name) => requiredText(body, name)) as [string, string, string];
  if (!TERMINAL_ALGORITHMS.includes(algorithm)) throw new Refusal(400, 'webttyKeyAlgorithm is not known');
  if (recipientKeyId(Buffer.from(key, 'base64url')).toString('base64url') !== id) {
    throw new Refusal(400, 'webttyKeyId does not belong to webttyPublicKey');
  }
  return { key, id, algorithm };
}

function checkSignature(signingKey: string, payload: string, signature: string): void {
  let good = false;
  try {
    good = isSignedBy(signingKey, payload, signature);
  } catch {
    throw new Refusal(400, 'the signing key is not SPKI DER');
  }
  if (!good) throw new Refusal(403, 'the signature does not fit');
}

export class Devices {
  readonly #devices = new Map<string, Device>();
  readonly #now: () => number;
  readonly #random: Random;

  /** `now` is in milliseconds since 1970. */
  constructor(now: () => number, random: Random) {
    this.#now = now;
    this.#random = random;
  }

  /** Takes in a device from its local file (section 12 of the protocol), private keys unread. */
  put(file: JsonObject): void {
    const status = STATUSES.find((known) => known === file['status']);
    if (status === undefined) throw new RangeError('the device file has no known status');
    const terminal = textOf(file, 'webtty_public_key');
    const keys: DeviceKeys = {
      encryption: requiredText(file, 'public_encryption_key'),
      signing: requiredText(file, 'public_signing_key'),
      ...(terminal === undefined
        ? {}
        : {
            terminal: {
              key: terminal,
              id: requiredText(file, 'webtty_key_id'),
              algorithm: requiredText(file, 'webtty_key_algorithm'),
            },
          }),
    };
    const createdAt = requiredText(file, 'created_at');
    const device = this.#add({
      id: requiredText(file, 'device_key_id'),
      workspaceId: requiredText(file, 'workspace_id'),
      kind: requiredText(file, 'kind'),
      label: textOf(file, 'label'),
      browserId: undefined,
      keys,
      createdAt,
    });
    device.status = status;
    if (status !== 'pending') device.approvedAt = createdAt;
    if (isObject(file['device_envelope'])) device.envelope = file['device_envelope'];
  }

  enrol(workspaceId: string, body: JsonObject): JsonObject {
    const terminal = terminalKey(body);
    const keys: DeviceKeys = {
      encryption: requiredText(body, 'publicEncryptionKey'),
      signing: requiredText(body, 'publicSigningKey'),
      ...(terminal === null ? {} : { terminal }),
    };
    if (requiredText(body, 'fingerprint') !== fingerprintOf(keys)) {
      throw new Refusal(400, 'fingerprint does not belong to the public keys');
    }
    const kind = requiredText(body, 'kind');
    const label = optionalText(body, 'label');
    checkSignature(keys.signing, proofPayload(workspaceId, kind, label, keys), requiredText(body, 'proofSignature'));
    const id = `wdk_${this.#random(8).toString('hex')}`;
    const browserId = optionalText(body, 'browserId');
    const { status } = this.#add({ id, workspaceId, kind, label, browserId, keys, createdAt: this.#time() });
    return { deviceKeyId: id, status };
  }

  /** What a person does in a trusted browser. Throws a RangeError for a device that is not pending. */
  approve(id: string): void {
    const device = this.#devices.get(id);
    if (device?.status !== 'pending') throw new RangeError(`no pending device ${id}`);
    device.status = 'active';
    device.approvedAt = this.#time();
    device.envelope = workspaceKeyEnvelope(id, device.keys.encryption, device.approvedAt, this.#random);
  }

  /** Devices and envelopes of those who prove themselves. A fingerprint that nobody has gives nothing. */
  lookup(workspaceId: string, body: JsonObject): JsonObject {
    const { proofs } = body;
    if (!Array.isArray(proofs)) throw new Refusal(400, 'proofs must be a list');
    const found = proofs.flatMap((proof: unknown) => {
      if (!isObject(proof)) throw new Refusal(400, 'a proof must be an object');
      const fingerprint = requiredText(proof, 'deviceFingerprint');
      const challenge = requiredText(proof, 'challenge');
      const signedAt = requiredText(proof, 'signedAt');
      if (Buffer.from(challenge, 'base64url').length !== 32) throw new Refusal(400, 'challenge must have 32 bytes');
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(signedAt)) throw new Refusal(400, 'signedAt must have milliseconds');
      const device = this.all().find((one) => one.workspaceId === workspaceId && one.fingerprint === fingerprint);
      if (device === undefined) return [];
      const payload = lookupPayload(workspaceId, fingerprint, challenge, signedAt);
      checkSignature(device.keys.signing, payload, requiredText(proof, 'signature'));
      return [device];
    });
    const deviceEnvelopes = found.flatMap(({ status, envelope }) => (status === 'active' ? (envelope ?? []) : []));
    return { devices: found.map(shown), deviceEnvelopes };
  }

  /** A pending device goes without more; an active one needs the signature of an active device. */
  revoke(workspaceId: string, id: string, body: JsonObject): JsonObject {
    const device = this.#of(workspaceId, id);
    if (device === undefined) throw new Refusal(404, 'not found');
    const actorId = optionalText(body, 'actorDeviceKeyId');
    if (actorId !== undefined) {
      const actor = this.#of(workspaceId, actorId);
      if (actor?.status !== 'active') throw new Refusal(403, 'the acting device is not active');
      const payload = revokePayload(workspaceId, actorId, id, optionalText(body, 'reason'));
      checkSignature(actor.keys.signing, payload, requiredText(body, 'signature'));
    } else if (device.status === 'active') {
      throw new Refusal(403, 'an active device must sign');
    }
    device.status = body['markLost'] === true ? 'lost' : 'revoked';
    device.endedAt = this.#time();
    return shown(device);
  }

  all(): Device[] {
    return [...this.#devices.values()];
  }

  #of(workspaceId: string, id: string): Device | undefined {
    const device = this.#devices.get(id);
    return device?.workspaceId === workspaceId ? device : undefined;
  }

  #add(known: Omit<Device, 'fingerprint' | 'code' | 'status' | 'approvedAt' | 'endedAt' | 'envelope'>): Device {
    const device: Device = {
      ...known,
      fingerprint: fingerprintOf(known.keys),
      code: verificationCode(known.workspaceId, known.id, known.kind, known.keys),
      status: 'pending',
      approvedAt: undefined,
      endedAt: undefined,
      envelope: undefined,
    };
    this.#devices.set(device.id, device);
    return device;
  }

  #time(): string {
    return instantText(this.#now() * 1000);
  }
}
