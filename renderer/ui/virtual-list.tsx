// A list of any length for the keyboard: arrows move, Enter chooses; only the rows in view exist. The list keeps the focus and names its
// active row (ARIA: aria-activedescendant).

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, useState } from 'react';

export interface VirtualListProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  /** In CSS pixels. */
  readonly height: (item: T) => number;
  readonly row: (item: T, index: number) => React.ReactNode;
  readonly rowClass?: (item: T, index: number) => string;
  /** By Enter, or by the mouse: then with its event. */
  readonly onChoose: (item: T, index: number, click?: React.MouseEvent) => void;
  /** The row that belongs to the present moment: kept in view, and where the keyboard begins. */
  readonly current?: number;
  /** Where ArrowLeft and ArrowRight lead: the next row for which this holds. */
  readonly heads?: (item: T) => boolean;
  /** Takes the focus when it is first shown. */
  readonly takesFocus?: boolean;
  readonly className?: string;
}

const PAGE = 15;

/** The current row is scrolled to once it stays for so long. Milliseconds. */
const FOLLOW = 60;

export function VirtualList<T>(props: VirtualListProps<T>): React.JSX.Element {
  const { label, items, height, row, rowClass, onChoose, current = -1, heads, takesFocus, className } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(Math.max(0, current));
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => height(items[i]!),
    overscan: 12,
  });
  useEffect(() => virtual.measure(), [items, virtual]);
  useEffect(() => {
    if (current < 0) return;
    // Somebody who reads in the list is not carried away.
    if (document.activeElement !== box.current) setActive(current);
    // While the moment is dragged along, the list waits for its end: to scroll is to lay the page out.
    const timer = setTimeout(() => {
      if (box.current?.matches(':hover') !== true && document.activeElement !== box.current) virtual.scrollToIndex(current);
    }, FOLLOW);
    return () => clearTimeout(timer);
  }, [current, virtual]);
  useEffect(() => {
    if (takesFocus === true) box.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  const chosen = Math.min(active, items.length - 1);
  const go = (to: number): void => {
    const next = Math.max(0, Math.min(items.length - 1, to));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const nextHead = (step: 1 | -1): number => {
    for (let i = chosen + step; i >= 0 && i < items.length; i += step) if (heads?.(items[i]!) === true) return i;
    return chosen;
  };
  const press = (event: React.KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === 'ArrowDown') go(chosen + 1);
    else if (event.key === 'ArrowUp') go(chosen - 1);
    else if (event.key === 'ArrowRight' && heads !== undefined) go(nextHead(1));
    else if (event.key === 'ArrowLeft' && heads !== undefined) go(nextHead(-1));
    else if (event.key === 'PageDown') go(chosen + PAGE);
    else if (event.key === 'PageUp') go(chosen - PAGE);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(items.length - 1);
    else if (event.key === 'Enter' && chosen >= 0) onChoose(items[chosen]!, chosen);
    else return;
    event.preventDefault();
  };
  const shown = virtual.getVirtualItems();
  const exists = shown.some(({ index }) => index === chosen);
  return (
    <div
      ref={box}
      className={`virtual-list ${className ?? ''}`}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={exists ? `${id}-${String(chosen)}` : undefined}
      onKeyDown={press}
    >
      <div role="presentation" className="sizer" style={{ height: `${String(virtual.getTotalSize())}px` }}>
        {shown.map(({ index, start, size }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            // The keyboard works through the list.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={index}
              id={`${id}-${String(index)}`}
              role="option"
              aria-selected={index === chosen}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              aria-current={index === current ? 'true' : undefined}
              className={`${rowClass?.(item, index) ?? ''} ${index === chosen ? 'active' : ''} ${index === current ? 'current' : ''}`}
              style={{ transform: `translateY(${String(start)}px)`, height: `${String(size)}px` }}
              onMouseDown={() => setActive(index)}
              onClick={(event) => onChoose(item, index, event)}
            >
              {row(item, index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
