// Runs watchlists: over each session when its index is done, and over the library when somebody asks. What is still to be done follows from the
// library alone, so a run that was cut short goes on at the next start. Every run is a search and stands in the custody log, in the same
// transaction as what it found.

import { setImmediate } from 'node:timers/promises';
import { ExhibitError, asExhibitError } from '../../shared/api/errors.ts';
import type { Job } from '../../shared/api/shapes.ts';
import type { Library, SearchedSession, WatchPass, WatchlistRow } from '../library/library.ts';
import { prepareWatch, readyWatch, watchSession, type ReadyWatch, type Watch } from '../search/search.ts';
import type { JobContext, Jobs } from './jobs.ts';

export interface WatcherDeps {
  readonly library: Library;
  readonly jobs: Jobs;
  /** RFC 3339, UTC. */
  readonly now: () => string;
  readonly actor: string;
  readonly purpose: () => string;
  /** Resolves when no session is being indexed. */
  readonly indexed: () => Promise<void>;
}

export interface Watcher {
  /** Runs what is pending once the indexer rests; does nothing where nothing is. `indexed`: a session was just indexed. */
  wake(indexed: boolean): void;
  /** Runs these lists over all that they were not run over; null: all lists. `anew`: over everything. Throws kind `usage`. */
  run(lists: readonly WatchlistRow[] | null, anew: boolean): Job;
  /** Cases, annotations or what sources tell have changed: lists that ask for such are to be run over everything again. */
  outdate(): void;
  /** The list ready to be run, or why it cannot be. */
  prepared(list: WatchlistRow): Watch | ExhibitError;
}

/** Sessions whose passes are kept at once, and findings that are held until then. */
const SESSIONS = 500;
const FINDINGS = 5000;

/** Sessions of a round. */
const ROUND = 1_000_000;

/** Bytes of output for each indicator from which on the index is asked for all of them: an indicator costs it as much as reading these. */
const WORTH_ASKING = 16 * 1024;

/** Lists that are kept ready. */
const READY = 32;

