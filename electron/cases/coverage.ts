// Coverage: which parts of a recording somebody watched, and how fast. Ranges are half-open, in whole microseconds from the start.
// What was watched at several speeds counts at the slowest. Cost: n log n in the ranges, whatever they are.

import { ZERO, type Micros } from '../../shared/recording/time.ts';

export interface Interval {
  readonly from: Micros;
  readonly to: Micros;
}

export interface Watched extends Interval {
  readonly speed: number;
}

export interface Seen {
  /** Disjoint, ascending; neighbours differ in speed or do not touch. */
  readonly seen: readonly Watched[];
  readonly unseen: readonly Interval[];
  readonly seenTotal: Micros;
  readonly unseenTotal: Micros;
}

const lengthOf = (intervals: readonly Interval[]): Micros =>
  intervals.reduce((sum, { from, to }) => sum + to - from, 0) as Micros;

/** What lies between ascending, disjoint intervals. */
function gaps(intervals: readonly Interval[], duration: Micros): Interval[] {
  const found: Interval[] = [];
  let at = ZERO;
  for (const { from, to } of [...intervals, { from: duration, to: duration }]) {
    if (from > at) found.push({ from: at, to: from });
    at = to;
  }
  return found;
}

/** Merges what was watched of a recording of this length; what lies outside of it does not count. */
export function mergeWatched(watched: readonly Watched[], duration: Micros): Seen {
  const ranges = watched
    .map(({ from, to, speed }) => ({ from: Math.max(from, 0), to: Math.min(to, duration), speed }))
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => a.speed - b.speed);
  const bounds = [...new Set(ranges.flatMap(({ from, to }) => [from, to]))].toSorted((a, b) => a - b);
  const positions = new Map(bounds.map((at, i) => [at, i]));
  // The slowest range comes first and takes every piece between two bounds that nobody has taken; `next` leads on from a taken
  // piece to the first one behind it that is free, and is shortened on the way.
  const speeds: (number | undefined)[] = Array.from({ length: bounds.length }, () => undefined);
  const next = bounds.map((_, i) => i);
  const free = (start: number): number => {
    let end = start;
    while (next[end]! !== end) end = next[end]!;
    for (let at = start; at !== end;) {
      const after = next[at]!;
      next[at] = end;
      at = after;
    }
    return end;
  };
  for (const { from, to, speed } of ranges) {
    const last = positions.get(to)!;
    for (let piece = free(positions.get(from)!); piece < last; piece = free(piece)) {
      speeds[piece] = speed;
      next[piece] = piece + 1;
    }
  }
  const seen: { from: Micros; to: Micros; speed: number }[] = [];
  for (const [i, speed] of speeds.entries()) {
    if (speed === undefined) continue;
    const [from, to] = [bounds[i]! as Micros, bounds[i + 1]! as Micros];
    const before = seen.at(-1);
    if (before !== undefined && before.to === from && before.speed === speed) before.to = to;
    else seen.push({ from, to, speed });
  }
  const unseen = gaps(seen, duration);
  return { seen, unseen, seenTotal: lengthOf(seen), unseenTotal: lengthOf(unseen) };
}
