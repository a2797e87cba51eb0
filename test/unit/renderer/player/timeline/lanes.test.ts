// Which bucket of the activity a time falls into: what the note under the pointer tells.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketAt, type Activity } from '../../../../../renderer/player/timeline/lanes.ts';

const activity = (fromUs: number, toUs: number, buckets: number): Activity => {
  const none = Array.from({ length: buckets }, () => 0);
  return { fromUs, toUs, output: none, input: none, change: none };
};

describe('the bucket of a time', () => {
  test('is the one that holds it, from its first microsecond on', () => {
    const four = activity(1000, 1400, 4);
    expect([1000, 1099, 1100, 1399].map((atUs) => bucketAt(four, atUs))).toEqual([0, 0, 1, 3]);
  });

  test('is the nearest one for a time outside, and the first of a span without length', () => {
    expect(bucketAt(activity(1000, 1400, 4), 0)).toBe(0);
    expect(bucketAt(activity(1000, 1400, 4), 1400)).toBe(3);
    expect(bucketAt(activity(0, 0, 4), 0)).toBe(0);
  });

  test('always exists', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 2000 }), fc.nat(), (fromUs, length, buckets, atUs) => {
        const bucket = bucketAt(activity(fromUs, fromUs + length, buckets), atUs);
        expect(bucket).toBeGreaterThanOrEqual(0);
        expect(bucket).toBeLessThan(buckets);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
