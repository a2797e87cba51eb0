// Devices and identities that the vault keeps: made here, or taken in from files of rstream. Each is one secret of the vault,
// `key/<id>`. Private keys go in and never out: answers hold public keys, signatures and states. A device's keys are kept before
// a workspace is told of them, so that no enrolment can lose them.
// https://rstream.io (workspace devices); the payloads are in rstream-enrolment.ts, the files in rstream-device.ts.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { asExhibitError, ExhibitError } from '../../shared/api/errors.ts';
import type { DeviceKey } from '../../shared/api/source-shapes.ts';
import { isObject, parseJson, type JsonObject } from '../../shared/recording/json-text.ts';
import { encodeUtf8 } from '../../shared/recording/utf8.ts';
import {
  deviceText,
  identityName,
  keptBytes,
  parseKept,
  publicText,
  readKept,
  shownDevice,
  shownIdentity,
  type Kept,
  type KeptDevice,
  type KeptText,
} from './kept-key.ts';
import type { LocalKeys } from './rstream-choice.ts';
import { envelopeFor, parseWorkspaceDevice } from './rstream-device.ts';
import {
  accessProof,
  CHALLENGE_BYTES,
  enrolledDevice,
  enrolmentRequest,
  makeDevice,
  type AccessProof,
  type EnrolmentRequest,
} from './rstream-enrolment.ts';
import { givenIdentity, identityPath, readPrivateFile, type Environment } from './rstream-folder.ts';
import { terminalIdentityFile } from './rstream-identity.ts';
import type { SuiteName } from './rstream-suites.ts';
import type { SecretItems } from './secret-items.ts';

/** A device of ours that a workspace has, and where it was enrolled. */
export interface Enrolled {
  readonly id: string;
  readonly workspaceId: string;
  readonly deviceKeyId: string;
  /** Name of the source that it was enrolled with; null where it was imported. */
  readonly source: string | null;
}

/** Ids are those of {@link DeviceKey}, or an unambiguous beginning; `now` is RFC 3339, UTC, with three fraction digits. */
export interface KeyRing {
  /** The kept keys, for use: devices that no workspace has yet are among them. */
  local(): Promise<LocalKeys>;
  /** Makes the keys of a device and keeps them; no workspace knows it yet. Throws kind `usage` on a label that cannot be signed. */
  createDevice(label: string, suite: SuiteName, now: string): Promise<DeviceKey>;
  /**
   * Takes in a file of rstream: plain identity, endpoint identity, or workspace device with its identity file, which is looked
   * for where the device file says when `identityPath` is null. A key that is kept already is kept as the file has it.
   */
  importFile(path: string, identityPath: string | null): Promise<DeviceKey>;
  /** Takes in the identity that the environment gives. Throws kind `not-found` where it gives none. */
  importEnvironment(environment: Environment): Promise<DeviceKey>;
  /** Throws kind `not-found`. */
  remove(id: string): Promise<void>;
  /** What an administrator needs of a key, as JSON text. Without an id: of the one key that is kept. */
  exportPublic(id: string | null): Promise<string>;
  /** The device with this id. Throws kinds `not-found` and `usage` (it is an identity). */
  device(id: string): Promise<DeviceKey>;
  /** Devices that a workspace has. */
  enrolled(): Promise<Enrolled[]>;
  /** Body of a device's enrolment in a workspace. Throws kind `refused` for one that a workspace has already. */
  enrolmentRequest(id: string, workspaceId: string): Promise<EnrolmentRequest>;
  /** Keeps what the workspace answered. */
  keepEnrolment(id: string, answer: Omit<Enrolled, 'id'> & { readonly status: string }, now: string): Promise<DeviceKey>;
  /** Proves to a workspace which device asks; fresh each time. */
  accessProof(id: string, workspaceId: string, now: string): Promise<AccessProof>;
  /**
   * Takes status and envelope of each kept device of the workspace over from a lookup's answer. Returns the devices that the
   * answer named. Throws kind `altered` where it has other keys under the id of a device.
   */
  keepLookup(workspaceId: string, answer: JsonObject, now: string): Promise<DeviceKey[]>;
  /** Drops what was read: the vault was locked, or has other secrets now. */
  forget(): void;
}

