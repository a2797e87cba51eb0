import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainCanonical } from '../../../../shared/evidence/plain-canonical.ts';
import { recordBytes } from '../../../../shared/evidence/record.ts';

const room = new Uint8Array(4096);

/** The canonical form, or null where it is left to the parser. */
function fast(line: string | Uint8Array): string | null {
  const length = plainCanonical(Buffer.from(line), room);
  return length < 0 ? null : Buffer.from(room.subarray(0, length)).toString('utf8');
}

const slow = (line: string): string => Buffer.from(recordBytes('jcs', Buffer.from(line))).toString('utf8');

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u0000', '\u001b', '\u007f', '/', 'é', '€', '🙂', '\ud83d', 'u', 'a') }),
);
/** As any writer may escape it. */
const written = text.chain((value) =>
  fc.constantFrom(
    JSON.stringify(value),
    `"${Array.from({ length: value.length }, (_, i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`,
    JSON.stringify(value).replaceAll('/', '\\/'),
  ),
);
const number = fc.oneof(
  fc.double({ min: 0, noNaN: true }).map(String),
  fc.nat({ max: 10 ** 9 }).map((micros) => (micros / 10 ** 6).toFixed(6)),
  fc.constantFrom(
    '0',
    '0.0',
    '1.50',
    '01',
    '1.',
    '.5',
    '-1',
    '1e3',
    '123456789.123456',
    '1234567890',
    '0.0000001',
    '9007199254740993',
  ),
);
const blank = fc.constantFrom('', ' ', '\t', '  ');
const line = fc
  .tuple(fc.array(fc.oneof(number, written, fc.constantFrom('null', '[]', '{}', '')), { maxLength: 4 }), blank, blank)
  .map(([items, before, after]) => `[${items.map((item) => `${before}${item}${after}`).join(',')}]${after}`);

test('where it answers it says what the parser says', () => {
  let answers = 0;
  fc.assert(
    fc.property(line, (given) => {
      const found = fast(given);
      if (found === null) return;
      answers += 1;
      expect(found).toBe(slow(given));
    }),
    { seed: 8785, numRuns: 20_000 },
  );
  expect(answers).toBeGreaterThan(1000);
});

/** Objects in each other, with names that come more than once, that an object would keep in an order of its own, or that are not plain. */
const name = fc.oneof(
  fc.constantFrom('"seq"', '"session_id"', '"se"', '""', '"10"', '"9"', '"__proto__"', '"a b"', '"é"', '"\\u0061"', '"a"', 'a'),
  fc.string({ maxLength: 3 }).map((value) => JSON.stringify(value)),
);
const { object } = fc.letrec<{ object: string; value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    number,
    written,
    fc.constantFrom('true', 'false', 'null', '[]', '{}', 'nul', ''),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
  ),
  object: fc
    .array(fc.tuple(name, tie('value'), blank, fc.constantFrom('', '\n', ' ')), { maxLength: 6 })
    .map(
      (members) =>
        `{${members.map(([key, value, before, after]) => `${before}${key}${after}:${before}${value}${after}`).join(',')}}`,
    ),
}));

test('where it answers of an object it says what the parser says', () => {
  let answers = 0;
  fc.assert(
    fc.property(object, (given) => {
      const found = fast(given);
      if (found === null) return;
      if (given.length > 10) answers += 1;
      expect(found).toBe(slow(given));
    }),
    { seed: 8785, numRuns: 30_000 },
  );
  expect(answers).toBeGreaterThan(2000);
});

test('whatever is changed in a line, it says what the parser says or nothing', () => {
  const base = '[12.345600, "o", "a\\u001b[1m\\r\\n\\"\\\\é\\u20ac\\ud83d\\ude42"]';
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom('', '"', '\\', '0', 'u', 'é', ' ', ',', ']', '\\u0041', '\\ud83d'),
      (at, cut, put) => {
        const from = at % base.length;
        const given = base.slice(0, from) + put + base.slice(from + cut);
        const found = fast(given);
        if (found !== null) expect(found).toBe(slow(given));
      },
    ),
    { seed: 8785, numRuns: 5000 },
  );
});

test('lines of recordings are answered, what is not UTF-8 is not', () => {
  expect(fast('[1.500000, "o", "caf\\u00e9 \\/ \\u001B"]')).toBe('[1.5,"o","café / \\u001b"]');
  expect(fast('[0.000000, "i", "é"]\r')).toBe('[0,"i","é"]');
  expect(fast('{"seq":1234567890123, "data":{"z":[], "é":1}}')).toBeNull();
  expect(fast('{"seq":1234567890123, "data":{"z":[true], "b":{}}}')).toBe('{"data":{"b":{},"z":[true]},"seq":1234567890123}');
  expect(fast(Buffer.from([0x5b, 0x22, 0xc3, 0x28, 0x22, 0x5d]))).toBeNull();
  expect(fast(`["${'x'.repeat(5000)}"]`)).toBeNull();
});
