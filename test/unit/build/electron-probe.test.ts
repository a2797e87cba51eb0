import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probeElectron } from '../../../build/electron-probe.ts';
import { STANDIN } from '../../support/desktop-app.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const probe = (folder: string): ReturnType<typeof probeElectron> => probeElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder });

function copyOfStandin(): string {
  const folder = temporaryFolder();
  cpSync(STANDIN, folder, { recursive: true });
  return folder;
}

test('the stand-in claims the version that package.json names', () => {
  expect(probe(STANDIN)).toMatchObject({ found: true, executable: join(STANDIN, 'electron') });
});

test('a folder without the executable is none', () => {
  expect(probe('/nowhere')).toMatchObject({ found: false, why: 'there is no executable /nowhere/electron' });
});

test('an executable that may not be run is none', () => {
  const folder = copyOfStandin();
  chmodSync(join(folder, 'electron'), 0o644);
  expect(probe(folder)).toMatchObject({ found: false });
});

test('a binary of another version is refused, and both are named', () => {
  const folder = copyOfStandin();
  writeFileSync(join(folder, 'version'), '44.0.0');
  expect(probe(folder)).toMatchObject({
    found: false,
    why: expect.stringMatching(/is Electron 44\.0\.0, package\.json names \d/),
  });
});
