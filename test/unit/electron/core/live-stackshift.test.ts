// Live sessions of StackShift: ended with a reason, a typed id and the permission; taken up again within the grace window; followed. Every
// act that the source answered is in the custody log, and no ticket is.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Api } from '../../../../shared/api/contract.ts';
import type { ExhibitError } from '../../../../shared/api/errors.ts';
import type { LiveActions, Readiness } from '../../../../shared/api/retention-shapes.ts';
import { outcomeOf } from '../../../../electron/core/live-calls.ts';
import { SourceError, type SourceFault } from '../../../../electron/source/source.ts';
import { LIVE_COMMANDS } from '../../../../electron/shells/cli/live-commands.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { ALL_PERMISSIONS, OWN_USER, VIEW_HISTORY, VIEW_RECORDING } from '../../../engine/stackshift-api.ts';
import { castOf } from '../../../engine/stackshift-sample.ts';
import type { StackShiftSession } from '../../../engine/stackshift-store.ts';
import { runCommand } from '../../../support/commands.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';

const REASON = 'Credentials were leaked, INC-2041';
const MANAGER = { token: 'sspat_manager', permissions: ALL_PERMISSIONS, user: OWN_USER };
const VIEWER = { token: 'sspat_viewer', permissions: [VIEW_HISTORY, VIEW_RECORDING], user: OWN_USER };
const NOBODY = { token: 'sspat_nobody', permissions: [], user: OWN_USER };
const LISTER = { token: 'sspat_lister', permissions: [VIEW_HISTORY], user: OWN_USER };

function session(id: string, user: string, ended: boolean): StackShiftSession {
  const startedAt = Date.now() - 600_000;
  return {
    record: { id, target: 'shop-web', environment: 'production', mode: 'running', initiator: { id: user } },
    startedAt,
    endedAt: ended ? startedAt + 60_000 : null,
    cast: castOf(startedAt, 'shop-web', ['ls -l /srv', 'whoami']),
  };
}

interface Bench {
  readonly core: TestCore;
  readonly api: Api;
  readonly engine: Engine;
  readonly folder: string;
  /** What the custody log says of an act, the newest first. */
  readonly entries: (action: string) => Promise<Record<string, unknown>[]>;
}

/** A library whose history has a live session of one's own, one of somebody else, and one that is over. */
async function benchOf(token = MANAGER.token): Promise<Bench> {
  const sessions = [
    session('tsn_live', OWN_USER, false),
    session('tsn_other', 'usr_bo', false),
    session('tsn_over', OWN_USER, true),
  ];
  const engine = await engineOf({ stackshift: { sessions, tokens: [MANAGER, VIEWER, LISTER, NOBODY] } });
  const folder = `${temporaryFolder()}/library`;
  const core = await openTestCore(folder);
  onTestFinished(() => core.close());
  const { api } = core;
  await api.call('sources.add', { name: 'cloud', kind: 'stackshift', engine: engine.url, token });
  const { failure } = await api.call('jobs.wait', await api.call('sync.start', { source: 'cloud', follow: false }));
  expect(failure).toBeNull();
  await settled(api);
  const entries = async (action: string): Promise<Record<string, unknown>[]> => {
    const list = await api.call('custody.list', { action });
    return list.entries.map(({ details }) => JSON.parse(details) as Record<string, unknown>);
  };
  return { core, api, engine, folder, entries };
}

const allowed = ({ actions }: LiveActions): unknown => Object.fromEntries(actions.map((one) => [one.action, one.allowed]));
const whyOf = ({ actions }: LiveActions, action: string): string => actions.find((one) => one.action === action)!.why;

