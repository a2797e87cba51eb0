// One suite over every row of the contract, on every way to it: all must answer alike, and refuse alike.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, type Api, type CallName, type Input } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { openFakeCore } from '../support/fake-core.ts';
import { TRANSPORTS, type Connection } from './transports.ts';

type Step = { readonly [K in CallName]: readonly [K, Input<K>] }[CallName];

const ID = 's-0003';
const END = { kind: 'end' } as const;
const MEBIBYTE = 1024 * 1024;
/** The job of the sweep in the story. */
const SWEEP = 'job-12';

/** Every row that any shell may ask for, in an order in which each finds what it needs. */
const BUNDLE = {
  case: 'c1',
  plaintext: true,
  redacted: false,
  intent: 'for counsel',
  signer: 'Ana Ferreira',
  signedAt: '2026-11-21T10:00:00Z',
  supersedes: null,
};

const STORY: readonly Step[] = [
  ['app.info', null],
  ['vault.status', null],
  ['vault.create', { protection: 'passphrase', passphrase: 'correct horse' }],
  ['vault.lock', null],
  ['vault.unlock', { passphrase: 'wrong' }],
  ['vault.unlock', { passphrase: 'correct horse' }],
  ['vault.change', { protection: 'keychain', current: 'correct horse' }],
  ['library.stats', null],
  ['library.verify', {}],
  ['jobs.list', null],
  ['jobs.cancel', { job: 'job-1' }],
  ['jobs.wait', { job: 'job-1' }],
  ['jobs.report', { job: 'job-1' }],
  ['jobs.wait', { job: 'job-99' }],
  ['library.rekey', null],
  ['import.offer', { files: [{ name: 'large.cast', size: MEBIBYTE + 5 }] }],
  ['import.next', { job: 'job-2', supply: null }],
  ['import.next', { job: 'job-2', supply: { request: 1, bytes: new Uint8Array(MEBIBYTE).fill(0xa5) } }],
  ['import.next', { job: 'job-2', supply: { request: 2, bytes: new Uint8Array(5) } }],
  ['import.results', { job: 'job-2' }],
  ['import.sample', null],
  ['sessions.list', { filter: { user: 'ana' }, sort: 'title', descending: true, limit: 5 }],
  ['sessions.list', { filter: {}, cursor: '50' }],
  ['sessions.list', { filter: {}, sort: 'libraryUntil', limit: 3 }],
  ['sessions.show', { id: ID }],
  ['sessions.show', { id: 'no such session' }],
  ['sessions.events', { id: ID, from: 10, limit: 20, data: true }],
  ['sessions.commands', { id: ID }],
  ['sessions.hidden', { id: ID }],
  ['sessions.participants', { id: ID }],
  ['sessions.screen', { id: ID, at: { kind: 'offset', atUs: 4_000_000 } }],
  ['sessions.screen', { id: ID, at: { kind: 'seq', seq: '42' } }],
  ['sessions.still', { id: ID, at: END, format: 'svg' }],
  ['frames.certificate', { id: ID, at: END }],
  ['frames.check', { id: ID, certificate: '{}', image: new Uint8Array(5) }],
  ['replay.timeline', { id: ID }],
  ['replay.timeline', { id: 's-0008' }],
  ['replay.activity', { id: ID, fromUs: 0, toUs: 10_000_000, buckets: 16 }],
  ['replay.window', { id: ID, at: END }],
  ['replay.events', { id: ID, from: 30, maxBytes: 4096 }],
  ['replay.viewed', { id: ID, ranges: [{ fromUs: 0, toUs: 1_000_000, speed: 2 }] }],
  ['search.assist', { query: 'postgres us', cursor: 11 }],
  ['search.run', { query: 'postgres', limit: 3 }],
  ['export.open', { id: ID, format: 'json' }],
  ['export.read', { ticket: 'ticket-1' }],
  ['export.read', { ticket: 'ticket-1' }],
  ['export.close', { ticket: 'ticket-1' }],
  ['export.read', { ticket: 'ticket-1' }],
  ['sources.list', null],
  ['sources.add', { name: 'audit', kind: 'rstream', engine: 'edge.example:443', token: 'rs_1' }],
  ['sources.add', { name: 'audit', kind: 'rstream', engine: 'edge.example:443', token: 'rs_1' }],
  ['sources.add', { name: 'shift', kind: 'stackshift', engine: 'api.example', token: 'sspat_1', paths: { policy: '/p' } }],
  ['sources.test', { name: 'shift' }],
  ['sources.remove', { name: 'shift' }],
  ['sources.addFromRstream', { name: 'mine', context: 'default' }],
  ['sources.addFromRstream', { name: 'other', context: 'none' }],
  ['sources.test', { name: 'production' }],
  ['sources.test', { name: 'staging' }],
  ['rights.list', null],
  ['rights.check', { source: 'production' }],
  ['history.list', { filter: { environment: ['production'], here: true }, sort: 'duration', descending: true, limit: 5 }],
  ['history.list', { filter: { text: 'no such session' } }],
  ['history.facets', { filter: {}, fields: ['recording', 'environment'] }],
  ['history.show', { id: ID }],
  ['history.show', { id: 'no such row' }],
  ['history.events', { id: ID, kinds: ['command', 'runbook'] }],
  ['history.match', { id: `h-${ID}`, session: null, reason: 'another session' }],
  ['history.match', { id: `h-${ID}`, session: ID, reason: 'it was the same' }],
  ['history.export', { format: 'csv', filter: { held: false } }],
  ['sources.setToken', { name: 'staging', token: 'wrong' }],
  ['sources.setToken', { name: 'staging', token: 'rs_2' }],
  ['sources.test', { name: 'staging' }],
  ['sources.setToken', { name: 'no such source', token: 'rs_2' }],
  ['sources.workspaces', { name: 'production' }],
  ['sources.workspaces', { name: 'staging' }],
  ['sources.remove', { name: 'mine' }],
  ['sources.list', null],
  ['sync.start', { source: 'no such source' }],
  ['sync.start', { source: 'production', filter: { origin: 'human', limit: 50 }, follow: false }],
  ['jobs.wait', { job: 'job-4' }],
  ['sync.report', { job: 'job-4' }],
  ['device.list', null],
  ['device.create', { label: 'desk', suite: 'p256' }],
  ['device.enroll', { source: 'production', workspace: 'elsewhere' }],
  ['device.enroll', { source: 'production', id: 'device-new-1' }],
  ['device.status', {}],
  ['device.exportPublic', { id: 'device-new-1' }],
  ['export.read', { ticket: 'ticket-2' }],
  ['export.close', { ticket: 'ticket-2' }],
  ['device.remove', { id: 'device-new-1' }],
  ['device.list', null],
  ['groups.list', {}],
  ['groups.show', { id: 'release-2026.10.2' }],
  ['groups.show', { id: 'no such group' }],
  ['export.openGroup', { group: 'release-2026.10.2', format: 'text' }],
  ['export.openSessions', { ids: [ID, 's-0004'], format: 'text' }],
  ['cases.create', { number: '2026-099', title: 'Deleted customers', members: ['ana'] }],
  ['cases.create', { number: '2026-099', title: 'The same again' }],
  ['cases.addExhibits', { case: '2026-099', sessions: [ID, 's-0004'] }],
  ['cases.withdrawExhibit', { case: '2026-099', exhibit: 'EX-002', reason: 'another matter' }],
  ['cases.change', { case: '2026-099', fields: { purpose: 'audit' }, reason: 'the order came' }],
  ['cases.note', { case: '2026-099', text: 'Ask **who** was on call.' }],
  [
    'annotations.add',
    { session: ID, case: '2026-099', from: { kind: 'offset', atUs: 4_000_000 }, body: { title: 'Here', tags: ['drop'] } },
  ],
  ['annotations.change', { id: 'a105', change: { severity: 'high' }, reason: 'it was run' }],
  ['annotations.list', { case: '2026-099', tag: 'drop', limit: 10 }],
  ['annotations.check', { filter: { session: ID } }],
  ['annotations.retract', { id: 'a105', reason: 'twice' }],
  ['annotations.retract', { id: 'no such annotation', reason: 'twice' }],
  ['redactions.add', { case: '2026-099', rule: { kind: 'text', text: 'hunter2', matchCase: true }, reason: 'a password' }],
  ['redactions.withdraw', { case: '2026-099', redaction: 'R-0001', reason: 'it was changed' }],
  ['redactions.list', { case: '2026-099' }],
  ['coverage.show', { session: ID }],
  ['coverage.show', { case: '2026-099' }],
  ['coverage.mark', { session: ID, note: '' }],
  ['coverage.mark', { session: ID, note: 'the rest is idle', partly: true }],
  ['cases.close', { case: '2026-099', reason: 'signed off' }],
  ['cases.note', { case: '2026-099', text: 'late' }],
  ['cases.reopen', { case: '2026-099', reason: 'more came' }],
  ['cases.list', null],
  ['cases.show', { case: '2026-099' }],
  ['watch.list', null],
  ['watch.check', { kind: 'indicators', text: 'fine\n"open' }],
  ['watch.check', { kind: 'query', text: 'usr:ops' }],
  ['watch.save', { name: 'Hosts', kind: 'indicators', text: 'evil.example' }],
  ['watch.show', { name: 'Hosts' }],
  ['watch.show', { name: 'no such list' }],
  ['watch.run', { name: 'Hosts', anew: true }],
  ['watch.report', { name: 'Hosts', limit: 2 }],
  ['watch.remove', { name: 'Hosts' }],
  ['custody.list', {}],
  ['custody.verify', null],
  ['custody.accept', { reason: 'the backup of yesterday was put back' }],
  ['bundle.verifyOffered', { name: 'law-2231.zip', size: 4, trust: [] }],
  ['import.next', { job: 'job-6', supply: null }],
  ['import.next', { job: 'job-6', supply: { request: 1, bytes: Uint8Array.of(0x50, 0x4b, 3, 4) } }],
  ['bundle.verified', { job: 'job-6' }],
  ['bundle.openOffered', { name: 'law-2231.zip', size: 4, trust: [] }],
  ['bundle.make', { ...BUNDLE, case: '2026-099' }],
  ['bundle.made', { job: 'job-1' }],
  ['bundle.made', { job: 'job-99' }],
  ['bundle.opened', { job: 'job-1' }],
  [
    'bundle.countersignOffered',
    { name: 'a.zip', size: 4, role: 'reviewer', intent: 'read', signer: 'Dora', signedAt: '2026-11-21T10:00:00Z' },
  ],
  ['bundle.timeRequestOffered', { name: 'a.zip', size: 4, statement: null }],
  ['bundle.timeRequested', { job: 'job-10' }],
  ['import.next', { job: 'job-10', supply: null }],
  ['import.next', { job: 'job-10', supply: { request: 1, bytes: Uint8Array.of(0x50, 0x4b, 3, 4) } }],
  ['bundle.timeRequested', { job: 'job-10' }],
  ['bundle.timestampOffered', { name: 'a.zip', size: 4, response: Uint8Array.of(0x30, 0) }],
  ['annotations.export', { case: '2026-099', signer: 'Ana Ferreira', signedAt: '2026-11-21T10:00:00Z' }],
  ['annotations.merge', { text: '{}' }],
  ['annotations.merge', { text: 'no annotation file' }],
  ['retention.show', null],
  ['retention.policies', { source: 'production' }],
  ['retention.preview', { source: 'files', environment: 'production', keeper: 'library', days: 40 }],
  ['retention.set', { source: 'files', environment: 'production', keeper: 'library', days: 40, reason: 'shorter' }],
  [
    'retention.set',
    { source: 'files', environment: 'production', keeper: 'source', days: 9, plan: 'Team', reason: 'its contract' },
  ],
  [
    'retention.set',
    { source: 'files', environment: 'production', keeper: 'library', days: 9, plan: 'Team', reason: 'none of ours' },
  ],
  ['retention.preview', { source: 'files', environment: 'production', keeper: 'library' }],
  ['retention.clear', { source: 'files', environment: 'production', keeper: 'library', reason: 'the audit is over' }],
  ['retention.clear', { source: 'files', environment: 'production', keeper: 'library', reason: 'again' }],
  ['retention.due', { limit: 3 }],
  ['holds.add', { scope: { kind: 'session', session: ID }, reason: 'a letter came' }],
  ['holds.add', { scope: { kind: 'filter', filter: { user: 'ana' } }, reason: 'a letter came' }],
  ['holds.list', { session: ID }],
  ['holds.release', { id: 'H-0001', reason: 'the matter is closed' }],
  ['holds.release', { id: 'H-0001', reason: 'again' }],
  ['retention.sweep', { dryRun: false }],
  ['jobs.wait', { job: SWEEP }],
  ['retention.sweepReport', { job: SWEEP }],
  ['retention.sweepReport', { job: 'job-1' }],
  ['purges.list', { limit: 2 }],
  ['purges.verify', { certificate: '{}', signature: 'none' }],
  ['retention.confirmTime', { reason: 'compared with the clock of the hall' }],
  ['live.actions', { id: ID }],
  ['live.revoke', { id: ID, reason: 'nobody announced it', confirm: 'another' }],
  ['live.revoke', { id: ID, reason: 'nobody announced it', confirm: ID }],
  ['live.reconnect', { id: ID }],
  ['live.follow', { id: ID }],
  ['ready.show', { case: '2026-099' }],
  ['ready.make', { sessions: [ID] }],
  ['ready.receipt', { case: '2026-099' }],
  ['export.text', { fileName: 'purge.json.sig', text: 'signed' }],
  ['settings.set', { key: 'window.zone', value: 'UTC' }],
  ['settings.get', null],
];

