// Encrypted sessions as they come from a source: synchronised from the recordings server for tests, opened with the keys of this
// machine, indexed without another step, and handed out with their plaintext; grants of the source open the same session as a file.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Session } from '../../../../shared/api/shapes.ts';
import type { JsonObject } from '../../../../shared/recording/json-text.ts';
import { LOGS_READ, SESSIONS_READ } from '../../../engine/engine-api.ts';
import { startEngine, type Engine } from '../../../engine/start-engine.ts';
import { vectorRecordings } from '../../../engine/vectors.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { exportOf, vectorCase, vectorCases, wholeMachine, writeMachine } from '../../../support/rstream-machine.ts';

const recordings = vectorRecordings(vectorCases);
const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
const library = join(folder, 'library');
const sessions = new Map<string | null, Session>();
let engine: Engine;
let core: TestCore;

beforeAll(async () => {
  engine = await startEngine({
    recordings,
    tokens: [
      { token: 'reads-logs', permissions: [LOGS_READ] },
      { token: 'lists', permissions: [SESSIONS_READ] },
    ],
  });
  core = await openTestCore(library);
  writeMachine(`${library}-home`, wholeMachine());
  const { api } = core;
  const { url, token } = engine;
  await api.call('sources.add', { name: 'engine', kind: 'rstream', engine: url, apiUrl: url, token });
  const { job } = await api.call('sync.start', { source: 'engine', follow: false });
  expect((await api.call('jobs.wait', { job })).failure).toBeNull();
  await settled(api);
  const list = await api.call('sessions.list', { filter: {}, limit: 1000 });
  for (const session of list.sessions) sessions.set(session.nativeId, session);
}, 300_000);

