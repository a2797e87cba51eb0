// What is proven about the open recording, what is wrong with it, and what the source said of it.

import { describePlace } from '../../shared/recording/discrepancy.ts';
import { Discrepancies, Facts, ProofCard } from '../ui/evidence.tsx';
import { formatBytes, formatCount, formatLasted, formatSome } from '../ui/format.ts';
import { openedText } from '../ui/lock.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';
import type { Detail } from './recording-data.ts';

/** Discrepancies that are listed here; the list of events has all of them. */
const LISTED = 30;

export function DetailsPanel({ detail }: { readonly detail: Detail }): React.JSX.Element {
  const { discrepancyList: list } = detail;
  const recorded = (text: string | null): React.ReactNode => (text === null ? null : <Recorded text={text} />);
  return (
    // It scrolls: the keyboard must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="details" tabIndex={0} role="region" aria-label="Details">
      <section>
        <h2 className="small">What is proven</h2>
        <ProofCard proof={detail.proof} />
      </section>
      {list.length === 0 ? null : (
        <section>
          <h2 className="small">{formatSome(detail.discrepancies, 'discrepancy', 'discrepancies')}</h2>
          <Discrepancies
            list={list.slice(0, LISTED).map(({ kind, message, place }) => ({ kind, message, place: describePlace(place) }))}
          />
        </section>
      )}
      <section>
        <h2 className="small">Recording</h2>
        <Facts
          facts={[
            ['Started', <Instant key="started" at={detail.startedAt} digits={3} />],
            ['Duration', formatLasted(detail.durationUs)],
            ['Ended', detail.exitStatus === null ? 'no exit recorded' : `exit status ${String(detail.exitStatus)}`],
            ['User', recorded(detail.user)],
            ['Server', recorded(detail.server)],
            ['Command', recorded(detail.command)],
            ['Opened with', recorded(detail.openedWith === null ? null : openedText(detail.openedWith))],
            ['Group', recorded(detail.group)],
            ['Environment', recorded(detail.environment)],
            [
              'Screen',
              `${String(detail.cols)} × ${String(detail.rows)} ${detail.sizeAssumed ? 'assumed: the recording does not say' : 'at the start'}`,
            ],
            ['Events', formatCount(detail.events)],
            ['Data', `${formatBytes(detail.stdoutBytes + detail.stderrBytes)} output, ${formatBytes(detail.stdinBytes)} input`],
            ['Source', recorded(detail.source)],
            ['Format', detail.format],
            ['Acquired', <Instant key="acquired" at={detail.acquiredAt} />],
            [
              'ID',
              <span key="id" className="mono">
                {detail.id}
              </span>,
            ],
            [
              'Tree root',
              <span key="root" className="mono hash">
                {detail.root}
              </span>,
            ],
          ]}
        />
      </section>
    </div>
  );
}
