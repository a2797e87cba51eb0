// The screen at a moment, with and without keyframes.

import { describe, expect, it } from 'vitest';
import { screenAt, terminalAt, NO_KEYFRAMES, type KeyframeLookup } from '../../../../electron/replay/screen.ts';
import type { EventSource } from '../../../../electron/replay/event-source.ts';
import { KEPT_RECORDINGS } from '../../../support/recording-files.ts';
import { takeKeyframe } from '../../../../shared/terminal/keyframe.ts';
import { truthsIn } from './truths.ts';

/** Keyframes before every `every`th event. */
function keyframesOf(source: EventSource, every: number): KeyframeLookup {
  return {
    at: (position) => {
      const index = position - (position % every);
      return index === 0 ? null : { index, bytes: takeKeyframe(terminalAt(source, NO_KEYFRAMES, index)) };
    },
  };
}

/** Counts the events that were handed out. */
function counting(source: EventSource): { readonly source: EventSource; readonly count: () => number } {
  let count = 0;
  const runs = function* (from: number): Generator<ReturnType<typeof source.runs> extends Iterable<infer Span> ? Span : never> {
    for (const span of source.runs(from)) {
      count += span.events.length;
      yield span;
    }
  };
  return { source: { ...source, runs }, count: () => count };
}

describe.each(truthsIn(KEPT_RECORDINGS))('$name', ({ source }) => {
  it('is the same from a keyframe as from the start', () => {
    const keyframes = keyframesOf(source, Math.max(1, Math.floor(source.count / 5)));
    for (const part of [0, 0.1, 0.35, 0.5, 0.77, 1]) {
      const count = Math.floor(source.count * part);
      expect(screenAt(source, keyframes, count)).toEqual(screenAt(source, NO_KEYFRAMES, count));
    }
  });
});

describe('the screen at a moment', () => {
  const { source } = truthsIn(KEPT_RECORDINGS).find(({ name }) => name === 'resize.cast')!;

  it('says when it is, and how many events stand applied', () => {
    const last = Array.from(source.runs(source.count - 1))[0]!.events[0]!;
    expect(screenAt(source, NO_KEYFRAMES, source.count)).toMatchObject({ events: source.count, seq: last.seq, atUs: last.at });
    expect(screenAt(source, NO_KEYFRAMES, 0)).toMatchObject({
      events: 0,
      seq: null,
      atUs: 0,
      cols: source.cols,
      rows: source.rows,
    });
  });

  it('takes a moment before the start or after the end as the start or the end', () => {
    expect(screenAt(source, NO_KEYFRAMES, -5)).toEqual(screenAt(source, NO_KEYFRAMES, 0));
    expect(screenAt(source, NO_KEYFRAMES, source.count + 9)).toEqual(screenAt(source, NO_KEYFRAMES, source.count));
  });

  it('reads no more runs than it needs', () => {
    const counted = counting(source);
    terminalAt(counted.source, keyframesOf(source, 100), 150);
    expect(counted.count()).toBeLessThanOrEqual(1000);
  });
});