const LOCAL: readonly Step[] = [
  ['library.backup', { path: '/tmp/backup' }],
  ['library.restore', { path: '/tmp/backup' }],
  ['import.paths', { paths: ['/tmp/server.cast'] }],
  ['device.import', { path: '/tmp/ci.identity.json' }],
  ['bundle.create', { ...BUNDLE, path: '/tmp/exhibit-1.zip' }],
  [
    'bundle.countersign',
    { path: '/tmp/exhibit-1.zip', out: null, role: 'reviewer', intent: 'read', signer: 'Dora', signedAt: '2026-11-21T10:00:00Z' },
  ],
  ['bundle.timeRequest', { path: '/tmp/exhibit-1.zip', statement: null }],
  ['bundle.timestamp', { path: '/tmp/exhibit-1.zip', out: null, response: Uint8Array.of(0x30, 0) }],
  ['bundle.open', { path: '/tmp/exhibit-1.zip' }],
  ['bundle.verify', { path: '/tmp/exhibit-1.zip', trust: [], authorities: [] }],
];

/** What a call came to: its output, or the failure as people see it. */
async function outcome(api: Api, [name, input]: Step): Promise<unknown> {
  try {
    return await api.call(name, input);
  } catch (error) {
    if (!(error instanceof ExhibitError)) throw error;
    return error.failure;
  }
}

