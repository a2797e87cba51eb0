// The list of sessions as a grid that holds any number of rows: only those in view exist. The grid keeps the focus and names its active
// row, so that a row may scroll out of existence while the keyboard is on it (ARIA: aria-activedescendant).

import { useEffect, useRef } from 'react';
import type { Session } from '../../shared/api/shapes.ts';
import { useLines } from '../ui/use-lines.ts';
import { useZone } from '../ui/zone.tsx';
import type { Column, SortKey } from './columns.tsx';
import { HeaderCell, WaitingCell } from '../ui/table-parts.tsx';
import type { PageCache } from '../ui/page-cache.ts';
import { plainName } from './session-text.ts';

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

export interface SessionTableProps {
  readonly rows: PageCache<Session>;
  readonly total: number;
  readonly columns: readonly Column[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly active: number;
  readonly onActive: (index: number, extend: boolean) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (session: Session) => void;
  readonly onOpen: (session: Session) => void;
  readonly onGroup: (session: Session) => void;
  readonly onToggleDetails: () => void;
  readonly onSelectAll: () => void;
  readonly longestUs: number;
  readonly gridRef: React.RefObject<HTMLDivElement | null>;
}

export function SessionTable(props: SessionTableProps): React.JSX.Element {
  const { rows, total, columns, sort, onSort, active, onActive, selected, onSelect, onOpen, onGroup, longestUs, gridRef } = props;
  const zone = useZone();
  const header = useRef<HTMLDivElement>(null);
  const { virtual, items, first, last, page } = useLines(total, active, gridRef);
  useEffect(() => rows.want(first, last + 1), [rows, first, last]);
  const tracks = `2rem ${columns.map(({ width }) => width).join(' ')}`;

  const press = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const go = (to: number): void => {
      event.preventDefault();
      onActive(Math.max(0, Math.min(total - 1, to)), event.shiftKey);
    };
    const session = rows.at(active);
    const { key } = event;
    if (event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (key === 'a') {
        event.preventDefault();
        props.onSelectAll();
      }
      return;
    }
    if (key === 'ArrowDown') go(active + 1);
    else if (key === 'ArrowUp') go(active - 1);
    else if (key === 'PageDown') go(active + page);
    else if (key === 'PageUp') go(active - page);
    else if (key === 'Home') go(0);
    else if (key === 'End') go(total - 1);
    else if (key === ' ') {
      event.preventDefault();
      props.onToggleDetails();
    } else if (key === 'Enter' && session !== undefined) {
      event.preventDefault();
      onOpen(session);
    } else if (key === 'x' && session !== undefined) {
      event.preventDefault();
      onSelect(session);
    }
  };

  return (
    <div
      ref={gridRef}
      className="session-table"
      role="grid"
      aria-label="Sessions"
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={rows.at(active) === undefined ? undefined : `session-row-${String(active)}`}
      tabIndex={0}
      onKeyDown={press}
      style={{ '--tracks': tracks } as React.CSSProperties}
    >
      <div className="sizer" role="presentation" style={{ height: `${String(virtual.getTotalSize())}px` }}>
        <div ref={header} className="row head" role="row" aria-rowindex={1}>
          <span role="columnheader">
            <span className="unseen">Selected</span>
          </span>
          {columns.map((column) => (
            <HeaderCell key={column.name} column={column} sort={sort} onSort={onSort} />
          ))}
        </div>
        {items.map(({ index, start }) => {
          const session = rows.at(index);
          const chosen = session !== undefined && selected.has(session.id);
          return (
            // The keyboard works through the grid.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={index}
              id={`session-row-${String(index)}`}
              className={`row ${index === active ? 'active' : ''}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={chosen}
              style={{ transform: `translateY(${String(start)}px)` }}
              onMouseDown={(event) => {
                if (event.button === 0) onActive(index, event.shiftKey);
              }}
              onDoubleClick={() => {
                if (session !== undefined) onOpen(session);
              }}
            >
              {session === undefined ? (
                <Waiting columns={columns} index={index} />
              ) : (
                <>
                  <span role="gridcell" className="select">
                    <input
                      type="checkbox"
                      tabIndex={-1}
                      aria-label={`Select ${plainName(session)}`}
                      checked={chosen}
                      onMouseDown={(event) => event.stopPropagation()}
                      onDoubleClick={(event) => event.stopPropagation()}
                      onChange={() => {
                        onSelect(session);
                        gridRef.current?.focus();
                      }}
                    />
                  </span>
                  {columns.map(({ name, end, cell }) => (
                    <span key={name} role="gridcell" className={`cell ${name} ${end === true ? 'end' : ''}`}>
                      {cell(session, { zone, longestUs, onGroup })}
                    </span>
                  ))}
                </>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Waiting({ columns, index }: { readonly columns: readonly Column[]; readonly index: number }): React.JSX.Element {
  return (
    <>
      <span role="gridcell" aria-label="Loading" />
      {columns.map(({ name }, i) => (
        <WaitingCell key={name} row={index} column={i} />
      ))}
    </>
  );
}
