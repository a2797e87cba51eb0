// `npm run package -- --linux dir`: installers into release/, by electron-builder. Takes Electron from node_modules where its binary is
// installed, else electron-builder fetches it. EXHIBIT_TEST_ELECTRON names a folder to take its place, for tests of what is packed.

import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { probeElectron } from './electron-probe.ts';

const ROOT = join(import.meta.dirname, '..');
const CLI = join(ROOT, 'node_modules/electron-builder/cli.js');

const probe = probeElectron();
const electron =
  process.env['EXHIBIT_TEST_ELECTRON'] ?? (probe.found && process.platform !== 'darwin' ? dirname(probe.executable) : null);
const given = electron === null ? [] : [`--config.electronDist=${electron}`];

process.chdir(ROOT);
process.argv = [process.execPath, CLI, '--config', 'electron-builder.yml', ...given, ...process.argv.slice(2)];
await import(pathToFileURL(CLI).href);
