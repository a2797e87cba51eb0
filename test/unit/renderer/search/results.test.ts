// Search hits as they are shown, by session.

import { describe, expect, test } from 'vitest';
import { resultRows } from '../../../../renderer/search/results.ts';
import type { SearchHit } from '../../../../shared/api/search-shapes.ts';

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
