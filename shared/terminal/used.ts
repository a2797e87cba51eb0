// How much of a row is in use: what a new width wraps anew, and what an emptied screen moves into the scrollback. As in tmux 3.3a (`cellused` of
// a line): up to the last cell that was printed or moved to since the whole row was emptied. To erase a part takes nothing away, and
// a colour alone brings nothing. https://github.com/tmux/tmux/blob/3.3a/grid.c

import type { Line } from './internals.ts';

/** Cells of a row that are in use. */
export const usedCells = (line: Line): number => line.used ?? 0;

/** The cells before column `end` are in use. */
export function use(line: Line, end: number): void {
  if (end > usedCells(line)) line.used = end;
}
