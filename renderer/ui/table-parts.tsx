// What the tables of the window share: the choice of their columns, and what stands in their place while they are fetched.

import { Button } from './button.tsx';

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

export function TableSkeleton(): React.JSX.Element {
  return (
    <div className="table-skeleton" aria-hidden="true">
      {Array.from({ length: 14 }, (_, i) => (
        <span key={i} className="skeleton" style={{ width: `${String(90 - ((i * 29) % 40))}%` }} />
      ))}
    </div>
  );
}
