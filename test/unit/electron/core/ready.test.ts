// Readiness for work without a network: what is missing of a case is named session by session and really tried, one job gets it from the
// source, and the receipt can be checked with stock tools.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Api } from '../../../../shared/api/contract.ts';
import type { Job } from '../../../../shared/api/shapes.ts';
import type { ReadyReport } from '../../../../shared/api/retention-shapes.ts';
import { READY_COMMAND } from '../../../../electron/shells/cli/ready-command.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { vectorRecordings } from '../../../engine/vectors.ts';
import { runCommand } from '../../../support/commands.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { vectorCase, wholeMachine, writeMachine } from '../../../support/rstream-machine.ts';
import { longRecording } from '../../../support/syncing.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';

const [SEALED] = vectorRecordings([vectorCase('e2e-plain-log')]);
const CAST = '{"version":2,"width":80,"height":24,"timestamp":1760000000}\n[0.5,"o","hello\\r\\n"]\n';

interface Bench {
  readonly core: TestCore;
  readonly api: Api;
  readonly engine: Engine;
  readonly folder: string;
  /** Of the session with this id at its source. */
  readonly id: (nativeId: string) => Promise<string>;
}

/** A library of what the engine has, with a case `C-1` of all of it. */
async function benchOf(recordings: Parameters<typeof engineOf>[0], live: readonly [string, number][] = []): Promise<Bench> {
  const engine = await engineOf(recordings);
  for (const [id, shown] of live) engine.hold(id, shown);
  const folder = `${temporaryFolder()}/library`;
  const core = await openTestCore(folder);
  onTestFinished(() => core.close());
  const { api } = core;
  await api.call('sources.add', { name: 'lab', kind: 'rstream', engine: engine.url, token: engine.token });
  await api.call('jobs.wait', await api.call('sync.start', { source: 'lab', follow: false }));
  await settled(api);
  const id = async (nativeId: string): Promise<string> => (await api.call('sessions.show', { id: nativeId })).id;
  await api.call('cases.create', { number: 'C-1', title: 'Flight' });
  const { sessions } = await api.call('sessions.list', { filter: {} });
  await api.call('cases.addExhibits', { case: 'C-1', sessions: sessions.map((one) => one.id) });
  return { core, api, engine, folder, id };
}

async function made(api: Api): Promise<Job> {
  const job = await api.call('jobs.wait', await api.call('ready.make', { case: 'C-1' }));
  expect(job.failure).toBeNull();
  return job;
}

const marks = ({ sessions }: ReadyReport): unknown =>
  sessions.map(({ cached, grant, decrypts, indexed, permission, ready }) =>
    [cached, grant, decrypts, indexed, permission, { ready }].map((mark) => mark.ready),
  );

it('a case is ready when its sessions are here, open, indexed and allowed, and payloads were really opened', async () => {
  const { api, folder, id } = await benchOf({ recordings: [SEALED!, longRecording('clear', 30)] });
  const locked = await api.call('ready.show', { sessions: [await id(SEALED!.session.id)] });
  expect(marks(locked)).toEqual([[true, false, false, false, true, false]]);
  expect(locked.ready).toBe(false);
  expect(locked.sessions[0]!.lock).toMatchObject({ state: 'locked', code: 'no_trusted_device' });

  writeMachine(`${folder}-home`, wholeMachine());
  expect(await made(api)).toMatchObject({ kind: 'ready', state: 'done', done: 2, total: 2, detail: 'all are ready' });
  const report = await api.call('ready.show', { case: 'C-1' });
  expect(report).toMatchObject({ case: 'C-1', ready: true });
  expect(marks(report)).toEqual([Array(6).fill(true), Array(6).fill(true)]);
  const why = new Map(report.sessions.map((one) => [one.session, one.decrypts.why]));
  expect(why.get(await id('clear'))).toBe('its first and its last payload were read just now');
  expect(why.get(await id(SEALED!.session.id))).toBe('its first and its last payload were decrypted just now');
  const opened = await api.call('custody.list', { action: 'open', subject: await id(SEALED!.session.id) });
  expect(opened.total).toBe(1);
});

