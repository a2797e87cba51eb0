// @vitest-environment jsdom
// The columns of the history: every field of a row has one, and each mark says in words what it shows.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { COLUMNS, DEFAULT_COLUMNS, chosenColumns, readColumns } from '../../../../renderer/history/columns.tsx';
import { HISTORY_SORTS, RECORDING_STATES, type HistoryRow } from '../../../../shared/api/history-shapes.ts';

const row: HistoryRow = {
  id: 'h-1',
  source: 'stackshift',
  nativeId: 'ts_1',
  sessionId: null,
  title: null,
  target: 'payments-db',
  environment: 'production',
  mode: 'running',
  reason: 'Count of payments',
  approval: 'approved by ben',
  initiator: 'ana',
  origin: 'dashboard',
  status: 'closed',
  startedAt: '2026-11-21T09:00:00Z',
  endedAt: '2026-11-21T09:10:00Z',
  durationUs: 600_000_000,
  closeReason: 'idle_timeout',
  exitStatus: 130,
  recording: 'at-source',
  lock: null,
  matchedBy: 'target-user-time',
  retention: { sourceUntil: '2026-12-01T10:00:00Z', libraryUntil: null, held: false, goneAtSource: false, purgedAt: null },
  activities: 2,
  audits: 3,
};

const context = { zone: 'utc', now: Date.parse('2026-11-21T10:00:00Z') * 1000 } as const;

const shown = (name: string, change: Partial<HistoryRow> = {}): string =>
  renderToStaticMarkup(COLUMNS.find((column) => column.name === name)!.cell({ ...row, ...change }, context));

test('every field that a source tells of a session has its column', () => {
  const all = COLUMNS.map(({ name }) => shown(name)).join('\n');
  for (const text of [
    'payments-db',
    'production',
    'running',
    'Count of payments',
    'approved by ben',
    'ana',
    'dashboard',
    'closed',
    '2026-11-21 09:00:00',
    '2026-11-21 09:10:00',
    '10 min',
    'idle_timeout',
    '130',
    'At source',
    'target, user and time',
    'ts_1',
    'stackshift',
    '10 d',
  ])
    expect(all).toContain(text);
});

test('every sort of the contract is a column', () => {
  expect(COLUMNS.flatMap(({ sort }) => (sort === undefined ? [] : [sort])).toSorted()).toEqual([...HISTORY_SORTS].toSorted());
});

test('the recording’s mark says where it is, that it is locked, held, or gone at its source', () => {
  const states = RECORDING_STATES.map((recording) => shown('recording', { recording }).replaceAll(/<[^>]*>/g, ''));
  expect(new Set(states).size).toBe(RECORDING_STATES.length);
  const lock = { state: 'locked', code: 'no_grants_here', reason: 'no key', todo: '' } as const;
  expect(shown('recording', { recording: 'here', lock })).toContain('Locked: no key');
  const kept = { ...row.retention, held: true, goneAtSource: true };
  expect(shown('recording', { retention: kept })).toContain('Under a legal hold');
  expect(shown('recording', { retention: kept })).toContain('Gone at the source');
});

test('time left is never rounded up, and what is past has ended', () => {
  const until = (sourceUntil: string): string =>
    shown('sourceUntil', { retention: { ...row.retention, sourceUntil } }).replaceAll(/<[^>]*>/g, '');
  expect(until('2026-11-23T09:59:59Z')).toBe('1 d');
  expect(until('2026-11-21T10:59:59Z')).toBe('59 min 59 s');
  expect(until('2026-11-21T10:00:00Z')).toBe('ended');
});

test('a row with nothing told of it is drawn with dashes, never with an odd word', () => {
  const nothing = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? null : value]),
  );
  const bare = { ...nothing, id: 'h-1', source: 's', recording: 'unknown', durationUs: null, exitStatus: null } as HistoryRow;
  for (const { name } of COLUMNS) expect(shown(name, bare)).not.toMatch(/null|undefined|NaN/);
});

test('the name stays whatever is chosen, and unknown names are left out', () => {
  expect(chosenColumns(['reason']).map(({ name }) => name)).toEqual(['name', 'reason']);
  expect(readColumns(['nothing', 'exit'])).toEqual(['exit']);
  expect(readColumns([''])).toEqual(DEFAULT_COLUMNS);
});

test('a session without a target is called by its recording’s title, and by an id only where it has none', () => {
  const file = { target: null, title: 'vim: fix float totals', nativeId: null, sessionId: 'r-3' };
  expect(shown('name', file)).toContain('vim: fix float totals');
  expect(shown('name', { ...file, title: ' ' })).toContain('r-3');
  expect(shown('name', { title: 'vim: fix float totals' })).toContain('payments-db');
});
