// What was watched: ranges by speed for the report, and the sum of all for the timeline.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createViewLog, withRange } from '../../../../renderer/player/viewed.ts';

const range = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([fromUs, length]) => ({ fromUs, toUs: fromUs + length }));

describe('the report', () => {
  test('joins what touches at one speed, and nothing else', () => {
    const log = createViewLog();
    log.watch(0, 10, 1);
    log.watch(10, 20, 1);
    log.watch(20, 30, 2);
    log.watch(40, 50, 2);
    expect(log.take()).toEqual([
      { fromUs: 0, toUs: 20, speed: 1 },
      { fromUs: 20, toUs: 30, speed: 2 },
      { fromUs: 40, toUs: 50, speed: 2 },
    ]);
  });

  test('is given once, and goes on where it ended', () => {
    const log = createViewLog();
    log.watch(0, 10, 1);
    log.take();
    expect(log.take()).toEqual([]);
    log.watch(10, 20, 1);
    expect(log.take()).toEqual([{ fromUs: 10, toUs: 20, speed: 1 }]);
  });

  test('has a still moment as a range without length', () => {
    const log = createViewLog();
    log.watch(7, 7, 1);
    expect(log.take()).toEqual([{ fromUs: 7, toUs: 7, speed: 1 }]);
    expect(log.covered()).toEqual([{ fromUs: 7, toUs: 7 }]);
  });

  test('holds no more than the contract takes at a time; the rest follows', () => {
    const log = createViewLog();
    for (let i = 0; i < 1200; i++) log.watch(i * 10, i * 10 + 1, 1);
    expect(log.take()).toHaveLength(1000);
    const rest = log.take();
    expect(rest).toHaveLength(200);
    expect(rest[0]).toEqual({ fromUs: 10_000, toUs: 10_001, speed: 1 });
  });
});

describe('everything watched', () => {
  test('is in order and apart, and exactly what was watched', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 20 }), (ranges) => {
        const log = createViewLog();
        const seen = new Set<number>();
        for (const { fromUs, toUs } of ranges) {
          log.watch(fromUs, toUs, 1);
          for (let at = fromUs; at <= toUs; at++) seen.add(at);
        }
        const covered = log.covered();
        expect(covered).toEqual(ranges.reduce<typeof covered>((sum, one) => withRange(sum, one.fromUs, one.toUs), []));
        for (const [i, { fromUs, toUs }] of covered.entries()) {
          expect(fromUs).toBeLessThanOrEqual(toUs);
          if (i > 0) expect(fromUs).toBeGreaterThan(covered[i - 1]!.toUs);
        }
        for (let at = 0; at <= 75; at++)
          expect(covered.some(({ fromUs, toUs }) => fromUs <= at && at <= toUs)).toBe(seen.has(at));
      }),
      { seed: 9 },
    );
  });

  test('stays after a report', () => {
    const log = createViewLog();
    log.watch(0, 10, 1);
    log.take();
    expect(log.covered()).toEqual([{ fromUs: 0, toUs: 10 }]);
  });
});