it('what can be done follows from the session and from the rights, as the source says them now', async () => {
  const { api, engine } = await benchOf();
  const live = await api.call('live.actions', { id: 'tsn_live' });
  expect([live.online, allowed(live)]).toEqual([true, { revoke: true, reconnect: false, follow: true }]);
  expect(live.actions.map(({ permission }) => permission)).toEqual(['terminal.manage_policy', '', 'terminal.view_recording']);
  expect(whyOf(live, 'reconnect')).toBe('its connection stands: there is nothing to take up again');

  engine.stackshift.store.drop('tsn_live');
  const dropped = await api.call('live.actions', { id: 'tsn_live' });
  expect(allowed(dropped)).toEqual({ revoke: true, reconnect: true, follow: true });
  const { until } = dropped.actions.find(({ action }) => action === 'reconnect')!;
  expect(Math.abs(Date.parse(until!) - Date.now() - 120_000)).toBeLessThan(60_000);
  engine.stackshift.store.update('tsn_live', { disconnected_at: '2026-01-01T10:00:00Z' });
  const late = await api.call('live.actions', { id: 'tsn_live' });
  expect([allowed(late), whyOf(late, 'reconnect')]).toMatchObject([
    { reconnect: false },
    expect.stringMatching(/^it was dropped, and waited until 2026-01-01T10:02:00/),
  ]);

  const over = await api.call('live.actions', { id: 'tsn_over' });
  expect([over.why, allowed(over)]).toEqual(['the session is over', { revoke: false, reconnect: false, follow: false }]);

  await api.call('sources.setToken', { name: 'cloud', token: LISTER.token });
  await api.call('rights.check', { source: 'cloud' });
  const lister = await api.call('live.actions', { id: 'tsn_other' });
  expect(allowed(lister)).toEqual({ revoke: false, reconnect: false, follow: false });
  expect([whyOf(lister, 'revoke'), whyOf(lister, 'follow')]).toMatchObject([
    'the token has no terminal.manage_policy',
    expect.stringContaining('terminal.view_recording is missing'),
  ]);
});

it('a session is revoked at its source, and the act stands in the custody log with its reason', async () => {
  const { api, engine, entries } = await benchOf();
  const after = await api.call('live.revoke', { id: 'tsn_other', reason: `  ${REASON} `, confirm: 'tsn_other' });
  expect([after.online, after.why]).toEqual([true, 'the session is over']);
  expect(engine.stackshift.store.session('tsn_other')).toMatchObject({ status: 'ended', close_reason: `revoked: ${REASON}` });
  expect(await entries('revoke')).toMatchObject([
    {
      source: 'cloud',
      native_id: 'tsn_other',
      reason: REASON,
      permission: 'terminal.manage_policy',
      outcome: 'done',
      source_date: expect.any(String),
    },
  ]);
  const { entries: listed } = await api.call('custody.list', { action: 'revoke' });
  expect(listed[0]!.subject).toBe((await api.call('history.show', { id: 'tsn_other' })).id);
  expect((await api.call('custody.verify', null)).intact).toBe(true);
  await expect(api.call('live.revoke', { id: 'tsn_other', reason: REASON, confirm: 'tsn_other' })).rejects.toMatchObject({
    kind: 'refused',
    why: expect.stringContaining('it is over'),
  });
});

it('a wrong reason and another id revoke nothing: nothing is asked and nothing written', async () => {
  const { api, engine, entries } = await benchOf();
  const before = engine.requests.length;
  const tried = async (change: { readonly reason?: string; readonly confirm?: string }): Promise<unknown> => {
    const input = { id: 'tsn_other', reason: REASON, confirm: 'tsn_other', ...change };
    return api.call('live.revoke', input).catch(({ kind, why }: ExhibitError) => `${kind}: ${why}`);
  };
  expect(await tried({ reason: '123456789' })).toBe('usage: the reason has 9 characters');
  // A character of three code points counts as three.
  expect(await tried({ reason: '👩‍🚀123456' })).toBe('usage: the reason has 9 characters');
  expect(await tried({ reason: '   1234567    ' })).toBe('usage: the reason has 7 characters');
  expect(await tried({ reason: 'x'.repeat(501) })).toBe('usage: the reason has 501 characters');
  for (const confirm of ['tsn_live', 'TSN_OTHER', '']) {
    expect(await tried({ confirm })).toBe("usage: what was typed is not the session's id at its source");
  }
  expect([engine.requests.length - before, await entries('revoke')]).toEqual([0, []]);
  expect(engine.stackshift.store.session('tsn_other')).toMatchObject({ status: 'active' });
});

