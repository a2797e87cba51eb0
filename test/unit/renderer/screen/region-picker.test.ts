// Regions of the screen, drawn by any two corners or moved by keys, always on the screen.

import { expect, test } from 'vitest';
import { regionOf, shifted } from '../../../../renderer/screen/region-picker.tsx';

const SIZE = { rows: 24, cols: 80 };

test('two cells make the same region from whichever corner', () => {
  const expected = { row: 2, col: 4, rows: 4, cols: 7 };
  expect(regionOf({ row: 2, col: 4 }, { row: 5, col: 10 })).toEqual(expected);
  expect(regionOf({ row: 5, col: 4 }, { row: 2, col: 10 })).toEqual(expected);
});

test('keys move and grow it, and never beyond the screen', () => {
  const region = { row: 22, col: 78, rows: 2, cols: 2 };
  expect(shifted(region, [1, 0], false, SIZE)).toEqual(region);
  expect(shifted(region, [0, 1], true, SIZE)).toEqual(region);
  expect(shifted(region, [-1, 0], false, SIZE)).toEqual({ ...region, row: 21 });
  expect(shifted(region, [-5, 0], true, SIZE)).toEqual({ ...region, rows: 1 });
  expect(shifted({ ...region, row: 0 }, [-1, 0], false, SIZE).row).toBe(0);
});
