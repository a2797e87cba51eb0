// Why a session is locked, told apart by its code; and what opened one that is open.

import { describe, expect, test } from 'vitest';
import { IMPORT_COMMAND, lockLook, openedText } from '../../../../renderer/ui/lock.tsx';

const look = (code: string | null): ReturnType<typeof lockLook> =>
  lockLook({ state: 'locked', code, reason: 'a reason', todo: 'a way out' });

describe('a lock', () => {
  test('by a device that nobody trusts leads to enrolling it', () => {
    expect(look('no_trusted_device')).toMatchObject({ step: 'enrol' });
  });

  test('by a missing grant leads nowhere: enrolling again does not help', () => {
    expect(look('trusted_device_without_session_grant')).toMatchObject({ step: null });
    expect(look('trusted_device_without_session_grant').command).toBeUndefined();
  });

  test('by an explicit key names the command that imports its file', () => {
    expect(look('explicit_key_identity_missing')).toMatchObject({ command: IMPORT_COMMAND, step: 'device' });
    expect(IMPORT_COMMAND).toBe('exhibit device import FILE');
  });

  test('of each kind has a sign and words of its own', () => {
    const codes = [
      'no_trusted_device',
      'trusted_device_without_session_grant',
      'explicit_key_identity_missing',
      'managed_payload_not_returned',
      'grant_revoked',
      'no_grants_here',
      'not_tried',
      'key_not_tried',
    ];
    const looks = codes.map(look);
    expect(new Set(looks.map(({ icon }) => icon)).size).toBe(codes.length);
    expect(new Set(looks.map(({ label }) => label)).size).toBe(codes.length);
  });

  test.each([null, '', 'something_new', 'constructor', '__proto__'])('with the code %j is told by its reason alone', (code) => {
    expect(look(code)).toEqual({ icon: 'lock', label: 'Locked', step: null });
  });
});

test('what opened a session is told with its suite, and its grant where there is one', () => {
  const opened = { suite: 'p256', recipientKind: 'workspace_device', recipientId: 'dvk_1', grant: 'grt_2' } as const;
  expect(openedText(opened)).toBe('workspace device dvk_1, P-256, grant grt_2');
  expect(openedText({ ...opened, suite: 'x25519', grant: null })).toBe('workspace device dvk_1, X25519');
});
