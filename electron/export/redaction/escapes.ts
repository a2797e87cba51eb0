// Text with its escapes undone, whatever they are and however they are mixed: percent signs, backslashes of JSON, JavaScript, C, Python and
// shells, and references of HTML. What a text stands as depends on who wrote it (encodeURIComponent leaves `!`, Go writes `&` as `\u0026`), so
// nothing is made of the text; what is looked at is read back.
// https://url.spec.whatwg.org/#percent-encoded-bytes, https://www.rfc-editor.org/rfc/rfc8259#section-7,
// https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html, https://html.spec.whatwg.org/multipage/syntax.html#character-references

/** A piece of a text as it reads without its escapes. */
export interface Unescaped {
  readonly text: string;
  /** Where each UTF-16 unit of `text` began in the original; one more entry: where the piece ends. */
  readonly starts: Uint32Array;
}

/** One way to undo escapes. */
export interface Unescaping {
  /** About what it is worth the while. */
  readonly sought: RegExp;
  /** What is undone there. */
  readonly escape: RegExp;
  /** The same, and bytes of UTF-8 that stand as they are. */
  readonly escapeOrByte: RegExp;
  /** Units on either side of an escape that are read with it. */
  readonly reach: number;
}

/** Escapes within escapes that are undone: JSON in JSON of what a program had escaped. */
const LEVELS = 3;

/** UTF-16 units that one unit of a text takes at most when it is escaped twice over. */
export const LONGEST_ESCAPE = 16;

const BACKSLASHED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  // Those of HTML 4 for Latin-1, from U+00A0 on, in order.
  ...(
    'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil ' +
    'sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute ' +
    'Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc ' +
    'atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide ' +
    'oslash ugrave uacute ucirc uuml yacute thorn yuml'
  )
    .split(' ')
    .map((name, i): [string, string] => [name, String.fromCharCode(0xa0 + i)]),
]);

const PERCENT = '%[0-9A-Fa-f]{2}';
const REFERENCE = '&(?:#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});?|[A-Za-z][A-Za-z0-9]{1,5};)';
const NUMBERED = String.raw`\\(?:u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[0-7]{3})`;
/** A sign behind a backslash stands for itself, and one before a line break joins the lines. */
const SIGNS = String.raw`\\(?:\r?\n|[!-/:-@[-${'`'}{-~ ])`;
const CONTROLS = String.raw`\\(?:[abefnrtv]|u00[01][0-9A-Fa-f])`;
const PLUS = '\\+';

/** What holds an escape, or a backslash, as it is. */
const LIKE_AN_ESCAPE = new RegExp(`${PERCENT}|${REFERENCE}|\\\\`);

/**
 * How escapes are to be undone so that these texts are found: all kinds at once; where a text itself holds what looks like an escape, each kind
 * by itself, and all but signs behind backslashes; and with plus signs as blanks, as in forms of the web, where a text holds one. `controls`: escapes of control characters are undone,
 * of which files are full.
 */
export function unescapings(texts: readonly string[], reach: number, controls: boolean): Unescaping[] {
  const backslash = controls ? `${CONTROLS}|${NUMBERED}|${SIGNS}` : `(?!${CONTROLS})${NUMBERED}|${SIGNS}`;
  const all = [PERCENT, REFERENCE, backslash];
  const ways = [all];
  if (texts.some((text) => LIKE_AN_ESCAPE.test(text))) ways.push(...all.map((kind) => [kind]), [PERCENT, REFERENCE, NUMBERED]);
  const forms = texts.some((text) => text.includes(' '))
    ? ways.filter((way) => way.includes(PERCENT)).map((way) => [...way, PLUS])
    : [];
  return [...ways, ...forms].map((kinds) => ({
    sought: new RegExp(kinds.includes(PLUS) ? PLUS : kinds.join('|'), 'g'),
    escape: new RegExp(kinds.join('|'), 'g'),
    escapeOrByte: new RegExp([...kinds, '[\\x80-\\xff]'].join('|'), 'g'),
    reach,
  }));
}

const numbered = (digits: string, radix: number): string => {
  const point = Number.parseInt(digits, radix);
  return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
};

