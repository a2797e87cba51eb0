// Whether a case can be read without a network: five checks and the time that is left for each of its recordings, found out by opening them,
// one action that does what is missing, and a signed receipt.

import { useCallback, useEffect, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import type { Readiness as Row } from '../../shared/api/retention-shapes.ts';
import type { Job } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { useAnswer, useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice, Notice, Progress, Skeleton } from '../ui/notice.tsx';
import { Recorded, RecordedLine, plainRecorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { KeptAtSource, KeptHere } from '../ui/retention-mark.tsx';
import { sessionName } from '../ui/session-name.ts';
import { Instant } from '../ui/zone.tsx';
import { SignedText } from './certificates.tsx';

type Check = 'cached' | 'grant' | 'decrypts' | 'indexed' | 'permission';

/** In the order in which each needs the one before it. */
export const CHECKS: readonly (readonly [Check, string])[] = [
  ['cached', 'Here'],
  ['grant', 'Key'],
  ['decrypts', 'Opens'],
  ['indexed', 'Searchable'],
  ['permission', 'Allowed'],
];

export interface ReadinessProps {
  readonly caseId: string;
  readonly jobs: readonly Job[];
  readonly onOpen: (session: string) => void;
}

export function Readiness({ caseId, jobs, onOpen }: ReadinessProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const { value, failure, slow, waiting, again } = useAnswer(
    useCallback(() => api.call('ready.show', { case: caseId }), [api, caseId]),
  );
  const [started, setStarted] = useState<string | null>(null);
  const job = jobs.find(({ id }) => id === started) ?? null;
  const running = job?.state === 'running';
  const ended = started !== null && job !== null && !running;
  useEffect(() => {
    if (ended) again();
  }, [ended, again]);
  const making = useRequest(({ job: id }: Output<'ready.make'>) => setStarted(id));
  const [receipt, setReceipt] = useState<Output<'ready.receipt'> | null>(null);
  const signing = useRequest((made: Output<'ready.receipt'>) => {
    setReceipt(made);
    // Both files are saved from the text that is shown.
    api.call('export.close', { ticket: made.ticket }).catch(announcer.fail);
  });
  const make = (): void => making.ask(() => api.call('ready.make', { case: caseId }));
  const sign = (): void => signing.ask(() => api.call('ready.receipt', { case: caseId }));
  const busy = running || making.busy || waiting;
  const group = 'Case';
  useActions([
    { id: 'case.make-ready', group, label: 'Make the case ready to be read offline', keys: ['m'], enabled: !busy, run: make },
    { id: 'case.ready-again', group, label: 'Check again whether the case is ready', keys: ['v'], enabled: !busy, run: again },
    { id: 'case.receipt', group, label: 'Sign a receipt of what is ready …', keys: ['s'], enabled: !busy, run: sign },
  ]);
  if (value === null)
    return (
      <div className="readiness">
        {failure !== null ? (
          <FailureNotice failure={failure} again={again} />
        ) : slow ? (
          <>
            <p className="soft" role="status">
              Opening a part of each recording …
            </p>
            <Skeleton lines={8} />
          </>
        ) : null}
      </div>
    );
  const { sessions, ready, at } = value;
  if (sessions.length === 0)
    return (
      <Empty icon="offline" title="Nothing to make ready">
        <p>When the case has exhibits, this page tells which of them can be read without a network.</p>
      </Empty>
    );
  const good = sessions.filter((one) => one.ready).length;
  return (
    <div className="readiness">
      {failure === null ? null : <FailureNotice failure={failure} again={again} />}
      <div className="ready-head">
        <div className={`ready-word ${ready ? 'good' : 'caution'}`} role="status">
          <Icon name={ready ? 'proven' : 'warning'} />
          <div>
            <strong>
              {ready
                ? `The case can be read without a network`
                : `${formatCount(good)} of ${formatSome(sessions.length, 'recording')} can be read without a network`}
            </strong>
            <p className="soft">
              Checked <Instant at={at} /> by opening payloads of each.
            </p>
          </div>
        </div>
        <div className="buttons">
          <Button icon="refresh" title="Check again (V)" disabled={busy} onClick={again}>
            {waiting && !running ? 'Checking …' : 'Check again'}
          </Button>
          <Button icon="certificate" title="Sign a receipt (S)" disabled={busy || signing.busy} onClick={sign}>
            Receipt …
          </Button>
          {ready ? null : (
            <Button look="primary" icon="sync" title="Make the case ready (M)" disabled={busy} onClick={make}>
              Make it ready
            </Button>
          )}
        </div>
      </div>
      {running ? <UnderWay job={job} /> : null}
      {making.failure === null ? null : <FailureNotice failure={making.failure} />}
      {signing.failure === null ? null : <FailureNotice failure={signing.failure} />}
      {ended ? <Ended job={job} ready={ready} left={sessions.length - good} /> : null}
      <table className="retention-table ready-table">
        <thead>
          <tr>
            <th scope="col">Recording</th>
            {CHECKS.map(([check, word]) => (
              <th key={check} scope="col" className="check-head">
                {word}
              </th>
            ))}
            <th scope="col">At the source</th>
            <th scope="col">Time left here</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((one) => (
            <SessionRow key={one.session} row={one} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
      {receipt === null ? null : (
        <SignedText
          title="Receipt"
          what="the receipt"
          name={receipt.fileName}
          text={receipt.text}
          signature={receipt.signature}
          namespace="exhibit-ready"
          onClose={() => setReceipt(null)}
        >
          <p>It says what was ready on this device, and when, signed by the device’s key. It is entered in the custody log.</p>
        </SignedText>
      )}
    </div>
  );
}

function SessionRow({ row, onOpen }: { readonly row: Row; readonly onOpen: (session: string) => void }): React.JSX.Element {
  const { session, title, source, sourceUntil, libraryUntil, held, ready } = row;
  const name = sessionName({ title, id: session });
  const mark = { sourceUntil, libraryUntil, held, goneAtSource: false, purgedAt: null };
  const lacks = CHECKS.filter(([check]) => !row[check].ready);
  return (
    <tr>
      <th scope="row">
        <button type="button" className="link cut" onClick={() => onOpen(session)}>
          <RecordedLine text={name} />
        </button>
        <p>
          <RecordedLine className="soft" text={source} />
        </p>
        {ready ? null : (
          <ul className="lacks">
            {lacks.map(([check, word]) => (
              <li key={check}>
                <span className="caution">{`${word}: `}</span>
                <Recorded text={row[check].why} />
              </li>
            ))}
          </ul>
        )}
      </th>
      {CHECKS.map(([check, word]) => (
        <td key={check} className={`check-cell ${row[check].ready ? 'good' : 'bad'}`} title={plainRecorded(row[check].why)}>
          <Icon name={row[check].ready ? 'proven' : 'failed'} />
          <span className="unseen">{`${word}: ${row[check].ready ? 'yes' : 'no'}`}</span>
        </td>
      ))}
      <td>
        <KeptAtSource mark={mark} />
      </td>
      <td>
        <KeptHere mark={mark} />
      </td>
    </tr>
  );
}

function UnderWay({ job }: { readonly job: Job }): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const share = job.total === null || job.total === 0 ? null : Math.min(1, job.done / job.total);
  return (
    <div className="under-way ready-job">
      <p role="status">
        <strong>Making it ready</strong>
        <span className="soft">
          {job.detail === '' ? '' : ': '}
          <Recorded text={job.detail} />
        </span>
      </p>
      <Button onClick={() => void api.call('jobs.cancel', { job: job.id }).catch(announcer.fail)}>Cancel</Button>
      <Progress share={share} label="Making the case ready" />
    </div>
  );
}

function Ended({
  job,
  ready,
  left,
}: {
  readonly job: Job;
  readonly ready: boolean;
  readonly left: number;
}): React.JSX.Element | null {
  if (job.failure !== null) return <FailureNotice failure={job.failure} />;
  if (job.state === 'cancelled')
    return <Notice tone="plain">It was cancelled. What was fetched and indexed until then is kept.</Notice>;
  if (ready) return null;
  return (
    <Notice tone="caution">
      {`What could be done is done. ${formatSome(left, 'recording')} ${left === 1 ? 'lacks' : 'lack'} something that only its owner or its source can give: the reason stands with it.`}
    </Notice>
  );
}
