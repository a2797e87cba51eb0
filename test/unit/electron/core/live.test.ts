// Live sessions at an rstream engine: what its interface cannot do is said, what it can is done, and without an answer there is nothing.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { LiveActions } from '../../../../shared/api/retention-shapes.ts';
import { LIVE_COMMANDS } from '../../../../electron/shells/cli/live-commands.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { runCommand } from '../../../support/commands.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { longRecording } from '../../../support/syncing.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';

/** A library with one session of forty events, of which the engine has ten so far. */
async function liveBench(): Promise<{ readonly core: TestCore; readonly engine: Engine }> {
  const engine = await engineOf({ recordings: [longRecording('live', 40)] });
  engine.hold('live', 10);
  const core = await openTestCore(`${temporaryFolder()}/library`);
  onTestFinished(() => core.close());
  const { api } = core;
  await api.call('sources.add', { name: 'lab', kind: 'rstream', engine: engine.url, token: engine.token });
  await api.call('jobs.wait', await api.call('sync.start', { source: 'lab', follow: false }));
  await settled(api);
  return { core, engine };
}

const allowed = ({ actions }: LiveActions): unknown => Object.fromEntries(actions.map((one) => [one.action, one.allowed]));

it('a live session can be followed; that rstream ends none and takes up none is said in words', async () => {
  const { core, engine } = await liveBench();
  const { api } = core;
  const answer = await api.call('live.actions', { id: 'live' });
  expect([answer.online, allowed(answer)]).toEqual([true, { revoke: false, reconnect: false, follow: true }]);
  expect(answer.actions.map(({ why }) => why)).toEqual([
    'the interface of rstream has no call that ends a session: end it at its server',
    "the interface of rstream has no call for it: use rstream's own client",
    'it is read until it ends',
  ]);
  const asked = { id: 'live', reason: 'leaked credentials', confirm: 'live' };
  await expect(api.call('live.revoke', asked)).rejects.toMatchObject({ kind: 'refused', why: answer.actions[0]!.why });
  await expect(api.call('live.reconnect', { id: 'live' })).rejects.toMatchObject({
    kind: 'refused',
    why: answer.actions[1]!.why,
  });
  expect((await api.call('custody.list', { action: 'revoke' })).total).toBe(0);
  expect(engine.requests.every(({ method }) => method === 'GET')).toBe(true);

  engine.release('live', 100);
  const over = await api.call('live.actions', { id: 'live' });
  expect([over.online, over.why, allowed(over)]).toEqual([
    true,
    'the session is over',
    { revoke: false, reconnect: false, follow: false },
  ]);
  await expect(api.call('live.follow', { id: 'live' })).rejects.toMatchObject({ kind: 'refused' });
});

it('a followed session is read until it ends, and no other with it', async () => {
  const { core, engine } = await liveBench();
  engine.put(longRecording('other', 5));
  const { api } = core;
  const { job } = await api.call('live.follow', { id: 'live' });
  engine.release('live', 100);
  expect(await api.call('jobs.wait', { job })).toMatchObject({ state: 'done', failure: null });
  const { sessions } = await api.call('sessions.list', { filter: {} });
  expect(sessions).toMatchObject([{ nativeId: 'live', events: 40, status: 'closed' }]);
});

it('without an answer of the source there are no actions, and the reason is given', async () => {
  const { core, engine } = await liveBench();
  const { api } = core;
  engine.misbehave({ at: 'session', fault: { kind: 'status', status: 404 } });
  expect(await api.call('live.actions', { id: 'live' })).toMatchObject({
    online: true,
    why: expect.stringContaining('there is no such thing at the source'),
    actions: [],
  });
  await engine.close();
  const offline = { online: false, why: expect.stringContaining('the source lab does not answer: nothing listens'), actions: [] };
  expect(await api.call('live.actions', { id: 'live' })).toMatchObject(offline);
  await api.call('sources.remove', { name: 'lab' });
  expect(await api.call('live.actions', { id: 'live' })).toMatchObject({ online: false, why: expect.stringContaining('lab') });
}, 60_000);

it('what came as a file has no source that could be asked', async () => {
  const core = await openTestCore(`${temporaryFolder()}/library`);
  onTestFinished(() => core.close());
  const path = join(temporaryFolder(), 'a.cast');
  writeFileSync(path, '{"version":2,"width":80,"height":24}\n[0.5,"o","hello\\r\\n"]\n');
  const id = (await core.import([path]))[0]!.sessionIds[0]!;
  const why = 'it came as a file: there is no source that could be asked';
  expect(await core.api.call('live.actions', { id })).toEqual({ online: false, why, actions: [] });
  await expect(core.api.call('live.follow', { id })).rejects.toMatchObject({ kind: 'refused', why });
  await expect(core.api.call('live.actions', { id: 'nothing' })).rejects.toMatchObject({ kind: 'not-found' });
});

it('on the command line: the actions, what a revocation needs, and a session followed to its end', async () => {
  const { core, engine } = await liveBench();
  const exhibit = (...words: readonly string[]): ReturnType<typeof runCommand> => runCommand(core, LIVE_COMMANDS, words);
  const listed = await exhibit('live', 'actions', 'live');
  expect(listed.err).toContain('exhibit: online: the source says that the session goes on');
  expect(listed.out).toMatch(/follow +yes +webtty\.logs\.read-only/);
  expect(await exhibit('live', 'revoke', 'live')).toMatchObject({ failure: { kind: 'usage', why: '--reason is missing' } });
  const noConfirm = await exhibit('live', 'revoke', 'live', '--reason', 'leaked credentials');
  expect(noConfirm).toMatchObject({ failure: { kind: 'usage', why: '--confirm is missing' } });
  engine.release('live', 100);
  const gone = await exhibit('live', 'follow', 'live');
  expect(gone.failure).toMatchObject({ kind: 'refused' });
});