/** What an escape stands for: a byte as a number, or text. */
function meaning(escape: string): number | string {
  switch (escape[0]) {
    case '%':
      return Number.parseInt(escape.slice(1), 16);
    case '+':
      return ' ';
    case '&': {
      if (escape[1] !== '#') return NAMED.get(escape.slice(1, -1)) ?? escape;
      const digits = escape.slice(2).replace(';', '');
      return /^x/i.test(digits) ? numbered(digits.slice(1), 16) : numbered(digits, 10);
    }
    case '\\': {
      const body = escape.slice(1);
      if (body.length === 1) return BACKSLASHED[body] ?? (body === '\n' ? '' : body);
      if (body === '\r\n') return '';
      if (body.startsWith('u') || body.startsWith('U')) return numbered(body.replaceAll(/[uU{}]/g, ''), 16);
      return body.startsWith('x') ? Number.parseInt(body.slice(1), 16) : Number.parseInt(body, 8) & 0xff;
    }
    default:
      // A byte of UTF-8 that stands as it is.
      return escape.charCodeAt(0);
  }
}

/** The character that bytes begin with, and how many they are: a byte that begins none stands for itself, as in Latin-1. */
function characterAt(bytes: readonly number[], at: number): [string, number] {
  const lead = bytes[at]!;
  const count = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
  let point = count === 1 ? lead : lead & (0x7f >> count);
  for (let i = 1; i < count; i++) {
    const next = bytes[at + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return [String.fromCharCode(lead), 1];
    point = (point << 6) | (next & 0x3f);
  }
  return point > 0x10ffff ? [String.fromCharCode(lead), 1] : [String.fromCodePoint(point), count];
}

/** Puts what they mean in the place of all tokens of `text` from `from` to `to`. */
function replaced(
  text: string,
  from: number,
  to: number,
  token: RegExp,
  meaningOf: (found: string) => number | string,
): Unescaped {
  const original = text.slice(from, to);
  const starts = new Uint32Array(original.length + 1);
  let shown = '';
  let count = 0;
  const put = (piece: string, at: number): void => {
    shown += piece;
    starts.fill(from + at, count, count + piece.length);
    count += piece.length;
  };
  let bytes: number[] = [];
  let places: number[] = [];
  const putBytes = (): void => {
    for (let at = 0; at < bytes.length;) {
      const [character, length] = characterAt(bytes, at);
      put(character, places[at]!);
      at += length;
    }
    bytes = [];
    places = [];
  };
  let at = 0;
  for (const { 0: escape, index } of original.matchAll(token)) {
    if (index > at) {
      if (bytes.length > 0) putBytes();
      shown += original.slice(at, index);
      while (at < index) starts[count++] = from + at++;
    }
    at = index + escape.length;
    const meant = meaningOf(escape);
    if (typeof meant === 'number') {
      bytes.push(meant);
      places.push(index);
    } else {
      if (bytes.length > 0) putBytes();
      put(meant, index);
    }
  }
  putBytes();
  shown += original.slice(at);
  while (at < original.length) starts[count++] = from + at++;
  starts[count] = to;
  return { text: shown, starts: starts.subarray(0, count + 1) };
}

/** The stretches of a text that have an escape in them, each with `reach` units on either side. */
function* stretches(text: string, sought: RegExp, reach: number): Generator<[number, number], void> {
  let from = -1;
  let to = 0;
  for (const { 0: found, index } of text.matchAll(sought)) {
    if (from >= 0 && index - reach > to) {
      yield [from, to];
      from = -1;
    }
    if (from < 0) from = Math.max(0, index - reach);
    to = Math.min(text.length, index + found.length + reach);
  }
  if (from >= 0) yield [from, to];
}

/**
 * Every stretch of a text that has escapes in it, without them; and again without those that show then. `bytes`: each unit of the text is a
 * byte, and those above ASCII are of UTF-8.
 */
export function* unescaped(text: string, way: Unescaping, bytes = false, level = 1): Generator<Unescaped, void> {
  for (const [from, to] of stretches(text, level === 1 ? way.sought : way.escape, way.reach)) {
    const piece = replaced(text, from, to, bytes ? way.escapeOrByte : way.escape, meaning);
    yield piece;
    if (level === LEVELS) continue;
    for (const { text: inner, starts } of unescaped(piece.text, way, false, level + 1))
      yield { text: inner, starts: starts.map((start) => piece.starts[start]!) };
  }
}

/** An escape that a line break comes upon. */
const BROKEN = /[%&\\][\w#%&\\{]{0,10}[ \t]{0,8}\r?\n/;
const BREAK = /[ \t]*\r*\n[ \t]*/g;

/** A text without its line breaks and the blanks about them, where an escape may be broken by one; null where none is. */
export function withoutBreaks(text: string): Unescaped | null {
  return BROKEN.test(text) ? replaced(text, 0, text.length, BREAK, () => '') : null;
}
