// Counts in sentences read as those beside them in the window.

import { expect, test } from 'vitest';
import { formatSome } from '../../../../renderer/ui/format.ts';
import { some } from '../../../../shared/api/counts.ts';

test.each([0, 1, 2, 999, 1000, 100_001, 18_446_744_073_709])('%d records are told as the window tells them', (n) => {
  expect(some(n, 'record')).toBe(formatSome(n, 'record'));
});

test('a count beyond what a number holds is told whole', () => {
  expect([some(18_446_744_073_709_551_615n, 'event'), some(1n, 'event')]).toEqual([
    '18,446,744,073,709,551,615 events',
    '1 event',
  ]);
});
