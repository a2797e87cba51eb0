// A bundle of the page goes to the core range by range, with news of the progress, and a way to end it.

import { expect, test, vi } from 'vitest';
import { offerBundle, type Begin, type Offering } from '../../../../renderer/cases/offered-bundle.ts';
import { supply } from '../../../../renderer/sources/supply.ts';
import type { Api } from '../../../../shared/api/contract.ts';
import { openFakeCore } from '../../../support/fake-core.ts';

const ZIP = new File([Uint8Array.of(0x50, 0x4b, 3, 4), new Uint8Array(2_000_000)], 'law-2231.zip');

const offering = (change: Partial<Offering> = {}): Offering => ({
  supply,
  onJob: () => undefined,
  progress: () => undefined,
  signal: new AbortController().signal,
  ...change,
});

const verify =
  (api: Api, trust: readonly string[] = []): Begin =>
  (file) =>
    api.call('bundle.verifyOffered', { ...file, trust: [...trust] });

test('it is verified by the core, which trusts the signer that was told', async () => {
  const api = openFakeCore();
  const begun = vi.fn();
  const progress = vi.fn();
  const job = await offerBundle(api, ZIP, verify(api), offering({ onJob: begun, progress }));
  expect(begun.mock.calls).toEqual([[job]]);
  expect(progress).toHaveBeenLastCalledWith({ share: 1, detail: '' });
  const { verdict, signers } = await api.call('bundle.verified', { job });
  expect(verdict).toBe('INTACT, SIGNER NOT TRUSTED');
  const again = await offerBundle(api, ZIP, verify(api, [signers[0]!.fingerprint]), offering());
  expect((await api.call('bundle.verified', { job: again })).verdict).toBe('TRUSTED');
});

test('ending it ends the job', async () => {
  const api = openFakeCore();
  const ending = new AbortController();
  const job = await offerBundle(
    api,
    ZIP,
    (file) => api.call('bundle.openOffered', { ...file, trust: [] }),
    offering({
      signal: ending.signal,
      supply: async () => {
        ending.abort();
        await Promise.resolve();
      },
    }),
  );
  expect(await api.call('jobs.wait', { job })).toMatchObject({ state: 'cancelled' });
});

test('a file that cannot be read ends the job and says so', async () => {
  const api = openFakeCore();
  const broken = new File([ZIP], 'gone.zip');
  vi.spyOn(broken, 'slice').mockImplementation(() => {
    throw new Error('the file is gone');
  });
  await expect(offerBundle(api, broken, verify(api), offering())).rejects.toThrow('the file is gone');
  expect((await api.call('jobs.list', null)).at(-1)).toMatchObject({ state: 'cancelled' });
});
