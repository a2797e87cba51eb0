// Synchronisations in words and numbers, and the request that a choice leads to.

import { describe, expect, test } from 'vitest';
import {
  choiceProblem,
  firstChoice,
  outcomeCounts,
  progressFacts,
  progressLine,
  remainingText,
  reportSummary,
  sortedReport,
  syncRequest,
  syncShare,
} from '../../../../renderer/sources/sync-text.ts';
import { contract } from '../../../../shared/api/contract.ts';
import type { Job, SyncProgress } from '../../../../shared/api/shapes.ts';
import type { SyncReport, SyncedSession } from '../../../../shared/api/source-shapes.ts';

const progress: SyncProgress = {
  sessions: 12,
  sessionsTotal: 40,
  events: 18_211,
  bytes: 2_140_000,
  bytesPerSecond: 340_000,
  remainingMs: 41_000,
  following: 2,
  failed: 1,
};

const job = (sync: SyncProgress | undefined): Job => ({
  id: 'job-1',
  kind: 'sync',
  title: 'synchronise production',
  state: 'running',
  done: 0,
  total: null,
  unit: 'sessions',
  detail: '',
  startedAt: '2026-11-21T10:00:00Z',
  failure: null,
  ...(sync === undefined ? {} : { sync }),
});

const synced = (nativeId: string, change: Partial<SyncedSession>): SyncedSession => ({
  source: 'production',
  nativeId,
  id: nativeId,
  outcome: 'unchanged',
  events: 0,
  discrepancies: 0,
  failure: null,
  ...change,
});

const report = (...sessions: readonly SyncedSession[]): SyncReport => ({
  sources: [{ name: 'production', outcome: 'done', failure: null }],
  sessions: [...sessions],
});

describe('a running synchronisation', () => {
  test('tells everything that says something', () => {
    expect(progressFacts(progress)).toEqual([
      ['Sessions', '12 of 40'],
      ['Events', '18,211'],
      ['Received', '2.1 MB'],
      ['Rate', '340 kB/s'],
      ['Remaining', 'about 41 s'],
      ['Following', '2 live sessions'],
      ['Failed', '1 session'],
    ]);
  });

  test('is silent about what is not known or not there', () => {
    const none = { ...progress, sessions: 0, sessionsTotal: null, bytesPerSecond: 0, remainingMs: null, following: 0, failed: 0 };
    expect(progressFacts(none).map(([name]) => name)).toEqual(['Sessions', 'Events', 'Received']);
    expect(progressLine(none)).toBe('0 sessions, 18,211 events, 2.1 MB');
  });

  test('is one line in the list of jobs', () => {
    expect(progressLine(progress)).toBe('12 of 40 sessions, 18,211 events, 2.1 MB, 2 followed, 1 failed');
  });

  test('has a share once its sessions are listed, also when none is', () => {
    expect(syncShare(job(undefined))).toBeNull();
    expect(syncShare(job({ ...progress, sessionsTotal: null }))).toBeNull();
    expect(syncShare(job(progress))).toBe(0.3);
    expect(syncShare(job({ ...progress, sessions: 0, sessionsTotal: 0 }))).toBe(1);
    expect(syncShare(job({ ...progress, sessions: 50 }))).toBe(1);
  });

  test.each([
    [800, 'a few seconds'],
    [10_000, 'about 10 s'],
    [3_700_000, 'about 1 h 1 min'],
  ])('with %d ms left says %j', (ms, text) => {
    expect(remainingText(ms)).toBe(text);
  });
});

describe('a report', () => {
  const mixed = report(
    synced('e', {}),
    synced('d', { outcome: 'new', events: 5 }),
    synced('c', { outcome: 'new', events: 9 }),
    synced('b', { outcome: 'new', events: 1, discrepancies: 3 }),
    synced('a', { outcome: 'failed' }),
    synced('f', { outcome: 'cancelled' }),
    synced('g', { outcome: 'grown', events: 2 }),
  );

  test('is read from what went wrong to what stayed as it was', () => {
    expect(sortedReport(mixed).map(({ nativeId }) => nativeId)).toEqual(['a', 'b', 'c', 'd', 'g', 'f', 'e']);
  });

  test('counts its outcomes in the same order', () => {
    expect(outcomeCounts(mixed)).toEqual([
      ['failed', 1],
      ['new', 3],
      ['grown', 1],
      ['cancelled', 1],
      ['unchanged', 1],
    ]);
    expect(reportSummary(mixed)).toBe('1 session failed, 3 new, 1 grown, 1 cancelled, 1 unchanged; 17 events received');
  });

  test('says when nothing came, and when nothing is there', () => {
    expect(reportSummary(report(synced('a', {}), synced('b', {})))).toBe('2 sessions unchanged; no events received');
    expect(reportSummary(report())).toBe('The source lists no session');
  });
});

describe('a choice', () => {
  test('begins as a whole synchronisation that follows live sessions', () => {
    expect(syncRequest(firstChoice('production'), 'utc')).toEqual({ source: 'production', follow: true, recheck: false });
    expect(syncRequest(firstChoice(null), 'utc')).toEqual({ follow: true, recheck: false });
    expect(choiceProblem(firstChoice(null))).toBe('');
  });

  test('leads to a request that the core takes, with whole days', () => {
    const choice = {
      ...firstChoice('production'),
      recheck: true,
      follow: false,
      serverId: ' srv_1 ',
      status: 'closed',
      origin: 'ci',
      groupId: 'g-1',
      userId: 'u-1',
      from: '2026-11-01',
      to: '2026-11-21',
      limit: '500',
    };
    const request = syncRequest(choice, 'utc');
    expect(contract['sync.start'].input.parse(request)).toEqual({
      source: 'production',
      follow: false,
      recheck: true,
      filter: {
        serverId: 'srv_1',
        status: 'closed',
        origin: 'ci',
        groupId: 'g-1',
        userId: 'u-1',
        startedFrom: '2026-11-01T00:00:00.000Z',
        startedTo: '2026-11-21T23:59:59.999Z',
        limit: 500,
      },
    });
  });

  test.each([
    [{ from: '2026-11-21', to: '2026-11-20' }, 'The first day is after the last one.'],
    [{ limit: '0' }, 'The most sessions is a number from 1.'],
    [{ limit: 'all' }, 'The most sessions is a number from 1.'],
    [{ limit: '1' }, ''],
    [{ from: '2026-11-21', to: '2026-11-21' }, ''],
  ])('%j has the problem %j', (change, problem) => {
    expect(choiceProblem({ ...firstChoice(null), ...change })).toBe(problem);
  });
});
