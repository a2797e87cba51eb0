// The verifier on bundles that are whole, that are signed by others, and that their signer made wrong: verdict, place, and words.

import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { NODE_EFFECTS } from '../../../../../electron/export/verify/node-effects.ts';
import { bundleReport } from '../../../../../shared/api/case-shapes.ts';
import { Cancelled, type Bag } from '../../../../../shared/evidence/bundle/bag.ts';
import type { BundleReport } from '../../../../../shared/evidence/bundle/report.ts';
import { verifyBag, verifyZip } from '../../../../../shared/evidence/bundle/verify-bundle.ts';
import { armouredSignature, parseSignature } from '../../../../../shared/evidence/sshsig.ts';
import {
  PRODUCER,
  REVIEWER,
  addManifests,
  addStatements,
  fingerprintOf,
  packBundle,
  sampleSpec,
  testBundle,
  type BundleFiles,
} from '../../../../support/bundle.ts';

const TRUSTED = new Set([PRODUCER, REVIEWER].map(({ key }) => fingerprintOf(key)));
const SIGNERS = [PRODUCER, REVIEWER];
const spec = sampleSpec();
const signed = testBundle(spec, SIGNERS);

const verify = (files: BundleFiles, trusted: ReadonlySet<string> = TRUSTED): Promise<BundleReport> => {
  const { zip } = packBundle(files);
  return verifyZip(zip.length, (from, to) => Promise.resolve(zip.subarray(from, to)), NODE_EFFECTS, { trusted, authorities: [] });
};

/** What its own signer makes of it after a change of one file. */
function signedAnew(path: string, change: (text: string) => string): BundleFiles {
  const files = new Map([...signed].filter(([name]) => !name.startsWith('signatures/')));
  files.set(path, Buffer.from(change(files.get(path)!.toString('utf8'))));
  addManifests(files);
  addStatements(files, spec, SIGNERS);
  return files;
}

/** The failures by file, recording, record. */
const places = ({ failures }: BundleReport): readonly unknown[] =>
  failures.map(({ file, recording, record }) => [file, recording, record]);

describe('a bundle that nobody changed', () => {
  it('is trusted where every signer was given, and says what was looked at', async () => {
    const report = await verify(signed);
    expect(report).toMatchObject({ verdict: 'TRUSTED', time: 'CLAIMED', failures: [] });
    expect(report.steps.map(({ outcome }) => outcome).join(' ')).toBe(
      'passed passed passed passed passed passed not checked passed passed not checked',
    );
    expect(report.recordings.map(({ id, records, withheld, verified }) => [id, records, withheld, verified])).toEqual([
      ['aaa111', 13, 0, true],
      ['bbb222', 12, 0, true],
      ['ccc333', 14, 2, true],
    ]);
    expect(report.steps[8]!.detail).toBe("3 recordings, 39 records, 25 compared with the original's bytes, 2 withheld");
    const asShape: z.input<typeof bundleReport> = structuredClone(report) as z.input<typeof bundleReport>;
    expect(bundleReport.parse(asShape)).toEqual(report);
  });

  it('is not trusted where one of the signers is not known, whichever', async () => {
    for (const { key } of SIGNERS)
      expect((await verify(signed, new Set([fingerprintOf(key)]))).verdict).toBe('INTACT, SIGNER NOT TRUSTED');
    expect((await verify(signed, new Set())).verdict).toBe('INTACT, SIGNER NOT TRUSTED');
  });

  it('is unsigned where nobody signed it, and incomplete where signatures were taken out of it', async () => {
    expect((await verify(testBundle(spec, []))).verdict).toBe('INTACT, UNSIGNED');
    const taken = new Map([...signed].filter(([name]) => !name.startsWith('signatures/0')));
    expect((await verify(taken)).verdict).toBe('INCOMPLETE');
  });

  it('is the same in a folder, but for the ZIP', async () => {
    const bag: Bag = {
      files: new Map(
        [...signed.keys()].toSorted().map((name) => {
          const bytes = signed.get(name)!;
          return [name, { name, size: bytes.length, crc: null, read: (from, to) => Promise.resolve(bytes.subarray(from, to)) }];
        }),
      ),
    };
    const inFolder = await verifyBag(bag, NODE_EFFECTS, { trusted: TRUSTED, authorities: [] });
    const inZip = await verify(signed);
    expect(inFolder).toEqual({ ...inZip, steps: [inFolder.steps[0], ...inZip.steps.slice(1)] });
    expect(inFolder.steps[0]).toMatchObject({ outcome: 'not checked' });
  });

  it('is read no further when the work is cancelled, and tells how far it is until then', async () => {
    const { zip } = packBundle(signed);
    let told = 0;
    const options = {
      trusted: TRUSTED,
      authorities: [],
      progress: (done: number) => {
        told = done;
      },
      isCancelled: () => told > 5000,
    };
    const work = verifyZip(zip.length, (from, to) => Promise.resolve(zip.subarray(from, to)), NODE_EFFECTS, options);
    await expect(work).rejects.toBeInstanceOf(Cancelled);
    expect(told).toBeLessThan(zip.length);
  });
});