afterAll(async () => {
  await core.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

interface ExportDocument {
  readonly session: JsonObject;
  readonly events: readonly (JsonObject & { readonly seq: string })[];
}

async function jsonOf(id: string): Promise<ExportDocument> {
  const { ticket } = await core.api.call('export.open', { id, format: 'json' });
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await core.api.call('export.read', { ticket });
    if (bytes === null) return JSON.parse(Buffer.concat(pieces).toString('utf8')) as ExportDocument;
    pieces.push(bytes);
  }
}

const digests = ({ events }: ExportDocument): Record<string, string> =>
  Object.fromEntries(
    events.flatMap(({ seq, payload_plaintext: text }) =>
      typeof text === 'string' ? [[seq, createHash('sha256').update(Buffer.from(text, 'base64')).digest('hex')]] : [],
    ),
  );

const opened = vectorCases.flatMap((one, i) =>
  one.session['encryption_mode'] === 'e2e' && (one.identity ?? null) !== null && (one.expected.failure ?? null) === null
    ? [{ one, session: recordings[i]!.session, case: one.case }]
    : [],
);

describe('a session that no key of this machine opens', () => {
  it('is asked for grants and material by each synchronisation, and opens once they are there', async () => {
    const { session } = opened[0]!;
    const recording = recordings.find((one) => one.session.id === session.id)!;
    const late = await startEngine({ recordings: [{ ...recording, keyGrants: [], decryptMaterial: [] }] });
    onTestFinished(() => late.close());
    const home = join(folder, 'late');
    const { api, close } = await openTestCore(home);
    onTestFinished(close);
    writeMachine(`${home}-home`, wholeMachine());
    await api.call('sources.add', { name: 'late', kind: 'rstream', engine: late.url, apiUrl: late.url, token: late.token });
    const lockAfterSync = async (): Promise<Session['lock']> => {
      const { job } = await api.call('sync.start', { source: 'late', follow: false });
      expect((await api.call('jobs.wait', { job })).failure).toBeNull();
      await settled(api);
      return (await api.call('sessions.list', { filter: {}, limit: 1 })).sessions[0]!.lock;
    };
    expect((await lockAfterSync()).state).toBe('locked');
    late.put({ ...recording, decryptMaterial: [] });
    expect(await lockAfterSync()).toMatchObject({ state: 'locked', code: 'granted_without_material' });
    late.put(recording);
    expect(await lockAfterSync()).toMatchObject({ state: 'open' });
    const before = late.requests.length;
    await lockAfterSync();
    expect(late.requests.slice(before).filter(({ target }) => target.includes('key-grants'))).toEqual([]);
  });
});

describe('a synchronised session that a key of this machine opens', () => {
  it.each(opened)('is open and indexed when the synchronisation is over: $case', async ({ one, session }) => {
    const { id, lock, index } = sessions.get(session.id)!;
    expect([lock.state, index]).toEqual(['open', 'done']);
    const document = await jsonOf(id);
    expect(digests(document)).toEqual(one.expected.plaintext_sha256);
    expect(document.session).toEqual(session);
  });
});

it('a synchronised session without a grant is listed with its reason', () => {
  const one = sessions.get(recordings[vectorCases.indexOf(vectorCase('no-grants-at-all'))]!.session.id)!;
  expect(one).toMatchObject({ lock: { state: 'locked', code: 'no_key_available' }, index: 'locked' });
});

it('grants that a source gave open the same session when it comes as a file', async () => {
  const path = join(folder, 'file.json');
  const one = vectorCase('e2e-plain-log');
  writeFileSync(path, exportOf(one));
  const [result] = await core.import([path]);
  const { lock, index, format } = await core.api.call('sessions.show', { id: result!.sessionIds[0]! });
  expect([format, lock.state, index]).toEqual(['rstream-json', 'open', 'done']);
  expect(digests(await jsonOf(result!.sessionIds[0]!))).toEqual(one.expected.plaintext_sha256);
});

it('a source that lets nothing be seen any more authorises nobody to decrypt, in whatever form the session came', async () => {
  const { api } = core;
  const one = vectorCase('e2e-plain-log');
  const path = join(folder, 'again.json');
  writeFileSync(path, `${exportOf(one)}\n`);
  const [imported] = await core.import([path], 'again');
  const file = imported!.sessionIds[0]!;
  const synced = sessions.get(recordings[vectorCases.indexOf(one)]!.session.id)!;
  const use = async (token: string): Promise<void> => {
    await api.call('sources.setToken', { name: 'engine', token });
    await api.call('rights.check', { source: 'engine' });
    await settled(api);
  };
  const standing = async (id: string): Promise<readonly unknown[]> => {
    const { lock, index } = await api.call('sessions.show', { id });
    return [lock.code, index];
  };
  expect(await standing(file)).toEqual([null, 'done']);
  await use('lists');
  expect(await standing(synced.id)).toEqual(['forbidden', 'done']);
  expect(await standing(file)).toEqual(['no_grants_here', 'locked']);
  await use('reads-logs');
  expect(await standing(synced.id)).toEqual([null, 'done']);
  expect(await standing(file)).toEqual([null, 'done']);
  await jsonOf(file);
});

it('the export of a group tries the keys that this machine has by then, before it counts what is locked', async () => {
  const folderOfOther = join(folder, 'later-library');
  const other = await openTestCore(folderOfOther);
  onTestFinished(() => other.close());
  const { api } = other;
  await api.call('sources.add', { name: 'engine', kind: 'rstream', engine: engine.url, token: engine.token });
  const groupId = vectorCase('agent-1').session['group_id'] as string;
  const { job } = await api.call('sync.start', { source: 'engine', follow: false, filter: { groupId } });
  expect((await api.call('jobs.wait', { job })).failure).toBeNull();
  await settled(api);
  const { warnings: before } = await api.call('export.openGroup', { group: groupId, format: 'json' });
  expect(before).toEqual(['6 of 6 sessions are locked: their content is missing']);
  writeMachine(`${folderOfOther}-home`, wholeMachine());
  const { warnings } = await api.call('export.openGroup', { group: groupId, format: 'json' });
  expect(warnings).toEqual([]);
});
