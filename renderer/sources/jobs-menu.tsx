// The jobs that run, in the top bar: how far, and a way to end them.

import type { Job } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { formatBytes, formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { Progress } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { progressLine } from './sync-text.ts';
import { jobShare } from './use-jobs.ts';

const STATES: Readonly<Record<Job['state'], string>> = {
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** Ended jobs that are still listed. */
const LISTED = 12;

export function doneText({ done, total, unit, sync }: Job): string {
  if (sync !== undefined) return progressLine(sync);
  const amount = (n: number): string => (unit === 'bytes' ? formatBytes(n) : formatCount(n));
  const name = unit === 'bytes' ? '' : ` ${unit}`;
  return total === null ? `${amount(done)}${name}` : `${amount(done)} of ${amount(total)}${name}`;
}

export interface JobsMenuProps {
  readonly jobs: readonly Job[];
  /** Shows what an import, a synchronisation or a verification brought, and a bundle that was made. */
  readonly onShow: (job: Job) => void;
}

export function JobsMenu({ jobs, onShow }: JobsMenuProps): React.JSX.Element {
  const running = jobs.filter(({ state }) => state === 'running');
  const shares = running.map(jobShare);
  const share = running.length === 1 ? (shares[0] ?? null) : null;
  const text =
    running.length === 0
      ? 'Jobs'
      : running.length === 1
        ? `${share === null ? '' : `${String(Math.floor(share * 100))} % `}${plainRecorded(running[0]!.title).slice(0, 28)}`
        : `${String(running.length)} jobs`;
  return (
    <Menu
      label="Jobs"
      text={<span className={running.length === 0 ? 'faint' : ''}>{text}</span>}
      icon="jobs"
      className={running.length === 0 ? 'jobs' : 'jobs running'}
    >
      <div className="job-list">
        {jobs.length === 0 ? <p className="soft">Nothing has run since Exhibit was started.</p> : null}
        <ul>
          {jobs.slice(0, Math.max(LISTED, running.length)).map((job) => (
            <JobRow key={job.id} job={job} onShow={onShow} />
          ))}
        </ul>
      </div>
    </Menu>
  );
}

function JobRow({ job, onShow }: { readonly job: Job; readonly onShow: (job: Job) => void }): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const { state, failure } = job;
  const shows = job.kind === 'sync' || (state === 'done' && ['import', 'sample', 'verify', 'bundle'].includes(job.kind));
  return (
    <li>
      <span className={`sign ${state === 'failed' ? 'bad' : state === 'done' ? 'good' : 'faint'}`}>
        <Icon name={state === 'failed' ? 'failed' : state === 'done' ? 'proven' : state === 'cancelled' ? 'unproven' : 'jobs'} />
      </span>
      <div>
        <p className="cut">
          <Recorded text={job.title} />
        </p>
        {state === 'running' ? <Progress share={jobShare(job)} label={plainRecorded(job.title)} /> : null}
        <p className="faint">
          {state === 'running' ? doneText(job) : `${STATES[state]}${job.sync === undefined ? '' : `, ${doneText(job)}`}`}
          {failure === null || state === 'cancelled' ? '' : `: ${plainRecorded(failure.why)}`}
          {state === 'running' && job.detail !== '' ? (
            <>
              {', '}
              <Recorded text={job.detail} />
            </>
          ) : null}
        </p>
      </div>
      {state === 'running' ? (
        <Button onClick={() => void api.call('jobs.cancel', { job: job.id }).catch(announcer.fail)}>Cancel</Button>
      ) : shows ? (
        <Button onClick={() => onShow(job)}>Show</Button>
      ) : null}
    </li>
  );
}
