// The permission matrix: each right present or absent, online and offline, through the contract and the command line. Every forbidden act is
// refused with the name of what is missing, every allowed one works, and no call of the contract is left out.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GATES } from '../../../../electron/core/gate.ts';
import { ANNOTATE_COMMANDS } from '../../../../electron/shells/cli/annotate-commands.ts';
import { BUNDLE_COMMANDS } from '../../../../electron/shells/cli/bundle-commands.ts';
import { CASE_COMMANDS } from '../../../../electron/shells/cli/case-commands.ts';
import { RIGHTS_COMMANDS } from '../../../../electron/shells/cli/rights-commands.ts';
import { SCREEN_COMMANDS } from '../../../../electron/shells/cli/screen-commands.ts';
import { SEARCH_COMMAND } from '../../../../electron/shells/cli/search-command.ts';
import { SESSION_COMMANDS } from '../../../../electron/shells/cli/session-commands.ts';
import { WATCH_COMMANDS } from '../../../../electron/shells/cli/watch-commands.ts';
import { contract, type Api, type CallName, type Input, type Output } from '../../../../shared/api/contract.ts';
import { exitCode, type ExhibitError } from '../../../../shared/api/errors.ts';
import { RIGHTS, type Right } from '../../../../shared/api/history-shapes.ts';
import { STACKSHIFT_RIGHTS } from '../../../../electron/source/source.ts';
import { ALL_PERMISSIONS } from '../../../engine/stackshift-api.ts';
import { castOf } from '../../../engine/stackshift-sample.ts';
import { startEngine, type Engine } from '../../../engine/start-engine.ts';
import { runCommand, type Ran } from '../../../support/commands.ts';
import { openTestCore, PASSPHRASE, settled, type TestCore } from '../../../support/core.ts';

type Has = Readonly<Record<Right, boolean>>;

/** One source of the matrix: what its token may do, and what stands of it in the library. */
interface Subject {
  readonly source: string;
  readonly has: Has;
  readonly session: string;
  readonly nativeId: string;
  readonly case: string;
  readonly annotation: string;
  readonly watch: string;
  /** A word that stands in its recording alone. */
  readonly word: string;
  readonly certificate: string;
}

const COMMANDS = [
  ...SESSION_COMMANDS,
  ...SCREEN_COMMANDS,
  SEARCH_COMMAND,
  ...CASE_COMMANDS,
  ...ANNOTATE_COMMANDS,
  ...BUNDLE_COMMANDS,
  ...RIGHTS_COMMANDS,
  ...WATCH_COMMANDS,
];

const START = { kind: 'offset', atUs: 0 } as const;
const END = { kind: 'end' } as const;

/** Every set of rights, by name. */
const SETS = RIGHTS.reduce<readonly Has[]>(
  (sets, right) => sets.flatMap((has) => [has, { ...has, [right]: true }]),
  [{ history: false, recording: false, download: false }],
);
const nameOf = (has: Has): string => RIGHTS.filter((right) => has[right]).join(' and ') || 'nothing';
const keyOf = (has: Has): string => `s${RIGHTS.map((right) => (has[right] ? '1' : '0')).join('')}`;

/** The permission that an act lacks first, or null. */
function lacks(has: Has, right: Right): string | null {
  const needed = RIGHTS.slice(0, RIGHTS.indexOf(right) + 1);
  const missing = needed.find((one) => !has[one]);
  return missing === undefined ? null : STACKSHIFT_RIGHTS[missing];
}

/** The time of the source, as of the library of the tests. */
const NOW = Date.UTC(2026, 10, 21);

const AT = Date.UTC(2026, 10, 20, 12);

let engine: Engine;
let core: TestCore;
let api: Api;
let subjects: readonly Subject[];
let folder: string;
let made = 0;

const done = async (job: string): Promise<void> => {
  const { failure } = await api.call('jobs.wait', { job });
  if (failure !== null) throw Object.assign(new Error(failure.why), failure);
};

const REQUEST = {
  plaintext: true,
  redacted: false,
  intent: 'test',
  signer: 'Ana',
  signedAt: '2026-11-21T10:00:00Z',
  supersedes: null,
};

