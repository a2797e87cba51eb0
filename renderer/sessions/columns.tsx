// The columns of the session list: what each shows, how wide it is, what it sorts by.

import type { Session, SORT_KEYS } from '../../shared/api/shapes.ts';
import { formatBytes, formatCount, formatLasted, formatWall, epochOf, spokenDuration, type Zone } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { lockLook } from '../ui/lock.tsx';
import { RecordedLine, plainRecorded } from '../ui/recorded.tsx';
import type { HeadedColumn } from '../ui/table-parts.tsx';
import { KeptAtSource, KeptHere } from '../ui/retention-mark.tsx';
import { sessionName } from '../ui/session-name.ts';
import { INDEX_WORDS } from './session-text.ts';

export type SortKey = (typeof SORT_KEYS)[number];

export interface RowContext {
  readonly zone: Zone;
  /** Length of the longest session of the list, for the bar; 0 while unknown. */
  readonly longestUs: number;
  /** Leads to the group that a session belongs to. */
  readonly onGroup: (session: Session) => void;
}

export interface Column extends HeadedColumn<SortKey> {
  /** A grid track. */
  readonly width: string;
  readonly byDefault?: boolean;
  readonly cell: (session: Session, context: RowContext) => React.ReactNode;
}

const text = (value: string | null): React.ReactNode =>
  value === null || value === '' ? <span className="faint">–</span> : <RecordedLine text={value} />;

const instant = (at: string | null, zone: Zone): React.ReactNode => {
  const epoch = at === null ? null : epochOf(at);
  return epoch === null ? <span className="faint">unknown</span> : formatWall(epoch, zone);
};

/** Share of the bar's track, in percent, by the logarithm of the seconds: beside one of days, minutes differ from hours still. */
export const barShare = (us: number, longestUs: number): number =>
  us === 0 || longestUs === 0
    ? 0
    : Math.max(1.5, Math.min(100, (100 * Math.log1p(us / 1_000_000)) / Math.log1p(longestUs / 1_000_000)));

function StateCell({ session }: { readonly session: Session }): React.ReactNode {
  const { discrepancies, lock, index, retention } = session;
  return (
    <span className="states">
      {lock.state === 'locked' && retention.purgedAt === null ? (
        <span className="badge" title={plainRecorded(`Locked: ${lock.reason}; ${lock.todo}`)}>
          <Icon name={lockLook(lock).icon} />
          <span className="unseen">{`Locked: ${lockLook(lock).label}`}</span>
        </span>
      ) : null}
      {discrepancies > 0 ? (
        <span className="badge caution" title={`${formatCount(discrepancies)} discrepancies`}>
          <Icon name="warning" />
          {formatCount(discrepancies)}
          <span className="unseen"> {discrepancies === 1 ? 'discrepancy' : 'discrepancies'}</span>
        </span>
      ) : null}
      {index === 'done' || index === 'locked' ? null : (
        <span className={`badge ${index === 'failed' ? 'bad' : ''}`} title={INDEX_WORDS[index]}>
          {index === 'failed' ? <Icon name="failed" /> : null}
          {index === 'failed' ? 'Index' : index === 'running' ? 'Indexing' : 'Waiting'}
        </span>
      )}
    </span>
  );
}

/** A way to the group, for the mouse; the keyboard has a key for it. */
function GroupLink({
  session,
  group,
  onGroup,
}: {
  readonly session: Session;
  readonly group: string;
  readonly onGroup: (session: Session) => void;
}): React.JSX.Element {
  return (
    <button
      type="button"
      className="badge group"
      tabIndex={-1}
      title={`Session group ${plainRecorded(group)} (G)`}
      aria-label={`Group ${plainRecorded(group)}`}
      onMouseDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={() => onGroup(session)}
    >
      <Icon name="group" />
    </button>
  );
}

function LockCell({ session: { lock } }: { readonly session: Session }): React.ReactNode {
  if (lock.state === 'open') return <span className="faint">–</span>;
  const { icon, label } = lockLook(lock);
  return (
    <span className="badge" title={plainRecorded(`${lock.reason}; ${lock.todo}`)}>
      <Icon name={icon} />
      {label}
    </span>
  );
}

