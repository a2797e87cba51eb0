// What was sent to the terminal, as text: where a line ends is what the terminal says, sequence by sequence.

import { expect, test } from 'vitest';
import { PrintedText } from '../../../../electron/indexing/printed-text.ts';
import { createTerminal } from '../../../../electron/replay/replay.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { screenLine, type Emulator } from '../../../../shared/terminal/emulator.ts';
import { feedEvent } from '../../../../shared/terminal/feed.ts';
import { rowText } from '../../../../shared/terminal/text.ts';

const ESC = '\u001b';
const BEFORE = 'before';
const AFTER = 'after';

function printed(...events: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const text = new PrintedText(({ text: line }) => lines.push(line));
  for (const [index, event] of events.entries())
    text.push('stdout', new TextEncoder().encode(event), { at: micros(index), index });
  text.finish();
  return lines;
}

test('a line goes on behind what colours and erases: what grep, gcc and a prompt send', () => {
  const found = `src/list.c:17:  ${ESC}[01;31m${ESC}[KhandleError${ESC}[m${ESC}[K(code05)`;
  expect(printed(`${found}\r\n`)).toEqual(['src/list.c:17:  handleError(code05)']);
  expect(printed(...Array.from(found))).toEqual(['src/list.c:17:  handleError(code05)']);
  expect(printed(`user@host:~$ ${ESC}[Jls${ESC}[3X -l${ESC}[0g${ESC}[4i`)).toEqual(['user@host:~$ ls -l']);
});

const ROW = 5;
const feed = ({ emulator, seq }: { readonly emulator: Emulator; readonly seq: string }, text: string): void =>
  feedEvent(emulator, { kind: 'data', stream: 'stdout', seq, record: 0, at: micros(0), bytes: new TextEncoder().encode(text) });

/** Whether the cursor stays where it is, and the text around it too, unless it is erased. */
function stays(sequence: string, first: string): boolean {
  const emulator = createTerminal(40, 12);
  const around = ['above', 'below', BEFORE];
  const drawn = [ROW - 1, ROW + 4, ROW].map((row, i) => `${ESC}[${String(row + 1)};14H${around[i]!}`);
  feed({ emulator, seq: '1' }, `${ESC}[2;3H${ESC}7${first}${drawn.join('')}`);
  const { buffers } = emulator.inner;
  const { active } = buffers;
  const { x } = active;
  const lines = (): readonly string[] => Array.from({ length: 12 }, (_, y) => rowText(screenLine(active, y)));
  const places = (): readonly number[] => around.map((text) => lines().findIndex((line) => line.indexOf(text) === 13));
  const before = places();
  feed({ emulator, seq: '2' }, sequence);
  if (buffers.active !== active || active.x !== x || active.y !== ROW) return false;
  return places().every((row, i) => row === before[i] || (row < 0 && lines().every((line) => !line.includes(around[i]!))));
}

const PREFIXES = ['', '?', '>'];
const INTERMEDIATES = ['', ...Array.from(' !"#$\'(*')];
const PARAMETERS = ['', '3', '2;4'];
const finals = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i));

const CONTROL_SEQUENCES = PREFIXES.flatMap((prefix) =>
  INTERMEDIATES.flatMap((intermediate) =>
    finals(0x40, 0x7e).flatMap((final) => PARAMETERS.map((parameters) => `${ESC}[${prefix}${parameters}${intermediate}${final}`)),
  ),
);
// CSI and the strings are not done at their second character.
const ESCAPES = finals(0x30, 0x7e)
  .filter((final) => !'[PX]^_k'.includes(final))
  .map((final) => ESC + final);
const DESIGNATIONS = INTERMEDIATES.slice(1).flatMap((intermediate) =>
  finals(0x30, 0x7e).map((final) => ESC + intermediate + final),
);
const MODES = ['', '?'].flatMap((prefix) =>
  [...Array.from({ length: 100 }, (_, mode) => mode), 1000, 1004, 1006, 1046, 1047, 1048, 1049, 2004, 2026].flatMap((mode) =>
    Array.from('hl', (final) => `${ESC}[${prefix}${String(mode)}${final}`),
  ),
);

test.each([
  ['control sequences', CONTROL_SEQUENCES],
  ['escape sequences', ESCAPES],
  ['escape sequences with an intermediate', DESIGNATIONS],
  ['modes', MODES],
])('a line ends at those %s that move the cursor or the line, and at no others', (_, sequences) => {
  const moving = sequences.filter((sequence) => !stays(sequence, '') || !stays(sequence, `${ESC}[?1049h`));
  const ending = sequences.filter((sequence) => printed(BEFORE + sequence + AFTER).length > 1);
  expect(ending).toEqual(moving);
});
