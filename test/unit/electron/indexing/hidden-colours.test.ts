// Which colours text had: by the theme of the recording, by what it set itself, and when it set it.

import { describe, expect, it, test } from 'vitest';
import { parseColour } from '../../../../electron/indexing/x-colour.ts';
import { themeOf } from '../../../../shared/recording/asciicast-theme.ts';
import { hiddenIn, type Step } from './hidden-harness.ts';

const ESC = '\u001b';
const textsIn = (steps: readonly Step[], header = '{}'): string[] =>
  hiddenIn(steps, { theme: themeOf(header) }).map(({ cause, text }) => `${cause}: ${text}`);

const THEME = {
  fg: '#839496',
  bg: '#002b36',
  palette:
    '#073642:#dc322f:#859900:#b58900:#268bd2:#d33682:#2aa198:#eee8d5:#002b36:#cb4b16:#586e75:#657b83:#839496:#6c71c4:#93a1a1:#fdf6e3',
};
const LIGHT = { fg: '#202020', bg: '#ffffff', palette: THEME.palette };

describe.each([
  ['version 2', (theme: object) => JSON.stringify({ version: 2, width: 80, height: 24, theme })],
  ['version 3', (theme: object) => JSON.stringify({ version: 3, term: { cols: 80, rows: 24, theme } })],
])('the theme of a header, %s', (_name, header) => {
  it('says which text has the colour of its background', () => {
    const steps: Step[] = [[1, 'o', `${ESC}[90mgrey on grey${ESC}[0m ${ESC}[31mred words${ESC}[0m`]];
    expect(textsIn(steps, header(THEME))).toEqual(['same-colour: grey on grey']);
    expect(textsIn(steps)).toEqual([]);
  });

  it('says that a screen is light', () => {
    const black: Step[] = [[1, 'o', `${ESC}[38;2;0;0;0mblack words${ESC}[0m`]];
    const white: Step[] = [[1, 'o', `${ESC}[38;2;255;255;255mwhite words${ESC}[0m`]];
    expect(textsIn(black, header(LIGHT))).toEqual([]);
    expect(textsIn(white, header(LIGHT))).toEqual(['same-colour: white words']);
  });

  it('has eight colours that are the bright ones too', () => {
    const palette = THEME.palette.split(':').slice(8).join(':');
    for (const code of [30, 90]) {
      const steps: Step[] = [[1, 'o', `${ESC}[${String(code)}mgrey on grey`]];
      expect(textsIn(steps, header({ ...THEME, palette }))).toEqual(['same-colour: grey on grey']);
    }
  });

  it('is left out where it is none', () => {
    expect(themeOf(header({ fg: 'red', bg: 7, palette: '#000000:#111111' }))).toEqual({});
  });

  it('hides nothing in colours that nobody set', () => {
    expect(textsIn([[1, 'o', 'plain words']], header({ fg: '#aaaaaa', bg: '#bbbbbb' }))).toEqual([]);
  });
});

test.each([
  ['red', [255, 0, 0]],
  ['Dark Slate Grey', [47, 79, 79]],
  ['Tomato3', [205, 79, 57]],
  ['gray50', [127, 127, 127]],
  ['grey0', [0, 0, 0]],
  ['#123', [16, 32, 48]],
  ['#123456', [18, 52, 86]],
  ['#123456789', [18, 69, 120]],
  ['#1111aaaaffff', [17, 170, 255]],
  ['rgb:1/2/3', [17, 34, 51]],
  ['RGB:FF/80/00', [255, 128, 0]],
  ['rgb:f/80/0000', [255, 128, 0]],
  ['rgbi:1.0/0.2140/0', [255, 127, 0]],
  ['rgbi:1e0/.0/0.', [255, 0, 0]],
  ['?', null],
  ['no colour', null],
  ['#1234', null],
  ['rgb:1/2', null],
  ['rgbi:2/0/0', null],
])('%s is the colour that X reads', (specification, colour) => {
  expect(parseColour(specification)).toEqual(colour);
});

