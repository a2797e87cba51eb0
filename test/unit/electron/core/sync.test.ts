// Synchronisation through the contract: a job with its progress, a report, and what the rest of the core makes of what came.

import { onTestFinished, expect, test } from 'vitest';
import type { Api } from '../../../../shared/api/contract.ts';
import type { Job } from '../../../../shared/api/shapes.ts';
import type { SyncReport } from '../../../../shared/api/source-shapes.ts';
import { SYNC_COMMANDS } from '../../../../electron/shells/cli/sync-commands.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { runCommand } from '../../../support/commands.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { longRecording } from '../../../support/syncing.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';
import { sampleRecording, SAMPLE_EVENTS } from '../../engine/sample.ts';

async function coreWith(engines: Readonly<Record<string, Engine>>): Promise<TestCore> {
  const core = await openTestCore(`${temporaryFolder()}/library`);
  onTestFinished(() => core.close());
  for (const [name, { url, token }] of Object.entries(engines))
    await core.api.call('sources.add', { name, kind: 'rstream', engine: url, token });
  return core;
}

async function synced(api: Api, source?: string): Promise<{ readonly job: Job; readonly report: SyncReport }> {
  const { job } = await api.call('sync.start', { follow: false, ...(source === undefined ? {} : { source }) });
  const ended = await api.call('jobs.wait', { job });
  const report = await api.call('sync.report', { job });
  await settled(api);
  return { job: ended, report };
}

test('a source is read by a job that tells how far it is; what came is listed, indexed and in the custody log', async () => {
  const engine = await engineOf({ recordings: [longRecording('long', 1500), sampleRecording('sealed')] });
  const { api } = await coreWith({ lab: engine });
  const told: Job[] = [];
  const changed = new Set<string>();
  api.on('job', (job) => {
    if (job.kind === 'sync') told.push(job);
  });
  api.on('library', ({ sessions }) => {
    for (const id of sessions) changed.add(id);
  });
  const { job, report } = await synced(api, 'lab');
  expect(job).toMatchObject({
    kind: 'sync',
    state: 'done',
    unit: 'sessions',
    done: 2,
    total: 2,
    sync: { sessions: 2, sessionsTotal: 2, events: 1500 + SAMPLE_EVENTS, following: 0, failed: 0 },
  });
  expect(job.sync!.bytes).toBeGreaterThan(100_000);
  expect(told.at(-1)).toEqual(job);
  expect(report.sources).toEqual([{ name: 'lab', outcome: 'done', failure: null }]);
  const { sessions } = await api.call('sessions.list', { filter: { source: 'lab' } });
  expect(Object.fromEntries(sessions.map(({ nativeId, index, lock }) => [nativeId, [index, lock.state]]))).toEqual({
    long: ['done', 'open'],
    sealed: ['locked', 'locked'],
  });
  expect(changed).toEqual(new Set(sessions.map(({ id }) => id)));
  expect((await api.call('search.run', { query: '"line 1200"', in: ['printed'], limit: 5 })).total).toBe(1);
  const entries = (await api.call('custody.list', { action: 'acquire', limit: 10 })).entries;
  expect(entries.map(({ subject }) => subject).toSorted()).toEqual(sessions.map(({ id }) => id).toSorted());
  const [source] = await api.call('sources.list', null);
  expect(source).toMatchObject({ sessions: 2, lastSync: { outcome: 'done', sessions: 2, failed: 0, failure: null } });
});

test('every source is read where none is named; one that fails says why, and the others are read', async () => {
  const good = await engineOf({ recordings: [sampleRecording('a')] });
  const bad = await engineOf({ recordings: [sampleRecording('b')] });
  bad.misbehave({ at: 'all', fault: { kind: 'status', status: 401 } });
  const { api } = await coreWith({ good, bad });
  const { job, report } = await synced(api);
  expect(job).toMatchObject({ state: 'failed', failure: { kind: 'permission' } });
  expect(report.sources.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
    { name: 'bad', outcome: 'failed', failure: { kind: 'permission' } },
    { name: 'good', outcome: 'done', failure: null },
  ]);
  expect(report.sessions).toMatchObject([{ source: 'good', nativeId: 'a', outcome: 'new' }]);
  expect((await api.call('sources.list', null)).map(({ lastSync }) => lastSync?.outcome)).toEqual(['failed', 'done']);
});

test('a source is read by one job at a time, which can be cancelled and goes on with the next', async () => {
  const engine = await engineOf({ recordings: [longRecording('live', 40)] });
  engine.hold('live', 10);
  const { api } = await coreWith({ lab: engine });
  const caughtUp = new Promise<void>((resolve) => {
    api.on('job', ({ sync }) => {
      if (sync?.following === 1) resolve();
    });
  });
  const { job } = await api.call('sync.start', { source: 'lab' });
  await expect(api.call('sync.start', {})).rejects.toMatchObject({ kind: 'in-use' });
  await caughtUp;
  expect(await api.call('jobs.cancel', { job })).toMatchObject({ state: 'cancelled' });
  expect(await api.call('sync.report', { job })).toMatchObject({
    sources: [{ name: 'lab', outcome: 'cancelled' }],
    sessions: [{ nativeId: 'live', outcome: 'new', events: 10, failure: null }],
  });
  engine.release('live', 100);
  const { report } = await synced(api, 'lab');
  expect(report.sessions).toMatchObject([{ outcome: 'grown', events: 30 }]);
  const { sessions } = await api.call('sessions.list', { filter: {} });
  expect(sessions).toMatchObject([{ events: 40, status: 'closed', index: 'done' }]);
});

