// Hidden text of every cause is found, whole and once, with its time and place, however its bytes came in events.

import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { HIDDEN_CAUSES } from '../../../../shared/api/shapes.ts';
import { eventOf, hiddenIn, hiddenInBytes, run, type Step } from './hidden-harness.ts';
import { MAX_STRING } from '../../../../shared/terminal/notice.ts';
import { SCROLLBACK } from '../../../../shared/terminal/rules.ts';
import { HIDDEN } from './hidden-set.ts';

const ESC = '\u001b';

describe.each(HIDDEN_CAUSES.filter((cause) => cause !== 'not-searched'))('%s', (cause) => {
  const cases = HIDDEN.filter((one) => one.cause === cause);

  it('has cases', () => {
    expect(cases.length).toBeGreaterThan(1);
  });

  test.each(cases)('$name', ({ text, at, steps }) => {
    for (const found of [hiddenIn(steps), hiddenInBytes(steps)]) {
      expect(found, JSON.stringify(found)).toHaveLength(1);
      const [finding] = found;
      expect(finding).toMatchObject({ cause, times: 1 });
      expect(finding!.text).toContain(text);
      expect(Math.abs(finding!.from - at)).toBeLessThan(1100);
      expect(finding!.to).toBeGreaterThanOrEqual(finding!.from);
      expect(finding!.note).toMatch(/^[A-Z0-9].*\.$/);
      expect(finding!.line!.text).toBe(finding!.text);
    }
  });
});

test('events that are cut into bytes at the same time give the same findings but for the number of the event', () => {
  for (const { steps } of HIDDEN) {
    const bare = (found: ReturnType<typeof hiddenIn>): unknown[] => found.map(({ index: _i, line: _l, ...rest }) => rest);
    expect(bare(hiddenInBytes(steps))).toEqual(bare(hiddenIn(steps)));
  }
});

test('a finding says where it stood and for how long', () => {
  const [finding] = hiddenIn([
    [1, 'o', `${ESC}[5;11Hpassing words`],
    [1.04, 'o', `${ESC}[5;1H${ESC}[K`],
  ]);
  expect(finding).toMatchObject({
    cause: 'short-lived',
    text: 'passing words',
    row: 4,
    col: 10,
    from: 1000,
    to: 1040,
    index: 0,
    stream: 'stdout',
    note: 'Stood for 40 ms, then was erased or overwritten.',
  });
});

test('exactly 100 ms are readable, and a millisecond less is not', () => {
  const shown = (seconds: number): number =>
    hiddenIn([
      [1, 'o', 'a few words'],
      [1 + seconds, 'o', `\r${ESC}[K`],
    ]).length;
  expect(shown(0.1)).toBe(0);
  expect(shown(0.099)).toBe(1);
});

test('concealed text that grows by typing is one finding, and each part of it has its time', () => {
  const keys = Array.from('date', (key, i) => [2 + i, 'o', key] as const);
  const [finding, ...others] = hiddenIn([[1, 'o', `${ESC}[8m$ `], ...keys]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ cause: 'concealed', text: '$ date' });
  expect(finding!.line!.steps.map(({ length, at }) => [length, at / 1e6])).toEqual([
    [3, 2],
    [4, 3],
    [5, 4],
    [6, 5],
  ]);
});

test('letters in the colour of their background are hidden when there are several in a row', () => {
  const letters = Array.from('vault', (letter) => `${ESC}[30;40m${letter}${ESC}[0m.`).join('');
  expect(hiddenIn([[1, 'o', letters]]).map(({ text }) => text)).toEqual(Array.from('vault'));
});

test('hidden text that is printed twice in a row is no excuse for itself', () => {
  const hidden = `${ESC}[30;40mvault code${ESC}[0m`;
  expect(hiddenIn([[1, 'o', `${hidden} and ${hidden}`]]).map(({ text }) => text)).toContain('vault code');
});

test('concealed text that is shown later says so', () => {
  const [finding] = hiddenIn([
    [1, 'o', `${ESC}[8mnot yet shown`],
    [5, 'o', `\r${ESC}[28mnot yet shown`],
  ]);
  expect(finding).toMatchObject({ cause: 'concealed', from: 1000, to: 5000 });
  expect(finding!.note).toContain('then it was shown');
});

test('what is found again and again is counted', () => {
  const steps = Array.from({ length: 500 }, (_, i) => [1 + i * 2, 'o', `${ESC}[8msame again${ESC}[0m\r\n`] as const);
  const found = hiddenIn(steps);
  expect(found).toHaveLength(20);
  expect(found.reduce((sum, { times }) => sum + times, 0)).toBe(500);
  // The one that counts lasts as long as all that it counts; the others have their own end.
  expect([found[19]!.from, found[19]!.to]).toEqual([39_000, 1_001_000]);
  expect(found[18]!.to).toBeLessThan(100_000);
});

