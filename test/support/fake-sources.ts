// The fake core's sources and synchronisations: two engines, one in order and one with a token that has ended, and runs that take a
// second and bring sessions, growth and failures.

import type { EventName, EventValue, Input, Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Job, Session, SyncProgress } from '../../shared/api/shapes.ts';
import type { Source, SyncReport, SyncedSession } from '../../shared/api/source-shapes.ts';

const NOW = '2026-11-21T10:00:00Z';
const STEPS = 12;
/** Between two steps of a run, in milliseconds. */
const PACE = 80;
/** A run that is held stands here. */
const HELD = 7;

export const FAKE_SOURCES: readonly Source[] = [
  {
    name: 'production',
    kind: 'rstream',
    engine: 'https://edge-7f3a.eu.rstream.example:443',
    apiUrl: 'https://rstream.example',
    paths: {},
    addedAt: '2026-09-02T08:11:40Z',
    token: { present: true, expiresAt: '2027-03-01T00:00:00Z' },
    sessions: 48,
    lastSync: { at: '2026-11-20T18:04:11Z', outcome: 'partial', sessions: 47, events: 18_211, failed: 1, failure: null },
  },
  {
    name: 'staging',
    kind: 'rstream',
    engine: 'https://edge-1c90.eu.rstream.example:443',
    apiUrl: null,
    paths: {},
    addedAt: '2026-10-19T14:30:02Z',
    token: { present: true, expiresAt: '2026-11-01T00:00:00Z' },
    sessions: 12,
    lastSync: {
      at: '2026-11-02T07:00:19Z',
      outcome: 'failed',
      sessions: 0,
      events: 0,
      failed: 0,
      failure: {
        kind: 'permission',
        what: 'list of sessions of staging',
        why: 'the engine answered 401: the token has expired',
        todo: 'get a new one; `exhibit sources set-token` gives it to the source',
      },
    },
  },
];

export interface FakeSourcesDeps {
  readonly emit: <E extends EventName>(name: E, value: EventValue<E>) => void;
  readonly setJob: (job: Job) => Job;
  readonly findJob: (id: string) => Job;
  readonly newJob: () => string;
  /** Sessions that a run finds, as the library has them. */
  readonly sessions: () => readonly Session[];
  /** Runs stand still in their middle until they are waited for or cancelled. */
  readonly held: boolean;
  readonly first: readonly Source[];
}

type Row =
  | 'sources.list'
  | 'sources.add'
  | 'sources.addFromRstream'
  | 'sources.remove'
  | 'sources.setToken'
  | 'sources.test'
  | 'sources.workspaces'
  | 'sync.start'
  | 'sync.report';

export interface FakeSources {
  readonly handlers: { readonly [K in Row]: (input: Input<K>) => Output<K> };
  /** Ends a run at once, for who waits for it. */
  readonly finish: (id: string) => void;
}

const CAPABILITIES = {
  managed_protocol: true,
  store_configured: true,
  session_listing: true,
  recording: true,
  replay: true,
  live_attach: true,
  control_transfer: true,
  e2e: true,
  implemented_transports: ['plain', 'websocket'],
  required_permissions: {
    sessions_read: ['webtty.sessions.read-only', 'webtty.logs.read-only'],
    logs_read: ['webtty.logs.read-only'],
  },
};

const unknownToken = (what: string): ExhibitError =>
  new ExhibitError('permission', what, 'the engine answered 401: it does not know the token', 'check the token');

function testOf({ kind, engine, token, paths }: Source): Output<'sources.test'> {
  if (token.expiresAt !== null && token.expiresAt < NOW)
    throw new ExhibitError(
      'permission',
      'test of the source',
      'the engine answered 401: the token has expired',
      'get a new token',
    );
  if (kind === 'stackshift') return stackShiftTest(engine, paths);
  return {
    engine,
    clockOffsetMs: -4_210,
    identity: { id: 'usr_4f20', name: 'Ana Duarte', role: 'auditor' },
    abilities: [
      {
        operation: 'sessions_read',
        needs: ['webtty.sessions.read-only', 'webtty.logs.read-only'],
        allowed: 'yes',
        why: 'the list of sessions was read',
      },
      { operation: 'logs_read', needs: ['webtty.logs.read-only'], allowed: 'yes', why: 'the events of one session were read' },
      { operation: 'key_grants_read', needs: [], allowed: 'unknown', why: 'no encrypted session is there to try it with' },
      { operation: 'groups_read', needs: ['webtty.sessions.read-only'], allowed: 'no', why: 'the engine answered 403' },
    ],
    capabilities: JSON.stringify(CAPABILITIES),
    paths: null,
  };
}

