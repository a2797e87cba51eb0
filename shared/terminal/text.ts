// The text of rows. Blanks that were printed are text; cells at the end of a row to which nothing was written are none.

import { CELL_SIZE, CODE_MASK, HAS_CONTENT, IS_COMBINED, NARROW, WIDTH_SHIFT } from './cells.ts';
import type { Line } from './internals.ts';

const BLANK = 0x20;
const ASCII_LAST = NARROW | 0x7f;
const ascii = new Uint8Array(4096);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Cells of a row up to the last one that was written, at most `limit`. */
export function writtenCells(line: Line, limit: number): number {
  const data = line._data;
  let used = Math.min(limit, line.length);
  while (used > 0 && (data[used * CELL_SIZE - CELL_SIZE]! & HAS_CONTENT) === 0) used -= 1;
  return used;
}

/** What stands in one cell: empty for a cell that nothing was written to. */
export function cellText(line: Line, x: number): string {
  const content = line._data[x * CELL_SIZE]!;
  if ((content & IS_COMBINED) !== 0) return line._combined[x]!;
  return (content & CODE_MASK) === 0 ? '' : String.fromCodePoint(content & CODE_MASK);
}

/** The text of the first `cells` cells of a row, by default of all that were written; empty cells between are blanks. */
export function rowText(line: Line, cells: number = writtenCells(line, line.length)): string {
  const data = line._data;
  let text = '';
  let count = 0;
  for (let x = 0; x < cells;) {
    const stop = Math.min(cells, x + ascii.length - count);
    let content = 0;
    // Most of all text: kept and decoded at once.
    for (; x < stop; x++) {
      content = data[x * CELL_SIZE]!;
      if (content >= NARROW && content <= ASCII_LAST) ascii[count++] = content === NARROW ? BLANK : content & 0x7f;
      else break;
    }
    if (x === cells) break;
    if (x === stop) {
      text += decoder.decode(ascii);
      count = 0;
      continue;
    }
    if (count > 0) text += decoder.decode(ascii.subarray(0, count));
    text += cellText(line, x) || ' ';
    count = 0;
    x += content >>> WIDTH_SHIFT || 1;
  }
  return count === 0 ? text : text + decoder.decode(ascii.subarray(0, count));
}

/**
 * Whether the first `cells` cells of a row show this text and blanks after it, told without making a string. False also where only the
 * string would tell: a row with wide, joined or rare characters.
 */
export function showsText(line: Line, cells: number, text: string): boolean {
  const data = line._data;
  const end = Math.min(cells, line.length);
  const { length } = text;
  if (length > end) return false;
  for (let x = 0; x < length; x++) {
    const content = data[x * CELL_SIZE]!;
    const unit = text.charCodeAt(x);
    if (content !== (NARROW | unit) && (content !== NARROW || unit !== BLANK)) return false;
  }
  for (let x = length; x < end; x++) {
    const content = data[x * CELL_SIZE]!;
    if (content !== NARROW && content !== (NARROW | BLANK)) return false;
  }
  return true;
}

/**
 * Cells of a row that goes on in `next`: all, but not the gap before a wide character that did not fit. A row keeps its cells when
 * the screen gets narrower: what lies beyond `cols` is not shown.
 */
export function cellsBeforeWrap(line: Line, next: Line, cols = line.length): number {
  const last = Math.min(line.length, cols) - 1;
  const gap = (line._data[last * CELL_SIZE]! & HAS_CONTENT) === 0 && next._data[0]! >>> WIDTH_SHIFT === 2;
  return gap ? last : last + 1;
}

/** The text of rows that continue each other, as one line; `cols`: as wide as the screen. */
export function joinedText(rows: readonly Line[], cols?: number): string {
  return rows
    .map((row, i) => {
      const next = rows[i + 1];
      return rowText(row, next === undefined ? writtenCells(row, cols ?? row.length) : cellsBeforeWrap(row, next, cols));
    })
    .join('');
}

const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '');

/** Whether a quotation stands in what is written on a screen; how it is broken into rows does not matter. */
export const quotes = (written: string, quotation: string): boolean => withoutBlanks(written).includes(withoutBlanks(quotation));
