// The text of the screen from one large event: what it holds and does is of the size of the screen, not of the event.

import { queryObjects } from 'node:v8';
import { expect, test, vi } from 'vitest';
import { ScreenText } from '../../../../electron/indexing/screen-text.ts';
import type { TextLine } from '../../../../electron/library/library.ts';
import { createTerminal } from '../../../../electron/replay/replay.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { feedEvent } from '../../../../shared/terminal/feed.ts';
import { screenLine } from '../../../../shared/terminal/emulator.ts';

const ESC = '\u001b';
const ROWS = 40;
const TIMES = 200;

/** Events one second apart: what the screen showed, and after the last of them rows that are held and looked for. */
function seen(...events: readonly string[]): {
  readonly lines: readonly TextLine[];
  readonly held: number;
  readonly looks: number;
} {
  const emulator = createTerminal(20, ROWS);
  const rowType = screenLine(emulator.inner.buffers.active, 0).constructor as new () => object;
  const before = queryObjects(rowType, { format: 'count' });
  const lines: TextLine[] = [];
  const screen = new ScreenText(emulator, (line) => lines.push(line));
  let held = 0;
  let looks = 0;
  for (const [index, text] of events.entries()) {
    const at = micros(index * 1_000_000);
    const bytes = new TextEncoder().encode(text);
    feedEvent(emulator, { kind: 'data', stream: 'stdout', seq: String(index + 1), record: index, at, bytes });
    held = queryObjects(rowType, { format: 'count' }) - before;
    const find = vi.spyOn(Array.prototype, 'lastIndexOf');
    screen.after({ at, index });
    looks = find.mock.calls.length;
    find.mockRestore();
  }
  screen.finish(micros(events.length * 1_000_000));
  return { lines, held, looks };
}

const texts = (lines: readonly TextLine[]): readonly string[] => lines.map(({ text }) => text);

test.each([
  ['inserted', `${ESC}[999L`],
  ['deleted', `${ESC}[999M`],
  ['scrolled down', `${ESC}[999T`],
  ['scrolled down one by one', `${ESC}M`.repeat(ROWS)],
])('rows that are %s again and again within an event are not held', (_, sequence) => {
  const { lines, held, looks } = seen('stays until then', `${ESC}[H${sequence.repeat(TIMES)}is left`);
  expect(held).toBeLessThan(ROWS * 8);
  expect(looks).toBeLessThan(ROWS * 8);
  expect(texts(lines)).toEqual(['stays until then', 'is left']);
});

test('rows that scroll by within an event are not looked for', () => {
  const { lines, looks } = seen(Array.from({ length: ROWS * TIMES }, (_, i) => `\r\nrow ${String(i)}`).join(''));
  expect(looks).toBeLessThan(ROWS * 8);
  expect(texts(lines)).toEqual(Array.from({ length: ROWS }, (_, y) => `row ${String(ROWS * (TIMES - 1) + y)}`));
});

test('a row that was written to is looked at though it was away while others came and went', () => {
  const flood = `${ESC}[H${ESC}[999L`.repeat(TIMES);
  const { lines } = seen('before', `\rchanged${ESC}[?1049h${flood}${ESC}[?1049l`, ` and more${ESC}[?1049h${flood}`);
  expect(texts(lines)).toEqual(['before', 'changed']);
  expect(lines.map(({ steps, to }) => [steps[0]!.at, to])).toEqual([
    [0, 1_000_000],
    [1_000_000, 2_000_000],
  ]);
});
