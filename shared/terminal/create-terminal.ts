// A terminal without a window, under the rules for recordings, made of whichever package of xterm.js is at hand.

import { MAX_COLS, MAX_ROWS } from '../recording/decoder.ts';
import type { Emulator } from './emulator.ts';
import type { Watcher } from './notice.ts';
import { prepareTerminal, SCROLLBACK, TERMINAL_OPTIONS } from './rules.ts';
import type { TerminalLike } from './terminal-like.ts';

export interface TerminalChoices {
  readonly watcher?: Watcher;
  /** The session had no terminal: its line feeds begin a new line, as a terminal's driver would have made them. */
  readonly piped?: boolean;
  /** Rows kept above the screen. Keyframes fit only terminals that keep as many, so only who takes none may choose. */
  readonly scrollback?: number;
}

/** Makes an empty terminal of a recording's size at the start, as near to it as the limits of emulation allow. */
export type MakeTerminal = (cols: number, rows: number, choices?: TerminalChoices) => Emulator;

interface Options {
  readonly cols: number;
  readonly rows: number;
  readonly scrollback: number;
  readonly allowProposedApi: boolean;
  readonly disableStdin: boolean;
  readonly logLevel: 'off';
}

export function terminalMaker(Terminal: new (options: Options) => TerminalLike): MakeTerminal {
  return (cols, rows, { watcher, piped, scrollback = SCROLLBACK } = {}) => {
    const size = { cols: Math.min(Math.max(cols, 2), MAX_COLS), rows: Math.min(Math.max(rows, 1), MAX_ROWS) };
    return prepareTerminal(new Terminal({ ...TERMINAL_OPTIONS, ...size, scrollback }), watcher, piped);
  };
}