/** A source, its one session with all rights, what people make of it, and then the rights of its own token. */
async function subjectOf(has: Has): Promise<Subject> {
  const source = keyOf(has);
  const all = { name: source, kind: 'stackshift', engine: engine.url, token: 'sspat_all' } as const;
  await api.call('sources.add', all);
  const nativeId = `tsn_${source}`;
  await done((await api.call('sync.start', { source, filter: { userId: `usr_${source}` }, follow: false })).job);
  await settled(api);
  const [found] = (await api.call('sessions.list', { filter: { source } })).sessions;
  const session = found!.id;
  const word = `word${source}`;
  const { id } = await api.call('cases.create', { number: source, title: source });
  await api.call('cases.addExhibits', { case: id, sessions: [session] });
  const annotation = await api.call('annotations.add', {
    session,
    case: id,
    from: END,
    text: `echo ${word}`,
    body: { title: source },
  });
  const watch = `w-${source}`;
  await api.call('watch.save', { name: watch, kind: 'indicators', text: word });
  await settled(api);
  const certificate = (await api.call('frames.certificate', { id: session, at: END })).text;
  await api.call('sources.setToken', { name: source, token: `sspat_${source}` });
  await api.call('rights.check', { source });
  return { source, has, session, nativeId, case: id, annotation: annotation.id, watch, word, certificate };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
  const sessions = SETS.map((has, n) => ({
    record: {
      id: `tsn_${keyOf(has)}`,
      target: `target-${keyOf(has)}`,
      target_kind: 'running_deployment',
      environment: 'production',
      mode: 'running',
      initiator: { id: `usr_${keyOf(has)}` },
      origin: 'cli',
    },
    startedAt: AT + n * 60_000,
    endedAt: AT + n * 60_000 + 30_000,
    cast: castOf(AT + n * 60_000, keyOf(has), [`echo word${keyOf(has)}`, 'whoami']),
  }));
  const tokens = SETS.map((has) => ({
    token: `sspat_${keyOf(has)}`,
    permissions: RIGHTS.filter((right) => has[right]).map((right) => STACKSHIFT_RIGHTS[right] as string),
  }));
  const events = sessions.map(({ record: { id }, startedAt }) => ({
    id: `evt_${id}`,
    type: 'terminal_audit',
    session_id: id,
    at: new Date(startedAt).toISOString(),
    actor: 'usr',
    action: 'session.opened',
    text: `opened ${id}`,
  }));
  const all = { token: 'sspat_all', permissions: ALL_PERMISSIONS };
  engine = await startEngine({ now: () => NOW, stackshift: { sessions, events, tokens: [all, ...tokens] } });
  core = await openTestCore(join(folder, 'library'));
  api = core.api;
  mkdirSync(join(folder, 'out'));
  const ready: Subject[] = [];
  for (const has of SETS) ready.push(await subjectOf(has));
  subjects = ready;
}, 240_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Act {
  readonly call: CallName;
  readonly needs: Right;
  readonly run: (subject: Subject) => Promise<unknown>;
}

const act = <K extends CallName>(call: K, needs: Right, input: (subject: Subject) => Input<K>): Act => ({
  call,
  needs,
  run: (subject) => api.call(call, input(subject)),
});

