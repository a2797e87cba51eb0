// What was watched: ranges by speed for the report, and the sum of all for the timeline.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createViewLog } from '../../../../renderer/player/viewed.ts';

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
    expect(log.covered()).toEqual([{ fromUs: 7, toUs: 7, speed: 1 }]);
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
  test('is in order and apart, and each moment has the slowest speed at which it was seen', () => {
    const watched = fc.tuple(range, fc.constantFrom(0.5, 1, 2, 8)).map(([one, speed]) => ({ ...one, speed }));
    fc.assert(
      fc.property(fc.array(watched, { maxLength: 20 }), (ranges) => {
        const log = createViewLog();
        const slowest = new Map<number, number>();
        for (const { fromUs, toUs, speed } of ranges) {
          log.watch(fromUs, toUs, speed);
          for (let at = fromUs; at <= toUs; at++) slowest.set(at, Math.min(speed, slowest.get(at) ?? Infinity));
        }
        const covered = log.covered();
        for (const [i, { fromUs, toUs, speed }] of covered.entries()) {
          expect(fromUs).toBeLessThanOrEqual(toUs);
          const before = covered[i - 1];
          if (before === undefined) continue;
          expect(fromUs).toBeGreaterThanOrEqual(before.toUs);
          // What touches at one speed is one range.
          if (before.speed === speed) expect(fromUs).toBeGreaterThan(before.toUs);
        }
        for (let at = 0; at <= 75; at++) {
          const here = covered.filter(({ fromUs, toUs }) => fromUs <= at && at <= toUs).map(({ speed }) => speed);
          expect(here.length === 0 ? undefined : Math.min(...here)).toBe(slowest.get(at));
        }
      }),
      { seed: 9 },
    );
  });

  test('stays after a report, and goes on without a gap', () => {
    const log = createViewLog();
    log.watch(0, 5, 1);
    log.take();
    log.watch(5, 10, 1);
    expect(log.covered()).toEqual([{ fromUs: 0, toUs: 10, speed: 1 }]);
  });

  test('keeps what was seen more slowly when it flies by once more', () => {
    const log = createViewLog();
    log.watch(10, 20, 1);
    log.watch(0, 30, 8);
    expect(log.covered()).toEqual([
      { fromUs: 0, toUs: 10, speed: 8 },
      { fromUs: 10, toUs: 20, speed: 1 },
      { fromUs: 20, toUs: 30, speed: 8 },
    ]);
  });
});
