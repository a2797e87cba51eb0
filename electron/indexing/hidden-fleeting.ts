// Text that went before anybody could read it: overwritten, erased, covered or pushed off the screen less than 100 ms after it was
// printed. Nothing is copied when text is printed: a row remembers only which of its columns are young. What is about to destroy
// young cells says so first, and only then are they read. At the end of an instant what stands again is forgotten; what is gone waits
// until its row has been quiet for 100 ms, so that text that is taken away piece by piece is one piece.

import { CELL_SIZE, CONTENT, HAS_CONTENT, WIDTH_SHIFT } from '../../shared/terminal/cells.ts';
import { screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { cellText, rowText } from '../../shared/terminal/text.ts';
import { isNumber, READABLE, substance, wordsOf, type Instant } from './hidden-findings.ts';

/** How text went. `covered`: other text stands in its place. */
export type Departure = 'erased' | 'covered' | 'pushed';

export interface Fleeting {
  readonly text: string;
  readonly from: Instant;
  readonly gone: Instant;
  readonly row: number;
  readonly col: number;
  readonly how: Departure;
  /** What stands in its row 100 ms later. */
  readonly after: string;
  readonly line: Line;
  /** What stands in the columns before it, and what in its own, 100 ms later. */
  readonly before: string;
  readonly instead: string;
  /** It was drawn anew with the same words, or another number: a counter, a bar, a line that is kept up to date. */
  readonly goesOn: boolean;
  /** A key was pressed while it stood: a page that is turned, a list that is narrowed. */
  readonly byKey: boolean;
}

/** Columns that were printed at an instant. */
interface Segment {
  from: number;
  to: number;
  readonly at: Instant;
}

/** Cells that were read before they went. */
interface Lost {
  col: number;
  cells: string[];
  from: Instant;
  gone: Instant;
  row: number;
  how: Departure;
  /** The row itself left its place: what stands there now is in another one. */
  readonly left: boolean;
  /** A key was pressed between all of its coming and its going. */
  byKey: boolean;
}

interface Young {
  readonly line: Line;
  segments: Segment[];
  lost: Lost[];
  /** When it was put into the queue, and when it last changed. */
  queued: number;
  changed: number;
  /** It was read as a row that is above the screen, and nothing was printed into it since. */
  dropped: boolean;
  /** Rows of the normal screen while the other one is shown. */
  away: boolean;
}

/** Segments of a row and pieces lost from it that are kept: a row is no longer than that in pieces that people could tell apart. */
const MAX_PIECES = 128;

/** Blanks between words that go one by one: they leave nothing behind that could be missed. */
const WORD_GAP = 2;

/** Cells of a row that are looked at. */
const MAX_CELLS = 1000;

export class FleetingText {
  readonly #emulator: Emulator;
  readonly #emit: (fleeting: Fleeting) => void;
  readonly #young = new Map<Line, Young>();
  /** Those that were not dropped: each is read once, however often the rows above the screen are cleared. */
  readonly #undropped = new Set<Young>();
  readonly #hit = new Set<Young>();
  #last: Young | null = null;
  #addressed = -Infinity;
  #keyed = -Infinity;

  constructor(emulator: Emulator, emit: (fleeting: Fleeting) => void) {
    this.#emulator = emulator;
    this.#emit = emit;
  }

  /** `cells` columns from `x` on are about to be printed. */
  printed(line: Line, x: number, cells: number, row: number, now: Instant): void {
    const to = x + cells;
    let young = this.#last;
    if (young?.line !== line) {
      young = this.#young.get(line) ?? null;
      this.#last = young;
    }
    if (young === null) {
      const segments = [{ from: x, to, at: now }];
      young = { line, segments, lost: [], queued: now.at, changed: now.at, dropped: false, away: false };
      this.#young.set(line, young);
      this.#undropped.add(young);
      this.#last = young;
      return;
    }
    if (young.dropped) {
      young.dropped = false;
      this.#undropped.add(young);
    }
    const tail = young.segments.at(-1);
    if (tail !== undefined && tail.to <= x) {
      if (tail.to === x && tail.at === now) tail.to = to;
      else young.segments.push({ from: x, to, at: now });
    } else {
      this.#lose(young, x, to, row, now, 'erased', false);
      young.segments.push({ from: x, to, at: now });
      young.segments.sort((a, b) => a.from - b.from);
    }
    young.changed = now.at;
    if (young.segments.length > MAX_PIECES) young.segments.shift();
  }

  /** Columns of a row are about to be erased, or to be moved within it. */
  erases(row: number, from: number, to: number, now: Instant): void {
    const young = this.#young.get(screenLine(this.#emulator.inner.buffers.active, row));
    if (young !== undefined) this.#lose(young, from, to, row, now, 'erased', false);
  }

  /** Rows are about to leave the screen, and not by scrolling up. */
  removes(from: number, to: number, how: Departure, now: Instant): void {
    for (let row = from; row < to; row++) {
      const young = this.#young.get(screenLine(this.#emulator.inner.buffers.active, row));
      if (young !== undefined) this.#lose(young, 0, MAX_CELLS, row, now, how, true);
    }
  }

  /** The rows above the screen are about to be dropped. */
  clearsScrollback(now: Instant): void {
    const { active } = this.#emulator.inner.buffers;
    const shown = new Set(Array.from({ length: this.#emulator.terminal.rows }, (_, y) => screenLine(active, y)));
    for (const young of this.#undropped) {
      if (shown.has(young.line)) continue;
      this.#lose(young, 0, MAX_CELLS, 0, now, 'erased', true);
      young.dropped = true;
      this.#undropped.delete(young);
    }
  }

  /** Rows in which something stands that has not stood long enough to be read. */
  *young(at: number): Iterable<Line> {
    for (const { line, segments } of this.#young.values())
      if (segments.some((segment) => segment.at.at + READABLE > at)) yield line;
  }

  /** A person pressed a key. */
  keyed(now: Instant): void {
    this.#keyed = now.at;
  }

  /** The cursor is about to be sent to a place. */
  addressed(now: Instant): void {
    this.#addressed = now.at;
  }

  /** The alternate screen covers the normal one: what is young there begins to stand when it is shown again. */
  enters(): void {
    for (const young of this.#young.values()) young.away = true;
  }

  leaves(now: Instant): void {
    this.removes(0, this.#emulator.terminal.rows, 'erased', now);
    for (const young of this.#young.values()) {
      if (!young.away) continue;
      young.away = false;
      young.changed = now.at;
      for (const [i, segment] of young.segments.entries()) young.segments[i] = { ...segment, at: { ...segment.at, at: now.at } };
    }
  }

  /** Reads the young cells of a row from one column to another before they change. */
  #lose(young: Young, from: number, to: number, row: number, now: Instant, how: Departure, left: boolean): void {
    const kept: Segment[] = [];
    let lost = false;
    for (const segment of young.segments) {
      if (segment.at.at + READABLE <= now.at) continue;
      const start = Math.max(segment.from, from);
      const end = Math.min(segment.to, to, young.line.length, MAX_CELLS);
      if (start >= end) {
        kept.push(segment);
        continue;
      }
      if (segment.from < start) kept.push({ ...segment, to: start });
      if (segment.to > to) kept.push({ ...segment, from: to });
      const piece = {
        col: start,
        cells: cellsOf(young.line, start, end),
        from: segment.at,
        gone: now,
        row,
        how,
        left,
        byKey: this.#keyed > segment.at.at,
      };
      // What stood before this instant and what did not are apart until it ends: one may have been printed over the other.
      const beside = young.lost.findLast((other) => other.gone.at === now.at && stood(other) === stood(piece));
      const gap = beside === young.lost.at(-1) ? WORD_GAP : 0;
      if (beside?.left !== left || !joined(beside, piece, gap)) young.lost.push(piece);
      lost = true;
    }
    young.segments = kept;
    young.changed = now.at;
    if (!lost) return;
    if (young.lost.length > MAX_PIECES) young.lost.shift();
    this.#hit.add(young);
  }

  /** The end of an instant: what stands again where it stood is not lost. `next` is the time of the next one. */
  settle(now: Instant, next: number): void {
    if (this.#hit.size > 0) {
      for (const young of this.#hit) this.#weigh(young, now);
      this.#hit.clear();
    }
    for (const young of this.#young.values()) {
      if (young.queued + READABLE > next) break;
      this.#young.delete(young.line);
      if (young.lost.length > 0) this.#judge(young, next);
      if (young.lost.length === 0 && young.changed + READABLE <= next && !young.away) {
        this.#undropped.delete(young);
        if (this.#last === young) this.#last = null;
        continue;
      }
      young.queued = young.away ? next : Math.max(young.changed, next - READABLE / 2);
      this.#young.set(young.line, young);
    }
  }

  #weigh(young: Young, now: Instant): void {
    const { lost } = young;
    const over = lost.filter((piece) => piece.gone.at === now.at && isOver(piece, lost));
    const others = over.length === 0 ? lost : lost.filter((piece) => !over.includes(piece));
    young.lost = [...this.#merged(young, others, now), ...this.#merged(young, over, now)];
  }

  /** Pieces that lie beside each other as one, without what stands again. */
  #merged(young: Young, pieces: readonly Lost[], now: Instant): Lost[] {
    const whole: Lost[] = [];
    for (const lost of pieces) {
      const before = whole.at(-1);
      const together = before?.gone.at === now.at && lost.gone.at === now.at && before.left === lost.left;
      if (!together || !joined(before, lost)) whole.push(lost);
    }
    const kept: Lost[] = [];
    for (const lost of whole) {
      const piece = lost.gone.at === now.at ? this.#stillGone(young, lost) : lost;
      if (piece === null) continue;
      const before = kept.at(-1);
      if (before === undefined || before.gone.at + READABLE <= piece.gone.at || !joined(before, piece)) kept.push(piece);
      else {
        before.how = piece.how;
        before.gone = piece.gone;
      }
    }
    return kept;
  }

  /** What of a lost piece does not stand in its place, widened to whole words; null for nothing. */
  #stillGone(young: Young, lost: Lost): Lost | null {
    const line = this.#placeOf(young, lost);
    const { cells, col, left, how } = lost;
    const stands = (i: number): boolean => col + i < line.length && cellAt(line, col + i) === cells[i];
    let first = 0;
    let end = cells.length;
    while (first < end && stands(first)) first += 1;
    while (end > first && stands(end - 1)) end -= 1;
    if (first === end) return null;
    while (first > 0 && isWord(cells[first - 1]!)) first -= 1;
    while (end < cells.length && isWord(cells[end]!)) end += 1;
    const text = cells.slice(first, end).join('').trim();
    if (text !== '' && !left && substance(text) > 1 && rowText(line).includes(text)) return null;
    const covered = how === 'erased' && this.#addressed + READABLE > lost.gone.at && hasText(line, col + first, col + end);
    return { ...lost, col: col + first, cells: cells.slice(first, end), how: covered ? 'covered' : how };
  }

  /** The row in whose place the lost text stood. */
  #placeOf({ line }: Young, { left, row }: Lost): Line {
    const { inner, terminal } = this.#emulator;
    return left && row < terminal.rows ? screenLine(inner.buffers.active, row) : line;
  }

  /** Hands over what went 100 ms ago. */
  #judge(young: Young, now: number): void {
    const kept: Lost[] = [];
    for (const lost of young.lost) {
      if (lost.gone.at + READABLE > now) {
        kept.push(lost);
        continue;
      }
      const text = lost.cells.join('');
      const place = this.#placeOf(young, lost);
      const after = rowText(place);
      const words = wordsOf(text);
      const col = lost.col + text.length - text.trimStart().length;
      const before = rowText(place, Math.min(col, place.length));
      const instead = after.slice(before.length, before.length + text.trim().length);
      const goesOn = lost.how !== 'pushed' && (words.size === 0 ? isNumber(instead) : everyIn(words, wordsOf(after)));
      const { from, gone, row, how, byKey } = lost;
      this.#emit({ text: text.trim(), from, gone, row, col, how, after, before, instead, line: young.line, goesOn, byKey });
    }
    young.lost = kept;
  }

  finish(now: Instant): void {
    this.settle(now, now.at);
    for (const young of this.#young.values()) {
      if (young.away) this.#lose(young, 0, MAX_CELLS, 0, now, 'erased', true);
      young.away = false;
    }
    this.settle(now, Infinity);
  }
}

const everyIn = (words: ReadonlySet<string>, others: ReadonlySet<string>): boolean =>
  Array.from(words).every((word) => others.has(word));

/** Whether some of a piece stood at the end of an instant. */
const stood = ({ from, gone }: Lost): boolean => from.at < gone.at;

/** Whether a piece was printed over text that stood, and went in the same instant. */
const isOver = (piece: Lost, lost: readonly Lost[]): boolean =>
  !stood(piece) &&
  lost.some(
    (other) =>
      other.gone.at === piece.gone.at &&
      stood(other) &&
      other.col < piece.col + piece.cells.length &&
      piece.col < other.col + other.cells.length,
  );

/** Adds a piece to one that it lies beside, at most so many blanks between them, if both came and went within the time. */
function joined(to: Lost, piece: Lost, gap = WORD_GAP): boolean {
  if (piece.gone.at - Math.min(piece.from.at, to.from.at) >= READABLE) return false;
  const after = piece.col - (to.col + to.cells.length);
  const before = to.col - (piece.col + piece.cells.length);
  if (after >= 0 && after <= gap) to.cells.push(...Array<string>(after).fill(' '), ...piece.cells);
  else if (before >= 0 && before <= gap) {
    to.cells.unshift(...piece.cells, ...Array<string>(before).fill(' '));
    to.col = piece.col;
  } else return false;
  if (piece.from.at < to.from.at) to.from = piece.from;
  to.byKey &&= piece.byKey;
  return true;
}

const isWord = (cell: string): boolean => /[\p{L}\p{N}]/u.test(cell);

/** The text of a cell: a blank where nothing was written, nothing for the right half of a wide character. */
const cellAt = (line: Line, x: number): string =>
  line._data[x * CELL_SIZE + CONTENT]! >>> WIDTH_SHIFT === 0 ? '' : cellText(line, x) || ' ';

function cellsOf(line: Line, from: number, to: number): string[] {
  const cells: string[] = [];
  for (let x = from; x < to; x++) cells.push(cellAt(line, x));
  return cells;
}

function hasText(line: Line, from: number, to: number): boolean {
  for (let x = from; x < Math.min(to, line.length); x++) {
    const content = line._data[x * CELL_SIZE]! & HAS_CONTENT;
    if (content !== 0 && content !== 0x20) return true;
  }
  return false;
}