/** Acts that are refused as a whole. */
const ACTS: readonly Act[] = [
  act('sessions.show', 'history', ({ session: id }) => ({ id })),
  act('sessions.participants', 'history', ({ session: id }) => ({ id })),
  act('sessions.events', 'recording', ({ session: id }) => ({ id, data: true })),
  act('sessions.commands', 'recording', ({ session: id }) => ({ id })),
  act('sessions.hidden', 'recording', ({ session: id }) => ({ id })),
  act('sessions.screen', 'recording', ({ session: id }) => ({ id, at: END })),
  act('sessions.still', 'download', ({ session: id }) => ({ id, at: END, format: 'svg' })),
  act('frames.certificate', 'download', ({ session: id }) => ({ id, at: END })),
  act('frames.check', 'recording', ({ session, certificate }) => ({ id: session, certificate, image: null })),
  act('replay.timeline', 'recording', ({ session: id }) => ({ id })),
  act('replay.activity', 'recording', ({ session: id }) => ({ id, fromUs: 0, toUs: 1_000_000, buckets: 4 })),
  act('replay.window', 'recording', ({ session: id }) => ({ id, at: END })),
  act('replay.events', 'recording', ({ session: id }) => ({ id, from: 0, maxBytes: 4096 })),
  act('replay.viewed', 'recording', ({ session: id }) => ({ id, ranges: [{ fromUs: 0, toUs: 1000, speed: 1 }] })),
  act('search.run', 'recording', ({ session, word }) => ({ query: word, sessionId: session })),
  ...(['text', 'json', 'asciicast-v2', 'asciicast-v3', 'html'] as const).map((format) =>
    act('export.open', 'download', ({ session: id }) => ({ id, format })),
  ),
  {
    call: 'cases.addExhibits',
    needs: 'history',
    run: async ({ session }) => {
      const { id } = await api.call('cases.create', { number: `added-${String(++made)}`, title: 'added' });
      await api.call('cases.addExhibits', { case: id, sessions: [session] });
    },
  },
  act('cases.addExhibits', 'recording', ({ case: id, session }) => ({
    case: id,
    sessions: [session],
    range: { from: START, to: { kind: 'offset', atUs: ++made * 1000 } },
  })),
  act('annotations.add', 'recording', ({ session }) => ({ session, from: END, text: 'whoami', body: { title: 'seen' } })),
  act('redactions.add', 'history', ({ session, case: id }) => ({ case: id, session, rule: { kind: 'secrets' }, reason: 'test' })),
  act('coverage.show', 'history', ({ session }) => ({ session })),
  act('coverage.mark', 'recording', ({ session }) => ({ session, note: '', partly: true })),
  act('annotations.export', 'download', ({ case: id }) => ({ case: id, signer: 'Ana', signedAt: REQUEST.signedAt })),
  {
    call: 'bundle.make',
    needs: 'download',
    run: async ({ case: id }) => done((await api.call('bundle.make', { ...REQUEST, case: id })).job),
  },
  {
    call: 'bundle.create',
    needs: 'download',
    run: async ({ case: id }) =>
      done((await api.call('bundle.create', { ...REQUEST, case: id, path: join(folder, 'out', `${String(++made)}.zip`) })).job),
  },
  act('history.show', 'history', ({ session: id }) => ({ id })),
  act('history.events', 'history', ({ session }) => ({ id: session })),
];

async function textOf(ticket: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await api.call('export.read', { ticket });
    if (bytes === null) return Buffer.concat(pieces).toString();
    pieces.push(bytes);
  }
}

interface Look {
  readonly call: CallName;
  readonly needs: Right;
  /** Whether something of what needs the right was seen. */
  readonly sees: (subject: Subject) => Promise<boolean>;
}

const look = <K extends CallName>(
  call: K,
  needs: Right,
  input: (subject: Subject) => Input<K>,
  sees: (output: Output<K>, subject: Subject) => boolean,
): Look => ({
  call,
  needs,
  sees: async (subject) => sees(await api.call(call, input(subject)), subject),
});

/** Acts that leave out what may not be seen. */
const LOOKS: readonly Look[] = [
  look(
    'sessions.list',
    'history',
    () => ({ filter: {} }),
    ({ sessions }, { session }) => sessions.some(({ id }) => id === session),
  ),
  look(
    'sessions.list',
    'recording',
    ({ source }) => ({ filter: { source } }),
    ({ sessions }) => sessions.some(({ lock }) => lock.code !== 'forbidden'),
  ),
  look(
    'search.run',
    'recording',
    ({ word }) => ({ query: word }),
    ({ total }) => total > 0,
  ),
  look(
    'search.run',
    'recording',
    ({ word }) => ({ query: word, in: ['typed'] }),
    ({ total }) => total > 0,
  ),
  look(
    'search.run',
    'recording',
    ({ source }) => ({ query: source, in: ['note'] }),
    ({ total }) => total > 0,
  ),
  look(
    'search.run',
    'history',
    ({ word }) => ({ query: word }),
    ({ notSearched, hits }, { session }) =>
      [...notSearched.map(({ id }) => id), ...hits.map(({ sessionId }) => sessionId)].includes(session),
  ),
  look(
    'search.assist',
    'history',
    ({ source }) => ({ query: `source:${source}`, cursor: `source:${source}`.length }),
    ({ completion }, { source }) => JSON.stringify(completion.choices).includes(`"${source}`),
  ),
  look(
    'watch.report',
    'recording',
    ({ watch }) => ({ name: watch }),
    ({ findings }, { word }) => JSON.stringify(findings).includes(word),
  ),
  look(
    'watch.list',
    'recording',
    () => null,
    (lists, { watch }) => lists.some(({ name, hits }) => name === watch && hits > 0),
  ),
  look(
    'annotations.list',
    'recording',
    ({ session }) => ({ session }),
    ({ annotations }) => annotations.some(({ anchor }) => anchor.text !== null),
  ),
  look(
    'annotations.list',
    'recording',
    ({ word }) => ({ text: `echo ${word}` }),
    ({ total }) => total > 0,
  ),
  look(
    'annotations.change',
    'recording',
    ({ annotation }) => ({ id: annotation, change: { note: String(++made) }, reason: 'test' }),
    ({ anchor }) => anchor.text !== null,
  ),
  look(
    'annotations.check',
    'recording',
    ({ case: id }) => ({ filter: { case: id } }),
    (checks) => checks.some(({ verdict }) => verdict === 'match'),
  ),
  look(
    'history.list',
    'history',
    () => ({ filter: {} }),
    ({ rows }, { nativeId }) => rows.some((row) => row.nativeId === nativeId),
  ),
  look(
    'history.facets',
    'history',
    () => ({ filter: {}, fields: ['target'] }),
    (facets, { source }) => JSON.stringify(facets).includes(`"target-${source}"`),
  ),
  {
    call: 'history.export',
    needs: 'history',
    sees: async ({ nativeId }) =>
      (await textOf((await api.call('history.export', { format: 'csv', filter: {} })).ticket)).includes(nativeId),
  },
  look(
    'ready.show',
    'recording',
    ({ session }) => ({ sessions: [session] }),
    ({ sessions }) => sessions.some(({ permission }) => permission.ready),
  ),
  look(
    'coverage.show',
    'history',
    ({ case: id }) => ({ case: id }),
    (rows) => rows.length > 0,
  ),
];

