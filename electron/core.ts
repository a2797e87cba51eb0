// The core: builds the rooms, answers the contract, writes the custody log, runs the long work. The only file that knows all
// rooms; every shell holds the Api that it returns.

import {
  contract,
  type Api,
  type CallName,
  type EventName,
  type EventValue,
  type Input,
  type Output,
} from '../shared/api/contract.ts';
import { asExhibitError } from '../shared/api/errors.ts';
import { checkedCall } from '../shared/api/wire.ts';
import { bundleCalls } from './core/bundle-calls.ts';
import { rewritingCalls } from './core/bundle-rewriting.ts';
import { caseCalls } from './core/case-calls.ts';
import { createCustodian } from './core/custodian.ts';
import type { Acted, Desk, Handlers } from './core/desk.ts';
import { deviceCalls } from './core/device-calls.ts';
import { exportCalls } from './core/export-calls.ts';
import { frameCalls } from './core/frame-calls.ts';
import { askGate } from './core/gate.ts';
import { groupCalls } from './core/group-calls.ts';
import { keepHeapSmall } from './core/heap.ts';
import { historyCalls } from './core/history-calls.ts';
import { importCalls } from './core/import-calls.ts';
import type { CoreDeps } from './core/installed.ts';
import { createJobs, type JobContext } from './core/jobs.ts';
import { createKeys, type Keys } from './core/keys.ts';
import { libraryCalls } from './core/library-calls.ts';
import { liveCalls } from './core/live-calls.ts';
import { readyCalls } from './core/ready-calls.ts';
import { createRecordings, type Recordings } from './core/recordings.ts';
import { replayCalls } from './core/replay-calls.ts';
import { createRetention, type Retention } from './core/retention.ts';
import { retentionCalls } from './core/retention-calls.ts';
import { createRights, type Rights } from './core/rights.ts';
import { rightsCalls } from './core/rights-calls.ts';
import { sessionCalls } from './core/session-calls.ts';
import { sourceCalls } from './core/source-calls.ts';
import { createSweep, type Sweep } from './core/sweep.ts';
import { syncCalls } from './core/sync-calls.ts';
import { createOffers } from './core/offers.ts';
import { createTickets } from './core/tickets.ts';
import { vaultCalls } from './core/vault-calls.ts';
import { verifyCalls } from './core/verify-calls.ts';
import { ensureBuiltIn, watchCalls } from './core/watch-calls.ts';
import { createWatcher, type Watcher } from './core/watcher.ts';
import { resumeHistories } from './acquisition/acquisition.ts';
import { withThreads } from './export/export.ts';
import { createIndexer, type Indexer } from './indexing/indexing.ts';
import type { Library } from './library/library.ts';
import { EMULATOR } from './replay/replay.ts';
import { createSearchThreads, type SearchThreads } from './search/search.ts';

export interface Core {
  readonly api: Api;
  /** Ends all work, pins the custody head, locks the library. */
  close(): Promise<void>;
}

/** The indexer's queue as one job that people can watch. */
function watchIndexing(desk: Pick<Desk, 'jobs' | 'emit'>): {
  busy(busy: boolean): void;
  progress(state: { done: number; total: number; current: string }): void;
} {
  let running: { readonly context: Promise<JobContext>; readonly end: () => void } | null = null;
  return {
    busy: (busy) => {
      if (!busy) {
        running?.end();
        running = null;
        return;
      }
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const { promise: context, resolve: begun } = Promise.withResolvers<JobContext>();
      running = { context, end };
      desk.jobs.start({
        kind: 'index',
        title: 'index',
        unit: 'bytes',
        run: async (given) => {
          begun(given);
          given.signal.addEventListener('abort', () => end());
          await ended;
        },
      });
    },
    progress: ({ done, total, current }) => {
      void running?.context.then((context) => {
        context.progress({ done, total, detail: current });
      });
    },
  };
}

