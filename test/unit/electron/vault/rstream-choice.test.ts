// Which key on this machine opens a session, in which order keys are tried, and what the reader is told where none does.

import { describe, expect, test } from 'vitest';
import {
  chooseKey,
  recipientsOf,
  type LocalDevice,
  type LocalKeys,
  type Recipient,
  type SessionGrants,
} from '../../../../electron/vault/rstream-choice.ts';
import { parseDeviceIdentity, parseWorkspaceDevice } from '../../../../electron/vault/rstream-device.ts';
import {
  makeTerminalIdentity,
  parseEndpointIdentity,
  parseIdentity,
  type Identity,
} from '../../../../electron/vault/rstream-identity.ts';
import { refusalError, type Refusal } from '../../../../electron/vault/rstream-refusal.ts';
import { ExhibitError } from '../../../../shared/api/errors.ts';
import type { JsonObject } from '../../../../shared/recording/json-text.ts';
import { readVectors, VECTORS, type VectorCase } from '../../../engine/vectors.ts';

const { cases } = readVectors(VECTORS);
const named = (name: string): VectorCase => cases.find((one) => one.case === name)!;

const DEVICE_CASE = named('e2e-x25519-device');
const EXPLICIT_CASE = cases.find(({ decrypt_material_query: query }) => query?.recipient_kind === 'public_key')!;
const P256_CASE = named('e2e-p256-device');

function localDevice(file: JsonObject, identity: unknown): LocalDevice {
  const device = parseWorkspaceDevice(JSON.stringify(file), 'device');
  return { place: 'rstream', device, identity: () => parseDeviceIdentity(device, JSON.stringify(identity), 'identity') };
}

function keysOf(devices: readonly LocalDevice[], identities: readonly Identity[] = []): LocalKeys {
  return {
    devices,
    devicesFaults: new Map(),
    identities: identities.map((identity, index) => ({ place: 'rstream', name: `id-${String(index)}`, identity })),
    faults: [],
  };
}

/** The source of a case, and what it was asked for. */
function sourceOf(
  { decrypt_material, decrypt_material_query: query, key_grants }: VectorCase,
  failing: (recipient: Recipient) => boolean = () => false,
): SessionGrants & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    material: async (recipient) => {
      asked.push(`${recipient.kind} ${recipient.id}`);
      if (failing(recipient))
        throw new ExhibitError('network', 'ask for decrypt material', 'the engine does not answer', 'try later');
      return Promise.resolve(
        query?.recipient_id === recipient.id && query.recipient_kind === recipient.kind ? decrypt_material : [],
      );
    },
    ofDevices: async () => Promise.resolve(query?.recipient_kind === 'workspace_device' ? decrypt_material : []),
    list: async () => {
      asked.push('grants');
      return Promise.resolve(key_grants);
    },
  };
}

const ours = localDevice(DEVICE_CASE.workspace_device!, DEVICE_CASE.identity);
const DEVICE_ID = String(DEVICE_CASE.workspace_device!['device_key_id']);
const endpoint = parseIdentity(JSON.stringify(EXPLICIT_CASE.identity), 'endpoint');

/** Our device under another id, made at another time: it never has material. */
function another(id: string, change: JsonObject = {}): LocalDevice {
  return localDevice({ ...DEVICE_CASE.workspace_device!, device_key_id: id, ...change }, DEVICE_CASE.identity);
}

