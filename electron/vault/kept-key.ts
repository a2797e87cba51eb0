// A device or identity as the vault keeps it: the texts of rstream's own files, so that the one strict reader checks every key
// each time it is taken out. A device that no workspace has yet is a device file without ids, of status `new`.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { DeviceKey } from '../../shared/api/source-shapes.ts';
import { isObject, parseJson } from '../../shared/recording/json-text.ts';
import type { LocalDevice, LocalIdentity } from './rstream-choice.ts';
import { isTrusted, parseDeviceIdentity, parseWorkspaceDevice, type WorkspaceDevice } from './rstream-device.ts';
import { publicExport, verificationCode, workspaceDeviceFile } from './rstream-enrolment.ts';
import { parseIdentity, publicIdentity } from './rstream-identity.ts';
import { suiteBy } from './rstream-suites.ts';

/** A device as it is written into the vault. It holds private keys. */
export interface KeptDeviceText {
  readonly kind: 'device';
  readonly device: string;
  /** Text of its terminal identity, or null where it has none. */
  readonly identity: string | null;
  /** The source that it was enrolled with, where it was enrolled here. */
  readonly source: string | null;
}

/** An identity as it is written into the vault. It holds private keys. */
export interface KeptIdentityText {
  readonly kind: 'identity';
  readonly name: string;
  readonly identity: string;
}

export type KeptText = KeptDeviceText | KeptIdentityText;

export interface KeptDevice {
  readonly kind: 'device';
  readonly id: string;
  readonly text: KeptDeviceText;
  readonly local: LocalDevice;
}

/** What was written, read and checked. */
export type Kept = KeptDevice | { readonly kind: 'identity'; readonly id: string; readonly local: LocalIdentity };

const ID_DIGITS = 12;

/** How calls name a key: hexadecimal digits of a digest, of a device's fingerprint or of an identity's key id. */
function shortId(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, ID_DIGITS);
}

/** Reads what the vault keeps, and checks it as a file is checked. Throws kinds `refused` and `damaged`. */
export function readKept(text: KeptText): Kept {
  if (text.kind === 'identity') {
    const identity = parseIdentity(text.identity, text.name);
    return { kind: 'identity', id: shortId(identity.keyId), local: { place: 'keychain', name: text.name, identity } };
  }
  const device = parseWorkspaceDevice(text.device, 'the device', true);
  const name = `the identity of device ${device.deviceKeyId}`;
  const identity = text.identity === null ? null : parseDeviceIdentity(device, text.identity, name);
  const local: LocalDevice = {
    place: 'keychain',
    device,
    identity: () => {
      if (identity !== null) return identity;
      throw new ExhibitError('refused', `use ${name}`, 'the device has no terminal key', 'enrol this machine anew');
    },
  };
  return { kind: 'device', id: shortId(device.keys.fingerprint), text, local };
}

/** What a secret of the vault holds; the bytes are overwritten. Throws kind `damaged` where it is none of ours. */
export function parseKept(secret: Buffer | null, name: string): KeptText {
  const parsed = parseJson(secret ?? new Uint8Array(0));
  secret?.fill(0);
  const value = parsed.kind === 'value' ? parsed.value : null;
  if (isObject(value) && value['v'] === 1 && isObject(value['kept'])) return value['kept'] as unknown as KeptText;
  throw new ExhibitError(
    'damaged',
    `read ${name} of the vault`,
    'it is not what Exhibit writes',
    'remove the key and import it again',
  );
}

/** The secret of the vault. Overwrite it after use. */
export function keptBytes(text: KeptText): Buffer {
  return Buffer.from(JSON.stringify({ v: 1, kept: text }));
}

/** A device in the form that is kept, without its identity. */
export function deviceText(device: WorkspaceDevice, source: string | null): Omit<KeptDeviceText, 'identity'> {
  return { kind: 'device', device: workspaceDeviceFile(device), source };
}

/** The name of an identity, of its file. */
export function identityName(path: string): string {
  return basename(path).replace(/(\.identity)?\.json$/, '');
}

/** What others need of a key, as JSON text. */
export function publicText(one: Kept): string {
  return one.kind === 'device' ? publicExport(one.local.device) : publicIdentity(one.local.identity);
}

const STATUSES = ['new', 'pending', 'active', 'lost', 'revoked'] as const;

/** A device as people see it; its private halves are not in it. */
export function shownDevice({ place, device }: LocalDevice): DeviceKey {
  const { terminal, fingerprint } = device.keys;
  const enrolled = device.deviceKeyId !== '';
  return {
    id: shortId(fingerprint),
    kind: 'workspace-device',
    place,
    label: device.label ?? device.kind,
    suite: suiteBy('algorithm', terminal?.algorithm)?.name ?? null,
    keyId: terminal?.keyId ?? null,
    workspaceId: enrolled ? device.workspaceId : null,
    deviceKeyId: enrolled ? device.deviceKeyId : null,
    fingerprint,
    status: STATUSES.find((known) => known === device.status) ?? null,
    trusted: isTrusted(device),
    verificationCode: enrolled ? verificationCode(device) : null,
    createdAt: device.createdAt,
  };
}

/** An identity as people see it. */
export function shownIdentity({ place, name, identity }: LocalIdentity): DeviceKey {
  return {
    id: shortId(identity.keyId),
    kind: identity.kind === 'endpoint' ? 'endpoint-identity' : 'terminal-identity',
    place,
    label: name,
    suite: identity.suite,
    keyId: identity.keyId,
    workspaceId: null,
    deviceKeyId: null,
    fingerprint: null,
    status: null,
    trusted: null,
    verificationCode: null,
    createdAt: identity.createdAt,
  };
}
