// An import under way, and what it brought: each file with what was kept, what was known already, what was refused and why.

import { useCallback, useState } from 'react';
import type { ImportResult, Job } from '../../shared/api/shapes.ts';
import { describePlace } from '../../shared/recording/discrepancy.ts';
import { useApi } from '../api.ts';
import { useAnswer } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Discrepancies } from '../ui/evidence.tsx';
import { formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { JobDialog } from '../ui/job-dialog.tsx';
import { FailureNotice, Progress, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { doneText } from './jobs-menu.tsx';
import { jobShare } from './use-jobs.ts';

export interface ImportDialogProps {
  readonly job: Job;
  readonly onClose: () => void;
  readonly onOpen: (session: string) => void;
}

export function ImportDialog({ job, onClose, onOpen }: ImportDialogProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const running = job.state === 'running';
  return (
    <JobDialog
      onCancel={() => void api.call('jobs.cancel', { job: job.id }).catch(announcer.fail)}
      running={running}
      title={running ? 'Importing' : 'Import'}
      onClose={onClose}
      className="import"
      note="Closing this does not stop the import."
      cancel="Cancel the import"
    >
      {running ? (
        <div className="under-way">
          <p className="cut">
            <Recorded text={job.detail === '' ? job.title : job.detail} />
          </p>
          <Progress share={jobShare(job)} label="Import" />
          <p className="soft">{doneText(job)}</p>
        </div>
      ) : job.state === 'failed' && job.failure !== null ? (
        <FailureNotice failure={job.failure} />
      ) : (
        <Results job={job} onOpen={onOpen} />
      )}
    </JobDialog>
  );
}

type Kind = 'kept' | 'known' | 'refused' | 'left' | 'passed';

/** What became of an input. `left`: the import was cancelled before its end. `passed`: found in a folder or an archive, and no recording. */
export function kindOf({ failure, known, asked, sessionIds }: ImportResult): Kind {
  if (failure?.kind === 'cancelled') return 'left';
  if (failure !== null) return asked ? 'refused' : 'passed';
  if (known) return 'known';
  return sessionIds.length === 0 ? 'passed' : 'kept';
}

export function summary(results: readonly ImportResult[]): string {
  const counts = Map.groupBy(results, kindOf);
  const count = (kind: Kind): number => counts.get(kind)?.length ?? 0;
  const kept = (counts.get('kept') ?? []).reduce((sum, { sessionIds }) => sum + sessionIds.length, 0);
  const discrepancies = results.reduce((sum, one) => sum + one.discrepancies.length, 0);
  const parts = [
    `${formatSome(kept, 'session')} imported`,
    count('known') > 0 ? `${formatSome(count('known'), 'file')} known already` : '',
    count('refused') > 0 ? `${formatSome(count('refused'), 'file')} refused` : '',
    count('left') > 0 ? `${formatSome(count('left'), 'file')} left out` : '',
    count('passed') > 0 ? `${formatSome(count('passed'), 'other file')} passed over` : '',
    discrepancies > 0 ? formatSome(discrepancies, 'discrepancy', 'discrepancies') : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Results that are shown at once. */
const SHOWN = 200;

function Results({ job, onOpen }: { readonly job: Job; readonly onOpen: (session: string) => void }): React.JSX.Element {
  const api = useApi();
  const [shown, setShown] = useState(SHOWN);
  const { value, failure, slow, again } = useAnswer(
    useCallback(() => api.call('import.results', { job: job.id }), [api, job.id]),
  );
  if (failure !== null) return <FailureNotice failure={failure} again={again} />;
  if (value === null) return slow ? <Skeleton lines={6} /> : <div />;
  const order: readonly Kind[] = ['refused', 'left', 'kept', 'known', 'passed'];
  const sorted = value.toSorted((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)));
  return (
    <>
      <p className="sum" role="status">
        {`${job.state === 'cancelled' ? 'Cancelled. ' : ''}${summary(value)}.`}
      </p>
      <ul className="results">
        {sorted.slice(0, shown).map((result, i) => (
          <ResultRow key={i} result={result} onOpen={onOpen} />
        ))}
      </ul>
      {sorted.length > shown ? <Button onClick={() => setShown(shown + SHOWN)}>Show more</Button> : null}
    </>
  );
}

const SIGNS = {
  kept: { icon: 'proven', className: 'good', word: 'Imported' },
  known: { icon: 'unproven', className: 'faint', word: 'Known already' },
  refused: { icon: 'failed', className: 'bad', word: 'Refused' },
  left: { icon: 'unproven', className: 'bad', word: 'Left out' },
  passed: { icon: 'unproven', className: 'faint', word: 'Passed over' },
} as const;

function ResultRow({
  result,
  onOpen,
}: {
  readonly result: ImportResult;
  readonly onOpen: (session: string) => void;
}): React.JSX.Element {
  const { icon, className, word } = SIGNS[kindOf(result)];
  const [session] = result.sessionIds;
  return (
    <li>
      <span className={`sign ${className}`}>
        <Icon name={icon} />
      </span>
      <div>
        <p className="file">
          <Recorded text={result.path} />
        </p>
        <p className="soft">
          {word}
          {result.format === null ? '' : `, ${result.format}`}
          {result.sessionIds.length > 1 ? `, ${formatSome(result.sessionIds.length, 'session')}` : ''}
          {result.failure === null ? null : (
            <>
              {': '}
              <Recorded text={result.failure.why} />
            </>
          )}
        </p>
        {result.discrepancies.length === 0 ? null : (
          <Discrepancies
            list={result.discrepancies.map(({ kind, message, place }) => ({
              kind,
              message,
              place: describePlace(place),
            }))}
          />
        )}
      </div>
      {session === undefined ? null : <Button onClick={() => onOpen(session)}>Open</Button>}
    </li>
  );
}
