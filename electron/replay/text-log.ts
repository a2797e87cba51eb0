// The text of a recording as a terminal keeps it in its scrollback: rows are given out as they leave the terminal, wrapped ones
// joined, so that a recording of any length needs the memory of one screen and its scrollback. What the screen drew over itself
// is not in it, and neither is what the recording had dropped from the scrollback (CSI 3 J), as in a terminal. Markers and times
// are those of the rstream SDK, each at the start of a line. Where the SDK's log is plain, this one has the same bytes.

import type { TextLogOptions } from '../../shared/api/shapes.ts';
import type { RecordingEvent, StreamName } from '../../shared/recording/event.ts';
import { formatClock } from '../../shared/recording/time.ts';
import { isAlternate, screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import { feedBytes, resizeTerminal } from '../../shared/terminal/feed.ts';
import type { Line, ScreenBuffer } from '../../shared/terminal/internals.ts';
import { cellsBeforeWrap, rowText, writtenCells } from '../../shared/terminal/text.ts';
import type { EventSource } from './event-source.ts';
import { createTerminal } from './terminal.ts';

export interface TextLogRange {
  /** First sequence number wanted, inclusive; null: from the start. */
  readonly fromSeq: string | null;
  /** Events to take, whatever they are; 0: all. */
  readonly maxEvents: number;
}

/** A recording, and whether its session had no terminal, so that its line feeds begin a new line. */

/** Text is given out in pieces of about this many UTF-16 units. */
const PIECE = 65_536;

/** Markers that wait for their place; of more, none waits any longer, so that no recording can pile them up. */
const MAX_WAITING = 1000;

/** A line that is not the recording's own: it stands before or after a line of text, known by the first row of that. */
interface Note {
  readonly text: string;
  readonly after: boolean;
}

/** The source's own time text, or the offset from the start. */
const timeOf = (event: RecordingEvent): string => event.time ?? formatClock(event.at);

/** Erasing of the scrollback, wherever its parameters stand. */
const CLEARS = /3[\d;:]{0,30}J/;
const TAIL = 32;

/** The events of a range, and the size that the screen has when they begin. */
function* inRange(
  source: EventSource,
  { fromSeq, maxEvents }: TextLogRange,
  sized: (cols: number, rows: number) => void,
): Generator<RecordingEvent> {
  const first = fromSeq === null ? null : BigInt(fromSeq);
  let begun = first === null;
  let left = maxEvents === 0 ? Infinity : maxEvents;
  for (const { events } of source.runs(0)) {
    for (const event of events) {
      begun ||= BigInt(event.seq) >= first!;
      if (begun) {
        yield event;
        left -= 1;
        if (left === 0) return;
      } else if (event.kind === 'resize') sized(event.cols, event.rows);
    }
  }
}

/** Whether data of a stream belongs into the log. */
function wants(options: TextLogOptions, stream: StreamName): boolean {
  switch (stream) {
    case 'stdin':
      return options.includeStdin;
    case 'stdout':
      return options.includeStdout;
    case 'stderr':
      return options.includeStderr;
  }
}

/** How often the recording drops its scrollback. Only what comes after the last time is in the log. */
function clearsIn(source: EventSource, options: TextLogOptions, range: TextLogRange): number {
  let tail = '';
  let mayClear = false;
  for (const event of inRange(source, range, () => undefined)) {
    if (event.kind !== 'data' || !wants(options, event.stream)) continue;
    const { buffer, byteOffset, length } = event.bytes;
    const text = tail + Buffer.from(buffer, byteOffset, length).toString('latin1');
    mayClear = CLEARS.test(text);
    if (mayClear) break;
    tail = text.slice(-TAIL);
  }
  if (!mayClear) return 0;
  let clears = 0;
  const log = new Log(source, options, 0, () => (clears += 1));
  for (const event of inRange(source, range, log.resize)) {
    log.add(event);
    log.take();
  }
  return clears;
}

class Log {
  readonly #emulator: Emulator;
  readonly #options: TextLogOptions;
  readonly #notes = new Map<Line, Note[]>();
  /** Notes that were not written yet. */
  #waiting = 0;
  /** When and on which stream the text of a row began. */
  #stamps = new WeakMap<Line, string>();
  /** Rows that begin a line although they continue the one above. */
  readonly #starts = new WeakSet<Line>();
  /** Rows that continue the line above although they are not wrapped with it. */
  readonly #joins = new WeakSet<Line>();
  #stamp = '';
  #markTime = '';
  #out = '';
  /** A line has begun to leave the terminal; notes that follow it. */
  #inLine = false;
  #following: Note[] = [];
  #unopened = 0;
  #clears: number;

  /** `clears`: how often the scrollback will be dropped; nothing is given out before the last time. */
  constructor(source: EventSource, options: TextLogOptions, clears: number, cleared: () => void) {
    this.#options = options;
    this.#clears = clears;
    this.#emulator = createTerminal(source.cols, source.rows, {
      piped: source.piped,
      watcher: {
        notice: (notice) => {
          if (notice.kind === 'scrollback-cleared') {
            cleared();
            this.#drop();
          } else if (notice.kind === 'alternate-screen' && options.terminalModeMarkers) {
            this.#note(`${this.#markTime}[webtty] terminal alternate screen ${notice.entered ? 'entered' : 'left'}`);
          }
        },
        rowLeft: (row, next) => this.#leave(row, this.#continuing(next)),
        restLeft: (row) => this.#starts.add(row),
        joinLost: (row) => this.#joins.add(row),
        rowMoved: (from, to) => this.#move(from, to),
        ...(options.includeTimestamps ? { printed: () => this.#stampRow() } : {}),
      },
    });
  }

  readonly resize = (cols: number, rows: number): void => {
    resizeTerminal(this.#emulator, cols, rows);
  };

  add(event: RecordingEvent): void {
    const { includeTimestamps, includeResizeMarkers } = this.#options;
    if (event.kind === 'sealed' ? wants(this.#options, event.stream) : this.#isWithheld(event)) this.#unopened += 1;
    if (event.kind === 'data' && wants(this.#options, event.stream)) {
      this.#tellUnopened();
      if (includeTimestamps) {
        this.#markTime = `${timeOf(event)} `;
        this.#stamp = `${timeOf(event)} [${event.stream}] `;
      }
      feedBytes(this.#emulator, event.stream, event.bytes);
    } else if (event.kind === 'resize') {
      const time = includeTimestamps ? `${timeOf(event)} ` : '';
      if (includeResizeMarkers) this.#note(`${time}[webtty] terminal resized to ${String(event.cols)}x${String(event.rows)}`);
      this.resize(event.cols, event.rows);
    }
  }

  /** The text that is complete so far, or an empty one. */
  take(): string {
    const out = this.#clears > 0 ? '' : this.#out;
    this.#out = '';
    return out;
  }

  get length(): number {
    return this.#out.length;
  }

  /** What is still in the terminal, up to the last row that was reached. The last row ends without a line feed. */
  end(): string {
    this.#tellUnopened();
    const { normal, alt } = this.#emulator.inner.buffers;
    const rows = reached(normal);
    for (const [at, row] of rows.entries()) {
      if (at === rows.length - 1) this.#leave(row, undefined, '');
      else this.#leave(row, this.#continuing(rows[at + 1]));
    }
    for (const notes of this.#notes.values()) this.#write(notes);
    const { activeAlternateScreen, terminalModeMarkers } = this.#options;
    if (isAlternate(this.#emulator) && activeAlternateScreen) {
      if (terminalModeMarkers) this.#write([{ text: '[webtty] terminal alternate screen active', after: true }]);
      else this.#write([]);
      this.#out += Array.from({ length: alt._rows }, (_, y) => screenLine(alt, y))
        .map((row) => rowText(row, writtenCells(row, this.#emulator.terminal.cols)))
        .join('\n');
    }
    return this.take();
  }

  /** Payloads that the source did not return. */
  #isWithheld(event: RecordingEvent): boolean {
    if (event.kind !== 'other' || event.code !== 'data') return false;
    return this.#options.includeStdin || !event.text.includes('"stream_type":"stdin"');
  }

  #tellUnopened(): void {
    // Text that will be dropped must not take this with it.
    if (this.#unopened === 0 || this.#clears > 0) return;
    this.#note(`[exhibit] ${this.#unopened === 1 ? '1 event' : `${String(this.#unopened)} events`} could not be opened`);
    this.#unopened = 0;
  }

  /** Puts a note where the normal screen's cursor is: before an empty row, or after the line that has begun there. */
  #note(text: string): void {
    const { normal } = this.#emulator.inner.buffers;
    let at = normal.ybase + normal.y;
    let row = normal.lines.get(at)!;
    const after = this.#continues(row) || writtenCells(row, row.length) > 0;
    while (this.#continues(row) && at > 0) row = normal.lines.get(--at)!;
    const note = { text, after };
    if (this.#continues(row)) this.#following.push(note);
    else {
      const notes = this.#notes.get(row);
      if (notes === undefined) this.#notes.set(row, [note]);
      else notes.push(note);
    }
    this.#waiting += 1;
    if (this.#waiting <= MAX_WAITING) return;
    for (const notes of this.#notes.values()) this.#write(notes);
    this.#write(this.#following);
    this.#notes.clear();
    this.#following = [];
  }

  /** Notes as lines of their own. */
  #write(notes: readonly Note[]): void {
    if (this.#inLine) this.#out += '\n';
    this.#inLine = false;
    for (const { text } of notes) this.#out += `${text}\n`;
    this.#waiting -= notes.length;
  }

  #continues = (row: Line): boolean => (row.isWrapped ? !this.#starts.has(row) : this.#joins.has(row));

  #continuing = (next: Line | undefined): Line | undefined => (next !== undefined && this.#continues(next) ? next : undefined);

  #leave(row: Line, next: Line | undefined, end = '\n'): void {
    const notes = this.#notes.get(row);
    if (notes !== undefined) {
      this.#notes.delete(row);
      this.#write(notes.filter(({ after }) => !after));
      this.#following.push(...notes.filter(({ after }) => after));
    }
    const stamp = this.#continues(row) ? '' : (this.#stamps.get(row) ?? '');
    this.#stamps.delete(row);
    this.#starts.delete(row);
    this.#joins.delete(row);
    const text = stamp + rowText(row, next?.isWrapped === true ? cellsBeforeWrap(row, next) : undefined);
    this.#out += text;
    this.#inLine ||= text !== '';
    if (next !== undefined) return;
    this.#out += end;
    this.#inLine &&= end === '';
    if (this.#following.length > 0) this.#write(this.#following);
    this.#following = [];
  }

  #move(from: Line, to: Line): void {
    const notes = this.#notes.get(from);
    if (notes !== undefined) {
      this.#notes.delete(from);
      this.#notes.set(to, notes);
    }
    if (this.#joins.has(from)) this.#joins.add(to);
    const stamp = this.#stamps.get(from);
    if (stamp !== undefined) this.#stamps.set(to, stamp);
  }

  #stampRow(): void {
    if (isAlternate(this.#emulator)) return;
    const { normal } = this.#emulator.inner.buffers;
    const row = screenLine(normal, normal.y);
    if (!this.#stamps.has(row) || writtenCells(row, row.length) === 0) this.#stamps.set(row, this.#stamp);
  }

  /** The scrollback was dropped, and the text that was above it goes too. */
  #drop(): void {
    const { lines } = this.#emulator.inner.buffers.normal;
    if (this.#clears === 0) return;
    this.#clears -= 1;
    if (this.#clears > 0) return;
    const rows = new Set(Array.from({ length: lines.length }, (_, at) => lines.get(at)!));
    for (const [row, notes] of this.#notes) {
      if (rows.has(row)) continue;
      this.#waiting -= notes.length;
      this.#notes.delete(row);
    }
    this.#waiting -= this.#following.length;
    this.#following = [];
    this.#out = '';
    this.#inLine = false;
  }
}

/** Rows of a buffer up to the one of the cursor or the last one with text. */
function reached({ lines, ybase, y }: ScreenBuffer): Line[] {
  let count = lines.length;
  while (count > ybase + y + 1 && writtenCells(lines.get(count - 1)!, lines.get(count - 1)!.length) === 0) count -= 1;
  return Array.from({ length: count }, (_, at) => lines.get(at)!);
}

/**
 * The text log of a recording in pieces. `range` limits it to some of its events; the terminal then starts empty there.
 * Events that could not be opened are counted in a line of their own where they stand.
 */
export function* textLog(source: EventSource, options: TextLogOptions, range: TextLogRange): Generator<string> {
  const log = new Log(source, options, clearsIn(source, options, range), () => undefined);
  for (const event of inRange(source, range, log.resize)) {
    log.add(event);
    if (log.length < PIECE) continue;
    const piece = log.take();
    if (piece !== '') yield piece;
  }
  yield log.end();
}
