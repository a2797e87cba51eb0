// The commands of VERIFY.txt, as they stand there, find what is changed in a bundle or put beside it.

import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PRODUCER, REVIEWER, sampleSpec, testBundle } from '../../../../support/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'by-hand-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = readFileSync(new URL('../../../../../electron/export/verify/VERIFY.txt', import.meta.url), 'utf8');
/** The commands of step 3b. */
const commands = / {3}b\. [^]*? {3}c\. /
  .exec(text)![0]
  .match(/^ {8}.*$/gm)!
  .join('\n');

const files = testBundle(sampleSpec(), [PRODUCER, REVIEWER]);

/** An unpacked bundle in a new folder. */
function unpacked(): string {
  const place = join(mkdtempSync(join(folder, 'new-')), 'NAME');
  for (const [path, content] of files) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), content);
  }
  return place;
}

/** What the commands say but that a file is as it was listed. */
function complaints(place: string): string {
  const { stdout, stderr } = spawnSync('sh', ['-c', commands], { cwd: place, encoding: 'utf8' });
  return stdout.replaceAll(/^.*: OK\n/gm, '') + stderr;
}

const changes: Readonly<Record<string, (place: string) => void>> = {
  'a file': (place) => writeFileSync(join(place, 'data/extra.html'), ''),
  'a file that is named like a tag manifest': (place) => writeFileSync(join(place, 'data/tagmanifest-report.html'), ''),
  'one more tag manifest': (place) => writeFileSync(join(place, 'tagmanifest-md5.txt'), ''),
  'a tag manifest in another folder': (place) => writeFileSync(join(place, 'data/tagmanifest-sha256.txt'), ''),
  'a link': (place) => symlinkSync('/etc/passwd', join(place, 'data/extra.html')),
  'a link to a folder': (place) => symlinkSync('/etc', join(place, 'data/extra')),
  'a link in place of a file': (place) => {
    renameSync(join(place, 'data/case.json'), join(place, '../case.json'));
    symlinkSync('../../case.json', join(place, 'data/case.json'));
  },
  'a pipe': (place) => void execFileSync('mkfifo', [join(place, 'data/extra')]),
  'a file beside the signatures': (place) => writeFileSync(join(place, 'signatures/extra.html'), ''),
  'a link beside the signatures': (place) => symlinkSync('/etc/passwd', join(place, 'signatures/03-recipient.json')),
  'another word in a file': (place) => appendFileSync(join(place, 'data/case.json'), ' '),
  'a file that is not there': (place) => rmSync(join(place, 'data/case.json')),
  'a file that one manifest leaves out': (place) => {
    const manifest = join(place, 'manifest-sha512.txt');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/^.*\n/, ''));
  },
};

describe('the commands of VERIFY.txt', () => {
  it('have nothing to say of a whole bundle', () => {
    expect(complaints(unpacked())).toBe('');
  });

  it.each(Object.keys(changes))('find %s', (name) => {
    const place = unpacked();
    changes[name]!(place);
    expect(complaints(place)).not.toBe('');
  });
});
