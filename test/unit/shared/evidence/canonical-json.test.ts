import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, NotCanonical, canonicalJson } from '../../../../shared/evidence/canonical-json.ts';
import { recordBytes } from '../../../../shared/evidence/record.ts';

describe('canonical JSON (RFC 8785)', () => {
  test('the example of the RFC comes out as the RFC prints it', () => {
    const value: unknown = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalJson(value as never)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('members are sorted by UTF-16 code units, as the RFC demands', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Array.from(canonicalJson(value).matchAll(/:(\d)/g), ([, n]) => n).join('')).toBe('2467153');
  });

  test('any value comes out as the rules say, word for word, whatever names its objects have and had before', () => {
    const plainly = (value: unknown): string => {
      if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`;
      if (typeof value !== 'object' || value === null) return JSON.stringify(value);
      const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
      return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${plainly(member)}`).join(',')}}`;
    };
    const key = fc.oneof(fc.constantFrom('b', 'a', '10', '9', '__proto__', 'é', '', '-1', '1e3', 'toJSON'), fc.string());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, -0, 1.5, 1e21, '\\ud800', '"'),
        fc.string(),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc
        .array(fc.tuple(key, tie('value')), { maxLength: 5 })
        .map((members): unknown =>
          JSON.parse(`{${members.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join(',')}}`),
        ),
    }));
    fc.assert(
      fc.property(value, (any) => {
        const parsed = JSON.parse(JSON.stringify(any)) as never;
        expect(canonicalJson(parsed)).toBe(plainly(parsed));
      }),
      { numRuns: 2000 },
    );
  });

  test('what has no canonical form is refused', () => {
    expect(() => canonicalJson('\ud800')).toThrow(NotCanonical);
    expect(() => canonicalJson(Number.POSITIVE_INFINITY)).toThrow(NotCanonical);
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(canonicalJson(nested(MAX_DEPTH) as never)).toHaveLength(2 * MAX_DEPTH);
    expect(() => canonicalJson(nested(60_000) as never)).toThrow(NotCanonical);
  });

  test('a record without canonical form is hashed as its own bytes, any other by its value', () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect(recordBytes('jcs', bytes('{ "b":1.0, "a":"\\u0041" }'))).toEqual(bytes('{"a":"A","b":1}'));
    expect(recordBytes('jcs', bytes('["\\ud800"]'))).toEqual(bytes('["\\ud800"]'));
    expect(recordBytes('jcs', Uint8Array.of(0x22, 0xff, 0x22))).toEqual(Uint8Array.of(0x22, 0xff, 0x22));
    expect(recordBytes('raw', bytes('{ }'))).toEqual(bytes('{ }'));
  });
});