test.each(['#191970', 'rgb:19/19/70', 'rgb:1919/1919/7070', 'rgbi:0.0097/0.0097/0.162', 'Midnight Blue'])(
  'a colour that is set as %s counts',
  (specification) => {
    const set = `${ESC}]4;1;${specification}${ESC}\\`;
    expect(textsIn([[1, 'o', `${set}${ESC}[31;48;2;25;25;112mpalette trick${ESC}[0m`]])).toEqual(['same-colour: palette trick']);
  },
);

test.each(['black', 'rgb:16/18/1d', '#16181d'])('a text colour that is set as %s counts', (specification) => {
  const set = `${ESC}]11;${specification}\u0007${ESC}]10;${specification}\u0007`;
  expect(textsIn([[1, 'o', `${set}default trick\r\n`]])).toEqual(['same-colour: default trick']);
  expect(textsIn([[1, 'o', `${ESC}]10;${specification};${specification}\u0007default trick\r\n`]])).toEqual([
    'same-colour: default trick',
  ]);
});

describe('colours that change when text stands', () => {
  const words: Step = [1, 'o', `${ESC}[31mwords in red${ESC}[0m\r\n`];
  const hide = `${ESC}]4;1;#16181d\u0007`;
  const hideAll = `${ESC}]10;#808080\u0007${ESC}]11;#808080\u0007`;

  test('hide what was printed in the same instant, or too lately to be read', () => {
    expect(textsIn([[1, 'o', words[2] + hide]])).toEqual(['same-colour: words in red']);
    expect(textsIn([words, [1.05, 'o', hide]])).toEqual(['same-colour: words in red']);
    expect(
      textsIn([
        [1, 'o', 'plain words\r\n'],
        [1.05, 'o', hideAll],
      ]),
    ).toEqual(['same-colour: plain words']);
    expect(textsIn([[1, 'o', `${ESC}[38;5;253mwhite words\r\n${ESC}[?5h`]])).toEqual(['same-colour: white words']);
  });

  test('hide nothing that could be read before', () => {
    expect(textsIn([words, [1.2, 'o', hide]])).toEqual([]);
    expect(
      textsIn([
        [1, 'o', `${ESC}[38;5;253mwhite words\r\n`],
        [3, 'o', `${ESC}[?5h`],
      ]),
    ).toEqual([]);
  });

  test.each([
    ['OSC 104', `${ESC}]104\u0007`],
    ['OSC 104 with its number', `${ESC}]104;3;1\u0007`],
    ['RIS', `${ESC}c`],
  ])('are as they were after %s', (_name, reset) => {
    expect(textsIn([[1, 'o', hide], words])).toEqual(['same-colour: words in red']);
    expect(textsIn([[1, 'o', hide + reset], words])).toEqual([]);
  });

  test.each([
    ['OSC 110', `${ESC}]110\u0007`],
    ['OSC 111', `${ESC}]111\u0007`],
    ['RIS', `${ESC}c`],
  ])('are the default ones after %s', (_name, reset) => {
    expect(textsIn([[1, 'o', `${hideAll}plain words\r\n`]])).toEqual(['same-colour: plain words']);
    expect(textsIn([[1, 'o', `${hideAll}${reset}plain words\r\n`]])).toEqual([]);
  });

  test('show what was hidden, and until when it was', () => {
    const steps: Step[] = [[1, 'o', hide], words, [4, 'o', `${ESC}]104\u0007`]];
    expect(hiddenIn(steps)).toMatchObject([{ text: 'words in red', from: 1000, to: 4000 }]);
    expect(hiddenIn(steps)[0]!.note).toContain('then it was shown');
    expect(hiddenIn([[1, 'o', hide], words, [1.5, 'o', `${ESC}]104\u0007`]])).toEqual([]);
  });
});
