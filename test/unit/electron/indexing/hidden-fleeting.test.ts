// Rows above the screen that are cleared before anybody could read them: how often each is looked at, and what is found.

import { expect, test, vi } from 'vitest';
import { HiddenText } from '../../../../electron/indexing/hidden-text.ts';
import { createTerminal } from '../../../../electron/replay/replay.ts';
import type { DataEvent } from '../../../../shared/recording/event.ts';
import { ZERO } from '../../../../shared/recording/time.ts';
import { feedEvent } from '../../../../shared/terminal/feed.ts';
import { hiddenIn } from './hidden-harness.ts';

const ESC = '\u001b';
const COLS = 1200;

/** How often it is asked whether a row is on the screen, in one event that clears the rows above the screen so often. */
function looks(times: number, text: string): number {
  const emulator = createTerminal(COLS, 4);
  const hidden = new HiddenText(emulator, false);
  const bytes = new TextEncoder().encode(`${text}\r\n${ESC}[3J`.repeat(times));
  const event: DataEvent = { kind: 'data', stream: 'stdout', seq: '1', record: 0, at: ZERO, bytes };
  hidden.before(event, 0);
  const has = vi.spyOn(Set.prototype, 'has');
  feedEvent(emulator, event);
  const count = has.mock.calls.length;
  has.mockRestore();
  return count;
}

test.each([
  ['a word', 'x'],
  ['text beyond the cells that are looked at', `${ESC}[${String(COLS - 50)}Gx`],
])('clearing the rows above the screen again and again looks at each of them once: %s', (_, text) => {
  expect(looks(400, text)).toBeLessThan(looks(100, text) * 5);
});

test('rows above the screen that are cleared again and again are one finding each', () => {
  const lines = Array.from({ length: 3 }, (_, i) => `hidden words ${'abc'.charAt(i)}`);
  const found = hiddenIn([[1, 'o', lines.map((line) => `${line}\r${'\n'.repeat(24)}${`${ESC}[3J`.repeat(3)}`).join('')]]);
  expect(found.map(({ text, times }) => [text, times])).toEqual(lines.map((line) => [line, 1]));
});
