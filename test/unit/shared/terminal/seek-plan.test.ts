// How far apart keyframes stand, and how a moment is reached from them.

import { describe, expect, it } from 'vitest';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { ZERO } from '../../../../shared/recording/time.ts';
import { KEYFRAME_BYTES, KEYFRAME_EVENTS, KeyframeSpacing, planSeek } from '../../../../shared/terminal/seek-plan.ts';

const base = { seq: '1', at: ZERO, record: 1 };
const data = (length: number, stream: 'stdin' | 'stdout' = 'stdout'): RecordingEvent => ({
  ...base,
  kind: 'data',
  stream,
  bytes: new Uint8Array(length),
});
const resize: RecordingEvent = { ...base, kind: 'resize', cols: 80, rows: 24 };

function duesOf(events: readonly RecordingEvent[]): number[] {
  const spacing = new KeyframeSpacing();
  return events.flatMap((event, i) => (spacing.isDue(event) ? [i] : []));
}

describe('the spacing of keyframes', () => {
  it('lets no more output stand between two than a seek may replay', () => {
    const half = KEYFRAME_BYTES / 2;
    expect(duesOf([data(half), data(half), data(1), data(half), data(half)])).toEqual([2, 4]);
  });

  it('lets an event that is too large stand alone', () => {
    expect(duesOf([data(1), data(KEYFRAME_BYTES * 3), data(1)])).toEqual([1, 2]);
  });

  it('counts events that draw nothing, resizes for their work, and input for nothing', () => {
    expect(duesOf(Array.from({ length: KEYFRAME_EVENTS + 1 }, () => data(0)))).toEqual([KEYFRAME_EVENTS]);
    expect(duesOf(Array.from({ length: 65 }, () => resize))).toEqual([32, 64]);
    expect(duesOf([data(KEYFRAME_BYTES, 'stdin'), data(KEYFRAME_BYTES, 'stdin')])).toEqual([]);
  });
});

describe('the plan of a seek', () => {
  it('restores the last keyframe at or before the moment', () => {
    expect(planSeek([10, 20, 30], 25, null)).toEqual({ keyframe: 1, from: 20 });
    expect(planSeek([10, 20, 30], 20, null)).toEqual({ keyframe: 1, from: 20 });
    expect(planSeek([10, 20, 30], 5, null)).toEqual({ keyframe: null, from: 0 });
  });

  it('goes on from the terminal at hand where that is nearer', () => {
    expect(planSeek([10, 20], 25, 22)).toEqual({ keyframe: null, from: 22 });
    expect(planSeek([10, 20], 25, 15)).toEqual({ keyframe: 1, from: 20 });
    expect(planSeek([10, 20], 15, 22)).toEqual({ keyframe: 0, from: 10 });
    expect(planSeek([], 0, 3)).toEqual({ keyframe: null, from: 0 });
  });
});
