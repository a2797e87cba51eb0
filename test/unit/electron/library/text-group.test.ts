import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../../../shared/query/fold.ts';
import { allOf, anyOf, holds, literal, type Narrow } from '../../../../shared/query/narrow.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { GroupWriter, StoredGroup, TEXT_FIELDS, type TextField, type TextLine } from '../../../../electron/library/text-group.ts';

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

type Lines = Partial<Record<TextField, readonly TextLine[]>>;

/** Lines of the fields by turns, as a pass over a recording finds them. */
function packed(group: Lines, writer = new GroupWriter()): Buffer {
  const longest = Math.max(...TEXT_FIELDS.map((field) => group[field]?.length ?? 0));
  for (let i = 0; i < longest; i++) {
    for (const field of TEXT_FIELDS) {
      const line = group[field]?.[i];
      if (line !== undefined) writer.add(field, line);
    }
  }
  return Buffer.from(writer.take());
}

const groupOf = (words: fc.Arbitrary<string>): fc.Arbitrary<Required<Lines>> => {
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
      const stored = new StoredGroup(packed(group));
      for (const field of TEXT_FIELDS) expect(Array.from(stored.lines(field), plain)).toEqual(group[field]);
    }),
    { seed: 5, numRuns: 500 },
  );
});

test('a writer that was emptied begins anew, and says what it holds', () => {
  const writer = new GroupWriter();
  const lines = ['one', 'two', 'one'].map(lineOf);
  const fresh = packed({ visible: lines });
  packed({ typed: lines, hidden: ['three'].map(lineOf) }, writer);
  expect([writer.fields, writer.texts]).toEqual([
    ['typed', 'hidden'],
    ['one', 'three', 'two'],
  ]);
  writer.clear();
  expect(writer.fields).toEqual([]);
  expect(packed({ visible: lines }, writer)).toEqual(fresh);
});

test('a text is kept once, however many lines have it', () => {
  const lines = Array.from({ length: 100 }, (_, i) => lineOf(`line number ${String(i)} of a hundred`, i));
  const once = packed({ printed: lines });
  const twice = packed({ printed: lines, visible: lines });
  const texts = lines.reduce((sum, { text }) => sum + text.length, 0);
  expect(once.length).toBeGreaterThan(texts);
  expect(twice.length - once.length).toBeLessThan(once.length - texts);
});

test('exactly those lines are looked at that hold what is demanded, whatever letters stand beside them', () => {
  let fewer = 0;
  fc.assert(
    fc.property(groupOf(fc.oneof(word, beyond)), narrow, (group, demanded) => {
      const stored = new StoredGroup(packed(group));
      const wanted = stored.holding(demanded, null);
      for (const field of TEXT_FIELDS) {
        const lines = group[field].filter(({ text }) => holds(fold(text), demanded));
        expect(Array.from(stored.lines(field, wanted), plain)).toEqual(lines);
        if (lines.length < group[field].length) fewer += 1;
      }
    }),
    { seed: 5, numRuns: 2500 },
  );
  expect(fewer).toBeGreaterThan(500);
});

test('many texts are not looked at one by one where something tells that none of them is wanted', () => {
  const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'Ｅleven', 'twelve'];
  const stored = new StoredGroup(packed({ printed: words.map(lineOf) }));
  const asked: string[] = [];
  const sifted = (demanded: Narrow, mayBeIn: (text: string) => boolean): number =>
    stored.holding(demanded, (text) => (asked.push(text), mayBeIn(text))).length;
  expect(sifted(null, () => false)).toBe(0);
  // Composed, as an expression sees a line.
  expect(asked.splice(0)).toEqual(['onetwothreefourfivesixseveneightninetenEleventwelve']);
  expect(sifted(null, (text) => text.includes('eight'))).toBe(6);
  expect(asked.splice(0)).toHaveLength(3);
  expect(sifted(literal('t'), () => true)).toBe(5);
  expect(asked.splice(0)).toEqual(['twothreeeighttentwelve']);
  expect(sifted(literal('q'), () => true)).toBe(0);
  expect(asked).toEqual([]);
});

test('texts in which something may be are halved until few of them are left', () => {
  const lines = Array.from({ length: 1000 }, (_, i) => lineOf(`${String(i).padStart(4, '0')};`, i));
  const stored = new StoredGroup(packed({ printed: lines }));
  let asked = 0;
  const wanted = stored.holding(null, (text) => {
    asked += text.length;
    return text.includes('0777;');
  });
  const found = Array.from(stored.lines('printed', wanted), ({ text }) => text);
  expect(found).toContain('0777;');
  expect(found.length).toBeLessThanOrEqual(8);
  expect(asked).toBeLessThan(3 * 5 * 1000);
});