export const COLUMNS: readonly Column[] = [
  {
    name: 'name',
    label: 'Session',
    width: 'minmax(15.5rem, 4fr)',
    sort: 'title',
    byDefault: true,
    cell: (session, { onGroup }) =>
      session.group === null ? (
        <RecordedLine text={sessionName(session)} />
      ) : (
        <span className="in-group">
          <RecordedLine text={sessionName(session)} />
          <GroupLink session={session} group={session.group} onGroup={onGroup} />
        </span>
      ),
  },
  {
    name: 'state',
    label: 'State',
    width: '4.25rem',
    sort: 'discrepancies',
    descendingFirst: true,
    byDefault: true,
    cell: (session) => <StateCell session={session} />,
  },
  { name: 'lock', label: 'Lock', width: '9.5rem', cell: (session) => <LockCell session={session} /> },
  {
    name: 'started',
    label: 'Started',
    width: '9.75rem',
    sort: 'started',
    descendingFirst: true,
    zoned: true,
    byDefault: true,
    cell: (session, { zone }) => instant(session.startedAt, zone),
  },
  {
    name: 'duration',
    label: 'Duration',
    width: '7.75rem',
    sort: 'duration',
    descendingFirst: true,
    byDefault: true,
    cell: ({ durationUs }, { longestUs }) => (
      <span className="duration">
        <span className="bar" aria-hidden="true">
          <span style={{ width: `${String(barShare(durationUs, longestUs))}%` }} />
        </span>
        <span aria-hidden="true">{formatLasted(durationUs)}</span>
        <span className="unseen">{durationUs === 0 ? 'not known' : spokenDuration(durationUs)}</span>
      </span>
    ),
  },
  { name: 'user', label: 'User', width: 'minmax(4.25rem, 0.8fr)', sort: 'user', byDefault: true, cell: ({ user }) => text(user) },
  {
    name: 'server',
    label: 'Server',
    width: 'minmax(4.75rem, 0.8fr)',
    sort: 'server',
    byDefault: true,
    cell: ({ server }) => text(server),
  },
  {
    name: 'source',
    label: 'Source',
    width: 'minmax(4rem, 0.8fr)',
    sort: 'source',
    cell: ({ source }) => text(source),
  },
  {
    name: 'environment',
    label: 'Environment',
    width: 'minmax(5.875rem, 0.6fr)',
    byDefault: true,
    cell: ({ environment }) => text(environment),
  },
  {
    name: 'left',
    label: 'Time left',
    width: '6.25rem',
    sort: 'libraryUntil',
    byDefault: true,
    cell: ({ retention }) => <KeptHere brief mark={retention} />,
  },
  {
    name: 'left-there',
    label: 'Left at source',
    width: '7rem',
    sort: 'sourceUntil',
    cell: ({ retention }) => <KeptAtSource mark={retention} />,
  },
  { name: 'origin', label: 'Origin', width: 'minmax(5rem, 0.8fr)', cell: ({ origin }) => text(origin) },
  { name: 'group', label: 'Session group', width: 'minmax(6rem, 0.8fr)', cell: ({ group }) => text(group) },
  { name: 'status', label: 'Status', width: '5.5rem', cell: ({ status }) => text(status) },
  {
    name: 'command',
    label: 'Command',
    width: 'minmax(8rem, 1.5fr)',
    cell: ({ command }) => <span className="mono">{text(command)}</span>,
  },
  { name: 'format', label: 'Format', width: '7.5rem', cell: ({ format }) => text(format) },
  {
    name: 'events',
    label: 'Events',
    width: '4.5rem',
    sort: 'events',
    descendingFirst: true,
    end: true,
    cell: ({ events }) => formatCount(events),
  },
  { name: 'input', label: 'Input', width: '5rem', end: true, cell: ({ stdinBytes }) => formatBytes(stdinBytes) },
  {
    name: 'output',
    label: 'Output',
    width: '5rem',
    end: true,
    cell: ({ stdoutBytes, stderrBytes }) => formatBytes(stdoutBytes + stderrBytes),
  },
  { name: 'size', label: 'Size', width: '5.5rem', end: true, cell: ({ cols, rows }) => `${String(cols)} × ${String(rows)}` },
  {
    name: 'exit',
    label: 'Exit',
    width: '3.5rem',
    end: true,
    cell: ({ exitStatus }) => (exitStatus === null ? <span className="faint">–</span> : String(exitStatus)),
  },
  {
    name: 'acquired',
    label: 'Acquired',
    width: '9.75rem',
    sort: 'acquired',
    descendingFirst: true,
    zoned: true,
    cell: (session, { zone }) => instant(session.acquiredAt, zone),
  },
  {
    name: 'reviewed',
    label: 'Reviewed by',
    width: 'minmax(6rem, 1fr)',
    cell: ({ reviewedBy }) => text(reviewedBy.join(', ')),
  },
  { name: 'id', label: 'ID', width: 'minmax(6rem, 1fr)', cell: ({ id }) => <span className="mono">{text(id)}</span> },
];

export const DEFAULT_COLUMNS: readonly string[] = COLUMNS.filter(({ byDefault }) => byDefault === true).map(({ name }) => name);

/** Those that may be left out: the session's name always stays. */
export const OPTIONAL_COLUMNS: readonly Column[] = COLUMNS.filter(({ name }) => name !== 'name');

/** Chosen names as columns, in the table's own order; the session's name always stays. */
export const chosenColumns = (names: readonly string[]): readonly Column[] =>
  COLUMNS.filter(({ name }) => name === 'name' || names.includes(name));

/** Names as stored in the settings, or the default when there are none or they are not ours. */
export function readColumns(stored: string | undefined): readonly string[] {
  const names = (stored ?? '').split(',').filter((name) => COLUMNS.some((column) => column.name === name));
  return names.length === 0 ? DEFAULT_COLUMNS : names;
}
