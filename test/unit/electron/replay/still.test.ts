// @vitest-environment jsdom
// The picture of a screen: a document of its own that no reader can act on, hide text in or turn around.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stillOf } from '../../../../electron/replay/still.ts';
import { restoreKeyframe, takeKeyframe } from '../../../../shared/terminal/keyframe.ts';
import { createTerminal } from '../../../../electron/replay/terminal.ts';
import { soup, terminalWith } from '../../shared/terminal/terminals.ts';

const drawn = (text: string | Uint8Array, cols = 20, rows = 3): string => stillOf(terminalWith(text, cols, rows));

function parsed(svg: string): Document {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(document.querySelector('parsererror')).toBeNull();
  return document;
}

/** Texts with the column and the row of their first cell. */
const textsOf = (svg: string): string[] => Array.from(parsed(svg).querySelectorAll('text'), (element) => element.textContent);

describe('a still', () => {
  it('is well-formed and holds nothing that acts, whatever was drawn', () => {
    fc.assert(
      fc.property(soup, fc.string({ unit: 'binary', maxLength: 40 }), (bytes, text) => {
        const emulator = terminalWith(bytes);
        const document = parsed(stillOf(emulator));
        parsed(drawn(text));
        const names = new Set(Array.from(document.querySelectorAll('*'), ({ tagName }) => tagName));
        for (const name of names) expect(['svg', 'g', 'rect', 'path', 'text']).toContain(name);
        for (const element of document.querySelectorAll('*')) {
          for (const { name } of element.attributes) expect(name).not.toMatch(/^on|href|^style$|^class$/);
        }
      }),
      { seed: 20_261_121, numRuns: 400 },
    );
  });

  it('draws markup, quotes and scripts as text', () => {
    const text = `<script>&"']]></text>`;
    expect(textsOf(drawn(text, 40))).toEqual([text]);
  });

  it('draws a link as its text alone', () => {
    const svg = drawn('\x1b]8;;https://evil.test/\x07click\x1b]8;;\x07');
    expect(svg).not.toContain('evil');
    expect(textsOf(svg).join('')).toContain('click');
  });

  it('has the same bytes for the same screen', () => {
    const emulator = terminalWith('日本\x1b[1;4:3;31mred\x1b[m\r\nplain');
    const other = createTerminal(9, 9);
    restoreKeyframe(other, takeKeyframe(emulator));
    expect(stillOf(other)).toBe(stillOf(emulator));
    expect(drawn('ab')).toBe(drawn('xx\x1b[2Dab'));
  });

  it('does not draw text that the terminal hides', () => {
    expect(drawn('see \x1b[8msecret\x1b[28m this')).not.toContain('secret');
  });

  it('drops characters that only steer text; those that XML cannot hold no terminal shows', () => {
    const svg = drawn('a\u202eb\u2066c\u200bd\ufeffe\u061cf\u200f\ufffe\uffff');
    expect(svg).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u061c\ufeff\ufffe\uffff]/);
    expect(textsOf(svg).join('')).toBe('abcdef');
  });

  it('keeps each unusual character at its own cell, so that none moves the others', () => {
    const places = Array.from(parsed(drawn('a日b😀c')).querySelectorAll('text'), (text) => [
      text.textContent,
      text.getAttribute('x'),
    ]);
    expect(places).toEqual([
      ['a', '0'],
      ['日', '9'],
      ['b', '27'],
      ['😀', '36'],
      ['c', '54'],
    ]);
  });

  it('draws colours, inverse text, and lines under and through text', () => {
    const svg = drawn('\x1b[38;2;1;2;3mrgb\x1b[m \x1b[7minv\x1b[m \x1b[4:3;58:2::9:8:7mcurly\x1b[m \x1b[9mstruck\x1b[m');
    expect(svg).toContain('fill="#010203"');
    expect(svg).toContain('stroke="#090807"');
    expect(svg).toMatch(/<rect[^>]*fill="#d4d4d4"/);
  });

  it('says which screen it shows, and where the cursor is unless it is hidden', () => {
    expect(drawn('\x1b[?1049h')).toContain('data-screen="alternate"');
    expect(drawn('ab')).toContain('<rect x="18.5" y="0.5"');
    expect(drawn('ab\x1b[?25l')).not.toContain('x="18.5"');
  });
});