it('without the permission nothing is sent; what the source refuses is in the custody log as tried and refused', async () => {
  const { api, engine, entries } = await benchOf(VIEWER.token);
  const input = { id: 'tsn_other', reason: REASON, confirm: 'tsn_other' };
  await expect(api.call('live.revoke', input)).rejects.toMatchObject({
    kind: 'permission',
    why: 'the token has no terminal.manage_policy',
  });
  expect(engine.requests.some(({ method }) => method === 'POST')).toBe(false);
  // A source that says one thing of the token, and does another.
  const lies = { success: true, status: 'success', status_code: 200, message: 'OK', data: { permissions: ALL_PERMISSIONS } };
  engine.misbehave({ at: 'stackshift-permissions', fault: { kind: 'body', text: JSON.stringify(lies) } });
  await expect(api.call('live.revoke', input)).rejects.toMatchObject({ kind: 'permission' });
  expect(await entries('revoke')).toMatchObject([{ outcome: 'refused', status: 403, reason: REASON }]);
  expect(engine.stackshift.store.session('tsn_other')).toMatchObject({ status: 'active' });
});

it('an act whose answer was lost is not known, is said so, and is not sent twice; what never left this machine is no act', async () => {
  const { api, engine, entries } = await benchOf();
  const input = { id: 'tsn_other', reason: REASON, confirm: 'tsn_other' };
  engine.misbehave({ at: 'stackshift-revoke', fault: { kind: 'reset' } });
  await expect(api.call('live.revoke', input)).rejects.toMatchObject({
    kind: 'network',
    todo: expect.stringContaining('whether it was done is not known'),
  });
  expect(engine.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(await entries('revoke')).toMatchObject([{ outcome: 'unknown', status: null }]);
  expect(engine.stackshift.store.session('tsn_other')).toMatchObject({ status: expect.any(String) });
  await engine.close();
  await expect(api.call('live.revoke', { ...input, id: 'tsn_live', confirm: 'tsn_live' })).rejects.toMatchObject({
    kind: 'network',
  });
  expect(await entries('revoke')).toHaveLength(1);
}, 60_000);

it('what is known of an act that failed follows from how far it came', () => {
  const failed = (fault: SourceFault, code?: string): ReturnType<typeof outcomeOf> =>
    outcomeOf(
      new SourceError(fault, 'POST', '', '', null, code === undefined ? undefined : Object.assign(new Error(), { code })),
    );
  expect(['forbidden', 'not-found', 'gone', 'refused', 'rate-limited'].map((fault) => failed(fault as SourceFault))).toEqual(
    Array(5).fill('refused'),
  );
  expect([failed('connection', 'ECONNREFUSED'), failed('connection', 'ENOTFOUND'), failed('tls')]).toEqual([null, null, null]);
  expect([failed('connection', 'ECONNRESET'), failed('timeout'), failed('unavailable'), failed('not-json')]).toEqual(
    Array(4).fill('unknown'),
  );
});

it('an own dropped session is taken up again by its address, whose ticket is written nowhere', async () => {
  const { core, api, engine, folder, entries } = await benchOf();
  await expect(api.call('live.reconnect', { id: 'tsn_live' })).rejects.toMatchObject({ kind: 'refused' });
  engine.stackshift.store.drop('tsn_live');
  const { address, until } = await api.call('live.reconnect', { id: 'tsn_live' });
  expect(address).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/api\/v1\/terminal\/sessions\/tsn_live\/attach\?ticket=once$/);
  expect(Date.parse(until!)).toBeGreaterThan(Date.now());
  expect(engine.stackshift.store.session('tsn_live')).toMatchObject({ status: 'active' });
  const [entry] = await entries('reconnect');
  expect(entry).toMatchObject({ source: 'cloud', native_id: 'tsn_live', outcome: 'done', server: new URL(address).host, until });
  expect(JSON.stringify(entry)).not.toContain('ticket');
  await core.close();
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name)).includes('ticket=once')).toBe(false);
  }
});