test('what cannot be is said: no source, another name, no such job', async () => {
  const { api } = await coreWith({});
  await expect(api.call('sync.start', {})).rejects.toMatchObject({ kind: 'not-found', why: 'there is no source yet' });
  await expect(api.call('sync.start', { source: 'lab' })).rejects.toMatchObject({ kind: 'not-found' });
  await expect(api.call('sync.report', { job: 'j9' })).rejects.toMatchObject({ kind: 'not-found' });
});

test('on the command line: a summary, what is wrong on standard error, and an error where nothing could be read', async () => {
  const engine = await engineOf({ recordings: [sampleRecording('whole'), longRecording('holed', 60)] });
  engine.misbehave({ at: 'events', session: 'holed', fault: { kind: 'missing', seq: '33' } });
  const core = await coreWith({ lab: engine });
  const first = await runCommand(core, SYNC_COMMANDS, ['sync', 'lab', '--follow=false']);
  expect(first.failure).toBeNull();
  expect(first.out).toMatch(/lab +\w+ +holed +new +59 +1/);
  expect(first.out).toMatch(/lab +\w+ +whole +new +7 +0/);
  expect(first.err).toContain('exhibit: holed: events/1.json');
  expect(first.err).toContain('sequence number 34');
  expect(first.err).toContain('sessions: 2 new; events received: 66');
  const again = await runCommand(core, SYNC_COMMANDS, ['sync', '--no-follow', '-o', 'json']);
  expect(JSON.parse(again.out)).toMatchObject({
    sources: [{ outcome: 'done' }],
    sessions: [{ outcome: 'unchanged' }, { outcome: 'unchanged' }],
  });
  const filtered = await runCommand(core, SYNC_COMMANDS, ['sync', 'lab', '--status', 'active', '--limit', '3']);
  expect(filtered.err).toContain('sessions: none');

  engine.put(sampleRecording('third'));
  engine.misbehave({ at: 'session', fault: { kind: 'body', text: '{"id":"x"}' } });
  const failed = await runCommand(core, SYNC_COMMANDS, [
    'sync',
    'lab',
    '--follow=false',
    '--started-from',
    '2020-01-01T00:00:00Z',
  ]);
  expect(failed.failure).toBeNull();
  expect(failed.err).toContain('read session third: the source answered with another session');
  engine.misbehave({ at: 'sessions', fault: { kind: 'status', status: 403 } });
  const refused = await runCommand(core, SYNC_COMMANDS, ['sync', 'lab', '--follow=false']);
  expect(refused.failure).toMatchObject({ kind: 'permission' });
});

test('the participants of a session are those that its source names, whatever else it says of them', async () => {
  const engine = await engineOf({
    recordings: [
      {
        ...sampleRecording('met'),
        participants: [
          {
            id: 'p1',
            session_id: 'met',
            user_id: 'usr_1',
            device_id: 'wdk_1',
            role: 'controller',
            attached_at: '2026-06-10T08:31:07Z',
            live: {},
          },
          {
            id: 'p2',
            session_id: 'met',
            role: 7,
            browser_id: 'b1',
            attached_at: '2026-06-10T08:32:07Z',
            detached_at: '2026-06-10T08:33:07Z',
          },
        ],
      },
    ],
  });
  const { api } = await coreWith({ lab: engine });
  const { report } = await synced(api);
  expect(await api.call('sessions.participants', { id: report.sessions[0]!.id! })).toEqual([
    { id: 'p1', user: 'usr_1', role: 'controller', attachedAt: '2026-06-10T08:31:07Z', detachedAt: null, device: 'wdk_1' },
    { id: 'p2', user: null, role: '', attachedAt: '2026-06-10T08:32:07Z', detachedAt: '2026-06-10T08:33:07Z', device: 'b1' },
  ]);
});

test('a session that was left while it was live says so, and no longer once it has ended', async () => {
  const engine = await engineOf({ recordings: [sampleRecording('live')] });
  engine.hold('live', 5);
  const { api } = await coreWith({ lab: engine });
  const { report } = await synced(api);
  const completeness = async (): Promise<string> =>
    (await api.call('sessions.show', { id: report.sessions[0]!.id! })).proof.find(({ property }) => property === 'completeness')!
      .reason;
  expect(await completeness()).toContain('still live when it was last read');
  engine.release('live', 2);
  await synced(api);
  expect(await completeness()).not.toContain('still live');
});
