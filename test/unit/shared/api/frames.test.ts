import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../../../shared/api/frames.ts';

describe('a frame', () => {
  it('gives back what was put in, byte arrays and all', () => {
    const message = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.string(),
        fc.uint8Array({ maxLength: 50 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.string().filter((name) => name !== '__proto__' && name !== '$bytes'),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(message, (value) => {
        expect(decodeFrame(encodeFrame(value))).toEqual(value);
      }),
      { seed: 11 },
    );
  });

  it('carries a Node buffer as the bytes that it shows, not as its JSON', () => {
    const pool = Buffer.from('a secret, bytes, another secret');
    const answer = decodeFrame(encodeFrame({ runs: [{ bytes: pool.subarray(10, 15) }] })) as { runs: { bytes: Uint8Array }[] };
    expect(Buffer.from(answer.runs[0]!.bytes).toString()).toBe('bytes');
    expect(Buffer.from(encodeFrame({ bytes: pool.subarray(10, 15) })).includes('secret')).toBe(false);
  });

  it('that is cut, or names bytes that are not there, is refused', () => {
    const whole = encodeFrame({ a: new Uint8Array(20) });
    for (const length of [0, 3, 8, whole.length - 1]) expect(() => decodeFrame(whole.subarray(0, length))).toThrow();
    expect(() => decodeFrame(encodeFrame({ $bytes: 3 }))).toThrow();
  });
});
