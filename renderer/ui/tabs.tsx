// Tabs by the ARIA pattern: arrows move, the chosen one is in the tab order.

import { useId } from 'react';

export interface Tab<N extends string> {
  readonly name: N;
  readonly label: string;
  readonly count?: number;
}

export interface TabsProps<N extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<N>[];
  readonly chosen: N;
  readonly onChoose: (name: N) => void;
  readonly children: React.ReactNode;
}

export function Tabs<N extends string>({ label, tabs, chosen, onChoose, children }: TabsProps<N>): React.JSX.Element {
  const id = useId();
  const move = (event: React.KeyboardEvent, step: number): void => {
    event.preventDefault();
    const next = tabs[(tabs.findIndex(({ name }) => name === chosen) + step + tabs.length) % tabs.length]!;
    onChoose(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label={label} className="tabs">
        {tabs.map(({ name, label: text, count }) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
            onKeyDown={(event) => {
              if (event.altKey || event.shiftKey || event.ctrlKey || event.metaKey) return;
              if (event.key === 'ArrowRight') move(event, 1);
              else if (event.key === 'ArrowLeft') move(event, -1);
            }}
          >
            {text}
            {count === undefined || count === 0 ? null : <span className="count"> {count}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`} className="tab-panel" tabIndex={-1}>
        {children}
      </div>
    </>
  );
}
