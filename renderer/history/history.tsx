// The part of the window that lists the history: every session that a source, a history file or a recording tells of, with its recording
// here or without. Views, facets, table, details.

import { useEffect, useMemo, useRef, useState } from 'react';
import type { HistoryFacet, HistoryFilter, HistoryRow } from '../../shared/api/history-shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import type { LockStep } from '../ui/lock.tsx';
import { Menu } from '../ui/menu.tsx';
import { Empty, FailureNotice, Notice } from '../ui/notice.tsx';
import { Recorded, RecordedLine, plainRecorded } from '../ui/recorded.tsx';
import { ColumnChoice, TableSkeleton } from '../ui/table-parts.tsx';
import { useLeaving } from '../ui/use-leaving.ts';
import { useSettled } from '../ui/use-settled.ts';
import { useZone } from '../ui/zone.tsx';
import { COLUMNS, DEFAULT_COLUMNS, OPTIONAL_COLUMNS, chosenColumns, readColumns } from './columns.tsx';
import { Facets } from './facets.tsx';
import { HistoryExportDialog } from './history-export-dialog.tsx';
import { GroupPane, HistoryPane } from './history-pane.tsx';
import { HistoryTable } from './history-table.tsx';
import { facetValue } from './history-text.ts';
import { layoutOf } from './sections.ts';
import { useHistory, type HistoryList } from './use-history.ts';
import {
  FACET_NAMES,
  FACET_ORDER,
  FIRST_VIEW,
  NO_QUESTION,
  chipsOf,
  filterOf,
  toggled,
  type Question,
  type View,
} from './view.ts';
import { ViewsMenu } from './views-menu.tsx';
import './history.css';

/** Where one is in which list, and on which row. */
interface Place {
  readonly list: string;
  readonly active: number;
  readonly id: string | null;
}

export interface HistoryProps {
  /** By which recordings end, in microseconds since 1970 UTC; null while it is not known. */
  readonly now: number | null;
  /** Opens a recording, at a moment of it where one is given. */
  readonly onOpen: (session: string, atUs: number | null) => void;
  readonly onHelp: (step: LockStep) => void;
  /** What can be done at its source to a session that may be live; null for any other. */
  readonly live: (row: HistoryRow) => React.ReactNode;
  /** Leads to the sources. */
  readonly onSources: () => void;
  readonly settings: Readonly<Record<string, string>>;
  readonly onSetting: (key: string, value: string) => void;
}

/** How long typing must pause before the list is asked for, in milliseconds. */
const PAUSE = 150;

/** Lines around the chosen row in which it is looked for when news have moved it. */
const NEAR = 100;

