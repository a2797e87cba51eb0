// A filter as one line of text: what it means, and how the panel of fields edits it.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dateBound, FILTER_NAMES, parseFilter, withField } from '../../../../renderer/ui/filter-text.ts';
import { sessionFilter } from '../../../../shared/api/shapes.ts';

const zone = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Asia/Kathmandu';
});
afterAll(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const filterOf = (text: string): object => parseFilter(text, 'utc').filter;

describe('a filter', () => {
  test.each([
    ['', {}],
    ['payments db1', { text: 'payments db1' }],
    ['user:ana rm', { user: 'ana', text: 'rm' }],
    ['group:"night shift" "two words"', { group: 'night shift', text: 'two words' }],
    ['user:ana user:ben', { user: 'ben' }],
    ['user:', {}],
    ['user:"ana', { user: 'ana' }],
    ['"open quote', { text: 'open quote' }],
    ['http://db1:80', { text: 'http://db1:80' }],
    ['colour:red User:ana', { text: 'colour:red User:ana' }],
    ['user:a:b', { user: 'a:b' }],
  ])('%j means %j', (text, filter) => {
    expect(filterOf(text)).toEqual(filter);
  });

  test('names its fields as typed, for the panel', () => {
    expect(parseFilter('from:2026-11-21 user:ana x', 'utc').fields).toEqual([
      { name: 'from', value: '2026-11-21' },
      { name: 'user', value: 'ana' },
    ]);
  });

  test('says which date it did not understand, and the rest counts', () => {
    const { filter, problems, fields } = parseFilter('from:yesterday user:ana', 'utc');
    expect(filter).toEqual({ user: 'ana' });
    expect(problems).toEqual(['from: give a date such as 2026-11-21, or 2026-11-21T09:30']);
    expect(fields).toEqual([{ name: 'user', value: 'ana' }]);
  });

  test('asks for no more text than the contract takes', () => {
    expect(parseFilter('x'.repeat(2000), 'utc').filter.text).toHaveLength(500);
  });

  test('of any text is one that the core takes', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('user:', 'group:"', '"', ' ', 'from:2026-11-21', 'to:2026-02-30', 'from:2026-11-21T09:30', 'status:x'),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
        fc.constantFrom('utc' as const, 'local' as const),
        (text, where) => {
          expect(sessionFilter.strict().safeParse(parseFilter(text, where).filter).error).toBeUndefined();
        },
      ),
      { seed: 21, numRuns: 500 },
    );
  });
});

describe('a date', () => {
  test.each([
    ['2026-11-21', false, '2026-11-21T00:00:00.000Z'],
    ['2026-11-21', true, '2026-11-21T23:59:59.999Z'],
    ['2026-11-21T09:30', false, '2026-11-21T09:30:00.000Z'],
    ['2026-11-21 9:30', true, '2026-11-21T09:30:59.999Z'],
    ['2026-1-2', false, '2026-01-02T00:00:00.000Z'],
  ])('%s with end %s is %s in UTC', (text, end, bound) => {
    expect(dateBound(text, end, 'utc')).toBe(bound);
  });

  test('is read in local time where that is shown', () => {
    expect(dateBound('2026-11-21', false, 'local')).toBe('2026-11-20T18:15:00.000Z');
    expect(dateBound('2026-11-21', true, 'local')).toBe('2026-11-21T18:14:59.999Z');
  });

  test.each(['2026-02-30', '2026-11-31', '2026-11-00', '21.11.2026', '2026-11', '2026-11-21T24:30', '2026-11-21T9', ''])(
    '%j is none',
    (text) => {
      expect(dateBound(text, false, 'utc')).toBeNull();
      expect(dateBound(text, true, 'utc')).toBeNull();
    },
  );
});

describe('the panel of fields', () => {
  test.each([
    ['rm', 'user', 'ana', 'rm user:ana'],
    ['', 'group', 'night shift', 'group:"night shift"'],
    ['user:ana rm', 'user', 'ben', 'rm user:ben'],
    ['user:ana rm user:ben', 'user', null, 'rm'],
    ['user:ana rm', 'server', '', 'user:ana rm'],
    ['"user:ana" rm', 'user', null, '"user:ana" rm'],
    ['group:"night shift" rm', 'user', 'ana', 'group:"night shift" rm user:ana'],
  ] as const)('makes of %j with %s %j the text %j', (text, name, value, made) => {
    expect(withField(text, name, value)).toBe(made);
  });

  test('sets what is then filtered, and leaves every other field', () => {
    const value = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() === text && !text.includes('"'));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...FILTER_NAMES), value, { maxKeys: 4 }),
        fc.constantFrom(...FILTER_NAMES),
        value,
        (others, name, chosen) => {
          const text = Object.entries(others).reduce((line, [other, one]) => withField(line, other as typeof name, one), 'rm');
          const clean = (one: string): string => one.replaceAll(/\s+/g, ' ');
          const expected = Object.fromEntries(
            Object.entries({ ...others, [name]: chosen }).map(([key, one]) => [key, clean(one)]),
          );
          const got = Object.fromEntries(
            Object.entries(filterOf(withField(text, name, chosen))).map(([k, v]) => [k, clean(String(v))]),
          );
          expect(got).toEqual({ ...expected, text: 'rm' });
        },
      ),
      { seed: 22, numRuns: 300 },
    );
  });
});
