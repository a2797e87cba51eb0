// A terminal under the rules for recordings: xterm.js with its inner parts at hand, and the state for which xterm.js has no
// place, or one that reaches outside the emulated screen.

import type { Utf8Streams } from './utf8-streams.ts';
import type { Attributes, Charset, ExtendedAttributes, Internals, Line, ScreenBuffer } from './internals.ts';
import type { Watcher } from './notice.ts';
import type { TerminalLike } from './terminal-like.ts';

/** What DECSC keeps. The row counts from the top of the screen, so that scrolling in between does not move it. */
export interface SavedCursor {
  x: number;
  y: number;
  fg: number;
  bg: number;
  extended: ExtendedAttributes;
  charset: Charset;
}

/** Attributes of cells to which nothing was written. */
const PLAIN: Partial<Attributes> = { fg: 0, bg: 0 };

export interface OwnState {
  /** The session had no terminal: its line feeds begin a new line, as a terminal's driver would have made them. */
  piped: boolean;
  title: string;
  /** CSI 22 t and 23 t. */
  readonly titles: string[];
  /** By DECSC: one for both screens, as in tmux. */
  saved: SavedCursor | null;
  /** On entering the alternate screen by mode 1049. */
  savedOnEntry: SavedCursor | null;
  /** Mouse tracking (9, 1000, 1002, 1003) and its encoding (1005, 1006, 1015, 1016), 0 for none: no window may act on it. */
  mouseTracking: number;
  mouseEncoding: number;
  /** DEC mode 2026: shown as a mode; what is drawn does not wait for it. */
  synchronized: boolean;
  /** Rows at the end of the scrollback that scrolled off and were not erased: a taller screen takes them back. */
  scrolled: number;
  /** Addresses of OSC 8 in the order of their first use; a cell's link id is the position plus one. */
  readonly links: string[];
  /** The string sequence under way: what is kept of it and how long it was. */
  string: { text: string; length: number };
}

export interface Emulator {
  readonly terminal: TerminalLike;
  readonly inner: Internals;
  readonly own: OwnState;
  readonly utf8: Utf8Streams;
  /** Character sets by the byte that designates them. */
  readonly charsets: ReadonlyMap<string, Charset>;
  watcher: Watcher;
  /** Rows are being marked as changed only because they are about to move up by one. */
  scrolling: boolean;
}

/** Whether the alternate screen is shown. */
export function isAlternate({ inner }: Emulator): boolean {
  return inner.buffers.active === inner.buffers.alt;
}

/** Row `y` of the visible screen. */
export function screenLine(buffer: ScreenBuffer, y: number): Line {
  return buffer.lines.get(buffer.ybase + y)!;
}

/** A row of the terminal's width to which nothing was ever written. */
export function blankRow(buffer: ScreenBuffer): Line {
  return buffer.getBlankLine(PLAIN as Attributes);
}

/** A new row with the cells of a blank one. (`clone` of xterm.js also makes a cell that nobody needs, at each scroll.) */
export function blankLike(model: Line): Line {
  const line = new (model.constructor as new (cols: number, fill: unknown) => Line)(0, {});
  line._data = model._data.slice();
  line.length = model.length;
  return line;
}
