// The visible rows as text, and where in their cells a piece of text stands. Widths are the terminal's own: a wide character fills two
// cells, a mark none.

import type { Terminal } from '@xterm/xterm';

export interface Row {
  readonly text: string;
  /** Column of the cell that each UTF-16 unit of `text` stands in; one more for the end. */
  readonly columns: readonly number[];
}

export interface Place {
  readonly row: number;
  readonly col: number;
  /** In cells. */
  readonly width: number;
}

/** Row `y` of the screen, blanks at its end removed. Cells beyond the margin, which wait there for a wider screen, are not on it. */
export function readRow({ buffer: { active }, cols }: Terminal, y: number): Row {
  const line = active.getLine(active.baseY + y);
  let text = '';
  let used = 0;
  const columns: number[] = [];
  const length = Math.min(cols, line?.length ?? 0);
  if (line !== undefined) {
    for (let x = 0; x < length; x++) {
      const cell = line.getCell(x)!;
      if (cell.getWidth() === 0) continue;
      const chars = cell.getChars();
      const shown = chars === '' ? ' ' : chars;
      for (let i = 0; i < shown.length; i++) columns.push(x);
      text += shown;
      if (chars !== '' && chars !== ' ') used = text.length;
    }
  }
  const end = columns[used] ?? length;
  return { text: text.slice(0, used), columns: [...columns.slice(0, used), end] };
}

/** Where `wanted` stands in rows, without regard to case. At most `most` places. */
export function findText(rows: readonly Row[], wanted: string, most = 200): readonly Place[] {
  const needle = wanted.toLowerCase();
  const places: Place[] = [];
  if (needle.trim() === '') return places;
  for (const [row, { text, columns }] of rows.entries()) {
    const hay = text.toLowerCase();
    // Where lower case has another length, positions would be off.
    if (hay.length !== text.length) continue;
    for (let at = hay.indexOf(needle); at !== -1 && places.length < most; at = hay.indexOf(needle, at + 1)) {
      const col = columns[at]!;
      places.push({ row, col, width: Math.max(1, columns[at + needle.length]! - col) });
    }
  }
  return places;
}