test('a flood of different findings is bounded', () => {
  const steps = Array.from({ length: 12_000 }, (_, i) => [1 + i, 'o', `${ESC}[8mnumber ${String(i)}${ESC}[0m\r\n`] as const);
  expect(hiddenIn(steps).length).toBeLessThan(10_000);
});

test('what is printed over text and erased in the same event is no part of the text that stood there', () => {
  const over = `${ESC}[3;1H>${ESC}[3;1H`;
  const other = 'Other words standing here';
  for (const end of [`${ESC}[K${ESC}[3;1H${other}`, other, `${ESC}[2J${ESC}[3;1H${other}`]) {
    const steps = [
      [1, 'o', `${ESC}[3;1HSwap file hidden exists\r`],
      [1.06, 'o', over + end],
    ] as const;
    for (const found of [hiddenIn(steps), hiddenInBytes(steps)])
      expect(found.map(({ text, from, to, col }) => ({ text, from, to, col }))).toEqual([
        { text: 'Swap file hidden exists', from: 1000, to: 1060, col: 0 },
      ]);
  }
});

describe('rows that one drawing took away', () => {
  const rows = (count: number, word: (row: number) => string): string =>
    Array.from({ length: count }, (_, row) => `${ESC}[${String(row + 3)};5H${ESC}[K${word(row)}`).join('');
  const flashed = (count: number, word: (row: number) => string): ReturnType<typeof hiddenIn> =>
    hiddenIn([
      [1, 'o', `${ESC}[?1049h${rows(count, word)}`],
      [1.04, 'o', rows(count, (row) => `public words ${String.fromCodePoint(97 + row)}`)],
      [4, 'o', `${ESC}[?1049l`],
    ]);
  const secret = (row: number): string => `secret ${String.fromCodePoint(97 + row).repeat(12)}`;

  test('are a finding each when they are few', () => {
    expect(flashed(3, secret).map(({ text, row }) => ({ text, row }))).toEqual(
      [0, 1, 2].map((row) => ({ text: secret(row), row: row + 2 })),
    );
  });

  test('are one finding from four on, whose parts have no place for a search', () => {
    const [page, ...others] = flashed(12, secret);
    expect(others).toEqual([]);
    expect(page).toMatchObject({
      cause: 'repainted',
      text: Array.from({ length: 12 }, (_, row) => secret(row)).join(' '),
      row: 2,
      col: 4,
      from: 1000,
      to: 1040,
      note: '12 rows that stood for 40 ms at most, then were painted over at once.',
    });
    expect(page!.line).toMatchObject({ row: -1, col: -1, cols: 0 });
  });

  test('are several findings where their text is longer than one may be, and none of it is lost', () => {
    const long = (row: number): string => `${secret(row)} ${'x'.repeat(50)}`;
    const pages = flashed(20, long);
    expect(pages.map(({ row }) => row)).toEqual([2, 16]);
    expect(pages.map(({ text }) => text).join(' ')).toBe(Array.from({ length: 20 }, (_, row) => long(row)).join(' '));
  });
});

test('text that goes in the event that completes it is one finding', () => {
  const [finding, ...others] = hiddenIn([
    [1, 'o', 'copy the file'],
    [1.06, 'o', ` to the disk\r${ESC}[K`],
  ]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ text: 'copy the file to the disk', from: 1000, to: 1060 });
});

const GIVEN = new URL('../../../fixtures/recordings/hidden-text.cast', import.meta.url).pathname;

test('the recording with one hidden text at a time', () => {
  interface Truth {
    readonly hidden: readonly { readonly t: number; readonly text: string }[];
  }
  const truth = JSON.parse(readFileSync(`${GIVEN}.truth.json`, 'utf8')) as Truth;
  const [, ...lines] = readFileSync(GIVEN, 'utf8').trim().split('\n');
  const found = hiddenIn(
    lines.map((line) => JSON.parse(line) as [number, 'o' | 'i', string]),
    { cols: 88, rows: 30 },
  );
  const missing = truth.hidden.filter(
    ({ t, text }) =>
      !found.some((finding) => finding.text.includes(text) && finding.from <= t * 1000 + 50 && finding.to >= t * 1000 - 50) &&
      !found.some((finding) => finding.text.includes(text.replace('zero: abcd', 'zero: abcd ok'))),
  );
  expect(missing).toEqual([]);
});

