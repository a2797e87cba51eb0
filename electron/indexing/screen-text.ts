// What could be read on the screen, from when to when, line by line: text that appears and text that goes, after every event,
// wherever it came from. Only rows that were written to, or that entered or left the screen, are looked at; a row keeps its
// identity while it scrolls. Wrapped rows are one line. What no event left on the screen was not seen and is not here.

import type { Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { cellsBeforeWrap, rowText, writtenCells } from '../../shared/terminal/text.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { TextLine, TextStep } from '../library/library.ts';
import { trimmedLine, type Now } from './line-builder.ts';

/** Text that is on the screen now: that of a row and of the rows that it is wrapped into. */
interface Shown {
  text: string;
  steps: TextStep[];
  row: number;
  cols: number;
}

interface Seen {
  /** What this row shows as the first of its line, or null. */
  shown: Shown | null;
  /** The pass over the screen in which the row was last visible. */
  pass: number;
  row: number;
}

/** Steps that a line keeps while it grows. */
const MAX_STEPS = 4096;

export class ScreenText {
  readonly #emulator: Emulator;
  readonly #emit: (line: TextLine) => void;
  readonly #seen = new WeakMap<Line, Seen>();
  readonly #touched = new Set<Line>();
  #visible: Line[] = [];
  #pass = 0;

  constructor(emulator: Emulator, emit: (line: TextLine) => void) {
    this.#emulator = emulator;
    this.#emit = emit;
    this.#watchRows();
  }

  /** Every change of a row is announced to xterm.js's own tracker of what must be drawn. */
  #watchRows(): void {
    const { _inputHandler: input } = this.#emulator.inner;
    const tracker = input._dirtyRowTracker;
    const touch = (from: number, to: number): void => {
      const buffer = input._activeBuffer;
      for (let y = Math.max(0, from); y <= to; y++) {
        const line = buffer.lines.get(buffer.ybase + y);
        if (line !== undefined) this.#touched.add(line);
      }
    };
    tracker.markDirty = (row) => {
      touch(row, row);
    };
    tracker.markRangeDirty = (from, to) => {
      if (!this.#emulator.scrolling) {
        touch(Math.min(from, to), Math.max(from, to));
        return;
      }
      // Rows that only move keep their text; at the edges of the region a row may end to be wrapped.
      touch(from, from + 1);
      touch(to, to + 1);
    };
    tracker.markAllDirty = () => {
      touch(0, this.#emulator.terminal.rows - 1);
    };
  }

  /** The size changed: rows keep their identity and may have other cells. */
  resized(): void {
    for (const line of this.#visible) this.#touched.add(line);
  }

  /** Looks at what the event just applied has changed. */
  after(now: Now): void {
    const moved = this.#rowsMoved();
    if (!moved && this.#touched.size === 0) return;
    if (moved) this.#leave(now);
    const heads = new Set<number>();
    for (const line of this.#touched) {
      const seen = this.#seen.get(line);
      if (seen === undefined || seen.pass !== this.#pass) continue;
      heads.add(this.#headOf(seen.row));
      // A row that wrapped may stand alone now: what it was wrapped from is shorter.
      if (seen.row > 0 && !line.isWrapped) heads.add(this.#headOf(seen.row - 1));
      // The row below may have gone on from this one and stand alone now.
      const below = this.#visible[seen.row + 1];
      if (below?.isWrapped === false && this.#seen.get(below)!.shown === null) heads.add(seen.row + 1);
    }
    this.#touched.clear();
    // A wrapped line whose first row has left the screen goes on from the first row that is left of it.
    if (moved && this.#visible[0]?.isWrapped === true) heads.add(0);
    for (const head of heads) this.#look(head, now);
  }

  #rowsMoved(): boolean {
    const { terminal, inner } = this.#emulator;
    const buffer = inner.buffers.active;
    if (this.#visible.length !== terminal.rows) return true;
    for (let y = 0; y < terminal.rows; y++) if (this.#visible[y] !== buffer.lines.get(buffer.ybase + y)) return true;
    return false;
  }

  /** Rows that left the screen end what they showed; rows that entered it are looked at. */
  #leave(now: Now): void {
    const { terminal, inner } = this.#emulator;
    const buffer = inner.buffers.active;
    const before = this.#visible;
    this.#pass += 1;
    this.#visible = [];
    for (let y = 0; y < terminal.rows; y++) {
      const line = buffer.lines.get(buffer.ybase + y)!;
      let seen = this.#seen.get(line);
      if (seen === undefined) {
        seen = { shown: null, pass: -1, row: y };
        this.#seen.set(line, seen);
      }
      if (seen.pass !== this.#pass - 1) this.#touched.add(line);
      seen.pass = this.#pass;
      seen.row = y;
      this.#visible.push(line);
    }
    for (const line of before) {
      const seen = this.#seen.get(line)!;
      if (seen.pass !== this.#pass) this.#end(seen, now.at);
    }
  }

  #headOf(row: number): number {
    let head = row;
    while (head > 0 && this.#visible[head]!.isWrapped) head -= 1;
    return head;
  }

  #look(head: number, now: Now): void {
    const { cols } = this.#emulator.terminal;
    let text = '';
    let row = head;
    do {
      const line = this.#visible[row]!;
      const next = this.#visible[row + 1];
      text += rowText(line, next?.isWrapped === true ? cellsBeforeWrap(line, next, cols) : writtenCells(line, cols));
      if (row > head) this.#end(this.#seen.get(this.#visible[row]!)!, now.at);
      row += 1;
    } while (this.#visible[row]?.isWrapped === true);
    text = text.trimEnd();
    const seen = this.#seen.get(this.#visible[head]!)!;
    const shown = seen.shown;
    if (shown?.text === text) return;
    const step = { length: text.length, at: now.at, index: now.index };
    if (shown !== null && shown.cols === cols && shown.row === head && text.startsWith(shown.text)) {
      shown.text = text;
      if (shown.steps.at(-1)!.index === now.index || shown.steps.length >= MAX_STEPS) shown.steps[shown.steps.length - 1] = step;
      else shown.steps.push(step);
      return;
    }
    this.#end(seen, now.at);
    if (text !== '') seen.shown = { text, steps: [step], row: head, cols };
  }

  #end(seen: Seen, at: Micros): void {
    const { shown } = seen;
    if (shown === null) return;
    seen.shown = null;
    const line = trimmedLine(shown.text, shown.steps, at, shown);
    if (line !== null) this.#emit(line);
  }

  /** What is still on the screen when the recording ends. */
  finish(at: Micros): void {
    for (const line of this.#visible) this.#end(this.#seen.get(line)!, at);
  }
}
