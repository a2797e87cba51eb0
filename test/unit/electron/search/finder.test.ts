// One word or expression in one line, and when each match was there.

import { describe, expect, it } from 'vitest';
import type { TextLine } from '../../../../electron/library/library.ts';
import { createFinder } from '../../../../electron/search/finder.ts';
import { micros } from '../../../../shared/recording/time.ts';

/** A line on the screen that grew piece by piece, a second each, and went ten seconds after it began. */
function grown(...pieces: readonly string[]): TextLine {
  let length = 0;
  const steps = pieces.map((piece, i) => {
    length += piece.length;
    return { length, at: micros(i * 1_000_000), index: i };
  });
  return { text: pieces.join(''), steps, to: micros(10_000_000), row: 0, col: 0, cols: 80 };
}

/** Each match with the seconds from and to which it was there. */
function word(text: string, line: TextLine): readonly (readonly [string, number, number])[] {
  return spans(createFinder({ kind: 'text', text }).find(line), line);
}
function expression(source: string, line: TextLine): readonly (readonly [string, number, number])[] {
  return spans(createFinder({ kind: 'regex', source, flags: '' }).find(line), line);
}
const spans = (
  matches: readonly { readonly start: number; readonly length: number; readonly from: number; readonly to: number }[],
  { text }: TextLine,
): readonly (readonly [string, number, number])[] =>
  matches.map(({ start, length, from, to }) => [text.slice(start, start + length), from / 1e6, to / 1e6]);

describe('a word in any letter case', () => {
  it('is found where it stands, its letters folded to more of them or not', () => {
    expect(word('ΟΔΟΣ', grown('ΟΔΟΣ οδος')).map(([text]) => text)).toEqual(['ΟΔΟΣ', 'οδος']);
    expect(word('STRASSE', grown('ΐ Straße 5')).map(([text]) => text)).toEqual(['Straße']);
    expect(word('straße', grown('İ STRASSE')).map(([text]) => text)).toEqual(['STRASSE']);
    expect(word('istanbul', grown('ß İSTANBUL ok')).map(([text]) => text)).toEqual(['İSTANBUL']);
    expect(word('ok', grown('ß İSTANBUL ok')).map(([text]) => text)).toEqual(['ok']);
    expect(word('s', grown('Straße')).map(([text]) => text)).toEqual(['S', 'ß']);
  });
});

describe('a match in a line that grows', () => {
  it('is there from the piece on that made it whole, until the line is gone', () => {
    expect(word('drop', grown('dr', 'op', ' drop'))).toEqual([
      ['drop', 1, 10],
      ['drop', 2, 10],
    ]);
    expect(expression('d[a-z]+', grown('x d', 'ro', 'p'))).toEqual([['drop', 1, 10]]);
  });

  it('ends when text behind it ends it', () => {
    expect(expression('op$', grown('drop', ' table', ' op'))).toEqual([
      ['op', 0, 1],
      ['op', 2, 10],
    ]);
    expect(expression('dro\\b', grown('dro', 'p'))).toEqual([['dro', 0, 1]]);
  });

  it('ends when a longer one that begins before it is complete', () => {
    expect(expression('[a-z]| stty', grown('$', ' ', 'st', 't', 'y'))).toEqual([
      [' stty', 4, 10],
      ['s', 2, 4],
      ['t', 2, 4],
      ['t', 3, 4],
    ]);
  });

  it('is one from its first part on in a line that grew in more pieces than are looked at', () => {
    const pieces = Array.from({ length: 600 }, () => '.');
    expect(expression('\\.+', grown(...pieces))).toEqual([['.'.repeat(600), 0, 10]]);
    expect(expression('\\.|x\\.+y', grown('x', ...pieces, 'y'))).toEqual([[`x${'.'.repeat(600)}y`, 1, 10]]);
  });
});

describe('a line', () => {
  it('stands among blanks', () => {
    expect(word(' done ', grown('done'))).toEqual([['done', 0, 10]]);
    expect(word('done  now', grown('done now'))).toEqual([]);
  });

  it('is compared without regard to case, width and composition; a character with its marks is one place', () => {
    expect(word('CAFÉ', grown('x cafe\u0301'))).toEqual([['cafe\u0301', 0, 10]]);
    expect(word('drop', grown('Ｄｒｏｐ'))).toEqual([['Ｄｒｏｐ', 0, 10]]);
    expect(word('表', grown('一覧表を'))).toEqual([['表', 0, 10]]);
    expect(word('f', grown('oﬀice'))).toEqual([['ﬀ', 0, 10]]);
  });

  it('of a stream is what it is in the end', () => {
    expect(expression('op$', { ...grown('drop', ' table'), row: -1, col: -1, cols: 0 })).toEqual([]);
  });
});
