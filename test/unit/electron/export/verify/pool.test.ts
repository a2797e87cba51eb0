// Threads that verify a bundle find what one thread finds, whatever was done to it, and leave to their parent what wants a key.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cancelled } from '../../../../../electron/export/export.ts';
import { withThreads } from '../../../../../electron/export/verify/pool.ts';
import { verifyBundleAt, type VerifyRequest } from '../../../../../electron/export/verify/verify.ts';
import { PRODUCER, json, packBundle, signedAnew, type BundleFiles } from '../../../../support/bundle.ts';
import { bundleOfFixtures } from '../../../../support/derived-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'pool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = new URL('../../../../../electron/export/verify/verify-worker.ts', import.meta.url);
const threads = withThreads({ program, most: 2 }, 0);
const path = join(folder, 'bundle.zip');
const request: VerifyRequest = { trusted: new Set(), authorities: [] };

/** The log of sudo that is packed is read by no verifier, so that its events want a key. */
const NAMES = [
  'incident-exec-1-nightly-backup.cast',
  'resize.cast',
  'script-classic.typescript',
  'script-classic.timing',
  'sudo-iolog-gz',
];
let files: BundleFiles;
beforeAll(async () => {
  ({ files } = await bundleOfFixtures(folder, NAMES));
}, 60_000);

/** Changes the one file that ends with `name`. */
function changed(name: string, change: (content: Buffer) => Buffer | null): BundleFiles {
  const copy = new Map(files);
  const path = Array.from(copy.keys()).find((own) => own.endsWith(name))!;
  const content = change(copy.get(path)!);
  if (content === null) copy.delete(path);
  else copy.set(path, content);
  return copy;
}

const flipped = (content: Buffer): Buffer => {
  const copy = Buffer.from(content);
  copy[Math.floor(copy.length / 2)]! ^= 1;
  return copy;
};

test('threads say of a bundle what one thread says, whole or changed', async () => {
  const bundles = [
    files,
    changed('/records.jsonl', flipped),
    changed('/records.jsonl', (content) => content.subarray(0, -1)),
    changed('.cast', flipped),
    changed('/playback.cast', flipped),
    changed('/transcript.txt', flipped),
    changed('/decrypted.jsonl', flipped),
    changed('/tree.json', () => null),
    changed('/proof.json', flipped),
    changed('manifest-sha256.txt', flipped),
  ];
  const verdicts = new Set<string>();
  for (const bundle of bundles) {
    writeFileSync(path, packBundle(bundle).zip);
    const report = await verifyBundleAt(path, request);
    expect(await verifyBundleAt(path, request, threads)).toEqual(report);
    verdicts.add(report.verdict);
  }
  expect(verdicts).toEqual(new Set(['INTACT, SIGNER NOT TRUSTED', 'ALTERED', 'INCOMPLETE']));
}, 60_000);

test('what is begun by the word of a statement is derived anew where its records say otherwise', async () => {
  const { files: redacted } = await bundleOfFixtures(folder, NAMES.slice(0, 1), 'backup');
  const statement = 'signatures/01-producer.json';
  const said = JSON.parse(redacted.get(statement)!.toString('utf8')) as { predicate: { recordings: { withheld: number }[] } };
  for (const recording of said.predicate.recordings) recording.withheld = 0;
  redacted.set(statement, json(said));
  writeFileSync(path, packBundle(signedAnew(redacted, new Map(), PRODUCER)).zip);
  const report = await verifyBundleAt(path, request);
  expect(report.failures.map(({ reason }) => reason)).toContainEqual(expect.stringMatching(/records are withheld, not 0/));
  expect(report.steps.find(({ step }) => step === 'Derived again')?.detail).toContain('records are withheld');
  expect(await verifyBundleAt(path, request, threads)).toEqual(report);
}, 60_000);

test('what wants a key is derived where the keys are', async () => {
  writeFileSync(path, packBundle(files).zip);
  const asked: Record<string, string[]> = { here: [], threads: [] };
  const withKeys = (who: string): VerifyRequest => ({
    ...request,
    opened: ({ id }) => {
      asked[who]!.push(id);
      return Promise.resolve([[{ kind: 'marker', label: 'another one', seq: '1', at: 0, record: 1 }]] as never);
    },
  });
  const report = await verifyBundleAt(path, withKeys('here'));
  expect(report.failures).toMatchObject([{ reason: 'it is not the event that is read here' }]);
  expect(await verifyBundleAt(path, withKeys('threads'), threads)).toEqual(report);
  expect(asked['threads']).toEqual(asked['here']);
  expect(asked['here']).toHaveLength(1);
}, 60_000);

test('progress counts every byte once, and ends where it ends in one thread', async () => {
  writeFileSync(path, packBundle(files).zip);
  const told = async (verify?: typeof threads): Promise<readonly (readonly [number, number])[]> => {
    const all: (readonly [number, number])[] = [];
    await verifyBundleAt(path, { ...request, progress: (done, total) => void all.push([done, total]) }, verify);
    return all;
  };
  const [here, elsewhere] = [await told(), await told(threads)];
  expect(elsewhere.at(-1)).toEqual(here.at(-1));
  expect(elsewhere.at(-1)![0]).toBe(elsewhere.at(-1)![1]);
  expect(elsewhere.map(([done]) => done)).toEqual(elsewhere.map(([done]) => done).toSorted((a, b) => a - b));
});

test('a verification that is cancelled ends as such, and one whose threads cannot start fails', async () => {
  writeFileSync(path, packBundle(files).zip);
  let told = 0;
  const cancelled = { ...request, progress: () => void (told += 1), isCancelled: () => told > 0 };
  await expect(verifyBundleAt(path, cancelled, threads)).rejects.toBeInstanceOf(Cancelled);
  const missing = withThreads({ program: new URL('./missing.ts', program), most: 2 }, 0);
  await expect(verifyBundleAt(path, request, missing)).rejects.toThrow(/missing/);
});
