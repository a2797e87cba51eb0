// What a recording asks of a terminal beyond drawing is reported and never done, and no sequence costs more than the screen holds.

import browser from '@xterm/xterm';
import headless from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTerminal } from '../../../../electron/replay/terminal.ts';
import { MAX_COLS, MAX_ROWS } from '../../../../shared/recording/decoder.ts';
import { feedEvent, resizeTerminal } from '../../../../shared/terminal/feed.ts';
import { MAX_STRING } from '../../../../shared/terminal/notice.ts';
import { prepareTerminal, SCROLLBACK, TERMINAL_OPTIONS } from '../../../../shared/terminal/rules.ts';
import { readScreen } from '../../../../shared/terminal/screen.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { bytesOf, feed, noticesOf, show, soup, terminalWith } from './terminals.ts';

/** Everything that a terminal can send to the world around it. */
const EVENTS = ['onData', 'onBinary', 'onBell', 'onTitleChange', 'onResize'] as const;

function outputOf(text: string | Uint8Array): string[] {
  const terminal = new headless.Terminal({ ...TERMINAL_OPTIONS, cols: 20, rows: 5 });
  const heard: string[] = [];
  for (const name of EVENTS) terminal[name]((value: unknown) => heard.push(`${name} ${JSON.stringify(value)}`));
  feed(prepareTerminal(terminal), text);
  return heard;
}

const QUESTIONS = [
  '\x05',
  '\x1b[c',
  '\x1b[>c',
  '\x1b[=c',
  '\x1b[5n',
  '\x1b[6n',
  '\x1b[?6n',
  '\x1b[?996n',
  '\x1b[14t',
  '\x1b[16t',
  '\x1b[18t',
  '\x1b[20t',
  '\x1b[21t',
  '\x1b[>q',
  '\x1b[?u',
  '\x1b[4$p',
  '\x1b[?2026$p',
  '\x1b[x',
  '\x1b[1;1;1;1;1;1*y',
  '\x1bZ',
  '\x1bP$qm\x1b\\',
  '\x1bP$q"p\x1b\\',
  '\x1bP+q544e\x1b\\',
  '\x1b]4;1;?\x07',
  '\x1b]10;?\x07',
  '\x1b]11;?\x1b\\',
  '\x1b]12;?\x07',
  '\x1b]52;c;?\x07',
  '\x1b]50;?\x07',
];
const WISHES = [
  '\x07',
  '\x1b]0;t\x07',
  '\x1b]2;t\x07',
  '\x1b]52;c;aGVsbG8=\x07',
  '\x1b]8;;file:///etc/passwd\x07x',
  '\x1b]9;hi\x07',
  '\x1b]777;notify;a;b\x07',
  '\x1b[8;50;200t',
  '\x1b[3;0;0t',
  '\x1b[2t',
  '\x1b[9;1t',
  '\x1b[5i',
  '\x1b[?5i',
  '\x1b[?3h',
  '\x1b[?1000h\x1b[?1006h',
  '\x1b[?1004h',
  '\x1b[?2026h',
  '\x1b]1337;File=name=x:AAAA\x07',
  '\x1bPq#0~\x1b\\',
  '\x1b_Gf=100;AAAA\x1b\\',
  '\x1b^pm\x1b\\',
  '\x1bXsos\x1b\\',
  '\x1bkname\x1b\\',
  '\x1b]4;1;#fff\x07',
];

