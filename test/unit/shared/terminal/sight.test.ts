// What counts as a visible change: cells that look different, whatever the terminal holds behind their looks.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resizeTerminal } from '../../../../shared/terminal/feed.ts';
import { createSight } from '../../../../shared/terminal/sight.ts';
import { feed, terminalWith } from './terminals.ts';

/** Cells that look different after `next` than after `first`, of a screen of 20 by 5. */
function change(first: string, next: string): number {
  const emulator = terminalWith(first);
  const sight = createSight();
  sight.look(emulator);
  feed(emulator, next);
  return sight.look(emulator);
}

describe('what can be seen', () => {
  test('is all new at the first look, and when the size changes', () => {
    const emulator = terminalWith('a');
    const sight = createSight();
    expect([sight.look(emulator), sight.look(emulator)]).toEqual([100, 0]);
    resizeTerminal(emulator, 10, 5);
    expect([sight.look(emulator), sight.look(emulator)]).toEqual([50, 0]);
  });

  test.each([
    ['text', '', 'abc', 3],
    ['text in place of text', 'abc', '\rabd', 1],
    ['text that is erased', 'abc', '\x1b[2K', 3],
    ['a colour', 'abc', '\r\x1b[31mab', 2],
    ['a background behind nothing', '', '\x1b[41m\x1b[2K', 20],
    ['bold', 'a', '\r\x1b[1ma', 1],
    ['an underline below a blank', '', '\x1b[4m ', 1],
    ['another kind of underline', '\x1b[4ma', '\r\x1b[4:3ma', 1],
    ['inverse', 'a', '\r\x1b[7ma', 1],
    ['a joined character', 'e', '\re\u0301', 1],
    ['a link', 'a', '\r\x1b]8;;http://x\x1b\\a', 1],
    ['text that scrolls off', 'a\r\nb\r\n\r\n\r\n', '\n', 2],
    ['another screen with other text', 'a', '\x1b[?1049h', 1],
  ])('changes by %s', (_, first, next, cells) => {
    expect(change(first, next)).toBe(cells);
  });

  test.each([
    ['the cursor', 'abc', '\x1b[5;5H\x1b[?25l'],
    ['a blank in place of an empty cell', '', '  '],
    ['a colour of a blank', '', '\x1b[31m  '],
    ['text that is concealed', '', '\x1b[8mabc'],
    ['the same text once more', 'abc', '\rabc'],
    ['a title, a bell, a question', 'abc', '\x1b]0;t\x07\x07\x1b[6n'],
    ['the same number of a colour in either palette', '\x1b[31ma', '\r\x1b[38;5;1ma'],
    ['inverse of colours that were exchanged', '\x1b[31;44m ', '\r\x1b[0;34;41;7m '],
    ['the other screen with the same text', '', '\x1b[?1049h'],
    ['a mode', 'abc', '\x1b[?2004h\x1b[4h'],
  ])('is not changed by %s', (_, first, next) => {
    expect(change(first, next)).toBe(0);
  });

  test('looks the same after a change and back', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\x1b[31mb', '日', 'e\u0301', '\x1b[7m', '\x1b[4m ', '\r\n')), (parts) => {
        const emulator = terminalWith(parts.join(''));
        const sight = createSight();
        sight.look(emulator);
        feed(emulator, '\x1b[0m');
        expect(sight.look(emulator)).toBe(0);
        feed(emulator, '\x1b[?1049h\x1b[Hxxxx');
        expect(sight.look(emulator)).toBeGreaterThan(0);
        feed(emulator, '\x1b[?1049l');
        sight.look(emulator);
        expect(sight.look(emulator)).toBe(0);
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});