describe('a session that a key here opens', () => {
  test('is opened by the trusted device that has a grant', async () => {
    const source = sourceOf(DEVICE_CASE);
    const outcome = await chooseKey(DEVICE_CASE.session, keysOf([ours], [endpoint]), source);
    expect(outcome).toMatchObject({
      kind: 'opened',
      recipient: { id: DEVICE_ID, kind: 'workspace_device' },
      grant: DEVICE_CASE.decrypt_material[0]!['id'],
      key: { kind: 'payload-key', suite: 'x25519' },
    });
    expect(source.asked).toEqual([`workspace_device ${DEVICE_ID}`]);
  });

  test('is opened by an endpoint identity, whatever devices there are', async () => {
    const source = sourceOf(EXPLICIT_CASE);
    const stranger = makeTerminalIdentity('x25519', '2026-06-13T15:30:00Z');
    const outcome = await chooseKey(EXPLICIT_CASE.session, keysOf([ours], [stranger, endpoint]), source);
    expect(outcome).toMatchObject({ kind: 'opened', recipient: { id: endpoint.keyId, kind: 'public_key' } });
    expect(source.asked.slice(-2)).toEqual([`public_key ${stranger.keyId}`, `public_key ${endpoint.keyId}`]);
  });

  test('is opened by the terminal identity of the granted device, given without the device', async () => {
    const { identity } = ours;
    const outcome = await chooseKey(DEVICE_CASE.session, keysOf([], [endpoint, identity()]), sourceOf(DEVICE_CASE));
    expect(outcome).toMatchObject({ kind: 'opened', recipient: { id: DEVICE_ID, kind: 'workspace_device' } });
    const another = makeTerminalIdentity('x25519', '2026-06-13T15:30:00Z');
    const none = await chooseKey(DEVICE_CASE.session, keysOf([], [endpoint, another]), sourceOf(DEVICE_CASE));
    expect(none).toMatchObject({ kind: 'refused', reason: 'no_trusted_device' });
  });

  test('asks the trusted devices of its workspace alone, the oldest first', async () => {
    const source = sourceOf(DEVICE_CASE);
    const devices = [
      another('wdk_newer', { created_at: '2026-05-20T11:30:00+01:00' }),
      ours,
      another('wdk_older', { created_at: '2026-05-20T09:30:00.5+01:00' }),
      another('wdk_pending', { status: 'pending', created_at: '2020-01-01T00:00:00Z' }),
      another('wdk_elsewhere', { workspace_id: 'ws_other', created_at: '2020-01-01T00:00:00Z' }),
      another('wdk_bare', {
        webtty_public_key: undefined,
        webtty_key_id: undefined,
        webtty_key_algorithm: undefined,
        created_at: '2020-01-01T00:00:00Z',
      }),
    ];
    const none = { ...source, material: async (recipient: Recipient) => (await source.material(recipient)).slice(1) };
    const outcome = await chooseKey(DEVICE_CASE.session, keysOf(devices), none);
    expect(outcome).toMatchObject({ reason: 'granted_without_material', detail: `workspace_device ${DEVICE_ID}` });
    expect(source.asked).toEqual([
      'workspace_device wdk_older',
      `workspace_device ${DEVICE_ID}`,
      'workspace_device wdk_newer',
      'grants',
    ]);
  });

  test('asks the keys of the vault before those of the folder of rstream, whatever their age', async () => {
    const source = sourceOf({ ...DEVICE_CASE, decrypt_material: [] });
    const kept: LocalDevice = { ...another('wdk_kept', { created_at: '2026-06-01T00:00:00Z' }), place: 'keychain' };
    const local = keysOf([ours, kept], [endpoint, endpoint]);
    const [folder, given] = local.identities;
    const identities = [
      { ...given!, name: 'a', place: 'environment' as const },
      { ...folder!, name: 'b' },
    ];
    await chooseKey(DEVICE_CASE.session, { ...local, identities }, source);
    expect(source.asked.slice(0, 2)).toEqual(['workspace_device wdk_kept', `workspace_device ${DEVICE_ID}`]);
    expect(recipientsOf({ ...local, identities }, String(DEVICE_CASE.session['workspace_id']))).toEqual([
      { kind: 'workspace_device', id: 'wdk_kept' },
      { kind: 'workspace_device', id: DEVICE_ID },
      { kind: 'public_key', id: endpoint.keyId },
    ]);
  });

  test('asks no device where it belongs to no workspace', async () => {
    const source = sourceOf(DEVICE_CASE);
    const { workspace_id: _workspace, ...session } = DEVICE_CASE.session;
    await chooseKey(session, keysOf([ours]), source);
    expect(source.asked).toEqual(['grants']);
  });

  test('tries every element of an answer until one opens', async () => {
    const source = sourceOf({
      ...DEVICE_CASE,
      decrypt_material: [{}, ...P256_CASE.decrypt_material, ...DEVICE_CASE.decrypt_material],
    });
    expect(await chooseKey(DEVICE_CASE.session, keysOf([ours]), source)).toMatchObject({ kind: 'opened' });
  });

  test('is opened by a later device where an earlier one cannot be used', async () => {
    const broken: LocalDevice = {
      place: 'rstream',
      device: another('wdk_broken', { created_at: '2020-01-01T00:00:00Z' }).device,
      identity: () => {
        throw new ExhibitError('disk', 'read identity', 'it is not there');
      },
    };
    expect(await chooseKey(DEVICE_CASE.session, keysOf([broken, ours]), sourceOf(DEVICE_CASE))).toMatchObject({ kind: 'opened' });
  });
});

interface LocalState {
  readonly devices: readonly JsonObject[];
  readonly device_identities: Readonly<Record<string, JsonObject>>;
  readonly endpoint_identities: readonly JsonObject[];
}

