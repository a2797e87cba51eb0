// Keys of this device in words: how a key stands, what there is to wait for, how a code is read.

import { describe, expect, test } from 'vitest';
import { codeGroups, isWaiting, keySign, sortedKeys, spokenCode } from '../../../../renderer/sources/device-text.ts';
import type { DeviceKey } from '../../../../shared/api/source-shapes.ts';

const device = (change: Partial<DeviceKey>): DeviceKey => ({
  id: 'd',
  kind: 'workspace-device',
  place: 'keychain',
  label: 'desk',
  suite: 'x25519',
  keyId: null,
  workspaceId: null,
  deviceKeyId: null,
  fingerprint: null,
  status: 'new',
  trusted: false,
  verificationCode: null,
  createdAt: null,
  ...change,
});

describe('a device', () => {
  test.each([
    [{ status: 'new' }, 'Not enrolled', false],
    [{ status: null }, 'Not enrolled', false],
    [{ status: 'pending' }, 'Waits for approval', true],
    [{ status: 'active', trusted: false }, 'Active, not trusted yet', true],
    [{ status: 'active', trusted: null }, 'Active, not trusted yet', true],
    [{ status: 'active', trusted: true }, 'Trusted', false],
    [{ status: 'lost' }, 'Reported lost', false],
    [{ status: 'revoked' }, 'Revoked', false],
    [{ kind: 'endpoint-identity', status: null, trusted: null }, 'Ready', false],
  ] as const)('%j is called %j', (change, word, waits) => {
    expect([keySign(device(change)).word, isWaiting(device(change))]).toEqual([word, waits]);
  });

  test('that waits is listed first, one that is lost last, others newest first', () => {
    const keys = [
      device({ id: 'lost', status: 'lost', createdAt: '2026-11-20T00:00:00Z' }),
      device({ id: 'old', status: 'active', trusted: true, createdAt: '2026-01-01T00:00:00Z' }),
      device({ id: 'young', status: 'new', createdAt: '2026-11-01T00:00:00Z' }),
      device({ id: 'waits', status: 'pending', createdAt: '2025-01-01T00:00:00Z' }),
    ];
    expect(sortedKeys(keys).map(({ id }) => id)).toEqual(['waits', 'young', 'old', 'lost']);
  });
});

describe('a verification code', () => {
  test('is shown in its groups, with hyphens or without', () => {
    expect(codeGroups('7KQM-XW2P-9DTR')).toEqual(['7KQM', 'XW2P', '9DTR']);
    expect(codeGroups('7KQMXW2P9DTR')).toEqual(['7KQM', 'XW2P', '9DTR']);
    expect(codeGroups('')).toEqual([]);
  });

  test('is spoken character by character', () => {
    expect(spokenCode('7KQM-XW2P-9DTR')).toBe('7 K Q M, X W 2 P, 9 D T R');
  });
});
