// A bundle that is verified or opened by the core: the file stays here, and its bytes go range by range to the job that asks for them.

import type { Api } from '../../shared/api/contract.ts';

/** Answers the job's wishes for the bytes of these files until it has none. */
export type Supply = (api: Api, job: string, files: readonly { readonly name: string; readonly file: File }[]) => Promise<void>;

export interface Offering {
  readonly supply: Supply;
  /** The job was begun. */
  readonly onJob: (job: string) => void;
  /** Share of the work that is done, 0 to 1. */
  readonly progress: (share: number) => void;
  /** Ends the job. */
  readonly signal: AbortSignal;
}

/** Resolves with the job when it has ended, however it ended. Rejects where it cannot begin, or the file cannot be read. */
export async function offerBundle(
  api: Api,
  row: 'bundle.verifyOffered' | 'bundle.openOffered',
  file: File,
  trust: readonly string[],
  { supply, onJob, progress, signal }: Offering,
): Promise<string> {
  const { job } = await api.call(row, { name: file.name, size: file.size, trust: [...trust] });
  onJob(job);
  const cancel = (): void => {
    // One that has ended meanwhile cannot be cancelled, and need not be.
    api.call('jobs.cancel', { job }).catch(() => undefined);
  };
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel);
  const stop = api.on('job', ({ id, done, total }) => {
    if (id === job && total !== null && total > 0) progress(Math.min(1, done / total));
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
