import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameBytes } from '../../../../shared/evidence/bytes.ts';
import { isRecordOf, recordBytes } from '../../../../shared/evidence/record.ts';

const original = fc.oneof(
  fc.json({ stringUnit: 'binary' }).map((text) => Buffer.from(` ${text}`)),
  fc.json().map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 12 }),
);

test('bytes are those of a record exactly where they are its own or the ones that are hashed', () => {
  fc.assert(
    fc.property(fc.constantFrom('raw', 'jcs'), original, fc.nat(), fc.uint8Array({ maxLength: 2 }), (form, own, at, put) => {
      const hashed = Buffer.from(recordBytes(form, own));
      const from = at % (hashed.length + 1);
      const changed = [
        Buffer.concat([hashed.subarray(0, from), put, hashed.subarray(from + put.length)]),
        Buffer.concat([hashed, put]),
        hashed.subarray(0, from),
      ];
      for (const bytes of [own, hashed, ...changed])
        expect(isRecordOf(form, own, bytes)).toBe(sameBytes(own, bytes) || sameBytes(hashed, bytes));
    }),
    { seed: 8785, numRuns: 3000 },
  );
});
