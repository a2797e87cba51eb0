// Coverage against the obvious way: every microsecond of a short recording by itself.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeWatched, type Watched } from '../../../../electron/cases/coverage.ts';
import type { Micros } from '../../../../shared/recording/time.ts';

const range = (from: number, to: number, speed = 1): Watched => ({ from: from as Micros, to: to as Micros, speed });

/** The slowest speed at which each microsecond was seen, undefined where it was not. */
function bySecond(watched: readonly Watched[], duration: number): (number | undefined)[] {
  return Array.from({ length: duration }, (_, at) => {
    const speeds = watched.filter(({ from, to }) => from <= at && at < to).map(({ speed }) => speed);
    return speeds.length === 0 ? undefined : Math.min(...speeds);
  });
}

test('what was watched is merged, each part at the slowest speed, and the rest is named', () => {
  const watched = fc.record({
    from: fc.integer({ min: -5, max: 45 }),
    length: fc.integer({ min: -2, max: 30 }),
    speed: fc.constantFrom(0.5, 1, 2, 8),
  });
  fc.assert(
    fc.property(fc.array(watched, { maxLength: 12 }), fc.integer({ min: 0, max: 40 }), (given, duration) => {
      const ranges = given.map(({ from, length, speed }) => range(from, from + length, speed));
      const { seen, unseen, seenTotal, unseenTotal } = mergeWatched(ranges, duration as Micros);
      const slow = bySecond(ranges, duration);
      expect(Array.from({ length: duration }, (_, at) => seen.find(({ from, to }) => from <= at && at < to)?.speed)).toEqual(
        slow,
      );
      expect(unseen.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual(
        slow.flatMap((speed, at) => (speed === undefined ? [at] : [])),
      );
      expect([seenTotal, unseenTotal]).toEqual([
        slow.filter((speed) => speed !== undefined).length,
        slow.filter((speed) => speed === undefined).length,
      ]);
      for (const [i, { from, to, speed }] of seen.entries()) {
        expect(from).toBeLessThan(to);
        const before = seen[i - 1];
        if (before !== undefined) expect(before.to < from || (before.to === from && before.speed !== speed)).toBe(true);
      }
    }),
    { numRuns: Number(process.env['COVERAGE_RUNS'] ?? 500), seed: 20261121 },
  );
});

test('microseconds count: a gap of one of them is not seen', () => {
  const second = 1_000_000;
  const { unseen, unseenTotal } = mergeWatched([range(0, second - 1), range(second, 2 * second)], (2 * second) as Micros);
  expect(unseen).toEqual([{ from: second - 1, to: second }]);
  expect(unseenTotal).toBe(1);
});

test('a hundred thousand ranges at a thousand speeds are merged', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => range(i % 1000, (i % 1000) + 500, 1 + (i % 977)));
  const { seen } = mergeWatched(many, 1500 as Micros);
  expect(seen.at(0)?.from).toBe(0);
  expect(seen.at(-1)?.to).toBe(1499);
});
