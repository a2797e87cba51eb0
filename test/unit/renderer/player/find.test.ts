// Searching inside one recording: which hit is meant, and where next and previous lead.

import { describe, expect, test } from 'vitest';
import {
  NOTHING_ASKED,
  PAGE,
  matchedText,
  pageAt,
  placeOf,
  sameQuery,
  withPage,
  type FindState,
} from '../../../../renderer/player/find.ts';
import type { SearchHit } from '../../../../shared/api/search-shapes.ts';

const hit = (fromUs: number): SearchHit => ({
  sessionId: 's-1',
  in: 'printed',
  fromUs,
  toUs: fromUs + 1,
  index: 0,
  row: null,
  col: null,
  text: 'sudo rm /tmp/export.csv',
  matchStart: 5,
  matchLength: 2,
});

/** `first` hits lie before the three that were fetched, of ten. */
const found = (first: number, meant: number): FindState => ({
  ...NOTHING_ASKED,
  hits: [hit(10), hit(20), hit(30)],
  first,
  total: 10,
  meant,
});

describe('next and previous', () => {
  test.each([
    [4, 0, 1, 5, null],
    [4, 2, 1, 7, null],
    [4, 0, -1, 3, null],
    [4, -1, 1, 4, null],
    [4, -1, -1, 6, null],
    [7, 2, 1, 0, 'end'],
    [0, 0, -1, 9, 'beginning'],
  ] as const)('behind %d hits, from hit %d by %d lead to hit %d of all, round: %s', (first, meant, by, place, wrapped) => {
    expect(placeOf(found(first, meant), by)).toEqual({ place, wrapped });
  });

  test('lead nowhere without hits', () => {
    expect(placeOf(NOTHING_ASKED, 1)).toBeNull();
  });
});

describe('a page of hits', () => {
  test('has what lies behind a place, and where one goes back, what lies before it', () => {
    expect(pageAt(5000, 1)).toBe(5000);
    expect(pageAt(5000, -1)).toBe(5000 - PAGE + 1);
    expect(pageAt(10, -1)).toBe(0);
  });

  const times = (first: number, at: number, page: readonly SearchHit[]): unknown => {
    const all = withPage(found(first, 0), at, page);
    return [all.first, ...all.hits.map(({ fromUs }) => fromUs)];
  };

  test('joins those that were fetched where it meets them', () => {
    expect(times(4, 7, [hit(40)])).toEqual([4, 10, 20, 30, 40]);
    expect(times(4, 2, [hit(1), hit(2)])).toEqual([2, 1, 2, 10, 20, 30]);
    expect(times(1, 0, [hit(1), hit(10), hit(20)])).toEqual([0, 1, 10, 20, 30]);
  });

  test('takes their place where it lies elsewhere', () => {
    expect(times(4, 0, [hit(1)])).toEqual([0, 1]);
    expect(times(4, 9, [hit(90)])).toEqual([9, 90]);
  });
});

test('the matched text is what the hit says, not the line', () => {
  expect(matchedText(hit(0))).toBe('rm');
});

test('a query is the same when its text and its fields are', () => {
  const query = { text: 'rm', fields: ['printed', 'typed'] as const, lines: true };
  expect(sameQuery(null, query)).toBe(false);
  expect(sameQuery(query, { ...query })).toBe(true);
  expect(sameQuery(query, { ...query, text: 'mv' })).toBe(false);
  expect(sameQuery(query, { ...query, fields: ['printed'] })).toBe(false);
  expect(sameQuery(query, { ...query, lines: false })).toBe(false);
});
