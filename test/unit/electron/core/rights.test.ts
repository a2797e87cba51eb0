// What sources allow, asked of real ones: at each synchronisation and on demand. What is refused goes from memory at once and comes back with
// the right; what does not answer changes nothing.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { RIGHTS_COMMANDS } from '../../../../electron/shells/cli/rights-commands.ts';
import { STACKSHIFT_RIGHTS } from '../../../../electron/source/source.ts';
import type { Api, Input } from '../../../../shared/api/contract.ts';
import type { Failure } from '../../../../shared/api/errors.ts';
import type { SourceRights } from '../../../../shared/api/history-shapes.ts';
import type { Session } from '../../../../shared/api/shapes.ts';
import { LOGS_READ, SESSIONS_READ } from '../../../engine/engine-api.ts';
import { ALL_PERMISSIONS } from '../../../engine/stackshift-api.ts';
import { castOf } from '../../../engine/stackshift-sample.ts';
import type { Engine, EngineOptions } from '../../../engine/start-engine.ts';
import { runCommand } from '../../../support/commands.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { longRecording } from '../../../support/syncing.ts';
import { engineOf } from '../../engine/client.ts';

const { history, recording, download } = STACKSHIFT_RIGHTS;
/** The time of the sources, as of the library of the tests. */
const NOW = Date.UTC(2026, 10, 21);

const AT = Date.UTC(2026, 10, 20, 12);

const TOKENS = {
  all: ALL_PERMISSIONS,
  none: [],
  plays: [history, recording],
  lists: [history],
} as const;

const shell = (id: string) => ({
  record: { id, target: 'shop', target_kind: 'running_deployment', mode: 'running', initiator: { id: 'usr_ana' }, origin: 'cli' },
  startedAt: AT,
  endedAt: AT + 30_000,
  cast: castOf(AT, `watched ${id}`, [`echo ${id}`]),
});

interface Bench {
  readonly engine: Engine;
  readonly core: TestCore;
  readonly api: Api;
  /** Name of the source. */
  readonly source: string;
  readonly sessions: readonly Session[];
  /** From now on the source is asked with another token. */
  use(token: string): Promise<unknown>;
  check(): Promise<SourceRights>;
  sync(recheck?: boolean): Promise<Failure | null>;
}

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
let shared: TestCore;
let made = 0;

beforeAll(async () => {
  shared = await openTestCore(join(folder, 'library'));
});

