// A redacted stream holds nothing of what is withheld, however it got there, and everything else as it was.

import { describe, expect, it } from 'vitest';
import { NO_KEYFRAMES, screenAt, type EventSource } from '../../../../../electron/replay/replay.ts';
import {
  redactInSteps,
  type RecordBytes,
  type Redacted,
  type RedactionRequest,
} from '../../../../../electron/export/redaction/redaction.ts';
import type { RedactionRule } from '../../../../../shared/api/case-shapes.ts';
import type { RecordingEvent } from '../../../../../shared/recording/event.ts';
import { micros } from '../../../../../shared/recording/time.ts';
import { createRandom } from '../../../../support/random.ts';
import { sourceOf } from '../../replay/truths.ts';
import { eventsOf, HIDING_PLACES, type Step } from './hiding-places.ts';
import { allEvents, whereIs } from './searching.ts';

const COLS = 40;
const ROWS = 10;

const out = (bytes: string): Step => ({ stream: 'stdout', bytes });
const typed = (bytes: string): Step => ({ stream: 'stdin', bytes });

const textRule = (text: string, matchCase = false): RedactionRule => ({ kind: 'text', text, matchCase });

const made = (steps: readonly Step[], run = 3): EventSource => sourceOf(eventsOf(steps), COLS, ROWS, run);

