// The columns of the history: what each shows, how wide it is, what it sorts by.

import type { HistoryRow } from '../../shared/api/history-shapes.ts';
import { epochOf, formatCount, formatDuration, formatWall, spokenDuration, type Zone } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { lockLook } from '../ui/lock.tsx';
import { RecordedLine, plainRecorded } from '../ui/recorded.tsx';
import type { HeadedColumn } from '../ui/table-parts.tsx';
import { TimeLeft } from '../ui/time-left.tsx';
import { MATCH_WORDS, RECORDING_LOOKS, rowName } from './history-text.ts';
import type { HistorySort } from './view.ts';

export interface RowContext {
  readonly zone: Zone;
  /** By which recordings end, in microseconds since 1970 UTC; null while it is not known. */
  readonly now: number | null;
}

export interface Column extends HeadedColumn<HistorySort> {
  /** A grid track. */
  readonly width: string;
  readonly byDefault?: boolean;
  readonly cell: (row: HistoryRow, context: RowContext) => React.ReactNode;
}

const NONE = <span className="faint">–</span>;

const text = (value: string | null): React.ReactNode => (value === null || value === '' ? NONE : <RecordedLine text={value} />);

const instant = (at: string | null, zone: Zone): React.ReactNode => {
  const epoch = at === null ? null : epochOf(at);
  return epoch === null ? NONE : formatWall(epoch, zone);
};

/** Where the recording is, and what keeps it from being played or from going. Each mark has its own sign and its word. */
export function RecordingMark({ row }: { readonly row: HistoryRow }): React.JSX.Element {
  const { recording, lock, retention } = row;
  const { icon, label, note } = RECORDING_LOOKS[recording];
  const locked = recording === 'here' && lock?.state === 'locked';
  return (
    <span className="recording-mark" data-state={locked ? 'locked' : recording}>
      <span className="what" title={locked ? plainRecorded(`Locked: ${lock.reason}`) : note}>
        <Icon name={locked ? lockLook(lock).icon : icon} />
        <span className="cut">{locked ? 'Locked' : label}</span>
      </span>
      {retention.held ? (
        <span className="badge" title="Under a legal hold: not purged here">
          <Icon name="hold" />
          <span className="unseen">Under a legal hold</span>
        </span>
      ) : null}
      {retention.goneAtSource ? (
        <span className="badge" title="The source has it no more; the library lawfully holds it">
          <Icon name="gone" />
          <span className="unseen">Gone at the source</span>
        </span>
      ) : null}
    </span>
  );
}

