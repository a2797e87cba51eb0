// What ends soon: recordings by the end of their retention, those first that end first, held ones marked.

import { useCallback, useState } from 'react';
import type { DueRecording, RetentionClock } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { SelectField } from '../ui/fields.tsx';
import { epochOf, formatCount, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { RecordedLine } from '../ui/recorded.tsx';
import { endsSoon, formatLeft } from '../ui/time-left.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { Instant } from '../ui/zone.tsx';
import { useRetained } from './use-retention.ts';

const ROW = 32;

/** The most that one answer brings. */
const MOST = 1000;

const DAY = 86_400_000;

const SPANS: readonly (readonly [string, string])[] = [
  ['0', 'past their time'],
  ['7', 'within 7 days'],
  ['30', 'within 30 days'],
  ['90', 'within 90 days'],
  ['366', 'within a year'],
];

export interface DueProps {
  readonly clock: RetentionClock;
  readonly onOpen: (session: string) => void;
}

export function Due({ clock, onOpen }: DueProps): React.JSX.Element {
  const api = useApi();
  const [span, setSpan] = useState('30');
  const nowUs = epochOf(clock.confirmed) ?? 0;
  const before = new Date(Math.floor(nowUs / 1000) + Number(span) * DAY).toISOString();
  const { value, failure, slow, again } = useRetained(
    api,
    useCallback(() => api.call('retention.due', { before, limit: MOST }), [api, before]),
  );
  return (
    <div className="due">
      <div className="lead">
        <SelectField label="Retention ends" value={span} onValue={setSpan} options={SPANS} />
        <p className="soft" role="status">
          {value === null
            ? ''
            : `${formatSome(value.total, 'recording')}${value.total > value.recordings.length ? `; the first ${formatCount(value.recordings.length)} are listed` : ''}`}
        </p>
      </div>
      {failure !== null ? (
        <FailureNotice failure={failure} again={again} />
      ) : value === null ? (
        slow ? (
          <Skeleton lines={8} />
        ) : null
      ) : value.recordings.length === 0 ? (
        <Empty icon="retention" title="None ends in that time" />
      ) : (
        <>
          <div className="due-head" aria-hidden="true">
            <span>Time left</span>
            <span>Session</span>
            <span>Source</span>
            <span>Ends</span>
            <span>Held by</span>
          </div>
          <VirtualList
            label="Recordings whose retention ends"
            className="due-list"
            items={value.recordings}
            height={() => ROW}
            onChoose={({ session }) => onOpen(session)}
            row={(one) => <Row due={one} nowUs={nowUs} />}
          />
        </>
      )}
    </div>
  );
}

function Row({ due, nowUs }: { readonly due: DueRecording; readonly nowUs: number }): React.JSX.Element {
  const { title, session, source, until, heldBy } = due;
  const end = epochOf(until);
  const left = end === null ? null : end - nowUs;
  const held = heldBy.length > 0;
  return (
    <>
      <span className={!held && endsSoon(left) ? 'caution' : ''}>
        {left === null ? 'unknown' : left > 0 ? formatLeft(left) : held ? 'past' : 'next sweep'}
      </span>
      <RecordedLine text={title ?? session} />
      <RecordedLine className="soft" text={source} />
      <span className="soft">
        <Instant at={until} />
      </span>
      <span className="cut">
        {held ? (
          <span className="badge held">
            <Icon name="hold" />
            {heldBy.join(', ')}
          </span>
        ) : (
          <span className="faint">none</span>
        )}
      </span>
    </>
  );
}
