// Threads that scan sessions beside the one that answers. They open the library that their parent has open, and only read. Started when a
// search takes long; those that are idle keep no program from ending.

import { Worker } from 'node:worker_threads';
import type { Meaning } from '../../shared/query/meaning.ts';
import type { SearchedSession } from '../library/library.ts';
import type { Scanned, Wanted } from './scan.ts';

export interface SearcherData {
  readonly folder: string;
  readonly key: Uint8Array;
}

/** What a plan is made of. */
export interface Question {
  readonly meaning: Meaning;
  readonly wholeLibrary: boolean;
}

/** A session to scan. `search` numbers the question: its plan is made once. */
export interface Task {
  readonly search: number;
  readonly question: Question;
  readonly session: SearchedSession;
  readonly wanted: Wanted;
}

/** Null: what is under way is stopped. */
export type ToSearcher = Task | null;
export type FromSearcher =
  /** Its programs are loaded and the library is open. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'scanned'; readonly scanned: Scanned }
  | { readonly kind: 'failed'; readonly reason: string };

export interface SearchThreads {
  /**
   * Has a free thread scan a session, or gives null where none is free. The first call starts them. Rejects where the thread fails, with no more
   * than its reason: the caller scans the session itself.
   */
  scan(question: Question, session: SearchedSession, wanted: Wanted, isStopped: () => boolean): Promise<Scanned> | null;
  /** Ends the threads, with all that they know, when they have done what is under way; others are started when they are needed. */
  retire(): void;
  /** Ends them now, as {@link retire} does else. Call it before the library has another key. */
  close(): Promise<void>;
}

export interface SearchThreadsDeps {
  readonly folder: string;
  /** The library's key, whenever a thread starts. */
  readonly key: () => Uint8Array;
  /** search-worker.ts, or what it was built into. */
  readonly program: URL;
  readonly most: number;
}

/** Milliseconds between two looks at whether a scan is still wanted. */
const LOOK = 20;

interface Thread {
  readonly worker: Worker;
  isReady: boolean;
  isRetired: boolean;
  task: PromiseWithResolvers<Scanned> | null;
}

export function createSearchThreads({ program, most, folder, key }: SearchThreadsDeps): SearchThreads {
  let threads: Thread[] = [];
  const numbers = new WeakMap<Question, number>();
  let last = 0;
  /** Where one thread cannot start, no other one can. */
  let canStart = true;
  /** Ended while they load native code, they would take the process with them: they are ended when they are ready. */
  const ending = new Set<Promise<unknown>>();

  const end = (thread: Thread, why: string): void => {
    canStart &&= thread.isReady;
    threads = threads.filter((one) => one !== thread);
    thread.task?.reject(new Error(why));
    thread.task = null;
  };
  const settle = ({ worker, isReady, isRetired, task }: Thread): void => {
    if (!isRetired) worker.unref();
    else if (isReady && task === null) void worker.terminate();
  };
  const start = (): Thread => {
    const worker = new Worker(program, { workerData: { folder, key: key() } satisfies SearcherData });
    const thread: Thread = { worker, isReady: false, isRetired: false, task: null };
    const ended = new Promise((resolve) => worker.on('exit', resolve));
    ending.add(ended);
    worker.on('message', (message: FromSearcher) => {
      const { task } = thread;
      thread.task = null;
      if (message.kind === 'ready') thread.isReady = true;
      else if (message.kind === 'scanned') task?.resolve(message.scanned);
      else task?.reject(new Error(message.reason));
      settle(thread);
    });
    worker.on('error', (error) => end(thread, error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => {
      end(thread, 'it ended');
      ending.delete(ended);
    });
    worker.unref();
    return thread;
  };
  const retire = (): void => {
    for (const thread of threads) {
      thread.isRetired = true;
      settle(thread);
    }
    threads = [];
  };

  return {
    scan: (question, session, wanted, isStopped) => {
      while (canStart && threads.length < most) threads.push(start());
      const thread = threads.find(({ isReady, task }) => isReady && task === null);
      if (thread === undefined) return null;
      const search = numbers.get(question) ?? (last += 1);
      numbers.set(question, search);
      const scanning = (thread.task = Promise.withResolvers<Scanned>());
      thread.worker.ref();
      thread.worker.postMessage({ search, question, session, wanted } satisfies ToSearcher);
      const look = setInterval(() => {
        if (isStopped()) thread.worker.postMessage(null satisfies ToSearcher);
      }, LOOK);
      return scanning.promise.finally(() => clearInterval(look));
    },
    retire,
    close: async () => {
      for (const { worker, isReady, task } of threads) if (isReady && task !== null) void worker.terminate();
      for (const { worker } of threads) worker.ref();
      retire();
      await Promise.all(ending);
    },
  };
}