describe('a terminal under the rules for recordings', () => {
  it.each([...QUESTIONS, ...WISHES].map((text) => [JSON.stringify(text), text] as const))(
    'says nothing to the world at %s',
    (_, text) => {
      expect(outputOf(text)).toEqual([]);
      expect(readScreen(terminalWith(text))).toMatchObject({ cols: 20, rows: 5 });
    },
  );

  it('says nothing to the world whatever bytes it reads', () => {
    fc.assert(
      fc.property(soup, (bytes) => {
        expect(outputOf(bytes)).toEqual([]);
      }),
      { seed: 20_261_121, numRuns: 500 },
    );
  });

  it.each(QUESTIONS.filter((text) => !text.includes('\x1bZ')).map((text) => [JSON.stringify(text), text] as const))(
    'reports the question %s',
    (_, text) => {
      expect(noticesOf(text)).toHaveLength(1);
    },
  );

  it('reports clipboard, link, title, notification, window and string wishes with what they say', () => {
    expect(noticesOf('\x1b]52;c;aGVsbG8=\x07')).toEqual([{ kind: 'clipboard', asks: false, text: 'hello', length: 5 }]);
    expect(noticesOf('\x1b]52;c;?\x07')).toEqual([{ kind: 'clipboard', asks: true, text: '', length: 0 }]);
    expect(noticesOf('\x1b]8;id=1;https://a.test/?b\x1b\\')).toEqual([{ kind: 'link', text: 'https://a.test/?b', length: 17 }]);
    expect(noticesOf('\x1b]2;a title\x07')).toEqual([{ kind: 'title', text: 'a title', length: 7 }]);
    expect(noticesOf('\x1b]9;done\x07')).toEqual([{ kind: 'notification', text: 'done', length: 4 }]);
    expect(noticesOf('\x1b[8;50;200t')).toEqual([{ kind: 'window', text: 'CSI 8;50;200 t' }]);
    expect(noticesOf('\x1b[6n')).toEqual([{ kind: 'query', text: 'CSI 6 n' }]);
    expect(noticesOf('\x1bPq#0~\x1b\\')).toEqual([{ kind: 'string', of: 'dcs', text: 'q#0~', length: 4 }]);
    expect(
      noticesOf('\x1b_a\x1b\\\x1b^b\x1b\\\x1bXc\x1b\\\x1bkd\x1b\\').map(
        (notice) => notice.kind === 'string' && [notice.of, notice.text],
      ),
    ).toEqual([
      ['apc', 'a'],
      ['pm', 'b'],
      ['sos', 'c'],
      ['screen-title', 'd'],
    ]);
    expect(noticesOf('\x1b]133;A\x07')).toEqual([{ kind: 'osc', code: 133, text: 'A', length: 1 }]);
    expect(noticesOf('\x1b[?1049h\x1b[?1049h\x1b[?1049l')).toEqual([
      { kind: 'alternate-screen', entered: true },
      { kind: 'alternate-screen', entered: false },
    ]);
  });

  it('keeps only so much of a string, and says how long it was', () => {
    for (const [begin, kind] of [
      ['\x1b]7;', 'osc'],
      ['\x1bPq', 'string'],
      ['\x1b_', 'string'],
      ['\x1b]9;', 'notification'],
    ] as const) {
      const [notice] = noticesOf(`${begin}${'x'.repeat(1_000_000)}\x1b\\`);
      expect(notice).toMatchObject({ kind });
      expect((notice as { readonly text: string }).text.length).toBeLessThanOrEqual(MAX_STRING + 1);
      expect((notice as { readonly length: number }).length).toBeGreaterThanOrEqual(1_000_000);
    }
  });

  it('shows no string that no terminal shows, whatever is in it', () => {
    for (const text of [
      '\x1bP1;2qdata日\x1b\\',
      '\x1b_apc日\x07still\x1b\\',
      '\x1b^pm\x1b\\',
      '\x1bXsos\x1b\\',
      '\x1b]2;title日\x07',
    ]) {
      expect(show(`a${text}b`).screen[0]).toBe('ab');
    }
  });

  it('takes counts that are larger than the screen as the screen', () => {
    const huge = '99999999999999999999';
    for (const final of '@ABCDEFGHIJKLMPSTXZ`abdefr') {
      const emulator = terminalWith(`text\x1b[${huge}${final}`.repeat(200));
      expect(emulator.inner.buffers.normal.lines.length).toBeLessThanOrEqual(5 + SCROLLBACK);
      expect(readScreen(emulator).screen).toHaveLength(5);
    }
  });

  it('keeps a bounded number of bytes in a cell, of titles and of links', () => {
    const emulator = terminalWith(`a${'\u0301'.repeat(100_000)}\x1b[H${'\x1b]2;t\x07\x1b[22t'.repeat(1000)}`);
    expect(bytesOf(readScreen(emulator).screen[0]!).length).toBeLessThanOrEqual(21);
    expect(emulator.own.titles.length).toBeLessThanOrEqual(10);
    feed(emulator, Array.from({ length: 5000 }, (_, i) => `\x1b]8;;http://x/${String(i)}\x07`).join(''));
    expect(emulator.own.links.length).toBeLessThanOrEqual(1000);
  });

  it('takes sizes beyond the limits of emulation as the nearest that it has', () => {
    const emulator = createTerminal(0, 0);
    expect(readScreen(emulator)).toMatchObject({ cols: 2, rows: 1 });
    resizeTerminal(emulator, 1_000_000, 1_000_000);
    expect(readScreen(emulator)).toMatchObject({ cols: MAX_COLS, rows: MAX_ROWS });
    resizeTerminal(emulator, 1, 1);
    feed(emulator, '日本\x1b[?1049h日本\x1b[?1049l');
    expect(readScreen(emulator)).toMatchObject({ cols: 2, rows: 1 });
  });

  it('draws no input, and draws both output streams', () => {
    const emulator = createTerminal(20, 5);
    for (const stream of ['stdin', 'stdout', 'stderr'] as const) {
      feedEvent(emulator, { kind: 'data', stream, bytes: bytesOf(stream), seq: '1', at: micros(0), record: 1 });
    }
    expect(readScreen(emulator).screen[0]).toBe('stdoutstderr');
  });

  it('begins a new line at each line feed of a session that had no terminal', () => {
    const emulator = createTerminal(20, 5, { piped: true });
    feed(emulator, 'one\ntwo\x1bc\nthree\nfour');
    expect(readScreen(emulator).screen.slice(0, 3)).toEqual(['', 'three', 'four']);
  });

  it('finds every inner part that it uses in both packages of xterm.js', () => {
    for (const Terminal of [headless.Terminal, browser.Terminal]) {
      const emulator = prepareTerminal(new Terminal({ ...TERMINAL_OPTIONS, cols: 20, rows: 5 }));
      feed(emulator, 'text\x1b[31m日');
      expect(readScreen(emulator).screen[0]).toBe('text日');
    }
  });
});