describe('a session that no key here opens', () => {
  const TODO: Readonly<Record<string, RegExp>> = {
    no_trusted_device: /enrol this machine/,
    trusted_device_without_session_grant: /enrolling again does not help/,
    explicit_key_identity_missing: /import or choose the endpoint identity/,
    no_key_available: /ask who made the session/,
    managed_payload_not_returned: /webtty\.logs\.read-only/,
  };

  const situations = cases.filter((one) => one.local_state !== undefined);

  test('stands in the vectors in every situation', () => {
    expect(new Set(situations.map((one) => one.expected.failure!.kind))).toEqual(new Set(Object.keys(TODO)));
  });

  test.each(situations)('says which situation it is and what to do: $case', async (one) => {
    const { devices, device_identities, endpoint_identities } = one.local_state as unknown as LocalState;
    const local = keysOf(
      devices.map((file) => localDevice(file, device_identities[String(file['device_key_id'])])),
      endpoint_identities.map((file) => parseEndpointIdentity(JSON.stringify(file), 'endpoint')),
    );
    const source = sourceOf(one);
    const outcome = await chooseKey(one.session, local, source);
    const { kind } = one.expected.failure!;
    expect(outcome).toMatchObject({ kind: 'refused', reason: kind });
    const trusted = devices.filter((file) => file['status'] === 'active' && file['device_envelope'] !== undefined);
    expect(source.asked.filter((request) => request.startsWith('workspace_device'))).toHaveLength(trusted.length);
    if (kind === 'managed_payload_not_returned') expect(source.asked).toEqual([]);
    const error = refusalError(outcome as Refusal, 'open of the session');
    expect(error.kind).toBe(kind === 'managed_payload_not_returned' ? 'permission' : 'no-key');
    expect(error.todo).toMatch(TODO[kind]!);
  });
});

describe('a key that should have opened a session and did not', () => {
  const altered = { ...DEVICE_CASE.decrypt_material[0]!, wrapped_key: 'A'.repeat(64) };

  test('is named with its reason, where the session was granted to devices', async () => {
    const source = sourceOf({ ...DEVICE_CASE, decrypt_material: [altered] });
    const outcome = await chooseKey(DEVICE_CASE.session, keysOf([ours]), source);
    expect(outcome).toMatchObject({ reason: 'key_unwrap', detail: `workspace_device ${DEVICE_ID}` });
    expect(refusalError(outcome as Refusal, 'open of the session').message).toContain(DEVICE_ID);
  });

  test('does not hide that the session is encrypted for explicit keys', async () => {
    const key_grants = [{ recipient_kind: 'public_key' }];
    const source = sourceOf({ ...DEVICE_CASE, decrypt_material: [altered], key_grants });
    expect(await chooseKey(DEVICE_CASE.session, keysOf([ours]), source)).toMatchObject({
      reason: 'explicit_key_identity_missing',
    });
  });

  test('ends the search at once where it is an endpoint identity', async () => {
    const decrypt_material = [{ ...EXPLICIT_CASE.decrypt_material[0]!, wrapped_key: 'A'.repeat(64) }];
    const source = sourceOf({ ...EXPLICIT_CASE, decrypt_material });
    const later = makeTerminalIdentity('x25519', '2026-06-13T15:30:00Z');
    expect(await chooseKey(EXPLICIT_CASE.session, keysOf([], [endpoint, later]), source)).toMatchObject({ reason: 'key_unwrap' });
    expect(source.asked).toEqual([`public_key ${endpoint.keyId}`]);
  });

  test('keeps the error of a request that failed', async () => {
    for (const [one, local] of [
      [DEVICE_CASE, keysOf([ours])],
      [EXPLICIT_CASE, keysOf([], [endpoint])],
    ] as const) {
      const outcome = await chooseKey(
        one.session,
        local,
        sourceOf(one, () => true),
      );
      expect(outcome).toMatchObject({ reason: 'key_not_tried' });
      const error = refusalError(outcome as Refusal, 'open of the session');
      expect(error).toMatchObject({ kind: 'network', todo: 'try later', what: 'open of the session' });
      expect(error.why).toContain('the engine does not answer');
    }
  });

  test('says which device file is bad, since that one may have been the key', async () => {
    const devicesFault = new ExhibitError('damaged', 'read wdk_1.json', 'its fingerprint is not that of its public keys');
    const local = { ...keysOf([]), devicesFaults: new Map([[String(DEVICE_CASE.session['workspace_id']), devicesFault]]) };
    const outcome = await chooseKey(DEVICE_CASE.session, local, sourceOf(DEVICE_CASE));
    expect(outcome).toMatchObject({ reason: 'key_not_tried' });
    expect(refusalError(outcome as Refusal, 'open of the session')).toMatchObject({ kind: 'damaged' });
    expect(
      await chooseKey(
        EXPLICIT_CASE.session,
        { ...local, identities: keysOf([], [endpoint]).identities },
        sourceOf(EXPLICIT_CASE),
      ),
    ).toMatchObject({
      kind: 'opened',
    });
  });

  test('lets the failure of the list of grants through', async () => {
    const source = {
      ...sourceOf(DEVICE_CASE),
      list: () => Promise.reject(new ExhibitError('network', 'list grants', 'no answer')),
    };
    await expect(chooseKey(DEVICE_CASE.session, keysOf([]), source)).rejects.toThrow('no answer');
  });
});