const isFailure = (value: unknown): boolean => typeof value === 'object' && value !== null && 'todo' in value && 'why' in value;

async function tell(api: Api, story: readonly Step[]): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (const step of story) outcomes.push(await outcome(api, step));
  return outcomes;
}

test('the story visits every row, and every row answers in it', async () => {
  const core = openFakeCore();
  const outcomes = await tell(core, [...STORY, ...LOCAL]);
  const answered = [...STORY, ...LOCAL].filter((_step, i) => !isFailure(outcomes[i])).map(([name]) => name);
  expect([...new Set(answered)].toSorted()).toEqual(Object.keys(contract).toSorted());
});

test('the rows that take paths are the local ones', () => {
  const local = (Object.keys(contract) as CallName[]).filter((name) => contract[name].reach === 'local');
  expect(local.toSorted()).toEqual(LOCAL.map(([name]) => name).toSorted());
});

describe.each(TRANSPORTS)('the contract $name', ({ local, connect }) => {
  let connection: Connection;
  let api: Api;

  beforeAll(async () => {
    connection = await connect(() => openFakeCore());
    ({ api } = connection);
  });
  afterAll(() => connection.close());

  test('every row answers as the core does', async () => {
    expect(await tell(api, STORY)).toEqual(await tell(openFakeCore(), STORY));
  });

  test('a row that takes paths of this machine is served to the command line only', async () => {
    const outcomes = await tell(api, LOCAL);
    if (local) {
      const core = openFakeCore();
      await tell(core, STORY);
      expect(outcomes).toEqual(await tell(core, LOCAL));
      expect(outcomes.filter(isFailure)).toEqual([]);
    } else {
      expect(outcomes).toEqual(
        LOCAL.map(([what]) => ({
          kind: 'usage',
          what,
          why: 'paths of this machine are taken from the command line only',
          todo: '',
        })),
      );
    }
  });

  test.each([
    ['a number for a name', 'sessions.show', { id: 7 }, 'id'],
    ['a negative position', 'sessions.events', { id: ID, from: -1 }, 'from'],
    ['an unknown kind of moment', 'replay.window', { id: ID, at: { kind: 'soon' } }, 'at.kind'],
    ['a setting with a path for a key', 'settings.set', { key: '../x', value: '' }, 'key'],
    ['text for bytes', 'import.next', { job: 'job-2', supply: { request: 1, bytes: 'x' } }, 'supply.bytes'],
    ['nothing at all', 'search.run', undefined, ''],
  ])('%s is refused by the name of the call and the place', async (_title, name, input, place) => {
    const failure = (await outcome(api, [name, input] as unknown as Step)) as ExhibitError;
    expect(failure).toMatchObject({ kind: 'usage', what: name });
    expect(failure.why.startsWith(place)).toBe(true);
  });

  test.each(['no.such.call', 'constructor', '__proto__', ''])('a call named %j is refused', async (name) => {
    const failure = (await outcome(api, [name, null] as unknown as Step)) as ExhibitError;
    expect(failure).toMatchObject({ kind: 'usage', what: 'call', why: `there is no call named ${JSON.stringify(name)}` });
  });

  test('an event reaches who listens, until they stop', async () => {
    const heard: unknown[] = [];
    const { promise: first, resolve } = Promise.withResolvers<void>();
    const stop = api.on('library', (value) => {
      heard.push(value);
      resolve();
    });
    const emit = (session: string): Promise<null> =>
      api.call('settings.set', {
        key: 'fake.emit',
        value: JSON.stringify({ name: 'library', value: { sessions: [session] } }),
      });
    await emit('s-0001');
    await first;
    stop();
    await emit('s-0002');
    await api.call('app.info', null);
    expect(heard).toEqual([{ sessions: ['s-0001'] }]);
  });

  test('a failure of the core arrives with its kind, its reason and its way out', async () => {
    await api.call('settings.set', { key: 'fake.fail', value: 'sessions.list disk' });
    expect(await outcome(api, ['sessions.list', { filter: {} }])).toEqual({
      kind: 'disk',
      what: 'sessions.list',
      why: 'the fake was told to fail',
      todo: 'try again',
    });
  });

  test('many calls at once each get their own answer', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `s-${String(i + 1).padStart(4, '0')}`);
    const shown = await Promise.all(ids.map((id) => api.call('sessions.show', { id })));
    expect(shown.map(({ id }) => id)).toEqual(ids);
  });

  test.skipIf(local)('when the connection is cut, calls under way fail and later ones do too', async () => {
    await api.call('settings.set', { key: 'fake.hang', value: 'jobs.list' });
    const underWay = outcome(api, ['jobs.list', null]);
    await connection.cut();
    const lost = { kind: 'bug', why: 'the connection to the core was lost' };
    expect(await underWay).toMatchObject({ ...lost, what: 'jobs.list' });
    expect(await outcome(api, ['app.info', null])).toMatchObject({ ...lost, what: 'app.info' });
  });
});
