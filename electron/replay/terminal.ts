// A terminal without a window, under the rules for recordings.

import headless from '@xterm/headless';
import { terminalMaker } from '../../shared/terminal/create-terminal.ts';

export const createTerminal = terminalMaker(headless.Terminal);
