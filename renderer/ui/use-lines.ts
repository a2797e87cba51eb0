// The lines of a long table of which only those in view stand in the page, below a head that stays on top.

import { useVirtualizer, type Virtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { useLayoutEffect } from 'react';

/** Height of a line and of the head, as in the style sheets. */
const LINE = 30;

/** Lines beyond the view that exist too. */
const OVERSCAN = 12;

export interface Lines {
  readonly virtual: Virtualizer<HTMLDivElement, Element>;
  readonly items: readonly VirtualItem[];
  /** The first and the last one that stand in the page. */
  readonly first: number;
  readonly last: number;
  /** Lines of one view. */
  readonly page: number;
}

/** Brings the active line into view when it is another one. */
export function useLines(total: number, active: number, gridRef: React.RefObject<HTMLDivElement | null>): Lines {
  const virtual = useVirtualizer<HTMLDivElement, Element>({
    count: total,
    getScrollElement: () => gridRef.current,
    estimateSize: () => LINE,
    overscan: OVERSCAN,
    // The head stays on top of the lines.
    scrollPaddingStart: LINE,
    paddingStart: LINE,
  });
  useLayoutEffect(() => {
    if (active < total) virtual.scrollToIndex(active);
    // Only when the active line changes: scrolling by hand may leave it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [active]);
  const items = virtual.getVirtualItems();
  const page = Math.max(1, Math.floor((gridRef.current?.clientHeight ?? 600) / LINE) - 2);
  return { virtual, items, first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? 0, page };
}
