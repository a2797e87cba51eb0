// `npm start`: opens the window. In Electron where its binary is installed or can be fetched, else in an installed browser; says which, and
// why. Arguments go on to the program: `npm start -- --library DIR`.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { probeElectron } from './electron-probe.ts';

const ROOT = join(import.meta.dirname, '..');
const LOOPBACK = join(ROOT, 'dist/window.js');
const args = process.argv.slice(2);

/** Time to find out whether Electron's download place answers, in milliseconds. */
const REACH_TIME = 2_000;
/** An Electron that ends with an error within this time, in milliseconds, could not open its window. */
const EARLY = 5_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function run(command: string, words: readonly string[]): Promise<number> {
  const child = spawn(command, words, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  // Ctrl-C reaches the child by itself; this process waits for its end.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
}

async function canFetch(version: string): Promise<boolean> {
  const mirror = process.env['ELECTRON_MIRROR'] ?? 'https://github.com/electron/electron/releases/download/';
  try {
    const { ok } = await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(REACH_TIME),
    });
    return ok;
  } catch {
    return false;
  }
}

/** Path of Electron's binary, fetched where needed, or why it cannot be had. */
async function findElectron(): Promise<{ readonly executable: string } | { readonly why: string }> {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    return { why: 'there is no display here' };
  const probe = probeElectron();
  if (probe.found) return probe;
  if (!(await canFetch(probe.version))) return { why: `${probe.why} and cannot be fetched now` };
  say(`Fetching Electron ${probe.version}, once ...`);
  const installer = join(dirname(createRequire(import.meta.url).resolve('electron/package.json')), 'install.js');
  const code = await run(process.execPath, [installer]);
  const fetched = probeElectron();
  return code === 0 && fetched.found ? fetched : { why: `Electron ${probe.version} could not be fetched` };
}

const electron = await findElectron();
let why = 'why' in electron ? electron.why : '';
if ('executable' in electron) {
  say('Opening Exhibit in Electron.');
  const started = performance.now();
  // Chromium refuses to run its sandbox as root, and then does not start.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const code = await run(electron.executable, [...asRoot, ROOT, ...args]);
  process.exitCode = code;
  if (code !== 0 && performance.now() - started < EARLY) why = `Electron ended at once with code ${String(code)}`;
}
if (why !== '') {
  say(`Opening Exhibit in a browser window: ${why}.`);
  process.argv = [process.execPath, LOOPBACK, ...args];
  await import(pathToFileURL(LOOPBACK).href);
}
