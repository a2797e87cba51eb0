// Characters that no screen shows, and marks that make it show text in another order, told from those that writing needs. Unicode
// Standard Annexes 9 (https://www.unicode.org/reports/tr9/) and 31, Technical Standard 51 (emoji) and Report 36; Boucher and
// Anderson, Trojan Source (https://trojansource.codes/). Pure: a line of code points in, findings out.

import type { HiddenCause } from '../../shared/api/shapes.ts';
import { decodeUtf8 } from '../../shared/recording/utf8.ts';

export interface HiddenCharacters {
  readonly cause: Extract<HiddenCause, 'invisible-character' | 'bidi-control'>;
  readonly text: string;
  readonly note: string;
  /** Position in the line of the first one. */
  readonly at: number;
}

/** Code points around the marks that a finding shows. */
const CONTEXT = 80;

const NAMES: Readonly<Record<number, string>> = {
  0xad: 'SOFT HYPHEN',
  0x34f: 'COMBINING GRAPHEME JOINER',
  0x61c: 'ALM',
  0x115f: 'HANGUL CHOSEONG FILLER',
  0x1160: 'HANGUL JUNGSEONG FILLER',
  0x180e: 'MONGOLIAN VOWEL SEPARATOR',
  0x200b: 'ZERO WIDTH SPACE',
  0x200c: 'ZERO WIDTH NON-JOINER',
  0x200d: 'ZERO WIDTH JOINER',
  0x200e: 'LRM',
  0x200f: 'RLM',
  0x202a: 'LRE',
  0x202b: 'RLE',
  0x202c: 'PDF',
  0x202d: 'LRO',
  0x202e: 'RLO',
  0x2060: 'WORD JOINER',
  0x2066: 'LRI',
  0x2067: 'RLI',
  0x2068: 'FSI',
  0x2069: 'PDI',
  0x3164: 'HANGUL FILLER',
  0xfeff: 'ZERO WIDTH NO-BREAK SPACE',
  0xffa0: 'HALFWIDTH HANGUL FILLER',
};

const isBidi = (code: number): boolean =>
  code === 0x61c ||
  code === 0x200e ||
  code === 0x200f ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2066 && code <= 0x2069);

const isVariation = (code: number): boolean => (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef);

const isTag = (code: number): boolean => code >= 0xe0000 && code <= 0xe007f;

/** Selectors of the forms of Mongolian letters. */
const isMongolianSelector = (code: number): boolean => code >= 0x180b && code <= 0x180f && code !== 0x180e;

/** Whether a code point is one of those that are looked at: the first question about all that is printed. */
export function isSuspicious(code: number): boolean {
  if (code < 0x2000) return code === 0xad || code === 0x34f || code === 0x61c || isOldFiller(code);
  if (code < 0x2070) return (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) || code >= 0x2060;
  return (
    code === 0x3164 ||
    code === 0xfeff ||
    code === 0xffa0 ||
    (code >= 0xfff0 && code <= 0xfffb) ||
    isVariation(code) ||
    // Controls of shorthand and of music; tags, and what is kept for more of them.
    (code >= 0x1bca0 && code <= 0x1bca3) ||
    (code >= 0x1d173 && code <= 0x1d17a) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  );
}

const isOldFiller = (code: number): boolean =>
  code === 0x115f || code === 0x1160 || code === 0x17b4 || code === 0x17b5 || (code >= 0x180b && code <= 0x180f);

const test = (expression: RegExp, code: number | undefined): boolean =>
  code !== undefined && expression.test(String.fromCodePoint(code));

/** Scripts in which joiners shape letters. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
/** Scripts that are written without blanks, and mark words with U+200B. */
const UNSPACED =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}]/u;
const MONGOLIAN = /[\p{Script=Mongolian}\p{Script=Phags_Pa}]/u;
const PICTURE = /\p{Extended_Pictographic}/u;
const BEFORE_JOINER = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;
const LATIN = /[A-Za-z\s]/;
const LETTER = /\p{L}/u;
const MARK = /[\p{M}\p{Script=Hebrew}\p{Script=Arabic}]/u;
const IDEOGRAPH = /\p{Unified_Ideograph}/u;
const JAMO = /[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]/;

const BLACK_FLAG = 0x1f3f4;
const CANCEL_TAG = 0xe007f;
const MAX_FLAG = 5;

/** Letters and digits of a subdivision of a country, as CLDR names it (`gbeng`): two letters, and up to three of both. */
const SUBDIVISION = /^[a-z]{2}[a-z0-9]{1,3}$/;

/** Ends of flags of regions: a black flag, tags that name one, the cancel tag. */
function flagEnd(line: readonly number[], at: number): number {
  if (line[at] !== BLACK_FLAG) return at;
  const end = line.indexOf(CANCEL_TAG, at);
  const tags = line.slice(at + 1, Math.min(end, at + 1 + MAX_FLAG));
  const isFlag = tags.length === end - at - 1 && tags.every(isTag);
  return isFlag && SUBDIVISION.test(String.fromCodePoint(...tags.map((code) => code - 0xe0000))) ? end : at;
}

