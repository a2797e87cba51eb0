// Calls about synchronisation: a job that reads sources into the library, tells how far it is, and what came of each session. The
// locks of what came are found out as it goes on; the index is made when the reading is over.

import { setTimeout as sleep } from 'node:timers/promises';
import { some } from '../../shared/api/counts.ts';
import { ExhibitError, asExhibitError, type Failure } from '../../shared/api/errors.ts';
import type { Input } from '../../shared/api/contract.ts';
import type { SyncProgress } from '../../shared/api/shapes.ts';
import type { Source, SyncedSession, SyncReport } from '../../shared/api/source-shapes.ts';
import { syncSource, syncStackShift, type SyncChange, type SyncResult } from '../acquisition/acquisition.ts';
import { openPacker } from '../library/library.ts';
import { recipientsOf } from '../vault/vault.ts';
import type { HistoryFilter } from '../source/source.ts';
import type { Desk, Handlers } from './desk.ts';
import type { JobContext } from './jobs.ts';
import { recheckRights } from './rights-ask.ts';
import { sourceAccess } from './source-access.ts';
import { tellPolicy } from './source-policy.ts';

type Calls = 'sync.start' | 'sync.report';
type Request = Input<'sync.start'>;
type Outcome = NonNullable<Source['lastSync']>;

/** Milliseconds in which sessions that came are gathered before their locks are looked at together. */
const GATHER_MS = 1000;

type Sums = { -readonly [name in Exclude<keyof SyncChange, 'total'>]-?: number };

/** What all sources of one job add up to. */
class Progress {
  readonly #context: JobContext;
  readonly #monotonic: () => number;
  readonly #started: number;
  readonly #sums: Sums = { sessions: 0, events: 0, bytes: 0, following: 0, failed: 0 };
  #sources: number;
  #total = 0;

  constructor(context: JobContext, monotonic: () => number, sources: number) {
    this.#context = context;
    this.#monotonic = monotonic;
    this.#started = monotonic();
    this.#sources = sources;
  }

  /** All listed sessions were read as far as they had come; what is left is following. */
  get isCaughtUp(): boolean {
    return this.#sources === 0 && this.#sums.sessions === this.#total;
  }

  add({ total, ...sums }: SyncChange): void {
    if (total !== undefined) {
      this.#total += total;
      this.#sources -= 1;
    }
    for (const [name, value] of Object.entries(sums)) this.#sums[name as keyof Sums] += value;
    const { sessions, bytes } = this.#sums;
    const known = this.#sources > 0 ? null : this.#total;
    const elapsed = Math.max(1, this.#monotonic() - this.#started);
    const sync: SyncProgress = {
      ...this.#sums,
      sessionsTotal: known,
      bytesPerSecond: Math.round((bytes * 1000) / elapsed),
      remainingMs: known === null || sessions === 0 ? null : Math.round((elapsed / sessions) * (known - sessions)),
    };
    const { events, following } = this.#sums;
    const detail = `${some(events, 'event')}, ${(sync.bytesPerSecond / 1e6).toFixed(1)} MB/s`;
    this.#context.progress({
      done: sessions,
      total: known,
      detail: following === 0 ? detail : `${detail}, following ${String(following)}`,
      sync,
    });
  }
}

/** Sessions that came: their locks are found out a few at a time, and the page hears of them. */
class Arrivals {
  readonly #desk: Desk;
  readonly #progress: Progress;
  #ids = new Set<string>();
  #work: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isAny = false;

  constructor(desk: Desk, progress: Progress) {
    this.#desk = desk;
    this.#progress = progress;
  }

  add(id: string): void {
    this.#ids.add(id);
    this.#isAny = true;
    this.#timer ??= setTimeout(() => {
      // A fault is met by whoever waits for all of it.
      this.#flush().catch(() => undefined);
    }, GATHER_MS);
  }

  /** Resolves when all that came was looked at. */
  async settle(): Promise<void> {
    await this.#flush();
    this.#desk.indexer().enqueue();
    if (!this.#isAny) return;
    // What a source tells of a session may have changed, and its index not.
    this.#desk.watcher().outdate();
    this.#desk.watcher().wake(false);
  }

  #flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const ids = [...this.#ids];
    this.#ids = new Set();
    if (ids.length === 0) return this.#work;
    this.#desk.emit('library', { sessions: ids });
    this.#work = this.#work.then(() => this.#look(ids));
    return this.#work;
  }

  async #look(ids: readonly string[]): Promise<void> {
    const { sessions, synced } = this.#desk.library();
    const rows = ids.flatMap((id) => {
      const row = sessions.find(id);
      return row === null || row === 'ambiguous' ? [] : [row];
    });
    await this.#desk.keys().evaluateLocks(rows.map(({ key }) => key));
    if (!this.#progress.isCaughtUp) return;
    // Those that are indexed already came twice in one run.
    const over = rows.filter(({ acquisition, indexState }) => indexState === 'waiting' && !synced.state(acquisition).growing);
    if (over.length > 0) this.#desk.indexer().enqueue(over.map(({ key }) => key));
  }
}

const CANCELLED: Failure = new ExhibitError(
  'cancelled',
  'synchronise',
  'it was ended',
  'synchronise again: it goes on where it stood',
).failure;

/** What the source does not give at all, as one failure. */
function lacking(lacks: readonly Failure[]): Failure | null {
  const [first, ...others] = lacks;
  if (first === undefined) return null;
  return { ...first, why: [first.why, ...others.map(({ what, why }) => `${what}: ${why}`)].join('; ') };
}

