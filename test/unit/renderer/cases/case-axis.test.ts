// The clock of a case: order is kept, long gaps are folded, and a place leads back to its time.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caseAxis, clipped, rulerMarks, shareAt, timeAt } from '../../../../renderer/cases/case-axis.ts';

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

const span = fc
  .tuple(fc.integer({ min: 0, max: 40 * DAY }), fc.integer({ min: 0, max: 3600 * SECOND }))
  .map(([fromUs, length]) => ({ fromUs, toUs: fromUs + length }));

describe('the axis', () => {
  test('keeps the order of times and stays between 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 12 }), (spans) => {
        const axis = caseAxis(spans);
        const times = spans.flatMap(({ fromUs, toUs }) => [fromUs, toUs]).toSorted((a, b) => a - b);
        const shares = times.map((us) => shareAt(axis, us));
        for (const [i, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(-1e-9);
          expect(share).toBeLessThanOrEqual(1 + 1e-9);
          if (i > 0) expect(share).toBeGreaterThanOrEqual(shares[i - 1]! - 1e-9);
        }
        expect(axis.stretches.at(-1)!.to).toBeCloseTo(1, 6);
      }),
      { seed: 4 },
    );
  });

  test('leads from a place back to its time', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 8 }), fc.nat(), (spans, n) => {
        const axis = caseAxis(spans);
        const { fromUs, toUs } = spans[n % spans.length]!;
        const us = Math.round((fromUs + toUs) / 2);
        // A pixel of a thousand is as near as anybody points.
        const stretch = axis.stretches.find((one) => one.fromUs <= us && us <= one.toUs)!;
        const grain = (stretch.toUs - stretch.fromUs) / 1_000_000 + 2;
        expect(Math.abs(timeAt(axis, shareAt(axis, us)) - us)).toBeLessThanOrEqual(grain);
      }),
      { seed: 4 },
    );
  });

  test('folds a week between two recordings to a narrow gap, and a minute between them not at all', () => {
    const night = { fromUs: 0, toUs: 600 * SECOND };
    const weekLater = caseAxis([night, { fromUs: 7 * DAY, toUs: 7 * DAY + 600 * SECOND }]);
    expect(weekLater.gaps).toHaveLength(1);
    expect(weekLater.gaps[0]!.to - weekLater.gaps[0]!.from).toBeCloseTo(0.03);
    expect(weekLater.gaps[0]!.lengthUs).toBe(7 * DAY - 600 * SECOND);
    const soon = caseAxis([night, { fromUs: 660 * SECOND, toUs: 900 * SECOND }]);
    expect(soon.gaps).toEqual([]);
  });

  test('shows a short recording beside a long one', () => {
    const { stretches } = caseAxis([
      { fromUs: 0, toUs: 36_000 * SECOND },
      { fromUs: 9 * DAY, toUs: 9 * DAY + SECOND },
    ]);
    expect(stretches[1]!.to - stretches[1]!.from).toBeGreaterThan(0.02);
  });

  test('of nothing is empty, and of moments without length is even', () => {
    expect(caseAxis([])).toEqual({ stretches: [], gaps: [] });
    const { stretches } = caseAxis([
      { fromUs: 0, toUs: 0 },
      { fromUs: DAY, toUs: DAY },
    ]);
    expect(stretches.map(({ from, to }) => to - from)[0]).toBeCloseTo(stretches[1]!.to - stretches[1]!.from);
  });
});

describe('the ruler', () => {
  test('names round times, far enough from each other', () => {
    const axis = caseAxis([{ fromUs: 17 * SECOND, toUs: 617 * SECOND }]);
    const marks = rulerMarks(axis, 800, 80);
    expect(marks.map(({ us }) => us / SECOND)).toEqual([60, 120, 180, 240, 300, 360, 420, 480, 540]);
    for (const [i, { share }] of marks.entries())
      if (i > 0) expect((share - marks[i - 1]!.share) * 800).toBeGreaterThanOrEqual(79.9);
  });

  test.each([12, 40, 200, 900, 4000])('names days across %i of them', (days) => {
    const marks = rulerMarks(caseAxis([{ fromUs: DAY / 3, toUs: days * DAY }]), 800, 90);
    expect(marks.length).toBeGreaterThanOrEqual(2);
    for (const { us } of marks) expect(us % DAY).toBe(0);
  });

  test('names beginnings where there is no room for more', () => {
    const axis = caseAxis([
      { fromUs: 0, toUs: 5 * SECOND },
      { fromUs: DAY, toUs: DAY + 5 * SECOND },
    ]);
    expect(rulerMarks(axis, 300, 90).map(({ us }) => us)).toEqual([0, DAY]);
  });
});

test('only what lies in a range is counted in it', () => {
  const seen = [
    { fromUs: 0, toUs: 10, speed: 1 },
    { fromUs: 20, toUs: 30, speed: 2 },
    { fromUs: 50, toUs: 60, speed: 1 },
  ];
  expect(clipped(seen, { fromUs: 5, toUs: 25 })).toEqual([
    { fromUs: 5, toUs: 10, speed: 1 },
    { fromUs: 20, toUs: 25, speed: 2 },
  ]);
});