/** Whether an invisible character is one that the writing around it needs. */
function isNeeded(line: readonly number[], at: number, rightToLeft: boolean): boolean {
  const code = line[at]!;
  const before = line[at - 1];
  const after = line[at + 1];
  if (isVariation(code)) {
    if (before === undefined || isVariation(before) || (after !== undefined && isVariation(after))) return false;
    return code >= 0xe0100 ? test(IDEOGRAPH, before) : !test(LATIN, before);
  }
  if (isMongolianSelector(code)) return test(MONGOLIAN, before);
  switch (code) {
    case 0x180e:
      return test(MONGOLIAN, before);
    case 0x200e:
      return rightToLeft;
    case 0x200c:
      return test(JOINING, before);
    case 0x200d:
      return test(JOINING, before) || (test(BEFORE_JOINER, before) && test(PICTURE, after));
    case 0x200b:
      return test(UNSPACED, before) && (after === undefined || test(UNSPACED, after));
    case 0xfeff:
      return at === 0;
    case 0xad:
      return !(test(LETTER, before) && test(LETTER, after));
    case 0x34f:
      return test(MARK, before) || test(MARK, after);
    case 0x115f:
    case 0x1160:
      return test(JAMO, before) || test(JAMO, after);
    default:
      return false;
  }
}

const nameOf = (code: number): string => {
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES[code] ?? (isTag(code) ? 'TAG' : isVariation(code) ? 'VARIATION SELECTOR' : '');
  return name === '' ? number : `${number} ${name}`;
};

/** Text written with characters that no screen shows: tags are ASCII, selectors are bytes. Empty where it is none. */
function smuggled(codes: readonly number[]): string {
  const tags = codes.filter((code) => code >= 0xe0020 && code < CANCEL_TAG);
  if (tags.length > 1) return String.fromCodePoint(...tags.slice(0, 1000).map((code) => code - 0xe0000));
  const bytes = codes.filter(isVariation).map((code) => (code >= 0xe0100 ? code - 0xe0100 + 16 : code - 0xfe00));
  const text = bytes.length > 2 ? decodeUtf8(Uint8Array.from(bytes)).text : '';
  return /^[\p{L}\p{N}\p{P}\p{S}\p{Z}\s]+$/u.test(text) ? text : '';
}

const around = (line: readonly number[], first: number, last: number): readonly number[] =>
  line.slice(Math.max(0, first - CONTEXT), Math.min(last + 1, first + CONTEXT) + CONTEXT);

function invisible(line: readonly number[], rightToLeft: boolean): HiddenCharacters | null {
  const hits: number[] = [];
  for (let at = 0; at < line.length; at++) {
    const flag = flagEnd(line, at);
    if (flag > at) {
      at = flag;
      continue;
    }
    const code = line[at]!;
    if (isSuspicious(code) && (!isBidi(code) || code === 0x200e) && !isNeeded(line, at, rightToLeft)) hits.push(at);
  }
  const [first] = hits;
  if (first === undefined) return null;
  const codes = hits.map((at) => line[at]!);
  const data = smuggled(codes);
  const shown = around(line, first, hits.at(-1)!).filter((code) => !isSuspicious(code));
  const kinds = Array.from(new Set(codes.map(nameOf)));
  const list = kinds.length > 3 ? `${kinds.slice(0, 3).join(', ')} and others` : kinds.join(', ');
  return {
    cause: 'invisible-character',
    text: data || String.fromCodePoint(...shown),
    note: `${String(hits.length)} ${hits.length === 1 ? 'character' : 'characters'} that no screen shows: ${list}${data === '' ? '' : ', which spell this text'}.`,
    at: first,
  };
}

const OPENERS = new Map([
  [0x202a, 0x202c],
  [0x202b, 0x202c],
  [0x202d, 0x202c],
  [0x202e, 0x202c],
  [0x2066, 0x2069],
  [0x2067, 0x2069],
  [0x2068, 0x2069],
]);

function reordering(line: readonly number[], rightToLeft: boolean): HiddenCharacters | null {
  const open: { readonly at: number; readonly end: number }[] = [];
  let first = -1;
  for (const [at, code] of line.entries()) {
    const override = code === 0x202d || code === 0x202e;
    const turns = code === 0x202b || code === 0x2067 || code === 0x200f || code === 0x61c;
    if (first < 0 && (override || (turns && !rightToLeft))) first = at;
    const end = OPENERS.get(code);
    if (end !== undefined) open.push({ at, end });
    else if (code === open.at(-1)?.end) open.pop();
  }
  if (first < 0) first = open[0]?.at ?? -1;
  if (first < 0) return null;
  const codes = line.filter(isBidi);
  const shown = around(line, first, line.findLastIndex(isBidi));
  return {
    cause: 'bidi-control',
    text: shown.map((code) => (isBidi(code) ? `<${NAMES[code]!}>` : String.fromCodePoint(code))).join(''),
    note: `Marks that change the order in which text is shown: ${Array.from(new Set(codes.map(nameOf))).join(', ')}.`,
    at: first,
  };
}

/** What is hidden in a line of output: at most one finding of each cause. */
export function hiddenCharacters(line: readonly number[]): HiddenCharacters[] {
  const rightToLeft = line.some((code) => code >= 0x590 && !isSuspicious(code) && test(RIGHT_TO_LEFT, code));
  return [invisible(line, rightToLeft), reordering(line, rightToLeft)].filter((found) => found !== null);
}
