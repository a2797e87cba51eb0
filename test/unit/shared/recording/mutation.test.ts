// Tens of thousands of mutated inputs over all formats: no crash, no endless loop, nothing out of proportion, and the same
// whatever the size of the pushes. `node test/support/mutate-recordings.ts` runs as many as one likes.

import { expect, it } from 'vitest';
import { examine, random, seeds, trial } from '../../../support/mutation.ts';

const all = seeds();

it('has seeds of every format', () => {
  expect(all.length).toBeGreaterThan(90);
});

it.each([1, 2, 3, 4, 5])('mutated inputs hold no surprise (seed %i)', (seed) => {
  const next = random(seed * 7919);
  for (let i = 0; i < 8000; i++) {
    const input = trial(all, next);
    let stage = 'whole';
    try {
      const whole = examine(input, () => 1 << 20);
      stage = 'cut';
      if (i % 8 === 0) expect(examine(input, () => 1 + next(30))).toBe(whole);
    } catch (error) {
      const shown = input.files.map(({ name, bytes }) => `${name}: ${Buffer.from(bytes).toString('base64')}`).join('\n');
      throw new Error(`input ${String(i)} of seed ${String(seed)}, ${stage}:\n${shown}`, { cause: error });
    }
  }
});
