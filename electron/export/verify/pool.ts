// Threads that do the parts of a verification: each reads the same open file, so that what is verified is one file whatever becomes of its
// name. They hold no keys: what these open is derived where they are.

import { Worker } from 'node:worker_threads';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { deriveAgain, deriveRecording, type DeriveRecording, type DerivedRecording } from '../../../shared/derive/derive.ts';
import { Cancelled } from '../../../shared/evidence/bundle/bag.ts';
import type { RecordingCheck, RecordingTask } from '../../../shared/evidence/bundle/recordings.ts';
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
  | { readonly kind: 'derive'; readonly recording: RecordingCheck; readonly emulator: unknown; readonly hasKeys: boolean };

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

interface Pool extends Workers {
  /** `here` derives what wants a key; null where no key is at hand. */
  derive(here: DeriveRecording | null): DeriveRecording;
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

/** `isCancelled` is asked whenever a thread says something. */
function openPool({ program, most }: VerifierThreads, data: VerifierData, isCancelled: () => boolean): Pool {
  const waiting: Asked[] = [];
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
    for (const { done } of waiting.splice(0)) done.reject(ended);
  };
  const hand = (): void => {
    for (const thread of threads) {
      if (thread.asked !== null) continue;
      const next = waiting.shift();
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
    hashed: Asked['hashed'] = () => undefined,
  ): Promise<Answer & { readonly kind: Kind }> {
    if (ended !== null) throw ended;
    const done = Promise.withResolvers<Answer>();
    waiting.push({ part, hashed, done });
    hand();
    return (await done.promise) as Answer & { readonly kind: Kind };
  }

  return {
    atOnce: WAITING,
    digests: async (path, hashed) => (await ask({ kind: 'digests', path }, hashed)).digests,
    check: async (task) => (await ask({ kind: 'check', task })).checked,
    derive: (here) => async (bag, recording, emulator) => {
      const { derived } = await ask({ kind: 'derive', recording, emulator, hasKeys: here !== null });
      return derived ?? here!(bag, recording, emulator);
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
    const pool = openPool(threads, { handle, size }, options.isCancelled ?? (() => false));
    try {
      const here = opened === undefined ? null : deriveRecording({ createTerminal, opened });
      const derive = quick ? {} : { derive: deriveAgain(pool.derive(here), pool.atOnce) };
      return await verifyZip(size, read, NODE_EFFECTS, { ...options, ...derive, workers: pool });
    } finally {
      await pool.close();
    }
  };
}
