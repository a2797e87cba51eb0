// Bundles that the page holds: verified, opened, countersigned and given time stamps by the core, which asks for their bytes range by range.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readingAhead } from '../../../../electron/core/offered-bundle.ts';
import type { BundleMade } from '../../../../shared/api/bundle-shapes.ts';
import type { Api } from '../../../../shared/api/contract.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { timeAuthority } from '../../../support/time-authority.ts';

const CAST = new URL('../../../fixtures/recordings/incident-exec-1-nightly-backup.cast', import.meta.url).pathname;
const NAME = 'shop.zip';

/** Hands a file to a job as the window does. Returns the job and how many ranges were asked for. */
async function hand(
  api: Api,
  begin: (file: { readonly name: string; readonly size: number }) => Promise<{ readonly job: string }>,
  bytes: Uint8Array,
  before: (request: number, job: string) => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly job: string; readonly requests: number }> {
  const { job } = await begin({ name: NAME, size: bytes.length });
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
    await before(requests, job);
    supply = { request: want.request, bytes: bytes.slice(want.offset, want.offset + want.length) };
  }
}

const offer = (
  asked: Api,
  row: 'bundle.verifyOffered' | 'bundle.openOffered',
  bytes: Uint8Array,
  options: { readonly trust?: readonly string[]; readonly before?: (request: number, job: string) => Promise<void> } = {},
): ReturnType<typeof hand> =>
  hand(asked, (file) => asked.call(row, { ...file, trust: [...(options.trust ?? [])] }), bytes, options.before);

/** What waits under a ticket. */
async function fetched(asked: Api, ticket: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await asked.call('export.read', { ticket });
    if (bytes === null) return Uint8Array.from(Buffer.concat(pieces));
    pieces.push(bytes);
  }
}

const SIGNED = { role: 'reviewer', intent: 'checked', signer: 'R. Osei', signedAt: '2026-11-22T10:00:00Z' } as const;

const countersigned = async (asked: Api, bytes: Uint8Array): Promise<BundleMade> => {
  const { job } = await hand(asked, (file) => asked.call('bundle.countersignOffered', { ...file, ...SIGNED }), bytes);
  return asked.call('bundle.made', { job });
};

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
    expect(cancelled).toMatchObject({ kind: 'bundle-read', state: 'cancelled' });
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

