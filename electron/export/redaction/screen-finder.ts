// What stands on the screen, and which place of the stream wrote each cell: the stream is fed to a real terminal in pieces that end before
// every control and sequence, and after each piece the rows that it changed are searched, so that nothing is overwritten, erased or scrolled
// away unseen. Every cell carries the place of its code point where its foreground colour would be: nothing in a terminal's work depends on
// that colour, and a cell keeps it wherever it is moved.

import type { ScreenRegion } from '../../../shared/api/case-shapes.ts';
import * as cells from '../../../shared/terminal/cells.ts';
import type { Emulator } from '../../../shared/terminal/emulator.ts';
import { resizeTerminal } from '../../../shared/terminal/feed.ts';
import type { Line, LineList } from '../../../shared/terminal/internals.ts';
import { cellText, rowText } from '../../../shared/terminal/text.ts';
import { createTerminal } from '../../replay/replay.ts';
import { BLOCK, WIDE_BLOCK, type Match, type Matcher } from './matching.ts';

/** Places that a recording can have: they must fit a cell's colour. */
export const MAX_PLACES = 0xffff_ffff;

const SPACE = 0x20;

/** Texts that were searched without a match and need not be searched again. */
const CLEAN_TEXTS = 4096;

/** Rows above the screen into which a piece of one screen's width can have pushed what it wrote. */
const JUST_LEFT = 4;

/** Earlier writings of one cell that are remembered. */
const MAX_EARLIER = 256;

/** What a row showed last in each cell, blanks aside, and which places wrote the same there before: programs redraw what is being typed. */
interface RowMemory {
  readonly contents: number[];
  readonly places: number[];
  readonly earlier: number[][];
}

export interface ScreenSink {
  /** A rule found a text; `places` of the stream wrote it. */
  match(text: string, places: readonly number[], rule: number): void;
  /** A region shows a cell that was written and is not withheld. */
  cell(place: number, rule: number): void;
}

export interface ActiveRegion {
  readonly region: ScreenRegion;
  readonly rule: number;
}

export class ScreenFinder {
  readonly #emulator: Emulator;
  readonly #matcher: Matcher;
  readonly #sink: ScreenSink;
  readonly #touched = new Set<Line>();
  readonly #memories = new WeakMap<Line, RowMemory>();
  readonly #cleanTexts = new Set<string>();
  readonly #cleanForms = new Set<string>();
  #place = 0;
  /** A single control is being fed. */
  #control = false;
  /** Code points since the last look. */
  #unlooked = 0;
  /** Rows of active regions as they were last looked at. */
  #regionRows = new Map<number, readonly Line[]>();

  constructor(
    size: { readonly cols: number; readonly rows: number; readonly piped: boolean },
    matcher: Matcher,
    sink: ScreenSink,
  ) {
    const emulator = createTerminal(size.cols, size.rows, {
      piped: size.piped,
      watcher: {
        printed: () => {
          emulator.inner._inputHandler._curAttrData.fg = this.#place;
        },
      },
    });
    this.#emulator = emulator;
    this.#matcher = matcher;
    this.#sink = sink;
    const parser = emulator.inner._inputHandler._parser;
    const print = parser._printHandler.bind(parser);
    parser.setPrintHandler((codes, start, end) => {
      const first = this.#place;
      for (let i = start; i < end; i++) {
        this.#place = first + i - start;
        print(codes, i, i + 1);
      }
    });
    this.#watchRows();
  }

