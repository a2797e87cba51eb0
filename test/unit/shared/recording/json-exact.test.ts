import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type JsonValue } from '../../../../shared/evidence/canonical-json.ts';
import { exactJson, repeatFault, repeatedName } from '../../../../shared/recording/json-exact.ts';

const form = (text: string): string => exactJson(text).form;
const repeats = (text: string): boolean => repeatFault('it', Buffer.from(text), JSON.parse(text)) !== null;

test('the exact form of what JSON.parse takes in whole is the canonical one', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), fc.constantFrom(0, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(exactJson(text)).toEqual({ form: canonicalJson(JSON.parse(text) as JsonValue), repeated: null });
      expect(repeats(text)).toBe(false);
    }),
  );
});

describe('numbers', () => {
  test.each([
    ['1', '1.0', '10e-1', '0.1E+1', '0.0000001e7'],
    ['0', '-0', '0.00', '0e99999999999999999999'],
    ['9007199254740993', '9007199254740993.0', '9007199254740.993e3', '90071992547409930e-1'],
    ['-1e400', '-10e399', '-0.1e401'],
    ['12345678901234567890123', '1.2345678901234567890123e22'],
  ])('%s has the form of its other spellings', (...spellings) => {
    expect(new Set(spellings.map(form)).size).toBe(1);
  });

  test('that differ have forms that differ, also where they round to one double', () => {
    const numbers = ['1', '-1', '9007199254740992', '9007199254740993', '0.1', '0.10000000000000000001', '1e400', '1e401'];
    expect(new Set([...numbers, '1e-400', '0', '10', '100'].map(form)).size).toBe(numbers.length + 4);
  });
});

describe('names', () => {
  test('that come again are found wherever they stand, and the order of their values counts', () => {
    expect(exactJson('{"b":1,"a":{"x":1,"\\u0078":2},"c":0}')).toEqual({
      form: '{"a":{"x":1,"x":2},"b":1,"c":0}',
      repeated: 'x',
    });
    expect(form('{"a":1,"a":2}')).not.toBe(form('{"a":2,"a":1}'));
    expect(form('{"a":1,"a":2}')).not.toBe(form('{"a":2}'));
  });

  test('are found to come again exactly where JSON.parse keeps fewer members than are written', () => {
    const name = fc.constantFrom('a', 'b', '__proto__', '1', ':', '"');
    const { value } = fc.letrec<{ value: string; object: string }>((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.constantFrom('1', '":"', '"\\\\"', '[]', '{}'), tie('object')),
      object: fc
        .array(fc.tuple(name, tie('value')), { maxLength: 4 })
        .map((members) => `{${members.map(([key, one]) => `${JSON.stringify(key)} :${one}`).join(',')}}`),
    }));
    fc.assert(
      fc.property(value, (text) => {
        expect(repeats(text)).toBe(exactJson(text).repeated !== null);
      }),
    );
  });
});

test('tells at which line and column a name comes again', () => {
  expect(repeatedName('{"a": 1,\n "b": [{"c": 1}, {"c": 2,\n  "\\u0063": 3}], "a": 2}')).toEqual({
    name: 'c',
    line: 3,
    column: 3,
  });
  expect(repeatedName('{"a":{"a":1},"b":[{"a":1},{"a":1}]}')).toBeNull();
});
