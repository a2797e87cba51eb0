// The last gate: a withheld text is found in a file in whatever form it stands there, and wherever the file is cut into pieces.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Automaton } from '../../../../../electron/export/redaction/automaton.ts';
import { findWithheld, withheldTextForms, type WithheldHit } from '../../../../../electron/export/redaction/redaction.ts';

const TEXT = 'Grüße & "7/8"\\<ok>';

const encodings: Readonly<Record<string, (text: string) => Buffer | string>> = {
  'as it is': (text) => `… ${text} …`,
  'in JSON': (text) => JSON.stringify({ text: `a${text}z` }),
  'in JSON in JSON': (text) => JSON.stringify({ text: JSON.stringify({ text }) }),
  'in JSON of ASCII': (text) =>
    JSON.stringify(text).replaceAll(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'all escaped': (text) =>
    Array.from(text, (char) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`).join(''),
  'in HTML': (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'in HTML by numbers': (text) => Array.from(text, (char) => `&#${String(char.codePointAt(0))};`).join(''),
  'in a URL': (text) => `https://x/?q=${encodeURIComponent(text)}`,
  'in a form': (text) => new URLSearchParams({ q: text }).toString(),
  'in hexadecimal': (text) => Buffer.from(`ab${text}c`).toString('hex'),
  'in base64': (text) => Buffer.from(`${text}...`).toString('base64'),
  'in base64, one byte on': (text) => Buffer.from(`x${text}`).toString('base64'),
  'in base64, two bytes on': (text) => Buffer.from(`xy${text}.`).toString('base64url'),
  'in UTF-16': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'in UTF-16, the other way round': (text) => Buffer.from(text, 'utf16le').swap16(),
  'in base64 of UTF-16': (text) => Buffer.from(` ${text}`, 'utf16le').toString('base64'),
};

/** The bytes in pieces of these sizes, again and again. */
function* pieces(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]!)
    yield bytes.subarray(at, at + sizes[i % sizes.length]!);
}

describe('a withheld text', () => {
  it.each(Object.keys(encodings))('is found %s, with its place', async (name) => {
    const bytes = Buffer.from(encodings[name]!(TEXT));
    for (const sizes of [[1 << 20], [1], [3, 1, 7]]) {
      const [hit] = (await findWithheld(pieces(bytes, sizes), withheldTextForms(TEXT, 4))) as [WithheldHit?];
      expect(hit, `pieces of ${String(sizes)}`).toMatchObject({ text: 4 });
      const found = Buffer.from(bytes.subarray(hit!.from, hit!.to));
      if (hit!.encoding === 'escaped') {
        expect(await findWithheld([found], withheldTextForms(TEXT))).toHaveLength(1);
        expect(await findWithheld([found.subarray(0, -2)], withheldTextForms(TEXT))).toEqual([]);
      } else
        expect(
          withheldTextForms(TEXT).find(({ encoding, bytes: form }) => encoding === hit!.encoding && found.equals(form)),
        ).toBeDefined();
    }
  });

  describe.each([
    ['of kitty', (code: number) => `\u001b[${String(code)}u\u001b[${String(code)};1:3u`],
    ['of modifyOtherKeys', (code: number) => `\u001b[27;1;${String(code)}~`],
    ['of win32-input-mode', (code: number) => `\u001b[0;0;${String(code)};1;0;1_\u001b[0;0;${String(code)};0;0;1_`],
  ])('typed as keys %s', (_name, key) => {
    const keys = Array.from('hunter2', (character) => key(character.charCodeAt(0))).join('');

    it.each([
      ['as they are', Buffer.from(keys)],
      ['in JSON', Buffer.from(JSON.stringify({ keys }))],
      ['in JSON in JSON', Buffer.from(JSON.stringify(JSON.stringify({ keys })))],
      ['an event each', Buffer.from(keys.replaceAll('\u001b', '"]\n[1.5, "i", "\\u001b'))],
      ['in base64', Buffer.from(JSON.stringify({ bytes: Buffer.from(`x${keys}`).toString('base64') }))],
    ])('is found %s, with its place', async (_way, bytes) => {
      const forms = withheldTextForms('hunter2', 3);
      for (const sizes of [[1 << 20], [1], [3, 1, 7]]) {
        const [hit] = (await findWithheld(pieces(bytes, sizes), forms)) as [WithheldHit?];
        expect(hit).toMatchObject({ text: 3 });
        expect(hit!.encoding).toMatch(/^keys/);
        const found = bytes.subarray(hit!.from, hit!.to);
        expect(await findWithheld([bytes.subarray(0, hit!.to - 1)], forms)).toEqual([]);
        if (hit!.encoding === 'keys') expect(await findWithheld([found], forms)).toHaveLength(1);
      }
      expect(await findWithheld([bytes], withheldTextForms('hunter3'))).toEqual([]);
    });
  });

  it('is not found where it is not', async () => {
    const other = Buffer.from(
      Object.values(encodings)
        .map((encode) => encode('Grüsse & "7/9"\\<ok>').toString('latin1'))
        .join('\n'),
      'latin1',
    );
    expect(await findWithheld([other], withheldTextForms(TEXT))).toEqual([]);
  });

  it('of less than four bytes has no form: it would stand in every file by chance', () => {
    expect(withheldTextForms('abc')).toEqual([]);
    expect(withheldTextForms('abcd').length).toBeGreaterThan(0);
  });
});

it('the automaton finds what a plain search finds', () => {
  const words = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      words,
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }),
      fc.constantFrom(0, 254, 40_000),
      (list, text, base) => {
        const shift = (symbols: readonly number[]): number[] => symbols.map((symbol) => symbol + base);
        const automaton = new Automaton(list.map(shift));
        let state = 0;
        for (const [i, symbol] of shift(text).entries()) {
          state = automaton.next(state, symbol);
          const found = Array.from(automaton.wordsAt(state), (word) => list[word]!.length);
          const expected = list.filter((one) => one.join() === text.slice(Math.max(0, i + 1 - one.length), i + 1).join());
          expect(found).toEqual(Array.from(new Set(expected.map(({ length }) => length))).toSorted((a, b) => b - a));
          expect(automaton.endsWord(state)).toBe(found.length > 0);
        }
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});