export function createWatcher(deps: WatcherDeps): Watcher {
  const { library, jobs } = deps;
  const { watchlists } = library;
  const ready = new Map<number, Watch | ExhibitError>();
  let waiting = false;
  /** How often lists were outdated: what a run found meanwhile may be of before. */
  let outdated = 0;
  let last: Promise<void> = Promise.resolve();

  const prepared = (list: WatchlistRow): Watch | ExhibitError => {
    const known = ready.get(list.key);
    // What a saved search means, and whether it makes sense, depends on what the library has.
    if (known !== undefined && list.kind !== 'query') return known;
    let made: Watch | ExhibitError;
    try {
      made = prepareWatch(library, list);
    } catch (error) {
      made = asExhibitError(error, `watchlist ${list.name}`);
      if (made.kind !== 'usage') throw error;
    }
    if (ready.size >= READY) ready.clear();
    ready.set(list.key, made);
    return made;
  };

  const runnable = (lists: readonly WatchlistRow[] | null): readonly Watch[] =>
    (lists ?? watchlists.current()).flatMap((list) => {
      const watch = list.ended ? null : prepared(list);
      return watch === null || watch instanceof ExhibitError ? [] : [watch];
    });

  const outdate = (watches: readonly Watch[]): void => {
    for (const { list, alwaysAnew } of watches) if (alwaysAnew) watchlists.outdate(list.key);
  };

  /** Keeps what was found and says so in the custody log: both or neither. */
  const keep = (passes: readonly WatchPass[], watches: readonly Watch[], newestGroup: number, automatic: boolean): void => {
    if (passes.length === 0) return;
    library.atomically(() => {
      const kept = watchlists.keep(passes, newestGroup);
      for (const { list } of watches) {
        const mine = passes.filter(({ watchlist, session }) => watchlist === list.key && kept.has(session));
        if (mine.length === 0) continue;
        const found = mine.flatMap(({ findings }) => findings);
        library.custody.append({
          actor: deps.actor,
          action: 'search',
          subject: mine.length === 1 ? library.sessions.byKey(mine[0]!.session)!.id : 'library',
          purpose: deps.purpose(),
          details: {
            watchlist: list.name,
            version: list.version,
            digest: list.digest,
            automatic,
            sessions: mine.length,
            hits: found.reduce((sum, { hits }) => sum + hits, 0),
            indicators: new Set(found.map(({ indicator }) => indicator)).size,
          },
        });
      }
    });
  };

  const drain = async (lists: readonly WatchlistRow[] | null, automatic: boolean, context: JobContext): Promise<void> => {
    const watches = runnable(lists);
    outdate(watches);
    const before = outdated;
    const newestGroup = watchlists.newestGroup();
    const wanted = new Map<number, Watch[]>();
    for (const watch of watches) {
      for (const session of watchlists.pending(watch.list.key, ROUND))
        wanted.set(session, [...(wanted.get(session) ?? []), watch]);
    }
    const sessions = library.searched.sessions({}, [...wanted.keys()]);
    const bytes = sessions.length > 1 ? sessions.reduce((sum, { outputBytes }) => sum + outputBytes, 0) : 0;
    const readied = new Map(
      watches.map((watch) => [watch, readyWatch(library, watch, bytes > WORTH_ASKING * watch.indicators.length)]),
    );
    const failures: ExhibitError[] = [];
    let passes: WatchPass[] = [];
    let findings = 0;
    const flush = (): void => {
      keep(passes, watches, newestGroup, automatic);
      passes = [];
      findings = 0;
    };
    try {
      for (const [i, session] of sessions.entries()) {
        context.progress({ done: i, total: sessions.length, detail: session.id });
        try {
          const asked = wanted.get(session.key)!.map((watch) => readied.get(watch)!);
          for (const pass of await passesOf(session, asked, context.signal)) {
            passes.push(pass);
            findings += pass.findings.length;
          }
        } catch (error) {
          if (context.signal.aborted) throw error;
          failures.push(asExhibitError(error, `session ${session.id}`));
        }
        if (passes.length >= SESSIONS || findings >= FINDINGS) flush();
      }
    } finally {
      flush();
      if (outdated !== before) outdate(watches);
    }
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    context.progress({ done: sessions.length, total: sessions.length, detail: '' });
  };

  const passesOf = async (
    session: SearchedSession,
    asked: readonly ReadyWatch[],
    signal: AbortSignal,
  ): Promise<readonly WatchPass[]> => {
    const work = watchSession(library, session, asked);
    for (;;) {
      if (signal.aborted) throw new ExhibitError('cancelled', 'watchlists', 'it was cancelled');
      const { done, value } = work.next();
      await setImmediate();
      if (done !== true) continue;
      const at = deps.now();
      return asked.map((one) => ({
        watchlist: one.watch.list.key,
        session: session.key,
        at,
        findings: value.get(one) ?? [],
      }));
    }
  };

  /** One run at a time; each sees what the ones before it left. */
  const start = (title: string, before: () => Promise<void>, work: (context: JobContext) => Promise<void>): Job =>
    jobs.start({
      kind: 'watch',
      title,
      unit: 'sessions',
      run: async (context) => {
        const { signal } = context;
        const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        if (!signal.aborted) await Promise.race([before(), stopped]);
        const mine = last.then(() => {
          if (signal.aborted) throw new ExhibitError('cancelled', title, 'it was cancelled');
          return work(context);
        });
        last = mine.catch(() => undefined);
        await mine;
      },
    });

  const isPending = (): boolean => runnable(null).some(({ list }) => watchlists.pending(list.key, 1).length > 0);

  return {
    prepared,
    outdate: () => {
      outdated += 1;
      outdate(runnable(null));
    },
    wake: (indexed) => {
      if (waiting || !(indexed ? runnable(null).length > 0 : isPending())) return;
      waiting = true;
      start('watchlists', deps.indexed, async (context) => {
        waiting = false;
        await drain(null, true, context);
      });
    },
    run: (lists, anew) => {
      for (const list of lists ?? []) {
        const watch = prepared(list);
        if (watch instanceof ExhibitError) throw watch;
      }
      if (anew) for (const { list } of runnable(lists)) watchlists.forget(list.key);
      const [only, ...more] = lists ?? [];
      const title = only !== undefined && more.length === 0 ? `watchlist ${only.name}` : 'watchlists';
      return start(
        title,
        () => Promise.resolve(),
        (context) => drain(lists, false, context),
      );
    },
  };
}