export function History({ now, onOpen, onHelp, live, onSources, settings, onSetting }: HistoryProps): React.JSX.Element {
  const api = useApi();
  const zone = useZone();
  const [view, setView] = useState<View>(FIRST_VIEW);
  const [text, settle] = useSettled(view.text, PAUSE);
  const [place, setPlace] = useState<Place>({ list: '', active: 0, id: null });
  const [exporting, setExporting] = useState(false);
  const grid = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const views = useRef<HTMLButtonElement>(null);
  const grouping = useRef<HTMLSelectElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const { sort, group } = view;

  const filterKey = JSON.stringify(filterOf({ ...view, text }, zone));
  const filter = useMemo(() => JSON.parse(filterKey) as HistoryFilter, [filterKey]);
  const list = useHistory(api, filter, sort, group);
  const leave = useLeaving(view.text, text === view.text && !list.waiting, input, grid);
  const { sections } = list;
  const layout = useMemo(() => layoutOf(sections ?? []), [sections]);
  // A place in another list means nothing in this one.
  const listKey = `${filterKey} ${sort.key} ${String(sort.descending)} ${group ?? ''}`;
  const active = place.list === listKey ? Math.min(place.active, Math.max(0, layout.total - 1)) : 0;
  const line = layout.at(active);
  const rowIn = (at: number): HistoryRow | undefined => {
    const there = layout.at(at);
    return there?.kind === 'row' ? list.rowAt(there.section, there.index) : undefined;
  };
  const row = rowIn(active);
  const choose = (next: number): void => setPlace({ list: listKey, active: next, id: rowIn(next)?.id ?? null });
  // News may put rows before or after the chosen one: it is followed, where it is near.
  const moved = place.list === listKey && place.id !== null && row !== undefined && row.id !== place.id;
  useEffect(() => {
    if (!moved) return;
    const near = Array.from({ length: 2 * NEAR + 1 }, (_, i) => active + i - NEAR);
    choose(near.find((at) => rowIn(at)?.id === place.id) ?? active);
  });
  const head = line?.kind === 'head' ? sections?.[line.section] : undefined;

  const stored = settings['history.columns'];
  const names = useMemo(() => readColumns((stored ?? '').split(',')), [stored]);
  const columns = useMemo(() => chosenColumns(names), [names]);
  const details = settings['history.details'] !== 'closed';
  const facets = settings['history.facets'] === 'open';
  const toggleDetails = (): void => onSetting('history.details', details ? 'closed' : 'open');
  const toggleFacets = (): void => onSetting('history.facets', facets ? 'closed' : 'open');
  const ask = (question: Question): void => setView({ ...view, ...question });
  const showView = (next: View): void => {
    setView(next);
    if (next.columns !== null) onSetting('history.columns', readColumns(next.columns).join(','));
  };
  const open = ({ sessionId }: HistoryRow): void => {
    if (sessionId !== null) onOpen(sessionId, null);
  };

  useActions([
    { id: 'history.filter', group: 'History', label: 'Filter the history', keys: ['/'], run: () => input.current?.select() },
    { id: 'history.views', group: 'History', label: 'Views …', keys: ['v'], run: () => views.current?.click() },
    {
      id: 'history.facets',
      group: 'History',
      label: facets ? 'Hide the facets' : 'Show the facets',
      keys: ['f'],
      run: () => {
        toggleFacets();
        if (!facets) setTimeout(() => box.current?.querySelector<HTMLElement>('.facets')?.focus(), 0);
      },
    },
    { id: 'history.group', group: 'History', label: 'Group by …', keys: ['g'], run: () => grouping.current?.focus() },
    {
      id: 'history.open',
      group: 'History',
      label: 'Open the recording, or the group',
      keys: ['Enter'],
      run: row?.sessionId == null ? null : () => open(row),
    },
    {
      id: 'history.details',
      group: 'History',
      label: details ? 'Hide the details' : 'Show the details',
      keys: ['Space'],
      run: toggleDetails,
    },
    {
      id: 'history.move',
      group: 'History',
      label: 'Move in the list',
      keys: ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'],
      run: null,
    },
    { id: 'history.fold', group: 'History', label: 'Close or open the group', keys: ['ArrowLeft', 'ArrowRight'], run: null },
    { id: 'history.export', group: 'History', label: 'Export the history …', keys: ['e'], run: () => setExporting(true) },
    ...COLUMNS.flatMap(({ label, sort: key, descendingFirst }) =>
      key === undefined
        ? []
        : [
            {
              id: `history.sort.${key}`,
              group: 'History',
              label: `Sort the history by ${label.toLowerCase()}`,
              run: () =>
                setView({
                  ...view,
                  sort: { key, descending: sort.key === key ? !sort.descending : descendingFirst === true },
                }),
            },
          ],
    ),
  ]);

  const empty = list.total === 0 && !list.waiting;
  const filtered = filterKey !== '{}';
  if (empty && !filtered && text === view.text && list.withheld.length === 0) {
    return (
      <div className="history">
        <h1 className="unseen">History</h1>
        <Empty
          icon="history"
          title="No session is known yet"
          actions={
            <Button look="primary" large icon="sources" onClick={onSources}>
              Go to the sources
            </Button>
          }
        >
          <p>
            The history lists every session that a source tells of, recorded or not. Synchronise a source, or import a history
            export (CSV or JSON) as any recording is imported.
          </p>
        </Empty>
      </div>
    );
  }
  return (
    <div ref={box} className={`history ${details && !empty ? 'with-details' : ''} ${facets ? 'with-facets' : ''}`}>
      <div className="toolbar">
        <h1 className="unseen">History</h1>
        <div className="asking" role="search" aria-label="Filter the history">
          <ViewsMenu view={view} columns={names} settings={settings} onView={showView} onSetting={onSetting} buttonRef={views} />
          <div className="field">
            <Icon name="filter" />
            <input
              ref={input}
              type="search"
              aria-label="Filter the history"
              placeholder="Target, initiator, reason, approval, close reason or ID"
              maxLength={500}
              autoComplete="off"
              spellCheck={false}
              value={view.text}
              onChange={(event) => setView({ ...view, text: event.target.value })}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' && event.key !== 'ArrowDown' && event.key !== 'Enter') return;
                event.preventDefault();
                if (event.key === 'Escape' && view.text !== '') setView({ ...view, text: '' });
                else {
                  settle();
                  leave();
                }
              }}
            />
            {view.text === '' ? null : (
              <IconButton icon="close" label="Clear the filter" onClick={() => setView({ ...view, text: '' })} />
            )}
          </div>
        </div>
        <div className="tools">
          <Button icon="filter" look="quiet" aria-pressed={facets} title="Facets (F)" onClick={toggleFacets}>
            Facets
          </Button>
          <label className="grouping">
            <span className="soft">Group by</span>
            <select
              ref={grouping}
              className="field"
              value={group ?? ''}
              onChange={(event) =>
                setView({ ...view, group: event.target.value === '' ? null : (event.target.value as HistoryFacet) })
              }
            >
              <option value="">nothing</option>
              {FACET_ORDER.map((name) => (
                <option key={name} value={name}>
                  {FACET_NAMES[name].toLowerCase()}
                </option>
              ))}
            </select>
          </label>
          <Menu label="Choose columns" icon="columns">
            <ColumnChoice
              columns={OPTIONAL_COLUMNS}
              names={names}
              usual={DEFAULT_COLUMNS}
              onNames={(next) => onSetting('history.columns', next.join(','))}
            />
          </Menu>
          <IconButton icon="details" label="Details" keys="Space" aria-pressed={details} onClick={toggleDetails} />
          <Button icon="export" title="Export the history (E)" disabled={list.total === null} onClick={() => setExporting(true)}>
            Export
          </Button>
        </div>
        <Chips question={view} onQuestion={ask} />
        <Withheld list={list} />
      </div>
      {facets ? <Facets question={view} filter={filter} onQuestion={ask} /> : null}
      <div className="list">
        {list.failure === null ? null : <FailureNotice failure={list.failure} again={list.again} />}
        {sections === null ? (
          list.failure === null ? (
            <TableSkeleton />
          ) : null
        ) : empty ? (
          <Empty
            icon="filter"
            title="No session fits the view"
            actions={<Button onClick={() => ask(NO_QUESTION)}>Show all sessions</Button>}
          />
        ) : (
          <HistoryTable
            list={list}
            sections={sections}
            group={group}
            columns={columns}
            sort={sort}
            onSort={(next) => setView({ ...view, sort: next })}
            active={active}
            onActive={choose}
            onOpen={open}
            onToggleDetails={toggleDetails}
            now={now}
            gridRef={grid}
          />
        )}
      </div>
      <footer className="status">
        <span role="status">{statusText(list, filtered)}</span>
        {list.moreGroups === 0 ? null : (
          <span>{`${formatSome(list.moreGroups, 'rarer group')} not listed: narrow the view to see them`}</span>
        )}
      </footer>
      {!details || empty ? null : head !== undefined && group !== null ? (
        <GroupPane
          group={group}
          value={head.value ?? ''}
          rows={head.rows}
          onOnly={() =>
            setView({ ...toggled({ ...view, chosen: { ...view.chosen, [group]: [] } }, group, head.value ?? ''), group: null })
          }
        />
      ) : (
        <HistoryPane row={row ?? null} now={now} onOpen={onOpen} onHelp={onHelp} live={live} onKeep={() => choose(active)} />
      )}
      {exporting ? (
        <HistoryExportDialog
          filter={filter}
          rows={list.total ?? 0}
          withheld={list.withheld}
          onClose={() => setExporting(false)}
        />
      ) : null}
    </div>
  );
}