/** What a StackShift source answers: a token that may not see the policy, and a path that is not there. */
function stackShiftTest(engine: string, own: Source['paths']): Output<'sources.test'> {
  const usual = '/api/v1/terminal/sessions';
  const path = (name: string, rest: string, tried: 'yes' | 'no' | 'failed', answer: string): PathTest => ({
    name,
    path: own[name] ?? `${usual}${rest}`,
    own: name in own,
    tried,
    answer,
  });
  const ability = (operation: string, right: string, allowed: 'yes' | 'no', why: string): Ability => ({
    operation,
    needs: [right],
    allowed,
    why,
  });
  return {
    engine,
    clockOffsetMs: 310,
    identity: null,
    abilities: [
      ability('read the history', 'terminal.view_history', 'yes', 'the token has terminal.view_history'),
      ability('read recordings', 'terminal.view_recording', 'yes', 'the token has terminal.view_recording'),
      ability('hand out recordings', 'terminal.download_recording', 'no', 'the token has no terminal.download_recording'),
    ],
    capabilities: JSON.stringify({ permissions: ['terminal.view_history', 'terminal.view_recording'], policy: null }),
    paths: [
      path('sessions', '', 'yes', '20 sessions on a first page'),
      path('recording', '/{id}/recording', 'failed', 'there is no such thing at the source (status 404)'),
      path('revoke', '/{id}/revoke', 'no', 'trying it would change something at the source'),
    ],
  };
}

type Ability = Output<'sources.test'>['abilities'][number];
type PathTest = NonNullable<Output<'sources.test'>['paths']>[number];

function reportOf(names: readonly string[], sessions: readonly Session[], cancelled: boolean): SyncReport {
  const rows = names.flatMap((name) =>
    sessions.slice(0, 9).map(({ id, events }, i): SyncedSession => {
      const base = {
        source: name,
        nativeId: `wts_${name.slice(0, 4)}_${String(7031 + i * 17)}`,
        id,
        discrepancies: 0,
        failure: null,
      };
      if (cancelled && i > 4) return { ...base, id: null, outcome: 'cancelled', events: 0 };
      if (i === 3)
        return {
          ...base,
          id: null,
          outcome: 'failed',
          events: 0,
          failure: {
            kind: 'network',
            what: `session ${base.nativeId}`,
            why: 'page 4 of its events was cut off three times',
            todo: 'synchronise again: it goes on from there',
          },
        };
      if (i < 2) return { ...base, outcome: 'new', events, discrepancies: i };
      return i === 2 ? { ...base, outcome: 'grown', events: 41 } : { ...base, outcome: 'unchanged', events: 0 };
    }),
  );
  const failed = rows.some(({ outcome }) => outcome === 'failed');
  const outcome = cancelled ? 'cancelled' : failed ? 'partial' : 'done';
  return { sources: names.map((name) => ({ name, outcome, failure: null })), sessions: rows };
}

function progressAt(step: number, total: number): SyncProgress {
  const sessions = Math.floor((total * step) / STEPS);
  return {
    sessions,
    sessionsTotal: step === 0 ? null : total,
    events: step * 1571,
    bytes: step * 412_330,
    bytesPerSecond: step === 0 || step === STEPS ? 0 : 3_904_112,
    remainingMs: step < 2 || step === STEPS ? null : (STEPS - step) * 9_400,
    following: step > 3 && step < STEPS ? 2 : 0,
    failed: step > 5 ? 1 : 0,
  };
}

/** Sessions that a run goes through. */
const LISTED = 47;

