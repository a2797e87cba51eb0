// What stood in the cells of the screen, concealed or not, from when to when, line by line: text that appears and text that goes, after every event,
// wherever it came from. Only rows that were written to, or that entered or left the screen, are looked at; a row keeps its
// identity while it scrolls. Wrapped rows are one line. What no event left on the screen was not seen and is not here.

import type { Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { JOINS } from '../../shared/query/fold.ts';
import { cellsBeforeWrap, rowText, showsText, writtenCells } from '../../shared/terminal/text.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { TextLine } from '../library/library.ts';
import { addStep, trimmedLine, type GrowingStep, type Now } from './line-builder.ts';

/** Screens of rows that are remembered as touched within an event before those that have left the screen are forgotten. */
const TOUCHED_SCREENS = 4;

/** Text that is on the screen now: that of a row and of the rows that it is wrapped into. */
interface Shown {
  text: string;
  readonly steps: GrowingStep[];
  row: number;
  cols: number;
}

export class ScreenText {
  readonly #emulator: Emulator;
  readonly #emit: (line: TextLine) => void;
  /** Rows of the screen as they were last looked at, and what each shows as the first of its line. */
  #rows: Line[] = [];
  #shown: (Shown | null)[] = [];
  /** Each once. No set: one that is emptied for every event leaves its tables to be collected at length. */
  #touched: Line[] = [];
  #lastTouched: Line | null = null;
  /** First row of the line that was looked at last, within an event. */
  #looked = -1;

  constructor(emulator: Emulator, emit: (line: TextLine) => void) {
    this.#emulator = emulator;
    this.#emit = emit;
    this.#watchRows();
  }

  /** Every change of a row is announced to xterm.js's own tracker of what must be drawn. */
  #watchRows(): void {
    const { _inputHandler: input } = this.#emulator.inner;
    const tracker = input._dirtyRowTracker;
    const touch = (y: number): void => {
      const buffer = input._activeBuffer;
      const line = buffer.lines.get(buffer.ybase + y);
      if (line !== undefined && line !== this.#lastTouched) this.#touch(line);
    };
    const touchRange = (from: number, to: number): void => {
      for (let y = Math.max(0, from); y <= to; y++) touch(y);
    };
    tracker.markDirty = touch;
    tracker.markRangeDirty = (from, to) => {
      if (!this.#emulator.scrolling) {
        touchRange(Math.min(from, to), Math.max(from, to));
        return;
      }
      // Rows that only move keep their text; at the edges of the region a row may end to be wrapped.
      touchRange(from, from + 1);
      touchRange(to, to + 1);
    };
    tracker.markAllDirty = () => touchRange(0, this.#emulator.terminal.rows - 1);
  }

  #touch(line: Line): void {
    this.#lastTouched = line;
    if (this.#touched.includes(line)) return;
    this.#touched.push(line);
    const rows = Math.max(this.#rows.length, this.#emulator.terminal.rows);
    if (this.#touched.length > rows * TOUCHED_SCREENS) this.#forget();
  }

  /** Forgets rows that came and went within the event. One that comes back is looked at as every row that enters the screen is. */
  #forget(): void {
    const { terminal, inner } = this.#emulator;
    const { lines, ybase } = inner.buffers.active;
    const kept = new Set(this.#rows);
    for (let y = 0; y < terminal.rows; y++) kept.add(lines.get(ybase + y)!);
    this.#touched = this.#touched.filter((line) => kept.has(line));
    this.#lastTouched = null;
  }

  /** The size changed: rows keep their identity and may have other cells. */
  resized(): void {
    for (const line of this.#rows) this.#touch(line);
  }

  /** Looks at what the event just applied has changed. */
  after(now: Now): void {
    const moved = this.#haveMoved();
    if (moved) this.#move(now);
    if (this.#touched.length === 0) return;
    const rows = this.#rows;
    this.#looked = -1;
    for (const line of this.#touched) {
      const row = rows.lastIndexOf(line);
      if (row < 0) continue;
      this.#lookAt(row, now);
      // A row that wrapped may stand alone now: what it was wrapped from is shorter.
      if (row > 0 && !line.isWrapped) this.#lookAt(row - 1, now);
      // The row below may have gone on from this one and stand alone now.
      if (rows[row + 1]?.isWrapped === false && this.#shown[row + 1] === null) this.#lookAt(row + 1, now);
    }
    this.#touched = [];
    this.#lastTouched = null;
    // A wrapped line whose first row has left the screen goes on from the first row that is left of it.
    if (moved && rows[0]?.isWrapped === true) this.#lookAt(0, now);
  }

  #lookAt(row: number, now: Now): void {
    const head = this.#headOf(row);
    // Neighbouring rows are often of one line.
    if (head !== this.#looked) this.#look(head, now);
    this.#looked = head;
  }

  #haveMoved(): boolean {
    const { terminal, inner } = this.#emulator;
    const { lines, ybase } = inner.buffers.active;
    const rows = this.#rows;
    if (rows.length !== terminal.rows) return true;
    for (let y = rows.length - 1; y >= 0; y--) if (rows[y] !== lines.get(ybase + y)) return true;
    return false;
  }

  /** Rows that left the screen end what they showed; rows that entered it are to be looked at. */
  #move(now: Now): void {
    const { terminal, inner } = this.#emulator;
    const { lines, ybase } = inner.buffers.active;
    const rows: Line[] = [];
    for (let y = 0; y < terminal.rows; y++) rows.push(lines.get(ybase + y)!);
    const before = this.#rows;
    const shown = this.#shown;
    this.#rows = rows;

    // Most often all rows went up.
    const up = before.indexOf(rows[0]!);
    if (up > 0 && before.length === rows.length && wentUp(before, rows, up)) {
      for (const gone of shown.splice(0, up)) this.#end(gone, now.at);
      for (let y = rows.length - up; y < rows.length; y++) {
        shown.push(null);
        this.#touch(rows[y]!);
      }
      return;
    }
    const shownBy = new Map(before.map((line, y) => [line, shown[y]!]));
    this.#shown = rows.map((line) => {
      const known = shownBy.get(line);
      shownBy.delete(line);
      if (known === undefined) this.#touch(line);
      return known ?? null;
    });
    for (const gone of shownBy.values()) this.#end(gone, now.at);
  }

  #headOf(row: number): number {
    let head = row;
    while (head > 0 && this.#rows[head]!.isWrapped) head -= 1;
    return head;
  }

  #look(head: number, now: Now): void {
    const { cols } = this.#emulator.terminal;
    const rows = this.#rows;
    const shown = this.#shown[head]!;
    // Most rows that were written to show what they did: at the edges of what scrolled, and in screens that are drawn anew.
    if (shown !== null && rows[head + 1]?.isWrapped !== true && showsText(rows[head]!, cols, shown.text)) return;
    let text = '';
    let row = head;
    do {
      const line = rows[row]!;
      const next = rows[row + 1];
      text += rowText(line, next?.isWrapped === true ? cellsBeforeWrap(line, next, cols) : writtenCells(line, cols));
      if (row > head) this.#endRow(row, now.at);
      row += 1;
    } while (rows[row]?.isWrapped === true);
    text = text.trimEnd();
    if (shown?.text === text) return;
    // A mark that comes later changes the character before it: what stood there until then is a text of its own.
    const goesOn = shown !== null && text.startsWith(shown.text) && !JOINS.test(text[shown.text.length] ?? '');
    if (goesOn && shown.cols === cols && shown.row === head) {
      shown.text = text;
      addStep(shown.steps, text.length, now);
      return;
    }
    this.#endRow(head, now.at);
    if (text === '') return;
    this.#shown[head] = { text, steps: [{ length: text.length, at: now.at, index: now.index }], row: head, cols };
  }

  #endRow(row: number, at: Micros): void {
    this.#end(this.#shown[row]!, at);
    this.#shown[row] = null;
  }

  #end(shown: Shown | null, at: Micros): void {
    if (shown === null) return;
    const line = trimmedLine(shown.text, shown.steps, at, shown);
    if (line !== null) this.#emit(line);
  }

  /** What is still on the screen when the recording ends. */
  finish(at: Micros): void {
    for (const shown of this.#shown) this.#end(shown, at);
    this.#shown = this.#shown.map(() => null);
  }
}

/** Whether rows are what they were before, `up` rows higher. */
function wentUp(before: readonly Line[], rows: readonly Line[], up: number): boolean {
  for (let y = up; y < before.length; y++) if (before[y] !== rows[y - up]) return false;
  return true;
}
