// The browser as Exhibit's window: an own profile that is removed afterwards, no address bar, no extensions, no network beyond this
// program. The address holds the token, and a process's arguments are open to every user of the machine; so the browser is given
// a file that only this user can read, which leads on to the address.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isSnap } from './browser.ts';

export interface BrowserWindow {
  /** Removes the file with the address: it has served. */
  arrived(): void;
  /** Resolves when the browser has ended and its profile is gone, with what it said on standard error last. */
  readonly closed: Promise<string>;
  close(): void;
}

/** Time for the browser to end by itself when it is told to, in milliseconds. */
const ENDING_TIME = 5_000;
/** How much of the browser's standard error is kept, in characters: its last lines say why it did not start. */
const KEPT_OUTPUT = 4_000;

const FLAGS: readonly string[] = [
  '--window-size=1360,900',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--disable-extensions',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication,SpellcheckService',
  '--disk-cache-size=1',
  '--password-store=basic',
  '--use-mock-keychain',
  // The window has no network at all: no name resolves, and no proxy is asked.
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

function leadingOn(link: string): string {
  const target = JSON.stringify(link).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><title>Exhibit</title><script>location.replace(${target})</script>`;
}

function started(browser: string, folder: string, headless: boolean): ChildProcess {
  const handOver = pathToFileURL(join(folder, 'open.html')).href;
  return spawn(
    browser,
    [
      `--app=${handOver}`,
      `--user-data-dir=${join(folder, 'profile')}`,
      ...FLAGS,
      // Chromium refuses to run its sandbox as root, and then does not start.
      ...(process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []),
      ...(headless ? ['--headless=new'] : []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

/** Opens `link` in `browser`. Never throws for a browser that does not start: `closed` tells. */
export function openWindow(browser: string, link: string, { headless = false } = {}): BrowserWindow {
  const folder = mkdtempSync(join(isSnap(browser) ? homedir() : tmpdir(), 'exhibit-window-'));
  const handOver = join(folder, 'open.html');
  writeFileSync(handOver, leadingOn(link), { mode: 0o600, flag: 'wx' });

  let said = '';
  const child = started(browser, folder, headless);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEPT_OUTPUT);
  });
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  const ended = (why: string): void => {
    clearTimeout(killer);
    // The browser's helpers may still be writing into the profile while they end.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    resolve(why);
  };
  let killer: NodeJS.Timeout | undefined;
  child.once('error', (error) => ended(error.message));
  child.once('close', () => ended(said.trim()));

  return {
    closed,
    arrived: () => {
      rmSync(handOver, { force: true });
    },
    close: () => {
      child.kill('SIGTERM');
      killer = setTimeout(() => child.kill('SIGKILL'), ENDING_TIME);
      killer.unref();
    },
  };
}
