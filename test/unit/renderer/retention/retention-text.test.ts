// How policies, holds and live actions are told.

import { expect, test } from 'vitest';
import type { StandingPolicy } from '../../../../shared/api/retention-shapes.ts';
import { fileNameOf } from '../../../../renderer/retention/certificates.tsx';
import { refusedTexts } from '../../../../renderer/retention/live-actions.tsx';
import {
  holdChoices,
  mayBeLive,
  policyRows,
  previewText,
  readDays,
  withoutOwn,
  withoutPolicy,
} from '../../../../renderer/retention/retention-text.ts';
import { fakeRecording } from '../../../support/fake-recordings.ts';

const policy = (over: Partial<StandingPolicy>): StandingPolicy => ({
  source: 'cloud',
  environment: 'production',
  keeper: 'source',
  days: 30,
  basis: 'plan',
  plan: 'Team',
  by: 'exhibit',
  at: '2026-11-01T00:00:00Z',
  reason: '',
  holds: true,
  ...over,
});

test('each source has a row for production and one for the rest, with what holds there and here', () => {
  const rows = policyRows(
    ['files', 'cloud', 'files'],
    [policy({}), policy({ keeper: 'library', days: null }), policy({ source: 'old' })],
  );
  expect(rows.map(({ source, environment }) => `${source} ${environment}`)).toEqual([
    'cloud production',
    'cloud non-production',
    'files production',
    'files non-production',
    'old production',
    'old non-production',
  ]);
  expect(rows[0]!.there?.days).toBe(30);
  expect(rows[0]!.here?.days).toBeNull();
  expect(rows[1]).toMatchObject({ there: null, here: null });
  expect(withoutPolicy(rows[2]!, 'source')).toBe('Not known');
  expect(withoutPolicy(rows[2]!, 'library')).toBe('Without end');
  expect(withoutPolicy(rows[4]!, 'library')).toBe('Goes with the source: 30 days');
  expect(withoutOwn(rows[4]!, 'library')).toBe('None of its own. Goes with the source: 30 days');
  expect(withoutOwn(rows[2]!, 'library')).toBe('None of its own. Without end');
});

test('what the source tells and what people say of it stand beside each other, and the one that holds is there', () => {
  const told = policy({ basis: 'told', plan: null, days: 90, holds: false });
  const said = policy({});
  const [both] = policyRows([], [said, told]);
  expect(both).toMatchObject({ there: said, told, said });
  expect(withoutOwn(both!, 'source')).toBe('None but what the source tells: 90 days');
  const [alone] = policyRows([], [said]);
  expect(alone).toMatchObject({ there: said, told: null, said });
  expect(withoutOwn(alone!, 'source')).toBe('None: not known');
});

test.each([
  ['1', 1],
  [' 90 ', 90],
  ['36500', 36_500],
  ['36501', null],
  ['0', null],
  ['-3', null],
  ['1.5', null],
  ['', null],
  ['1e3', null],
  ['９０', null],
])('%j are %s days', (text, days) => expect(readDays(text)).toBe(days));

test('what a sweep would purge is said in whole sentences', () => {
  const none = { past: 0, held: 0 };
  expect(previewText(none, { past: 3, held: 0 })).toBe('The next sweep would then purge nothing.');
  expect(previewText({ past: 1, held: 2 }, none)).toBe(
    'The next sweep would then purge 1 recording, for good. 2 recordings past their time are held, and stay.',
  );
  expect(previewText({ past: 9, held: 0 }, { past: 2, held: 0 })).toBe(
    'The next sweep would then purge 9 recordings, for good: 7 of them because of this.',
  );
  expect(previewText({ past: 2, held: 0 }, { past: 2, held: 0 })).toBe(
    'For the next sweep it changes nothing: it purges 2 recordings either way.',
  );
  expect(previewText({ past: 2, held: 0 }, { past: 5, held: 0 })).toBe(
    'The next sweep would then purge 2 recordings, 3 fewer than now.',
  );
  expect(previewText({ past: 0, held: 1 }, none)).toBe(
    'The next sweep would then purge nothing. 1 recording past its time is held, and stays.',
  );
});

test('what can be held is what is chosen, its group where it is one, and the filter where one is set', () => {
  const grouped = fakeRecording(41).session;
  const alone = fakeRecording(3).session;
  const kinds = (...args: Parameters<typeof holdChoices>) =>
    holdChoices(...args).map(({ scopes }) => scopes.map(({ kind }) => kind).join('+'));
  expect(kinds([alone], null, '')).toEqual(['session']);
  expect(kinds([grouped], { user: 'ana' }, 'user:ana')).toEqual(['session', 'group', 'filter']);
  expect(kinds([grouped, alone], null, '')).toEqual(['session+session']);
  expect(kinds([], { user: 'ana' }, 'user:ana')).toEqual(['filter']);
  expect(holdChoices([grouped], null, '')[1]!.scopes).toEqual([{ kind: 'group', group: grouped.group, source: grouped.source }]);
});

test('a session may be live while its record names no end', () => {
  const live = { nativeId: 'ts_1', endedAt: null, closeReason: null, exitStatus: null, status: 'Active' };
  expect(mayBeLive(live)).toBe(true);
  expect(mayBeLive({ ...live, status: null })).toBe(true);
  expect(mayBeLive({ ...live, status: 'disconnected', endedAt: '2026-11-01T00:00:00Z' })).toBe(true);
  for (const over of [
    { status: 'Closed' },
    { endedAt: '2026-11-01T00:00:00Z' },
    { closeReason: 'idle' },
    { exitStatus: 0 },
    { nativeId: null },
  ])
    expect(mayBeLive({ ...live, ...over })).toBe(false);
});

test('why actions are not to be had is told once where it is the same', () => {
  expect(
    refusedTexts([
      { action: 'revoke', why: 'it is over', permission: 'terminal.manage_policy' },
      { action: 'follow', why: 'it is over', permission: '' },
    ]),
  ).toEqual(['It is over.']);
  expect(
    refusedTexts([
      { action: 'revoke', why: 'the token has no terminal.manage_policy', permission: 'terminal.manage_policy' },
      { action: 'reconnect', why: '', permission: '' },
    ]),
  ).toEqual(['Revoke: the token has no terminal.manage_policy.', 'Reconnect: the source does not allow it.']);
  expect(refusedTexts([])).toEqual([]);
});

test('the file name of a certificate is one that every system takes', () => {
  expect(fileNameOf('s-0005')).toBe('purge-s-0005.json');
  expect(fileNameOf('../a b\u0000/ü')).toBe('purge-..-a-b-.json');
  expect(fileNameOf('x'.repeat(300)).length).toBeLessThan(100);
});
