// Terminals with recordings in them, and input that no program would send.

import fc from 'fast-check';
import { createTerminal } from '../../../../electron/replay/terminal.ts';
import type { Emulator } from '../../../../shared/terminal/emulator.ts';
import { feedBytes } from '../../../../shared/terminal/feed.ts';
import type { Notice } from '../../../../shared/terminal/notice.ts';
import { readScreen, type ShownScreen } from '../../../../shared/terminal/screen.ts';

const encoder = new TextEncoder();
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

export function feed(emulator: Emulator, text: string | Uint8Array): void {
  feedBytes(emulator, 'stdout', typeof text === 'string' ? bytesOf(text) : text);
}

export function terminalWith(text: string | Uint8Array, cols = 20, rows = 5): Emulator {
  const emulator = createTerminal(cols, rows);
  feed(emulator, text);
  return emulator;
}

export const show = (text: string | Uint8Array, cols?: number, rows?: number): ShownScreen =>
  readScreen(terminalWith(text, cols, rows));

/** What a terminal reported while a text was read. */
export function noticesOf(text: string): Notice[] {
  const notices: Notice[] = [];
  feed(createTerminal(20, 5, { watcher: { notice: (notice) => notices.push(notice) } }), text);
  return notices;
}

const PIECES = [
  '\x1b',
  '\x1b[',
  '\x1b[?',
  '\x1b]',
  '\x1bP',
  '\x1b_',
  '\x1bX',
  '\x1bk',
  '\x1b\\',
  '\x07',
  '\x18',
  ';',
  ':',
  '\r',
  '\n',
  '\b',
  '\t',
  '\x0e',
  '\x0f',
  '日',
  '👩‍💻',
  'e\u0301',
  '\u200b',
  '\u200d',
  '\ufe0f',
  '\u202e',
  '\u009b',
  '0',
  '1',
  '7',
  '31',
  '999999999999',
  'a',
  'long text over the margin ',
  '\x1b[2J',
  '\x1b[3J',
  '\x1b[J',
  '\x1b[1J',
  '\x1b[K',
  '\x1b[2K',
  '\x1b[99;99H',
  '\x1b[H',
  '\x1b[2;4r',
  '\x1b[r',
  '\x1b[?6h',
  '\x1b[?6l',
  '\x1bM',
  '\x1bD',
  '\x1b[L',
  '\x1b[9M',
  '\x1b[3S',
  '\x1b[T',
  '\x1b[5@',
  '\x1b[P',
  '\x1b[X',
  '\x1b[20b',
  '\x1b7',
  '\x1b8',
  '\x1bc',
  '\x1b[!p',
  '\x1b#8',
  '\x1b(0',
  '\x1b(B',
  '\x1b[?1049h',
  '\x1b[?1049l',
  '\x1b[?47h',
  '\x1b[?47l',
  '\x1b[?7l',
  '\x1b[?7h',
  '\x1b[4h',
  '\x1b[4l',
  '\x1b[20h',
  '\x1b[?1006h',
  '\x1b[?1003h',
  '\x1b[?25l',
  '\x1b[1;3;4:3;58:2::1:2:3m',
  '\x1b[38;5;9;48;2;1;2;3m',
  '\x1b[7m',
  '\x1b[m',
  '\x1b]8;;http://x/\x07',
  '\x1b]8;;\x07',
  '\x1b]2;t\x07',
  '\x1b[22t',
  '\x1b[23t',
  '\x1bH',
  '\x1b[3g',
  '\x1b]52;c;aGk=\x07',
  '\x1bP$qm\x1b\\',
  '\x1b[c',
  '\x1b[6n',
  '\x05',
  '\x1b[8;1;1t',
  '\x1b]10;?\x07',
  '\x1b[?5$p',
  '\x1b[2 q',
  '\x1b[?12h',
  '\x1b[1"q',
  '\x1b[?2J',
].map(bytesOf);

/** Pieces of sequences and characters in any order, with bytes between them that are none. */
export const soup: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 4 }) }),
    { maxLength: 60 },
  )
  .map((pieces) => Uint8Array.from(pieces.flatMap((piece) => Array.from(piece))));
