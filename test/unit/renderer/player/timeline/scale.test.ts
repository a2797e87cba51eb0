// The visible part of a recording and its picture: nothing leaves the recording, nothing is ever NaN.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  following,
  panned,
  ruler,
  spanOf,
  usOf,
  whole,
  xOf,
  zoomed,
  type View,
} from '../../../../../renderer/player/timeline/scale.ts';

const HOUR = 3_600_000_000;
const duration = fc.integer({ min: 0, max: 100 * HOUR });

/** A recording, a view into it, and a time in the view. */
const placed = fc
  .tuple(duration, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 1, max: 1000, noNaN: true }))
  .map(([durationUs, share, factor]): { durationUs: number; view: View; atUs: number } => {
    const view = zoomed(whole(durationUs), factor, Math.round(durationUs * share), durationUs);
    return { durationUs, view, atUs: Math.round(view.fromUs + spanOf(view) * share) };
  });

const inside = (view: View, durationUs: number): void => {
  expect(Number.isSafeInteger(view.fromUs) && Number.isSafeInteger(view.toUs)).toBe(true);
  expect(view.fromUs).toBeGreaterThanOrEqual(0);
  expect(view.toUs).toBeLessThanOrEqual(Math.max(1, durationUs));
  expect(view.toUs).toBeGreaterThan(view.fromUs);
};

describe('time and place', () => {
  test('lead to each other', () => {
    fc.assert(
      fc.property(placed, fc.integer({ min: 100, max: 4000 }), ({ durationUs, view, atUs }, width) => {
        const back = usOf(view, xOf(view, atUs, width), width, durationUs);
        expect(Math.abs(back - Math.min(durationUs, atUs))).toBeLessThanOrEqual(1);
      }),
      { seed: 3 },
    );
  });

  test.each([
    [-50, 0],
    [500, 5_000_000],
    [1001, 10_000_000],
  ])('pixel %d of a thousand is %d µs of ten seconds', (x, us) => {
    expect(usOf(whole(10_000_000), x, 1000, 10_000_000)).toBe(us);
  });

  test('a recording without length and a picture without width give numbers', () => {
    expect(whole(0)).toEqual({ fromUs: 0, toUs: 1 });
    expect(xOf(whole(0), 0, 800)).toBe(0);
    expect(usOf(whole(0), 400, 800, 0)).toBe(0);
    expect(usOf(whole(100), 5, 0, 100)).toBe(0);
  });
});

describe('zoom and pan', () => {
  test('stay inside of the recording', () => {
    fc.assert(
      fc.property(
        placed,
        fc.double({ min: 0.001, max: 1000, noNaN: true }),
        fc.integer({ min: -200 * HOUR, max: 200 * HOUR }),
        ({ durationUs, view, atUs }, factor, by) => {
          inside(zoomed(view, factor, atUs, durationUs), durationUs);
          inside(panned(view, by, durationUs), durationUs);
          inside(following(view, Math.min(durationUs, Math.abs(by)), durationUs), durationUs);
        },
      ),
      { seed: 4 },
    );
  });

  test('a zoom keeps the place that it is around', () => {
    const view = { fromUs: 40_000_000, toUs: 60_000_000 };
    const closer = zoomed(view, 4, 45_000_000, 100_000_000);
    expect(spanOf(closer)).toBe(5_000_000);
    expect(xOf(closer, 45_000_000, 1000)).toBe(xOf(view, 45_000_000, 1000));
  });

  test('the closest zoom is a tenth of a millisecond, the widest the recording', () => {
    expect(spanOf(zoomed(whole(HOUR), 1e12, HOUR / 2, HOUR))).toBe(100);
    expect(zoomed({ fromUs: 5, toUs: 5000 }, 1e-12, 10, HOUR)).toEqual(whole(HOUR));
    expect(spanOf(zoomed(whole(10), 100, 5, 10))).toBe(10);
  });

  test('a pan moves by what it is told and stops at both ends', () => {
    const view = { fromUs: 40_000, toUs: 60_000 };
    expect(panned(view, 10_000, 100_000)).toEqual({ fromUs: 50_000, toUs: 70_000 });
    expect(panned(view, 99_000, 100_000)).toEqual({ fromUs: 80_000, toUs: 100_000 });
    expect(panned(view, -99_000, 100_000)).toEqual({ fromUs: 0, toUs: 20_000 });
  });

  test('the view stays while the time is in it and turns like a page when it leaves', () => {
    const view = { fromUs: 40_000, toUs: 60_000 };
    expect(following(view, 40_000, 100_000)).toBe(view);
    expect(following(view, 60_000, 100_000)).toBe(view);
    expect(following(view, 60_001, 100_000)).toEqual({ fromUs: 58_001, toUs: 78_001 });
    expect(following(view, 1000, 100_000)).toEqual({ fromUs: 0, toUs: 20_000 });
  });
});

describe('the ruler', () => {
  test.each([
    [10_000_000, 1000, 100, 1_000_000, 0],
    [10_000_000, 1000, 90, 1_000_000, 0],
    [10_000_000, 1000, 110, 2_000_000, 0],
    [1_000_000, 1000, 100, 100_000, 3],
    [1000, 1000, 100, 100, 6],
    [24 * HOUR, 800, 80, 3 * HOUR, 0],
  ])('of %d µs on %d pixels, at least %d apart, has a mark each %d µs', (durationUs, width, apart, each, digits) => {
    const { marks, digits: shown } = ruler(whole(durationUs), width, apart);
    expect(marks.slice(0, 3)).toEqual([0, each, 2 * each]);
    expect(shown).toBe(digits);
  });

  test('has round marks inside of the view, far enough apart, and not too many, even for a hundred years', () => {
    fc.assert(
      fc.property(
        fc.oneof(placed, fc.constant({ view: whole(100 * 366 * 24 * HOUR) })),
        fc.integer({ min: 0, max: 4000 }),
        ({ view }, width) => {
          const { marks } = ruler(view, width, 80);
          expect(marks.length).toBeLessThanOrEqual(width / 80 + 1);
          for (const [i, at] of marks.entries()) {
            expect(at >= view.fromUs && at <= view.toUs && at % 10 === 0).toBe(true);
            if (i > 0) expect(xOf(view, at, width) - xOf(view, marks[i - 1]!, width)).toBeGreaterThan(79.99);
          }
        },
      ),
      { seed: 6 },
    );
  });
});
