// The synchronisation under way, or how the last one of this start ended: above the sources, with its numbers and a way to end it.

import type { Job } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Progress } from '../ui/notice.tsx';
import { Recorded, RecordedLine, plainRecorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { progressFacts, progressLine, syncShare } from './sync-text.ts';

export interface SyncStripProps {
  /** Newest first. */
  readonly jobs: readonly Job[];
  readonly onShow: (job: Job) => void;
}

export function SyncStrip({ jobs, onShow }: SyncStripProps): React.JSX.Element | null {
  const syncs = jobs.filter(({ kind }) => kind === 'sync');
  const running = syncs.filter(({ state }) => state === 'running');
  const last = syncs[0];
  if (running.length > 0) {
    return (
      <section className="sync-strip" aria-label="Latest synchronisation">
        {running.map((job) => (
          <Running key={job.id} job={job} onShow={onShow} />
        ))}
      </section>
    );
  }
  if (last === undefined) return null;
  return (
    <section className="sync-strip ended" aria-label="Latest synchronisation">
      <Ended job={last} onShow={onShow} />
    </section>
  );
}

function Running({ job, onShow }: { readonly job: Job; readonly onShow: (job: Job) => void }): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  return (
    <div className="running-sync">
      <header>
        <strong className="cut">
          <Recorded text={job.title} />
        </strong>
        <RecordedLine className="soft" text={job.detail} />
        <Button look="quiet" onClick={() => onShow(job)}>
          Details
        </Button>
        <Button onClick={() => void api.call('jobs.cancel', { job: job.id }).catch(announcer.fail)}>Cancel</Button>
      </header>
      <Progress share={syncShare(job)} label={plainRecorded(job.title)} />
      {job.sync === undefined ? null : <SyncNumbers facts={progressFacts(job.sync)} />}
    </div>
  );
}

export function SyncNumbers({ facts }: { readonly facts: readonly (readonly [string, string])[] }): React.JSX.Element {
  return (
    <dl className="numbers">
      {facts.map(([name, value]) => (
        <div key={name} className={name === 'Failed' ? 'bad' : ''}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const ENDS = {
  done: { icon: 'proven', className: 'good', word: 'Synchronised' },
  failed: { icon: 'failed', className: 'bad', word: 'The synchronisation failed' },
  cancelled: { icon: 'unproven', className: 'faint', word: 'The synchronisation was cancelled' },
} as const;

const IN_PART = { icon: 'warning', className: 'caution', word: 'Synchronised in part' } as const;

function Ended({ job, onShow }: { readonly job: Job; readonly onShow: (job: Job) => void }): React.JSX.Element | null {
  if (job.state === 'running') return null;
  const { icon, className, word } = job.state === 'done' && (job.sync?.failed ?? 0) > 0 ? IN_PART : ENDS[job.state];
  return (
    <>
      <span className={`sign ${className}`}>
        <Icon name={icon} />
      </span>
      <span className="cut">
        <strong>{word}</strong>
        {job.failure !== null ? (
          <>
            {': '}
            <Recorded text={job.failure.why} />
          </>
        ) : job.sync === undefined ? null : (
          `: ${progressLine(job.sync)}`
        )}
      </span>
      <Button onClick={() => onShow(job)}>Show the report</Button>
    </>
  );
}
