// The verifier on bundles that are whole, that are signed by others, and that their signer made wrong: verdict, place, and words.

import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { NODE_EFFECTS } from '../../../../../electron/export/verify/node-effects.ts';
import { bundleReport } from '../../../../../shared/api/case-shapes.ts';
import { Cancelled, type Bag } from '../../../../../shared/evidence/bundle/bag.ts';
import type { BundleReport } from '../../../../../shared/evidence/bundle/report.ts';
import { reportLines } from '../../../../../shared/evidence/bundle/report-text.ts';
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

/** What its own signer makes of it after other changes. */
function saidAnew(change: (files: BundleFiles) => void, predicate: object = {}): BundleFiles {
  const files = new Map([...signed].filter(([name]) => !name.startsWith('signatures/')));
  change(files);
  addManifests(files);
  addStatements(files, spec, SIGNERS, predicate);
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

describe('a bundle that contradicts itself is not intact, though its own signer made it so', () => {
  const said = async (files: BundleFiles): Promise<readonly string[]> => {
    const { verdict, failures } = await verify(files);
    expect(verdict).toBe('ALTERED');
    return failures.map(({ file, reason }) => `${file}: ${reason}`);
  };
  const recordings = (files: BundleFiles): { id: string }[] =>
    (JSON.parse(files.get('signatures/01-producer.json')!.toString('utf8')) as { predicate: { recordings: { id: string }[] } })
      .predicate.recordings;
  const replaced = (path: string, from: string | RegExp, to: string): Promise<readonly string[]> =>
    said(signedAnew(path, (text) => text.replace(from, to)));

  it('of the case', async () => {
    const number = 'its number is not the one that signatures/01-producer.json gives';
    expect(await replaced('data/case.json', 'T-1', 'T-2')).toEqual([
      `data/case.json: ${number}`,
      'exhibit/bundle.json: its case is not that of data/case.json',
    ]);
    expect(await replaced('data/case.json', 'A test', 'A joke')).toEqual([
      'data/case.json: its title is not the one that signatures/01-producer.json gives',
    ]);
    expect(await replaced('exhibit/bundle.json', 'T-1', 'T-2')).toEqual([
      'exhibit/bundle.json: its case is not that of data/case.json',
    ]);
    expect(await replaced('data/case.json', '  "number"', '  "number": "T-2",\n  "number"')).toEqual([
      'data/case.json: it is not JSON in the form of a bundle',
    ]);
  });

  it('of what is withheld', async () => {
    const files = saidAnew(
      (all) =>
        all.set('exhibit/bundle.json', Buffer.from(all.get('exhibit/bundle.json')!.toString().replace('redacted', 'none'))),
      {
        redaction: 'none',
      },
    );
    expect(await said(files)).toEqual(['exhibit/bundle.json: it says that nothing is withheld, and 2 records are']);
    expect(await said(saidAnew(() => undefined, { redaction: 'none' }))).toEqual([
      'exhibit/bundle.json: its redaction is not the one that signatures/01-producer.json gives',
    ]);
  });

  it('of how much there is', async () => {
    expect(await replaced('exhibit/bundle.json', '"records": 39', '"records": 40')).toEqual([
      'exhibit/bundle.json: its count of records is not 39',
    ]);
    expect(await replaced('exhibit/bundle.json', '"withheld": 2', '"withheld": 0')).toEqual([
      'exhibit/bundle.json: its count of withheld is not 2',
    ]);
    const twice = recordings(signed).flatMap((one) => (one.id === 'bbb222' ? [one, one] : [one]));
    expect(await said(saidAnew(() => undefined, { recordings: twice }))).toEqual([
      'signatures/01-producer.json: it names the recording twice',
    ]);
    const info = (change: (text: string) => string): Promise<readonly string[]> => {
      const files = saidAnew(() => undefined);
      files.set('bag-info.txt', Buffer.from(change(files.get('bag-info.txt')!.toString('utf8'))));
      return said(files);
    };
    for (const change of [
      (text: string) => `${text}Payload-Oxum: 1.1\n`,
      (text: string) => `payload-oxum : 1.1\n${text}`,
      (text: string) => text.replace(/^Payload-Oxum.*$/m, ''),
    ])
      expect((await info(change)).join()).toContain('bag-info.txt: the payload is ');
  });

  it('of which files belong to it', async () => {
    const original = 'data/recordings/aaa111/original/1-more.cast';
    expect(await said(saidAnew((files) => files.set(original, Buffer.from('more'))))).toEqual([
      `${original}: acquisition.json does not name it`,
    ]);
    expect(await said(saidAnew((files) => files.set('fetch.txt', Buffer.from('https://x.test/ 4 data/case.json\n'))))).toEqual([
      'fetch.txt: it says that files are elsewhere, and a bundle holds all of its files',
    ]);
  });

  it('of annotations', async () => {
    const version = {
      version: 1,
      title: 't',
      note: '',
      tags: ['a'],
      severity: 'info',
      links: [],
      author: 'Ada',
      at: 'x',
      reason: '',
      retracted: false,
    };
    const { author, at, title, note, tags, severity, links, retracted } = version;
    const annotation = {
      id: 'n1',
      anchor: {},
      title,
      note,
      tags,
      severity,
      links,
      author,
      createdAt: at,
      changedAt: at,
      retracted,
      from: null,
    };
    const with1 = (change: object, times = 1): BundleFiles =>
      saidAnew((files) =>
        files.set(
          'data/annotations.json',
          Buffer.from(
            `${JSON.stringify({ schema: 'exhibit-annotations/1', annotations: Array.from({ length: times }, () => ({ ...annotation, versions: [version], ...change })) }, null, 2)}\n`,
          ),
        ),
      );
    expect((await verify(with1({}))).verdict).toBe('TRUSTED');
    expect(await said(with1({}, 2))).toEqual(['data/annotations.json: annotation n1 is there twice']);
    for (const change of [
      { title: 'other' },
      { author: 'Eve' },
      { retracted: true },
      { tags: [] },
      { changedAt: 'y' },
      { versions: [] },
    ])
      expect(await said(with1(change))).toEqual([
        "data/annotations.json: annotation n1 is not as its newest version, or not of its first one's author and moment",
      ]);
  });

  it('of custody: a log without an entry says nothing', async () => {
    expect(await said(saidAnew((files) => files.set('data/custody.jsonl', Buffer.alloc(0))))).toContain(
      'data/custody.jsonl: it has no entry',
    );
  });
});

describe('statements stand in the order in which they were signed', () => {
  const third = { role: 'recipient', name: 'Third', key: REVIEWER.key } as const;
  const all = testBundle(spec, [...SIGNERS, third]);
  const renamed = (files: BundleFiles, from: string, to: string): void => {
    for (const suffix of ['', '.sig', '.sig.tsq']) {
      files.set(`signatures/${to}.json${suffix}`, files.get(`signatures/${from}.json${suffix}`)!);
      if (suffix === '' || !from.startsWith('02')) files.delete(`signatures/${from}.json${suffix}`);
    }
  };
  const reason = 'it was signed after another statement than the one before it';

  it('and the one between cannot be taken out, nor one be copied', async () => {
    const taken = new Map([...all].filter(([path]) => !path.startsWith('signatures/02')));
    renamed(taken, '03-recipient', '02-recipient');
    const report = await verify(taken);
    expect(report.verdict).toBe('ALTERED');
    expect(report.failures).toContainEqual(expect.objectContaining({ file: 'signatures/02-recipient.json', reason }));

    const copied = new Map(all);
    for (const suffix of ['', '.sig', '.sig.tsq'])
      copied.set(`signatures/04-recipient.json${suffix}`, all.get(`signatures/03-recipient.json${suffix}`)!);
    expect((await verify(copied)).failures).toContainEqual(
      expect.objectContaining({ file: 'signatures/04-recipient.json', reason }),
    );
  });

  it('and the first one follows none', async () => {
    const { failures } = await verify(testBundle(spec, [PRODUCER]));
    expect(failures).toEqual([]);
    const files = saidAnew(() => undefined, { follows: 'a'.repeat(64) });
    expect((await verify(files)).failures.map(({ reason: why }) => why)).toContain(
      'it follows another statement, and is the first one',
    );
  });
});

describe('the moment of sign-off', () => {
  const when = async (signedAt: string): Promise<BundleReport> => verify(testBundle(spec, [{ ...PRODUCER, signedAt }, REVIEWER]));

  it('is what the signer claims, and contradicted where it signs what was not there yet', async () => {
    const early = await when('2001-01-01T00:00:00Z');
    const contradiction = 'it signs a custody entry of after then, 2026-11-20T10:00:00.000Z';
    expect(early).toMatchObject({
      verdict: 'TRUSTED',
      signers: [{ signedAt: '2001-01-01T00:00:00Z', stampedAt: null, time: 'CLAIMED', contradiction }, { contradiction: null }],
    });
    const lines = reportLines(early).join('\n');
    expect(lines).toContain(`But 01-producer cannot have been signed when it claims, 2001-01-01T00:00:00Z: ${contradiction}.`);
    expect(lines).toContain(`producer Ada Lovelace, 2001-01-01T00:00:00Z (CLAIMED), but ${contradiction}, SHA256:`);
    expect((await when('2026-11-20T09:59:30Z')).signers[0]).toMatchObject({ contradiction: null });
  });

  it('is told beside the bundle that it takes the place of', async () => {
    const digest = 'b'.repeat(64);
    const report = await verify(saidAnew(() => undefined, { supersedes: digest }));
    expect(report.supersedes).toBe(digest);
    expect(reportLines(report).join('\n')).toContain(`It takes the place of another bundle: statement ${digest}.`);
    expect((await verify(signed)).supersedes).toBeNull();
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
