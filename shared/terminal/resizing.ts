// A new size for the screen, as tmux 3.3a does it: rows below the cursor go first and rows from the top enter the scrollback;
// a taller screen takes rows back that had scrolled off; a new width wraps the lines of the normal screen anew. While the alternate
// screen is shown the normal one waits: it is resized once, when it comes back. xterm.js has its own way, which loses count of rows
// and overflows the stack on long lines; this one costs no more than a pass over the rows that can remain.

import { BG, BG_EXTENDED, CELL_SIZE, CONTENT, IS_COMBINED, WIDTH_SHIFT } from './cells.ts';
import { blankLike, blankRow, type Emulator } from './emulator.ts';
import type { Line, ScreenBuffer } from './internals.ts';
import type { Watcher } from './notice.ts';
import { usedCells } from './used.ts';

const widthAt = (line: Line, x: number): number => line._data[x * CELL_SIZE + CONTENT]! >> WIDTH_SHIFT;

function copyCells(from: Line, start: number, to: Line, at: number, count: number): void {
  to._data.set(from._data.subarray(start * CELL_SIZE, (start + count) * CELL_SIZE), at * CELL_SIZE);
  for (let i = 0; i < count; i++) {
    const cell = (start + i) * CELL_SIZE;
    if ((from._data[cell]! & IS_COMBINED) !== 0) to._combined[at + i] = from._combined[start + i]!;
    if ((from._data[cell + BG]! & BG_EXTENDED) !== 0) to._extendedAttrs[at + i] = from._extendedAttrs[start + i];
  }
}

/** Cells of a line from which on a row begins, when rows have `cols` columns and no wide character is cut in two. */
function rowStarts(rows: readonly Line[], lengths: readonly number[], cols: number): number[] {
  const starts = [0];
  let start = 0;
  let cell = 0;
  for (const [i, row] of rows.entries()) {
    for (let x = 0; x < lengths[i]!; x++, cell++) {
      const room = cols - (cell - start);
      if (room > 1 || (room === 1 && widthAt(row, x) !== 2)) continue;
      starts.push(cell);
      start = cell;
    }
  }
  return starts;
}

/** Wraps all lines of a buffer to `cols`, keeping the last `limit` rows, and moves the cursor with its text. */
function rewrap(buffer: ScreenBuffer, cols: number, limit: number, blank: Line, watcher: Watcher): void {
  const { lines } = buffer;
  let wrapped: Line[] = [];
  let dropped = 0;
  /** The first rows leave the terminal. */
  const drop = (count: number, then?: Line): void => {
    if (watcher.rowLeft !== undefined) for (let i = 0; i < count; i++) watcher.rowLeft(wrapped[i]!, wrapped[i + 1] ?? then);
    wrapped = wrapped.slice(count);
    dropped += count;
  };
  const before = lines.length;
  const cursor = buffer.ybase + buffer.y;
  let cursorRow = 0;
  let cursorColumn = 0;

  for (let first = 0, end = 1; first < before; first = end) {
    const line = lines.get(first)!;
    end = first + 1;
    while (end < before && lines.get(end)!.isWrapped) end += 1;
    if (end === first + 1 && (line.length <= cols || usedCells(line) <= cols)) {
      if (cursor === first) {
        // A cursor behind the text stays behind it.
        cursorRow = dropped + wrapped.length;
        cursorColumn = Math.min(buffer.x, usedCells(line));
      }
      fit(line, cols, blank);
      wrapped.push(line);
      continue;
    }

    const rows: Line[] = [];
    for (let row = first; row < end; row++) rows.push(lines.get(row)!);
    const lengths = rows.map(usedCells);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const starts = rowStarts(rows, lengths, cols);
    if (cursor >= first && cursor < end) {
      const inRow = cursor - first;
      const cell = buffer.x < lengths[inRow]! ? lengths.slice(0, inRow).reduce((sum, length) => sum + length, buffer.x) : total;
      const row = starts.findLastIndex((start) => start <= cell);
      cursorRow = dropped + wrapped.length + row;
      cursorColumn = cell - starts[row]!;
    }
    // Only the last rows can remain; the others need not pile up.
    for (const row of layOut(rows, lengths, starts, total, blank)) {
      if (row.isWrapped) {
        if (wrapped.length === 2 * limit) drop(limit, row);
      } else watcher.rowMoved?.(line, row);
      wrapped.push(row);
    }
    if (wrapped.length > 2 * limit) drop(wrapped.length - limit, lines.get(end));
  }

  drop(Math.max(0, wrapped.length - limit));
  lines.length = 0;
  for (const row of wrapped) lines.push(row);
  buffer.x = cursorColumn;
  buffer.y = cursorRow - dropped;
}

