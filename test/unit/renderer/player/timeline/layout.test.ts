// Labels, spans and bars of the lanes: nothing covers anything, nothing is lost.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barHeight, nearest, placeLabels, placeSpans } from '../../../../../renderer/player/timeline/layout.ts';

const view = { fromUs: 0, toUs: 1000 };
const at = (...times: readonly number[]): readonly { atUs: number; text: string }[] =>
  times.map((atUs) => ({ atUs, text: String(atUs) }));

describe('labels', () => {
  test('have the room up to the next one, the last one up to the edge', () => {
    expect(placeLabels(at(0, 400), view, 1000)).toEqual([
      { item: 0, x: 0, room: 394 },
      { item: 1, x: 400, room: 594 },
    ]);
  });

  test('are left out where they would tell nothing, their mark stays', () => {
    expect(placeLabels(at(100, 133, 500), view, 1000).map(({ x, room }) => [x, room])).toEqual([
      [100, 0],
      [133, 361],
      [500, 494],
    ]);
  });

  test('of one pixel share a mark, which is that of the first', () => {
    expect(placeLabels(at(100, 100, 101, 300), view, 100).map(({ item }) => item)).toEqual([0, 3]);
  });

  test('reach into the view from the last one before it, and end with the view', () => {
    const placed = placeLabels(at(100, 200, 700, 900), { fromUs: 500, toUs: 800 }, 300);
    expect(placed).toEqual([
      { item: 1, x: -300, room: 194 },
      { item: 2, x: 200, room: 94 },
    ]);
  });

  test('never cover the next mark, whatever the items', () => {
    const times = fc.array(fc.integer({ min: -500, max: 1500 }), { maxLength: 40 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 2000 }), (list, width) => {
        const placed = placeLabels(at(...list), view, width);
        for (const [i, { x, room }] of placed.entries()) {
          const next = placed[i + 1]?.x ?? width;
          expect(room).toBeGreaterThanOrEqual(0);
          if (room > 0) expect(Math.max(0, x) + room).toBeLessThan(next);
          if (i > 0) expect(x - placed[i - 1]!.x).toBeGreaterThanOrEqual(1);
        }
      }),
      { seed: 8 },
    );
  });
});

describe('spans', () => {
  test('are at least a pixel wide and cut at the edges', () => {
    const spans = [
      { fromUs: -200, toUs: 100 },
      { fromUs: 500, toUs: 500 },
      { fromUs: 900, toUs: 5000 },
    ];
    expect(placeSpans(spans, view, 100)).toEqual([
      { x: 0, width: 10 },
      { x: 50, width: 1 },
      { x: 90, width: 10 },
    ]);
  });

  test('outside of the view are not drawn', () => {
    expect(placeSpans([{ fromUs: 10, toUs: 20 }], { fromUs: 500, toUs: 800 }, 300)).toEqual([]);
    expect(placeSpans([{ fromUs: 900, toUs: 950 }], { fromUs: 500, toUs: 800 }, 300)).toEqual([]);
  });

  test('that would touch are one, and one inside of another does not shorten it', () => {
    const spans = [
      { fromUs: 100, toUs: 500 },
      { fromUs: 200, toUs: 300 },
      { fromUs: 502, toUs: 600 },
      { fromUs: 700, toUs: 800 },
    ];
    expect(placeSpans(spans, view, 100)).toEqual([
      { x: 10, width: 50 },
      { x: 70, width: 10 },
    ]);
  });
});

describe('bars', () => {
  test('show a keystroke beside a screenful', () => {
    expect(barHeight(1, 10_000, 40)).toBe(1);
    expect(barHeight(2500, 10_000, 40)).toBe(20);
    expect(barHeight(10_000, 10_000, 40)).toBe(40);
  });

  test('of nothing have no height', () => {
    expect([barHeight(0, 10, 40), barHeight(0, 0, 40), barHeight(5, 0, 40)]).toEqual([0, 0, 0]);
  });
});

describe('the nearest item', () => {
  test.each([
    [412, 1],
    [388, 1],
    [420, 1],
    [421, null],
    [955, 2],
  ])('to pixel %d within twenty is %s', (x, item) => {
    expect(nearest(at(0, 400, 950), view, 1000, x, 20)).toBe(item);
  });
});
