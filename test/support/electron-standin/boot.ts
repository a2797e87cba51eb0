// A stand-in for Electron's executable, for tests where the real one is not installed: it runs an app's real, built main process in
// Node and its real, built preload and page in an installed Chromium, so that Playwright's `_electron.launch` drives it like the real one
// (ELECTRON_OVERRIDE_DIST_PATH names this folder). Preload format, sandbox, isolation, content policy, message passing, protocol, downloads
// and the core's process are exercised for real; fuses, asar, GPU, native dialogs and Electron's own Node are not. What both must do alike is
// in test/e2e/conformance.spec.ts, which also runs on the real binary. Never shipped: an open debugging port is no product.
//
// This file is the command line: `electron [-r MODULE] [--inspect=N] [--remote-debugging-port=N] [SWITCHES] APP [ARGUMENTS]`.

import inspector from 'node:inspector';
import { createRequire, registerHooks } from 'node:module';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, becomeReady } from './app.ts';
import { program } from './program.ts';
import { launchChromium } from './chromium.ts';

const electron = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: electron, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

const version = readFileSync(new URL('./version', import.meta.url), 'utf8').trim();
const words = process.argv.slice(2);
if (words.includes('--version')) {
  process.stdout.write(`v${version}\n`);
  process.exit(0);
}

// What a program finds in Electron's main process. Playwright's loader cuts its own words off `process.argv`.
process.argv = [process.argv[0]!, ...words];
Object.defineProperty(process.versions, 'electron', { value: version, enumerable: true });
Object.defineProperty(process, 'type', { value: 'browser' });
Object.defineProperty(process, 'defaultApp', { value: true });

const required: string[] = [];
let debuggingPort = '0';
let appPath: string | null = null;
for (let i = 0; i < words.length; i++) {
  const word = words[i]!;
  const [name, value = ''] = word.replace(/^--/, '').split(/=(.*)/);
  if (word === '-r') required.push(words[++i]!);
  else if (!word.startsWith('--')) appPath ??= resolve(word);
  else if (name === 'inspect') inspector.open(Number(value));
  else if (name === 'remote-debugging-port') debuggingPort = value;
  else app.commandLine.appendSwitch(name!, value);
}

let main = appPath ?? resolve('.');
if (statSync(main).isDirectory()) {
  program.folder = main;
  const manifest = join(main, 'package.json');
  if (existsSync(manifest)) program.manifest = JSON.parse(readFileSync(manifest, 'utf8')) as typeof program.manifest;
  main = join(main, program.manifest.main ?? 'index.js');
}

for (const path of required) createRequire(main)(resolve(path));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());

await import(pathToFileURL(main).href);
// The program may have left already: another instance has the lock.
if (!program.ended) {
  await launchChromium(debuggingPort);
  becomeReady();
}
