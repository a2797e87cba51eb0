// Long work that the core does: what runs, how far it is, what has ended.

import { useEffect, useState } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import type { Job } from '../../shared/api/shapes.ts';

/** Jobs by start, newest first. */
export function useJobs(api: Api, onEnd: (job: Job) => void): readonly Job[] {
  const [jobs, setJobs] = useState<ReadonlyMap<string, Job>>(new Map());
  useEffect(() => {
    let current = true;
    const stop = api.on('job', (job) => {
      setJobs((known) => new Map(known).set(job.id, job));
      if (job.state !== 'running') onEnd(job);
    });
    api.call('jobs.list', null).then(
      (all) => {
        // News that came meanwhile is newer.
        if (current) setJobs((known) => new Map([...all.map((job) => [job.id, job] as const), ...known]));
      },
      () => {
        // Locked: there are no jobs to show.
      },
    );
    return () => {
      current = false;
      stop();
    };
  }, [api, onEnd]);
  return [...jobs.values()].reverse();
}

/** How far a job is, 0 to 1; null while unknown. */
export const jobShare = ({ done, total }: Job): number | null =>
  total === null || total === 0 ? null : Math.min(1, done / total);
