// Is Electron's own binary here? Looks at files only: `require('electron')`, its command line and Playwright's default all start a
// download when it is missing.

import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';

export type Probe =
  | { readonly found: true; readonly executable: string; readonly version: string }
  | { readonly found: false; readonly version: string; readonly why: string };

/** Where electron/index.js would find its executable, and whether that is there and of the version that package.json names. */
export function probeElectron(env: NodeJS.ProcessEnv = process.env): Probe {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const missing = (why: string): Probe => ({ found: false, version, why });
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const pathFile = join(folder, 'path.txt');
  if (override === undefined && !existsSync(pathFile)) return missing(`the binary of Electron ${version} is not installed`);
  const dist = override ?? join(folder, 'dist');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const executable = join(dist, name);
  try {
    accessSync(executable, constants.X_OK);
  } catch {
    return missing(`there is no executable ${executable}`);
  }
  const versionFile = join(dist, 'version');
  const installed = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : 'unknown';
  if (installed !== version) return missing(`the installed binary is Electron ${installed}, package.json names ${version}`);
  return { found: true, executable, version };
}
