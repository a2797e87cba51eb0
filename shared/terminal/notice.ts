// What a recording asked for beyond drawing: reported as data, at the moment it was read, and never acted on. The index keeps
// it, the window shows it as quoted text.

import type { Line } from './internals.ts';

/** Longest text of a string sequence that is kept, in UTF-16 units; the rest is counted and dropped. */
export const MAX_STRING = 65_536;

interface Text {
  readonly text: string;
  /** UTF-16 units that the recording sent: more than `text` has when that was cut. */
  readonly length: number;
}

export type Notice =
  | { readonly kind: 'bell' }
  /** The window title: one line of text as sent, of at most MAX_TITLE units. */
  | ({ readonly kind: 'title' } & Text)
  /** OSC 8: the address of a link that begins here. */
  | ({ readonly kind: 'link' } & Text)
  /** OSC 52: the decoded text to be put on a clipboard, or a question for what is on it. */
  | ({ readonly kind: 'clipboard'; readonly asks: boolean } & Text)
  /** OSC 9, 99, 777: a desktop notification. */
  | ({ readonly kind: 'notification' } & Text)
  /** Any other operating system command by its number: shell marks (133, 633), colours (4, 10 to 19), folders (7). */
  | ({ readonly kind: 'osc'; readonly code: number } & Text)
  /**
   * Strings that no screen shows: operating system command without a number or broken off, device control, application program command,
   * privacy message, start of string, screen's title.
   */
  | ({ readonly kind: 'string'; readonly of: 'osc' | 'dcs' | 'apc' | 'pm' | 'sos' | 'screen-title' } & Text)
  /** A question that expects an answer as if typed (cursor position, colours, what the terminal is), as a name like `CSI 6 n`. */
  | { readonly kind: 'query'; readonly text: string }
  /** A wish to move, resize or change the window, likewise. */
  | { readonly kind: 'window'; readonly text: string }
  | { readonly kind: 'alternate-screen'; readonly entered: boolean }
  /** CSI 3 J: rows that the scrollback lost. */
  | { readonly kind: 'scrollback-cleared'; readonly rows: number };

export interface Watcher {
  notice?(notice: Notice): void;
  /** Code points about to be printed at the cursor, before anything is done with them: `codes[start]` up to `codes[end - 1]`. */
  printed?(codes: Uint32Array, start: number, end: number): void;
  /** A row was full, and the run under way goes on at the beginning of the row that the cursor is now on. */
  wrapped?(): void;
  /** The oldest row of the scrollback is about to leave the terminal for want of room; `next` is the row below it. */
  rowLeft?(row: Line, next: Line | undefined): void;
  /**
   * A line feed came down to the blank rest of a wrapped line: what is written there will be a line of its own to a reader, and
   * goes on the line above only when the screen gets another width.
   */
  restLeft?(row: Line): void;
  /** A row that goes on with the line above will not be wrapped with it any more; to a reader it is still one line. */
  joinLost?(row: Line): void;
  /** A line was wrapped anew, and its first row is another object now. */
  rowMoved?(from: Line, to: Line): void;
}
