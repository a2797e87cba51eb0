// A source in words: its token, its clock, its name, what may be done with it.

import { describe, expect, test } from 'vitest';
import { nameProblem } from '../../../../renderer/sources/add-source.tsx';
import { workspaceText } from '../../../../renderer/sources/workspace-field.tsx';
import { clockSign, operationText, pretty, tokenEnd, tokenFault, tokenState } from '../../../../renderer/sources/source-text.ts';
import type { FailureText } from '../../../../renderer/ui/answer.ts';
import type { Source } from '../../../../shared/api/source-shapes.ts';

const NOW = Date.UTC(2026, 10, 21, 10);

describe('a token', () => {
  test.each([
    [{ present: false, expiresAt: null }, 'absent', ''],
    [{ present: true, expiresAt: null }, 'good', ''],
    [{ present: true, expiresAt: 'soon' }, 'good', ''],
    [{ present: true, expiresAt: '2026-12-24T10:00:00Z' }, 'good', 'in 33 d'],
    [{ present: true, expiresAt: '2026-11-24T12:30:00Z' }, 'soon', 'in 3 d 2 h'],
    [{ present: true, expiresAt: '2026-11-21T10:00:00Z' }, 'expired', '0 s ago'],
    [{ present: true, expiresAt: '2026-11-21T09:48:00Z' }, 'expired', '12 min ago'],
  ] as const)('%j is %s, %s', (token, state, end) => {
    expect([tokenState(token, NOW), tokenEnd(token, NOW)]).toEqual([state, end]);
  });
});

describe('another token is asked for', () => {
  const failure = (kind: string): FailureText => ({ kind, what: 'list of sessions', why: 'it was refused', todo: '' });
  const lastSync = (kind: string): Source['lastSync'] => ({
    at: '2026-11-20T10:00:00Z',
    outcome: 'failed',
    sessions: 0,
    events: 0,
    failed: 0,
    failure: failure(kind),
  });
  const GOOD = { present: true, expiresAt: null };

  test.each([
    ['where there is none', { present: false, expiresAt: null }, null, 'passed', /keeps no token/],
    ['where it ended', { present: true, expiresAt: '2026-11-01T00:00:00Z' }, null, 'passed', /has ended/],
    ['where the last run was refused', GOOD, lastSync('permission'), null, /was refused/],
    ['where a test was refused', GOOD, null, failure('permission'), /was refused/],
  ] as const)('%s', (_where, token, run, tested, sentence) => {
    expect(tokenFault({ token, lastSync: run }, tested, NOW)).toMatch(sentence);
  });

  test.each([
    ['nothing was tried', null, null],
    ['the last run failed otherwise', lastSync('network'), null],
    ['the last run lacked a right for some of it alone', { ...lastSync('permission')!, outcome: 'partial' }, null],
    ['a later test passed', lastSync('permission'), 'passed'],
    ['a later test failed otherwise', lastSync('permission'), failure('network')],
  ] as const)('but not where %s', (_where, run, tested) => {
    expect(tokenFault({ token: GOOD, lastSync: run }, tested, NOW)).toBeNull();
  });
});

test.each([
  [{ id: 'ws_1', name: 'Harbour', type: 'enterprise' }, 'Harbour (enterprise, ws_1)'],
  [{ id: 'ws_1', name: 'ws_1', type: null }, 'ws_1'],
  [{ id: 'ws_1', name: null, type: 'personal' }, 'ws_1 (personal)'],
  [{ id: 'ws_1', name: 'a\u202eb', type: null }, 'a[U+202E]b (ws_1)'],
])('the workspace %j is called %j', (workspace, text) => {
  expect(workspaceText(workspace)).toBe(text);
});

describe('the engine’s clock', () => {
  test.each([
    [null, 'The source’s answers carry no date', 'faint'],
    [0, 'Agrees with this machine’s', 'good'],
    [-2000, 'Agrees with this machine’s', 'good'],
    [-4210, '4.2 s behind this machine’s', 'caution'],
    [3_600_000, '1 h ahead of this machine’s', 'caution'],
  ])('off by %d ms is told as %j', (offset, word, className) => {
    expect(clockSign(offset)).toMatchObject({ word, className });
  });
});

describe('a name', () => {
  test.each([
    ['', ''],
    ['prod-eu.1', ''],
    ['prod', 'There is a source of that name.'],
  ])('%j has the problem %j', (name, problem) => {
    expect(nameProblem(name, ['prod'])).toBe(problem);
  });

  test.each(['-prod', 'two words', 'a/b', 'ä', 'x'.repeat(65)])('%j is refused', (name) => {
    expect(nameProblem(name, [])).toMatch(/^A name has/);
  });
});

test('operations and JSON are written for people, and what is neither stays as it is', () => {
  expect(operationText('key_grants.read')).toBe('Key grants read');
  expect(operationText('__')).toBe('__');
  expect(pretty('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(pretty('{"a":')).toBe('{"a":');
});
