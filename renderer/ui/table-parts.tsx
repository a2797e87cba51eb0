// What the tables of the window share: the choice of their columns, their heads, and what stands in the place of rows while they are fetched.

import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { useZone, zonedLabel } from './zone.tsx';

export interface ColumnChoiceProps {
  /** Those that may be left out. */
  readonly columns: readonly { readonly name: string; readonly label: string }[];
  /** Names of those that are shown. */
  readonly names: readonly string[];
  readonly usual: readonly string[];
  readonly onNames: (names: readonly string[]) => void;
}

export function ColumnChoice({ columns, names, usual, onNames }: ColumnChoiceProps): React.JSX.Element {
  return (
    <div className="column-choice">
      {columns.map(({ name, label }) => (
        <label key={name} className="check">
          <input
            type="checkbox"
            checked={names.includes(name)}
            onChange={(event) => onNames(event.target.checked ? [...names, name] : names.filter((one) => one !== name))}
          />
          {label}
        </label>
      ))}
      <Button onClick={() => onNames(usual)}>Usual columns</Button>
    </div>
  );
}

/** A column as its head shows it; `K`: what lists can be sorted by. */
export interface HeadedColumn<K extends string> {
  readonly name: string;
  readonly label: string;
  readonly sort?: K;
  /** Sorted the other way round first: newest, longest, most. */
  readonly descendingFirst?: boolean;
  readonly end?: boolean;
  /** Its clock's zone stands in its head. */
  readonly zoned?: boolean;
}

export interface HeaderCellProps<K extends string> {
  readonly column: HeadedColumn<K>;
  readonly sort: { readonly key: K; readonly descending: boolean };
  readonly onSort: (sort: { readonly key: K; readonly descending: boolean }) => void;
}

export function HeaderCell<K extends string>({ column, sort, onSort }: HeaderCellProps<K>): React.JSX.Element {
  const zone = useZone();
  const { label, sort: key, end, descendingFirst, zoned } = column;
  const shown = zoned === true ? zonedLabel(label, zone) : label;
  const className = `cell ${end === true ? 'end' : ''}`;
  if (key === undefined) {
    return (
      <span role="columnheader" className={className}>
        {shown}
      </span>
    );
  }
  const sorted = sort.key === key;
  const next = sorted ? !sort.descending : descendingFirst === true;
  return (
    <span role="columnheader" className={className} aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" title={`Sort by ${label.toLowerCase()}`} onClick={() => onSort({ key, descending: next })}>
        {shown}
        {sorted ? <Icon name={sort.descending ? 'down' : 'up'} /> : null}
      </button>
    </span>
  );
}

/** A cell of a row that is being fetched: the `row`th of the list, the `column`th of the row. */
export function WaitingCell({
  row,
  column,
  label,
}: {
  readonly row: number;
  readonly column: number;
  readonly label?: string;
}): React.JSX.Element {
  return (
    <span role="gridcell" className="cell" aria-label={label} aria-hidden={label === undefined}>
      <span className="skeleton" style={{ width: `${String(35 + ((row * 31 + column * 47) % 45))}%` }} />
    </span>
  );
}

export function TableSkeleton(): React.JSX.Element {
  return (
    <div className="table-skeleton" aria-hidden="true">
      {Array.from({ length: 14 }, (_, i) => (
        <span key={i} className="skeleton" style={{ width: `${String(90 - ((i * 29) % 40))}%` }} />
      ))}
    </div>
  );
}
