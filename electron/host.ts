// The core in a process of its own: serves the contract to the main process until that says `close`, then ends.

import { parseArgs } from 'node:util';
import { withOwnBytes } from '../shared/api/own-bytes.ts';
import { serve } from '../shared/api/wire.ts';
import { installedDeps, openCore } from './core.ts';

// Whether Electron leaves the program's name before its arguments is not documented; this takes both.
const { library } = parseArgs({
  args: process.argv.slice(1),
  options: { library: { type: 'string' } },
  strict: false,
  allowPositionals: true,
}).values;
const core = await openCore(installedDeps(import.meta.url, 'window', typeof library === 'string' ? library : undefined));
const { parentPort } = process;

serve(core.api, {
  post: (message) => parentPort.postMessage(withOwnBytes(message)),
  onMessage: (listener) => void parentPort.on('message', ({ data }) => listener(data)),
  // This process ends with the port.
  onClose: () => undefined,
});

const end = (): void => void core.close().finally(() => process.exit());

parentPort.on('message', ({ data }) => {
  if (data === 'close') end();
});
// Ctrl-C in a terminal reaches every process of the program: the main process decides what it means, and says `close`.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', end);
