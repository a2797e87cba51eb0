// The hits of one recording along its course: what is found from where one stands, and what a hit is.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SearchAnswer } from '../../../../shared/api/search-shapes.ts';
import { indexRecording } from '../../../../electron/indexing/pass.ts';
import type { Course } from '../../../../electron/search/along.ts';
import { runSearch } from '../../../../electron/search/search.ts';
import { importFiles } from '../../../support/file-import.ts';
import { indexedLibrary } from '../../../support/indexed-library.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

type Answer = Omit<SearchAnswer, 'withheld'>;
type Ask = (query: string, course: Course, page?: { readonly offset?: number; readonly limit?: number }) => Promise<Answer>;

const askOf =
  (library: Awaited<ReturnType<typeof indexedLibrary>>['library']): Ask =>
  (query, course, { offset = 0, limit = 1000 } = {}) => {
    const [first] = library.searched.sessions({}, null);
    const session = library.sessions.byKey(first!.key)!;
    const kinds = ['visible', 'printed', 'typed', 'hidden'] as const;
    return runSearch(library, null, {
      query,
      regex: false,
      kinds: [...kinds],
      filter: {},
      session,
      sort: 'newest',
      offset,
      limit,
      counts: true,
      course,
    });
  };

const recording = async (...lines: readonly string[]): Promise<Ask> => {
  const { library } = temporaryLibrary();
  const file = join(temporaryFolder(), 'a.cast');
  const events = lines.map((line, second) => JSON.stringify([second, 'o', `${line}\r\n`]));
  writeFileSync(file, ['{"version":2,"width":40,"height":9,"timestamp":1790000000}', ...events].join('\n'));
  await importFiles(library, [file]);
  for (const { key } of library.searched.sessions({}, null))
    indexRecording(library, library.sessions.byKey(key)!, null, () => undefined);
  return askOf(library);
};

test('a page begins where one stands, goes on by time, and says what lies before it', { timeout: 60_000 }, async () => {
  const ask = askOf((await indexedLibrary()).library);
  const from = { fromUs: 2_000_000_000, lines: true };
  const first = await ask('user', from, { limit: 400 });
  // Each line was printed and stood on the screen, and is one.
  expect([first.total, first.before, first.hits.length]).toEqual([3000, 2000, 400]);
  expect(first.hits.map(({ fromUs }) => fromUs)).toEqual(Array.from({ length: 400 }, (_, i) => (2000 + i) * 1_000_000));
  expect(first.hits[0]).toMatchObject({ in: 'visible', row: 7 });
  const next = await ask('user', from, { offset: 400, limit: 1000 });
  expect(next.hits.map(({ fromUs }) => fromUs)).toEqual(Array.from({ length: 600 }, (_, i) => (2400 + i) * 1_000_000));
  const behind = await ask('user', { fromUs: 3_000_000_000, lines: true });
  expect([behind.total, behind.before, behind.hits]).toEqual([3000, 3000, []]);
});

test('two words are looked for in one line, and each line is one hit', async () => {
  const ask = await recording('line 99', 'line 12', '99 bottles', '99 times this line, line by line');
  const lines = await ask('line 99', { fromUs: 0, lines: true });
  expect(lines.hits.map(({ text }) => text)).toEqual(['line 99', '99 times this line, line by line']);
  expect(lines.total).toBe(2);
  // A search of the library finds either word in a session that has both: where it led to is found again.
  const words = await ask('line 99', { fromUs: 0, lines: false });
  expect(words.hits.map(({ fromUs, matchStart }) => [fromUs / 1e6, matchStart])).toEqual([
    [0, 0],
    [0, 5],
    [1, 0],
    [2, 0],
    [3, 0],
    [3, 14],
    [3, 20],
    [3, 28],
  ]);
});

test('either of two, or neither of what a session must not have', async () => {
  const ask = await recording('alpha beta', 'alpha', 'gamma', 'beta gamma');
  const texts = async (query: string): Promise<readonly string[]> =>
    (await ask(query, { fromUs: 0, lines: true })).hits.map(({ text }) => text);
  expect(await texts('alpha beta OR gamma')).toEqual(['alpha beta', 'gamma', 'beta gamma']);
  expect(await texts('alpha -delta')).toEqual(['alpha beta', 'alpha']);
  expect(await texts('alpha -gamma')).toEqual([]);
});
