// As much of Electron's distribution as electron-builder needs to pack the program: an executable whose fuses can be set and read back, and
// the files that it moves about. It does not run anything.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Marks the fuses in the binary; then version 1, the number of fuses, and each as a digit. See @electron/fuses. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron ships them: on, off, on, on, off, off, off, on, on. */
const FUSES = '101100011';

export function makeElectronDist(folder: string): void {
  const { version } = createRequire(import.meta.url)('electron/package.json') as { version: string };
  const program = '/bin/true';
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  const fuses = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, FUSES.length]), Buffer.from(FUSES)]);
  writeFileSync(join(folder, 'electron'), Buffer.concat([readFileSync(program), Buffer.alloc(64), fuses, Buffer.alloc(64)]));
  for (const name of ['chrome-sandbox', 'chrome_crashpad_handler', 'libffmpeg.so']) copyFileSync(program, join(folder, name));
  for (const name of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler']) chmodSync(join(folder, name), 0o755);
  writeFileSync(join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak', 'locales/de.pak'])
    writeFileSync(join(folder, name), 'x');
}
