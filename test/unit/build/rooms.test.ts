// That build/rooms.cjs refuses what it says: each kind of violation is planted in a small house of the same plan, and the rule that
// answers is the right one. The linter's rules for shared code are tried the same way.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

/** A house with a door in every room, and packages to import. */
const HOUSE = [
  'shared/recording/time.ts',
  'shared/evidence/custody.ts',
  'shared/query/parse.ts',
  'shared/terminal/keyframe.ts',
  'shared/api/contract.ts',
  ...['source', 'library', 'vault', 'acquisition', 'replay', 'search', 'cases', 'indexing', 'export'].map(
    (room) => `electron/${room}/${room}.ts`,
  ),
  'electron/library/schema.ts',
  'electron/core.ts',
  'electron/core/jobs.ts',
  ...['page', 'cli', 'loopback', 'desktop'].map((shell) => `electron/shells/${shell}/${shell}.ts`),
  'electron/shells/desktop/menu.ts',
  'electron/main.ts',
  'renderer/api.ts',
  'renderer/ui/button.tsx',
  'renderer/screen/screen.ts',
  'renderer/player/player.tsx',
  'build/bundle.ts',
  'test/unit/x.test.ts',
];

const PACKAGES = [
  'electron',
  'better-sqlite3',
  '@napi-rs/keyring',
  '@xterm/headless',
  '@xterm/xterm',
  'zod',
  'ws',
  'react',
  'left-pad',
];

/** Importing file, what it imports, and the rule that refuses it; null where it is legal. */
const IMPORTS: readonly (readonly [string, string, string | null])[] = [
  ['electron/library/a.ts', 'electron', 'owner of electron'],
  ['electron/core/a.ts', 'electron', 'owner of electron'],
  ['electron/shells/page/a.ts', 'electron', 'owner of electron'],
  ['electron/shells/loopback/a.ts', 'electron', 'owner of electron'],
  ['renderer/player/a.ts', 'electron', 'owner of electron'],
  ['electron/search/a.ts', 'better-sqlite3', 'owner of better-sqlite3(-multiple-ciphers)?'],
  ['electron/library/b.ts', '@napi-rs/keyring', 'owner of @napi-rs/keyring'],
  ['electron/export/a.ts', '@xterm/headless', 'owner of @xterm/headless'],
  ['renderer/player/b.ts', '@xterm/xterm', 'owner of @xterm/xterm'],
  ['renderer/api-copy/a.ts', 'zod', 'owner of zod'],
  ['electron/core/b.ts', 'ws', 'owner of ws'],
  ['electron/source/a.ts', 'left-pad', 'every package has an owner'],

  ['electron/acquisition/a.ts', 'electron/library/schema.ts', 'one door a room'],
  ['electron/shells/cli/a.ts', 'electron/core/jobs.ts', 'one door a room'],
  ['electron/shells/loopback/b.ts', 'electron/shells/desktop/menu.ts', 'one door a room'],
  ['electron/core.ts', 'electron/library/schema.ts', 'entries use doors'],
  ['electron/main.ts', 'electron/shells/desktop/menu.ts', 'entries use doors'],

  ['electron/source/b.ts', 'electron/library/library.ts', 'room electron/source'],
  ['electron/library/c.ts', 'electron/vault/vault.ts', 'room electron/library'],
  ['electron/search/b.ts', 'electron/cases/cases.ts', 'room electron/search'],
  ['electron/replay/a.ts', 'electron/indexing/indexing.ts', 'room electron/replay'],
  ['electron/library/d.ts', 'electron/core.ts', 'room electron/library'],
  ['electron/shells/desktop/a.ts', 'electron/core.ts', 'room electron/shells/desktop'],
  ['electron/shells/cli/b.ts', 'electron/library/library.ts', 'room electron/shells/cli'],
  ['electron/shells/loopback/c.ts', 'electron/shells/desktop/desktop.ts', 'room electron/shells/loopback'],
  ['electron/main.ts', 'electron/core.ts', 'room electron/main.ts'],
  ['electron/preload.ts', 'shared/recording/time.ts', 'room electron/preload.ts'],
  ['electron/host.ts', 'electron/library/library.ts', 'room electron/host.ts'],
  ['renderer/player/c.ts', 'electron/core.ts', 'room renderer/player'],
  ['renderer/ui/a.ts', 'renderer/api.ts', 'room renderer/ui'],
  ['renderer/screen/a.ts', 'renderer/api.ts', 'room renderer/screen'],
  ['renderer/search/a.ts', 'renderer/player/player.tsx', 'room renderer/search'],
  ['shared/recording/a.ts', 'shared/api/contract.ts', 'room shared/recording'],
  ['shared/evidence/b.ts', 'shared/recording/time.ts', 'room shared/evidence'],
  ['shared/derive/b.ts', 'shared/api/contract.ts', 'room shared/derive'],
  ['shared/api/a.ts', 'electron/core.ts', 'room shared/api'],
  ['shared/query/a.ts', 'renderer/ui/button.tsx', 'room shared/query'],

  ['shared/recording/b.ts', 'node:fs', 'shared needs no Node'],
  ['renderer/ui/b.ts', 'node:crypto', 'shared needs no Node'],
  ['build/a.ts', 'electron/core.ts', 'build imports no product code'],
  ['electron/vault/a.ts', 'build/bundle.ts', 'product imports no tools'],
  ['shared/evidence/a.ts', 'test/unit/x.test.ts', 'product imports no tools'],
  ['electron/vault/b.ts', './nowhere.ts', 'nothing unresolved'],
  ['electron/stray/a.ts', 'shared/recording/time.ts', 'every file has a room'],
  ['shared/b.ts', 'shared/recording/time.ts', 'every file has a room'],
  ['renderer/main.tsx', 'renderer/stray.ts', 'every file has a room'],
  ['electron/export/round.ts', 'electron/export/trip.ts', 'no cycles'],

  ['electron/acquisition/b.ts', 'electron/library/library.ts', null],
  ['electron/shells/desktop/b.ts', 'electron/shells/page/page.ts', null],
  ['electron/shells/desktop/c.ts', 'electron', null],
  ['electron/core/c.ts', 'electron/vault/vault.ts', null],
  ['electron/indexing/a.ts', 'electron/replay/replay.ts', null],
  ['renderer/player/d.ts', 'renderer/screen/screen.ts', null],
  ['renderer/ui/c.ts', 'react', null],
  ['shared/terminal/a.ts', 'shared/recording/time.ts', null],
  ['shared/derive/a.ts', 'shared/evidence/custody.ts', null],
  ['electron/export/verify/a.ts', '@xterm/headless', null],
  ['electron/vault/c.ts', 'node:crypto', null],
  ['test/unit/y.test.ts', 'electron/library/schema.ts', null],
];

