// The decoder of an event's bytes: names and words, what goes over the borders of events, hostile input.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeSequences,
  MAX_PIECES,
  NO_HEAD,
  openCharacter,
  openSequence,
  type Piece,
} from '../../../../shared/terminal/sequences.ts';

const encoder = new TextEncoder();
const decode = (text: string, typed = false): readonly Piece[] => decodeSequences(encoder.encode(text), NO_HEAD, typed).pieces;
const said = (text: string, typed = false): (readonly string[])[] =>
  decode(text, typed).map(({ kind, name, meaning }) => [kind, name, meaning]);

describe('a sequence', () => {
  test.each([
    ['\x1b[31m', 'csi', 'SGR 31', 'foreground red'],
    ['\x1b[m', 'csi', 'SGR', 'reset'],
    ['\x1b[1;38;2;1;2;255;4:3m', 'csi', 'SGR 1;38;2;1;2;255;4:3', 'bold, foreground #0102ff, curly underline'],
    ['\x1b[48:5:123;97m', 'csi', 'SGR 48:5:123;97', 'background 123, foreground bright white'],
    ['\x1b[38:2::16:32:48m', 'csi', 'SGR 38:2::16:32:48', 'foreground #102030'],
    ['\x1b[?1049h', 'csi', 'DECSET 1049', 'set mode: alternate screen, cursor saved'],
    ['\x1b[?25;2004l', 'csi', 'DECRST 25;2004', 'reset mode: cursor shown, bracketed paste'],
    ['\x1b[10;5H', 'csi', 'CUP 10;5', 'cursor to row 10, column 5'],
    ['\x1b[H', 'csi', 'CUP', 'cursor to row 1, column 1'],
    ['\x1b[3A', 'csi', 'CUU 3', 'cursor up: 3'],
    ['\x1b[2K', 'csi', 'EL 2', 'erase in the line: all of it'],
    ['\x1b[6n', 'csi', 'DSR 6', 'asks for a report: cursor position'],
    ['\x1b[!p', 'csi', 'DECSTR', 'soft reset'],
    ['\x1b[5 q', 'csi', 'DECSCUSR 5', 'cursor style: blinking bar'],
    ['\x1b[99y', 'csi', 'CSI 99 y', 'not known'],
    ['\x1b7', 'escape', 'DECSC', 'save cursor'],
    ['\x1b(0', 'escape', 'ESC ( 0', 'character set G0: DEC line drawing'],
    ['\x1b#8', 'escape', 'DECALN', 'fill the screen with E'],
    ['\x1b]0;ops\x07', 'osc', 'OSC 0', 'title and icon label: ops'],
    ['\x1b]8;;http://x\x1b\\', 'osc', 'OSC 8', 'link to http://x'],
    ['\x1b]8;;\x1b\\', 'osc', 'OSC 8', 'link ends'],
    ['\x1b]133;A\x07', 'osc', 'OSC 133 A', 'shell mark: prompt begins'],
    ['\x1b]52;c;?\x07', 'osc', 'OSC 52', 'asks for the clipboard'],
    ['\x1bP$qm\x1b\\', 'dcs', 'DCS $ q', 'DECRQSS, asks for a setting: m'],
    ['\x1b_hello\x1b\\', 'string', 'APC hello', 'application program command: not shown'],
    ['\r', 'control', 'CR', 'carriage return: cursor to the first column'],
    ['\u009b', 'control', 'U+009B', 'a control of 8 bits in UTF-8: left out'],
    ['hé', 'text', 'hé', '2 characters: U+0068 U+00E9'],
    ['\ufeffa', 'text', '\ufeffa', '2 characters: U+FEFF U+0061'],
  ])('%j is named and put into words', (text, kind, name, meaning) => {
    expect(said(text)).toEqual([[kind, name, meaning]]);
  });

  test('that is typed is a key', () => {
    expect(said('\x1b[A\x1b[1;5D\x1bOP\x03\r\x7f\x1bb\x1b[3~', true).map(([, , meaning]) => meaning)).toEqual(
      ['Up', 'Ctrl+Left', 'F1', 'Ctrl+C', 'Enter', 'Backspace', 'Alt+b', 'Delete'].map((key) => `key: ${key}`),
    );
  });

  test('that another one or a cancel breaks off says so, and nothing of either is lost', () => {
    expect(said('\x1b[3\x1b[1mx')).toEqual([
      ['csi', 'CSI 3', 'broken off'],
      ['csi', 'SGR 1', 'bold'],
      ['text', 'x', '1 character: U+0078'],
    ]);
    expect(decode('\x1b]0;a\x18b').map(({ kind, meaning }) => [kind, meaning])).toEqual([
      ['osc', 'title and icon label: a (broken off)'],
      ['control', 'cancel: ends a sequence'],
      ['text', '1 character: U+0062'],
    ]);
  });

  test('in which a control stands tells of it: the terminal acts on it at once', () => {
    expect(said('\x1b[3\n1m')).toEqual([['csi', 'SGR 31', 'foreground red, LF inside of it']]);
  });

  test('bytes that are not UTF-8 are pieces of their own', () => {
    const { pieces } = decodeSequences(Uint8Array.of(0x61, 0xff, 0xc0, 0x62), NO_HEAD, false);
    expect(pieces.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['text', 0, 1],
      ['invalid', 1, 3],
      ['text', 3, 4],
    ]);
  });
});

