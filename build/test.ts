// `npm test`: everything that can be checked on this machine, in order, one line each. `npm run check` is the same without the tests in a
// browser. With names of steps as arguments, only these. Goes on after a failure; ends with 1 when anything failed or was missing.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { needs } from './needs.ts';
import { command, runSteps, type Step } from './steps.ts';

const ROOT = join(import.meta.dirname, '..');
process.chdir(ROOT);

const KEYCHAIN = join(ROOT, 'test/support/with-keychain.sh');

const SUMMARY = /Tests {2}(.*)/;

/** Tests run under a Secret Service of their own on Linux: never in the user's, and not without where its programs are missing. */
function unit(): Step {
  const words = ['vitest', 'run', '-c', 'build/vitest.config.ts', '--reporter=dot'];
  if (process.platform !== 'linux') return command('unit', words, SUMMARY);
  const comesUp = (): boolean => spawnSync(KEYCHAIN, ['true'], { stdio: 'ignore' }).status === 0;
  // A machine with much else to do may miss its time once.
  const hasKeychain = comesUp() || comesUp();
  if (!hasKeychain) process.stdout.write(`The real keychain is not tested: ${KEYCHAIN} could not start one.\n`);
  return command('unit', hasKeychain ? [KEYCHAIN, ...words] : words, SUMMARY);
}

const GROUPS: readonly (readonly Step[])[] = [
  [needs],
  [
    command('types', ['tsc', '-b']),
    command(
      'rooms',
      ['depcruise', '--config', 'build/rooms.cjs', 'shared', 'electron', 'renderer', 'test', 'build'],
      /\d+ modules/,
    ),
    command('lint', ['oxlint', '-c', 'build/oxlint.json', '--type-aware', '--deny-warnings', '.'], /on (\d+ files)/),
    command('format', ['prettier', '--check', '--log-level=warn', '.']),
    command('build', [process.execPath, 'build/run.mjs', 'build']),
  ],
  [{ name: 'unit', run: () => unit().run() }],
  [command('e2e', ['playwright', 'test', '-c', 'build/playwright.config.ts'], /\d+ passed.*/)],
];

const wanted = process.argv.slice(2);
const names = GROUPS.flat().map(({ name }) => name);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no step ${unknown.join(', ')}; the steps are ${names.join(', ')}.\n`);
  process.exit(2);
}

const started = performance.now();
const chosen = GROUPS.map((group) => group.filter(({ name }) => wanted.length === 0 || wanted.includes(name)));
const ended = await runSteps(chosen);
const failed = ended.filter(({ ok }) => !ok).map(({ name }) => name);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(
  failed.length === 0 ? `\nAll is well, in ${seconds} s.\n` : `\nFailed in ${seconds} s: ${failed.join(', ')}.\n`,
);
const sum = (numbers: readonly number[]): string => String(numbers.reduce((all, one) => all + one, 0));
process.stdout.write(`${sum(ended.map(({ passed }) => passed))} passed, ${sum(ended.map((step) => step.failed))} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
