// exhibit bundle verify: without a library and with one, its exit codes, its custody entry, the signers that a library trusts; and the warning of every
// command where the custody log is not what was signed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ExhibitError, exitCode } from '../../../../../shared/api/errors.ts';
import { VERIFY_COMMANDS } from '../../../../../electron/shells/cli/verify-command.ts';
import { PRODUCER, REVIEWER, fingerprintOf, packBundle, sampleSpec, testBundle } from '../../../../support/bundle.ts';
import { runCommand } from '../../../../support/commands.ts';
import { openTestCore, type TestCore } from '../../../../support/core.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const [PRODUCERS, REVIEWERS] = [fingerprintOf(PRODUCER.key), fingerprintOf(REVIEWER.key)];

async function core(create: boolean): Promise<TestCore> {
  const opened = await openTestCore(join(temporaryFolder(), 'library'), { create });
  onTestFinished(() => opened.close());
  return opened;
}

function bundle(change?: Buffer): string {
  const path = join(temporaryFolder(), 'exhibit-T-1.zip');
  const files = testBundle(sampleSpec(), [PRODUCER, REVIEWER]);
  writeFileSync(path, packBundle(change === undefined ? files : files.set('data/case.json', change)).zip);
  return path;
}

const code = (failure: unknown): number => (failure instanceof ExhibitError ? exitCode(failure.kind) : failure === null ? 0 : -1);

test('a bundle is verified without a library, and the exit code follows from the verdict', async () => {
  const without = await core(false);
  const path = bundle();
  const verify = async (...words: readonly string[]): Promise<readonly [number, string]> => {
    const { failure, out } = await runCommand(without, VERIFY_COMMANDS, ['bundle', 'verify', ...words]);
    return [code(failure), out.split('\n')[0]!];
  };
  expect(await verify(path, '--trust', PRODUCERS, '--trust', REVIEWERS)).toEqual([0, 'TRUSTED']);
  expect(await verify(path, '--trust', PRODUCERS)).toEqual([4, 'INTACT, SIGNER NOT TRUSTED']);
  expect(await verify(bundle(Buffer.from('{}\n')), '--trust', PRODUCERS)).toEqual([3, 'ALTERED']);
  expect((await verify(path, '--trust', 'SHA256:none'))[0]).toBe(2);
  expect((await verify(`${path}.none`))[0]).toBe(1);
  const { out } = await runCommand(without, VERIFY_COMMANDS, ['bundle', 'verify', path, '-o', 'json']);
  expect(JSON.parse(out)).toMatchObject({
    verdict: 'INTACT, SIGNER NOT TRUSTED',
    signers: [{ signedAt: '2026-11-21T10:00:00Z' }, {}],
  });
});

test('what acts on a terminal is written by its number, in words and in JSON', async () => {
  const path = join(temporaryFolder(), 'acting.zip');
  writeFileSync(path, packBundle(testBundle(sampleSpec(), [{ ...PRODUCER, name: 'A\u009b31mda\u202e' }])).zip);
  const without = await core(false);
  const said = async (...words: readonly string[]): Promise<string> =>
    (await runCommand(without, VERIFY_COMMANDS, ['bundle', 'verify', path, ...words])).out;
  expect(await said('-o', 'json')).toContain('"A\\u009b31mda\\u202e"');
  expect(await said()).toContain('A\\u{9b}31mda\\u{202e}');
});

test(
  'a library trusts the signers that were stored in it, and its custody log says what was verified',
  { timeout: 60_000 },
  async () => {
    const withLibrary = await core(true);
    const path = bundle();
    const run = (...words: readonly string[]): ReturnType<typeof runCommand> => runCommand(withLibrary, VERIFY_COMMANDS, words);
    await run('bundle', 'trust', PRODUCERS, '--name', 'Ada');
    await run('bundle', 'trust', REVIEWERS);
    expect((await run('bundle', 'trust', '-o', 'csv')).out).toBe(`fingerprint,name\r\n${PRODUCERS},Ada\r\n${REVIEWERS},\r\n`);
    expect((await run('bundle', 'verify', path)).failure).toBeNull();
    await run('bundle', 'trust', REVIEWERS, '--remove');
    expect(code((await run('bundle', 'trust', REVIEWERS, '--remove')).failure)).toBe(1);
    expect(code((await run('bundle', 'trust', '--remove')).failure)).toBe(2);
    expect(code((await run('bundle', 'verify', path)).failure)).toBe(4);
    const { entries } = await withLibrary.api.call('custody.list', { action: 'verify' });
    expect(entries.map(({ subject }) => subject)).toEqual(['bundle exhibit-T-1.zip', 'bundle exhibit-T-1.zip']);
    expect(entries.map(({ details }) => (JSON.parse(details) as { verdict: string }).verdict)).toEqual([
      'INTACT, SIGNER NOT TRUSTED',
      'TRUSTED',
    ]);
  },
);