export function fakeSources({ emit, setJob, findJob, newJob, sessions, held, first }: FakeSourcesDeps): FakeSources {
  const sources = new Map(first.map((source) => [source.name, source]));
  const runs = new Map<string, { readonly names: readonly string[]; step: number }>();
  const find = (name: string): Source => {
    const found = sources.get(name);
    if (found === undefined) throw new ExhibitError('not-found', `source ${name}`, 'there is none of that name');
    return found;
  };
  const add = (source: Source): Source => {
    if (sources.has(source.name))
      throw new ExhibitError('refused', 'add source', `there is a source ${source.name} already`, 'choose another name');
    sources.set(source.name, source);
    emit('sources', {});
    return source;
  };
  const fresh = { kind: 'rstream', paths: {}, addedAt: NOW, sessions: 0, lastSync: null } as const;

  const show = (id: string, step: number): void => {
    const run = runs.get(id)!;
    run.step = step;
    const sync = progressAt(step, LISTED * run.names.length);
    const session = sessions()[step];
    setJob({
      ...findJob(id),
      state: step === STEPS ? 'done' : 'running',
      done: sync.sessions,
      total: sync.sessionsTotal,
      detail: step === 0 ? 'listing sessions' : step === STEPS ? '' : (session?.title ?? ''),
      sync,
    });
    if (step < STEPS) return;
    for (const name of run.names) {
      const source = sources.get(name);
      if (source === undefined) continue;
      const outcome = { at: NOW, outcome: 'partial', sessions: LISTED, events: sync.events, failed: 1, failure: null } as const;
      sources.set(name, { ...source, sessions: Math.max(source.sessions, LISTED), lastSync: outcome });
    }
    emit('sources', {});
    emit('library', { sessions: [] });
  };
  const go = (id: string): void => {
    const run = runs.get(id)!;
    if (findJob(id).state !== 'running' || run.step >= STEPS || (held && run.step >= HELD)) return;
    show(id, run.step + 1);
    setTimeout(() => go(id), PACE).unref();
  };

  return {
    handlers: {
      'sources.list': () => [...sources.values()],
      'sources.add': ({ name, kind, engine, apiUrl, paths = {}, token }) => {
        if (token === 'wrong') throw unknownToken('add source');
        const address = /^https?:\/\//.test(engine) ? engine : `https://${engine}`;
        return add({
          ...fresh,
          name,
          kind,
          engine: address,
          apiUrl: apiUrl ?? null,
          paths,
          token: { present: true, expiresAt: null },
        });
      },
      'sources.addFromRstream': ({ name, context }) => {
        if (context === 'none')
          throw new ExhibitError('not-found', 'rstream configuration', 'there is no context "none"', 'name one of its contexts');
        const engine = 'https://edge-7f3a.eu.rstream.example:443';
        return add({ ...fresh, name, engine, apiUrl: null, token: { present: true, expiresAt: '2026-11-23T12:00:00Z' } });
      },
      'sources.remove': ({ name }) => {
        find(name);
        sources.delete(name);
        emit('sources', {});
        return null;
      },
      'sources.setToken': ({ name, token }) => {
        if (token === 'wrong') throw unknownToken(`set token of source ${name}`);
        const source = { ...find(name), token: { present: true, expiresAt: null } };
        sources.set(name, source);
        emit('sources', {});
        return source;
      },
      'sources.test': ({ name }) => testOf(find(name)),
      'sources.workspaces': ({ name }) => {
        const { apiUrl } = find(name);
        if (apiUrl === null)
          throw new ExhibitError(
            'usage',
            'list workspaces',
            'the source has no address of a control plane',
            'add the source again with --api-url and a token',
          );
        return [
          { id: 'ws_2f81c0d4', name: 'Harbour Operations', type: 'enterprise' },
          { id: 'ws_77e0a1b3', name: 'Ana Duarte', type: 'personal' },
        ];
      },
      'sync.start': ({ source }) => {
        const names = source === undefined ? [...sources.keys()] : [find(source).name];
        if (names.length === 0) throw new ExhibitError('usage', 'synchronise', 'there is no source', 'add one first');
        const id = newJob();
        runs.set(id, { names, step: 0 });
        setJob({
          id,
          kind: 'sync',
          title: names.length === 1 ? `synchronise ${names[0]!}` : 'synchronise every source',
          state: 'running',
          done: 0,
          total: null,
          unit: 'sessions',
          detail: '',
          startedAt: NOW,
          failure: null,
          sync: progressAt(0, LISTED),
        });
        setTimeout(() => go(id), PACE).unref();
        return { job: id };
      },
      'sync.report': ({ job }) => {
        const { state } = findJob(job);
        return reportOf(runs.get(job)?.names ?? [], sessions(), state === 'cancelled');
      },
    },
    finish: (id) => {
      if (runs.has(id) && findJob(id).state === 'running') show(id, STEPS);
    },
  };
}
