// A line while it grows: how many of its moments are kept, and which.

import { expect, test } from 'vitest';
import { LineBuilder } from '../../../../electron/indexing/line-builder.ts';
import { micros } from '../../../../shared/recording/time.ts';

/** The line of so many one-character events, half a second apart. */
function grown(pieces: number): { readonly length: number; readonly at: number }[] {
  const builder = new LineBuilder();
  for (let i = 0; i < pieces; i++) builder.append('.', { at: micros(i * 500_000), index: i });
  return [...builder.take(micros(pieces * 500_000), null)!.steps];
}

test('a line keeps all its moments up to a bound', () => {
  expect(grown(4096).map(({ length }) => length)).toEqual(Array.from({ length: 4096 }, (_, i) => i + 1));
});

test.each([4097, 6000, 8192, 100_000])(
  'a line of %i pieces tells of each part when it came, a thousandth of the line later at most',
  (pieces) => {
    const steps = grown(pieces);
    expect(steps.length).toBeLessThanOrEqual(4096);
    expect(steps.length).toBeGreaterThanOrEqual(1024);
    expect(steps.at(-1)).toMatchObject({ length: pieces, at: (pieces - 1) * 500_000 });
    let before = 0;
    for (const { length, at } of steps) {
      expect(at).toBe((length - 1) * 500_000);
      expect(length - before).toBeLessThanOrEqual(pieces / 1024 + 1);
      before = length;
    }
  },
);
