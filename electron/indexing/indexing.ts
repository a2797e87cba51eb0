// The door of indexing: a queue of recordings and a few worker threads that each take one at a time. What they make is derived;
// a worker that dies takes nothing with it but its own recording's index, which is then marked as failed with the reason.

import { Worker } from 'node:worker_threads';
import type { Library, SessionRow } from '../library/library.ts';
import type { PayloadKey } from '../replay/replay.ts';
import { INDEX_VERSION } from './version.ts';

export interface IndexerDeps {
  readonly library: Library;
  readonly folder: string;
  /** The library's key, which every thread that is started gets. */
  readonly key: () => Buffer;
  /** The worker's program: index-worker.ts, or what it was built into. */
  readonly worker: URL;
  /** What opens the payloads of an encrypted recording, or null. It goes to the thread by message and is stored nowhere. */
  readonly payloadKey: (session: SessionRow) => Promise<PayloadKey | null>;
  /** Recordings indexed at the same time. */
  readonly threads: number;
  /** Work done and to do, in bytes of output; `current` names a recording under way. */
  readonly progress: (state: { readonly done: number; readonly total: number; readonly current: string }) => void;
  /** A recording's index state changed. */
  readonly changed: (session: string) => void;
  /** The queue ran empty, or got its first entry. */
  readonly busy: (busy: boolean) => void;
}

export interface Indexer {
  /** Queues these sessions, or every one that has no index of this version. */
  enqueue(keys?: readonly number[]): void;
  /** Resolves when nothing is queued or under way. */
  idle(): Promise<void>;
  /** Waits as {@link Indexer.idle} does and ends the threads, which hold the library's key; later work starts new ones. */
  retire(): Promise<void>;
  /** Stops the threads. What was under way is indexed anew at the next start. */
  close(): Promise<void>;
}

export interface WorkerData {
  readonly folder: string;
  readonly key: Uint8Array;
}

export interface ToWorker {
  readonly session: number;
  readonly key: PayloadKey | null;
  /** Whether this thread joins the parts of the text index afterwards: one does at a time. */
  readonly compact: boolean;
}

export type FromWorker =
  /** Its programs are loaded and the library is open. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly outputBytes: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string };

interface Slot {
  readonly worker: Worker;
  /** Resolves when the thread is ready, or has failed: one that is ended while it loads native code takes the process with it. */
  readonly loaded: Promise<void>;
  session: SessionRow | null;
  compacts: boolean;
  outputBytes: number;
}

const outputOf = (session: SessionRow): number => session.stdoutBytes + session.stderrBytes;

export function createIndexer(deps: IndexerDeps): Indexer {
  const { library } = deps;
  const queue: SessionRow[] = [];
  const slots = new Set<Slot>();
  const waiting: (() => void)[] = [];
  let done = 0;
  let total = 0;
  let closed = false;
  let busy = false;

  const report = (): void => {
    let under = 0;
    let current = '';
    for (const { session, outputBytes } of slots) {
      if (session === null) continue;
      under += outputBytes;
      const isListed = library.rights.refusal(session, 'history') === null;
      current = (isListed ? session.title : null) ?? session.id;
    }
    deps.progress({ done: done + under, total, current });
  };

  const settle = (): void => {
    const working = queue.length > 0 || Array.from(slots).some(({ session }) => session !== null);
    if (working !== busy) {
      busy = working;
      deps.busy(busy);
    }
    if (working) return;
    done = 0;
    total = 0;
    for (const resolve of waiting.splice(0)) resolve();
  };

  const finish = (slot: Slot, failure: string | null): void => {
    const { session } = slot;
    if (session === null || closed) return;
    slot.session = null;
    slot.compacts = false;
    // An idle thread keeps no program from ending.
    slot.worker.unref();
    done += outputOf(session);
    if (failure !== null) library.derived.setIndexState(session, 'failed', INDEX_VERSION, failure);
    const now = failure === null ? library.sessions.byKey(session.key) : null;
    // It grew while it was indexed.
    if (now?.indexState === 'waiting') {
      queue.push(now);
      total += outputOf(now);
    }
    deps.changed(session.id);
    next(slot);
  };

  const start = (): Slot => {
    const worker = new Worker(deps.worker, {
      workerData: { folder: deps.folder, key: deps.key() } satisfies WorkerData,
    });
    const { promise: loaded, resolve: load } = Promise.withResolvers<void>();
    const slot: Slot = { worker, loaded, session: null, compacts: false, outputBytes: 0 };
    worker.on('exit', () => load());
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'ready':
          load();
          return;
        case 'progress':
          slot.outputBytes = message.outputBytes;
          report();
          return;
        case 'done':
          finish(slot, null);
          return;
        case 'failed':
          finish(slot, message.reason);
          return;
      }
    });
    worker.on('error', (error) => {
      slots.delete(slot);
      finish(slot, `the indexer ended: ${error instanceof Error ? error.message : String(error)}`);
    });
    worker.unref();
    slots.add(slot);
    return slot;
  };

  const hand = async (slot: Slot, queued: SessionRow): Promise<void> => {
    try {
      // A session that goes on may have its first encrypted event since it was queued.
      const session = library.sessions.byKey(queued.key) ?? queued;
      const key = session.sealedEvents === 0 ? null : await deps.payloadKey(session);
      if (!closed) slot.worker.postMessage({ session: session.key, key, compact: slot.compacts } satisfies ToWorker);
    } catch (error) {
      finish(slot, `its key could not be had: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const next = (slot: Slot): void => {
    const session = slots.has(slot) ? queue.shift() : undefined;
    if (session !== undefined) {
      slot.session = session;
      slot.compacts = !Array.from(slots).some(({ compacts }) => compacts);
      slot.outputBytes = 0;
      slot.worker.ref();
      void hand(slot, session);
    }
    report();
    settle();
    pump();
  };

  const pump = (): void => {
    if (closed || queue.length === 0) return;
    const idle = Array.from(slots).find(({ session }) => session === null);
    if (idle !== undefined) next(idle);
    else if (slots.size < deps.threads) next(start());
  };

  const endAll = async (): Promise<void> => {
    const ending = Array.from(slots, async ({ worker, loaded }) => {
      worker.ref();
      await loaded;
      await worker.terminate();
    });
    slots.clear();
    await Promise.all(ending);
  };
  const idle = (): Promise<void> => (busy ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve());

  return {
    enqueue: (keys) => {
      for (const key of keys ?? library.derived.unindexed(INDEX_VERSION, 1_000_000)) {
        const session = library.sessions.byKey(key);
        const known = queue.some((queued) => queued.key === key) || Array.from(slots).some((slot) => slot.session?.key === key);
        if (session === null || known) continue;
        queue.push(session);
        total += outputOf(session);
      }
      settle();
      pump();
    },
    idle,
    retire: async () => {
      do {
        while (busy) await idle();
        await endAll();
      } while (slots.size > 0);
    },
    close: async () => {
      closed = true;
      queue.length = 0;
      await endAll();
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

export { INDEX_VERSION };
export { activityBetween } from './activity.ts';
export type { FoundCommand } from './found-command.ts';
export { findCommandsInSteps } from './find-commands.ts';
export type { FoundHidden } from './hidden-findings.ts';
export type { PayloadCounts } from './payloads.ts';
