// The terminal that transcripts are made again in: verify.mjs carries it, and needs nothing else.

import headless from '@xterm/headless';
import { terminalMaker } from '../../../shared/terminal/create-terminal.ts';

export const createTerminal = terminalMaker(headless.Terminal);