export const COLUMNS: readonly Column[] = [
  {
    name: 'name',
    label: 'Target',
    width: 'minmax(8rem, 1.6fr)',
    sort: 'target',
    byDefault: true,
    cell: (row) => text(rowName(row)),
  },
  {
    name: 'recording',
    label: 'Recording',
    width: '10.5rem',
    byDefault: true,
    cell: (row) => <RecordingMark row={row} />,
  },
  {
    name: 'started',
    label: 'Started',
    width: '9.75rem',
    sort: 'started',
    descendingFirst: true,
    byDefault: true,
    zoned: true,
    cell: ({ startedAt }, { zone }) => instant(startedAt, zone),
  },
  {
    name: 'ended',
    label: 'Ended',
    width: '9.75rem',
    sort: 'ended',
    descendingFirst: true,
    zoned: true,
    cell: ({ endedAt }, { zone }) => instant(endedAt, zone),
  },
  {
    name: 'duration',
    label: 'Duration',
    width: '5.75rem',
    sort: 'duration',
    descendingFirst: true,
    byDefault: true,
    cell: ({ durationUs, sessionId }) =>
      durationUs === null || (durationUs === 0 && sessionId !== null) ? (
        NONE
      ) : (
        <>
          <span aria-hidden="true">{formatDuration(durationUs)}</span>
          <span className="unseen">{spokenDuration(durationUs)}</span>
        </>
      ),
  },
  {
    name: 'initiator',
    label: 'Initiator',
    width: 'minmax(5.5rem, 1fr)',
    sort: 'initiator',
    byDefault: true,
    cell: ({ initiator }) => text(initiator),
  },
  {
    name: 'environment',
    label: 'Environment',
    width: 'minmax(5.75rem, 0.8fr)',
    sort: 'environment',
    byDefault: true,
    cell: ({ environment }) => text(environment),
  },
  { name: 'mode', label: 'Mode', width: '6rem', sort: 'mode', cell: ({ mode }) => text(mode) },
  { name: 'reason', label: 'Reason', width: 'minmax(6rem, 1.8fr)', byDefault: true, cell: ({ reason }) => text(reason) },
  { name: 'approval', label: 'Approval', width: 'minmax(7rem, 1fr)', cell: ({ approval }) => text(approval) },
  { name: 'origin', label: 'Origin', width: 'minmax(5rem, 0.7fr)', sort: 'origin', cell: ({ origin }) => text(origin) },
  { name: 'status', label: 'Status', width: '6rem', sort: 'status', cell: ({ status }) => text(status) },
  {
    name: 'closeReason',
    label: 'Close reason',
    width: 'minmax(6.5rem, 0.8fr)',
    sort: 'closeReason',
    cell: ({ closeReason }) => text(closeReason),
  },
  {
    name: 'exit',
    label: 'Exit',
    width: '3.5rem',
    sort: 'exit',
    end: true,
    cell: ({ exitStatus }) => (exitStatus === null ? NONE : String(exitStatus)),
  },
  {
    name: 'activity',
    label: 'Events',
    width: '4rem',
    byDefault: true,
    end: true,
    cell: ({ activities, audits }) =>
      activities + audits === 0 ? (
        NONE
      ) : (
        <span title={`${formatCount(activities)} commands and runbooks, ${formatCount(audits)} audit events`}>
          {formatCount(activities + audits)}
        </span>
      ),
  },
  {
    name: 'sourceUntil',
    label: 'Left at source',
    width: '7rem',
    sort: 'sourceUntil',
    byDefault: true,
    end: true,
    cell: ({ retention }, { now }) => <TimeLeft until={retention.sourceUntil} now={now} />,
  },
  {
    name: 'libraryUntil',
    label: 'Left here',
    width: '5.5rem',
    sort: 'libraryUntil',
    end: true,
    cell: ({ retention }, { now }) => <TimeLeft until={retention.libraryUntil} held={retention.held} now={now} />,
  },
  { name: 'source', label: 'Source', width: 'minmax(5rem, 0.7fr)', sort: 'source', cell: ({ source }) => text(source) },
  {
    name: 'matched',
    label: 'Matched by',
    width: 'minmax(8rem, 0.8fr)',
    cell: ({ matchedBy }) => (matchedBy === null ? NONE : MATCH_WORDS[matchedBy]),
  },
  {
    name: 'id',
    label: 'Source’s ID',
    width: 'minmax(7rem, 1fr)',
    cell: ({ nativeId }) => <span className="mono">{text(nativeId)}</span>,
  },
];

export const DEFAULT_COLUMNS: readonly string[] = COLUMNS.filter(({ byDefault }) => byDefault === true).map(({ name }) => name);

/** Those that may be left out: the session's name always stays. */
export const OPTIONAL_COLUMNS: readonly Column[] = COLUMNS.filter(({ name }) => name !== 'name');

/** Chosen names as columns, in the table's own order; the session's name always stays. */
export const chosenColumns = (names: readonly string[]): readonly Column[] =>
  COLUMNS.filter(({ name }) => name === 'name' || names.includes(name));

/** Names as stored, or the usual ones when there are none or they are not ours. */
export function readColumns(stored: readonly string[]): readonly string[] {
  const names = stored.filter((name) => COLUMNS.some((column) => column.name === name));
  return names.length === 0 ? DEFAULT_COLUMNS : names;
}
