// Choosing a region of the screen: dragged with the mouse, or moved with the arrows and grown with Shift and the arrows; Enter takes it,
// Escape leaves it.

import { useEffect, useRef, useState } from 'react';
import { placeOf } from './screen-view.tsx';
import type { Region, Screen } from './screen.ts';

export interface RegionPickerProps {
  readonly screen: Screen;
  readonly onRegion: (region: Region) => void;
  readonly onLeave: () => void;
}

interface Cell {
  readonly row: number;
  readonly col: number;
}

/** The region between two cells, both of them in it. */
export const regionOf = (a: Cell, b: Cell): Region => ({
  row: Math.min(a.row, b.row),
  col: Math.min(a.col, b.col),
  rows: Math.abs(a.row - b.row) + 1,
  cols: Math.abs(a.col - b.col) + 1,
});

/** A region moved, or grown where `grow`, by rows and columns; it stays on the screen and keeps a cell at least. */
export function shifted(
  region: Region,
  [down, right]: readonly [number, number],
  grow: boolean,
  size: Pick<Region, 'rows' | 'cols'>,
): Region {
  const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));
  return grow
    ? {
        ...region,
        rows: within(region.rows + down, 1, size.rows - region.row),
        cols: within(region.cols + right, 1, size.cols - region.col),
      }
    : {
        ...region,
        row: within(region.row + down, 0, size.rows - region.rows),
        col: within(region.col + right, 0, size.cols - region.cols),
      };
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function RegionPicker({ screen, onRegion, onLeave }: RegionPickerProps): React.JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const size = screen.state();
  const [region, setRegion] = useState<Region>(() => ({
    row: 0,
    col: 0,
    rows: Math.min(3, size.rows),
    cols: Math.min(20, size.cols),
  }));
  const begun = useRef<Cell | null>(null);
  useEffect(() => box.current?.focus(), []);
  const cell = screen.cell() ?? { width: 1, height: 1 };
  const cellAt = (event: React.PointerEvent): Cell => {
    const { left, top } = box.current!.getBoundingClientRect();
    const within = (at: number, most: number): number => Math.max(0, Math.min(most - 1, Math.floor(at)));
    return {
      row: within((event.clientY - top) / cell.height, size.rows),
      col: within((event.clientX - left) / cell.width, size.cols),
    };
  };
  const press = (event: React.KeyboardEvent): void => {
    const step = ARROWS[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (step !== undefined) setRegion(shifted(region, step, event.shiftKey, size));
    else if (event.key === 'Enter') onRegion(region);
    else if (event.key === 'Escape') onLeave();
    else return;
    event.preventDefault();
  };
  const { row, col, rows, cols } = region;
  return (
    // A region is drawn, not one of a list of values: no ARIA role says more. The keys are its own.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={box}
      className="region-picker"
      role="group"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={`Region: row ${String(row + 1)}, column ${String(col + 1)}, ${String(rows)} by ${String(cols)} cells`}
      onKeyDown={press}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        box.current!.focus();
        event.currentTarget.setPointerCapture(event.pointerId);
        begun.current = cellAt(event);
        setRegion(regionOf(begun.current, begun.current));
      }}
      onPointerMove={(event) => {
        if (begun.current !== null) setRegion(regionOf(begun.current, cellAt(event)));
      }}
      onPointerUp={(event) => {
        if (begun.current === null) return;
        const drawn = regionOf(begun.current, cellAt(event));
        begun.current = null;
        // A click alone begins a region; a drag is one.
        if (drawn.rows > 1 || drawn.cols > 1) onRegion(drawn);
      }}
    >
      <span className="region" style={placeOf(region, cell)} />
      <span className="unseen" role="status">
        {`Row ${String(row + 1)}, column ${String(col + 1)}, ${String(rows)} by ${String(cols)} cells`}
      </span>
    </div>
  );
}
