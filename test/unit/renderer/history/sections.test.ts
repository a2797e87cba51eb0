// A grouped list as lines: each head and each row of an open group has one line, in order.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOf, type Line, type Section } from '../../../../renderer/history/sections.ts';

/** The obvious version: every line written down. */
function written(sections: readonly Section[]): Line[] {
  return sections.flatMap(({ value, rows, open }, section): Line[] => [
    ...(value === null ? [] : [{ kind: 'head' as const, section }]),
    ...(open ? Array.from({ length: rows }, (_, index): Line => ({ kind: 'row', section, index })) : []),
  ]);
}

const grouped = fc.array(fc.record({ value: fc.string(), rows: fc.nat({ max: 9 }), open: fc.boolean() }), { maxLength: 12 });
const plain = fc.nat({ max: 30 }).map((rows): Section[] => [{ value: null, rows, open: true }]);

test('each line is what the list written down has there', () => {
  fc.assert(
    fc.property(fc.oneof(grouped, plain), (sections) => {
      const layout = layoutOf(sections);
      const all = written(sections);
      expect(layout.total).toBe(all.length);
      expect(Array.from({ length: layout.total }, (_, i) => layout.at(i))).toEqual(all);
      expect([layout.at(-1), layout.at(all.length)]).toEqual([null, null]);
    }),
    { seed: 5, numRuns: 400 },
  );
});

test('the rows of a span of lines are those that stand in it', () => {
  fc.assert(
    fc.property(fc.oneof(grouped, plain), fc.nat({ max: 25 }), fc.nat({ max: 25 }), (sections, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const rows = layoutOf(sections)
        .rowsIn(from, to)
        .flatMap(({ section, from: first, to: end }) =>
          Array.from({ length: end - first }, (_, i): Line => ({ kind: 'row', section, index: first + i })),
        );
      expect(rows).toEqual(
        written(sections)
          .slice(from, to)
          .filter(({ kind }) => kind === 'row'),
      );
    }),
    { seed: 6, numRuns: 3000 },
  );
});