const PREFIX = 'key/';

const LIST = '`exhibit device list` shows the keys';

interface Held {
  readonly kept: readonly Kept[];
  readonly faults: readonly ExhibitError[];
}

function shownKept(one: Kept): DeviceKey {
  return one.kind === 'device' ? shownDevice(one.local) : shownIdentity(one.local);
}

/** Text of the terminal identity of a device, from its file or from the identities that are kept; null where it has none. */
function identityText(path: string, identityFile: string | null, kept: readonly Kept[]): string | null {
  const device = parseWorkspaceDevice(readPrivateFile(path), path);
  const { terminal } = device.keys;
  if (terminal === null) return null;
  const at = identityFile ?? identityPath(device, dirname(dirname(path)));
  if (identityFile !== null || existsSync(at)) return readPrivateFile(at);
  for (const one of kept) {
    if (one.kind !== 'identity' || one.local.identity.kind !== 'terminal') continue;
    if (one.local.identity.keyId === terminal.keyId) return terminalIdentityFile(one.local.identity);
  }
  const why = `the terminal identity of this device is neither at ${at} nor among the kept keys`;
  throw new ExhibitError('not-found', `import ${path}`, why, 'name its file with --identity, or import it first');
}

/** The kept form of a file of rstream. */
function imported(path: string, identityFile: string | null, kept: readonly Kept[]): KeptText {
  const text = readPrivateFile(path);
  const parsed = parseJson(encodeUtf8(text));
  if (
    parsed.kind === 'value' &&
    isObject(parsed.value) &&
    Object.hasOwn(parsed.value, 'private_signing_key') &&
    !Object.hasOwn(parsed.value, 'crypto_suite')
  ) {
    return { kind: 'device', device: text, identity: identityText(path, identityFile, kept), source: null };
  }
  if (identityFile !== null) {
    throw new ExhibitError(
      'usage',
      `import ${path}`,
      'it is no device file, and so has no identity file',
      'leave the identity out',
    );
  }
  return { kind: 'identity', name: identityName(path), identity: text };
}