describe('the screen', () => {
  const first = (text: string, cols?: number, rows?: number): string => show(text, cols, rows).screen[0]!;

  it('stands as tmux puts it', () => {
    expect(show('\x1b[2;3r\x1b[3;1Hx\r\n\r\n').cursorRow).toBe(2);
    expect(first('\x1b)0\x0elqk\x0f')).toBe('┌─┐');
    expect(first('\x1b(0lqk\x1b(B')).toBe('┌─┐');
    expect(first('=\x1b[5b')).toBe('======');
    expect(first('ab\x1b7cd\x1b8X')).toBe('abXd');
    expect(first('a\u0085b\u009b31mc')).toBe('ab31mc');
    expect(first(Uint8Array.of(0x61, 0xff, 0xc3, 0x28, 0xf0, 0x9f, 0x62) as never)).toBe('a(b');
    expect(show('\x1b#8').cursorRow).toBe(0);
  });

  it('repeats a character with what joined it, within its row', () => {
    expect(first('e\u0301\x1b[3b')).toBe('e\u0301'.repeat(4));
    expect(first('👩\u200d💻\x1b[b')).toBe('👩\u200d💻'.repeat(2));
    expect(show('abc日\x1b[9b', 10)).toMatchObject({ screen: ['abc日日日', '', '', '', ''], cursorRow: 0, cursorCol: 9 });
    expect(show('\x1b[?7labcd日\x1b[9b', 5)).toMatchObject({ screen: ['abcd', '', '', '', ''], cursorRow: 0 });
    expect(first('\x1b(0q\x1b[2b')).toBe('───');
  });

  it('leaves a pending wrap pending where lines are inserted or deleted', () => {
    for (const moves of ['\x1b[L', '\x1b[M', '\x1b[2L\x1b[2M'])
      expect(show(`12345${moves}x`, 5)).toMatchObject({ cursorRow: 1, cursorCol: 1 });
  });

  it('returns to where the alternate screen was entered, though a program reset the terminal there', () => {
    expect(show('abc\x1b[?1049hxyz\x1bcq\x1b[?1049l')).toMatchObject({ cursorRow: 0, cursorCol: 3 });
  });

  it('tells a wrap that is pending, and keeps the cursor on the screen', () => {
    expect(show('12345', 5, 2)).toMatchObject({ cursorRow: 0, cursorCol: 4, pendingWrap: true });
    expect(show('123456', 5, 2)).toMatchObject({ cursorRow: 1, cursorCol: 1, pendingWrap: false });
    expect(show('1234日', 5, 2).screen).toEqual(['1234', '日']);
  });

  it('tells modes that differ from a terminal just reset, by name', () => {
    expect(show('').modes).toEqual({});
    expect(show('\x1b[?2004h\x1b[?1003h\x1b[?1006h\x1b[?25l\x1b[?7l\x1b[4h')).toMatchObject({
      cursorVisible: false,
      modes: { bracketedPaste: true, mouseTracking: 'any', mouseEncoding: 'sgr', wraparound: false, insert: true },
    });
    expect(show('\x1b[?2004h\x1b[?1003h\x1b[4h\x1bc').modes).toEqual({});
  });

  it('keeps a screen that is erased as a whole, and a region’s rows, in the scrollback of the normal screen only', () => {
    const rows = (text: string): number => terminalWith(text).inner.buffers.normal.ybase;
    expect(rows('a\r\nb\x1b[H\x1b[2J')).toBe(2);
    expect(rows('\x1b[2;3r\x1b[3;1H\n\n')).toBe(2);
    expect(rows('\x1b[?1049ha\r\nb\x1b[2J\x1b[2;3r\x1b[3;1H\n\n\x1b[?1049l')).toBe(0);
    expect(rows('a\r\nb\x1b[H\x1b[2J\x1b[3J')).toBe(0);
  });

  it('wraps lines anew when its width changes, and gives rows back when it grows', () => {
    const emulator = terminalWith('1234567890\r\n$ ', 10, 3);
    resizeTerminal(emulator, 5, 3);
    expect(readScreen(emulator).screen).toEqual(['67890', '$', '']);
    resizeTerminal(emulator, 5, 2);
    expect(readScreen(emulator).screen).toEqual(['67890', '$']);
    resizeTerminal(emulator, 20, 4);
    expect(readScreen(emulator)).toMatchObject({ screen: ['1234567890', '$', '', ''], cursorRow: 1, cursorCol: 2 });
  });

  /** What tmux 3.3a shows of it, rows without the blank ones at the end, and its cursor. */
  it.each<[string, number, string, number, string[], [number, number]]>([
    ['a coloured blank is no text', 20, '\x1b[44m\x1b[H\x1b[JMenu\x1b[3;1HEntry', 18, ['Menu', '', 'Entry'], [2, 5]],
    ['nor is a coloured row', 20, '\x1b[44m\x1b[J\x1b[mab\x1b[2;1Hxx', 10, ['ab', 'xx'], [1, 2]],
    ['what was erased in part is still wrapped', 20, '0123456789abcdef\r0123\x1b[K\r\nxx', 10, ['', 'xx'], [1, 2]],
    ['not what was erased whole', 20, '0123456789abcdef\r\x1b[K01\r\nxx', 10, ['01', 'xx'], [1, 2]],
    ['nor by ECH', 20, '0123456789abcdef\r\x1b[20X01\r\nxx', 10, ['01', 'xx'], [1, 2]],
    ['deleting moves cells', 20, 'abc\x1b[1;1H\x1b[2P\x1b[2;1Hxx', 10, ['', 'xx'], [1, 2]],
    ['but none from behind the row', 20, 'abc\x1b[1;18H\x1b[9P\x1b[2;1Hxx', 10, ['abc', 'xx'], [1, 2]],
    ['inserting moves cells', 20, 'abc\x1b[1;1H\x1b[2@\x1b[2;1Hxx', 10, ['', 'xx'], [1, 2]],
    ['but none in the last column', 20, 'abc\x1b[1;20H\x1b[@\x1b[2;1Hxx', 10, ['abc', 'xx'], [1, 2]],
    ['insert mode moves cells', 20, 'abc\x1b[4h\x1b[1;2HX\x1b[4l\x1b[2;1Hxx', 10, ['', 'xx'], [1, 2]],
    ['a gap before a wide character is none', 20, 'a\x1b[20G字b', 40, ['a字b'], [0, 4]],
    ['RI', 10, '0123456789ab\x1b[1;1H\x1bM\x1b[4;1H', 20, ['', '0123456789', 'ab'], [3, 0]],
    ['IL', 10, '0123456789ab\x1b[1;1H\x1b[L\x1b[4;1H', 20, ['', '0123456789', 'ab'], [3, 0]],
    ['SD by two rows', 5, 'aaaaabbbbbccccc\x1b[2T\x1b[H', 20, ['', '', 'aaaaa', 'bbbbbccccc'], [0, 0]],
  ])('takes what is in use for a line, as tmux does: %s', (_, before, text, after, rows, [row, col]) => {
    const emulator = terminalWith(text, before, 6);
    resizeTerminal(emulator, after, 6);
    const { screen, cursorRow, cursorCol } = readScreen(emulator);
    expect(screen.slice(0, screen.findLastIndex((line) => line !== '') + 1)).toEqual(rows);
    expect([cursorRow, cursorCol]).toEqual([row, col]);
  });

  it('gives rows back that scrolled off before an empty screen was emptied', () => {
    const emulator = terminalWith('1\r\n2\r\n3\r\n\n\n\n\x1b[H\x1b[J:', 10, 3);
    resizeTerminal(emulator, 10, 5);
    expect(readScreen(emulator)).toMatchObject({ screen: ['3', '', ':', '', ''], cursorRow: 2, cursorCol: 1 });
  });

  it('shows nothing of what is no character', () => {
    expect(show('ab\uffff\ufffecd')).toMatchObject({ cursorCol: 4 });
    expect(first('ab\uffff\ufffecd')).toBe('abcd');
  });
});
