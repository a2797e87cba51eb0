// Markup of the report, made so that forgetting to escape is not possible: what stands in a template is text, whatever it holds, unless it
// is Markup already. Recordings, their titles and what people write about them are hostile input here: control characters, direction marks
// and lone surrogates are shown by their names, never obeyed (Unicode Standard Annex 9, Technical Report 36).
// https://html.spec.whatwg.org/multipage/syntax.html and https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html

export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

export type Part = string | number | Markup | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Controls, format characters (direction marks among them), line and paragraph separators, lone surrogates: as in the window. */
const ODD = /[\p{Cc}\p{Cf}\u2028\u2029\p{Cs}]/gu;

/** The same, without the line feeds and tabs of a text of several lines. */
const ODD_IN_LINES = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029\p{Cs}]/gu;

const NAMES: Readonly<Record<number, string>> = { 9: '⇥', 10: '⏎', 13: '␍', 27: '␛' };

function nameOf(character: string): string {
  const code = character.codePointAt(0)!;
  return (
    NAMES[code] ?? (code < 32 ? String.fromCodePoint(0x2400 + code) : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`)
  );
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);

const named = (character: string): string => `<span class="odd">${nameOf(character)}</span>`;

/** Text for an element or a quoted attribute; odd characters by name, in brackets. */
export const plain = (text: string): string => escaped(text.replaceAll(ODD, (character) => `[${nameOf(character)}]`));

/** Text that comes from a recording, its source or a person, isolated in its direction; odd characters stand out. For elements only. */
export const recorded = (text: string): Markup => new Markup(`<bdi>${escaped(text).replaceAll(ODD, named)}</bdi>`);

/** The same for text of several lines, as the content of `pre`. */
export const lines = (text: string): string => escaped(text).replaceAll(ODD_IN_LINES, named);

/** Text of a data block (`script` of a type that is no script): JSON stays the same JSON, and nothing in it ends or nests the block. */
export const dataText = (json: string): string =>
  json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

function partOf(value: Part): string {
  if (value instanceof Markup) return value.html;
  if (typeof value === 'string') return plain(value);
  if (typeof value === 'number') return String(value);
  return value.map(({ html }) => html).join('');
}

/** A template whose parts are escaped for elements and for attributes in double quotes. No part may stand elsewhere. */
export function markup(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(strings.reduce((html, text, at) => html + partOf(values[at - 1]!) + text));
}

export const NOTHING = new Markup('');
