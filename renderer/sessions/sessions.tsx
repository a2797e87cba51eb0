// The part of the window that lists sessions: filter, table, details, selection.

import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useApi } from '../api.ts';
import type { Session, SessionFilter } from '../../shared/api/shapes.ts';
import { useActions } from '../ui/actions.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { FilterChips, FilterField } from '../ui/filter-field.tsx';
import { parseFilter, withField } from '../ui/filter-text.ts';
import { formatCount, formatSome } from '../ui/format.ts';
import type { LockStep } from '../ui/lock.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { Empty, FailureNotice } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { ColumnChoice, TableSkeleton } from '../ui/table-parts.tsx';
import { useLeaving } from '../ui/use-leaving.ts';
import { useSettled } from '../ui/use-settled.ts';
import { useZone } from '../ui/zone.tsx';
import { COLUMNS, DEFAULT_COLUMNS, OPTIONAL_COLUMNS, chosenColumns, readColumns } from './columns.tsx';
import type { KnownValues } from './known-values.ts';
import { SessionPane } from './session-pane.tsx';
import { SessionTable, type Sort } from './session-table.tsx';
import { allSessions, useSessionList } from './use-session-list.ts';
import './sessions.css';

export interface SessionsProps {
  readonly onOpen: (id: string) => void;
  readonly onExport: (sessions: readonly Session[]) => void;
  readonly onAddToCase: (sessions: readonly Session[]) => void;
  readonly onGroup: (group: { readonly id: string; readonly source: string }) => void;
  readonly onGroups: () => void;
  readonly onHelp: (step: LockStep) => void;
  /** Places a legal hold: on these sessions, on their group, or on whatever fits the filter (null where none is set). */
  readonly onHold: (sessions: readonly Session[], filter: SessionFilter | null, text: string) => void;
  readonly retention: (session: Session, settled: boolean) => React.ReactNode;
  readonly live: (session: Session) => React.ReactNode;
  /** A filter that another part of the window asks for; `n` counts up. */
  readonly asked: { readonly text: string; readonly n: number };
  /** Buttons that bring recordings in. */
  readonly importing: React.ReactNode;
  /** What an empty library offers. */
  readonly firstSteps: React.ReactNode;
  readonly known: KnownValues;
  readonly settings: Readonly<Record<string, string>>;
  readonly onSetting: (key: string, value: string) => void;
}

/** How long typing must pause before the list is asked for, in milliseconds. */
const PAUSE = 150;

/** Sessions that may be selected at once: each is named to the core in one call. */
const MOST_SELECTED = 1000;

const NEWEST: Sort = { key: 'started', descending: true };

