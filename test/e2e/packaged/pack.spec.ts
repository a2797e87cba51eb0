// What `npm run package` puts into an installer: the built programs, the page, two native packages, and a binary with its fuses set. Packs for
// real, around a stand-in for Electron's distribution where the real one is not installed.

import { extractFile, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeElectronDist } from '../../support/electron-dist.ts';
import { ROOT } from '../../support/desktop-app.ts';

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'the stand-in distribution is made of Linux programs');

let folder: string;
let asar: string;
let entries: readonly string[];

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exhibit-pack-'));
  const electron = join(folder, 'electron');
  makeElectronDist(electron);
  execFileSync(
    process.execPath,
    [join(ROOT, 'build/package.ts'), '--linux', 'dir', `--config.directories.output=${join(folder, 'release')}`],
    { env: { ...process.env, EXHIBIT_TEST_ELECTRON: electron }, stdio: 'pipe' },
  );
  asar = join(folder, 'release/linux-unpacked/resources/app.asar');
  entries = listPackage(asar, { isPack: false });
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the programs of the window are packed, and start from there', () => {
  for (const name of [
    'main.js',
    'preload.cjs',
    'host.js',
    'index-worker.js',
    'pack-worker.js',
    'search-worker.js',
    'verify-worker.js',
    'page/index.html',
  ])
    expect(entries).toContain(`/dist/${name}`);
  const manifest = JSON.parse(extractFile(asar, 'package.json').toString()) as { main: string; version: string };
  expect(manifest).toMatchObject({ main: 'dist/main.js', version: '0.1.0' });
});

test('the sample case is packed', () => {
  expect(entries.filter((entry) => entry.startsWith('/dist/sample/')).length).toBeGreaterThan(0);
});

test('no source, source map, tool or test is packed', () => {
  const strange = entries
    .filter((entry) => !/licen[cs]e/i.test(entry))
    .filter((entry) => /\.(map|tsx?|md)$|\.stamp$|^\/(electron|shared|renderer|build|test)\b/.test(entry));
  expect(strange).toEqual([]);
  expect(entries.filter((entry) => !/^\/(package\.json|dist|node_modules)/.test(entry))).toEqual([]);
});

test('of the packages, only the native ones are packed, each for this platform, outside of the asar', () => {
  const packages = entries.filter((entry) => /^\/node_modules\/(@[^/]+\/)?[^/@]+$/.test(entry));
  expect(packages.filter((name) => !/better-sqlite3|@napi-rs\/keyring/.test(name))).toEqual([]);
  const native = readdirSync(`${asar}.unpacked`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.node'));
  expect(native).toHaveLength(2);
  for (const name of native) expect(name).toContain(`linux-${process.arch}`);
});

test('every fuse of the binary is set', async () => {
  const wire = await getCurrentFuseWire(join(folder, 'release/linux-unpacked/exhibit'));
  const state = (fuse: FuseV1Options): boolean => wire[fuse] === FuseState.ENABLE;
  expect({
    runAsNode: state(FuseV1Options.RunAsNode),
    nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: state(FuseV1Options.EnableNodeCliInspectArguments),
    cookieEncryption: state(FuseV1Options.EnableCookieEncryption),
    asarIntegrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: state(FuseV1Options.OnlyLoadAppFromAsar),
    browserSnapshot: state(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
    filePrivileges: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    nodeOptions: false,
    inspect: false,
    cookieEncryption: true,
    asarIntegrity: true,
    onlyAsar: true,
    browserSnapshot: false,
    filePrivileges: false,
  });
});