test('a number beside words that were read is hidden, unless another number takes its place', () => {
  const shown = (after: string): readonly string[] =>
    hiddenIn([
      [0, 'o', 'the code is below\r\n'],
      [1, 'o', `${ESC}[3;1Hthe code   48291377`],
      [1.05, 'o', `${ESC}[3;1H${ESC}[K${after}`],
      [3, 'o', '\r\n'],
    ]).map(({ text }) => text);
  expect(shown('nothing of it')).toEqual(['the code 48291377']);
  expect(shown('other words   11200')).toEqual([]);
});

const many = (count: number, step: (n: number) => Step): Step[] => Array.from({ length: count }, (_, n) => step(n));

test.each<readonly [what: string, bound: number, steps: Step[]]>([
  [
    'titles, clipboard writes and control strings',
    2000,
    many(2001, (n) => [n, 'o', `${ESC}_payload number ${String(n)}${ESC}\\`]),
  ],
  ['typed lines', 2000, many(2001, (n) => [n, 'i', `unseen words ${String(n)}\r`])],
  ['text beyond the edge', 4000, many(4001, (n) => [n, 'o', `${ESC}[?7l\r\n${ESC}[78Gbeyond the edge ${String(n)}`])],
])('beyond its bound a session says that %s are not judged, and nothing else', (what, bound, steps) => {
  const said = (found: ReturnType<typeof hiddenIn>): unknown[] => found.filter(({ cause }) => cause === 'not-searched');
  expect(said(hiddenIn(steps.slice(0, bound)))).toEqual([]);
  expect(said(hiddenIn(steps))).toMatchObject([
    {
      text: what,
      from: bound * 1000,
      to: bound * 1000 + 2000,
      row: null,
      line: null,
      note: expect.stringMatching(/^From here on .* judged: \d000 .*are\.$/) as string,
    },
  ]);
});

test('where no time passes, nothing is claimed of text that went, and that is said once', () => {
  const steps = ['first words', 'other text', 'last line'].map((text): Step => [0, 'o', `\r${ESC}[K${text}`]);
  expect(run(steps.map(eventOf))).toMatchObject([{ cause: 'not-searched', text: 'text that went at unknown times' }]);
});

test('an event whose time could not be placed gives no claim of text that it erased', () => {
  const steps: Step[] = [
    [10, 'o', 'readable words'],
    [10, 'o', `\r${ESC}[K`],
    [12, 'o', 'end'],
  ];
  const events = steps.map(eventOf);
  expect(run(events)).toMatchObject([{ cause: 'short-lived' }]);
  for (const time of ['2', '']) {
    expect(run(events.with(1, { ...events[1]!, time }))).toMatchObject([{ cause: 'not-searched' }]);
  }
});

test('concealed text that goes through the whole scrollback in one event is found', () => {
  const gone = `${ESC}[8mfar away${ESC}[0m${'\r\n'.repeat(SCROLLBACK + 100)}`;
  expect(hiddenIn([[1, 'o', gone]])).toMatchObject([{ cause: 'concealed', text: 'far away' }]);
});

test('a mark in the second row of a line has its place there', () => {
  expect(hiddenIn([[1, 'o', `${ESC}[3;1H${'a'.repeat(100)}b\u200bc`]])).toMatchObject([{ row: 3, col: 21 }]);
});

test('concealed text stands on through a change of size', () => {
  const found = hiddenIn([
    [1, 'o', `${'a'.repeat(70)}\r\n${ESC}[8mstays concealed${ESC}[0m`],
    [2, 'r', '60x20'],
    [3, 'r', '100x40'],
    [5, 'o', `\r${ESC}[K`],
  ]);
  expect(found).toMatchObject([{ text: 'stays concealed', from: 1000, to: 5000 }]);
});

/** Milliseconds that something takes. */
function took(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

test.each([
  ['a graphics command', `${ESC}_G${'a='.repeat(26)},!${ESC}\\`],
  ['keys that a program defines', `${ESC}P|1/${'11/'.repeat(26)}!${ESC}\\`],
])('what has nearly the form of %s is looked at in little time', (_name, text) => {
  expect(took(() => hiddenIn([[1, 'o', text]]))).toBeLessThan(1000);
});

test('a control string of which only the beginning is kept is said to be searched up to there', () => {
  const sent = (length: number): Step[] => [[1, 'o', `${ESC}]1337;${'a'.repeat(length)}\u0007`]];
  expect(hiddenIn(sent(MAX_STRING))).toEqual([]);
  expect(hiddenIn(sent(MAX_STRING + 1))).toMatchObject([{ cause: 'not-searched', text: 'the rest of long control strings' }]);
});

test('a command without a number that has not ended when the recording does is a control string', () => {
  expect(
    hiddenIn([
      [1, 'o', `${ESC}]it goes on`],
      [2, 'o', ' and on'],
    ]),
  ).toMatchObject([{ cause: 'control-string', text: 'it goes on and on', from: 1000 }]);
});
