// What an expression demands may be too little, never too much: what it matches always holds it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression, type Expression } from '../../../../shared/query/expression.ts';
import { composed, fold } from '../../../../shared/query/fold.ts';
import type { Narrow } from '../../../../shared/query/narrow.ts';

function holds(narrow: Narrow, text: string): boolean {
  if (narrow === null) return true;
  switch (narrow.kind) {
    case 'literal':
      return text.includes(narrow.text);
    case 'all':
      return narrow.items.every((item) => holds(item, text));
    case 'any':
      return narrow.items.some((item) => holds(item, text));
  }
}

const expressionOf = (source: string): Expression => {
  const compiled = compileExpression(source, '');
  if (compiled.kind === 'wrong') throw new Error(compiled.why);
  return compiled.expression;
};

const narrowOf = (source: string): Narrow => expressionOf(source).narrow;

const anyOf = (...texts: readonly string[]): Narrow => ({ kind: 'any', items: texts.map((text) => ({ kind: 'literal', text })) });

const piece = fc.constantFrom(
  'a',
  'b',
  'K',
  's',
  'ſ',
  'é',
  '表',
  '(',
  ')',
  '|',
  '*',
  '?',
  '+',
  '{2}',
  '{0,2}',
  '{,2}',
  '.',
  '[ab]',
  '[B-c.]',
  '\\d',
  '[\\dk]',
  '[^a]',
  '[]b]',
  '\\.',
  '\\w',
  '\\p{L}',
  '\\x41',
  '\\x{4b}',
  '\\b',
  '\\B',
  '\\A',
  '\\z',
  '\\Q.$\\E',
  '[$^]',
  '(?i:',
  '(?:',
  '(?P<n>',
  '^',
  '$',
  ' ',
  'ß',
  'Σ',
  '-',
  '[[:alpha:]x]',
  '１',
);
const line = fc.string({ maxLength: 12, unit: fc.constantFrom(...Array.from('abAKkSsſéÉ表(.{,2} ßẞΣσς1１ｱﾞ'), 'e\u0301') });

describe('what an expression demands', () => {
  it('are its literals, joined as it joins them', () => {
    expect(narrowOf('drop\\s+table')).toEqual({
      kind: 'all',
      items: [
        { kind: 'literal', text: 'drop' },
        { kind: 'literal', text: 'table' },
      ],
    });
    expect(narrowOf('(?i)FOO|b+ar')).toEqual({
      kind: 'any',
      items: [
        { kind: 'literal', text: 'foo' },
        {
          kind: 'all',
          items: [
            { kind: 'literal', text: 'b' },
            { kind: 'literal', text: 'ar' },
          ],
        },
      ],
    });
    expect(narrowOf('colou?r')).toEqual({
      kind: 'all',
      items: [
        { kind: 'literal', text: 'colo' },
        { kind: 'literal', text: 'r' },
      ],
    });
    expect(narrowOf('a\\.b[xyz]')).toEqual({ kind: 'literal', text: 'a.b' });
    expect(narrowOf('x*|y')).toBe(null);
  });

  it('are for the index all that a place of few characters may make of them', () => {
    const { narrow, spelled } = expressionOf('err[Oo]r[0-2]x');
    expect(narrow).toEqual({
      kind: 'all',
      items: [
        { kind: 'literal', text: 'error' },
        { kind: 'literal', text: 'x' },
      ],
    });
    expect(spelled).toEqual(anyOf('error0x', 'error1x', 'error2x'));
    expect(expressionOf('user\\d+').spelled).toEqual(anyOf(...Array.from({ length: 10 }, (_, i) => `user${String(i)}`)));
    // What would be too many is cut in two.
    expect(expressionOf('a[0-9]b[cd]').spelled).toEqual({
      kind: 'all',
      items: [anyOf(...Array.from({ length: 10 }, (_, i) => `a${String(i)}b`)), anyOf('c', 'd')],
    });
    for (const source of ['ab[a-z]', 'ab[^0]', 'ab[[:digit:]]', 'ab[\\w]', 'ab[0-9]*', 'ab[+-\\]]'])
      expect(expressionOf(source).spelled).toEqual({ kind: 'literal', text: 'ab' });
  });

  it('stands in every line that it matches', () => {
    let matched = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 7 }),
        fc.array(line, { minLength: 8, maxLength: 8 }),
        fc.constantFrom('', 'i'),
        (pieces, lines, flags) => {
          const compiled = compileExpression(pieces.join(''), flags);
          if (compiled.kind === 'wrong') return;
          for (const text of lines) {
            if (!compiled.expression.mayBeIn(composed(text))) continue;
            matched += 1;
            expect(holds(compiled.expression.narrow, fold(text.trim()))).toBe(true);
            expect(holds(compiled.expression.spelled, fold(text.trim()))).toBe(true);
          }
        },
      ),
      { seed: 20261121, numRuns: 10_000 },
    );
    expect(matched).toBeGreaterThan(5000);
  });

  it('takes full-width and half-width forms for the same, signs for themselves', () => {
    const finds = (source: string, line: string): boolean => {
      const compiled = compileExpression(source, '');
      return compiled.kind === 'expression' && compiled.expression.mayBeIn(composed(line));
    };
    expect(finds('Ｄｒｏｐ', 'Drop')).toBe(true);
    expect(finds('Drop', 'Ｄｒｏｐ')).toBe(true);
    expect(finds('ﾊﾞ', 'バ')).toBe(true);
    expect(finds('（a', '(a')).toBe(true);
  });
});

describe('an expression', () => {
  it('may be in every text with a match, whatever is put around that text', () => {
    let matched = 0;
    let excluded = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 7 }),
        fc.array(fc.tuple(line, line, line), { minLength: 8, maxLength: 8 }),
        fc.constantFrom('', 'i'),
        (pieces, texts, flags) => {
          const compiled = compileExpression(pieces.join(''), flags);
          if (compiled.kind === 'wrong') return;
          const { expression } = compiled;
          for (const [before, text, after] of texts) {
            const whole = composed(before + text + after);
            if (!expression.mayBeIn(whole)) excluded += 1;
            if ([...expression.matches(composed(text), 0)].length === 0) continue;
            matched += 1;
            expect(expression.mayBeIn(composed(before) + composed(text) + composed(after))).toBe(true);
          }
        },
      ),
      { seed: 20261122, numRuns: 10_000 },
    );
    expect(matched).toBeGreaterThan(3000);
    expect(excluded).toBeGreaterThan(5000);
  });

  it('that asks for something around its match may be where that is not', () => {
    const may = (source: string, text: string): boolean => {
      const compiled = compileExpression(source, '');
      return compiled.kind === 'expression' && compiled.expression.mayBeIn(text);
    };
    expect(may('^\\bdisk\\b$', 'adisks')).toBe(true);
    expect(may('a\\\\b', 'a')).toBe(false);
    expect(may('[$]', 'a')).toBe(false);
    expect(may('\\Q$\\E', 'a')).toBe(false);
  });

  it('takes time that grows with the text, however it is written', () => {
    const line = `${'a'.repeat(8000)}!`;
    for (const source of ['(a+)+$', '(a|aa)+b', '(.*)*x', '(a?){100}a{100}b', '([a-z]+)*[0-9]']) {
      const compiled = compileExpression(source, '');
      expect(compiled.kind === 'expression' && [...compiled.expression.matches(line, 0)].length > 0).toBe(false);
    }
  });
});