function withheld(
  source: EventSource,
  rules: readonly RedactionRule[],
  records: RedactionRequest['records'] = () => [],
): Redacted {
  const named = rules.map((rule, i) => ({ id: `R-000${String(i + 1)}`, rule }));
  const steps = redactInSteps({ source, rules: named, records, headed: true });
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

const screensOf = (source: EventSource): (readonly string[])[] =>
  Array.from({ length: source.count + 1 }, (_, count) => screenAt(source, NO_KEYFRAMES, count).screen);

const textsOf = (source: EventSource): string[] =>
  allEvents(source).map((event) => (event.kind === 'data' ? Buffer.from(event.bytes).toString() : JSON.stringify(event)));

/** Holds for every redaction: numbers and times stay, and an event that is not withheld is the recording's own. */
function expectFaithful(source: EventSource, { source: shown, records }: Redacted): void {
  expect(shown.count).toBe(source.count);
  const originals = allEvents(source);
  for (const [at, event] of allEvents(shown).entries()) {
    const original = originals[at]!;
    expect([event.seq, event.at, event.record]).toEqual([original.seq, original.at, original.record]);
    if (!records.has(event.record)) expect(event).toBe(original);
  }
}

describe('a text that is drawn again with each letter', () => {
  const WORD = 'tigerlily7';
  const grown = (form: (begun: string) => string): Step[] => Array.from(WORD, (_, i) => out(form(WORD.slice(0, i + 1))));
  it.each([
    ['from the beginning of the line', (begun: string) => `\r\u001b[K$ ${begun}`],
    ['over itself', (begun: string) => `${'\b'.repeat(begun.length - 1)}\u001b[31m${begun}`],
    ['in a pattern line', (begun: string) => `\r\u001b[K(search)\`${begun}': x`],
    ['on the last line', (begun: string) => `\u001b[10;1H\u001b[K:${begun}`],
    ['in titles that end otherwise each time', (begun: string) => `\u001b]2;$ ${begun} — ${String(99 - begun.length)}\u0007`],
    ['in titles', (begun: string) => `\u001b]2;${begun}\u0007`],
  ])('%s is withheld from its first letter', (_, form) => {
    const shown = withheld(made(grown(form)), [textRule(WORD)]).source;
    expect(textsOf(shown).join('')).not.toMatch(/t|ig|li|ly/);
  });

  it('is withheld behind its blanks too', () => {
    const words = 'fix order totals';
    const steps = Array.from(words, (_, i) => out(`\r\u001b[K$ ${words.slice(0, i + 1)}`));
    expect(textsOf(withheld(made(steps), [textRule(words)]).source).join('')).not.toMatch(/fi|or|de|to|ta/);
  });

  it('takes nothing of what stood there as another text', () => {
    const source = made([out('\r\u001b[Ksome words'), out('\u001b]2;ts\u0007'), out(`\r\u001b[K${WORD}\u001b]2;${WORD}\u0007`)]);
    expect(textsOf(withheld(source, [textRule(WORD)]).source).slice(0, 2)).toEqual(['\r\u001b[Ksome words', '\u001b]2;ts\u0007']);
  });
});

describe('a text that was typed with something else in it', () => {
  const left = (times: number): string => '\u001b[D'.repeat(times);
  it.each([
    ['backspace', `tigerXlily7${left(5)}\u007f`],
    ['Delete', `tigerXlily7${left(6)}\u001b[3~`],
    ['^D', `tigerXlily7${left(6)}\u0004`],
    ['^W', `tigerlily7 not\u0017`],
    ['^W in the middle', `tigerX lily7${left(5)}\u0002\u0008\u0004`],
    ['^K', `tigerX\u0002\u000blily7`],
    ['^U', `no, tigerlily7${left(10)}\u0015`],
    ['Alt-Backspace', 'tigerlily7 not\u001b\u007f'],
    ['Alt-Backspace by letters', 'tiger-not\u001b\u007f\u007flily7'],
    ['Alt-D', `tigernot lily7${left(9)}\u001bd\u0004`],
    ['^T', 'tigerlil7y\u0014'],
    ['^T in the middle', `tiegrlily7${left(7)}\u0014`],
    ['^W and ^Y', 'lily7\u0017tiger\u0019'],
    ['^K, a line, and ^Y', 'lily7\u0001\u000b\rtiger\u0019'],
    ['two cuts and ^Y', `tiger lily7${left(6)}\u0004\u0017\u000b\u0019`],
    ['^D, and typed on', `tigerX${left(1)}\u0004lily7`],
  ])('is found when %s leaves it', (_, keys) => {
    const { source, by } = withheld(made(Array.from(`${keys}\r`, typed)), [textRule('tigerlily7')]);
    expect(by[0]!.matches).toBeGreaterThan(0);
    expect(textsOf(source).join('')).not.toMatch(/tiger|lily7/);
  });
});

describe('a text that was typed as keys with their numbers', () => {
  const KITTY_SHIFT = 57441;
  const down = (code: number): string => `\u001b[${String(code)}u`;
  const up = (code: number): string => `\u001b[${String(code)};1:3u`;
  const windows = (key: number, unit: number, isDown: 0 | 1): string =>
    `\u001b[${String(key)};35;${String(unit)};${String(isDown)};0;1_`;
  const shifted = (code: number, key: string): string =>
    `${down(KITTY_SHIFT)}\u001b[${key};2u\u001b[${String(code + 32)};2:3u${up(KITTY_SHIFT)}`;
  const WAYS: Readonly<Record<string, (code: number) => string>> = {
    kitty: (code) => down(code),
    'kitty, with what happened': (code) => `\u001b[${String(code)};1:1u${up(code)}`,
    'kitty, and only the release by number': (code) => `${String.fromCharCode(code)}\u001b[${String(code + 32)};2:3u`,
    'kitty, with both characters': (code) => shifted(code, `${String(code + 32)}:${String(code)}`),
    'kitty, with the key alone': (code) => shifted(code, String(code + 32)),
    'kitty, with its text': (code) => `\u001b[97;;${String(code)}u${up(97)}`,
    modifyOtherKeys: (code) => `\u001b[27;2;${String(code)}~`,
    'win32-input-mode': (code) => `${windows(16, 0, 1)}${windows(code, code, 1)}${windows(code, code, 0)}${windows(16, 0, 0)}`,
    'win32-input-mode, without a key': (code) => `${windows(0, code, 1)}${windows(0, code, 0)}`,
  };
  const keys = (text: string, way: (code: number) => string): string =>
    Array.from(text, (character) => way(character.charCodeAt(0))).join('');
  const WORD = 'HUNTER';

  describe.each(Object.keys(WAYS))('%s', (name) => {
    const written = keys(WORD, WAYS[name]!);
    const drawnOver = name.includes('only the release') ? '█'.repeat(WORD.length) : '';

    it('is left out from its first key to its last release, and nothing else is', () => {
      const source = made([typed(`ls\r${down(97)}${up(97)}${written}${down(13)}${up(13)}`), typed('pwd\r')]);
      const redacted = withheld(source, [textRule(WORD, true)]);
      expect(textsOf(redacted.source)).toEqual([`ls\r${down(97)}${up(97)}${drawnOver}${down(13)}${up(13)}`, 'pwd\r']);
      expect([redacted.by[0]!.matches, redacted.rounds, Array.from(redacted.records.keys())]).toEqual([1, 0, [1]]);
      expectFaithful(source, redacted);
    });

    it('is found wherever events cut it', () => {
      for (const size of [1, 5]) {
        const parts = Array.from({ length: Math.ceil(written.length / size) }, (_, i) => written.slice(i * size, (i + 1) * size));
        const source = made([...parts.map(typed), typed('\r')]);
        const { source: shown, records } = withheld(source, [textRule(WORD, true)]);
        expect(textsOf(shown).join('')).toBe(`${drawnOver}\r`);
        expect(records.has(source.count)).toBe(false);
      }
    });

    it('is another one, and stays', () => {
      const source = made([typed(keys('HANTER', WAYS[name]!))]);
      expect(withheld(source, [textRule(WORD, true)]).records.size).toBe(0);
    });
  });

  it('is withheld with releases that come late', () => {
    const late = Array.from('hunter2', (character, i) => {
      const before = 'hunter2'[i - 2];
      return `${down(character.charCodeAt(0))}${before === undefined ? '' : up(before.charCodeAt(0))}`;
    });
    const source = made([typed(late.join('')), typed(`${down(13)}${up(114)}`), typed(`${up(50)}${up(13)}`)]);
    expect(textsOf(withheld(source, [textRule('hunter2')]).source)).toEqual(['', down(13), up(13)]);
  });

  it('is withheld where it was corrected and cursor keys were used, also between plain characters', () => {
    const back = `${down(127)}${up(127)}`;
    const left = '\u001b[1;1:1D\u001b[1;1:3D';
    const source = made([typed(`HU${down(120)}${up(120)}${back}TER${left.repeat(3)}${down(110)}\r`)]);
    const [shown] = textsOf(withheld(source, [textRule(WORD)]).source);
    expect(shown).toBe(`██${down(120)}${up(120)}${back}███${left.repeat(3)}\r`);
  });

  it('is found in a record that no event shows', () => {
    const written = JSON.stringify({ in: keys(WORD, WAYS['kitty, with what happened']!) });
    const read = (text: string) => [{ index: 7, bytes: () => Buffer.from(text), parts: [] }];
    const source = made([out('x')]);
    expect(Array.from(withheld(source, [textRule(WORD)], () => read(written)).records.keys())).toEqual([7]);
    expect(withheld(source, [textRule(WORD)], () => read(written.replace('[78', '[79'))).records.size).toBe(0);
  });
});

describe('a text', () => {
  const SECRETS = ['Blauwal7', 'zwölf Affen', 'pw#123', 'a/b+c=="d"'];

  it.each(Object.keys(HIDING_PLACES))('is withheld: %s', (name) => {
    for (const [i, secret] of SECRETS.entries()) {
      const stage = { cols: COLS, rows: ROWS, random: createRandom(i) };
      const source = made([out('first line\r\n'), ...HIDING_PLACES[name]!(secret, stage), out('last line\r\n')]);
      expect(whereIs(secret, source), secret).not.toEqual([]);
      const redacted = withheld(source, [textRule(secret)]);
      expect(whereIs(secret, redacted.source), secret).toEqual([]);
      expectFaithful(source, redacted);
      expect(redacted.by[0]!.matches).toBeGreaterThan(0);
      expect(redacted.records.has(1)).toBe(false);
      expect(redacted.records.has(source.count)).toBe(name === 'in a string that never ends');
    }
  });

  /** EXHIBIT_REDACTIONS: how many. */
  const ROUNDS = Number(process.env.EXHIBIT_REDACTIONS ?? 25);

  it(`is withheld wherever it stands, in ${String(ROUNDS)} recordings made by chance`, () => {
    const names = Object.keys(HIDING_PLACES);
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const secret = random.pick([...SECRETS, 'geheim', 'Ölstand 8', 'trust no one']);
      const stage = { cols: COLS, rows: ROWS, random };
      const chosen = Array.from({ length: 1 + random.below(4) }, () => random.pick(names));
      const steps = chosen.flatMap((name) => [
        out(
          random.pick([
            '',
            '\u001b[2J',
            '\u001b[H',
            'some text ',
            '\r\n',
            '\u001b[3;7r',
            '\u001b[r',
            '\u001b[?7l',
            '\u001b[?7h',
            '\u001b(0',
            '\u001b(B',
          ]),
        ),
        ...HIDING_PLACES[name]!(secret, stage),
      ]);
      const source = made(steps, 1 + random.below(5));
      const redacted = withheld(source, [textRule(secret, random.below(2) === 0)]);
      expect(whereIs(secret, redacted.source), `seed ${String(seed)}: ${chosen.join(', ')}`).toEqual([]);
      expectFaithful(source, redacted);
    }
  });

  it('is drawn over cell for cell: the rest of the screen and its layout stay', () => {
    const source = made([out('user: anna pw: Blauwal7 ok\r\n$ '), out('\u001b[1;31mBlau\u001b[0mwal7'), out(' done 全角\r\n')]);
    const { source: shown, characters } = withheld(source, [textRule('Blauwal7')]);
    expect(screenAt(shown, NO_KEYFRAMES, 3).screen.slice(0, 2)).toEqual(['user: anna pw: ████████ ok', '$ ████████ done 全角']);
    expect(textsOf(shown)[1]).toBe('\u001b[1;31m████\u001b[0m████');
    expect(characters).toBe(16);
    const { source: wide } = withheld(source, [textRule('全角')]);
    expect(screenAt(wide, NO_KEYFRAMES, 3).screen[1]).toBe('$ Blauwal7 done 〓〓');
  });

  it('of another letter case is kept when the case is to agree, and withheld when not', () => {
    const source = made([out('BLAUWAL7 Blauwal7\r\n')]);
    expect(textsOf(withheld(source, [textRule('Blauwal7', true)]).source)).toEqual(['BLAUWAL7 ████████\r\n']);
    expect(textsOf(withheld(source, [textRule('Blauwal7')]).source)).toEqual(['████████ ████████\r\n']);
  });

  it('is found whatever its letters are in the other case', () => {
    const source = made([out('οδος ΟΔΟΣ straße STRASSE\r\n')]);
    expect(textsOf(withheld(source, [textRule('ΟΔΟΣ'), textRule('Straße')]).source)).toEqual(['████ ████ ██████ ███████\r\n']);
  });

  it('that is nowhere changes nothing', () => {
    const source = made([out('one\r\n'), out('two\r\n')]);
    const { source: shown, records, by, rounds } = withheld(source, [textRule('three')]);
    expect(allEvents(shown)).toEqual(allEvents(source));
    expect([records.size, by[0]!.matches, rounds]).toEqual([0, 0, 0]);
  });

  it('of nothing visible is refused', () => {
    expect(() => withheld(made([out('x')]), [textRule(' \u200b ')])).toThrow(/nothing visible/);
  });
});