/** Files that nobody imports and that import nothing. */
const LONELY = ['electron/lonely.ts', 'renderer/tools/lonely.ts'];

function specifier(from: string, to: string): string {
  if (!/^(shared|electron|renderer|build|test)\//.test(to)) return to;
  const up = dirname(from)
    .split('/')
    .map(() => '..')
    .join('/');
  return `${up}/${to}`;
}

function plant(folder: string): void {
  const texts = new Map<string, string>([...HOUSE, ...LONELY, 'renderer/stray.ts'].map((file) => [file, '']));
  for (const [from, to] of IMPORTS) texts.set(from, `${texts.get(from) ?? ''}import '${specifier(from, to)}';\n`);
  texts.set('electron/export/trip.ts', "import './round.ts';\n");
  for (const name of PACKAGES) {
    texts.set(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    texts.set(`node_modules/${name}/index.js`, '');
  }
  texts.set(
    'package.json',
    JSON.stringify({ name: 'house', dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0'])) }),
  );
  for (const [file, text] of texts) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text === '' ? 'export {};\n' : text);
  }
}

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

let folder: string;
let violations: readonly Violation[];

/** Runs a tool of this project in the house. */
const run = (tool: string, ...args: readonly string[]): string =>
  spawnSync(process.execPath, [join(ROOT, 'node_modules', tool), ...args], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 })
    .stdout;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exhibit-house-'));
  plant(folder);
  const rooms = join(ROOT, 'build/rooms.cjs');
  const text = run(
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    rooms,
    '--output-type',
    'json',
    'shared',
    'electron',
    'renderer',
    'build',
    'test',
  );
  ({ violations } = (JSON.parse(text) as { summary: { violations: Violation[] } }).summary);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rules that refuse one file's import of another; a package and a Node module go by the end of their path. */
const refusals = (from: string, to: string): string[] =>
  violations
    .filter((violation) => violation.from === from && (violation.to === to || violation.to.includes(to.replace('node:', ''))))
    .map(({ rule }) => rule.name);

test.each(IMPORTS.filter(([, , rule]) => rule !== null))('%s may not import %s: %s', (from, to, rule) => {
  expect(refusals(from, to)).toContain(rule);
});

test.each(IMPORTS.filter(([, , rule]) => rule === null))('%s may import %s', (from, to) => {
  expect(refusals(from, to)).toEqual([]);
});

test.each(LONELY)('%s stands in no room, though nobody imports it', (file) => {
  expect(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)).toContain('every file has a room');
});

test('nothing is refused but what was planted', () => {
  const planted = new Set([
    ...IMPORTS.filter(([, , rule]) => rule !== null).map(([from]) => from),
    ...LONELY,
    'electron/export/trip.ts',
  ]);
  expect(violations.filter(({ from }) => !planted.has(from))).toEqual([]);
});

test('the clock and randomness are refused in shared code, and nowhere else', () => {
  const code = 'export const a = [Date.now(), Math.random()];\n';
  for (const file of ['shared/recording/clock.ts', 'electron/core/clock.ts', 'test/unit/clock.ts'])
    writeFileSync(join(folder, file), code);
  const found = run('oxlint/bin/oxlint', '-c', join(ROOT, 'build/oxlint.json'), '-f', 'unix', '.');
  expect(
    found
      .match(/^.*restricted from being used/gm)
      ?.map((line) => line.replace(/:.*: /, ': '))
      .toSorted(),
  ).toEqual([
    "shared/recording/clock.ts: 'Date.now' is restricted from being used",
    "shared/recording/clock.ts: 'Math.random' is restricted from being used",
  ]);
});

test('the page may not use the network or the browser’s storage', () => {
  writeFileSync(join(folder, 'renderer/ui/store.ts'), "export const a = [fetch('/x'), localStorage.length, indexedDB];\n");
  const found = run('oxlint/bin/oxlint', '-c', join(ROOT, 'build/oxlint.json'), '-f', 'unix', 'renderer');
  expect(found.match(/Unexpected use of '(\w+)'/g)?.toSorted()).toEqual([
    "Unexpected use of 'fetch'",
    "Unexpected use of 'indexedDB'",
    "Unexpected use of 'localStorage'",
  ]);
});