export async function openCore(deps: CoreDeps): Promise<Core> {
  keepHeapSmall(deps.heapGrowth);
  const listeners = new Map<EventName, Set<(value: unknown) => void>>();
  const emit = <E extends EventName>(name: E, value: EventValue<E>): void => {
    if (name === 'cases' || name === 'history') watcher?.outdate();
    for (const listener of listeners.get(name) ?? []) listener(value);
  };
  const now = (): string => new Date(deps.wallClock()).toISOString();
  const jobs = createJobs({ now, monotonic: deps.monotonic, report: (job) => emit('job', job) });
  let indexer: Indexer | null = null;
  let searchThreads: SearchThreads | null = null;
  let keys: Keys | null = null;
  let recordings: Recordings | null = null;
  let retention: Retention | null = null;
  let rights: Rights | null = null;
  let sweep: Sweep | null = null;
  let watcher: Watcher | null = null;

  const custodian = createCustodian({
    folder: deps.library,
    program: deps.program,
    now: () => ({ wall: now(), monotonic_ms: Math.round(deps.monotonic()) }),
    opened: (library: Library) => {
      const watch = watchIndexing({ jobs, emit });
      const found = createKeys({
        library,
        localKeys: () => custodian.vault.localKeys(deps.home, deps.environment),
        actor: deps.actor,
        purpose: () => desk.purpose(),
        stale: (sessions) => indexer?.enqueue(sessions),
        changed: (sessions) => emit('library', { sessions: [...sessions] }),
      });
      keys = found;
      const sweeping = createSweep({
        library,
        isBusy: () => jobs.list().some(({ state }) => state === 'running'),
        wallClock: deps.wallClock,
        actor: deps.actor,
        purpose: () => desk.purpose(),
        failed: (error) => {
          const run = (): never => {
            throw asExhibitError(error, 'verify again');
          };
          jobs.start({ kind: 'verify', title: 'verify again', unit: 'sessions', run });
        },
        verified: ({ id }) => emit('library', { sessions: [id] }),
      });
      sweep = sweeping;
      recordings = createRecordings(library, found, (session) => sweeping.opened(session));
      searchThreads = createSearchThreads({ ...deps.searchThreads, folder: deps.library, key: custodian.key });
      indexer = createIndexer({
        library,
        key: custodian.key,
        folder: deps.library,
        worker: deps.indexWorker,
        payloadKey: async (session) => {
          const opening = await found.open(session);
          return opening.kind === 'opened' ? opening.key : null;
        },
        threads: deps.indexThreads,
        progress: watch.progress,
        busy: watch.busy,
        changed: (session) => {
          emit('library', { sessions: [session] });
          const found = library.sessions.find(session);
          if (found !== null && found !== 'ambiguous' && found.indexState === 'done') watcher?.wake(true);
        },
      });
      rights = createRights(library.rights);
      library.rights.listen((source) => {
        recordings?.forget();
        found.drop();
        desk.tickets.recheck();
        emit('library', { sessions: [...library.sessions.idsOf(source)] });
        emit('history', {});
        watcher?.wake(true);
      });
      ensureBuiltIn(library, now());
      watcher = createWatcher({
        library,
        jobs,
        now,
        actor: deps.actor,
        purpose: () => desk.purpose(),
        indexed: () => indexer!.idle(),
      });
      retention = createRetention({
        library,
        wallClock: deps.wallClock,
        uptime: deps.uptime,
        actor: deps.actor,
        purpose: () => desk.purpose(),
        signer: {
          name: deps.actor,
          version: deps.version,
          publicKey: () => custodian.vault.publicKey().subarray(-32),
          sign: (message) => custodian.vault.sign(message),
        },
        purged: (sessions) => {
          searchThreads?.retire();
          recordings?.forget();
          found.drop();
          emit('library', { sessions: [...sessions] });
        },
        changed: () => {
          emit('retention', {});
          emit('history', {});
        },
        failed: (error) => {
          const run = (): never => {
            throw asExhibitError(error, 'retention sweep');
          };
          jobs.start({ kind: 'sweep', title: 'retention sweep', unit: 'sessions', run });
        },
      });
      if (library.history.unread().length > 0)
        jobs.start({
          kind: 'import',
          title: 'read on in a history',
          unit: 'steps',
          run: ({ signal }) => resumeHistories(library, signal),
        });
      indexer.enqueue();
      watcher.wake(false);
    },
    closing: async () => {
      await retention?.close();
      retention = null;
      await sweep?.close();
      sweep = null;
      await jobs.close();
      await indexer?.close();
      indexer = null;
      await searchThreads?.close();
      searchThreads = null;
      watcher = null;
      recordings?.forget();
      recordings = null;
      keys?.forget();
      keys = null;
      rights = null;
    },
  });

  const desk: Desk = {
    custodian,
    jobs,
    version: deps.version,
    sample: deps.sample,
    report: deps.report,
    verifier: deps.verifier,
    now,
    actor: deps.actor,
    home: deps.home,
    packWorker: deps.packWorker,
    verifyFile: withThreads({ program: deps.verifyWorker, most: deps.verifyThreads }),
    environment: deps.environment,
    wallClock: deps.wallClock,
    monotonic: deps.monotonic,
    purpose: () => custodian.library().settings.all()['custody.purpose'] ?? '',
    emit,
    library: () => custodian.library(),
    indexer: () => {
      custodian.library();
      return indexer!;
    },
    searchThreads: () => searchThreads,
    retention: () => {
      custodian.library();
      return retention!;
    },
    rights: () => {
      custodian.library();
      return rights!;
    },
    keys: () => {
      custodian.library();
      return keys!;
    },
    recordings: () => {
      custodian.library();
      return recordings!;
    },
    watcher: () => {
      custodian.library();
      return watcher!;
    },
    offers: createOffers(),
    tickets: createTickets(() => custodian.library()),
  };

  const sync = syncCalls(desk);
  const asked = rightsCalls(desk);
  const handlers: Handlers<CallName> = {
    'app.info': () => ({
      name: 'Exhibit',
      version: deps.version,
      emulator: EMULATOR,
      sample: deps.sample !== null,
      actor: deps.actor,
    }),
    ...vaultCalls(desk),
    ...libraryCalls(desk),
    ...importCalls(desk),
    ...sourceCalls(desk),
    ...deviceCalls(desk),
    ...sync,
    ...groupCalls(desk),
    ...sessionCalls(desk),
    ...replayCalls(desk),
    ...exportCalls(desk),
    ...frameCalls(desk),
    ...verifyCalls(desk),
    ...caseCalls(desk),
    ...bundleCalls(desk),
    ...rewritingCalls(desk),
    ...watchCalls(desk),
    ...historyCalls(desk),
    ...asked,
    ...retentionCalls(desk),
    ...liveCalls(desk, sync),
    ...readyCalls(desk, { ...sync, ...asked }),
  };

  const answer = async <K extends CallName>(name: K, input: Input<K>): Promise<Output<K>> => {
    askGate(desk, name, input);
    const handler = handlers[name] as (input: Input<K>) => unknown;
    const { act } = contract[name];
    if (act === null) return (await handler(input)) as Output<K>;
    const { output, subject, details } = (await handler(input)) as Acted<Output<K>>;
    if (subject !== null) {
      custodian.library().custody.append({ actor: deps.actor, action: act, subject, purpose: desk.purpose(), details });
    }
    return output;
  };

  const unchecked: Api = {
    call: answer,
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (value: unknown) => void);
      return () => set.delete(listener as (value: unknown) => void);
    },
  };

  return {
    api: {
      on: unchecked.on,
      call: <K extends CallName>(name: K, input: Input<K>) => checkedCall(unchecked, name, input) as Promise<Output<K>>,
    },
    close: async () => {
      await custodian.lock();
      await jobs.close();
    },
  };
}

export { createWholeFile } from './export/export.ts';
export { installedDeps, type CoreDeps } from './core/installed.ts';
