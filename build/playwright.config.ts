// End-to-end tests: the same specs in the loopback window (real Chromium) and in the desktop window (Electron's stand-in, and the real
// binary where it is installed). Each project says which by its `shell` (test/e2e/fixtures.ts).

import { defineConfig, type Project } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { probeElectron } from './electron-probe.ts';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The option of test/e2e/fixtures.ts that says which window is under test. */
interface ShellOption {
  readonly shell: 'loopback' | 'standin' | 'electron';
}

/** Specs about Electron itself, which a browser window has no part in; and about the installer, which needs no window. */
const DESKTOP_ONLY = '**/desktop-*.spec.ts';
const PACK = '**/pack.spec.ts';

/** The page in all its states, the page of the verifier, and reports: the same in every shell, looked at in one. */
const SCENES = ['**/scenes.spec.ts', '**/verify-page.spec.ts', '**/report.spec.ts'];

const projects: Project<ShellOption>[] = [
  { name: 'package', testMatch: PACK },
  { name: 'loopback', use: { shell: 'loopback' }, testIgnore: [PACK, DESKTOP_ONLY] },
  { name: 'standin', use: { shell: 'standin' }, testIgnore: [PACK, ...SCENES] },
  ...(probeElectron().found ? [{ name: 'electron', use: { shell: 'electron' as const }, testIgnore: [PACK, ...SCENES] }] : []),
];

export default defineConfig<ShellOption>({
  testDir: folder('../test/e2e'),
  outputDir: folder('../test-results/e2e'),
  globalSetup: folder('../test/e2e/global-setup.ts'),
  fullyParallel: true,
  workers: 2,
  // Time that a test may take at most, and that it waits for one thing: far more than any needs, whatever else the machine has to do.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [['list']],
  projects,
});
