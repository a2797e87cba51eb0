// The text of a recording as a terminal keeps it in its scrollback: rows are given out as they leave the terminal, wrapped ones
// joined, so that a recording of any length needs the memory of one screen and its scrollback. What the screen drew over itself
// is not in it, and neither is what the recording had dropped from the scrollback (CSI 3 J), as in a terminal. Markers and times
// are those of the rstream SDK, each at the start of a line. Where the SDK's log is plain, this one has the same bytes.

import type { RecordingEvent, StreamName } from '../recording/event.ts';
import type { TextLogOptions } from '../recording/text-log-options.ts';
import { formatClock } from '../recording/time.ts';
import type { MakeTerminal } from './create-terminal.ts';
import { isAlternate, screenLine, type Emulator } from './emulator.ts';
import { feedBytes, resizeTerminal } from './feed.ts';
import type { Line, ScreenBuffer } from './internals.ts';
import { cellsBeforeWrap, rowText, writtenCells } from './text.ts';

/** Markers that wait for their place; of more, none waits any longer, so that no recording can pile them up. */
const MAX_WAITING = 1000;

/** A line that is not the recording's own: it stands before or after a line of text, known by the first row of that. */
interface Note {
  readonly text: string;
  readonly after: boolean;
}

/** Size of the screen at the start, and whether the session had no terminal, so that its line feeds begin a new line. */
export interface TextLogScreen {
  readonly cols: number;
  readonly rows: number;
  readonly piped: boolean;
}

/** The source's own time text, or the offset from the start; an event without a time stands at that of another one. */
const timeOf = ({ time, at }: RecordingEvent): string => (time === '' ? 'no time' : (time ?? formatClock(at)));

/** Whether data of a stream belongs into the log. */
export function wants(options: TextLogOptions, stream: StreamName): boolean {
  switch (stream) {
    case 'stdin':
      return options.includeStdin;
    case 'stdout':
      return options.includeStdout;
    case 'stderr':
      return options.includeStderr;
  }
}

export class TextLog {
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

  /** `clears`: how often the scrollback will be dropped; nothing is given out before the last time. `cleared` hears of each. */
  constructor(
    createTerminal: MakeTerminal,
    { cols, rows, piped }: TextLogScreen,
    options: TextLogOptions,
    clears: number,
    cleared: () => void = () => undefined,
  ) {
    this.#options = options;
    this.#clears = clears;
    this.#emulator = createTerminal(cols, rows, {
      piped,
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

const J = 0x4a;
const THREE = 0x33;
const BRACKET = 0x5b;

/** A sequence longer than this is taken for one that clears: the text is then made in two passes and not in one. */
const LOOK_BACK = 256;

/**
 * Looks for what may drop the scrollback (CSI 3 J), whatever stands in the middle of it: it may find too much, never too little.
 * Where it finds nothing, the log can be given out while it is made.
 */
export class ClearFinder {
  /** What came last, with room for more behind it. */
  readonly #held = new Uint8Array(16 * LOOK_BACK);
  #length = 0;
  #found = false;

  get found(): boolean {
    return this.#found;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.#found;) {
      if (this.#length === this.#held.length) {
        this.#held.copyWithin(0, this.#length - LOOK_BACK);
        this.#length = LOOK_BACK;
      }
      const part = bytes.subarray(at, at + this.#held.length - this.#length);
      this.#held.set(part, this.#length);
      for (let end = part.indexOf(J); end !== -1 && !this.#found; end = part.indexOf(J, end + 1)) this.#look(this.#length + end);
      this.#length += part.length;
      at += part.length;
    }
  }

  /** `end`: where a J stands. */
  #look(end: number): void {
    let three = false;
    let at = end - 1;
    // Controls and what is not ASCII stand in a sequence without ending it; letters end it.
    for (; at >= 0 && end - at < LOOK_BACK; at--) {
      const byte = this.#held[at]!;
      if (byte >= 0x40 && byte < 0x7f) break;
      three ||= byte === THREE;
    }
    this.#found = end - at >= LOOK_BACK || (three && this.#held[at] === BRACKET);
  }
}