/** The terms of a filter that StackShift's interface takes. Throws kind `usage` for others. */
function historyFilterOf(
  source: string,
  { serverId, groupId, userId, ...filter }: NonNullable<Request['filter']>,
): HistoryFilter {
  if (serverId !== undefined || groupId !== undefined)
    throw new ExhibitError(
      'usage',
      `synchronise ${source}`,
      'StackShift knows no servers and no groups of sessions',
      'choose by status, origin, user or time',
    );
  return userId === undefined ? filter : { ...filter, initiator: userId };
}

function outcomeOf({ sessions, failure, lacks }: SyncResult, at: string): Outcome {
  const failed = sessions.filter((session) => session.failure !== null && session.outcome !== 'cancelled').length;
  const isPartial = failed > 0 || lacks.length > 0;
  const outcome = failure === null ? (isPartial ? 'partial' : 'done') : failure.kind === 'cancelled' ? 'cancelled' : 'failed';
  return {
    at,
    outcome,
    sessions: sessions.length,
    events: sessions.reduce((sum, { events }) => sum + events, 0),
    failed,
    failure: failure ?? lacking(lacks),
  };
}

export function syncCalls(desk: Desk, sources = sourceAccess(desk)): Handlers<Calls> {
  const { jobs, library, custodian, home, environment, now } = desk;
  const reports = new Map<string, SyncReport>();
  const busy = new Set<string>();

  const syncOne = async (
    name: string,
    { filter = {}, only, follow = true, recheck = false }: Request,
    { signal }: JobContext,
    progress: Progress,
    arrivals: Arrivals,
  ): Promise<SyncResult> => {
    const source = await sources.open(name);
    try {
      const historyFilter = source.kind === 'rstream' ? {} : historyFilterOf(name, filter);
      await recheckRights(desk, source, signal);
      const deps = {
        library: library(),
        source: name,
        only,
        follow,
        recheck,
        now,
        actor: desk.actor,
        purpose: desk.purpose(),
        signal,
        sleep: async (ms: number, ended: AbortSignal) => sleep(ms, undefined, { signal: ended }),
        progress: (change: SyncChange) => progress.add(change),
        changed: (id: string) => arrivals.add(id),
      };
      if (source.kind === 'rstream') {
        const local = await custodian.vault.localKeys(home, environment);
        const packer = openPacker(desk.packWorker);
        try {
          return await syncSource({
            ...deps,
            client: source.client,
            packer,
            filter,
            recipients: (workspace) => recipientsOf(local, workspace),
          });
        } finally {
          await packer.close();
        }
      }
      const days = await tellPolicy(desk, name, source.client, signal);
      return await syncStackShift({ ...deps, client: source.client, filter: historyFilter, days });
    } finally {
      source.client.close();
    }
  };

  const run = async (names: readonly string[], request: Request, context: JobContext, report: Report): Promise<void> => {
    const progress = new Progress(context, desk.monotonic, names.length);
    const arrivals = new Arrivals(desk, progress);
    const failures: Failure[] = [];
    try {
      const each = names.map(async (name) => {
        let result: SyncResult;
        try {
          result = await syncOne(name, request, context, progress, arrivals);
        } catch (error) {
          const failure = context.signal.aborted ? CANCELLED : asExhibitError(error, `synchronise ${name}`).failure;
          result = { sessions: [], failure, lacks: [] };
        }
        const outcome = outcomeOf(result, now());
        library().sources.setLastSync(name, JSON.stringify(outcome));
        report.sources.push({ name, outcome: outcome.outcome, failure: result.failure ?? lacking(result.lacks) });
        report.sessions.push(...result.sessions);
        if (result.failure !== null) failures.push(result.failure);
      });
      await Promise.all(each);
      await arrivals.settle();
    } finally {
      for (const name of names) busy.delete(name);
      desk.emit('sources', {});
    }
    const [failure] = failures;
    if (failure !== undefined) throw new ExhibitError(failure.kind, failure.what, failure.why, failure.todo);
  };

  return {
    'sync.start': (request) => {
      const { source } = request;
      const known = library().sources;
      const names = source === undefined ? sources.names() : [known.find(source)?.name ?? source];
      if (source !== undefined && known.find(source) === null)
        throw new ExhibitError('not-found', `source ${source}`, 'there is no such source', '`exhibit sources list` shows them');
      if (source === undefined && request.only !== undefined)
        throw new ExhibitError('usage', 'synchronise', 'sessions are named without their source', 'name the source as well');
      if (names.length === 0)
        throw new ExhibitError('not-found', 'synchronise', 'there is no source yet', 'add one with `exhibit sources add`');
      const taken = names.find((name) => busy.has(name));
      if (taken !== undefined)
        throw new ExhibitError(
          'in-use',
          `synchronise ${taken}`,
          'it is being synchronised already',
          'wait for that, or cancel it',
        );
      for (const name of names) busy.add(name);
      const report: Report = { sources: [], sessions: [] };
      const job = jobs.start({
        kind: 'sync',
        title: source === undefined ? 'synchronise' : `synchronise ${names[0]!}`,
        unit: 'sessions',
        run: (context) => run(names, request, context, report),
      });
      reports.set(job.id, report);
      return { output: { job: job.id }, subject: null, details: {} };
    },

    'sync.report': ({ job }) => {
      const report = reports.get(job);
      if (report === undefined) throw new ExhibitError('not-found', `synchronisation ${job}`, 'there is no such synchronisation');
      return report;
    },
  };
}

interface Report {
  readonly sources: { name: string; outcome: Outcome['outcome']; failure: Failure | null }[];
  readonly sessions: SyncedSession[];
}
