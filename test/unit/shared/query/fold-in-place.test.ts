// A text folded as a whole must be what its lines are, each folded by itself: lines stand one behind the other in what is stored.

import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { composed, fold, foldInPlace, foldWithPositions } from '../../../../shared/query/fold.ts';

it('every character that stays in its place is folded as it is by itself', () => {
  let stays = 0;
  for (let point = 0; point <= 0x10ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const text = String.fromCodePoint(point);
    const folded = foldInPlace(text);
    if (folded === null) continue;
    stays += 1;
    if (folded !== fold(text) || folded.length !== text.length) expect.fail(`U+${point.toString(16)}`);
  }
  expect(stays).toBeGreaterThan(1_000_000);
});

it('the parts of a text that is folded in place are folded where they stand', () => {
  const line = fc.string({
    maxLength: 8,
    unit: fc.constantFrom(...Array.from('aZé表Σς 🙂ﾞ❯│ẞßıКᾼ'), 'e\u0301', 'x\u0301', '\u0301', 'ᄀ', 'ᅡ', '각', 'İ', '…', 'ﬁ'),
  });
  let folded = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const whole = lines.join('');
      const form = foldInPlace(whole);
      if (form === null) return;
      folded += 1;
      expect(form).toBe(lines.map(fold).join(''));
      expect(composed(whole)).toBe(whole);
      let at = 0;
      for (const one of lines) {
        expect(foldWithPositions(one).text).toBe(form.slice(at, at + one.length));
        at += one.length;
      }
    }),
    { seed: 20261122, numRuns: 20_000 },
  );
  expect(folded).toBeGreaterThan(2000);
});

test.each([
  ['ΟΔΟΣ', 'οδος'],
  ['STRASSE', 'Straße'],
  ['STRAẞE', 'strasse'],
  ['istanbul', 'İSTANBUL'],
  ['İSTANBUL', 'i\u0307stanbul'],
  ['ᾼδης', 'ΑΙΔΗΣ'],
  ['J\u030c', 'ǰ'],
])('%s is %s', (one, other) => {
  expect(fold(one)).toBe(fold(other));
  expect(foldWithPositions(one).text).toBe(fold(other));
});

it('no letter case of a character is another one once it is folded', () => {
  const others: string[] = [];
  for (let point = 0; point <= 0x10ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const text = String.fromCodePoint(point);
    const folded = fold(text);
    // The capital of a dotless i is that of an i: Unicode does not fold it.
    if (point === 0x131) expect(folded).toBe(text);
    else if ([text.toLowerCase(), text.toUpperCase(), folded].some((form) => fold(form) !== folded)) others.push(text);
  }
  expect(others).toEqual([]);
});
