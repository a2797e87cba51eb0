// The line of a command as the screen shows it: wrapped rows together, and without the prompt that a shell keeps at the right margin.

import { screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { cellText, cellsBeforeWrap, joinedText, rowText, writtenCells } from '../../shared/terminal/text.ts';

/** The line that the cursor is on, wrapped rows together. */
export interface CursorLine {
  /** Up to the cursor. */
  readonly before: string;
  /** Without the right prompt. */
  readonly whole: string;
  /** Its first row. */
  readonly head: Line;
}

/** What a shell keeps at the right margin while a command is typed. */
export interface RightPrompt {
  readonly text: string;
  /** Cells from its beginning to the right edge of the screen. */
  readonly width: number;
}

/** Rows of one line that are looked at. */
const MAX_ROWS = 64;

/** Cells that zsh leaves free behind a right prompt. */
const RIGHT_INDENT = 1;

/** What stands at the right margin, a run of blanks behind the cursor: a prompt only where nothing is typed yet. */
export function rightPrompt({ inner, terminal }: Emulator): RightPrompt | null {
  const buffer = inner.buffers.active;
  const row = screenLine(buffer, buffer.y);
  const blank = (x: number): boolean => cellText(row, x).trim() === '';
  const end = writtenCells(row, terminal.cols);
  if (end < terminal.cols - RIGHT_INDENT) return null;
  let x = buffer.x;
  while (x < end && blank(x)) x += 1;
  if (x === end || x - buffer.x < 2) return null;
  const text = rowText(row, end).slice(rowText(row, x).length);
  return { text, width: terminal.cols - x };
}

/** The text of a row up to its right prompt, where that still stands in its place. */
function leftOf(row: Line, { text, width }: RightPrompt, cols: number): string {
  const whole = rowText(row);
  const left = rowText(row, cols - width);
  return left.endsWith(' ') && whole.slice(left.length) === text ? left : whole;
}

/** Whether a row ends in its right prompt: the line goes on in no other row. */
function hasRight(row: Line, right: RightPrompt | null, cols: number): boolean {
  return right !== null && leftOf(row, right, cols) !== rowText(row);
}

/** Where a row is among all rows, or -1 where it is gone; found from below, as rows that are looked for are new. */
export function placeOf({ inner }: Emulator, row: Line): number {
  const { lines } = inner.buffers.active;
  let at = lines.length - 1;
  while (at >= 0 && lines.get(at) !== row) at -= 1;
  return at;
}

/** Whether the line goes on in the next row, wrapped or not: zsh begins the next row of a long line itself. */
function isFull(row: Line, next: Line): boolean {
  return writtenCells(row, row.length) >= cellsBeforeWrap(row, next);
}

/** Whether a row is on the screen, not above it or gone. */
export function isOnScreen(emulator: Emulator, row: Line): boolean {
  const { ybase } = emulator.inner.buffers.active;
  return placeOf(emulator, row) >= ybase;
}

/** Whether a line is the one right below another, both by their first rows. */
export function isNext(emulator: Emulator, above: Line, below: Line): boolean {
  const { lines } = emulator.inner.buffers.active;
  for (let row = placeOf(emulator, below) - 1, rows = 0; row >= 0 && rows < MAX_ROWS; row--, rows++) {
    if (lines.get(row) === above) return true;
    if (row === 0 || !isFull(lines.get(row - 1)!, lines.get(row)!)) return false;
  }
  return false;
}

/** Whether the cursor is below the first row of a line and still in that line. */
export function isWithin(emulator: Emulator, head: Line, right: RightPrompt | null): boolean {
  const { lines, ybase, y } = emulator.inner.buffers.active;
  const at = placeOf(emulator, head);
  if (at < 0 || at >= ybase + y || hasRight(head, right, emulator.terminal.cols)) return false;
  for (let row = at; row < ybase + y; row++) if (!isFull(lines.get(row)!, lines.get(row + 1)!)) return false;
  return true;
}

/** How many lines end between the first row of one and the cursor: at least one. */
export function linesFrom(emulator: Emulator, head: Line): number {
  const { lines, ybase, y } = emulator.inner.buffers.active;
  const at = placeOf(emulator, head);
  let count = 0;
  for (let row = at + 1; at >= 0 && row <= ybase + y; row++) if (lines.get(row)?.isWrapped !== true) count += 1;
  return Math.max(1, count);
}

/** The lines between one, by its first row, and the one that the cursor is on. */
export function linesBelow(emulator: Emulator, head: Line): string[] {
  const { lines, ybase, y } = emulator.inner.buffers.active;
  const at = placeOf(emulator, head);
  const below: string[] = [];
  for (let row = at + 1; at >= 0 && row < ybase + y && row - at < MAX_ROWS; row++) {
    const line = lines.get(row)!;
    if (!isFull(lines.get(row - 1)!, line)) below.push(leftLine(emulator, line));
  }
  return below;
}

/** A line that the cursor has left, by its first row and without its right prompt; empty where that row is gone. */
export function leftLine(emulator: Emulator, head: Line, right: RightPrompt | null = null): string {
  const { lines } = emulator.inner.buffers.active;
  const at = placeOf(emulator, head);
  if (at < 0) return '';
  const { cols } = emulator.terminal;
  if (right !== null && hasRight(head, right, cols)) return leftOf(head, right, cols).trimEnd();
  const rows = [head];
  for (let row = head; rows.length < MAX_ROWS; rows.push(row)) {
    const next = lines.get(at + rows.length);
    // Behind a row that is not full, a wrapped one was part of a longer line that was here before.
    if (next === undefined || !isFull(row, next)) break;
    row = next;
  }
  return joinedText(rows).trimEnd();
}

export function cursorLine(emulator: Emulator, right: RightPrompt | null): CursorLine {
  const buffer = emulator.inner.buffers.active;
  let head = buffer.y;
  while (head > 0 && buffer.y - head < MAX_ROWS && screenLine(buffer, head).isWrapped) head -= 1;
  let before = '';
  for (let y = head; y < buffer.y; y++) {
    const row = screenLine(buffer, y);
    before += rowText(row, cellsBeforeWrap(row, screenLine(buffer, y + 1)));
  }
  const row = screenLine(buffer, buffer.y);
  const last = rowText(row, Math.min(buffer.x, row.length));
  // A right prompt is gone as soon as the command comes near it.
  const { cols } = emulator.terminal;
  const alone = right !== null && head === buffer.y && buffer.x <= cols - right.width;
  let whole = before + (alone ? leftOf(row, right, cols) : rowText(row));
  for (let y = buffer.y + 1; y < emulator.terminal.rows && y - buffer.y < MAX_ROWS && screenLine(buffer, y).isWrapped; y++) {
    whole += rowText(screenLine(buffer, y));
  }
  return { before: before + last, whole: whole.trimEnd(), head: screenLine(buffer, head) };
}
