import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../../../shared/query/fold.ts';
import { allOf, anyOf, holds, literal, type Narrow } from '../../../../shared/query/narrow.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { packGroup, unpackGroup, TEXT_FIELDS, type TextGroup, type TextLine } from '../../../../electron/library/text-store.ts';

const word = fc.constantFrom('error', 'err', 'or', 'Error', 'a', 'aa', ' ', 'zz', '5');
const beyond = fc.constantFrom('é', 'Ｅ', '語', '🙂');

function lineOf(text: string, at: number): TextLine {
  const half = Math.floor(text.length / 2);
  const steps = [
    { length: half, at: at as Micros, index: at },
    { length: text.length, at: (at + 3) as Micros, index: at + 1 },
  ];
  return { text, steps, to: (at + 500) as Micros, row: at % 7 === 0 ? -1 : at % 40, col: (at % 5) - 1, cols: 80 };
}

const groupOf = (words: fc.Arbitrary<string>): fc.Arbitrary<TextGroup> => {
  const lines = fc
    .array(fc.array(words, { minLength: 1, maxLength: 5 }), { maxLength: 6 })
    .map((of) => of.map((pieces, i) => lineOf(pieces.join(''), i * 200)));
  return fc.record({ typed: lines, printed: lines, visible: lines, hidden: lines });
};

const narrow: fc.Arbitrary<Narrow> = fc.letrec<{ narrow: Narrow }>((tie) => ({
  narrow: fc.oneof(
    { maxDepth: 2 },
    word.map(literal),
    fc.array(tie('narrow'), { maxLength: 3 }).map(allOf),
    fc.array(tie('narrow'), { maxLength: 3 }).map(anyOf),
  ),
})).narrow;

/** A line as plain data. */
const plain = ({ text, steps, to, row, col, cols }: TextLine): TextLine => ({ text, steps, to, row, col, cols });

test('a group that was stored has its lines again, one by one', () => {
  fc.assert(
    fc.property(groupOf(fc.oneof(word, beyond)), (group) => {
      const stored = unpackGroup(Buffer.from(packGroup(group)));
      for (const field of TEXT_FIELDS) expect(Array.from(stored[field], plain)).toEqual(group[field]);
    }),
    { seed: 5, numRuns: 500 },
  );
});

test('of plain text exactly those lines are looked at that hold what is demanded, of other text all that do', () => {
  let fewer = 0;
  const check = (group: TextGroup, demanded: Narrow, exactly: boolean): void => {
    const stored = unpackGroup(Buffer.from(packGroup(group)));
    for (const field of TEXT_FIELDS) {
      const wanted = group[field].filter(({ text }) => holds(fold(text), demanded));
      const found = Array.from(
        stored[field].holding(demanded, () => true),
        plain,
      );
      if (exactly) expect(found).toEqual(wanted);
      else expect(found).toEqual(expect.arrayContaining(wanted));
      if (found.length < group[field].length) fewer += 1;
    }
  };
  fc.assert(
    fc.property(groupOf(word), narrow, (group, demanded) => check(group, demanded, true)),
    { seed: 5, numRuns: 2000 },
  );
  fc.assert(
    fc.property(groupOf(fc.oneof(word, beyond)), narrow, (group, demanded) => check(group, demanded, false)),
    { seed: 5, numRuns: 500 },
  );
  expect(fewer).toBeGreaterThan(500);
});

test('many lines are not looked at one by one where something tells that none of them is wanted', () => {
  const lines = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map(lineOf);
  const count = (all: readonly TextLine[], demanded: Narrow, mayBeIn: (text: string) => boolean): number => {
    const { printed } = unpackGroup(Buffer.from(packGroup({ typed: lines, printed: all, visible: [], hidden: lines })));
    return Array.from(printed.holding(demanded, mayBeIn)).length;
  };
  const asked: string[] = [];
  const never = (text: string): boolean => asked.push(text) === 0;
  expect(count(lines, null, never)).toBe(0);
  expect(asked).toEqual(['onetwothreefourfivesixseveneightnineten']);
  expect(count(lines, literal('e'), () => true)).toBe(7);
  expect(count(lines.slice(0, 3), null, never)).toBe(3);
  expect(count([...lines, lineOf('Ｅ', 5)], null, never)).toBe(11);
  expect(asked).toHaveLength(1);
});
