// What was entered, key by key and all at once: an Escape takes what a terminal sends with it, and nothing that a person types after it.

import { expect, test } from 'vitest';
import { TypedText } from '../../../../electron/indexing/typed-text.ts';
import { micros } from '../../../../shared/recording/time.ts';

const ESC = '\u001b';

/** Lines of keys at these seconds. */
function typed(...events: readonly (readonly [number, string])[]): readonly string[] {
  const lines: string[] = [];
  const text = new TypedText(({ line }) => lines.push(line.text));
  for (const [index, [at, keys]] of events.entries())
    text.push(new TextEncoder().encode(keys), { at: micros(Math.round(at * 1e6)), index });
  text.finish();
  return lines;
}

test('the Escape key takes no key that is typed later', () => {
  expect(typed([1, 'i'], [2, 'hello'], [3, ESC], [5, ':'], [5.2, '!'], [6, 'sendmail'], [7, '\r'])).toEqual(['ihello:!sendmail']);
  expect(typed([1, 'a'], [2, ESC], [2.06, '['], [2.2, 'A'], [3, '\r'])).toEqual(['a[A']);
});

test('Enter and other control keys behind an Escape are keys', () => {
  for (const apart of [0, 0.01, 1]) {
    expect(typed([1, 'abc'], [2, ESC], [2 + apart, '\r'], [4, 'def'], [5, '\r'])).toEqual(['abc', 'def']);
    expect(typed([1, 'abc'], [2, `${ESC}[1`], [2 + apart, '\r'], [4, 'def'])).toEqual(['abc[1', 'def']);
  }
  expect(typed([1, `abc${ESC}\rdef${ESC}\u0003ghi`])).toEqual(['abc', 'def', 'ghi']);
});

test('a sequence is left out, whole or cut into events that come at once', () => {
  const keys = `a${ESC}[A${ESC}OPb${ESC}[1;5Cc${ESC}fd${ESC}[200~e${ESC}[201~`;
  expect(typed([1, keys])).toEqual(['abcde']);
  expect(typed(...Array.from(keys, (key, i) => [1 + i * 0.04, key] as const))).toEqual(['abcde']);
});

test('the report of a mouse is left out with its letters, whole or cut', () => {
  const keys = `a${ESC}[M mnb${ESC}[M#xyc${ESC}[<0;15;16Md`;
  expect(typed([1, keys])).toEqual(['abcd']);
  expect(typed(...Array.from(keys, (key, i) => [1 + i * 0.04, key] as const))).toEqual(['abcd']);
});

test('what was typed behind an Escape is there when the recording ends', () => {
  expect(typed([1, 'abc'], [2, `${ESC}[1`])).toEqual(['abc[1']);
});

test('backspace takes one character back, and ^W a word with the blanks around it, however many there are', () => {
  const edited = (keys: string): string => typed([1, `${keys}\r`]).at(-1)!;
  expect(edited('naïve 👍\u007f\u007fx')).toBe('naïvex');
  expect(edited('rm  -rf \u0017ls')).toBe('rm  ls');
  expect(edited('  \u0017x')).toBe('x');
  const long = 'a'.repeat(2000);
  expect(edited(`${long}${' b'.repeat(950)}${'\u0017'.repeat(949)}x`)).toBe(`${long} b x`);
});