async function refusalOf(work: Promise<unknown>): Promise<ExhibitError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error as ExhibitError;
  }
}

/** The same on the command line: the words, what they need, and whether they are refused as a whole. */
const WORDS: readonly (readonly [needs: Right, words: (subject: Subject) => readonly string[]])[] = [
  ['history', ({ session }) => ['sessions', 'show', session]],
  ['history', ({ session }) => ['sessions', 'participants', session]],
  ['recording', ({ session }) => ['sessions', 'events', session]],
  ['recording', ({ session }) => ['sessions', 'commands', session]],
  ['recording', ({ session }) => ['sessions', 'hidden', session]],
  ['recording', ({ session }) => ['sessions', 'screen', session, '--at', '1']],
  ['download', ({ session }) => ['sessions', 'screen', session, '--at', '1', '--format', 'svg']],
  ['download', ({ session }) => ['sessions', 'export', session, '--format', 'text']],
  ['download', ({ session }) => ['sessions', 'export', session, '--format', 'json']],
  ['recording', ({ session, word }) => ['search', word, '--session', session]],
  [
    'download',
    ({ source }) => [
      'bundle',
      'create',
      '--case',
      source,
      '--out',
      join(folder, 'out', `${String(++made)}.zip`),
      '--signer',
      'Ana',
    ],
  ],
];

let isOffline = false;

/** Ends the source, and starts the program anew. */
async function offline(): Promise<void> {
  if (isOffline) return;
  isOffline = true;
  await engine.close();
  await core.close();
  core = await openTestCore(join(folder, 'library'), { create: false });
  api = core.api;
  await api.call('vault.unlock', { passphrase: PASSPHRASE });
  await settled(api);
}

/** All acts of one subject: what was refused and should not have been, or the other way round. */
async function wrongOf(subject: Subject): Promise<string[]> {
  const wrong: string[] = [];
  const { has } = subject;
  for (const { call, needs, run } of ACTS) {
    const missing = lacks(has, needs);
    const refusal = await refusalOf(run(subject));
    if (missing === null ? refusal !== null : refusal?.kind !== 'permission' || !refusal.why.includes(missing))
      wrong.push(`${call}: ${refusal === null ? 'allowed' : `${refusal.kind}: ${refusal.message}`}`);
  }
  for (const { call, needs, sees } of LOOKS) {
    const seen = await sees(subject);
    if (seen !== (lacks(has, needs) === null)) wrong.push(`${call} (${needs}): ${seen ? 'seen' : 'not seen'}`);
  }
  return wrong;
}

const ranOf = (words: readonly string[]): Promise<Ran> => runCommand(core, COMMANDS, words);

