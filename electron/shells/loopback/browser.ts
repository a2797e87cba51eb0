// Which installed browser shows the window. Only the Chromium family: its `--app` mode is a window without an address bar, and
// the page is tested in it. EXHIBIT_BROWSER names another one.

import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** What a search depends on: given, so that it can be tested for every platform. */
export interface BrowserPlaces {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isProgram: (path: string) => boolean;
}

const ON_PATH = [
  'chromium',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
  'chromium-browser',
];

const MAC_APPS = ['Google Chrome', 'Microsoft Edge', 'Chromium', 'Brave Browser'];

const WINDOWS_PROGRAMS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['BraveSoftware', 'Brave-Browser', 'Application', 'brave.exe'],
];

export const NO_BROWSER = 'no Chromium, Chrome or Edge was found; install one, or name it in EXHIBIT_BROWSER';

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function candidates({ platform, env }: BrowserPlaces): string[] {
  const onPath = (names: readonly string[]): string[] =>
    names.flatMap((name) => (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)));
  if (platform === 'darwin') {
    const folders = ['/Applications', join(env['HOME'] ?? '/', 'Applications')];
    return MAC_APPS.flatMap((name) => folders.map((folder) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)));
  }
  if (platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => env[name] ?? []);
    return WINDOWS_PROGRAMS.flatMap((path) => folders.map((folder) => join(folder, ...path)));
  }
  return onPath(ON_PATH);
}

/** Path of the browser, or null where none is installed. What EXHIBIT_BROWSER names is taken as it is, or not at all. */
export function findBrowser(places: BrowserPlaces = { platform: process.platform, env: process.env, isProgram }): string | null {
  const named = places.env['EXHIBIT_BROWSER'];
  if (named !== undefined && named !== '') return isAbsolute(named) && places.isProgram(named) ? named : null;
  return candidates(places).find((path) => path !== '' && places.isProgram(path)) ?? null;
}

/** A browser from a snap sees neither the temporary folder nor hidden ones: what it has to read lies in the home folder then. */
export function isSnap(browser: string): boolean {
  // Ubuntu's chromium-browser is a script that starts the snap; everything under /snap/bin leads to the program `snap`.
  return browser.endsWith('/chromium-browser') || /\/snap(\/|$)/.test(realpathSync(browser));
}
