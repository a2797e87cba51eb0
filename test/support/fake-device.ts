// The fake core's keys: one trusted device, an endpoint identity of rstream's folder, and whatever is made meanwhile. A device that
// was enrolled is approved after some questions about it.

import type { EventName, EventValue, Input, Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { DeviceKey, DeviceList } from '../../shared/api/source-shapes.ts';

export type FakeKeys = 'none' | 'pending' | 'some';

const SIGNING = 'SHA256:Jr4mQ0v1m6S9u3l2x0QyYb8V0cJ7mJk3n1nq9c2tX5E';

const TRUSTED: DeviceKey = {
  id: 'device-1',
  kind: 'workspace-device',
  place: 'keychain',
  label: 'ana-laptop',
  suite: 'x25519',
  keyId: 'x7bUq0aFQ3y9m5oV2nJm2g',
  workspaceId: 'ws_2f81c0d4',
  deviceKeyId: 'dvk_91c2a7',
  fingerprint: 'sha256:1vV0o5mC0q8c7Ff2bT9yH4l0aB3sJ6uWkXn2ZpQeR7M',
  status: 'active',
  trusted: true,
  verificationCode: '7KQM-XW2P-9DTR',
  createdAt: '2026-09-02T08:14:00Z',
};

const PENDING: DeviceKey = {
  ...TRUSTED,
  id: 'device-9',
  label: 'ana-workstation',
  deviceKeyId: 'dvk_b03e55',
  keyId: 'Zk2c8Vb1S5m0pQ7rT3uX9w',
  fingerprint: 'sha256:9bQ2w5eR8tY1uI4oP7aS0dF3gH6jK9lZ2xC5vB8nM1q',
  status: 'pending',
  trusted: false,
  verificationCode: 'HN4T-2QXE-KW7B',
  createdAt: '2026-11-21T09:41:00Z',
};

const FIRST: Readonly<Record<FakeKeys, readonly DeviceKey[]>> = {
  none: [],
  pending: [PENDING, TRUSTED],
  some: [
    TRUSTED,
    {
      ...TRUSTED,
      id: 'device-old',
      label: 'ana-laptop (old)',
      deviceKeyId: 'dvk_17aa03',
      status: 'revoked',
      trusted: false,
      createdAt: '2025-12-11T15:02:00Z',
    },
    {
      id: 'rstream-default',
      kind: 'endpoint-identity',
      place: 'rstream',
      label: 'default',
      suite: 'p256',
      keyId: 'pP0v5sJx1m8kQ2dN7hT4cA',
      workspaceId: null,
      deviceKeyId: null,
      fingerprint: null,
      status: null,
      trusted: null,
      verificationCode: null,
      createdAt: '2026-08-20T12:00:00Z',
    },
  ],
};

const FAULTS: DeviceList['faults'] = [
  {
    kind: 'refused',
    what: '~/.rstream/webtty/identities/ci.identity.json',
    why: 'others on this machine may read it',
    todo: 'take their rights away: chmod 600',
  },
];

type Row =
  'device.list' | 'device.create' | 'device.enroll' | 'device.status' | 'device.import' | 'device.remove' | 'device.exportPublic';

/** Questions about an enrolled device until somebody has approved it. */
const APPROVED_AFTER = 3;

export function fakeDevice(
  emit: <E extends EventName>(name: E, value: EventValue<E>) => void,
  first: FakeKeys,
  openTicket: (text: string) => string,
): { readonly [K in Row]: (input: Input<K>) => Output<K> } {
  const keys = new Map(FIRST[first].map((key) => [key.id, key]));
  const asked = new Map<string, number>();
  let made = 0;
  const set = (key: DeviceKey): DeviceKey => {
    keys.set(key.id, key);
    emit('sources', {});
    return key;
  };
  const find = (id: string): DeviceKey => {
    const found = keys.get(id);
    if (found === undefined) throw new ExhibitError('not-found', `key ${id}`, 'there is none of that name');
    return found;
  };
  const create = (label: string, suite: 'x25519' | 'p256'): DeviceKey =>
    set({
      ...TRUSTED,
      id: `device-new-${String(++made)}`,
      label,
      suite,
      workspaceId: null,
      deviceKeyId: null,
      fingerprint: null,
      status: 'new',
      trusted: false,
      verificationCode: null,
      createdAt: `2026-11-21T10:0${String(made % 10)}:00Z`,
    });
  return {
    'device.list': () => ({
      keys: [...keys.values()],
      faults: first === 'some' ? FAULTS : [],
      signingFingerprint: SIGNING,
    }),
    'device.create': ({ label = 'this-machine', suite = 'x25519' }) => create(label, suite),
    'device.enroll': ({ workspace, id }) => {
      if (workspace === 'elsewhere')
        throw new ExhibitError(
          'permission',
          'enrolment',
          'the token does not belong to that workspace',
          'name one that it belongs to',
        );
      const key = id === undefined ? create('this-machine', 'x25519') : find(id);
      return set({
        ...PENDING,
        id: key.id,
        label: key.label,
        suite: key.suite,
        createdAt: key.createdAt,
        workspaceId: workspace ?? PENDING.workspaceId,
      });
    },
    'device.status': ({ id }) => {
      const wanted = id === undefined ? [...keys.values()].filter(({ kind }) => kind === 'workspace-device') : [find(id)];
      return wanted.map((key) => {
        if (key.status !== 'pending' || key.id === PENDING.id) return key;
        const n = (asked.get(key.id) ?? 0) + 1;
        asked.set(key.id, n);
        return n < APPROVED_AFTER ? key : set({ ...key, status: 'active', trusted: true });
      });
    },
    'device.import': ({ path }) =>
      set({
        ...FIRST.some[2]!,
        id: 'device-imported',
        place: 'keychain',
        label:
          path === null
            ? 'environment'
            : path
                .split('/')
                .at(-1)!
                .replace(/\.identity\.json$/, ''),
      }),
    'device.remove': ({ id }) => {
      find(id);
      keys.delete(id);
      emit('sources', {});
      return null;
    },
    'device.exportPublic': ({ id }) => {
      const wanted = id === undefined ? [...keys.values()] : [find(id)];
      const list = wanted.map(({ label, kind, suite, keyId, fingerprint, workspaceId, deviceKeyId }) => ({
        label,
        kind,
        suite,
        key_id: keyId,
        workspace_id: workspaceId,
        device_key_id: deviceKeyId,
        fingerprint,
        public_key: 'w0v2m8Qb5nT1xR4cZ7kP3sJ6uH9yL0aE2dF5gB8vN1M',
      }));
      const text = `${JSON.stringify({ version: 1, keys: list }, null, 2)}\n`;
      return { text, ticket: openTicket(text), fileName: 'device-public.json' };
    },
  };
}
