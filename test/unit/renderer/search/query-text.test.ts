// The text of a query in the page: where it is underlined, and what a facet makes of it.

import { describe, expect, test } from 'vitest';
import { faultPieces, narrowed, widened } from '../../../../renderer/search/query-text.ts';

describe('faults', () => {
  const shown = (text: string, ...faults: readonly (readonly [number, number])[]): string =>
    faultPieces(
      text,
      faults.map(([start, end]) => ({ start, end })),
    )
      .map((piece) => (piece.wrong ? `[${piece.text}]` : piece.text))
      .join('');

  test('are underlined where they stand, together where they overlap', () => {
    expect(shown('drop usr:ops', [5, 9])).toBe('drop [usr:]ops');
    expect(shown('abcdef', [1, 3], [2, 4])).toBe('a[bcd]ef');
    expect(shown('abc')).toBe('abc');
  });

  test('of no length are shown at the character before them, at the beginning at the first one', () => {
    expect(shown('abc', [3, 3])).toBe('ab[c]');
    expect(shown('abc', [0, 0])).toBe('[a]bc');
    expect(shown('', [0, 0])).toBe('');
  });
});

describe('a facet', () => {
  test('narrows the whole query, and widens it again', () => {
    expect(narrowed('drop table', 'user', 'ops')).toBe('drop table user:ops');
    expect(narrowed('drop OR table', 'user', 'two words')).toBe('(drop OR table) user:"two words"');
    expect(narrowed('(a) OR (b)', 'user', 'ops')).toBe('((a) OR (b)) user:ops');
    expect(widened('drop table user:ops', 'user', 'ops')).toBe('drop table');
    expect(widened('drop user:ops in:typed', 'user', 'ops')).toBe('drop in:typed');
  });

  test('widens nothing that it did not narrow', () => {
    expect(widened('drop user:opsroot', 'user', 'ops')).toBe(null);
    expect(widened('drop', 'user', 'ops')).toBe(null);
  });
});
