// Where on the screen a hit begins: in the cell in which the terminal has that character.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScreenText } from '../../../../electron/indexing/screen-text.ts';
import type { TextLine } from '../../../../electron/library/library.ts';
import { createTerminal } from '../../../../electron/replay/replay.ts';
import { hitOf } from '../../../../electron/search/hit.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { screenLine } from '../../../../shared/terminal/emulator.ts';
import { feedEvent } from '../../../../shared/terminal/feed.ts';
import { cellText } from '../../../../shared/terminal/text.ts';

const NOW = { at: micros(0), index: 0 };

/** The line that a screen shows of this text, and what stands in each of its cells. */
function shown(text: string, cols: number): { readonly line: TextLine | null; cell(row: number, col: number): string } {
  const emulator = createTerminal(cols, 12);
  const lines: TextLine[] = [];
  const screen = new ScreenText(emulator, (line) => lines.push(line));
  const bytes = new TextEncoder().encode(text);
  feedEvent(emulator, { kind: 'data', stream: 'stdout', seq: '1', record: 0, at: NOW.at, bytes });
  screen.after(NOW);
  screen.finish(NOW.at);
  const { active } = emulator.inner.buffers;
  return { line: lines[0] ?? null, cell: (row, col) => cellText(screenLine(active, row), col) };
}

function placeIn(line: TextLine, start: number): readonly [number | null, number | null] {
  const { row, col } = hitOf('', { kind: 'visible', line, match: { start, length: 1, from: NOW.at, to: NOW.at, index: 0 } });
  return [row, col];
}

const placeOf = (text: string, word: string, cols = 80): readonly [number | null, number | null] => {
  const { line } = shown(text, cols);
  return placeIn(line!, line!.text.indexOf(word));
};

test('people that joiners make one sign are in one place', () => {
  expect(placeOf('👨\u200d👩\u200d👧 ok', 'ok')).toEqual([0, 3]);
  expect(placeOf('👨\u200d👩\u200d👧👨\u200d👩\u200d👧abc ok', 'ok', 6)).toEqual([1, 2]);
  expect(placeOf('ab👨\u200d👩\u200d👧 ok', '👩')).toEqual([0, 2]);
});

test('blanks before a line take the columns that they have', () => {
  expect(placeOf('\u3000\u3000全角', '全角')).toEqual([0, 4]);
  expect(placeOf('\u3000\u3000全角', '全角', 5)).toEqual([1, 0]);
  expect(placeOf(' \u3000\u3000全角', '全', 4)).toEqual([1, 2]);
});

test('each character of a line is in the cell in which the terminal has it', () => {
  const text = fc.string({
    maxLength: 40,
    unit: fc.constantFrom(
      'a',
      'b',
      ' ',
      '\u3000',
      '全',
      '角',
      'e\u0301',
      '👨',
      '👩',
      '\u200d',
      '👨\u200d👩\u200d👧',
      '❤\ufe0f',
      '\u00a0',
      'ﾞ',
    ),
  });
  let places = 0;
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 9 }), (sent, cols) => {
      const { line, cell } = shown(sent, cols);
      // What joined a blank before the line has lost its cell with it.
      if (line === null || /^[\u200d\u0301\ufe0f]/.test(line.text)) return;
      let at = 0;
      for (const character of line.text) {
        const [row, col] = placeIn(line, at);
        expect(cell(row!, col!)).toContain(character);
        at += character.length;
        places += 1;
      }
    }),
    { seed: 20261122, numRuns: 1000 },
  );
  expect(places).toBeGreaterThan(5000);
});
