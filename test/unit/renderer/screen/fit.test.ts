// How large a recorded screen is drawn.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fontSizeFor, LARGEST, SMALLEST, STEP, type Box } from '../../../../renderer/screen/fit.ts';

/** A face whose cells are whole pixels high, as on a screen with one device pixel a CSS pixel. */
const cellAt = (size: number): Box => ({ width: size * 0.602, height: Math.ceil(size * 1.164) });

const fits = (box: Box, cols: number, rows: number, size: number): boolean =>
  cellAt(size).width * cols <= box.width && cellAt(size).height * rows <= box.height;

describe('the size of the face', () => {
  test('is the largest one at which all cells fit', () => {
    const size = fc.integer({ min: 1, max: 4000 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 2, max: 500 }), fc.integer({ min: 1, max: 300 }), (width, height, cols, rows) => {
        const box = { width, height };
        const chosen = fontSizeFor(box, cols, rows, cellAt);
        expect(chosen).toBeGreaterThanOrEqual(SMALLEST);
        expect(chosen).toBeLessThanOrEqual(LARGEST);
        if (chosen > SMALLEST) expect(fits(box, cols, rows, chosen)).toBe(true);
        if (chosen < LARGEST) expect(fits(box, cols, rows, chosen + STEP)).toBe(false);
      }),
    );
  });

  test('does not depend on what was shown before', () => {
    const box = { width: 1200, height: 700 };
    expect([fontSizeFor(box, 120, 36, cellAt), fontSizeFor(box, 80, 24, cellAt), fontSizeFor(box, 120, 36, cellAt)]).toEqual([
      16, 22, 16,
    ]);
  });

  test('goes below what people read only for a glance', () => {
    const box = { width: 200, height: 100 };
    expect([fontSizeFor(box, 120, 36, cellAt), fontSizeFor(box, 120, 36, cellAt, 3)]).toEqual([9, 3]);
  });

  test('is the smallest one where there is no room at all', () => {
    expect(fontSizeFor({ width: 0, height: 0 }, 80, 24, cellAt)).toBe(SMALLEST);
  });
});
