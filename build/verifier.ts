// The verifier that goes into every bundle (docs/bundle.md): verify.mjs for Node 20 and later, verify.html for a browser, each one file
// without dependencies, and VERIFY.txt. The same sources give the same bytes.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type InlineConfig, type Rolldown } from 'vite';

const common = (root: string): InlineConfig => ({ root, configFile: false, envDir: false, logLevel: 'warn', publicDir: false });

async function oneFile(config: InlineConfig): Promise<string> {
  const { output } = (await build(config)) as Rolldown.RolldownOutput;
  const [file, ...more] = output;
  if (more.length > 0) throw new Error(`the verifier is one file, not ${String(output.length)}`);
  return file.code;
}

const program = (root: string): Promise<string> =>
  oneFile({
    ...common(root),
    ssr: { noExternal: true },
    build: {
      write: false,
      ssr: true,
      target: 'node20',
      minify: false,
      rolldownOptions: { input: join(root, 'electron/export/verify/program.ts'), output: { format: 'es' } },
    },
  });

const script = (root: string): Promise<string> =>
  oneFile({
    ...common(root),
    // The package names a module that is not in it.
    resolve: { mainFields: ['main'] },
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(root, 'renderer/verify/verify-page.ts'), output: { format: 'iife' } },
    },
  });

const source = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** The page with its script in it, and a policy that lets nothing else run. */
function page(template: string, code: string): string {
  // Either of these, wherever it stood in the code, would change where the script ends (HTML, 4.12.1.3).
  for (const end of ['</script', '<!--']) if (code.includes(end)) throw new Error(`the verifier's code has ${end} in it`);
  const script = `\n${code}`;
  const style = /<style>([^]*?)<\/style>/.exec(template)![1]!;
  return template
    .replace("'SCRIPT'", () => `'${source(script)}'`)
    .replace("'STYLE'", () => `'${source(style)}'`)
    .replace('<script></script>', () => `<script>${script}</script>`);
}

/** Files of the folder `verify` of an installation. */
export async function bundleVerifier(root: string): Promise<{ readonly name: string; readonly content: string }[]> {
  const text = (path: string): string => readFileSync(join(root, path), 'utf8');
  const [mjs, code] = await Promise.all([program(root), script(root)]);
  return [
    { name: 'verify/verify.mjs', content: mjs },
    { name: 'verify/verify.html', content: page(text('renderer/verify/verify.html'), code) },
    {
      name: 'verify/VERIFY.txt',
      content: [
        text('electron/export/verify/VERIFY.txt'),
        'noble-hashes and noble-curves (verify.html)\n\n',
        text('node_modules/@noble/hashes/LICENSE'),
        '\nxterm.js (verify.html and verify.mjs)\n\n',
        text('node_modules/@xterm/xterm/LICENSE'),
      ].join(''),
    },
  ];
}