describe('over the borders of events', () => {
  test('what is cut off is open, and goes on with the bytes that came before', () => {
    expect(decode('ab\x1b[3').at(-1)).toMatchObject({ kind: 'csi', open: true, from: 2, to: 5 });
    const head = openSequence(encoder.encode('ab\x1b[3'), false)!;
    expect(decodeSequences(encoder.encode('1mx'), head, false).pieces).toMatchObject([
      { name: 'SGR 31', meaning: 'foreground red', from: 0, to: 2, earlier: 3, open: false },
      { name: 'x', from: 2, to: 3, earlier: 0 },
    ]);
  });

  test('a character goes on in the next event of its stream', () => {
    const euro = encoder.encode('€');
    const first = decodeSequences(euro.subarray(0, 2), NO_HEAD, false).pieces;
    expect(first).toMatchObject([{ kind: 'text', open: true, meaning: 'the first 2 of the 3 bytes of a character' }]);
    const head = openCharacter(euro.subarray(0, 2));
    expect(decodeSequences(euro.subarray(2), head, false).pieces).toMatchObject([{ name: '€', earlier: 2, from: 0, to: 1 }]);
    expect(openCharacter(euro)).toBe(NO_HEAD);
  });

  test('nothing is claimed where no byte tells the state of the parser', () => {
    expect(openSequence(encoder.encode('plain'), false)).toBeNull();
    expect(openSequence(encoder.encode('plain'), true)).toBe(NO_HEAD);
    expect(openSequence(encoder.encode('\x1b]0;t\x07plain'), false)).toBe(NO_HEAD);
  });

  test('wherever a stream is cut, the pieces tell the same sequences', () => {
    const part = fc.constantFrom(
      '\x1b[31m',
      'aé€😀',
      '\r\n',
      '\x1b]0;tï\x07',
      '\x1bP$qm\x1b\\',
      '\x1b(0',
      '\x1b[',
      '\x18',
      '\x1b',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.nat(), (parts, at) => {
        // What is open at the end would be told in no event.
        const bytes = encoder.encode(`${parts.join('')}\x1b[m`);
        const cut = at % (bytes.length - 2);
        const [before, after] = [bytes.subarray(0, cut), bytes.subarray(cut)];
        const open = openSequence(before, true)!;
        const head = open.bytes.length > 0 ? open : openCharacter(before);
        const names = (pieces: readonly Piece[]): string =>
          pieces.map(({ kind, name }) => (kind === 'text' ? name : `<${name}>`)).join('');
        const closed = decodeSequences(before, NO_HEAD, false).pieces.filter((piece) => !piece.open);
        const rest = decodeSequences(after, head, false).pieces;
        const whole = decodeSequences(bytes, NO_HEAD, false).pieces;
        // A cut between a string and its terminator leaves the terminator's second half as a sequence of its own; and what the first byte of an
        // event breaks off is told in the event before, as not ended.
        const parted = before.at(-1) === 0x1b || (head.bytes.length > 0 && rest[0]!.earlier === 0);
        if (!parted) expect(names([...closed, ...rest])).toBe(names(whole));
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe('hostile bytes', () => {
  test('of any kind are told once each and in order, and no more of them than is said', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, typed) => {
        const { pieces, rest } = decodeSequences(bytes, NO_HEAD, typed);
        let at = 0;
        for (const { from, to } of pieces) {
          expect(from).toBe(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at + rest).toBe(bytes.length);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  test('a gigantic string is one piece of few words', () => {
    const bytes = new Uint8Array(4 * 1024 * 1024).fill(0x41);
    bytes.set(encoder.encode('\x1b]0;'));
    const { pieces } = decodeSequences(bytes, NO_HEAD, false);
    expect(pieces).toHaveLength(1);
    expect(pieces[0]!.open).toBe(true);
    expect(pieces[0]!.meaning.length).toBeLessThan(1000);
    expect(openSequence(bytes, true)).toMatchObject({ skipped: bytes.length - 4096 });
  });

  test('a gigantic number of parameters is put into words in part', () => {
    const [piece] = decode(`\x1b[${'1;'.repeat(100_000)}m`);
    expect(piece!.to).toBe(200_003);
    expect(piece!.meaning.length).toBeLessThan(1000);
  });

  test('more pieces than anybody reads are counted as bytes', () => {
    const { pieces, rest } = decodeSequences(new Uint8Array(MAX_PIECES + 500).fill(7), NO_HEAD, false);
    expect([pieces.length, rest]).toEqual([MAX_PIECES, 500]);
  });
});