afterAll(async () => {
  await shared.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A source of its own with an engine of its own, read once. */
async function bench(
  core: TestCore,
  options: EngineOptions,
  how: (url: string) => Omit<Input<'sources.add'>, 'name' | 'engine'>,
  source = `prod-${String(++made)}`,
): Promise<Bench> {
  const { api } = core;
  const engine = await engineOf({ now: () => NOW, ...options });
  await api.call('sources.add', { ...how(engine.url), name: source, engine: engine.url });
  const sync = async (recheck = false): Promise<Failure | null> => {
    const { job } = await api.call('sync.start', { source, follow: false, recheck });
    return (await api.call('jobs.wait', { job })).failure as Failure | null;
  };
  expect(await sync()).toBeNull();
  const { sessions } = await api.call('sessions.list', { filter: { source }, sort: 'title', descending: false });
  return {
    engine,
    core,
    api,
    source,
    sessions,
    use: (token) => api.call('sources.setToken', { name: source, token }),
    check: () => api.call('rights.check', { source }),
    sync,
  };
}

/** A StackShift source with these sessions, whose token may do everything. */
function stackShift(ids: readonly string[] = ['tsn_1'], core = shared, source?: string): Promise<Bench> {
  const tokens = Object.entries(TOKENS).map(([name, permissions]) => ({ token: `sspat_${name}`, permissions }));
  const events = ids.map((id) => ({
    id: `evt_${id}`,
    type: 'command',
    session_id: id,
    at: new Date(AT).toISOString(),
    text: `ran in ${id}`,
  }));
  const options = { stackshift: { sessions: ids.map(shell), events, tokens } };
  return bench(core, options, () => ({ kind: 'stackshift', token: 'sspat_all' }), source);
}

const answers = ({ rights }: SourceRights): string[] => rights.map(({ allowed }) => allowed);

const END = { kind: 'end' } as const;

test('each synchronisation asks anew, and the newest answer holds', async () => {
  const { api, source, sessions, use, sync } = await stackShift();
  const { id } = sessions[0]!;
  const events = async (): Promise<number> => (await api.call('history.events', { filter: { source: [source] } })).total;
  const told = (await api.call('rights.list', null)).find((one) => one.source === source);
  expect(told!.rights.map(({ right, name, allowed }) => [right, name, allowed])).toEqual([
    ['history', history, 'yes'],
    ['recording', recording, 'yes'],
    ['download', download, 'yes'],
  ]);
  await use('sspat_plays');
  // Another token is no answer.
  await api.call('export.open', { id, format: 'text' });
  expect(await sync()).toBeNull();
  await api.call('sessions.screen', { id, at: END });
  await expect(api.call('export.open', { id, format: 'text' })).rejects.toMatchObject({
    kind: 'permission',
    why: `source ${source} does not allow it: ${download} is missing (the token has no such permission)`,
  });
  expect(await events()).toBe(1);
  await use('sspat_none');
  expect(await sync()).toMatchObject({ kind: 'permission' });
  await expect(api.call('sessions.show', { id })).rejects.toMatchObject({ kind: 'permission' });
  expect(await events()).toBe(0);
  await use('sspat_all');
  expect(await sync()).toBeNull();
  await api.call('export.open', { id, format: 'text' });
  expect(await events()).toBe(1);
});

test('what is in memory goes with the right: exports under way, opened recordings', async () => {
  const { api, source, sessions, use, check } = await stackShift();
  const { id } = sessions[0]!;
  const changed = new Set<string>();
  onTestFinished(api.on('library', ({ sessions: ids }) => ids.forEach((one) => changed.add(one))));
  const open = async (): Promise<string> => (await api.call('export.open', { id, format: 'json' })).ticket;
  const [unread, begun, later] = [await open(), await open(), await open()];
  expect((await api.call('export.read', { ticket: begun })).bytes!.length).toBeGreaterThan(0);
  await api.call('replay.window', { id, at: END });
  const byTitle = async (): Promise<number> => (await api.call('sessions.list', { filter: { source, text: 'watched' } })).total;
  expect(await byTitle()).toBe(1);
  await use('sspat_lists');
  expect(answers(await check())).toEqual(['yes', 'no', 'no']);
  for (const ticket of [unread, begun])
    await expect(api.call('export.read', { ticket })).rejects.toMatchObject({ kind: 'permission' });
  await expect(api.call('replay.window', { id, at: END })).rejects.toMatchObject({ kind: 'permission' });
  expect(changed).toContain(id);
  const { lock, metadata, title } = await api.call('sessions.show', { id });
  expect([sessions[0]!.title, title]).toEqual(['watched tsn_1', null]);
  // Nor do words of the title find it.
  expect(await byTitle()).toBe(0);
  expect(lock).toMatchObject({ state: 'locked', code: 'forbidden' });
  expect(metadata).toBe('{}');
  // What was given up stays so, even when the right is back.
  await use('sspat_all');
  await check();
  await expect(api.call('export.read', { ticket: later })).rejects.toMatchObject({ kind: 'permission' });
  await api.call('replay.window', { id, at: END });
});

test('a recording that its source refuses alone is refused alone, until the source gives it', async () => {
  const { api, engine, source, sessions, check, sync } = await stackShift(['tsn_1', 'tsn_2']);
  const [one, two] = sessions.map(({ id }) => id) as [string, string];
  await settled(api);
  const screen = (id: string): Promise<unknown> => api.call('sessions.screen', { id, at: END });
  engine.misbehave({ at: 'stackshift-recording', session: 'tsn_1', fault: { kind: 'status', status: 403 } });
  await sync(true);
  await expect(screen(one)).rejects.toMatchObject({
    kind: 'permission',
    why: expect.stringContaining(`source ${source} does not allow it for this session: ${recording} is missing`) as string,
  });
  await screen(two);
  const found = await api.call('search.run', { query: 'output', filter: { source } });
  expect(found.notSearched).toMatchObject([{ id: one, reason: expect.stringContaining(recording) as string }]);
  expect(new Set(found.hits.map(({ sessionId }) => sessionId))).toEqual(new Set([two]));
  const listed = await api.call('sessions.list', { filter: { source }, sort: 'title', descending: false });
  expect(listed.sessions.map(({ lock }) => lock.code)).toEqual(['forbidden', null]);
  await check();
  await expect(screen(one)).rejects.toMatchObject({ kind: 'permission' });
  engine.behave();
  await check();
  await screen(one);
});

test('an export of several sessions leaves those out that may not be handed out, and names them', async () => {
  const { api, engine, sessions, sync } = await stackShift(['tsn_1', 'tsn_2']);
  await settled(api);
  const ids = sessions.map(({ id }) => id);
  engine.misbehave({ at: 'stackshift-recording', session: 'tsn_1', fault: { kind: 'status', status: 403 } });
  onTestFinished(() => engine.behave());
  await sync(true);
  const { ticket, warnings } = await api.call('export.openSessions', { ids, format: 'text' });
  expect(warnings).toEqual(['1 of 2 sessions cannot be exported: index.csv in the archive says why']);
  const pieces: Uint8Array[] = [];
  for (
    let next = await api.call('export.read', { ticket });
    next.bytes !== null;
    next = await api.call('export.read', { ticket })
  )
    pieces.push(next.bytes);
  // The names of its files stand in a directory in clear.
  const names = Buffer.concat(pieces).toString('latin1');
  expect(ids.map((id) => names.includes(`${id}.txt`))).toEqual([false, true]);
  await expect(api.call('export.openSessions', { ids: [ids[0]!], format: 'text' })).rejects.toMatchObject({ kind: 'permission' });
});

test('a source that does not say what it allows, and a token that is known no more, change nothing', async () => {
  const { api, engine, sessions, use, check, sync } = await stackShift();
  const { id } = sessions[0]!;
  await use('sspat_plays');
  await check();
  engine.misbehave({ at: 'stackshift-permissions', fault: { kind: 'status', status: 404 } });
  await use('sspat_all');
  expect(answers(await check())).toEqual(['yes', 'yes', 'no']);
  await expect(api.call('export.open', { id, format: 'text' })).rejects.toMatchObject({ kind: 'permission' });
  engine.behave();
  engine.misbehave({ at: 'all', fault: { kind: 'status', status: 401 } });
  const before = await api.call('rights.list', null);
  await expect(check()).rejects.toMatchObject({ kind: 'permission' });
  expect(await sync()).toMatchObject({ kind: 'permission' });
  expect(await api.call('rights.list', null)).toEqual(before);
  await api.call('sessions.screen', { id, at: END });
});

test('without a list of permissions, the history tells about itself', async () => {
  const { api, engine, source, use, check } = await stackShift();
  engine.misbehave({ at: 'stackshift-permissions', fault: { kind: 'status', status: 404 } });
  await use('sspat_none');
  expect(answers(await check())).toEqual(['no', 'yes', 'yes']);
  expect((await api.call('sessions.list', { filter: {} })).withheld).toContainEqual({ source, right: history });
});

test('no removal takes a refusal away, and no other address does', async () => {
  const { api, engine, source, sessions, use, check } = await stackShift();
  const other = await engineOf({ now: () => NOW, stackshift: { sessions: [shell('tsn_1')] } });
  const exported = (): Promise<unknown> => api.call('export.open', { id: sessions[0]!.id, format: 'text' });
  const add = (url: string, token: string): Promise<unknown> =>
    api.call('sources.add', { name: source.toUpperCase(), kind: 'stackshift', engine: url, token });
  await use('sspat_plays');
  await check();
  await api.call('sources.remove', { name: source });
  await expect(exported()).rejects.toMatchObject({ kind: 'permission' });
  await expect(add(other.url, other.stackshift.token)).rejects.toMatchObject({ kind: 'refused', todo: 'choose another name' });
  await add(engine.url, 'sspat_all');
  await check();
  await exported();
});

test('a file of the same session has no limits', async () => {
  const { api, core, source, sessions, use, check } = await stackShift();
  const path = join(folder, 'tsn_1.cast');
  writeFileSync(path, castOf(AT, 'tsn_1', ['echo as a file']));
  const [file] = await core.import([path], source);
  await use('sspat_none');
  await check();
  const listed = await api.call('sessions.list', { filter: { source } });
  expect(listed.sessions.map(({ id }) => id)).toEqual(file!.sessionIds);
  await api.call('export.open', { id: file!.sessionIds[0]!, format: 'text' });
  await expect(api.call('sessions.show', { id: sessions[0]!.id })).rejects.toMatchObject({ kind: 'permission' });
});

test('annotations of others are not taken where their place may not be looked at', async () => {
  const withCase = async ({ api, sessions }: Bench): Promise<string> => {
    const { id } = await api.call('cases.create', { number: 'C-1', title: 'one' });
    await api.call('cases.addExhibits', { case: id, sessions: [sessions[0]!.id] });
    return id;
  };
  const theirs = await stackShift();
  const id = await withCase(theirs);
  const [{ id: session }] = theirs.sessions as [Session];
  await theirs.api.call('annotations.add', { session, case: id, from: END, text: 'echo tsn_1', body: { title: 'here' } });
  const signed = { case: id, signer: 'Ana', signedAt: '2026-11-21T10:00:00Z' };
  const { ticket } = await theirs.api.call('annotations.export', signed);
  const text = Buffer.from((await theirs.api.call('export.read', { ticket })).bytes!).toString();
  const second = await openTestCore(join(folder, 'second'));
  onTestFinished(() => second.close());
  const ours = await stackShift(['tsn_1'], second, theirs.source);
  await withCase(ours);
  await ours.use('sspat_lists');
  await ours.check();
  expect(await ours.api.call('annotations.merge', { text })).toMatchObject({
    added: [],
    refused: [{ reason: expect.stringContaining(recording) as string }],
  });
});

test('on the command line: as they were told, asked now, and an error with the name of what is missing', async () => {
  const { core, source, use } = await stackShift();
  const run = (...words: string[]): ReturnType<typeof runCommand> =>
    runCommand(core, RIGHTS_COMMANDS, ['sources', 'rights', ...words]);
  await use('sspat_plays');
  expect((await run(source, '-o', 'csv')).out).toContain(`${source},download,yes,${download}`);
  expect((await run(source, '--check', '-o', 'csv')).out).toContain(
    `${source},download,no,${download},the token has no such permission`,
  );
  const told = JSON.parse((await run('-o', 'json')).out) as SourceRights[];
  expect(answers(told.find((one) => one.source === source)!)).toEqual(['yes', 'yes', 'no']);
  expect((await run('nowhere')).failure).toMatchObject({ kind: 'not-found' });
  expect((await run('nowhere', '--check')).failure).toMatchObject({ kind: 'not-found' });
  expect((await run('--check')).failure).toMatchObject({ kind: 'usage' });
});

const RSTREAM_TOKENS = [
  { token: 'reads-logs', permissions: [LOGS_READ] },
  { token: 'lists', permissions: [SESSIONS_READ] },
  { token: 'neither', permissions: ['other'] },
];

test.each([true, false])('rstream: sessions and logs are rights of their own (permissions are listed: %s)', async (isListed) => {
  const recordings = [longRecording('long', 20, { session: { group_id: 'g1' } })];
  const { api, source, sessions, use, check } = await bench(shared, { recordings, tokens: RSTREAM_TOKENS }, (apiUrl) => ({
    kind: 'rstream',
    token: 'reads-logs',
    ...(isListed ? { apiUrl } : {}),
  }));
  const [{ id }] = sessions as [Session];
  const group = { id: 'g1', source };
  const exported = (): Promise<unknown> => api.call('export.openGroup', { group: group.id, source, format: 'json' });
  expect(answers(await check())).toEqual(['yes', 'yes', 'yes']);
  await exported();
  await use('lists');
  expect((await check()).rights.map(({ right, name, allowed }) => [right, name, allowed])).toEqual([
    ['history', SESSIONS_READ, 'yes'],
    ['recording', LOGS_READ, 'no'],
    ['download', LOGS_READ, 'no'],
  ]);
  expect(await api.call('groups.show', group)).toMatchObject({ members: [{ id, lock: { code: 'forbidden' } }] });
  await expect(api.call('sessions.screen', { id, at: END })).rejects.toMatchObject({ kind: 'permission' });
  await expect(exported()).rejects.toMatchObject({ kind: 'permission', why: expect.stringContaining(LOGS_READ) as string });
  await use('neither');
  expect(answers(await check())[0]).toBe('no');
  expect(await api.call('groups.list', { source })).toEqual([]);
  await expect(api.call('groups.show', group)).rejects.toMatchObject({ kind: 'not-found' });
  await use('reads-logs');
  await check();
  await api.call('sessions.screen', { id, at: END });
});