/** The key ring over the items of a vault. */
export function createKeyRing(items: SecretItems): KeyRing {
  let held: Promise<Held> | null = null;

  const readAll = async (): Promise<Held> => {
    const kept: Kept[] = [];
    const faults: ExhibitError[] = [];
    for (const name of await items.names()) {
      if (!name.startsWith(PREFIX)) continue;
      try {
        kept.push(readKept(parseKept(await items.get(name), name)));
      } catch (error) {
        faults.push(asExhibitError(error, `read ${name} of the vault`));
      }
    }
    return { kept, faults };
  };
  const all = (): Promise<Held> => {
    if (held !== null) return held;
    const reading = readAll();
    held = reading;
    // What failed is tried again; whoever asked has the error.
    reading.catch(() => {
      if (held === reading) held = null;
    });
    return reading;
  };

  const keep = async (text: KeptText): Promise<DeviceKey> => {
    const one = readKept(text);
    const bytes = keptBytes(text);
    try {
      await items.set(PREFIX + one.id, bytes);
    } finally {
      bytes.fill(0);
      held = null;
    }
    return shownKept(one);
  };

  const find = async (id: string): Promise<Kept> => {
    const { kept } = await all();
    const found = kept.filter((one) => one.id.startsWith(id) || (one.kind === 'device' && one.local.device.deviceKeyId === id));
    if (id !== '' && found.length === 1) return found[0]!;
    const why = found.length > 1 ? 'more than one key fits' : 'the vault keeps no such key';
    throw new ExhibitError('not-found', `key ${id}`, why, LIST);
  };
  const findDevice = async (id: string): Promise<KeptDevice> => {
    const found = await find(id);
    if (found.kind === 'device') return found;
    throw new ExhibitError('usage', `device ${id}`, 'it is an identity, which no workspace enrols', 'name a workspace device');
  };

  return {
    local: async () => {
      const { kept, faults } = await all();
      return {
        devices: kept.flatMap((one) => (one.kind === 'device' ? [one.local] : [])),
        identities: kept.flatMap((one) => (one.kind === 'identity' ? [one.local] : [])),
        devicesFaults: new Map(),
        faults,
      };
    },

    createDevice: (label, suite, now) => {
      const made = makeDevice({ workspaceId: '', kind: 'cli', label }, suite, now);
      const device = enrolledDevice(made, { deviceKeyId: '', status: 'new' }, now);
      return keep({ ...deviceText(device, null), identity: terminalIdentityFile(made.identity) });
    },

    importFile: async (path, identityFile) => keep(imported(path, identityFile, (await all()).kept)),

    importEnvironment: (environment) => {
      const given = givenIdentity(environment);
      if (given === null) {
        const why = 'RSTREAM_WEBTTY_IDENTITY is not set';
        throw new ExhibitError('not-found', 'import the identity of the environment', why, 'set it, or name a file');
      }
      return keep({ kind: 'identity', name: given.name, identity: given.text });
    },

    remove: async (id) => {
      const { id: whole } = await find(id);
      held = null;
      await items.delete(PREFIX + whole);
      held = null;
    },

    exportPublic: async (id) => {
      const { kept } = await all();
      if (id !== null) return publicText(await find(id));
      if (kept.length === 1) return publicText(kept[0]!);
      const why = kept.length === 0 ? 'the vault keeps no key' : 'the vault keeps more than one key';
      const todo = kept.length === 0 ? 'make one with `exhibit device create`, or import one' : `name one of them; ${LIST}`;
      throw new ExhibitError(kept.length === 0 ? 'not-found' : 'usage', 'export a public key', why, todo);
    },

    device: async (id) => shownDevice((await findDevice(id)).local),

    enrolled: async () => {
      const { kept } = await all();
      return kept.flatMap((one): Enrolled[] => {
        if (one.kind !== 'device' || one.local.device.deviceKeyId === '') return [];
        const { workspaceId, deviceKeyId } = one.local.device;
        return [{ id: one.id, workspaceId, deviceKeyId, source: one.text.source }];
      });
    },

    enrolmentRequest: async (id, workspaceId) => {
      const { device } = (await findDevice(id)).local;
      if (device.deviceKeyId === '') return enrolmentRequest({ ...device, workspaceId });
      const why = `workspace ${device.workspaceId} has it as ${device.deviceKeyId}`;
      throw new ExhibitError('refused', `enrol device ${id}`, why, 'make a new device for another workspace');
    },

    keepEnrolment: async (id, { workspaceId, deviceKeyId, status, source }, now) => {
      const { local, text } = await findDevice(id);
      const device = { ...local.device, workspaceId, deviceKeyId, status, updatedAt: now };
      return keep({ ...text, ...deviceText(device, source), identity: text.identity });
    },

    accessProof: async (id, workspaceId, now) => {
      const { device } = (await findDevice(id)).local;
      return accessProof({ ...device, workspaceId }, randomBytes(CHALLENGE_BYTES), now);
    },

    keepLookup: async (workspaceId, answer, now) => {
      const known = (Array.isArray(answer['devices']) ? (answer['devices'] as readonly unknown[]) : []).filter(isObject);
      const named: DeviceKey[] = [];
      for (const one of (await all()).kept) {
        if (one.kind !== 'device' || one.local.device.workspaceId !== workspaceId) continue;
        const { device } = one.local;
        const found = known.find((other) => other['id'] === device.deviceKeyId);
        if (found === undefined) continue;
        if (found['fingerprint'] !== device.keys.fingerprint) {
          const why = `the workspace has other keys under its id ${device.deviceKeyId}`;
          throw new ExhibitError('altered', `status of device ${one.id}`, why, 'tell the administrator of the workspace');
        }
        const status = typeof found['status'] === 'string' ? found['status'] : device.status;
        const envelope = envelopeFor(device, answer['deviceEnvelopes']);
        const changed = { ...device, status, envelope, updatedAt: now };
        const same = status === device.status && JSON.stringify(envelope) === JSON.stringify(device.envelope);
        named.push(
          same
            ? shownKept(one)
            : await keep({ ...one.text, ...deviceText(changed, one.text.source), identity: one.text.identity }),
        );
      }
      return named;
    },

    forget: () => {
      held = null;
    },
  };
}
