// What a terminal shows, and in which state it is, in plain values.

import { isAlternate, screenLine, type Emulator } from './emulator.ts';
import { rowText, writtenCells } from './text.ts';

export interface ShownScreen {
  readonly cols: number;
  readonly rows: number;
  readonly cursorRow: number;
  /** The last column while a wrap is pending. */
  readonly cursorCol: number;
  readonly cursorVisible: boolean;
  /** The last column was written, and the next character goes to the next row. */
  readonly pendingWrap: boolean;
  readonly alternate: boolean;
  readonly title: string;
  /** Modes that differ from a terminal just reset. */
  readonly modes: Readonly<Record<string, boolean | string>>;
  /** Visible rows, blanks at their ends removed. */
  readonly screen: readonly string[];
}

const MOUSE_TRACKING: Readonly<Record<number, string>> = { 9: 'x10', 1000: 'buttons', 1002: 'drag', 1003: 'any' };
const MOUSE_ENCODING: Readonly<Record<number, string>> = { 1005: 'utf-8', 1006: 'sgr', 1015: 'urxvt', 1016: 'sgr-pixels' };

function modesOf({ inner, own }: Emulator): Record<string, boolean | string> {
  const { coreService: core, optionsService } = inner;
  const modes = core.decPrivateModes;
  const all: Record<string, boolean | string | undefined> = {
    applicationCursorKeys: modes.applicationCursorKeys,
    applicationKeypad: modes.applicationKeypad,
    bracketedPaste: modes.bracketedPasteMode,
    focusReporting: modes.sendFocus,
    insert: core.modes.insertMode,
    newLine: optionsService.rawOptions.convertEol,
    origin: modes.origin,
    reverseWraparound: modes.reverseWraparound,
    synchronizedOutput: own.synchronized,
    mouseTracking: MOUSE_TRACKING[own.mouseTracking],
    mouseEncoding: MOUSE_ENCODING[own.mouseEncoding],
    cursorStyle: modes.cursorStyle,
    cursorBlink: modes.cursorBlink,
  };
  const set = Object.entries(all).filter(
    (entry): entry is [string, boolean | string] => entry[1] !== undefined && entry[1] !== false,
  );
  return { ...Object.fromEntries(set), ...(modes.wraparound ? {} : { wraparound: false }) };
}

function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end -= 1;
  return text.slice(0, end);
}

/** The visible screen as plain values. Cost: one pass over its rows. */
export function readScreen(emulator: Emulator): ShownScreen {
  const { terminal, inner, own } = emulator;
  const { cols, rows } = terminal;
  const buffer = inner.buffers.active;
  return {
    cols,
    rows,
    cursorRow: buffer.y,
    cursorCol: Math.min(buffer.x, cols - 1),
    cursorVisible: !inner.coreService.isCursorHidden,
    pendingWrap: buffer.x >= cols,
    alternate: isAlternate(emulator),
    title: own.title,
    modes: modesOf(emulator),
    screen: Array.from({ length: rows }, (_, y) => {
      const line = screenLine(buffer, y);
      return trimBlanks(rowText(line, writtenCells(line, cols)));
    }),
  };
}