it('a live session is not ready, and only what is missing is read again', async () => {
  const { api, engine, id } = await benchOf({ recordings: [longRecording('over', 30), longRecording('live', 40)] }, [
    ['live', 10],
  ]);
  const live = await id('live');
  const shown = await api.call('ready.show', { case: 'C-1' });
  const of = (report: ReadyReport): ReadyReport['sessions'][number] => report.sessions.find(({ session }) => session === live)!;
  expect(of(shown).cached).toMatchObject({ ready: false, why: expect.stringContaining('it was live when it was last read') });
  expect(shown.sessions.filter(({ ready }) => ready)).toHaveLength(1);
  const before = engine.requests.length;
  engine.release('live', 5);
  expect((await made(api)).detail).toBe('1 of 2 are not ready');
  expect(of(await api.call('ready.show', { case: 'C-1' })).cached.ready).toBe(false);
  engine.release('live', 100);
  expect((await made(api)).detail).toBe('all are ready');
  expect(of(await api.call('ready.show', { case: 'C-1' })).cached.why).toContain('40 events are here');
  const asked = engine.requests.slice(before).map(({ target }) => target);
  expect(asked.some((target) => target.includes('/live/events'))).toBe(true);
  expect(asked.filter((target) => target.includes('sessions/over'))).toEqual([]);
});

it('what could not be made ready says why: the source refuses, lost it, or does not know the token', async () => {
  const { api, engine, id } = await benchOf({ recordings: [longRecording('live', 40)] }, [['live', 10]]);
  const why = async (): Promise<string> => {
    await made(api);
    return (await api.call('ready.show', { sessions: [await id('live')] })).sessions[0]!.cached.why;
  };
  engine.misbehave({ at: 'session', fault: { kind: 'status', status: 400 } });
  expect(await why()).toMatch(/live when it was last read.*the attempt of .* failed: the source refused the request/);
  engine.behave();
  engine.remove('live');
  expect(await why()).toMatch(/its source lost it before it ended.*failed: there is no such thing at the source/);
  engine.misbehave({ at: 'all', fault: { kind: 'status', status: 401 } });
  expect(await why()).toMatch(/failed: the token was refused/);
});

it('a source that counts more events than came has something that is not here', async () => {
  const { api, engine, id } = await benchOf({ recordings: [longRecording('short', 20)] });
  engine.update('short', { event_count: 25 });
  await api.call('jobs.wait', await api.call('sync.start', { source: 'lab', follow: false }));
  const { sessions } = await api.call('ready.show', { sessions: [await id('short')] });
  expect(sessions[0]!.cached).toEqual({ ready: false, why: 'the source counts 25 events, 20 events are here' });
});

it.each(['first', 'last'])('the %s payload is really opened: one that does not open is named', async (which) => {
  const sealed = SEALED!.events.filter((event) => typeof event['payload_ciphertext'] === 'string');
  const spoilt = which === 'first' ? sealed[0]! : sealed.at(-1)!;
  const bytes = Buffer.from(spoilt['payload_ciphertext'] as string, 'base64');
  bytes[0]! ^= 1;
  const events = SEALED!.events.map((event) =>
    event === spoilt ? { ...event, payload_ciphertext: bytes.toString('base64') } : event,
  );
  const { api, folder } = await benchOf({ recordings: [{ ...SEALED!, events }] });
  writeMachine(`${folder}-home`, wholeMachine());
  await made(api);
  const report = await api.call('ready.show', { case: 'C-1' });
  expect(report.sessions[0]!.indexed.why).toBe('its text can be searched');
  expect(marks(report)).toEqual([[true, true, false, true, true, false]]);
  expect(report.sessions[0]!.decrypts.why).toContain(`the payload of event ${String(spoilt['seq'])} does not open`);
});

