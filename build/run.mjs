// Runs the project's tasks (the scripts of package.json): `node build/run.mjs TASK [ARGUMENTS]`. Plain JavaScript that needs nothing
// installed and runs on Node 18 or later: it makes sure that node_modules fits package-lock.json and that dist/ fits the sources,
// then runs the task with Node 24. Says in a line what it does, on standard error, so that a task's own output stays clean.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const DIST = join(ROOT, 'dist');

/** Each task's program with its first arguments, and whether it needs an up-to-date dist/. */
const TASKS = {
  start: { built: true, program: 'build/start.ts' },
  demo: { built: true, program: 'build/demo.ts' },
  exhibit: { built: true, program: 'dist/cli.js' },
  build: { built: true, program: null },
  test: { built: false, program: 'build/test.ts' },
  check: { built: false, program: 'build/test.ts', first: ['types', 'rooms', 'lint', 'format', 'build', 'unit'] },
  e2e: { built: true, program: 'node_modules/@playwright/test/cli.js', first: ['test', '-c', 'build/playwright.config.ts'] },
  bench: { built: true, program: 'test/bench/bench.ts' },
  engine: { built: false, program: 'test/engine/engine.ts' },
  package: { built: true, program: 'build/package.ts' },
  format: { built: false, program: 'node_modules/prettier/bin/prettier.cjs', first: ['--write', '--log-level=warn', '.'] },
};

/** Tasks whose arguments may name files: these are looked for where the user stands, not where npm went. */
const IN_USERS_FOLDER = ['exhibit', 'start', 'demo', 'engine'];

/** What dist/ is made of. */
const SOURCES = [
  'shared',
  'electron',
  'renderer',
  'build/bundle.ts',
  'build/write-dist.ts',
  'build/icon.svg',
  'build/sample',
  'package.json',
  'package-lock.json',
];

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const say = (line) => process.stderr.write(`${line}\n`);

/** What the user has to hear, without a stack. */
class Failure extends Error {}

function fail(line) {
  throw new Failure(line);
}

/** Runs a program on this terminal. Resolves with its exit code; signals that we are sent are passed on to it. */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const forward = (signal) => {
      // From a terminal, Ctrl-C reaches the child by itself; a second one would end it without its own ending.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    child.once('error', (error) => reject(new Failure(`${command}: ${error.message}`)));
    child.once('close', (code, signal) => {
      for (const name of FORWARDED) process.off(name, forward);
      if (signal !== null) process.kill(process.pid, signal);
      resolve(code ?? 1);
    });
  });
}

/**
 * A signal that npm is sent reaches the shell between npm and us: that dies of it and leaves us running, unheard. So a run that npm
 * started ends itself when its parent is gone.
 */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}

/** Whether npm's own record of what it installed is what the lockfile asks for; packages for other platforms may be missing. */
function modulesFit(lockText) {
  const record = join(MODULES, '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(lockText).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || (path in installed ? installed[path].version === version : optional === true),
  );
}

async function ensureModules() {
  const lockText = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lockText).digest('hex');
  const stamp = join(MODULES, '.exhibit', 'lock.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  if (!modulesFit(lockText)) {
    say('Installing the packages of package-lock.json (npm ci) ...');
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = process.env.npm_execpath;
    const code =
      npm === undefined
        ? await run('npm', args, { cwd: ROOT, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
        : await run(process.execPath, [npm, ...args], { cwd: ROOT, stdio: ['ignore', 2, 2] });
    if (code !== 0) fail('npm ci failed: Exhibit needs its packages, from the network or from the npm cache.');
  }
  mkdirSync(join(MODULES, '.exhibit'), { recursive: true });
  writeFileSync(stamp, hash);
}

const major = () => Number(process.versions.node.split('.')[0]);

/** Path of a Node 24: the running one, or the package for this platform. There is none for macOS. */
function findNode() {
  if (major() === 24) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const packed = join(MODULES, `node-${platform}-${process.arch}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(packed)) return packed;
  if (major() > 24) return process.execPath;
  return fail(
    `Exhibit needs Node 24; this is Node ${process.versions.node}. Install Node 24 from https://nodejs.org and try again.`,
  );
}

/** Runs a program with Node 24: in this process where this is one, so that input, output, signals and exit code are its own. */
async function runNode(node, program, args) {
  if (node === process.execPath) {
    process.argv = [node, join(ROOT, program), ...args];
    await import(pathToFileURL(join(ROOT, program)).href);
  } else {
    process.exitCode = await run(node, [join(ROOT, program), ...args]);
  }
}

/** A hash over name, size and time of every source: a few milliseconds, and no file is read. */
function sourcesHash() {
  const hash = createHash('sha256');
  const add = (path) => {
    const status = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (status === undefined) return;
    if (status.isDirectory()) for (const name of readdirSync(join(ROOT, path)).sort()) add(`${path}/${name}`);
    else hash.update(`${path}\0${status.size}\0${status.mtimeMs}\0`);
  };
  for (const path of SOURCES) add(path);
  return hash.digest('hex');
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Waits until no other run builds, then holds the lock while `work` runs. A lock whose holder is dead is taken over. */
async function locked(work) {
  const lock = join(MODULES, '.exhibit', 'build.lock');
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(existsSync(lock) ? readFileSync(lock, 'utf8') : 0);
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function ensureBuilt(node, quiet) {
  const stamp = join(DIST, '.stamp');
  const fresh = (hash) => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (fresh(sourcesHash())) return;
  await locked(async () => {
    const hash = sourcesHash();
    if (fresh(hash)) return;
    const started = Date.now();
    const code = await run(node, [join(ROOT, 'build/build.ts'), DIST, hash], { stdio: ['ignore', 2, 2] });
    if (code !== 0) fail('The build failed.');
    if (!quiet) say(`Built dist/ in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  });
}

async function runTask(name, args) {
  if (!Object.hasOwn(TASKS, name)) fail(`usage: node build/run.mjs ${Object.keys(TASKS).join('|')} [ARGUMENTS]`);
  const { program, built, first = [] } = TASKS[name];
  await ensureModules();
  process.env.PATH = `${join(MODULES, '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  const node = findNode();
  if (built) await ensureBuilt(node, name === 'exhibit');
  const byNpm = process.env.npm_lifecycle_event === name;
  if (byNpm) endWithParent();
  if (!IN_USERS_FOLDER.includes(name)) process.chdir(ROOT);
  else if (byNpm && process.env.INIT_CWD !== undefined) process.chdir(process.env.INIT_CWD);
  if (program !== null) await runNode(node, program, [...first, ...args]);
}

const [name = '', ...args] = process.argv.slice(2);
try {
  await runTask(name, args);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  say(error.message);
  process.exitCode = 1;
}
