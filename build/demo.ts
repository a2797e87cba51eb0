// `npm run demo`: opens the window on a new library in a temporary folder that holds the sample case, and removes it afterwards.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PASSPHRASE = 'exhibit';

const folder = mkdtempSync(join(tmpdir(), 'exhibit-demo-'));
const library = join(folder, 'library');
const passphraseFile = join(folder, 'passphrase');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

writeFileSync(passphraseFile, `${PASSPHRASE}\n`, { mode: 0o600 });
const args = ['import', join(ROOT, 'build/sample'), '--library', library, '--passphrase-file', passphraseFile];
const { status } = spawnSync(process.execPath, [join(ROOT, 'dist/cli.js'), ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
if (status === 0) {
  process.stdout.write(`The sample case is in a library of its own. Its passphrase: ${PASSPHRASE}\n`);
  process.argv = [...process.argv.slice(0, 2), '--library', library, ...process.argv.slice(2)];
  await import('./start.ts');
} else {
  process.exitCode = 1;
}
