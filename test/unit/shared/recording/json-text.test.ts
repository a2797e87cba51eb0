import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachMember, memberText } from '../../../../shared/recording/json-text.ts';

const blank = fc.constantFrom('', ' ', '\n\t');
const name = fc.constantFrom('"crypto"', '"a"', '"cr\\u0079pto"', '"crypt"', '"x\\"y"', '""');
const member = fc
  .tuple(blank, name, blank, blank, fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 1), blank)
  .map(
    ([before, key, left, right, value, indent, after]) =>
      `${before}${key}${left}:${right}${JSON.stringify(value, null, indent)}${after}`,
  );

test('one member of an object is found as all members are found, with its own text', () => {
  fc.assert(
    fc.property(blank, fc.array(member, { maxLength: 6 }), (around, members) => {
      const bytes = new TextEncoder().encode(`${around}{${members.join(',')}}${around}`);
      let expected: string | null = null;
      eachMember(bytes, (key, text) => {
        if (key === 'crypto') expected = text();
      });
      expect(memberText(bytes, 'crypto')).toBe(expected);
    }),
    { numRuns: 500 },
  );
});