describe('what is found', () => {
  it('by a pattern is withheld, and what it found may stand nowhere', () => {
    const source = made([out('token=ab12cd34 '), out('tok'), out('en=zz99yy88\r\n'), out('base64 emw5OXl5ODg=\r\n')]);
    const {
      source: shown,
      texts,
      by,
    } = withheld(source, [{ kind: 'pattern', pattern: '[a-z]{2}\\d\\d[a-z]{2}\\d\\d', flags: '' }]);
    expect(textsOf(shown).slice(0, 3)).toEqual(['token=████████ ', 'tok', 'en=████████\r\n']);
    expect(texts).toEqual(['ab12cd34', 'zz99yy88']);
    expect(by).toMatchObject([{ id: 'R-0001', matches: 2, events: 2 }]);
  });

  it('by a pattern once is withheld in its other writings too', () => {
    const secret = 'zz99yy88';
    const source = made([
      out(`${secret}\r\n`),
      out(`${Buffer.from(`x${secret}`).toString('base64')}\r\n`),
      out(`\u001b]0;${Buffer.from(secret).toString('hex')}\u0007`),
    ]);
    const { source: shown } = withheld(source, [{ kind: 'pattern', pattern: '[a-z]{2}\\d\\d[a-z]{2}\\d\\d', flags: '' }]);
    expect(whereIs(secret, shown)).toEqual([]);
  });

  it('in a string that no screen shows is withheld with the string, decoded too', () => {
    const clip = Buffer.from('pin: BLAUWAL7, k42').toString('base64');
    const source = made([
      out(`a\u001b]52;c;${clip.slice(0, 9)}`),
      out(`${clip.slice(9)}\u0007b`),
      out('\u001b]8;;x:%62lauwal7\u001b\\c'),
    ]);
    for (const rule of [textRule('blauwal7'), { kind: 'pattern', pattern: 'BLAU\\w+|blau\\w+', flags: '' } as const]) {
      expect(textsOf(withheld(source, [rule]).source)).toEqual(['a\u001b\\', 'b', '\u001b\\\u001b\\c']);
    }
  });

  it('by the list of secrets is withheld', () => {
    const key = `AKIA${'Z7Q2'.repeat(4)}`;
    const source = made([out(`export AWS_ACCESS_KEY_ID=${key.slice(0, 9)}`), out(`${key.slice(9)}\r\n`)]);
    const redacted = withheld(source, [{ kind: 'secrets' }]);
    expect(whereIs(key, redacted.source)).toEqual([]);
    expect(redacted.texts).toContain(key);
  });

  it('in a wrong pattern is an error of the request', () => {
    expect(() => withheld(made([out('x')]), [{ kind: 'pattern', pattern: '(', flags: '' }])).toThrow(/expression/);
  });
});

