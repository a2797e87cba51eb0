// Calls about the keys of this machine: devices made and enrolled here, keys taken in from rstream, how they stand. Private keys
// stay in the vault: what comes back is public. A device's keys are kept before a workspace hears of them, and a device that was
// sent already is found again by its fingerprint, so that no answer that got lost leaves a second device behind.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { DeviceKey, Workspace } from '../../shared/api/source-shapes.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { SourceError, type Answer, type Rstream } from '../source/source.ts';
import type { Enrolled, KeyRing } from '../vault/vault.ts';
import type { Desk, Handlers } from './desk.ts';
import { readWorkspaces, sourceAccess, type SourceAccess } from './source-access.ts';

type Calls =
  'device.list' | 'device.create' | 'device.enroll' | 'device.status' | 'device.import' | 'device.remove' | 'device.exportPublic';

/** The kind that a device of ours has in its workspace; of each kind there is one at a time. */
const KIND = 'cli';

/** Access proofs in one request. */
const MAX_PROOFS = 8;

function objectOf({ bytes }: Answer): JsonObject {
  const parsed = parseJson(bytes);
  return parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : {};
}

function objectsIn(object: JsonObject, member: string): readonly JsonObject[] {
  const list = object[member];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** The workspace that the source's token belongs to. Throws kind `usage` where there is more than one to choose from. */
async function onlyWorkspace(rstream: Rstream, signal: AbortSignal): Promise<string> {
  const found = await readWorkspaces(rstream, signal);
  if (found.length === 1) return found[0]!.id;
  if (found.length === 0) {
    throw new ExhibitError('not-found', 'enrol device', 'the token belongs to no workspace', 'use a token of a member of one');
  }
  const named = ({ id, name }: Workspace): string => (name === null || name === id ? id : `${id} (${name.slice(0, 60)})`);
  const some = found.slice(0, 10).map(named).join(', ');
  const more = found.length > 10 ? ` and ${String(found.length - 10)} more` : '';
  const why = `the token belongs to more than one workspace: ${some}${more}`;
  throw new ExhibitError('usage', 'enrol device', why, 'name one by its id, with --workspace');
}

/** Sends access proofs of kept devices and takes over what the workspace says of them. */
async function lookUp(
  { keys, rstream, now }: { readonly keys: KeyRing; readonly rstream: Rstream; readonly now: string },
  workspaceId: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly named: readonly DeviceKey[]; readonly devices: readonly JsonObject[] }> {
  const named: DeviceKey[] = [];
  const devices: JsonObject[] = [];
  for (let at = 0; at < ids.length; at += MAX_PROOFS) {
    const proofs = await Promise.all(ids.slice(at, at + MAX_PROOFS).map((id) => keys.accessProof(id, workspaceId, now)));
    const answer = objectOf(
      await rstream.lookup(
        workspaceId,
        proofs.map((proof) => ({ ...proof })),
        signal,
      ),
    );
    named.push(...(await keys.keepLookup(workspaceId, answer, now)));
    devices.push(...objectsIn(answer, 'devices'));
  }
  return { named, devices };
}

export function deviceCalls(desk: Desk, sources: Pick<SourceAccess, 'names' | 'rstream'> = sourceAccess(desk)): Handlers<Calls> {
  const { custodian, home, environment } = desk;
  const ring = (): KeyRing => {
    desk.library();
    return custodian.vault.keys;
  };

  /** Keys came or went: sessions may open that did not, or no longer open. */
  const keysChanged = async (): Promise<void> => {
    desk.emit('sources', {});
    await desk.keys().evaluateLocks();
  };

  const withSource = async <T>(name: string, work: (rstream: Rstream, signal: AbortSignal) => Promise<T>): Promise<T> => {
    const rstream = await sources.rstream(name);
    try {
      return await work(rstream, new AbortController().signal);
    } finally {
      rstream.close();
    }
  };

  const create = (label: string | undefined, suite: 'x25519' | 'p256'): Promise<DeviceKey> =>
    ring().createDevice(label ?? `Exhibit, ${desk.actor}`, suite, desk.now());

  /** A device of this machine that stands in the way of another one of its kind, or null. */
  const standing = async (workspaceId: string): Promise<{ place: string; status: string; deviceKeyId: string } | null> => {
    const { devices } = await custodian.vault.localKeys(home, environment);
    const found = devices.find(
      ({ device }) =>
        device.workspaceId === workspaceId && device.kind === KIND && (device.status === 'pending' || device.status === 'active'),
    );
    if (found === undefined) return null;
    return { place: found.place, status: found.device.status, deviceKeyId: found.device.deviceKeyId };
  };

  /** The device to enrol: the one named, the one that is new, or one made now. */
  const candidate = async (id: string | undefined): Promise<DeviceKey> => {
    if (id !== undefined) return ring().device(id);
    const { keys } = await custodian.vault.keyList(home, environment);
    const fresh = keys.filter(({ place, status }) => place === 'keychain' && status === 'new');
    if (fresh.length > 1) {
      throw new ExhibitError(
        'usage',
        'enrol device',
        'more than one device is new',
        'name one; `exhibit device list` shows them',
      );
    }
    return fresh[0] ?? create(undefined, 'x25519');
  };

  /** Whether the workspace has this device from an attempt whose answer got lost. */
  const sentBefore = async (
    rstream: Rstream,
    key: DeviceKey,
    workspaceId: string,
    signal: AbortSignal,
  ): Promise<JsonObject | null> => {
    try {
      const { devices } = await lookUp({ keys: ring(), rstream, now: desk.now() }, workspaceId, [key.id], signal);
      return devices.find((one) => one['fingerprint'] === key.fingerprint) ?? null;
    } catch (error) {
      // How a workspace answers a device that it does not know is not public: a refusal of the proof says no more than that.
      if (
        error instanceof SourceError &&
        error.status !== null &&
        error.status >= 400 &&
        error.status < 500 &&
        error.status !== 401
      )
        return null;
      throw error;
    }
  };

  const enrol = async (
    {
      source,
      workspace,
      id,
    }: { readonly source: string; readonly workspace?: string | undefined; readonly id?: string | undefined },
    rstream: Rstream,
    signal: AbortSignal,
  ): Promise<DeviceKey> => {
    const workspaceId = workspace ?? (await onlyWorkspace(rstream, signal));
    const keys = ring();
    const own = (await keys.enrolled()).filter((one) => one.workspaceId === workspaceId);
    await lookUp(
      { keys, rstream, now: desk.now() },
      workspaceId,
      own.map((one) => one.id),
      signal,
    );
    const other = await standing(workspaceId);
    if (other !== null) {
      const kept = own.find((one) => one.deviceKeyId === other.deviceKeyId);
      if (other.status === 'pending' && kept !== undefined && (id === undefined || kept.id === (await keys.device(id)).id))
        return keys.device(kept.id);
      const where = other.place === 'keychain' ? 'in the vault' : "in rstream's folder";
      throw new ExhibitError(
        'refused',
        'enrol device',
        `this machine has device ${other.deviceKeyId} in workspace ${workspaceId} already (${other.status}, ${where})`,
        other.status === 'active'
          ? 'nothing is to be done: its key is tried for every session'
          : 'have it approved or revoked first',
      );
    }
    const key = await candidate(id);
    const request = await keys.enrolmentRequest(key.id, workspaceId);
    const before = await sentBefore(rstream, key, workspaceId, signal);
    const answer = before ?? objectOf(await rstream.enrol(workspaceId, { ...request }, signal));
    const deviceKeyId = textOf(answer, before === null ? 'deviceKeyId' : 'id');
    const status = textOf(answer, 'status');
    if (deviceKeyId === undefined || status === undefined) {
      const why = 'the workspace answered without an id or a status for the device';
      throw new ExhibitError('network', 'enrol device', why, 'try again: the device is found again by its fingerprint');
    }
    return keys.keepEnrolment(key.id, { workspaceId, deviceKeyId, status, source }, desk.now());
  };

  /** The source whose control plane knows a device. */
  const sourceFor = ({ id, source }: Enrolled): string => {
    if (source !== null) return source;
    const names = sources.names('rstream');
    if (names.length === 1) return names[0]!;
    const why = 'it was imported, and says of no source that it belongs there';
    throw new ExhibitError('usage', `status of device ${id}`, why, 'name the source with --source');
  };

  const statuses = async (source: string | undefined, id: string | undefined): Promise<DeviceKey[]> => {
    const keys = ring();
    const one = id === undefined ? null : await keys.device(id);
    if (one?.status === 'new') {
      throw new ExhibitError(
        'usage',
        `status of device ${one.id}`,
        'no workspace has it yet',
        'enrol it: `exhibit device enroll SOURCE`',
      );
    }
    const asked = (await keys.enrolled()).filter((device) => one === null || device.id === one.id);
    const groups = Map.groupBy(asked, (device) => JSON.stringify([source ?? sourceFor(device), device.workspaceId]));
    const before = new Map(await Promise.all(asked.map(async ({ id: own }) => [own, await keys.device(own)] as const)));
    const named: DeviceKey[] = [];
    for (const [group, devices] of groups) {
      const [name, workspaceId] = JSON.parse(group) as [string, string];
      const ids = devices.map((device) => device.id);
      const found = await withSource(name, (rstream, signal) =>
        lookUp({ keys, rstream, now: desk.now() }, workspaceId, ids, signal),
      );
      named.push(...found.named.filter((key) => ids.includes(key.id)));
    }
    const isChanged = ({ id: own, status, trusted }: DeviceKey): boolean =>
      status !== before.get(own)?.status || trusted !== before.get(own)?.trusted;
    if (named.some(isChanged)) await keysChanged();
    const lost = asked.find((device) => !named.some((key) => key.id === device.id));
    if (lost === undefined) return named;
    const why = `workspace ${lost.workspaceId} does not know it`;
    throw new ExhibitError('not-found', `status of device ${lost.id}`, why, 'remove it and enrol this machine again');
  };

  return {
    'device.list': async () => {
      desk.library();
      const { keys, faults } = await custodian.vault.keyList(home, environment);
      return {
        keys: [...keys],
        faults: faults.map(({ failure }) => failure),
        signingFingerprint: custodian.vault.signingFingerprint(),
      };
    },
    'device.create': async ({ label, suite = 'x25519' }) => {
      const key = await create(label, suite);
      desk.emit('sources', {});
      return key;
    },
    'device.enroll': async (input) => {
      const key = await withSource(input.source, (rstream, signal) => enrol(input, rstream, signal));
      desk.emit('sources', {});
      return key;
    },
    'device.status': ({ source, id }) => statuses(source, id),
    'device.import': async ({ path, identityPath }) => {
      if (path === null && identityPath !== undefined) {
        throw new ExhibitError('usage', 'import key', 'the environment gives no device', 'name the file of the device as well');
      }
      const keys = ring();
      const key = await (path === null ? keys.importEnvironment(environment) : keys.importFile(path, identityPath ?? null));
      await keysChanged();
      return key;
    },
    'device.remove': async ({ id }) => {
      await ring().remove(id);
      await keysChanged();
      return null;
    },
    'device.exportPublic': async ({ id }) => {
      const text = await ring().exportPublic(id ?? null);
      return { text, ticket: desk.tickets.begin([Buffer.from(text)].values()), fileName: 'device-public.json' };
    },
  };
}
