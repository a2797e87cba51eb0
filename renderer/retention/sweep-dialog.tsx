// What the next sweep does: told first, done only when somebody wants it before its hour. It takes what is past and not held, nothing else.

import { useCallback, useState } from 'react';
import type { DueRecording, SweepReport } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer, useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { FailureNotice, Notice, Progress } from '../ui/notice.tsx';
import { Recorded, RecordedLine } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';

export interface SweepDialogProps {
  readonly onCertificates: () => void;
  readonly onClose: () => void;
}

/** What was purged has no title any more: it is called as it was before. */
function named(done: SweepReport, plan: SweepReport | null): SweepReport {
  const titles = new Map(plan?.purged.map(({ session, title }) => [session, title]));
  return { ...done, purged: done.purged.map((one) => ({ ...one, title: one.title ?? titles.get(one.session) ?? null })) };
}

/** Recordings that are named. */
const NAMED = 100;

export function SweepDialog({ onCertificates, onClose }: SweepDialogProps): React.JSX.Element {
  const api = useApi();
  const sweep = useCallback(
    async (dryRun: boolean): Promise<SweepReport> => {
      const { job } = await api.call('retention.sweep', { dryRun });
      const { failure } = await api.call('jobs.wait', { job });
      // oxlint-disable-next-line typescript/only-throw-error
      if (failure !== null) throw failure;
      return api.call('retention.sweepReport', { job });
    },
    [api],
  );
  const plan = useAnswer(useCallback(() => sweep(true), [sweep]));
  const [done, setDone] = useState<SweepReport | null>(null);
  const { busy, failure, ask } = useRequest(setDone);
  const report = done === null ? plan.value : named(done, plan.value);
  const purges = report?.purged.length ?? 0;
  return (
    <Dialog
      title={done === null ? 'What the next sweep does' : 'The sweep is done'}
      onClose={onClose}
      className="sweep"
      footer={
        <>
          {done === null ? (
            <span className="note">It runs by itself every hour while Exhibit is open.</span>
          ) : purges === 0 ? null : (
            <Button icon="certificate" onClick={onCertificates}>
              Show the certificates
            </Button>
          )}
          <Button {...(done === null ? {} : { look: 'primary' as const })} onClick={onClose}>
            Close
          </Button>
          {done === null && purges > 0 ? (
            <Button look="danger" disabled={busy} onClick={() => ask(() => sweep(false))}>
              {`Sweep now, and purge ${formatCount(purges)}`}
            </Button>
          ) : null}
        </>
      }
    >
      <div className="said">
        {plan.failure !== null ? <FailureNotice failure={plan.failure} again={plan.again} /> : null}
        {failure === null ? null : <FailureNotice failure={failure} />}
        {report === null || busy ? (
          plan.failure === null ? (
            <div className="under-way" role="status">
              <p>{busy ? 'Purging, and writing certificates …' : 'Looking for what is past its retention …'}</p>
              <Progress share={null} label="Sweep" />
            </div>
          ) : null
        ) : (
          <Report report={report} />
        )}
      </div>
    </Dialog>
  );
}

function Report({ report }: { readonly report: SweepReport }): React.JSX.Element {
  const { dryRun, purged, held, unconfirmed, clock } = report;
  return (
    <>
      <Notice tone={purged.length === 0 ? 'good' : dryRun ? 'caution' : 'plain'}>
        <p role="status">
          <strong>
            {purged.length === 0
              ? dryRun
                ? 'It purges nothing.'
                : 'Nothing was purged.'
              : dryRun
                ? `It purges ${formatSome(purged.length, 'recording')}, for good.`
                : `${formatSome(purged.length, 'recording')} ${purged.length === 1 ? 'was' : 'were'} purged, each with a signed certificate.`}
          </strong>{' '}
          {held.length === 0
            ? ''
            : `${formatSome(held.length, 'recording')} past ${held.length === 1 ? 'its' : 'their'} time ${held.length === 1 ? 'stays' : 'stay'}: held.`}
        </p>
      </Notice>
      {unconfirmed === 0 ? null : (
        <Notice tone="caution">
          {`${formatSome(unconfirmed, 'recording')} more would be past by this computer’s clock, which is not confirmed: ${unconfirmed === 1 ? 'it stays' : 'they stay'}.`}
        </Notice>
      )}
      <Listed title={dryRun ? 'Goes' : 'Purged'} recordings={purged} />
      <Listed title="Stays, held" recordings={held} />
      <p className="faint">
        By <Instant at={clock.confirmed} />, confirmed by <Recorded text={clock.by} />.
      </p>
    </>
  );
}

function Listed({
  title,
  recordings,
}: {
  readonly title: string;
  readonly recordings: readonly DueRecording[];
}): React.JSX.Element | null {
  if (recordings.length === 0) return null;
  return (
    <section className="swept">
      <h3>{`${title} (${formatCount(recordings.length)})`}</h3>
      <ul>
        {recordings.slice(0, NAMED).map(({ session, title: name, source, until, heldBy }) => (
          <li key={session}>
            <RecordedLine text={name ?? session} />
            <RecordedLine className="soft" text={heldBy.length === 0 ? source : `${source}, ${heldBy.join(', ')}`} />
            <span className="soft">
              <Instant at={until} />
            </span>
          </li>
        ))}
      </ul>
      {recordings.length > NAMED ? <p className="faint">{`The first ${formatCount(NAMED)} are listed.`}</p> : null}
    </section>
  );
}