it('a dropped session of somebody else, and one whose window is over for the source, are refused by it', async () => {
  const { api, engine, entries } = await benchOf(VIEWER.token);
  const { store } = engine.stackshift;
  store.drop('tsn_other');
  const told = await api.call('live.actions', { id: 'tsn_other' });
  expect(whyOf(told, 'reconnect')).toBe('it was dropped; how long it waits, its source does not say');
  await expect(api.call('live.reconnect', { id: 'tsn_other' })).rejects.toMatchObject({
    kind: 'permission',
    why: expect.stringContaining('only who began a session takes it up again'),
  });
  store.drop('tsn_live');
  engine.misbehave({ at: 'stackshift-reconnect', fault: { kind: 'status', status: 410 } });
  await expect(api.call('live.reconnect', { id: 'tsn_live' })).rejects.toMatchObject({ kind: 'not-found' });
  expect(await entries('reconnect')).toMatchObject([
    { outcome: 'refused', native_id: 'tsn_live', status: 410 },
    { outcome: 'refused', native_id: 'tsn_other', status: 403 },
  ]);
});

it('an address that is none, or leads over a clear line, is handed to nobody', async () => {
  const { api, engine, entries } = await benchOf();
  const bad = [
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ws://elsewhere.example/attach',
    'http://localhost.example/',
    'not an address',
    `wss://a.example/${'x'.repeat(5000)}`,
  ];
  for (const url of bad) {
    engine.stackshift.store.drop('tsn_live');
    const text = JSON.stringify({ success: true, status: 'success', status_code: 200, message: 'OK', data: { url } });
    const end = engine.misbehave({ at: 'stackshift-reconnect', fault: { kind: 'body', text } });
    await expect(api.call('live.reconnect', { id: 'tsn_live' })).rejects.toMatchObject({
      kind: 'network',
      why: 'the source gave no address that a client could open',
    });
    end();
  }
  expect((await entries('reconnect')).map(({ outcome }) => outcome)).toEqual(bad.map(() => 'done'));
});

it('a followed session is read when it ends, and then it is here', async () => {
  const { api, engine } = await benchOf();
  const { job } = await api.call('live.follow', { id: 'tsn_other' });
  await expect.poll(async () => (await api.call('jobs.list', null)).find(({ id }) => id === job)?.sync?.following).toBe(1);
  engine.stackshift.store.end('tsn_other', 'user_exit');
  expect(await api.call('jobs.wait', { job })).toMatchObject({ state: 'done', failure: null });
  expect(await api.call('history.show', { id: 'tsn_other' })).toMatchObject({ recording: 'here', closeReason: 'user_exit' });
}, 30_000);

it('a session without a recording is made ready as far as its source gives it', async () => {
  const { api, engine } = await benchOf();
  const before = await api.call('ready.show', { sessions: ['tsn_other', 'tsn_over'] });
  expect(before.sessions.map(({ cached, ready }) => [cached.ready, ready])).toEqual([
    [false, false],
    [true, true],
  ]);
  const make = async (): Promise<string> =>
    (await api.call('jobs.wait', await api.call('ready.make', { sessions: ['tsn_other', 'tsn_over'] }))).detail;
  expect(await make()).toBe('1 of 2 are not ready');
  const [other] = (await api.call('ready.show', { sessions: ['tsn_other'] })).sessions;
  expect(other!.cached.why).toMatch(
    /it was live when its source last told of it; the attempt of .* failed: its source gave no recording of it/,
  );
  engine.stackshift.store.end('tsn_other', 'user_exit');
  expect(await make()).toBe('all are ready');
  const [made] = (await api.call('ready.show', { sessions: ['tsn_other'] })).sessions;
  expect(made).toMatchObject({ ready: true, source: 'cloud', sourceUntil: expect.any(String), permission: { ready: true } });
});

it('a recording that its source does not let be seen is not opened, and is not ready', async () => {
  const { api } = await benchOf();
  await api.call('sources.setToken', { name: 'cloud', token: LISTER.token });
  await api.call('jobs.wait', await api.call('ready.make', { sessions: ['tsn_over'] }));
  const [one] = (await api.call('ready.show', { sessions: ['tsn_over'] })).sessions;
  expect(one).toMatchObject({
    ready: false,
    title: null,
    permission: { ready: false, why: expect.stringContaining('terminal.view_recording is missing') },
    decrypts: { ready: false, why: 'it was not tried: its source does not allow it' },
  });
});

