// Long work: started, watched, cancelled, waited for. A job that fails says why; a bug in one ends that job and nothing else.

import { ExhibitError, asExhibitError } from '../../shared/api/errors.ts';
import type { Job, SyncProgress } from '../../shared/api/shapes.ts';

export interface JobContext {
  readonly signal: AbortSignal;
  /** Tells how far the work is. Listeners hear of it at most a few times a second. */
  progress(change: {
    readonly done?: number;
    readonly total?: number | null;
    readonly detail?: string;
    readonly sync?: SyncProgress;
  }): void;
}

export interface JobSpec<T> {
  readonly kind: Job['kind'];
  readonly title: string;
  readonly unit: Job['unit'];
  run(context: JobContext): Promise<T>;
}

interface Entry {
  job: Job;
  readonly abort: AbortController;
  readonly finished: Promise<void>;
  result: unknown;
}

export interface Jobs {
  start<T>(spec: JobSpec<T>): Job;
  list(): readonly Job[];
  /** Resolves when the job has ended, however it ended. Throws kind `not-found`. */
  wait(id: string): Promise<Job>;
  cancel(id: string): Promise<Job>;
  /** What the work gave back. Throws the job's own failure, or kind `not-found`. */
  result<T>(id: string): T;
  /** Cancels everything and waits for it. */
  close(): Promise<void>;
}

/** Milliseconds between two reports of the same job. */
const REPORT_MS = 100;

/** Ended jobs that can still be asked about. */
const KEPT = 500;

export function createJobs(deps: {
  readonly now: () => string;
  readonly monotonic: () => number;
  readonly report: (job: Job) => void;
}): Jobs {
  const entries = new Map<string, Entry>();
  let lastId = 0;

  const entry = (id: string): Entry => {
    const found = entries.get(id);
    if (found === undefined) throw new ExhibitError('not-found', `job ${id}`, 'there is no such job');
    return found;
  };

  const forget = (): void => {
    for (const [id, { job }] of entries) {
      if (entries.size <= KEPT) return;
      if (job.state !== 'running') entries.delete(id);
    }
  };

  return {
    start: (spec) => {
      const id = `j${String(++lastId)}`;
      const abort = new AbortController();
      const { kind, title, unit } = spec;
      const job: Job = {
        id,
        kind,
        title,
        unit,
        state: 'running',
        done: 0,
        total: null,
        detail: '',
        startedAt: deps.now(),
        failure: null,
      };
      let reported = -REPORT_MS;
      const change = (next: Partial<Job>, always: boolean): void => {
        created.job = { ...created.job, ...next };
        const moment = deps.monotonic();
        if (!always && moment - reported < REPORT_MS) return;
        reported = moment;
        deps.report(created.job);
      };
      const run = async (): Promise<void> => {
        // The caller learns the job's id before anything of it is reported.
        await Promise.resolve();
        try {
          created.result = await spec.run({ signal: abort.signal, progress: (progress) => change(progress, false) });
          change({ state: 'done' }, true);
        } catch (error) {
          const { failure } = asExhibitError(error, title);
          change({ state: failure.kind === 'cancelled' ? 'cancelled' : 'failed', failure }, true);
        }
        forget();
      };
      const created: Entry = { job, abort, result: undefined, finished: run() };
      entries.set(id, created);
      return job;
    },
    list: () => Array.from(entries.values(), ({ job }) => job),
    wait: async (id) => {
      const waited = entry(id);
      await waited.finished;
      return waited.job;
    },
    cancel: async (id) => {
      const cancelled = entry(id);
      cancelled.abort.abort();
      await cancelled.finished;
      return cancelled.job;
    },
    result: <T>(id: string): T => {
      const { job, result } = entry(id);
      if (job.failure !== null)
        throw new ExhibitError(job.failure.kind as ExhibitError['kind'], job.failure.what, job.failure.why, job.failure.todo);
      return result as T;
    },
    close: async () => {
      for (const { abort } of entries.values()) abort.abort();
      await Promise.all(Array.from(entries.values(), ({ finished }) => finished));
    },
  };
}
