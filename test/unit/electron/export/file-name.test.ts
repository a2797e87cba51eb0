// Names offered for exported files are harmless on every system.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { harmlessName } from '../../../../electron/export/file-name.ts';

it('a name has letters, digits and a few signs, is no path and no device, and is never empty', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('.', '/', '\\', 'c', 'o', 'n', '\u202e', ' ') })),
      (text) => {
        const name = harmlessName(text);
        expect(name).toMatch(/^[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/);
        expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(name.length).toBeLessThanOrEqual(101);
      },
    ),
    { seed: 7, numRuns: 500 },
  );
  expect([harmlessName('grp/1'), harmlessName('CON.txt'), harmlessName('..'), harmlessName('')]).toEqual([
    'grp_1',
    '_CON.txt',
    '_',
    '_',
  ]);
});
