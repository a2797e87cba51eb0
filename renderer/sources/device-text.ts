// Keys of this device in words: what a key is, where it lies, how it stands.

import type { DeviceKey } from '../../shared/api/source-shapes.ts';
import type { Sign } from './sync-text.ts';

export const KINDS: Readonly<Record<DeviceKey['kind'], string>> = {
  'workspace-device': 'Workspace device',
  'endpoint-identity': 'Endpoint identity',
  'terminal-identity': 'Terminal identity',
};

export const KIND_NOTES: Readonly<Record<DeviceKey['kind'], string>> = {
  'workspace-device': 'Opens sessions that were granted to this device, once the workspace trusts it.',
  'endpoint-identity': 'Opens sessions that were made for this key. It needs no enrolment.',
  'terminal-identity': 'Opens sessions that were made for this key. It needs no enrolment.',
};

export const PLACES: Readonly<Record<DeviceKey['place'], string>> = {
  keychain: 'kept by Exhibit, guarded like the library’s key',
  rstream: 'in rstream’s own folder, read only',
  environment: 'given by RSTREAM_WEBTTY_IDENTITY, read only',
};

export const SUITES: Readonly<Record<NonNullable<DeviceKey['suite']>, string>> = {
  x25519: 'X25519',
  p256: 'P-256 (FIPS profile)',
};

export function keySign({ kind, status, trusted }: Pick<DeviceKey, 'kind' | 'status' | 'trusted'>): Sign {
  if (kind !== 'workspace-device') return { icon: 'key', className: '', word: 'Ready' };
  switch (status) {
    case 'pending':
      return { icon: 'clock', className: 'caution', word: 'Waits for approval' };
    case 'active':
      return trusted === true
        ? { icon: 'proven', className: 'good', word: 'Trusted' }
        : { icon: 'warning', className: 'caution', word: 'Active, not trusted yet' };
    case 'lost':
      return { icon: 'failed', className: 'bad', word: 'Reported lost' };
    case 'revoked':
      return { icon: 'revoked', className: 'bad', word: 'Revoked' };
    case 'new':
    case null:
      return { icon: 'unproven', className: 'faint', word: 'Not enrolled' };
  }
}

/** Whether there is something to wait for: somebody’s approval, or the envelope that follows it. */
export const isWaiting = ({ kind, status, trusted }: Pick<DeviceKey, 'kind' | 'status' | 'trusted'>): boolean =>
  kind === 'workspace-device' && (status === 'pending' || (status === 'active' && trusted !== true));

/** A verification code in its groups of four: what is compared is read aloud. */
export const codeGroups = (code: string): readonly string[] =>
  code.includes('-') ? code.split('-') : (code.match(/.{1,4}/gu) ?? []);

/** What a screen reader says of a code: each character for itself. */
export const spokenCode = (code: string): string =>
  codeGroups(code)
    .map((group) => Array.from(group).join(' '))
    .join(', ');

/** Newest first within the order that matters: what waits, what is trusted, the rest. */
export function sortedKeys(keys: readonly DeviceKey[]): readonly DeviceKey[] {
  const rank = (key: DeviceKey): number => (isWaiting(key) ? 0 : key.status === 'lost' || key.status === 'revoked' ? 2 : 1);
  return keys.toSorted((a, b) => rank(a) - rank(b) || (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
}
