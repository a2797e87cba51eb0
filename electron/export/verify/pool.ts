// Threads that do the parts of a verification: each reads the same open file, so that what is verified is one file whatever becomes of its
// name. They hold no keys: what these open is derived where they are.

import { Worker } from 'node:worker_threads';
import { ExhibitError } from '../../../shared/api/errors.ts';
import {
  deriveAgain,
  deriveRecording,
  type CheckedRecords,
  type DeriveRecording,
  type DerivedRecording,
} from '../../../shared/derive/derive.ts';
import { Cancelled } from '../../../shared/evidence/bundle/bag.ts';
import type { RecordingTask } from '../../../shared/evidence/bundle/recordings.ts';
import { verifyZip } from '../../../shared/evidence/bundle/verify-bundle.ts';
import type { CheckedRecording, FileDigests, Workers } from '../../../shared/evidence/bundle/workers.ts';
import { NODE_EFFECTS } from './node-effects.ts';
import { createTerminal } from './terminal.ts';
import { inThisThread, type VerifyFile } from './verify.ts';

/** Threads that may be started, and their program: verify-worker.ts, or what it was built into. */
export interface VerifierThreads {
  readonly program: URL;
  readonly most: number;
}

export interface VerifierData {
  /** Number of the open file. */
  readonly handle: number;
  readonly size: number;
}

export type Part =
  | { readonly kind: 'digests'; readonly path: string }
  | { readonly kind: 'check'; readonly task: RecordingTask }
  | { readonly kind: 'derive'; readonly recording: CheckedRecords; readonly hasKeys: boolean };

export type Answer =
  | { readonly kind: 'digests'; readonly digests: FileDigests }
  | { readonly kind: 'check'; readonly checked: CheckedRecording }
  /** Null where a key is wanted. */
  | { readonly kind: 'derive'; readonly derived: DerivedRecording | null };

export type ToVerifier = Part;
export type FromVerifier =
  /** It read something. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'hashed'; readonly bytes: number }
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** `code`: of the system, where that could not read the file. */
  | { readonly kind: 'failed'; readonly reason: string; readonly code: string | null };

/** Parts that wait for a thread: enough that none of them is ever idle. */
const WAITING = 32;

/** Smaller bundles are done before a thread has started. */
const LARGE_BYTES = 16 * 1024 * 1024;

/** `here` derives what wants a key; null where no key is at hand. */
interface Deriving {
  readonly here: DeriveRecording | null;
}

interface Pool extends Workers {
  readonly derive: DeriveRecording;
  /** Ends the threads. What was not answered by then is cancelled. */
  close(): Promise<void>;
}

interface Asked {
  readonly part: Part;
  readonly hashed: (bytes: number) => void;
  readonly done: PromiseWithResolvers<Answer>;
}

function failed({ reason, code }: FromVerifier & { readonly kind: 'failed' }): Error {
  return code === null ? new Error(reason) : new ExhibitError('disk', 'read bundle', reason, 'name a file that can be read');
}

/** `deriving`: null where nothing will be derived. `isCancelled` is asked whenever a thread says something. */
function openPool(
  { program, most }: VerifierThreads,
  data: VerifierData,
  deriving: Deriving | null,
  isCancelled: () => boolean,
): Pool {
  const waiting: Asked[] = [];
  /** What is begun where a thread would rest else. */
  const later: Asked[] = [];
  /** What is derived by what the producer says of a recording, before its records were found to be so. */
  const begun = new Map<string, { readonly recording: CheckedRecords; readonly derived: Promise<DerivedRecording | null> }>();
  const threads = Array.from({ length: most }, () => ({
    worker: new Worker(program, { workerData: data }),
    asked: null as Asked | null,
  }));
  let ended: Error | null = null;

  const end = (error: Error): void => {
    ended ??= error;
    for (const thread of threads) {
      thread.asked?.done.reject(ended);
      thread.asked = null;
    }
    for (const { done } of [...waiting.splice(0), ...later.splice(0)]) done.reject(ended);
  };
  const hand = (): void => {
    for (const thread of threads) {
      if (thread.asked !== null) continue;
      const next = waiting.shift() ?? later.shift();
      if (next === undefined) return;
      thread.asked = next;
      thread.worker.postMessage(next.part satisfies ToVerifier);
    }
  };
  for (const thread of threads) {
    thread.worker.on('message', (message: FromVerifier) => {
      const { asked } = thread;
      if (isCancelled()) end(new Cancelled('the verification was cancelled'));
      else if (message.kind === 'failed') end(failed(message));
      else if (message.kind === 'hashed') asked?.hashed(message.bytes);
      else if (message.kind === 'answer') {
        thread.asked = null;
        asked?.done.resolve(message.answer);
        hand();
      }
    });
    thread.worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
    thread.worker.on('exit', () => end(new Error('a thread of the verification ended')));
  }

  async function ask<Kind extends Part['kind']>(
    part: Part & { readonly kind: Kind },
    { queue = waiting, hashed = () => undefined }: { queue?: Asked[]; hashed?: Asked['hashed'] } = {},
  ): Promise<Answer & { readonly kind: Kind }> {
    if (ended !== null) throw ended;
    const done = Promise.withResolvers<Answer>();
    queue.push({ part, hashed, done });
    // Not before all is there that is asked for at once: what can wait is not to be taken first.
    queueMicrotask(hand);
    return (await done.promise) as Answer & { readonly kind: Kind };
  }

  const here = deriving?.here ?? null;
  const derive = async ({ id, root, withheld }: CheckedRecords): Promise<DerivedRecording | null> =>
    (await ask({ kind: 'derive', recording: { id, root, withheld }, hasKeys: here !== null }, { queue: later })).derived;

  return {
    atOnce: WAITING,
    digests: async (path, hashed) => (await ask({ kind: 'digests', path }, { hashed })).digests,
    check: async (task) => {
      const { stated } = task;
      if (deriving !== null && stated !== null) {
        const derived = derive(stated);
        // A failure is thrown where it is asked for; until then nobody listens.
        derived.catch(() => undefined);
        begun.set(task.id, { recording: stated, derived });
      }
      return (await ask({ kind: 'check', task })).checked;
    },
    derive: async (bag, recording) => {
      const early = begun.get(recording.id);
      const isSo = early?.recording.root === recording.root && early.recording.withheld === recording.withheld;
      const derived = await (isSo ? early.derived : derive(recording));
      return derived ?? here!(bag, recording);
    },
    close: async () => {
      end(new Cancelled('the verification was cancelled'));
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

/** Verifies files with threads where they have `least` bytes and more. */
export function withThreads(threads: VerifierThreads, least = LARGE_BYTES): VerifyFile {
  return async (file, request) => {
    const { size, read, handle } = file;
    if (handle === undefined || size < least || threads.most < 2) return inThisThread(file, request);
    const { quick = false, opened, ...options } = request;
    const here = opened === undefined ? null : deriveRecording({ createTerminal, opened });
    const pool = openPool(threads, { handle, size }, quick ? null : { here }, options.isCancelled ?? (() => false));
    try {
      const derive = quick ? {} : { derive: deriveAgain(pool.derive, pool.atOnce) };
      return await verifyZip(size, read, NODE_EFFECTS, { ...options, ...derive, workers: pool });
    } finally {
      await pool.close();
    }
  };
}