describe('to a bundle of the page', () => {
  test('a statement is added as the command line adds it, and the new file waits under a ticket', async () => {
    const before = readdirSync(folder).toSorted();
    const made = await countersigned(api, bundle);
    expect(made).toMatchObject({ path: null, fileName: 'shop-02-reviewer.zip', stampedAt: null });
    expect(made.statement).toMatchObject({ file: 'signatures/02-reviewer.json', signer: 'R. Osei' });
    expect(await lastEntry('sign')).toMatchObject({
      subject: `bundle ${NAME}`,
      bundle: { sha256: made.sha256 },
      role: 'reviewer',
      intent: 'checked',
      fingerprint: made.statement.fingerprint,
    });
    const bytes = await fetched(api, made.ticket!);
    const out = join(folder, '..', 'cli.zip');
    writeFileSync(join(folder, '..', 'given.zip'), bundle);
    const { job } = await api.call('bundle.countersign', { path: join(folder, '..', 'given.zip'), out, ...SIGNED });
    await api.call('jobs.wait', { job });
    expect(readFileSync(out).equals(bytes)).toBe(true);
    const { job: checking } = await offer(api, 'bundle.verifyOffered', bytes, { trust: [producer] });
    expect(await api.call('bundle.verified', { job: checking })).toMatchObject({
      verdict: 'TRUSTED',
      signers: [{ role: 'producer' }, { role: 'reviewer', fingerprint: made.statement.fingerprint }],
    });
    expect(readdirSync(folder).toSorted()).toEqual(before);
  });

  test('nothing is added where it is not what was signed, or somebody gives up, and nothing is left', async () => {
    const before = readdirSync(folder).toSorted();
    const signed = (await api.call('custody.list', { action: 'sign' })).total;
    const altered = bundle.slice();
    altered[altered.length >> 1]! ^= 1;
    await expect(countersigned(api, altered)).rejects.toMatchObject({ kind: 'altered', what: `bundle ${NAME}` });
    const given = await hand(
      api,
      (file) => api.call('bundle.countersignOffered', { ...file, ...SIGNED }),
      bundle,
      async (_request, job) => void (await api.call('jobs.cancel', { job })),
    ).catch((error: unknown) => error);
    expect(given).toMatchObject({ kind: 'usage' });
    expect((await api.call('jobs.list', null)).at(-1)).toMatchObject({ state: 'cancelled' });
    expect((await api.call('custody.list', { action: 'sign' })).total).toBe(signed);
    expect(readdirSync(folder).toSorted()).toEqual(before);
  });

  test('a time stamp is asked for by a file, joined by a file, and attested by the certificate of its authority', async (context) => {
    const { ticket, fileName } = await countersigned(api, bundle);
    const signed = await fetched(api, ticket!);
    const ask = async (statement: string | null) => {
      const { job, requests } = await hand(api, (file) => api.call('bundle.timeRequestOffered', { ...file, statement }), signed);
      return { requests, ...(await api.call('bundle.timeRequested', { job })) };
    };
    const asked = await ask(null);
    expect(asked).toMatchObject({ signature: '02-reviewer.json.sig', fileName: 'shop-02-reviewer.tsq' });
    expect(asked.requests).toBeLessThan(10);
    const request = await fetched(api, asked.ticket);
    writeFileSync(join(folder, '..', fileName), signed);
    const path = join(folder, '..', fileName);
    expect(request).toEqual((await api.call('bundle.timeRequest', { path, statement: null })).request);
    const other = await ask('01-producer');
    expect(other.signature).toBe('01-producer.json.sig');
    expect(await fetched(api, other.ticket)).not.toEqual(request);
    await expect(ask('07-nobody')).rejects.toMatchObject({ kind: 'not-found', why: 'there is no statement 07-nobody' });

    const authority = timeAuthority(temporaryFolder());
    if (authority === null) {
      context.skip('openssl is not here');
      return;
    }
    const join1 = async (to: Uint8Array, response: Uint8Array): Promise<BundleMade> => {
      const { job } = await hand(api, (file) => api.call('bundle.timestampOffered', { ...file, response }), to);
      return api.call('bundle.made', { job });
    };
    const answer = authority.answer(request);
    // The bundle before it was countersigned has not the signature that was stamped.
    await expect(join1(bundle, answer)).rejects.toMatchObject({
      kind: 'refused',
      what: 'time stamp',
      why: 'it is a time stamp of something else',
    });
    await expect(join1(signed, answer.slice(0, 200))).rejects.toMatchObject({ kind: 'refused' });
    const joined = await join1(signed, answer);
    expect(joined).toMatchObject({
      fileName: 'shop-02-reviewer-stamped.zip',
      statement: { file: 'signatures/02-reviewer.json' },
    });
    expect(await lastEntry('sign')).toMatchObject({ what: 'time stamp joined', time: joined.stampedAt });

    const stamped = await fetched(api, joined.ticket!);
    const times = async (authorities: string[]): Promise<readonly string[]> => {
      const begin = (file: { name: string; size: number }) =>
        api.call('bundle.verifyOffered', { ...file, trust: [], authorities });
      const { job } = await hand(api, begin, stamped);
      return (await api.call('bundle.verified', { job })).signers.map(({ time }) => time);
    };
    expect(await times([])).toEqual(['CLAIMED', 'CLAIMED']);
    expect(await times([authority.certificate])).toEqual(['CLAIMED', 'ATTESTED']);
    await expect(times(['a letter'])).rejects.toMatchObject({ kind: 'refused', why: 'it holds no certificate' });
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