it('a recording whose retention has ended here is not ready, and says that it was purged', async () => {
  const { api, engine } = await benchOf();
  const old = session('tsn_old', OWN_USER, true);
  // The source keeps it for good, whatever day it is. Three days before the time of the library.
  engine.stackshift.store.policy = { ...engine.stackshift.store.policy, production_retention_days: null };
  const startedAt = Date.UTC(2026, 10, 18);
  engine.stackshift.store.put({ ...old, startedAt, endedAt: startedAt + 300_000 });
  await api.call('jobs.wait', await api.call('sync.start', { source: 'cloud', follow: false }));
  await settled(api);
  const one = async (): Promise<Readiness> => (await api.call('ready.show', { sessions: ['tsn_old'] })).sessions[0]!;
  expect(await one()).toMatchObject({ ready: true, held: false });
  const policy = { source: 'cloud', environment: 'production', keeper: 'library', days: 1, reason: 'a day is enough' } as const;
  await api.call('retention.set', policy);
  await api.call('jobs.wait', await api.call('retention.sweep', {}));
  expect(await one()).toMatchObject({
    ready: false,
    cached: { ready: false, why: expect.stringContaining('its retention ended, and it was purged here') },
    decrypts: { ready: false },
  });
  const made = await api.call('jobs.wait', await api.call('ready.make', { sessions: ['tsn_old'] }));
  expect(made.detail).toBe('1 of 1 are not ready');
});

it('where the history of a source may not be seen, nothing is done to its sessions, and readiness says the id alone', async () => {
  const { api, engine } = await benchOf();
  const { id } = await api.call('sessions.show', { id: 'tsn_over' });
  await api.call('sources.setToken', { name: 'cloud', token: NOBODY.token });
  await api.call('rights.check', { source: 'cloud' });
  const before = engine.requests.length;
  const missing = { kind: 'permission', why: expect.stringContaining('terminal.view_history') };
  await expect(api.call('live.actions', { id: 'tsn_live' })).rejects.toMatchObject(missing);
  await expect(api.call('live.revoke', { id: 'tsn_live', reason: REASON, confirm: 'tsn_live' })).rejects.toMatchObject(missing);
  await expect(api.call('live.reconnect', { id: 'tsn_live' })).rejects.toMatchObject(missing);
  await expect(api.call('live.follow', { id: 'tsn_live' })).rejects.toMatchObject(missing);
  expect(engine.requests.length).toBe(before);
  const hidden = { ready: false, why: 'its source does not let its history be seen' };
  expect((await api.call('ready.show', { sessions: [id] })).sessions).toMatchObject([
    {
      session: id,
      title: null,
      cached: hidden,
      grant: hidden,
      decrypts: hidden,
      indexed: hidden,
      sourceUntil: null,
      ready: false,
    },
  ]);
  const { text } = await api.call('ready.receipt', { sessions: [id] });
  expect((JSON.parse(text) as { sessions: unknown[] }).sessions).toMatchObject([{ session: id, events: null, root: null }]);
});

it('on the command line: a session revoked, one reconnected, one followed', async () => {
  const { core, engine } = await benchOf();
  const exhibit = (...words: readonly string[]): ReturnType<typeof runCommand> => runCommand(core, LIVE_COMMANDS, words);
  const revoked = await exhibit('live', 'revoke', 'tsn_other', '--reason', REASON, '--confirm', 'tsn_other', '-o', 'json');
  expect(revoked.failure).toBeNull();
  expect(JSON.parse(revoked.out)).toMatchObject({ online: true, why: 'the session is over' });
  engine.stackshift.store.drop('tsn_live');
  const taken = await exhibit('live', 'reconnect', 'tsn_live');
  expect(taken.out).toMatch(/^ws:.*ticket=once\n$/);
  expect(taken.err).toContain('exhibit: whoever has this address is let in, until ');
  const ended = setTimeout(() => engine.stackshift.store.end('tsn_live', 'user_exit'), 1500);
  onTestFinished(() => clearTimeout(ended));
  const followed = await exhibit('live', 'follow', 'tsn_live');
  expect(followed.failure).toBeNull();
  expect(followed.out).toContain('shop-web');
}, 30_000);
