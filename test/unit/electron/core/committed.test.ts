// What the custody log commits to: every entry is salted, and says by a digest what each version of an annotation was, so that a bundle
// in which its own signer wrote an annotation anew is found; and what cannot be seen on the screen is not quoted from it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BundleReport } from '../../../../electron/export/export.ts';
import { verifyBundleAt } from '../../../../electron/export/verify/verify.ts';
import { PRODUCER, fingerprintOf, packBundle, signedAnew, unpackBundle, type BundleFiles } from '../../../support/bundle.ts';
import { openTestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const CAST = new URL('../../../fixtures/recordings/incident-exec-1-nightly-backup.cast', import.meta.url).pathname;
const ANNOTATIONS = 'data/annotations.json';

test('a bundle in which an annotation was written anew is not what the custody log says', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  const { api } = core;
  const [session] = (await core.import([CAST])).flatMap(({ sessionIds }) => sessionIds);
  const fields = { number: 'C-1', title: 'Committed', authority: '', purpose: '', custodian: '', members: [] };
  const { id } = await api.call('cases.create', fields);
  await api.call('cases.addExhibits', { case: id, sessions: [session!] });
  const from = { kind: 'offset' as const, atUs: 1_000_000 };
  const add = (body: { title: string; note?: string }, more: object = {}): Promise<{ id: string }> =>
    api.call('annotations.add', { session: session!, case: id, from, body, ...more });
  const first = await add({ title: 'dump begins', note: 'the first table' }, { text: 'dump shopdb' });
  await api.call('annotations.change', { id: first.id, change: { note: 'the first of two tables' }, reason: 'counted' });
  const second = await add({ title: 'elsewhere', note: 'of shopdb' });
  await expect(add({ title: 'not there' }, { text: 'rm -rf /srv' })).rejects.toThrow('the text is not on the screen then');
  await expect(add({ title: 'beyond' }, { region: { row: 0, col: 0, rows: 29, cols: 2 } })).rejects.toThrow(
    'the screen has 100 columns and 28 rows then, and the region goes beyond',
  );

  const make = async (name: string, options: object = {}): Promise<BundleFiles> => {
    const path = join(folder, name);
    const request = { case: id, path, intent: '', signer: 'Ana', signedAt: '2026-11-21T10:00:00Z', supersedes: null };
    const { job } = await api.call('bundle.create', { ...request, plaintext: true, redacted: false, ...options });
    const { failure } = await api.call('jobs.wait', { job });
    if (failure !== null) throw new Error(failure.why);
    return unpackBundle(readFileSync(path));
  };
  const verify = (files: BundleFiles): Promise<BundleReport> => {
    const path = join(folder, 'changed.zip');
    writeFileSync(path, packBundle(files).zip);
    return verifyBundleAt(path, { trusted: new Set([fingerprintOf(PRODUCER.key)]), authorities: [], quick: true });
  };
  const custody = ({ steps }: BundleReport): string => steps.find(({ step }) => step === 'Custody')!.detail;
  const files = await make('whole.zip');
  expect((await verify(files)).failures).toEqual([]);
  expect(custody(await verify(files))).toMatch(/, 3 of 3 versions of annotations as it says$/);

  const texts = files.get('data/custody.jsonl')!.toString('utf8').trimEnd().split('\n');
  const salts = texts.map((line) => (JSON.parse((JSON.parse(line) as { text: string }).text) as { salt: string }).salt);
  expect(new Set(salts).size).toBe(texts.length);
  for (const salt of salts) expect(salt).toMatch(/^[0-9a-f]{32}$/);

  const anew = (change: (text: string) => string): Promise<BundleReport> => {
    const text = files.get(ANNOTATIONS)!.toString('utf8');
    expect(change(text)).not.toBe(text);
    return verify(signedAnew(files, new Map([[ANNOTATIONS, Buffer.from(change(text))]]), PRODUCER));
  };
  for (const [change, annotation, version] of [
    [(text: string) => text.replace('"note": "the first table"', '"note": "no table"'), first.id, 1],
    [(text: string) => text.replaceAll('"title": "elsewhere"', '"title": "nowhere"'), second.id, 1],
    [(text: string) => text.replace('"fromUs": 1000000', '"fromUs": 2000000'), expect.any(String), 1],
  ] as const) {
    const { verdict, failures } = await anew(change);
    expect(verdict).toBe('ALTERED');
    expect(failures[0]!.file).toBe(ANNOTATIONS);
    const [, found, of] = /^version (\d) of annotation (\w+) is not what was said by entry \d+ of the custody log$/.exec(
      failures[0]!.reason,
    )!;
    expect([of, Number(found)]).toEqual([annotation, version]);
  }
  const twice = await anew((text) =>
    text.replace('"note": "the first table"', '"note": "no table",\n          "note": "the first table"'),
  );
  expect(twice.failures.map(({ file, reason }) => [file, reason])).toContainEqual([
    ANNOTATIONS,
    'it is not JSON in the form of a bundle',
  ]);
  const named = new Map(
    [ANNOTATIONS, 'data/case.json'].map((name) => {
      const text = files.get(name)!.toString('utf8');
      return [name, Buffer.from(text.replace(/\n {2}"/, '\n  "schema": "other",\n  "'))] as const;
    }),
  );
  const both = await verify(signedAnew(files, named, PRODUCER));
  expect(both.verdict).toBe('ALTERED');
  expect(new Set(both.failures.map(({ file }) => file))).toEqual(new Set([ANNOTATIONS, 'data/case.json']));
  const taken = await anew((text) => {
    const all = JSON.parse(text) as { schema: string; annotations: { id: string }[] };
    const kept = all.annotations.filter((one) => one.id !== second.id);
    return `${JSON.stringify({ schema: all.schema, annotations: kept }, null, 2)}\n`;
  });
  expect(taken.failures.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^version 1 of annotation \w+ is not there, which was made by entry \d+ of the custody log$/),
  ]);

  await api.call('redactions.add', { case: id, rule: { kind: 'text', text: 'shopdb', matchCase: false }, reason: 'x' });
  const redacted = await make('redacted.zip', { redacted: true });
  const report = await verify(redacted);
  expect(report.failures).toEqual([]);
  // The recording goes by another name there, and so does every anchor.
  expect(custody(report)).toMatch(/, 0 of 3 versions of annotations as it says$/);
  const log = redacted.get('data/custody.jsonl')!.toString('utf8');
  expect([log.includes(first.id), log.includes(second.id)]).toEqual([false, false]);
  await core.close();
}, 60_000);