describe('a failure names its place', () => {
  it('file and recording, where a byte of an original was changed', async () => {
    const path = 'data/recordings/bbb222/original/0-session.cast';
    const bytes = Buffer.from(signed.get(path)!);
    bytes[20]! ^= 1;
    const report = await verify(new Map(signed).set(path, bytes));
    expect(report.verdict).toBe('ALTERED');
    expect(report.failures[0]).toMatchObject({ file: path, recording: 'bbb222', bytes: [0, bytes.length] });
    expect(report.failures[0]!.reason).toBe('its SHA-256 and SHA-512 are not what was written');
  });

  it('record and bytes, where the signer himself changed a record', async () => {
    const path = 'data/recordings/aaa111/records.jsonl';
    const report = await verify(signedAnew(path, (text) => text.replace('line 5 of', 'line 6 of')));
    expect(report.verdict).toBe('ALTERED');
    const original = 'data/recordings/aaa111/original/0-session.cast';
    expect(places(report)[0]).toEqual([original, 'aaa111', 6]);
    const [from, to] = report.failures[0]!.bytes!;
    expect(signed.get(original)!.subarray(from, to).toString()).toContain('line 5 of');
    expect(report.failures.map(({ file, reason }) => `${file} ${reason}`)).toContainEqual(
      'signatures/01-producer.json the root over the records is not the one that it gives',
    );
    expect(report.recordings.map(({ verified }) => verified)).toEqual([false, true, true]);
  });

  it('record, where a withheld one has no reason, another leaf, or is shown in part', async () => {
    const path = 'data/recordings/ccc333/records.jsonl';
    const other = await verify(signedAnew(path, (text) => text.replace('"R-0001"', '"R-0002"')));
    expect(places(other)).toEqual([[path, 'ccc333', 4]]);
    const leaf = await verify(
      signedAnew(path, (text) => text.replace(/"leaf":"./, (found) => `"leaf":"${found.endsWith('0') ? '1' : '0'}`)),
    );
    expect(leaf.verdict).toBe('ALTERED');
    expect(leaf.recordings.map(({ verified }) => verified)).toEqual([true, true, false]);
  });

  it('record, where a line of one that stands in several was taken out, put elsewhere, or is the last one', async () => {
    const path = 'data/recordings/bbb222/records.jsonl';
    const reasons = async (change: (lines: string[]) => string[]): Promise<readonly unknown[]> => {
      const changed = (text: string): string => change(text.trimEnd().split('\n')).join('\n') + '\n';
      const { failures } = await verify(signedAnew(path, changed));
      return failures.filter(({ file }) => file === path).map(({ record, reason }) => [record, reason]);
    };
    const stops = 'the record before it should go on here, and does not';
    expect((await reasons(([first, , ...rest]) => [first!, ...rest]))[0]).toEqual([1, stops]);
    expect(await reasons(([first, second, third, ...rest]) => [first!, third!, second!, ...rest])).toContainEqual([1, stops]);
    expect(
      await reasons(([first, second, ...rest]) => [first!.replace(/"salt":"../, '"salt":"zz'), second!, ...rest]),
    ).toContainEqual([0, 'its line is none']);
    expect(await reasons(([first]) => [first!])).toContainEqual([null, 'its last record does not end']);
    expect(
      await reasons(([first, second, ...rest]) => [first!, second!.replace('"ranges"', '"ranges" '), ...rest]),
    ).toContainEqual([1, stops]);
    const record = (await verify(signedAnew(path, (text) => text.replace(/"base64":"../, '"base64":"AA')))).failures[0]!;
    expect(record).toMatchObject({ file: 'data/recordings/bbb222/original/0-session.cast', record: 0, bytes: [0, 16] });
  });

  it('entry, where the custody log was rewritten', async () => {
    const report = await verify(signedAnew('data/custody.jsonl', (text) => text.replace('ada@desk', 'eve@desk')));
    expect(report.failures[0]).toMatchObject({ file: 'data/custody.jsonl', reason: 'entry 1: its hash is not that of its text' });
    const short = await verify(
      signedAnew('data/custody.jsonl', (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)),
    );
    expect(short.failures.map(({ reason }) => reason)).toContain('its custody head is entry 7, not the last one of the log');
  });
});

describe('what has two readings is refused', () => {
  const statement = 'signatures/01-producer.json';
  const reasons = async (files: BundleFiles): Promise<readonly string[]> =>
    (await verify(files)).failures.map(({ reason }) => reason);
  const replaced = (path: string, change: (text: string) => string): BundleFiles =>
    new Map(signed).set(path, Buffer.from(change(signed.get(path)!.toString('utf8'))));

  it('a name twice, other spacing, more members, another type in a statement', async () => {
    const twice = replaced(statement, (text) => text.replace('  "predicateType"', '  "_type": "x",\n  "predicateType"'));
    expect(await reasons(twice)).toContain('it is not JSON in the form of a bundle');
    expect(await reasons(replaced(statement, (text) => text.replace(': ', ':  ')))).toContain(
      'it is not JSON in the form of a bundle',
    );
    const more = replaced(statement, (text) => text.replace('    "role"', '    "more": 1,\n    "role"'));
    expect(await reasons(more)).toContain('its predicate has not the members of one');
    const type = replaced(statement, (text) => text.replace('bundle-statement:1', 'bundle-statement:2'));
    expect(await reasons(type)).toContain('it is a statement of a kind that is not known');
  });

  it('a line more in allowed_signers, a comment, another signature form', async () => {
    const path = 'signatures/allowed_signers';
    expect(await reasons(replaced(path, (text) => `${text}# me\n`))).toEqual([
      'its lines are not those that follow from the statements',
    ]);
    const signature = await reasons(replaced(`${statement}.sig`, (text) => `${text}\n`));
    expect(signature).toContain('it is no signature in the form of a bundle');
  });

  it('a signature that names another key, or another namespace, than it was made with', async () => {
    const path = `${statement}.sig`;
    const found = parseSignature(signed.get(path)!)!;
    const other = parseSignature(signed.get('signatures/02-reviewer.json.sig')!)!;
    const key = armouredSignature({ ...found, publicKey: other.publicKey });
    expect(await reasons(replaced(path, () => key))).toContain('it is by another key than the statement names');
    const namespace = armouredSignature({ ...found, namespace: 'git' });
    expect(await reasons(replaced(path, () => namespace))).toContain('it was made for "git"');
    const forged = armouredSignature({ ...found, signature: other.signature });
    expect(await reasons(replaced(path, () => forged))).toContain(
      `it does not hold over ${statement}: one of the two was changed`,
    );
  });

  it('a manifest in another order, with an upper-case digest, or with a path that leaves the bag', async () => {
    const lines = (text: string): string[] => text.split('\n').slice(0, -1);
    for (const change of [
      (text: string) => `${lines(text).toReversed().join('\n')}\n`,
      (text: string) => text.toUpperCase(),
      (text: string) => `${lines(text).join('\n')}\n${'0'.repeat(64)}  data/../../etc/passwd\n`,
      (text: string) => text.slice(0, -1),
    ]) {
      const report = await verify(replaced('manifest-sha256.txt', change));
      expect(report.verdict).toMatch(/ALTERED|INCOMPLETE/);
      expect(report.failures.map(({ file }) => file)).toContain('manifest-sha256.txt');
    }
  });
});

it('a ZIP that claims what it has not is unreadable, and nothing is read for it', async () => {
  const { zip } = packBundle(signed);
  const end = zip.length - 22;
  for (const [at, value] of [
    [10, 0xfffe],
    [12, 0xfffffff0],
    [16, 0xfffffff0],
    [12, 0xffffffff],
  ] as const) {
    const changed = Buffer.from(zip);
    if (at === 10) changed.writeUInt16LE(value, end + at);
    else changed.writeUInt32LE(value, end + at);
    let largest = 0;
    const report = await verifyZip(
      changed.length,
      (from, to) => {
        largest = Math.max(largest, to - from);
        return Promise.resolve(changed.subarray(from, to));
      },
      NODE_EFFECTS,
      { trusted: TRUSTED, authorities: [] },
    );
    expect(report).toMatchObject({ verdict: 'UNREADABLE', recordings: [], signers: [] });
    expect(largest).toBeLessThanOrEqual(changed.length);
  }
});
