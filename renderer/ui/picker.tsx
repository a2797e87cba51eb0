// A short list beside the details of what is chosen in it: arrows choose, the choice is shown at once (ARIA listbox, selection follows
// the focus).

import { useId, useRef } from 'react';

export interface PickerProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
  readonly row: (item: T) => React.ReactNode;
}

export function Picker<T>({ label, items, keyOf, chosen, onChoose, row }: PickerProps<T>): React.JSX.Element {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const at = items.findIndex((item) => keyOf(item) === chosen);
  const press = (event: React.KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const to: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(items.length - 1, next));
    onChoose(keyOf(items[index]!));
    box.current?.children[index]?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div
      ref={box}
      className="picker"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={at < 0 ? undefined : `${id}-${String(at)}`}
      onKeyDown={press}
    >
      {items.map((item, i) => (
        // The keyboard works through the list.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={keyOf(item)}
          id={`${id}-${String(i)}`}
          role="option"
          aria-selected={i === at}
          className={i === at ? 'active' : ''}
          onClick={() => onChoose(keyOf(item))}
        >
          {row(item)}
        </div>
      ))}
    </div>
  );
}
