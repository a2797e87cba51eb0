// Search hits as they are shown: by session, and over time.

import { describe, expect, test } from 'vitest';
import { histogram, resultRows } from '../../../../renderer/search/results.ts';
import type { SearchHit } from '../../../../shared/api/shapes.ts';

const hit = (sessionId: string, fromUs: number, index = 0): SearchHit => ({
  sessionId,
  in: 'printed',
  fromUs,
  toUs: fromUs,
  index,
  row: null,
  col: null,
  text: 'rm',
  matchStart: 0,
  matchLength: 2,
});

describe('rows of results', () => {
  test('have one heading a session, in the order of the first hits, and its hits by time', () => {
    const hits = [hit('b', 30), hit('a', 5), hit('b', 10, 2), hit('b', 10, 1)];
    const rows = resultRows(hits, new Map([['b', 40]]));
    expect(rows.map((row) => (row.kind === 'session' ? row.id : [row.hit.fromUs, row.hit.index]))).toEqual([
      'b',
      [10, 1],
      [10, 2],
      [30, 0],
      'a',
      [5, 0],
    ]);
    expect(rows[0]).toEqual({ kind: 'session', id: 'b', shown: 3, total: 40, first: hits[3] });
  });

  test('never claim fewer hits than are shown', () => {
    const [heading] = resultRows([hit('a', 1), hit('a', 2)], new Map([['a', 1]]));
    expect(heading).toMatchObject({ shown: 2, total: 2 });
  });

  test('are none without hits', () => {
    expect(resultRows([], new Map())).toEqual([]);
  });
});

describe('hits over time', () => {
  const starts = new Map([
    ['a', '1970-01-01T00:00:10Z'],
    ['b', '1970-01-01T00:00:00Z'],
    ['c', null],
  ]);

  test('count by wall time, and name those without one', () => {
    const hits = [hit('a', 0), hit('b', 0), hit('b', 4_999_999), hit('b', 5_000_000), hit('c', 1), hit('unknown', 1)];
    expect(histogram(hits, starts, 2)).toEqual({ counts: [2, 2], fromUs: 0, toUs: 10_000_000, undated: 2 });
  });

  test('of one moment stand in one bar', () => {
    expect(histogram([hit('b', 7), hit('b', 7)], starts, 3)?.counts).toEqual([2, 0, 0]);
  });

  test('are not drawn where no time is known', () => {
    expect(histogram([hit('c', 1)], starts, 3)).toBeNull();
    expect(histogram([], starts, 3)).toBeNull();
  });

  test('are all counted, however many', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => hit('b', i));
    expect(histogram(many, starts, 100)?.counts).toEqual(Array.from({ length: 100 }, () => 2000));
  });
});
