// A synchronisation under way, and its report: each session with what became of it, its discrepancies, and where it failed why.

import { useCallback, useState } from 'react';
import type { Job } from '../../shared/api/shapes.ts';
import type { SyncReport, SyncedSession } from '../../shared/api/source-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { JobDialog } from '../ui/job-dialog.tsx';
import { Empty, FailureNotice, Progress, Skeleton, sentence } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { SignText } from './sign.tsx';
import { SyncNumbers } from './sync-strip.tsx';
import { OUTCOMES, SESSION_OUTCOMES, outcomeCounts, progressFacts, reportSummary, sortedReport, syncShare } from './sync-text.ts';

export interface SyncDialogProps {
  readonly job: Job;
  readonly onClose: () => void;
  readonly onOpen: (session: string) => void;
}

export function SyncDialog({ job, onClose, onOpen }: SyncDialogProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const running = job.state === 'running';
  return (
    <JobDialog
      onCancel={() => void api.call('jobs.cancel', { job: job.id }).catch(announcer.fail)}
      running={running}
      title={running ? 'Synchronising' : 'Synchronisation'}
      onClose={onClose}
      className="sync"
      note="Closing this does not stop it. What has come is kept, also when it is cancelled."
      cancel="Cancel it"
    >
      {running ? (
        <div className="under-way">
          <p className="cut">
            <strong>
              <Recorded text={job.title} />
            </strong>
          </p>
          <Progress share={syncShare(job)} label={plainRecorded(job.title)} />
          {job.sync === undefined ? null : <SyncNumbers facts={progressFacts(job.sync)} />}
          <p className="soft cut">
            <Recorded text={job.detail} />
          </p>
        </div>
      ) : (
        <Report job={job} onOpen={onOpen} />
      )}
    </JobDialog>
  );
}

/** Sessions that are shown at once. */
const SHOWN = 200;

function Report({ job, onOpen }: { readonly job: Job; readonly onOpen: (session: string) => void }): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useAnswer(useCallback(() => api.call('sync.report', { job: job.id }), [api, job.id]));
  if (failure !== null) {
    return (
      <>
        {job.failure === null ? null : <FailureNotice failure={job.failure} />}
        <FailureNotice failure={failure} again={again} />
      </>
    );
  }
  if (value === null) return slow ? <Skeleton lines={6} /> : <div />;
  return (
    <>
      {/* A source that failed says so itself. */}
      {job.failure === null || value.sources.some((one) => one.failure !== null) ? null : <FailureNotice failure={job.failure} />}
      <ul className="source-outcomes">
        {value.sources.map(({ name, outcome, failure: why }) => (
          <li key={name}>
            <p className="joined">
              <strong>
                <Recorded text={name} />
              </strong>
              <SignText sign={OUTCOMES[outcome]} />
            </p>
            {why === null ? null : <FailureNotice failure={why} />}
          </li>
        ))}
      </ul>
      <p className="sum" role="status">{`${reportSummary(value)}.`}</p>
      {value.sessions.length === 0 ? null : <Sessions report={value} onOpen={onOpen} />}
    </>
  );
}

function Sessions({
  report,
  onOpen,
}: {
  readonly report: SyncReport;
  readonly onOpen: (session: string) => void;
}): React.JSX.Element {
  const counts = outcomeCounts(report);
  const [without, setWithout] = useState<readonly SyncedSession['outcome'][]>(counts.length > 1 ? ['unchanged'] : []);
  const [shown, setShown] = useState(SHOWN);
  const listed = sortedReport(report).filter(({ outcome }) => !without.includes(outcome));
  const several = report.sources.length > 1;
  return (
    <>
      <div className="kinds" role="group" aria-label="Outcomes">
        {counts.map(([outcome, n]) => (
          <button
            key={outcome}
            type="button"
            className="button quiet"
            aria-pressed={!without.includes(outcome)}
            onClick={() =>
              setWithout(without.includes(outcome) ? without.filter((one) => one !== outcome) : [...without, outcome])
            }
          >
            {SESSION_OUTCOMES[outcome].word}
            <span className="faint">{formatCount(n)}</span>
          </button>
        ))}
      </div>
      {listed.length === 0 ? (
        <Empty icon="filter" title="No session of these outcomes is shown" />
      ) : (
        <table className="report">
          <caption className="unseen">Sessions of this synchronisation</caption>
          <thead>
            <tr>
              <th scope="col">Outcome</th>
              <th scope="col">Session</th>
              <th scope="col" className="end">
                Events
              </th>
              <th scope="col" className="end">
                Discrepancies
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {listed.slice(0, shown).map((one) => (
              <SessionRow key={`${one.source} ${one.nativeId}`} one={one} several={several} onOpen={onOpen} />
            ))}
          </tbody>
        </table>
      )}
      {listed.length > shown ? (
        <Button
          onClick={() => setShown(shown + SHOWN)}
        >{`Show ${formatCount(Math.min(SHOWN, listed.length - shown))} more`}</Button>
      ) : null}
    </>
  );
}

interface RowProps {
  readonly one: SyncedSession;
  readonly several: boolean;
  readonly onOpen: (session: string) => void;
}

function SessionRow({ one, several, onOpen }: RowProps): React.JSX.Element {
  const { outcome, nativeId, source, events, discrepancies, failure, id } = one;
  return (
    <tr>
      <td>
        <SignText sign={SESSION_OUTCOMES[outcome]} />
      </td>
      <td>
        <span className="mono">
          <Recorded text={nativeId} />
        </span>
        {several ? (
          <span className="faint">
            {' of '}
            <Recorded text={source} />
          </span>
        ) : null}
        {failure === null ? null : (
          <p className="why">
            <Recorded text={sentence(failure.why)} />
            {failure.todo === '' ? null : <span className="soft">{` ${sentence(failure.todo)}`}</span>}
          </p>
        )}
      </td>
      <td className="end">{events === 0 ? <span className="faint">–</span> : formatCount(events)}</td>
      <td className="end">
        {discrepancies === 0 ? (
          <span className="faint">–</span>
        ) : (
          <span className="badge caution" title={formatSome(discrepancies, 'discrepancy', 'discrepancies')}>
            {formatCount(discrepancies)}
          </span>
        )}
      </td>
      <td className="end">
        {id === null ? null : (
          <Button look="quiet" aria-label={`Open session ${plainRecorded(nativeId)}`} onClick={() => onOpen(id)}>
            Open
          </Button>
        )}
      </td>
    </tr>
  );
}
