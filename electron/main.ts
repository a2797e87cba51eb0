// The desktop program: starts the core in a process of its own and the desktop shell in this one, and joins them by a port. The core's
// work is synchronous in large parts (SQLite, terminal emulation), which would hold up every window if it ran here.

import { utilityProcess } from 'electron';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { connect, type Port } from '../shared/api/wire.ts';
import { runDesktop, type DesktopCore } from './shells/desktop/desktop.ts';

/** Time that the core has to pin the custody head and close the library, in milliseconds. */
const CLOSING_TIME = 10_000;

// Chromium's own switches stand among the arguments too.
const { library } = parseArgs({
  args: process.argv.slice(1),
  options: { library: { type: 'string' } },
  strict: false,
  allowPositionals: true,
}).values;

function startCore(): DesktopCore {
  const program = join(import.meta.dirname, 'host.js');
  const args = typeof library === 'string' ? ['--library', resolve(library)] : [];
  const host = utilityProcess.fork(program, args, { serviceName: 'Exhibit core', stdio: 'inherit' });
  const { promise: lost, resolve: ended } = Promise.withResolvers<string>();
  host.once('exit', (code) => ended(`Its process ended with code ${String(code)}`));
  const port: Port = {
    post: (message) => host.postMessage(message),
    onMessage: (listener) => void host.on('message', listener),
    onClose: (listener) => void host.once('exit', listener),
  };
  return {
    api: connect(port),
    lost,
    close: async () => {
      host.postMessage('close');
      const killer = setTimeout(() => host.kill(), CLOSING_TIME);
      await lost;
      clearTimeout(killer);
    },
  };
}

runDesktop({
  page: join(import.meta.dirname, 'page'),
  preload: join(import.meta.dirname, 'preload.cjs'),
  startCore,
});
