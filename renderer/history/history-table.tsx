// The history as a grid that holds any number of rows, grouped or not: only those in view exist. The grid keeps the focus and names its
// active line, so that a line may scroll out of existence while the keyboard is on it (ARIA: aria-activedescendant). A grouped one is a
// tree of two levels.

import { useEffect, useMemo } from 'react';
import type { HistoryFacet, HistoryRow } from '../../shared/api/history-shapes.ts';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { HeaderCell, WaitingCell } from '../ui/table-parts.tsx';
import { useLines } from '../ui/use-lines.ts';
import { useZone } from '../ui/zone.tsx';
import type { Column } from './columns.tsx';
import { facetValue } from './history-text.ts';
import { layoutOf, type Section } from './sections.ts';
import type { HistoryList } from './use-history.ts';
import { FACET_NAMES, type Sort } from './view.ts';

export interface HistoryTableProps {
  readonly list: Pick<HistoryList, 'rowAt' | 'want' | 'toggle'>;
  readonly sections: readonly Section[];
  readonly group: HistoryFacet | null;
  readonly columns: readonly Column[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly active: number;
  readonly onActive: (line: number) => void;
  readonly onOpen: (row: HistoryRow) => void;
  readonly onToggleDetails: () => void;
  readonly now: number | null;
  readonly gridRef: React.RefObject<HTMLDivElement | null>;
}

export function HistoryTable(props: HistoryTableProps): React.JSX.Element {
  const { list, sections, group, columns, sort, onSort, active, onActive, onOpen, now, gridRef } = props;
  const zone = useZone();
  const layout = useMemo(() => layoutOf(sections), [sections]);
  const { total } = layout;
  const { virtual, items, first, last, page } = useLines(total, active, gridRef);
  const { want } = list;
  useEffect(() => {
    for (const { section, from, to } of layout.rowsIn(first, last + 1)) want(section, from, to);
    // What is wanted follows from the lines in view alone.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [layout, first, last, sections]);
  const most = sections.reduce((sum, { rows }) => Math.max(sum, rows), 0);
  const line = layout.at(active);
  const activeRow = line?.kind === 'row' ? list.rowAt(line.section, line.index) : undefined;
  const exists = line?.kind === 'head' || activeRow !== undefined;

  const press = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const go = (to: number): void => onActive(Math.max(0, Math.min(total - 1, to)));
    const head = line === null || group === null ? -1 : layout.start(line.section);
    const unfolded = line !== null && sections[line.section]!.open;
    const { key } = event;
    if (key === 'ArrowDown') go(active + 1);
    else if (key === 'ArrowUp') go(active - 1);
    else if (key === 'PageDown') go(active + page);
    else if (key === 'PageUp') go(active - page);
    else if (key === 'Home') go(0);
    else if (key === 'End') go(total - 1);
    else if (key === ' ') props.onToggleDetails();
    else if (key === 'ArrowRight' && line?.kind === 'head') {
      if (unfolded) go(active + 1);
      else list.toggle(line.section);
    } else if (key === 'ArrowLeft' && head >= 0) {
      if (line?.kind === 'row') go(head);
      else if (unfolded) list.toggle(line.section);
    } else if (key === 'Enter' && line?.kind === 'head') list.toggle(line.section);
    else if (key === 'Enter' && activeRow !== undefined) onOpen(activeRow);
    else return;
    event.preventDefault();
  };

  return (
    // Its role is that of a grid, or of one with groups.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={gridRef}
      className="session-table history-table"
      role={group === null ? 'grid' : 'treegrid'}
      aria-label="History"
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={exists ? `history-line-${String(active)}` : undefined}
      tabIndex={0}
      onKeyDown={press}
      style={{ '--tracks': columns.map(({ width }) => width).join(' ') } as React.CSSProperties}
    >
      <div className="sizer" role="presentation" style={{ height: `${String(virtual.getTotalSize())}px` }}>
        <div className="row head" role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <HeaderCell key={column.name} column={column} sort={sort} onSort={onSort} />
          ))}
        </div>
        {items.map(({ index, start }) => {
          const at = layout.at(index);
          if (at === null) return null;
          const row = at.kind === 'row' ? list.rowAt(at.section, at.index) : undefined;
          const section = sections[at.section]!;
          const levels =
            group === null
              ? {}
              : at.kind === 'head'
                ? { 'aria-level': 1, 'aria-expanded': section.open }
                : { 'aria-level': 2, 'aria-posinset': at.index + 1, 'aria-setsize': section.rows };
          return (
            // The keyboard works through the grid.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={index}
              id={`history-line-${String(index)}`}
              className={`row ${at.kind === 'head' ? 'group-head' : ''} ${index === active ? 'active' : ''}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === active}
              {...levels}
              style={{ transform: `translateY(${String(start)}px)` }}
              onMouseDown={(event) => {
                if (event.button === 0) onActive(index);
              }}
              onClick={() => {
                if (at.kind === 'head') list.toggle(at.section);
              }}
              onDoubleClick={() => {
                if (row !== undefined) onOpen(row);
              }}
            >
              {at.kind === 'head' && group !== null ? (
                <GroupHead group={group} section={section} share={most === 0 ? 0 : section.rows / most} />
              ) : row === undefined ? (
                <Waiting columns={columns} index={index} />
              ) : (
                columns.map(({ name, end, cell }) => (
                  <span key={name} role="gridcell" className={`cell ${name} ${end === true ? 'end' : ''}`}>
                    {cell(row, { zone, now })}
                  </span>
                ))
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function GroupHead({
  group,
  section: { value, rows, open },
  share,
}: {
  readonly group: HistoryFacet;
  readonly section: Section;
  readonly share: number;
}): React.JSX.Element {
  return (
    <span role="gridcell" className="group-name">
      <Icon name={open ? 'down' : 'right'} />
      <strong className={`cut ${value === '' ? 'soft' : ''}`}>
        <span className="unseen">{`${FACET_NAMES[group]} `}</span>
        <Recorded text={facetValue(group, value ?? '')} />
      </strong>
      <span className="soft count">
        {formatCount(rows)}
        <span className="unseen">{rows === 1 ? ' session' : ' sessions'}</span>
      </span>
      <span className="bar" aria-hidden="true">
        <span style={{ width: `${String(Math.max(1, Math.round(share * 100)))}%` }} />
      </span>
    </span>
  );
}

function Waiting({ columns, index }: { readonly columns: readonly Column[]; readonly index: number }): React.JSX.Element {
  return (
    <>
      {columns.map(({ name }, i) => (
        <WaitingCell key={name} row={index} column={i} {...(i === 0 ? { label: 'Loading' } : {})} />
      ))}
    </>
  );
}
