import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bars } from '../../../../electron/search/bars.ts';

test('hits that were counted apart and put together are as if they had been counted together', () => {
  const moment = fc.oneof(
    fc.integer({ min: 0, max: 5e6 }),
    fc.integer({ min: 0, max: 1e9 }),
    fc.integer({ min: 1e15, max: 1.01e15 }),
  );
  fc.assert(
    fc.property(fc.array(fc.array(moment, { maxLength: 20 }), { maxLength: 5 }), fc.nat(3), (apart, undated) => {
      const all = new Bars();
      const together = new Bars();
      for (const moments of apart) {
        const some = new Bars();
        for (const at of moments) {
          all.add(at);
          some.add(at);
        }
        const counted = some.take();
        if (counted !== null) together.addAll(counted);
      }
      for (let i = 0; i < undated; i++) all.add(null);
      together.add(null, undated);
      expect(together.take()).toEqual(all.take());
    }),
    { seed: 9, numRuns: 1000 },
  );
});
