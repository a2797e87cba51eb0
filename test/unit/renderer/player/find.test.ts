// Searching inside one recording: which hit is meant, and where next and previous lead.

import { describe, expect, test } from 'vitest';
import { NOTHING_ASKED, firstFrom, matchedText, nextHit, sameQuery } from '../../../../renderer/player/find.ts';
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

const hits = [hit(10), hit(20), hit(30)];

describe('the hit to show first', () => {
  test.each([
    [0, 0],
    [10, 0],
    [11, 1],
    [31, 0],
  ])('from %d µs on is hit %d', (atUs, meant) => {
    expect(firstFrom(hits, atUs)).toBe(meant);
  });

  test('is none where nothing was found', () => {
    expect(firstFrom([], 0)).toBe(-1);
  });
});

describe('next and previous', () => {
  test.each([
    [0, 1, 1],
    [2, 1, 0],
    [0, -1, 2],
    [1, -1, 0],
    [-1, 1, 0],
    [-1, -1, 2],
  ] as const)('from hit %d by %d lead to hit %d', (meant, by, next) => {
    expect(nextHit({ ...NOTHING_ASKED, hits, meant }, by)).toBe(next);
  });

  test('lead nowhere without hits', () => {
    expect(nextHit(NOTHING_ASKED, 1)).toBe(-1);
  });
});

test('the matched text is what the hit says, not the line', () => {
  expect(matchedText(hit(0))).toBe('rm');
});

test('a query is the same when its text and its fields are', () => {
  const query = { text: 'rm', fields: ['printed', 'typed'] as const };
  expect(sameQuery(null, query)).toBe(false);
  expect(sameQuery(query, { ...query })).toBe(true);
  expect(sameQuery(query, { ...query, text: 'mv' })).toBe(false);
  expect(sameQuery(query, { ...query, fields: ['printed'] })).toBe(false);
});
