// A bundle that the core works on: the file stays here, and its bytes go range by range to the job that asks for them.

import { useEffect, useRef, useState } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import { failureOf, type FailureText } from '../ui/answer.ts';

/** Answers the job's wishes for the bytes of these files until it has none. */
export type Supply = (api: Api, job: string, files: readonly { readonly name: string; readonly file: File }[]) => Promise<void>;

/** How far the work is. */
export interface Reached {
  /** 0 to 1. */
  readonly share: number;
  /** What is being done, as the core calls it: `verify`. */
  readonly detail: string;
}

export interface Offering {
  readonly supply: Supply;
  /** The job was begun. */
  readonly onJob: (job: string) => void;
  readonly progress: (reached: Reached) => void;
  /** Ends the job. */
  readonly signal: AbortSignal;
}

/** Asks the core for the job that works on such a file. */
export type Begin = (file: { readonly name: string; readonly size: number }) => Promise<{ readonly job: string }>;

/** Resolves with the job when it has ended, however it ended. Rejects where it cannot begin, or the file cannot be read. */
export async function offerBundle(
  api: Api,
  file: File,
  begin: Begin,
  { supply, onJob, progress, signal }: Offering,
): Promise<string> {
  const { job } = await begin({ name: file.name, size: file.size });
  onJob(job);
  const cancel = (): void => {
    // One that has ended meanwhile cannot be cancelled, and need not be.
    api.call('jobs.cancel', { job }).catch(() => undefined);
  };
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel);
  const stop = api.on('job', ({ id, done, total, detail }) => {
    if (id === job && total !== null && total > 0) progress({ share: Math.min(1, done / total), detail });
  });
  try {
    await supply(api, job, [{ name: file.name, file }]);
    await api.call('jobs.wait', { job });
    return job;
  } finally {
    stop();
    signal.removeEventListener('abort', cancel);
  }
}

/** What every dialog that works on an offered bundle is given. */
export type OfferedBy = Pick<Offering, 'supply' | 'onJob'>;

export interface OfferedWork {
  /** Null while nothing is under way. */
  readonly reached: Reached | null;
  /** Of the last work. */
  readonly failure: FailureText | null;
  /** Works on a file; `done` hears of what the work gave. What was under way is ended, and nothing more is heard of it. */
  readonly run: <T>(work: (offering: Offering) => Promise<T>, done: (value: T) => void) => void;
  /** Ends what is under way. So does leaving. */
  readonly stop: () => void;
}

export function useOfferedWork({ supply, onJob }: OfferedBy): OfferedWork {
  const [reached, setReached] = useState<Reached | null>(null);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const ending = useRef(new AbortController());
  useEffect(() => () => ending.current.abort(), []);
  const stop = (): void => {
    ending.current.abort();
    setReached(null);
  };
  const run: OfferedWork['run'] = (work, done) => {
    stop();
    const { signal } = (ending.current = new AbortController());
    const unlessEnded =
      <V>(then: (value: V) => void) =>
      (value: V): void => {
        if (!signal.aborted) then(value);
      };
    setFailure(null);
    setReached({ share: 0, detail: '' });
    work({ supply, onJob, signal, progress: unlessEnded(setReached) }).then(
      unlessEnded((value) => {
        setReached(null);
        done(value);
      }),
      unlessEnded((error: unknown) => {
        setReached(null);
        setFailure(failureOf(error));
      }),
    );
  };
  return { reached, failure, run, stop };
}

/** The moment of a signature that is made now: RFC 3339, whole seconds. */
export const signingMoment = (): string => `${new Date().toISOString().slice(0, 19)}Z`;
