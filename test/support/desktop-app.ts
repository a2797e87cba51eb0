// The desktop program as a folder that Electron, or its stand-in, starts: the real main process, preload and page, built as for release,
// over a fake core in the place of host.js.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePage, bundlePreload, bundlePrograms } from '../../build/bundle.ts';
import { writeDist } from '../../build/write-dist.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folder of the stand-in for Electron's own files (ELECTRON_OVERRIDE_DIST_PATH). */
export const STANDIN = fileURLToPath(new URL('./electron-standin', import.meta.url));

/** Builds the program into a new folder. */
export async function buildFakeApp(): Promise<{ readonly folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-app-'));
  const files = await Promise.all([
    bundlePrograms(ROOT, { main: 'electron/main.ts', host: 'test/support/fake-host.ts' }),
    bundlePreload(ROOT),
    bundlePage(ROOT),
  ]);
  const manifest = { name: 'exhibit', productName: 'Exhibit', version: '0.1.0', type: 'module', main: 'main.js' };
  writeDist(folder, [...files.flat(), { name: 'package.json', content: JSON.stringify(manifest) }], 'test');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
