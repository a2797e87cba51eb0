// A terminal without a window, under the rules for recordings.

import headless from '@xterm/headless';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import type { Watcher } from '../../shared/terminal/notice.ts';
import { prepareTerminal, SCROLLBACK, TERMINAL_OPTIONS } from '../../shared/terminal/rules.ts';
import { MAX_COLS, MAX_ROWS } from '../../shared/recording/decoder.ts';

export interface TerminalChoices {
  readonly watcher?: Watcher;
  /** The session had no terminal: its line feeds begin a new line, as a terminal's driver would have made them. */
  readonly piped?: boolean;
  /** Rows kept above the screen. Keyframes fit only terminals that keep as many, so only who takes none may choose. */
  readonly scrollback?: number;
}

/** An empty terminal of a recording's size at the start, as near to it as the limits of emulation allow. */
export function createTerminal(
  cols: number,
  rows: number,
  { watcher, piped, scrollback = SCROLLBACK }: TerminalChoices = {},
): Emulator {
  const size = { cols: Math.min(Math.max(cols, 2), MAX_COLS), rows: Math.min(Math.max(rows, 1), MAX_ROWS) };
  return prepareTerminal(new headless.Terminal({ ...TERMINAL_OPTIONS, ...size, scrollback }), watcher, piped);
}
