// A text is found in whatever escapes it stands, however they are mixed: each character in a form of its own.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unescaped, unescapings } from '../../../../../electron/export/redaction/escapes.ts';
import { Matcher } from '../../../../../electron/export/redaction/matching.ts';
import { findWithheld, withheldTextForms } from '../../../../../electron/export/redaction/redaction.ts';

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const bytesOf = (character: string): number[] => [...Buffer.from(character)];
const unitsOf = (character: string): number[] => Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));

/** Ways to write one character. */
const WAYS: readonly ((character: string) => string)[] = [
  (character) => character,
  (character) =>
    bytesOf(character)
      .map((byte) => `%${hex(byte, 2)}`)
      .join(''),
  (character) =>
    bytesOf(character)
      .map((byte) => `%${hex(byte, 2).toUpperCase()}`)
      .join(''),
  (character) =>
    bytesOf(character)
      .map((byte) => `\\x${hex(byte, 2)}`)
      .join(''),
  (character) =>
    bytesOf(character)
      .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
      .join(''),
  (character) =>
    unitsOf(character)
      .map((unit) => `\\u${hex(unit, 4)}`)
      .join(''),
  (character) => `\\u{${hex(character.codePointAt(0)!, 1)}}`,
  (character) => `\\U${hex(character.codePointAt(0)!, 8)}`,
  (character) => `&#${String(character.codePointAt(0))};`,
  (character) => `&#x${hex(character.codePointAt(0)!, 2)};`,
  (character) => (/[!-/:-@[-`{-~]/.test(character) ? `\\${character}` : character),
];

const TEXT = 'p@ss/w0 rd!&<ä日😀x';

const found = (file: Buffer | string): Promise<unknown> => findWithheld([Buffer.from(file)], withheldTextForms(TEXT));

it.each([
  ['p@ss/w0rd!x', 'p%40ss%2Fw0rd%21x'],
  ['m@ny/th1ngs', 'm%40ny%2fth1ngs'],
  ['m@ny/th1ngs', 'm%40ny/th2ngs'.replace('2', '1')],
  ['us@r:pass#1', 'us@r:pass%231'],
  ['my secret p!', 'my+secret+p%21'],
  ['C++ secret', 'C++ s%65cret'],
  ['C++ secret', 'C%2B%2B+secret'],
  ['tom&jerry<3', 'tom\\u0026jerry\\u003c3'],
  ["it's&secreu", 'it&#x27;s&amp;secreu'],
  ["it's<secrev", 'it&apos;s&lt;secrev'],
  ['käsebrot12', "b'k\\xc3\\xa4sebrot12'"],
  ['käsebrot12', 'k\\xe4sebrot12'],
  ['käsebrot12', 'k&auml;sebrot12'],
  ['käsebrot12', "$'k\\303\\244sebrot12'"],
  ['ab"cdef9h', 'ab\\x22cdef9h'],
  ['pa$$ word!', 'pa\\$\\$\\ word\\!'],
  ['tab\ttab', 'tab\\ttab'],
  ['my secret!', 'my+secret\\u0021'],
  ['C:\\new&x', 'C:\\new&amp;x'],
  ['C:\\new x', 'C:\\new+x'],
  ['100%41"x', '100%41\\"x'],
  ['a&lt;b/c', 'a&lt;b%2Fc'],
])('finds %j in %j, in a stream and in a file', async (text, written) => {
  const rule = { kind: 'text', text, matchCase: true } as const;
  const line = `before ${written} after`;
  const [match, ...others] = new Matcher([rule]).findTexts(line, true);
  expect(line.slice(match!.start, match!.end)).toBe(written.replace(/^\$'|^b'|'$/g, '').replace(/'$/, ''));
  expect(others).toEqual([]);
  for (const file of [line, JSON.stringify({ line }), JSON.stringify(JSON.stringify({ line }))])
    expect(await findWithheld([Buffer.from(file)], withheldTextForms(text)), file).toHaveLength(1);
});

it('finds what a shell puts together from two lines, in a stream', () => {
  const rule = { kind: 'text', text: 'two lines', matchCase: true } as const;
  expect(new Matcher([rule]).findTexts('two \\\nlines', true)).toMatchObject([{ start: 0, end: 11 }]);
});

it('finds what stands in an escape that a program broke into lines', () => {
  const rule = { kind: 'text', text: 'm@ny/th2ngs', matchCase: true } as const;
  const text = 'a m%4\r\n  0ny/th2ngs b m%40ny/th2ngs';
  const found = new Matcher([rule]).findTexts(text, true).map(({ start, end }) => text.slice(start, end));
  expect(new Set(found)).toEqual(new Set(['m%4\r\n  0ny/th2ngs', 'm%40ny/th2ngs']));
});

it('finds a text that holds backslashes itself, in whatever forms its other characters stand', async () => {
  for (const [text, written] of [
    ['\\    x', '\\   \\x20x'],
    ['a\\!b%41c', 'a\\!b%2541%63'],
    ['100%25 of x&y', '100%25 of x&amp;y'],
  ] as const)
    expect(await findWithheld([Buffer.from(written)], withheldTextForms(text)), written).toHaveLength(1);
});

describe('a file', () => {
  it('hides no text by mixing escapes, wherever it is cut', async () => {
    const ways = fc.array(fc.integer({ min: 0, max: WAYS.length - 1 }), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(ways, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 2 }), async (chosen, size, nested) => {
        let file = Array.from(TEXT, (character, i) => WAYS[chosen[i]!]!(character)).join('');
        if (file === TEXT) return;
        for (let i = 0; i < nested; i++) file = JSON.stringify(file);
        const bytes = Buffer.from(`é\\ %4 &${file}& \\u12`);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
        const [hit] = await findWithheld(pieces, withheldTextForms(TEXT));
        expect(hit).toMatchObject({ encoding: 'escaped' });
        expect(await findWithheld([bytes.subarray(hit!.from, hit!.to)], withheldTextForms(TEXT))).toHaveLength(1);
        expect(await findWithheld([bytes.subarray(0, hit!.to - 2)], withheldTextForms(TEXT))).toEqual([]);
      }),
      { seed: 41, numRuns: 300 },
    );
  });

  it('has no text where its escapes make another', async () => {
    expect(await found(TEXT.replace('@', '%41').replace('日', '\\u65e6'))).toEqual([]);
    expect(await found(encodeURIComponent(TEXT).replace('%26', '&%32%36'))).toEqual([]);
  });
});

it('costs no more for a stream that is all escapes', () => {
  const text = '\\u005c'.repeat(200_000);
  const started = performance.now();
  let units = 0;
  for (const way of unescapings(['a b'], 100, true)) for (const piece of unescaped(text, way)) units += piece.text.length;
  expect(units).toBeGreaterThan(200_000);
  expect(units).toBeLessThan(text.length);
  expect(performance.now() - started).toBeLessThan(10_000);
});