function statusText({ total, waiting, sections }: HistoryList, filtered: boolean): string {
  if (waiting) return 'Loading …';
  if (total === null) return 'The history could not be read';
  const groups = sections === null || sections[0]?.value == null ? '' : ` in ${formatSome(sections.length, 'group')}`;
  const fits = !filtered ? '' : total === 1 ? ' fits the view' : ' fit the view';
  return `${formatSome(total, 'session')}${fits}${groups}`;
}

function Chips({
  question,
  onQuestion,
}: {
  readonly question: Question;
  readonly onQuestion: (question: Question) => void;
}): React.JSX.Element | null {
  const chips = chipsOf(question);
  if (chips.length === 0) return null;
  return (
    <ul className="chips" aria-label="In force">
      {chips.map(({ key, facet, value, without }) => {
        const words = facet === null ? value : `${FACET_NAMES[facet]}: ${facetValue(facet, value)}`;
        return (
          <li key={key} className="chip">
            <RecordedLine text={words} />
            <button type="button" aria-label={`Remove ${plainRecorded(words)}`} onClick={() => onQuestion(without)}>
              <Icon name="close" />
            </button>
          </li>
        );
      })}
      {chips.length < 2 ? null : (
        <li>
          <button type="button" className="link" onClick={() => onQuestion({ ...NO_QUESTION, text: question.text })}>
            Remove all
          </button>
        </li>
      )}
    </ul>
  );
}

/** Sources of which nothing is listed: said, with the right that is missing, not passed over. */
function Withheld({ list: { withheld } }: { readonly list: HistoryList }): React.JSX.Element | null {
  if (withheld.length === 0) return null;
  return (
    <div className="withheld">
      <Notice tone="caution">
        {withheld.map(({ source, right }) => (
          <p key={source}>
            {'Nothing of '}
            <strong>
              <Recorded text={source} />
            </strong>
            {' is listed: the source does not give its user the right '}
            <code>
              <Recorded text={right} />
            </code>
            .
          </p>
        ))}
      </Notice>
    </div>
  );
}