  /** Every change of a row is announced to xterm.js's own tracker of what must be drawn. */
  #watchRows(): void {
    const input = this.#emulator.inner._inputHandler;
    const tracker = input._dirtyRowTracker;
    const touch = (y: number): void => {
      const { lines, ybase } = input._activeBuffer;
      const line = lines.get(ybase + y);
      if (line !== undefined) this.#touched.add(line);
    };
    const touchRange = (from: number, to: number): void => {
      for (let y = Math.max(0, from); y <= to; y++) touch(y);
    };
    tracker.markDirty = (y) => {
      // A control moves the cursor and scrolls; it changes no cell.
      if (!this.#control) touch(y);
    };
    tracker.markRangeDirty = (from, to) => {
      if (!this.#emulator.scrolling) {
        touchRange(Math.min(from, to), Math.max(from, to));
        return;
      }
      // Rows that only move keep their text; those at the edges of a region get another neighbour.
      if (from === 0 && to === this.#emulator.terminal.rows - 1) return;
      touchRange(from, from + 1);
      touchRange(to, to + 1);
    };
    tracker.markAllDirty = () => touchRange(0, this.#emulator.terminal.rows - 1);
  }

  get cols(): number {
    return this.#emulator.terminal.cols;
  }

  /**
   * Feeds a piece of the output whose first code point has the place `first`: text of at most a screen's width, or one control or sequence.
   * `still`: the piece leaves the cursor where it is, or is text; before any other one, what was written is looked at.
   */
  feed(codes: Uint32Array, length: number, first: number, still: boolean): void {
    if (!still) this.look();
    this.#unlooked += length;
    if (this.#unlooked > this.cols) this.look();
    this.#place = first;
    const { _inputHandler: input } = this.#emulator.inner;
    // What fills the screen without being printed (DECALN) takes the colour from here.
    input._curAttrData.fg = first;
    this.#control = length === 1 && codes[0]! < SPACE;
    input._parser.parse(codes, length);
    this.#control = false;
  }

  resize(cols: number, rows: number): void {
    this.look();
    resizeTerminal(this.#emulator, cols, rows);
    const { lines } = this.#emulator.inner.buffers.active;
    for (let at = 0; at < lines.length; at++) this.#touched.add(lines.get(at)!);
    this.look();
    this.#regionRows.clear();
  }

  /** Looks at the regions that are withheld now, after an event. */
  regions(active: readonly ActiveRegion[]): void {
    const { inner, terminal } = this.#emulator;
    const { lines, ybase } = inner.buffers.active;
    for (const { region, rule } of active) {
      const rows: Line[] = [];
      const before = this.#regionRows.get(rule) ?? [];
      for (let y = region.row; y < Math.min(region.row + region.rows, terminal.rows); y++) {
        const line = lines.get(ybase + y)!;
        if (before[y - region.row] !== line || this.#touched.has(line)) this.#regionRow(line, region, rule);
        rows.push(line);
      }
      this.#regionRows.set(rule, rows);
    }
    for (const rule of this.#regionRows.keys()) {
      if (!active.some((one) => one.rule === rule)) this.#regionRows.delete(rule);
    }
    this.#touched.clear();
  }

  #regionRow(line: Line, { col, cols }: ScreenRegion, rule: number): void {
    for (let x = Math.max(0, col - 1); x < Math.min(col + cols, this.#emulator.terminal.cols); x++) {
      // The left half of a wide character may stand outside.
      if (x < col && line._data[x * cells.CELL_SIZE]! >>> cells.WIDTH_SHIFT !== 2) continue;
      const text = cellText(line, x);
      if (text !== '' && text !== BLOCK && text !== WIDE_BLOCK)
        this.#sink.cell(line._data[x * cells.CELL_SIZE + cells.FG]!, rule);
    }
  }

  /** Searches what was written since the last look. */
  look(): void {
    this.#unlooked = 0;
    if (this.#touched.size === 0 || !this.#matcher.active) return;
    const buffer = this.#emulator.inner.buffers.active;
    const { lines, ybase } = buffer;
    const touched = this.#touched;
    let done = -1;
    for (const line of touched) this.#remember(line);
    const first = touched.size > this.#emulator.terminal.rows ? 0 : Math.max(0, ybase - JUST_LEFT);
    for (let at = first; at < lines.length; at++) {
      if (at <= done || !touched.has(lines.get(at)!)) continue;
      done = this.#search(lines, at);
    }
    // Regions are looked at when the event is over, and ask then which rows were touched.
    if (this.#regionRows.size === 0) this.#touched.clear();
  }

  #remember(line: Line): void {
    let memory = this.#memories.get(line);
    if (memory === undefined) this.#memories.set(line, (memory = { contents: [], places: [], earlier: [] }));
    const { contents, places, earlier } = memory;
    const data = line._data;
    const used = shownCells(line, this.cols);
    for (let x = 0; x < used; x++) {
      const content = data[x * cells.CELL_SIZE]! & cells.HAS_CONTENT;
      if (content === 0 || content === SPACE) continue;
      const place = data[x * cells.CELL_SIZE + cells.FG]!;
      if (contents[x] !== content) earlier[x] = [];
      else if (places[x] !== place) {
        const before = earlier[x]!;
        if (before.length >= MAX_EARLIER) before.shift();
        before.push(places[x]!);
      }
      contents[x] = content;
      places[x] = place;
    }
  }

  /** Searches the lines about a changed row. Returns the last row of which nothing else needs to be searched. */
  #search(lines: LineList, changed: number): number {
    const { cols } = this.#emulator.terminal;
    const rows = Math.ceil(this.#matcher.reach / cols);
    let first = changed;
    while (first > 0 && changed - first < rows && goesOn(lines, first - 1, cols)) first -= 1;
    let last = changed;
    while (last < lines.length - 1 && last - changed < rows && goesOn(lines, last, cols)) last += 1;
    this.#searchRows(lines, first, last, (text) => this.#matcher.findForms(text), this.#cleanForms);
    // A neighbour on each side: a program that breaks its lines itself leaves no trace of it but the text.
    const [above, below] = [Math.max(0, first - 1), Math.min(lines.length - 1, last + 1)];
    this.#searchRows(lines, above, below, (text) => this.#matcher.findTexts(text, false), this.#cleanTexts);
    return last;
  }

  #searchRows(lines: LineList, from: number, to: number, find: (text: string) => readonly Match[], clean: Set<string>): void {
    const { cols } = this.#emulator.terminal;
    let text = '';
    for (let at = from; at <= to; at++) {
      const line = lines.get(at)!;
      text += rowText(line, shownCells(line, cols));
      if (at < to && !goesOn(lines, at, cols)) text += '\n';
    }
    if (clean.has(text)) return;
    const matches = find(text);
    if (matches.length === 0) {
      if (clean.size >= CLEAN_TEXTS) clean.clear();
      clean.add(text);
      return;
    }
    const places = this.#placesOf(lines, from, to);
    for (const { start, end, rule } of matches) {
      const all = places.slice(start, end);
      // What stood here before was a beginning of this only as far as every letter did. Blanks are not remembered.
      const grown = all.findIndex(({ length }, i) => length === 1 && text[start + i] !== ' ');
      const written = all.flatMap((one, i) => (grown < 0 || i < grown ? one : one.slice(0, 1)));
      this.#sink.match(text.slice(start, end), written, rule);
    }
  }

  /** For each unit of the text of these rows (that of rowText) the places that wrote it, now and in earlier redrawings; none for blanks between. */
  #placesOf(lines: LineList, from: number, to: number): (readonly number[])[] {
    const { cols } = this;
    const places: (readonly number[])[] = [];
    for (let at = from; at <= to; at++) {
      const line = lines.get(at)!;
      const earlier = this.#memories.get(line)?.earlier;
      const used = shownCells(line, cols);
      const data = line._data;
      for (let x = 0; x < used; x += data[x * cells.CELL_SIZE]! >>> cells.WIDTH_SHIFT || 1) {
        const text = cellText(line, x);
        const written = text === '' ? [] : [data[x * cells.CELL_SIZE + cells.FG]!, ...(earlier?.[x] ?? [])];
        for (let i = 0; i < Math.max(1, text.length); i++) places.push(written);
      }
      if (at < to && !goesOn(lines, at, cols)) places.push([]);
    }
    return places;
  }
}

/** Whether a row goes on in the next one: wrapped there, or written to its last column. */
function goesOn(lines: LineList, at: number, cols: number): boolean {
  if (lines.get(at + 1)!.isWrapped) return true;
  const line = lines.get(at)!;
  const content = line._data[(Math.min(cols, line.length) - 1) * cells.CELL_SIZE]!;
  return content >>> cells.WIDTH_SHIFT === 0 || ((content & cells.HAS_CONTENT) !== 0 && (content & cells.HAS_CONTENT) !== 0x20);
}

/** Cells of a row up to the last one that shows anything. */
function shownCells(line: Line, cols: number): number {
  let used = Math.min(cols, line.length);
  while (used > 0) {
    const content = line._data[(used - 1) * cells.CELL_SIZE]! & cells.HAS_CONTENT;
    if (content !== 0 && content !== 0x20) break;
    used -= 1;
  }
  return used;
}
