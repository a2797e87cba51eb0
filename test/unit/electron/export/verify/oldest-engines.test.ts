// The verifiers of a bundle run where they are promised to (docs/bundle.md): verify.mjs on Node 20, verify.html in browsers of 2023. What the
// language has gained since then is not in their sources, and verify.mjs reads originals of every format on such a Node.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, expect, it } from 'vitest';
import { bundleVerifier } from '../../../../../build/verifier.ts';
import { packBundle } from '../../../../support/bundle.ts';
import { bundleOfFixtures } from '../../../../support/derived-bundle.ts';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const FIXTURES = join(root, 'test/fixtures/recordings');
const folder = mkdtempSync(join(tmpdir(), 'oldest-engines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each place where what a program is made of uses what ECMAScript 2023 does not have: in its own sources, not in packages. */
function newerThan2023(entry: string, project: string): string[] {
  const { config } = ts.readConfigFile(join(root, project), (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, project, '..'));
  const lib = ['lib.es2023.d.ts', 'lib.es2024.string.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'];
  const program = ts.createProgram([join(root, entry)], {
    ...options,
    // Well-formed strings came early: Node 20, Chrome 111, Firefox 119 and Safari 16.4 have them.
    lib,
    target: ts.ScriptTarget.ES2023,
    composite: false,
    incremental: false,
    declaration: false,
    emitDeclarationOnly: false,
    noEmit: true,
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${file?.fileName.slice(root.length) ?? ''}:${String(line)} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

it.each([
  ['verify.mjs', 'electron/export/verify/program.ts', 'electron/tsconfig.json'],
  ['verify.html', 'renderer/verify/verify-page.ts', 'renderer/tsconfig.json'],
])('%s is written in what engines of 2023 have', { timeout: 60_000 }, (_name, entry, project) => {
  expect(newerThan2023(entry, project)).toEqual([]);
});

/** A Node 20 of this machine. */
const node20 = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((place) => join(place, 'node'))
  .find((path) => spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v20.'));

it('verify.mjs verifies originals of every format under Node 20', { timeout: 120_000 }, async ({ skip }) => {
  skip(node20 === undefined, 'no Node 20 is on this machine');
  const program = join(folder, 'verify.mjs');
  const built = (await bundleVerifier(root)).find(({ name }) => name === 'verify/verify.mjs');
  writeFileSync(program, built!.content);
  const names = readdirSync(FIXTURES).filter((name) => !/truth|malformed/.test(name));
  const { files, sessions } = await bundleOfFixtures(folder, names);
  const zip = join(folder, 'originals.zip');
  writeFileSync(zip, packBundle(files).zip);
  const { status, stdout, stderr } = spawnSync(node20!, [program, zip], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 4, stderr: '' });
  expect(stdout).toContain(`playback and transcript of ${String(sessions.length)} recordings`);
});
