// The loopback shell as a program of its own: `window [--library DIR] [--no-window]`. The built program is dist/window.js.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { ExhibitError, asExhibitError, exitCode } from '../../../shared/api/errors.ts';
import { installedDeps, openCore } from '../../core.ts';
import { NO_BROWSER, findBrowser } from './browser.ts';
import { runProgram, type ProgramDeps } from './program.ts';

function options(): { readonly library?: string | undefined; readonly 'no-window'?: boolean | undefined } {
  try {
    return parseArgs({ options: { library: { type: 'string' }, 'no-window': { type: 'boolean' } } }).values;
  } catch (error) {
    throw new ExhibitError('usage', 'start', (error as Error).message, 'it takes --library DIR and --no-window');
  }
}

/** A display that a browser could open a window on. */
function hasDisplay(): boolean {
  const named = [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']];
  return process.platform !== 'linux' || named.some((name) => name !== undefined && name !== '');
}

function chooseBrowser(wanted: boolean): ProgramDeps['browser'] {
  if (!wanted) return { missing: 'none was wanted' };
  if (!hasDisplay()) return { missing: 'there is no display here' };
  const path = findBrowser();
  return path === null ? { missing: NO_BROWSER } : { path };
}

/** Resolves at the first signal to stop; later ones change nothing, so that the ending is not cut off. */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  return promise;
}

try {
  const { library, 'no-window': unwanted = false } = options();
  const stopped = stopSignal();
  const core = await openCore(installedDeps(import.meta.url, 'window', library));
  try {
    await runProgram({
      api: core.api,
      page: fileURLToPath(new URL('./page', import.meta.url)),
      token: randomBytes(32).toString('base64url'),
      browser: chooseBrowser(!unwanted),
      stopped,
      say: (line) => void process.stdout.write(`${line}\n`),
    });
  } finally {
    await core.close();
  }
} catch (error) {
  const failure = asExhibitError(error, 'start');
  process.stderr.write(`exhibit: ${failure.message}\n`);
  process.exitCode = exitCode(failure.kind);
}