describe('a rule that names events', () => {
  const steps = [
    out('zero\r\n'),
    out('one \u001b[1'),
    out(';31mtwo\u001b]0;ti'),
    typed('three\u001b[A'),
    { marker: 'four' },
    out('tle\u0007five'),
    out(' six'),
  ];

  it('withholds a time range: text is drawn over, colours and layout stay, strings go', () => {
    const source = made(steps);
    const redacted = withheld(source, [{ kind: 'range', fromUs: micros(20_000), toUs: micros(40_000) }]);
    expect(textsOf(redacted.source)).toEqual([
      'zero\r\n',
      'one \u001b[1',
      ';31m███\u001b\\',
      '',
      expect.stringContaining('█'),
      'five',
      ' six',
    ]);
    expect(Array.from(redacted.records.keys())).toEqual([3, 4, 5, 6]);
    expect(redacted.by).toMatchObject([
      { matches: 0, ranges: [{ fromEvent: 2, toEvent: 4, fromUs: 20_000, toUs: 40_000, events: 3 }] },
    ]);
    expect(redacted.texts).toEqual([]);
  });

  it('withholds a stream', () => {
    const source = made(steps);
    const { source: shown, records } = withheld(source, [{ kind: 'stream', stream: 'stdin' }]);
    expect(textsOf(shown)[3]).toBe('');
    expect(Array.from(records)).toEqual([[4, 'R-0001']]);
  });
});

