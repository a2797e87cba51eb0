// What reaches a terminal or a spreadsheet holds nothing that acts, and can be read back.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, visible } from '../../../../shared/recording/safe-text.ts';

/** Reads a text back, as docs/command-line.md says. */
const readBack = (shown: string): string =>
  shown.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, digits: string) => String.fromCodePoint(parseInt(digits, 16)));

/** The content of one CSV cell. */
const unquoted = (cell: string): string => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      "'",
      '"',
      ',',
      ';',
      '\t',
      '\r',
      '\n',
      ' ',
      '\\',
      'u',
      '{',
      '1',
      'b',
      '}',
      '\u202e',
      '\u001b',
      '\uff1d',
      'x',
    ),
  }),
);

describe('a text that is shown', () => {
  it('has no control, zero-width or bidirectional character, and is the same text when it is read back', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const shown = visible(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b-\u200f\ufeff]/u);
        expect(readBack(shown)).toBe(text);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('names what it does not send', () => {
    expect(visible('a\u001b[31mb\u202ec\\u{1b}')).toBe('a\\u{1b}[31mb\\u{202e}c\\u{5c}u{1b}');
  });
});

describe('a cell', () => {
  it('is no formula, ends where it ends, and can be read back', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const cell = csvCell(text);
        const content = unquoted(cell);
        expect(content).not.toMatch(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
        if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",;\r\n]/);
        expect(readBack(content.startsWith("'") ? content.slice(1) : content)).toBe(text);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('of a number stays a number', () => {
    expect([csvCell(-5), csvCell(true), csvCell(null)]).toEqual(['-5', 'true', '']);
    expect([csvCell('-5'), csvCell("'x"), csvCell('=1+1'), csvCell('\t=1')]).toEqual(["'-5", "''x", "'=1+1", '\\u{9}=1']);
  });
});