export function Sessions({
  onOpen,
  onExport,
  onAddToCase,
  onGroup,
  onGroups,
  onHelp,
  onHold,
  retention,
  live,
  asked,
  importing,
  firstSteps,
  known,
  settings,
  onSetting,
}: SessionsProps): React.JSX.Element {
  const api = useApi();
  const zone = useZone();
  const announcer = useAnnouncer();
  const [text, setText] = useState(asked.text);
  const [settled, settle] = useSettled(text, PAUSE);
  const [answered, setAnswered] = useState(asked.n);
  if (asked.n !== answered) {
    setAnswered(asked.n);
    setText(asked.text);
  }
  const [sort, setSort] = useState(NEWEST);
  const [place, setPlace] = useState({ list: '', active: 0, anchor: 0 });
  const [selected, setSelected] = useState<ReadonlyMap<string, Session>>(new Map());
  const gridRef = useRef<HTMLDivElement>(null);
  const inputRef = useRef<HTMLInputElement>(null);

  const parsed = useMemo(() => parseFilter(text, zone), [text, zone]);
  const filterKey = JSON.stringify(useMemo(() => parseFilter(settled, zone).filter, [settled, zone]));
  const filter = useMemo(() => JSON.parse(filterKey) as SessionFilter, [filterKey]);
  const list = useSessionList(api, filter, sort);
  const leave = useLeaving(text, settled === text && !list.waiting, inputRef, gridRef);
  const { rows } = list;
  const total = useDeferredValue(rows?.total() ?? 0);
  const filtered = filterKey !== '{}';
  // A place in another list means nothing in this one.
  const listKey = `${filterKey} ${sort.key} ${String(sort.descending)}`;
  const { active, anchor } = place.list === listKey ? place : { active: 0, anchor: 0 };

  const setColumns = settings['sessions.columns'];
  const columnNames = useMemo(() => readColumns(setColumns), [setColumns]);
  const columns = useMemo(() => chosenColumns(columnNames), [columnNames]);
  const details = settings['sessions.details'] !== 'closed';
  const toggleDetails = (): void => onSetting('sessions.details', details ? 'closed' : 'open');
  const session = rows?.at(active);

  const choose = (index: number, extend: boolean): void => {
    setPlace({ list: listKey, active: index, anchor: extend ? anchor : index });
    if (!extend) return;
    const range = new Map(selected);
    for (let i = Math.min(anchor, index); i <= Math.max(anchor, index) && range.size < MOST_SELECTED; i++) {
      const row = rows?.at(i);
      if (row !== undefined) range.set(row.id, row);
    }
    setSelected(range);
  };
  const toggle = (one: Session): void => {
    const next = new Map(selected);
    if (!next.delete(one.id)) next.set(one.id, one);
    setSelected(next);
  };
  const selectAll = (): void => {
    allSessions(api, filter, sort, MOST_SELECTED).then((all) => {
      if (all === null) {
        announcer.toast({
          tone: 'plain',
          text: `At most ${formatCount(MOST_SELECTED)} sessions can be selected: narrow the filter first.`,
        });
        return;
      }
      setSelected(new Map(all.map((one) => [one.id, one])));
      announcer.say(`${formatSome(all.length, 'session')} selected`);
    }, announcer.fail);
  };
  const openGroup = ({ group, source }: Session): void => {
    if (group !== null) onGroup({ id: group, source });
  };
  const exportable = selected.size > 0 ? [...selected.values()] : session === undefined ? [] : [session];
  const hold = (): void => onHold(exportable, filtered ? filter : null, settled);

  useActions([
    { id: 'sessions.filter', group: 'Sessions', label: 'Filter sessions', keys: ['/'], run: () => inputRef.current?.select() },
    {
      id: 'sessions.open',
      group: 'Sessions',
      label: 'Open the session',
      keys: ['Enter'],
      enabled: session !== undefined,
      run: session === undefined ? null : () => onOpen(session.id),
    },
    {
      id: 'sessions.group',
      group: 'Sessions',
      label: 'Open the session’s group',
      keys: ['g'],
      enabled: session?.group != null,
      run: session === undefined ? null : () => openGroup(session),
    },
    {
      id: 'sessions.only-group',
      group: 'Sessions',
      label: 'Filter by the session’s group',
      enabled: session?.group != null,
      run: () => setText(withField('', 'group', session?.group ?? null)),
    },
    {
      id: 'sessions.details',
      group: 'Sessions',
      label: details ? 'Hide the details' : 'Show the details',
      keys: ['Space'],
      run: toggleDetails,
    },
    {
      id: 'sessions.move',
      group: 'Sessions',
      label: 'Move in the list',
      keys: ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'],
      run: null,
    },
    {
      id: 'sessions.select',
      group: 'Sessions',
      label: 'Select or deselect the session',
      keys: ['x'],
      run: session === undefined ? null : () => toggle(session),
    },
    {
      id: 'sessions.extend',
      group: 'Sessions',
      label: 'Extend the selection',
      keys: ['Shift+ArrowUp', 'Shift+ArrowDown'],
      run: null,
    },
    { id: 'sessions.all', group: 'Sessions', label: 'Select all that the filter shows', keys: ['Mod+A'], run: selectAll },
    {
      id: 'sessions.none',
      group: 'Sessions',
      label: 'Clear the selection',
      enabled: selected.size > 0,
      run: () => setSelected(new Map()),
    },
    {
      id: 'sessions.export',
      group: 'Sessions',
      label: 'Export …',
      keys: ['e'],
      enabled: exportable.length > 0,
      run: () => onExport(exportable),
    },
    {
      id: 'sessions.case',
      group: 'Sessions',
      label: 'Add to a case …',
      keys: ['c'],
      enabled: exportable.length > 0,
      run: () => onAddToCase(exportable),
    },
    {
      id: 'sessions.hold',
      group: 'Sessions',
      label: 'Place a legal hold …',
      keys: ['h'],
      enabled: exportable.length > 0,
      run: hold,
    },
    ...COLUMNS.flatMap(({ label, sort: key, descendingFirst }) =>
      key === undefined
        ? []
        : [
            {
              id: `sessions.sort.${key}`,
              group: 'Sessions',
              label: `Sort by ${label.toLowerCase()}`,
              run: () => setSort({ key, descending: sort.key === key ? !sort.descending : descendingFirst === true }),
            },
          ],
    ),
  ]);

  const empty = rows?.total() === 0 && !list.waiting;
  if (empty && !filtered && settled === text && list.withheld.length === 0)
    return (
      <div className="sessions">
        <h1 className="unseen">Sessions</h1>
        {firstSteps}
      </div>
    );
  return (
    <div className={`sessions ${details && !empty ? 'with-details' : ''}`}>
      <div className="toolbar">
        <h1 className="unseen">Sessions</h1>
        <FilterField
          label="Filter sessions"
          placeholder="Filter by words, or user:root server:db1 from:2026-11-01"
          text={text}
          parsed={parsed}
          onText={setText}
          known={known.values}
          note={known.note}
          zoneLabel={zone === 'utc' ? 'UTC' : 'local'}
          inputRef={inputRef}
          onOpen={known.learn}
          onLeave={() => {
            settle();
            leave();
          }}
        />
        <div className="tools">
          <IconButton icon="group" label="Session groups" onClick={onGroups} />
          <Menu label="Choose columns" icon="columns">
            <ColumnChoice
              columns={OPTIONAL_COLUMNS}
              names={columnNames}
              usual={DEFAULT_COLUMNS}
              onNames={(names) => onSetting('sessions.columns', names.join(','))}
            />
          </Menu>
          <IconButton icon="details" label="Details" keys="Space" aria-pressed={details} onClick={toggleDetails} />
          <Button icon="hold" title="Place a legal hold (H)" disabled={exportable.length === 0} onClick={hold}>
            {selected.size > 1 ? `Hold ${formatCount(selected.size)}` : 'Hold'}
          </Button>
          <Button
            icon="case"
            title="Add to a case (C)"
            disabled={exportable.length === 0}
            onClick={() => onAddToCase(exportable)}
          >
            {selected.size > 1 ? `Add ${formatCount(selected.size)} to case` : 'To case'}
          </Button>
          <Button icon="export" disabled={exportable.length === 0} onClick={() => onExport(exportable)}>
            {selected.size > 1 ? `Export ${formatCount(selected.size)}` : 'Export'}
          </Button>
          {importing}
        </div>
        <FilterChips text={text} parsed={parsed} onText={setText} />
      </div>
      <div className="list">
        {list.failure === null ? null : <FailureNotice failure={list.failure} again={list.again} />}
        {rows === null || rows.total() === null ? (
          list.failure === null ? (
            <TableSkeleton />
          ) : null
        ) : empty ? (
          <Empty
            icon="filter"
            title="No session fits the filter"
            actions={<Button onClick={() => setText('')}>Clear the filter</Button>}
          />
        ) : (
          <SessionTable
            rows={rows}
            total={total}
            columns={columns}
            sort={sort}
            onSort={setSort}
            active={Math.min(active, Math.max(0, total - 1))}
            onActive={choose}
            selected={new Set(selected.keys())}
            onSelect={toggle}
            onOpen={({ id }) => onOpen(id)}
            onGroup={openGroup}
            onToggleDetails={toggleDetails}
            onSelectAll={selectAll}
            longestUs={list.longestUs}
            gridRef={gridRef}
          />
        )}
      </div>
      <footer className="status">
        <span role="status">
          {rows === null || list.waiting
            ? 'Loading …'
            : rows.total() === null
              ? 'The list could not be read'
              : `${formatSome(rows.total() ?? 0, 'session')}${!filtered ? '' : rows.total() === 1 ? ' fits the filter' : ' fit the filter'}`}
        </span>
        {list.withheld.map(({ source, right }) => (
          <span key={source} className="withheld">
            <Icon name="lock" />
            <Recorded text={`Not listed: the sessions of ${source} (${right} is missing)`} />
          </span>
        ))}
        {selected.size === 0 ? null : (
          <span>
            {`${formatCount(selected.size)} selected `}
            <button type="button" className="link" onClick={() => setSelected(new Map())}>
              Clear
            </button>
          </span>
        )}
      </footer>
      {details && !empty ? (
        <SessionPane
          session={session ?? null}
          onOpen={onOpen}
          onExport={(one) => onExport([one])}
          onGroup={openGroup}
          onOnlyGroup={(group) => setText(withField('', 'group', group))}
          onHelp={onHelp}
          retention={retention}
          live={live}
        />
      ) : null}
    </div>
  );
}
