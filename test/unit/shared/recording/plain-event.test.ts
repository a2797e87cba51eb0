// The fast way through an asciicast never says anything that JSON.parse would not say.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PlainEventReader } from '../../../../shared/recording/plain-event.ts';
import { parseSeconds } from '../../../../shared/recording/time.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const reader = new PlainEventReader();

/** JSON text of a string, some of its characters escaped in one of the possible ways. */
const jsonString = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }).map((text) => JSON.stringify(text).slice(1, -1)),
      fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => JSON.stringify(text).slice(1, -1)),
      fc.constantFrom(
        '\\n',
        '\\r',
        '\\t',
        '\\b',
        '\\f',
        '\\/',
        '\\"',
        '\\\\',
        '\\u001b',
        '\\u00e9',
        '\\u00E9',
        '\\u20AC',
        '\\ud83d\\udea2',
        '\\u0000',
        '\u007f',
        '\u2028',
      ),
      fc.constantFrom('\\ud83d', '\\udea2', '\\ud83dx', '\\ud83d\\n', '\\u12g4', '\\x', '\t', '\\'),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => `"${pieces.join('')}"`);

const blanks = fc.constantFrom('', ' ', '\t', '  ');
const time = fc.oneof(
  fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value.toFixed(6)),
  fc.constantFrom(
    '0',
    '0.5',
    '1.0',
    '12',
    '999999999',
    '9999999999',
    '01',
    '1.',
    '.5',
    '-1',
    '-0',
    '1e3',
    '0.1234567',
    '0.000000',
    '+1',
    'NaN',
    '',
  ),
);
const line = fc
  .record({
    time,
    code: fc.oneof(fc.constantFrom('"o"', '"i"', '"m"', '"\\u006f"', '""', '"oo"', '"é"', 'o'), jsonString),
    data: jsonString,
    gaps: fc.array(blanks, { minLength: 6, maxLength: 6 }),
    tail: fc.constantFrom('', '', '', ' x', ']', ', "more"'),
  })
  .map(
    ({ time: t, code, data, gaps: [a, b, c, d, e, f], tail }) =>
      `${a}[${b}${t}${c},${d}${code},${e}${data}${tail.startsWith(',') ? tail : ''}]${f}${tail.startsWith(',') ? '' : tail}`,
  );

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

it('answers as JSON.parse does, or not at all', () => {
  let answered = 0;
  fc.assert(
    fc.property(line, (text) => {
      const plain = reader.read(encode(text));
      if (plain === null) return;
      answered += 1;
      const value = parse(text) as [number, string, string];
      expect(Array.isArray(value) && value.length).toBe(3);
      expect(plain.code).toBe(value[1]);
      expect(plain.data).toEqual(encode(value[2]));
      const number = /-?[\d.eE+-]+/.exec(text)![0];
      expect({ micros: plain.at, nanos: 0 }).toEqual(parseSeconds(number));
    }),
    { numRuns: 40_000, seed: 1 },
  );
  expect(answered).toBeGreaterThan(1000);
});

it('answers to what recorders write', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.constantFrom('o', 'i', 'm', 'r', 'x'), fc.string({ unit: 'grapheme' }), (micros, code, data) => {
      const text = `[${(micros / 1e6).toFixed(6)}, ${JSON.stringify(code)}, ${JSON.stringify(data)}]`;
      expect(reader.read(encode(text))).toEqual({ at: micros, code, data: encode(data) });
    }),
    { numRuns: 5000, seed: 2 },
  );
});

it('leaves bytes that are not UTF-8 to others', () => {
  const strict = new TextDecoder('utf-8', { fatal: true });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
      const text = Uint8Array.of(...encode('[1, "o", "'), ...bytes.map((byte) => byte | 0x80), ...encode('"]'));
      let valid = true;
      try {
        strict.decode(text);
      } catch {
        valid = false;
      }
      expect(reader.read(text) !== null).toBe(valid);
    }),
    { numRuns: 20_000, seed: 3 },
  );
});
