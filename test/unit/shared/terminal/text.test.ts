// The text of rows, and the question whether a row still shows a text, which must never say yes where the text is another one.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { screenLine, type Emulator } from '../../../../shared/terminal/emulator.ts';
import { rowText, showsText, writtenCells } from '../../../../shared/terminal/text.ts';
import { terminalWith } from './terminals.ts';

const firstRow = ({ inner }: Emulator): ReturnType<typeof screenLine> => screenLine(inner.buffers.active, 0);

const COLS = 20;
const piece = fc.constantFrom(
  'a',
  'b ',
  '  ',
  'é',
  'e\u0301',
  '漢',
  '\u00a0',
  '\x1b[3C',
  '\x1b[D',
  '\b',
  '\x1b[K',
  '\x1b[2X',
  '\x1b[4@',
  '\r',
);
const written = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(''));

const textOf = (output: string): string => {
  const line = firstRow(terminalWith(output));
  return rowText(line, writtenCells(line, COLS)).trimEnd();
};

describe('a row', () => {
  test('shows no text but its own', () => {
    fc.assert(
      fc.property(written, written, (output, other) => {
        const line = firstRow(terminalWith(output));
        const text = textOf(output);
        for (const asked of [text, textOf(other), `${text}x`, text.slice(0, -1).trimEnd()])
          if (showsText(line, COLS, asked)) expect(asked).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['blanks that were printed, and cells that never were', 'a  b   ', 'a  b'],
    ['cells that were passed over', 'a\x1b[3Cb', 'a   b'],
    ['narrow characters beyond ASCII', 'été', 'été'],
    ['nothing', '', ''],
  ])('of %s is known without a string', (_what, output, text) => {
    expect(textOf(output)).toBe(text);
    expect(showsText(firstRow(terminalWith(output)), COLS, text)).toBe(true);
  });

  test('shows what its first cells do', () => {
    const line = firstRow(terminalWith('abcdef'));
    expect([showsText(line, 3, 'abc'), showsText(line, 3, 'abcd'), showsText(line, COLS, 'abc')]).toEqual([true, false, false]);
  });
});