/** The rows that begin at these cells of one line. */
function* layOut(
  rows: readonly Line[],
  lengths: readonly number[],
  starts: readonly number[],
  total: number,
  blank: Line,
): Iterable<Line> {
  let source = 0;
  let offset = 0;
  for (const [i, start] of starts.entries()) {
    const end = starts[i + 1] ?? total;
    const line = blankLike(blank);
    line.isWrapped = start > 0;
    for (let cell = start; cell < end;) {
      while (cell >= offset + lengths[source]!) offset += lengths[source++]!;
      const count = Math.min(end, offset + lengths[source]!) - cell;
      copyCells(rows[source]!, cell - offset, line, cell - start, count);
      cell += count;
    }
    line.used = end - start;
    yield line;
  }
}

/** Cuts or fills a row. A row that was wider keeps its memory, in view of the next resize. */
function fit(line: Line, cols: number, blank: Line): void {
  const { _data: data, length } = line;
  if (length === cols) return;
  const size = cols * CELL_SIZE;
  if (size <= data.length) line._data = data.subarray(0, size);
  else {
    const room = data.buffer.byteLength >= size * data.BYTES_PER_ELEMENT;
    line._data = room ? new Uint32Array(data.buffer, 0, size) : new Uint32Array(size);
    if (!room) line._data.set(data);
    line._data.set(blank._data.subarray(data.length, size), data.length);
  }
  line.length = cols;
}

/** Gives a buffer as many rows as the screen has. What scrolls off enters the scrollback, or is lost where there is none. */
function setRows(emulator: Emulator, buffer: ScreenBuffer, rows: number, blank: Line): void {
  const { own } = emulator;
  const { lines } = buffer;
  const before = buffer._rows;
  const hasScrollback = buffer === emulator.inner.buffers.normal;
  const limit = hasScrollback ? rows + emulator.inner.optionsService.rawOptions.scrollback : rows;
  if (rows < before) {
    const below = Math.min(before - rows, before - 1 - buffer.y);
    lines.length -= below;
    const above = before - rows - below;
    buffer.ybase += above;
    buffer.y -= above;
    own.scrolled += hasScrollback ? above : 0;
  } else {
    const back = hasScrollback ? Math.min(own.scrolled, rows - before, buffer.ybase) : 0;
    buffer.ybase -= back;
    buffer.y += back;
    own.scrolled -= hasScrollback ? back : 0;
    lines.maxLength = Math.max(lines.maxLength, limit);
    for (let i = before + back; i < rows; i++) lines.push(blankLike(blank));
  }
  trim(buffer, limit, hasScrollback ? emulator.watcher : {});
  lines.maxLength = limit;
}

function trim(buffer: ScreenBuffer, limit: number, { rowLeft }: Watcher): void {
  const { lines } = buffer;
  const over = lines.length - limit;
  if (over <= 0) return;
  for (let row = 0; row < over; row++) rowLeft?.(lines.get(row)!, lines.get(row + 1));
  lines.trimStart(over);
  buffer.ybase -= over;
}

function setCols(emulator: Emulator, buffer: ScreenBuffer, cols: number, rows: number, blank: Line): void {
  const { lines } = buffer;
  if (buffer === emulator.inner.buffers.alt) {
    // Cells beyond the margin wait there for a wider screen.
    for (let row = 0; row < lines.length; row++) if (lines.get(row)!.length < cols) fit(lines.get(row)!, cols, blank);
    buffer.x = Math.min(buffer.x, cols - 1);
    return;
  }
  const { own } = emulator;
  const allScrolled = own.scrolled === buffer.ybase;
  rewrap(buffer, cols, lines.maxLength, blank, emulator.watcher);
  while (lines.length < rows) lines.push(blankLike(blank));
  const row = buffer.y;
  buffer.ybase = lines.length - rows;
  buffer.y = row - buffer.ybase;
  if (buffer.y < 0) {
    buffer.x = 0;
    buffer.y = 0;
  }
  own.scrolled = allScrolled ? buffer.ybase : Math.min(own.scrolled, buffer.ybase);
}

/** Brings a buffer to a size: at once, or, for the normal screen, when it is shown again. */
export function resizeBuffer(emulator: Emulator, buffer: ScreenBuffer, cols: number, rows: number): void {
  const blank = blankRow(buffer);
  if (buffer.lines.length > 0) {
    if (rows !== buffer._rows) setRows(emulator, buffer, rows, blank);
    if (cols !== buffer._cols) setCols(emulator, buffer, cols, rows, blank);
  } else buffer.lines.maxLength = rows;
  buffer.ydisp = buffer.ybase;
  buffer.scrollTop = 0;
  buffer.scrollBottom = rows - 1;
  buffer._cols = cols;
  buffer._rows = rows;
  buffer.setupTabStops(cols);
}

/** Takes the place of the resizing that xterm.js has for its two buffers. */
export function createResizer(emulator: Emulator): (cols: number, rows: number) => void {
  const { buffers } = emulator.inner;
  return (cols, rows) => {
    if (buffers.active === buffers.normal) resizeBuffer(emulator, buffers.normal, cols, rows);
    resizeBuffer(emulator, buffers.alt, cols, rows);
  };
}
