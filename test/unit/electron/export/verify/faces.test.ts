// The faces of the verifier agree: verify.mjs, which lies in every bundle, and the code that the command line runs say the same of the same
// bundle, packed and unpacked.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleVerifier } from '../../../../../build/verifier.ts';
import { verdictExit, verifyBundleAt } from '../../../../../electron/export/verify/verify.ts';
import { harmlessJson } from '../../../../../shared/recording/safe-text.ts';
import {
  PRODUCER,
  REVIEWER,
  fingerprintOf,
  packBundle,
  sampleSpec,
  signedAnew,
  testBundle,
  type BundleFiles,
} from '../../../../support/bundle.ts';
import { bundleOfFixtures } from '../../../../support/derived-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'faces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const program = join(folder, 'verify.mjs');

beforeAll(async () => {
  const files = new Map((await bundleVerifier(root)).map(({ name, content }) => [name, content]));
  writeFileSync(program, files.get('verify/verify.mjs')!);
  expect(await bundleVerifier(root), 'the same bytes each time').toEqual(
    [...files].map(([name, content]) => ({ name, content })),
  );
  const html = files.get('verify/verify.html')!;
  expect(html.match(/<script>/g)).toHaveLength(1);
  expect(html).not.toMatch(/(src|href)="|@import|fetch\(|XMLHttpRequest|'SCRIPT'/);
}, 60_000);

const trusted = [PRODUCER, REVIEWER].map(({ key }) => fingerprintOf(key));

function run(args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

async function bothSay(path: string): Promise<string> {
  const report = await verifyBundleAt(path, { trusted: new Set(trusted), authorities: [] });
  const found = run([path, '--json', ...trusted.flatMap((fingerprint) => ['--trust', fingerprint])]);
  expect(JSON.parse(found.stdout)).toEqual(report);
  // What `exhibit bundle verify -o json` writes.
  expect(found.stdout).toBe(`${harmlessJson(JSON.stringify(report, null, 2))}\n`);
  expect(found.status).toBe(verdictExit(report));
  return report.verdict;
}

function unpack(files: BundleFiles, name: string): string {
  for (const [path, content] of files) {
    const full = join(folder, name, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
  return join(folder, name);
}

/** What its own signer makes of a bundle after another word is in one of its files. */
function forged(files: BundleFiles, name: string): BundleFiles {
  const path = [...files.keys()].find((one) => one.endsWith(`/${name}`))!;
  const text = files.get(path)!.toString('utf8');
  return signedAnew(files, new Map([[path, Buffer.from(text.replace('prod-db-1', 'prod-db-2'))]]), PRODUCER);
}

describe('verify.mjs and the command line', () => {
  const signed = testBundle(sampleSpec(), [PRODUCER, REVIEWER]);
  const altered = new Map(signed).set('data/case.json', Buffer.from('{}\n'));
  const cases: readonly (readonly [string, BundleFiles, string])[] = [
    ['whole', signed, 'TRUSTED'],
    ['altered', altered, 'ALTERED'],
    ['unsigned', testBundle(sampleSpec(), []), 'INTACT, UNSIGNED'],
    ['incomplete', new Map([...signed].filter(([path]) => path !== 'data/case.json')), 'INCOMPLETE'],
  ];

  it.each(cases)('say the same of a bundle that is %s, packed and unpacked', async (name, files, verdict) => {
    const zip = join(folder, `${name}.zip`);
    writeFileSync(zip, packBundle(files).zip);
    expect(await bothSay(zip)).toBe(verdict);
    expect(await bothSay(unpack(files, name))).toBe(verdict);
  });

  it('say that a countersignature is by a key that had signed already, and so by nobody else', async () => {
    const again = { ...PRODUCER, role: 'reviewer', name: 'Somebody Else' } as const;
    const received = { ...REVIEWER, role: 'recipient' } as const;
    const zip = join(folder, 'own-key.zip');
    writeFileSync(zip, packBundle(testBundle(sampleSpec(), [PRODUCER, again, REVIEWER, received])).zip);
    expect(await bothSay(zip)).toBe('TRUSTED');
    const { stdout } = run([zip, ...trusted.flatMap((fingerprint) => ['--trust', fingerprint])]);
    const [verdict, sentence] = stdout.split('\n');
    expect(verdict).toBe('TRUSTED');
    expect(sentence).toContain("02-reviewer is signed with the producer's own key, and so by nobody else;");
    expect(sentence).toContain('04-recipient is signed with the key of 03-reviewer, and so by nobody else.');
    expect(stdout).toMatch(/^ {2}reviewer Somebody Else, .*: trusted, the producer's own key$/m);
    expect(stdout).toMatch(/^ {2}reviewer Grace Hopper, .*: trusted$/m);
    expect(run([zip]).stdout.split('\n')[1]).toContain("02-reviewer is signed with the producer's own key");
  });

  it('say what acts on a terminal by its number, in words and in JSON', async () => {
    const name = 'A\u009b31mda \u202eecalevoL\u2066\u200f\u061c';
    const zip = join(folder, 'acting.zip');
    writeFileSync(zip, packBundle(testBundle(sampleSpec(), [{ ...PRODUCER, name }])).zip);
    await bothSay(zip);
    const inJson = run([zip, '--json']).stdout;
    expect(inJson).toContain('"A\\u009b31mda \\u202eecalevoL\\u2066\\u200f\\u061c"');
    const inWords = run([zip]).stdout;
    expect(inWords).toContain('A\\u{9b}31mda \\u{202e}ecalevoL\\u{2066}\\u{200f}\\u{61c}');
    for (const shown of [inJson, inWords]) expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('say the same of what is derived, and find what its own signer changed in it', { timeout: 60_000 }, async () => {
    const { files } = await bundleOfFixtures(folder, ['incident-exec-1-nightly-backup.cast']);
    const zip = join(folder, 'derived.zip');
    const say = (changed: BundleFiles): Promise<string> => {
      writeFileSync(zip, packBundle(changed).zip);
      return bothSay(zip);
    };
    expect(await say(signedAnew(files, new Map(), PRODUCER))).toBe('TRUSTED');
    for (const name of ['decrypted.jsonl', 'playback.cast', 'transcript.txt']) {
      expect(await say(forged(files, name)), name).toBe('ALTERED');
      expect(run([zip]).stdout, name).toContain(name);
      expect(run([zip, '--quick']).stdout, name).toContain('not checked: Derived again (it was not asked for)');
    }
  });

  it('say the same of what is no bundle', async () => {
    const path = join(folder, 'none.zip');
    writeFileSync(path, 'nothing of the kind');
    expect(await bothSay(path)).toBe('UNREADABLE');
  });

  it('give a verdict of a folder with what is neither file nor folder, with its place, and read none of it', async () => {
    const linked = unpack(signed, 'linked');
    symlinkSync('/etc/passwd', join(linked, 'data/link'));
    expect(await bothSay(linked)).toBe('ALTERED');
    expect(run([linked]).stdout).toContain('data/link: it is a symbolic link, and a bundle has only files');

    // What a link leads to may be the very file, and may be changed at any time.
    const moved = unpack(signed, 'moved');
    renameSync(join(moved, 'data/case.json'), join(folder, 'case.json'));
    symlinkSync(join(folder, 'case.json'), join(moved, 'data/case.json'));
    expect(await bothSay(moved)).toBe('INCOMPLETE');
    expect(run([moved]).stdout).toContain('data/case.json: it is a symbolic link, and a bundle has only files');

    const piped = unpack(signed, 'piped');
    if (spawnSync('mkfifo', [join(piped, 'signatures/pipe')]).status !== 0) return;
    expect(await bothSay(piped)).toBe('ALTERED');
    expect(run([piped]).stdout).toContain('signatures/pipe: it is a pipe, and a bundle has only files');
  });

  it('trust nobody whose fingerprint was not given', () => {
    const zip = join(folder, 'known.zip');
    writeFileSync(zip, packBundle(signed).zip);
    const found = run([zip]);
    expect(found).toMatchObject({ status: 4, stdout: expect.stringContaining('INTACT, SIGNER NOT TRUSTED') });
    expect(found.stdout).toContain(fingerprintOf(PRODUCER.key));
    expect(run([zip, '--trust', 'SHA256:short'])).toMatchObject({ status: 2 });
    expect(run([])).toMatchObject({ status: 2 });
    const nothing = join(folder, 'not-there.zip');
    expect(run([nothing])).toEqual({ status: 1, stdout: '', stderr: `verify: there is no file or folder ${nothing}\n` });
    const pem = run([zip, '--tsa', nothing]);
    expect(pem).toEqual({ status: 1, stdout: '', stderr: `verify: there is no file or folder ${nothing}\n` });
  });
});
