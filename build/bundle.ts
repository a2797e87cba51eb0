// What the sources become: the Node programs and the page, with vite. One list of programs; everything that is not native code or
// Node's own is bundled, so that a package holds few files. Returns the files; build.ts writes them.

import react from '@vitejs/plugin-react';
import { builtinModules } from 'node:module';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type InlineConfig, type Rolldown } from 'vite';
import { bundleVerifier } from './verifier.ts';

/** Programs for Node: the file in dist/ and its source. Electron's main process, its core process, and theirs threads among them. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  main: 'electron/main.ts',
  host: 'electron/host.ts',
  cli: 'electron/shells/cli/cli.ts',
  window: 'electron/shells/loopback/start.ts',
  'index-worker': 'electron/indexing/index-worker.ts',
  'pack-worker': 'electron/library/pack-worker.ts',
  'search-worker': 'electron/search/search-worker.ts',
  'verify-worker': 'electron/export/verify/verify-worker.ts',
};

/** A sandboxed preload must be one CommonJS file without imports but `electron`. */
const PRELOAD = 'electron/preload.ts';

/** Native packages, which stay packages; and what `ws` would use if it were there. */
const EXTERNAL: readonly (string | RegExp)[] = [
  'electron',
  'better-sqlite3',
  '@napi-rs/keyring',
  'bufferutil',
  'utf-8-validate',
  /^node:/,
  ...builtinModules,
];

export interface BuiltFile {
  /** Path under dist/, with slashes. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

const common = (root: string): InlineConfig => ({ root, configFile: false, envDir: false, logLevel: 'warn', publicDir: false });

function programs(root: string, input: Readonly<Record<string, string>>, format: 'es' | 'cjs'): InlineConfig {
  return {
    ...common(root),
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      write: false,
      license: format === 'es' && { fileName: 'licences-of-programs.md' },
      ssr: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(input).map(([name, path]) => [name, join(root, path)])),
        external: [...EXTERNAL],
        output: {
          format,
          entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  };
}

function page(root: string): InlineConfig {
  return {
    ...common(join(root, 'renderer')),
    plugins: [react()],
    build: {
      write: false,
      license: { fileName: 'licences-of-page.md' },
      target: 'chrome140',
      sourcemap: true,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
    },
  };
}

/** The player inside of reports and its looks: one script and one style sheet, which stand in each report (electron/export/report). */
function reportPlayer(root: string): InlineConfig {
  return {
    ...common(root),
    build: {
      write: false,
      license: { fileName: 'licences-of-player.md' },
      target: 'es2022',
      cssCodeSplit: false,
      rolldownOptions: {
        input: join(root, 'renderer/report/report-player.ts'),
        output: { format: 'iife', entryFileNames: 'player.js', assetFileNames: 'player.[ext]' },
      },
    },
  };
}

async function built(config: InlineConfig, folder: string): Promise<BuiltFile[]> {
  const result = (await build(config)) as Rolldown.RolldownOutput;
  return result.output.map((file) => ({
    name: `${folder}${file.fileName}`,
    content: file.type === 'chunk' ? file.code : file.source,
  }));
}

/** The Node programs `input`, as ES modules. */
export const bundlePrograms = (root: string, input: Readonly<Record<string, string>>): Promise<BuiltFile[]> =>
  built(programs(root, input, 'es'), '');

export const bundlePreload = (root: string): Promise<BuiltFile[]> => built(programs(root, { preload: PRELOAD }, 'cjs'), '');

export const bundlePage = (root: string): Promise<BuiltFile[]> => built(page(root), 'page/');

export const bundleReportPlayer = (root: string): Promise<BuiltFile[]> => built(reportPlayer(root), 'report/');

/** The sample case, as it is. */
function sample(root: string): BuiltFile[] {
  const folder = join(root, 'build/sample');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: `sample/${path.slice(folder.length + 1).replaceAll('\\', '/')}`, content: readFileSync(path) }));
}

/** What pictures are drawn with (electron/replay/picture.ts): renderer, fonts, and the fonts' licence, which goes where they go. */
function pictureFiles(root: string): BuiltFile[] {
  const faces = ['SansMono', 'SansMono-Bold', 'SansMono-Oblique', 'SansMono-BoldOblique', 'Sans'].map(
    (face) => `dejavu-fonts-ttf/ttf/DejaVu${face}.ttf`,
  );
  return ['@resvg/resvg-wasm/index_bg.wasm', ...faces, 'dejavu-fonts-ttf/LICENSE'].map((path) => ({
    name: `picture/${basename(path)}`,
    content: readFileSync(join(root, 'node_modules', path)),
  }));
}

export async function bundle(root: string): Promise<BuiltFile[]> {
  const parts = await Promise.all([
    bundlePrograms(root, PROGRAMS),
    bundlePreload(root),
    bundlePage(root),
    bundleReportPlayer(root),
    bundleVerifier(root),
  ]);
  return [...parts.flat(), ...sample(root), ...pictureFiles(root)];
}