it('what came as a file is whole and limited by no source; what a case names and nobody has is not here', async () => {
  const core = await openTestCore(`${temporaryFolder()}/library`);
  onTestFinished(() => core.close());
  const path = join(temporaryFolder(), 'a.cast');
  writeFileSync(path, CAST);
  const [result] = await core.import([path]);
  const report = await core.api.call('ready.show', { sessions: [result!.sessionIds[0]!] });
  expect(report).toMatchObject({ case: null, ready: true });
  expect(report.sessions[0]).toMatchObject({
    cached: { why: expect.stringContaining('it came whole') },
    decrypts: { why: 'its only payload was read just now' },
    permission: { why: 'it came as a file, and no source limits it' },
  });
  await expect(core.api.call('ready.show', { sessions: ['nowhere'] })).rejects.toMatchObject({ kind: 'not-found' });
  await expect(core.api.call('ready.show', { case: 'C-9' })).rejects.toMatchObject({ kind: 'not-found' });
});

it('on the command line: the report, what is missing, the job, and a receipt that ssh-keygen verifies', async () => {
  const { core, api, engine, id } = await benchOf({ recordings: [longRecording('live', 40)] }, [['live', 10]]);
  const first = await runCommand(core, [READY_COMMAND], ['library', 'ready', 'C-1']);
  expect(first.failure).toMatchObject({ kind: 'refused', why: '1 of 1 sessions are not ready' });
  expect(first.out).toMatch(/no +yes +yes +yes +yes/);
  expect(first.err).toContain(`exhibit: ${await id('live')}: cached: it was live`);
  engine.release('live', 100);
  const file = join(temporaryFolder(), 'ready.json');
  const second = await runCommand(core, [READY_COMMAND], ['library', 'ready', 'C-1', '--make', '--receipt', file, '-o', 'json']);
  expect(second.failure).toBeNull();
  expect(JSON.parse(second.out)).toMatchObject({ case: 'C-1', ready: true, sessions: [{ ready: true }] });

  const text = readFileSync(file, 'utf8');
  const receipt = JSON.parse(text) as { readonly signer: { readonly publicKey: string } };
  const { root } = await api.call('sessions.show', { id: 'live' });
  expect(receipt).toMatchObject({
    type: 'exhibit-ready/1',
    case: 'C-1',
    ready: true,
    by: 'tester@bench',
    sessions: [{ session: await id('live'), ready: true, events: 40, root }],
  });
  const entry = (await api.call('custody.list', { action: 'sign' })).entries[0]!;
  expect(JSON.parse(entry.details)).toMatchObject({ what: 'readiness receipt', ready: true, sessions: 1 });

  const signers = `${file}.signers`;
  writeFileSync(signers, `someone namespaces="exhibit-ready" ${receipt.signer.publicKey}\n`);
  const check = (input: string): number | null => {
    const args = ['-Y', 'verify', '-f', signers, '-I', 'someone', '-n', 'exhibit-ready', '-s', `${file}.sig`];
    const { error, status } = spawnSync('ssh-keygen', args, { input });
    return error === undefined ? status : null;
  };
  if (check(text) === null) console.log('ssh-keygen is not installed: the receipt was not checked with it');
  else expect([check(text), check(text.replace('"ready": true', '"ready": false'))]).toEqual([0, 255]);

  const both = await runCommand(core, [READY_COMMAND], ['library', 'ready', 'C-1', '--session', 'live']);
  expect(both.failure).toMatchObject({ kind: 'usage' });
});

it('the work can be cancelled, and what it began goes on later', async () => {
  const { api, engine } = await benchOf({ recordings: [longRecording('live', 40)] }, [['live', 10]]);
  engine.misbehave({ at: 'session', fault: { kind: 'silence' } });
  const { job } = await api.call('ready.make', { case: 'C-1' });
  await expect.poll(() => engine.requests.at(-1)!.target.includes('sessions/live')).toBe(true);
  expect(await api.call('jobs.cancel', { job })).toMatchObject({ state: 'cancelled' });
  engine.behave();
  engine.release('live', 100);
  expect((await made(api)).detail).toBe('all are ready');
});
