// Terms of texts: what the text index narrows by.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '../../../../shared/query/fold.ts';
import { TermSet, termsOf } from '../../../../shared/query/terms.ts';

function termsIn(...texts: readonly string[]): Set<number> {
  const set = new TermSet();
  for (const text of texts) set.add(text);
  return new Set(set.terms);
}

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('terms', () => {
  test('of a literal are among those of every text that holds it', () => {
    fc.assert(
      fc.property(text, text, text, (before, literal, after) => {
        const whole = before + literal + after;
        fc.pre(fold(whole).includes(fold(literal)));
        const terms = termsIn(whole);
        expect([...termsOf(fold(literal))].filter((term) => !terms.has(term))).toEqual([]);
      }),
    );
  });

  test.each([
    ['ERROR', 'an error here'],
    ['ｅｒｒｏｒ', 'Error'],
    ['バックアップ', 'ﾊﾞｯｸｱｯﾌﾟ'],
    ['漢字', '文字と漢字と'],
  ])('of %j are among those of %j', (literal, whole) => {
    const terms = termsIn(whole);
    const wanted = termsOf(fold(literal));
    expect(wanted.length).toBeGreaterThan(0);
    expect([...wanted].filter((term) => !terms.has(term))).toEqual([]);
  });

  test('of one text are all there again however often the set was cleared', () => {
    const set = new TermSet();
    for (let clears = 1; clears < 600; clears++) {
      set.add('an error here');
      for (let i = 0; i < clears; i++) set.clear();
      set.add('an error here');
      expect(new Set(set.terms)).toEqual(termsIn('an error here'));
    }
  });

  test('of other texts are mostly others', () => {
    const terms = termsIn('connection accepted from worker');
    expect([...termsOf('needle')].filter((term) => terms.has(term))).toEqual([]);
    expect([...termsOf('字漢')].filter((term) => termsIn('漢字').has(term))).toEqual([]);
  });

  test('are not made across texts', () => {
    expect([...termsOf('abc')].filter((term) => termsIn('ab', 'c').has(term))).toEqual([]);
  });

  test.each(['', 'a', 'ab', 'é', 'éa', '漢'])('cannot tell of %j', (literal) => {
    expect(termsOf(literal)).toHaveLength(0);
  });

  test('are in a set once, and none after it was cleared', () => {
    const set = new TermSet();
    set.add('aaaaaaaa');
    set.add('aaa');
    expect(set.terms).toHaveLength(1);
    set.clear();
    expect(set.terms).toHaveLength(0);
    set.add('AAA');
    expect([...set.terms]).toEqual([...termsOf('aaa')]);
  });
});
