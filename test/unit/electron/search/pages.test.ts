// Pages of a search, near and far: the hits that stand at their places, whatever it takes to get there.

import { expect, test } from 'vitest';
import type { SearchAnswer } from '../../../../shared/api/search-shapes.ts';
import { runSearch } from '../../../../electron/search/search.ts';
import { indexedLibrary } from '../../../support/indexed-library.ts';

test('a page far behind has the hits that stand there, and counts as a near one does', { timeout: 60_000 }, async () => {
  const { library } = await indexedLibrary();
  const page = async (
    offset: number,
    limit: number,
    counts: boolean,
    sort: 'oldest' | 'relevance' = 'oldest',
  ): Promise<Omit<SearchAnswer, 'withheld'>> =>
    runSearch(library, null, {
      query: 'user',
      regex: false,
      kinds: ['printed', 'visible'],
      filter: {},
      session: null,
      sort,
      offset,
      limit,
      counts,
      course: null,
    });

  const all: SearchAnswer['hits'] = [];
  for (let next = 0; next < 10_000; next += 1000) all.push(...(await page(next, 1000, true)).hits);
  // What begins before the bound is held from the first hit on, what begins behind it is not.
  const near = await page(10_000, 1000, true);
  const far = await page(10_001, 999, true);
  all.push(...near.hits);
  expect(far).toEqual({ ...near, hits: near.hits.slice(1) });
  expect(near.total).toBeGreaterThan(17_000);
  expect(
    new Set(all.map(({ sessionId, in: kind, index, row }) => `${sessionId} ${kind} ${String(index)} ${String(row)}`)).size,
  ).toBe(11_000);

  const stopped = await page(10_000, 1000, false);
  expect(await page(10_001, 999, false)).toEqual({ ...stopped, hits: stopped.hits.slice(1) });
  expect([stopped.total, stopped.complete, stopped.hits]).toEqual([11_000, false, near.hits]);
  const last = await page(near.total - 5, 1000, false);
  expect([last.hits.length, last.complete, last.total, last.histogram]).toEqual([5, true, near.total, near.histogram]);
  expect((await page(10_001, 999, true, 'relevance')).hits).toEqual((await page(10_000, 1000, true, 'relevance')).hits.slice(1));
});