describe('a screen region', () => {
  const region = { row: 1, col: 2, rows: 2, cols: 5 };
  const at = (row: number, col: number): string => `\u001b[${String(row + 1)};${String(col + 1)}H`;

  it('shows nothing while it is withheld, and what stood in it is nowhere', () => {
    const source = made([
      out(`${at(0, 0)}outside\r\n0123456789\r\nabcdefghij\r\n`),
      out(`${at(1, 4)}X`),
      out(`${at(2, 0)}new text`),
      out(`${at(9, 0)}\n\n`),
      out(`${at(1, 2)}late`),
    ]);
    const { source: shown } = withheld(source, [{ kind: 'region', fromUs: micros(10_000), toUs: micros(20_000), region }]);
    const screens = screensOf(shown);
    expect(screens[1]!.slice(0, 3)).toEqual(['outside', '01█████789', 'ab█████hij']);
    expect(screens[3]!.slice(0, 3)).toEqual(['outside', '01█████789', 'ne█████tij']);
    expect(screens[4]!.slice(0, 1)).toEqual(['ne█████tij']);
    expect(screens[5]!.slice(1, 2)).toEqual(['  late']);
  });

  it('withholds what scrolls into it, and both halves of a wide character', () => {
    const source = made([out(`${at(3, 0)}a全角全角b`), out(`${at(9, 0)}\n`), out('x')]);
    const { source: shown } = withheld(source, [{ kind: 'region', fromUs: micros(10_000), toUs: micros(10_000), region }]);
    expect(screensOf(shown)[3]![2]).toBe('a〓〓〓角b');
  });
});

describe('when what is left still shows it', () => {
  it('more is withheld, up to the whole event', () => {
    // DECALN fills the screen with a letter that no event prints.
    const source = made([out('a'), out('\u001b#8'), out('\u001b[2Jb')]);
    const { source: shown, wholeEvents, rounds } = withheld(source, [textRule('EEEEEEEE')]);
    expect(screensOf(shown).some((screen) => screen.join('').includes('E'))).toBe(false);
    expect([wholeEvents, rounds > 0]).toEqual([1, true]);
    expect(allEvents(shown)[2]).toEqual(allEvents(source)[2]);
  });
});