async function wrongOnCommandLine(subject: Subject): Promise<string[]> {
  const wrong: string[] = [];
  for (const [needs, words] of WORDS) {
    const said = words(subject);
    const missing = lacks(subject.has, needs);
    const failure = (await ranOf(said)).failure as ExhibitError | null;
    const isRefused = failure?.kind === 'permission' && failure.message.includes(missing ?? '?') && exitCode(failure.kind) === 1;
    if (missing === null ? failure !== null : !isRefused) wrong.push(`${said.join(' ')}: ${failure?.message ?? 'allowed'}`);
  }
  const { err, out } = await ranOf(['sessions', 'list', '-o', 'json']);
  const missing = lacks(subject.has, 'history');
  const note = `source ${subject.source} lets none of its sessions be seen: ${missing ?? '?'} is missing`;
  if (out.includes(subject.session) === (missing !== null) || err.includes(note) !== (missing !== null))
    wrong.push('sessions list');
  const found = await ranOf(['search', subject.word, '-o', 'json']);
  const seen = (JSON.parse(found.out) as { total: number }).total > 0;
  if (seen !== (lacks(subject.has, 'recording') === null)) wrong.push('search');
  return wrong;
}

const NAMED = SETS.map((has) => [nameOf(has), keyOf(has)] as const);
const subject = (key: string): Subject => subjects.find(({ source }) => source === key)!;

test.each(NAMED)('with %s, while the source answers, which nobody asks', async (_name, key) => {
  const asked = engine.requests.length;
  expect(await wrongOf(subject(key))).toEqual([]);
  expect(await wrongOnCommandLine(subject(key))).toEqual([]);
  expect(engine.requests.length).toBe(asked);
});

test.each(NAMED)('with %s, when the program was started anew and there is no network', async (_name, key) => {
  await offline();
  expect(await wrongOf(subject(key))).toEqual([]);
  expect(await wrongOnCommandLine(subject(key))).toEqual([]);
});

test('a source that does not answer, and a token that has ended, change nothing', async () => {
  await offline();
  const before = await api.call('rights.list', null);
  await expect(api.call('rights.check', { source: 's100' })).rejects.toMatchObject({ kind: 'network' });
  expect(await api.call('rights.list', null)).toEqual(before);
  expect(before.map(({ source, rights }) => [source, ...rights.map(({ allowed }) => allowed)])).toEqual(
    expect.arrayContaining(SETS.map((has) => [keyOf(has), ...RIGHTS.map((right) => (has[right] ? 'yes' : 'no'))])) as string[][],
  );
});

/** Calls that are asked inside, and where that is tested. */
const ELSEWHERE: Partial<Record<CallName, string>> = {
  'sources.add': 'rights.test.ts',
  'sources.addFromRstream': 'rights.test.ts: the same function as sources.add',
  'sync.start': 'rights.test.ts',
  'groups.list': 'rights.test.ts',
  'groups.show': 'rights.test.ts',
  'export.openSessions': 'rights.test.ts',
  'export.openGroup': 'rights.test.ts',
  'export.read': 'rights.test.ts',
  'annotations.merge': 'rights.test.ts',
  'annotations.retract': 'here: the same function as annotations.change',
  'watch.show': 'here: the same function as watch.list',
  'watch.save': 'here: the same function as watch.list',
  'watch.run': 'here: watch.report',
  'history.match': 'here: the same function as history.show',
  'retention.due': 'retention.test.ts',
  'retention.sweepReport': 'retention.test.ts',
  'live.actions': 'live.test.ts',
  'live.revoke': 'live.test.ts',
  'live.reconnect': 'live.test.ts',
  'live.follow': 'live.test.ts',
  'ready.make': 'ready.test.ts',
  'ready.receipt': 'ready.test.ts',
};

test('each call of the contract has its right, and each that needs one is tried', () => {
  expect(Object.keys(GATES).toSorted()).toEqual(Object.keys(contract).toSorted());
  const tried = new Set<string>([...ACTS, ...LOOKS].map(({ call }) => call));
  const needing = (Object.keys(GATES) as CallName[]).filter((call) => GATES[call].right !== null);
  expect(needing.filter((call) => !tried.has(call) && ELSEWHERE[call] === undefined)).toEqual([]);
  expect([...tried].filter((call) => GATES[call as CallName].right === null)).toEqual([]);
});

test('the documentation says the same of each call', () => {
  const text = readFileSync(new URL('../../../../docs/permissions.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z]+\.[A-Za-z]+)` *\| (.*?) *\| (.*?) *\|$/gm)].map(([, ...cells]) => cells);
  const said = Object.entries(GATES).map(([name, { right, says }]) => {
    const needs = right === null ? 'none' : right === 'inside' ? 'asked inside' : `\`${right}\``;
    return [name, needs, says];
  });
  expect(rows).toEqual(said);
});
