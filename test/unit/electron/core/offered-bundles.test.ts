// Bundles that the page holds: verified and opened by the core, which asks for their bytes range by range.

import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readingAhead } from '../../../../electron/core/offered-bundle.ts';
import type { Api } from '../../../../shared/api/contract.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';

const CAST = new URL('../../../fixtures/recordings/incident-exec-1-nightly-backup.cast', import.meta.url).pathname;
const NAME = 'shop.zip';

type Row = 'bundle.verifyOffered' | 'bundle.openOffered';

/** Hands a file to a job as the window does. Returns the job and how many ranges were asked for. */
async function offer(
  api: Api,
  row: Row,
  bytes: Uint8Array,
  options: { readonly trust?: readonly string[]; readonly before?: (request: number, job: string) => Promise<void> } = {},
): Promise<{ readonly job: string; readonly requests: number }> {
  const { job } = await api.call(row, { name: NAME, size: bytes.length, trust: [...(options.trust ?? [])] });
  let supply: { request: number; bytes: Uint8Array } | null = null;
  for (let requests = 0; ; requests++) {
    const { want }: { want: { request: number; offset: number; length: number } | null } = await api.call('import.next', {
      job,
      supply,
    });
    if (want === null) {
      await api.call('jobs.wait', { job });
      return { job, requests };
    }
    await options.before?.(requests, job);
    supply = { request: want.request, bytes: bytes.slice(want.offset, want.offset + want.length) };
  }
}

let bundle: Uint8Array;
let producer: string;
let folder: string;
let core: TestCore;
let api: Api;

beforeAll(async () => {
  const made = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
  const maker = await openTestCore(join(made, 'producer'));
  const sessions = (await maker.import([CAST])).flatMap(({ sessionIds }) => sessionIds);
  const { id } = await maker.api.call('cases.create', { number: '2026/114', title: 'Shop servers' });
  await maker.api.call('cases.addExhibits', { case: id, sessions });
  const { job } = await maker.api.call('bundle.create', {
    case: id,
    path: join(made, NAME),
    plaintext: true,
    redacted: false,
    intent: '',
    signer: 'Ana Lyst',
    signedAt: '2026-11-21T10:00:00Z',
    supersedes: null,
  });
  await maker.api.call('jobs.wait', { job });
  producer = (await maker.api.call('bundle.made', { job })).statement.fingerprint;
  await maker.close();
  bundle = new Uint8Array(readFileSync(join(made, NAME)));
  folder = join(made, 'library');
  core = await openTestCore(folder);
  ({ api } = core);
  return async () => {
    await core.close();
    rmSync(made, { recursive: true, force: true, maxRetries: 20 });
  };
});

const lastEntry = async (action: string): Promise<unknown> => {
  const { entries } = await api.call('custody.list', { action });
  const { subject, details } = entries[0]!;
  return { subject, ...(JSON.parse(details) as object) };
};

describe('a bundle of the page', () => {
  test('is verified by the core with few questions, and the custody log says what came of it', async () => {
    const { job, requests } = await offer(api, 'bundle.verifyOffered', bundle);
    expect((await api.call('bundle.verified', { job })).verdict).toBe('INTACT, SIGNER NOT TRUSTED');
    expect(requests).toBeLessThan(40);
    expect(await lastEntry('verify')).toMatchObject({
      subject: `bundle ${NAME}`,
      verdict: 'INTACT, SIGNER NOT TRUSTED',
      signers: [producer],
    });
    expect((await api.call('library.stats', null)).sessions).toBe(0);

    const altered = bundle.slice();
    altered[altered.length >> 1]! ^= 1;
    const other = await offer(api, 'bundle.verifyOffered', altered);
    const { verdict } = await api.call('bundle.verified', { job: other.job });
    expect(['ALTERED', 'UNREADABLE']).toContain(verdict);
    expect(await lastEntry('verify')).toMatchObject({ verdict });
  });

  test('is trusted where its signer was told, or is pinned in the library', async () => {
    const told = await offer(api, 'bundle.verifyOffered', bundle, { trust: [producer] });
    expect((await api.call('bundle.verified', { job: told.job })).verdict).toBe('TRUSTED');
    await api.call('settings.set', { key: 'bundle.trusted', value: `${producer} Ana` });
    const pinned = await offer(api, 'bundle.verifyOffered', bundle);
    expect((await api.call('bundle.verified', { job: pinned.job })).verdict).toBe('TRUSTED');
    await api.call('settings.set', { key: 'bundle.trusted', value: '' });
  });

  test('that is altered or given up is not opened, and nothing of it is left', async () => {
    const before = readdirSync(folder).toSorted();
    const altered = bundle.slice();
    altered[altered.length >> 1]! ^= 1;
    const refused = await offer(api, 'bundle.openOffered', altered);
    await expect(api.call('bundle.opened', { job: refused.job })).rejects.toMatchObject({ kind: 'altered' });
    const given = await offer(api, 'bundle.openOffered', bundle, {
      before: async (_request, job) => void (await api.call('jobs.cancel', { job })),
    }).catch((error: unknown) => error);
    expect(given).toMatchObject({ kind: 'usage' });
    const cancelled = (await api.call('jobs.list', null)).at(-1)!;
    expect(cancelled).toMatchObject({ kind: 'bundle', state: 'cancelled' });
    expect(await api.call('cases.list', null)).toEqual([]);
    expect(readdirSync(folder).toSorted()).toEqual(before);
  });

  test('is opened as a case, and the file that waited for that is gone', async () => {
    const before = readdirSync(folder).toSorted();
    const { job } = await offer(api, 'bundle.openOffered', bundle, { trust: [producer] });
    const opened = await api.call('bundle.opened', { job });
    expect(opened).toMatchObject({ verdict: 'TRUSTED', signer: 'Ana Lyst', fingerprint: producer });
    expect(opened.recordings.map(({ from }) => from)).toEqual(['original']);
    await settled(api);
    expect(await api.call('cases.show', { case: opened.case })).toMatchObject({
      number: '2026/114',
      exhibits: 1,
      openedFrom: { signer: 'Ana Lyst', verdict: 'TRUSTED' },
    });
    expect(await lastEntry('acquire')).toMatchObject({ subject: expect.anything() as string });
    expect(readdirSync(folder).toSorted()).toEqual(before);
  });
});

test('a range is read with what follows it, and a long one in pieces', async () => {
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
  const asked: [number, number][] = [];
  const read = readingAhead({
    size: bytes.length,
    read: (offset, length) => {
      asked.push([offset, length]);
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
  });
  const same = async (from: number, to: number): Promise<boolean> =>
    Buffer.from(await read(from, to)).equals(bytes.subarray(from, to));
  expect(await same(10, 20)).toBe(true);
  expect(await same(500, 1000)).toBe(true);
  expect(asked).toEqual([[10, 1_048_576]]);
  expect(await same(0, 2_500_000)).toBe(true);
  expect(asked.slice(1)).toEqual([
    [0, 1_048_576],
    [1_048_576, 1_048_576],
    [2_097_152, 402_848],
  ]);
  expect(await same(2_999_990, 3_000_000)).toBe(true);
  expect(asked.at(-1)).toEqual([2_999_990, 10]);
});