describe('around the events', () => {
  const source = made([out('hello\r\n')]);
  const record = (index: number, text: string, parts: readonly number[] = []): RecordBytes => ({
    index,
    bytes: () => Buffer.from(text),
    parts,
  });

  it('a record that says it is withheld, in whatever member and writing', () => {
    const records = [
      record(0, '{"version":2,"title":"with \\u0042lauwal7","env":{}}'),
      record(1, '[0,"o","hello\\r\\n"]'),
      record(2, `{"note":"${Buffer.from('..Blauwal7..').toString('base64')}"}`),
    ];
    const redacted = withheld(source, [textRule('Blauwal7')], () => records);
    expect(Array.from(redacted.records.keys())).toEqual([0, 2]);
  });

  it('a record without an event is withheld with what its file withholds: of which moment and stream it is nobody can say', () => {
    const [{ record: told }] = allEvents(source) as [RecordingEvent];
    const records = [record(0, '{"version":2}', [0]), record(told, 'hello', [0]), record(7, 'again', [0]), record(8, '{}', [1])];
    const withheldOf = (rule: RedactionRule): number[] => Array.from(withheld(source, [rule], () => records).records.keys());
    expect(withheldOf({ kind: 'range', fromUs: 0, toUs: 9_000_000 })).toEqual([told, 7]);
    expect(withheldOf({ kind: 'stream', stream: 'stdin' })).toEqual([7]);
    expect(withheldOf(textRule('hello'))).toEqual([told, 7]);
    expect(withheldOf(textRule('elsewhere'))).toEqual([]);
  });

  it('texts about the recording are cleaned', () => {
    const { clean } = withheld(source, [textRule('Blauwal7'), { kind: 'pattern', pattern: 'k\\d+', flags: '' }]);
    expect(clean('the blau\u200bwal7 and k42, nothing else')).toBe(`the ${'█'.repeat(9)} and ███, nothing else`);
    expect(clean('nothing')).toBe('nothing');
  });

  it('what does not open is withheld, because nobody can say what is in it', () => {
    const sealed = sourceOf(
      [
        {
          kind: 'sealed',
          seq: '1',
          at: micros(0),
          record: 1,
          stream: 'stdout',
          length: 9,
          ciphertext: Uint8Array.of(1),
          crypto: '{}',
        },
      ],
      COLS,
      ROWS,
    );
    const redacted = withheld(sealed, [textRule('Blauwal7')]);
    expect(redacted.records.has(1)).toBe(true);
    expect(allEvents(redacted.source)).toMatchObject([{ kind: 'data', bytes: new Uint8Array() }]);
  });

  it('a record that is too long to be looked through is withheld where a rule looks for text', () => {
    const records = (): ReturnType<RedactionRequest['records']> => [
      { index: 0, bytes: () => Buffer.from('{}'), parts: [] },
      { index: 9, bytes: () => null, parts: [] },
    ];
    const range: RedactionRule = { kind: 'stream', stream: 'stdin' };
    expect(withheld(source, [range, textRule('Blauwal7')], records).records.get(9)).toBe('R-0002');
    expect(withheld(source, [range], records).records.has(9)).toBe(false);
  });

  it('a record of many megabytes is looked through, and what may be base64 in it', () => {
    const long = 'QUFB'.repeat(4 * 1024 ** 2);
    const one =
      (text: string): RedactionRequest['records'] =>
      () => [record(9, `[1,"o","${text}"]`)];
    const isWithheld = (text: string): boolean => withheld(source, [textRule('Blauwal7')], one(text)).records.has(9);
    expect(isWithheld(long)).toBe(false);
    expect(isWithheld(`${long}${Buffer.from('Blauwal7').toString('base64')}`)).toBe(true);
    for (const text of ['Blauwal7', 'a Blauwal7!', 'Blauwal7 is one']) {
      const digits = Buffer.from(text).toString('base64');
      expect([isWithheld(digits), isWithheld(digits.replace(/=+$/, ''))]).toEqual([true, true]);
    }
  });

  it('is found in steps, which say how far they are', () => {
    const steps = redactInSteps({ source, rules: [{ id: 'R-0001', rule: textRule('hello') }], records: () => [], headed: true });
    expect(steps.next()).toEqual({ done: false, value: { done: 1, of: 2 } });
    expect(Array.from(steps)).toEqual([{ done: 2, of: 2 }]);
  });
});
