// Expressions between slashes, `/source/flags`, told from paths: a path is plain text. What is written as an expression elsewhere, with flags that
// are none here, is neither: it is told to be wrong, since the text itself would be looked for in vain. docs/search.md

/** Signs that a text between slashes was meant as an expression. */
export const EXPRESSION_SIGNS = /[\\^$*+?[{|(]/;

const FLAGS = /^[gimsu]*$/;
/** One or two flags of expressions in other programs. */
const FOREIGN_FLAGS = /^[gimsuxyvdn]{1,2}$/i;

export interface Slashes {
  readonly source: string;
  /** The letters behind the second slash. */
  readonly flags: string;
  /** Behind the flags. */
  readonly end: number;
}

/** The offset behind a class of characters that begins at one, as RE2 reads it (https://github.com/google/re2/wiki/Syntax): a bracket at its
 * beginning is a character, `[:alpha:]` is a class in it. -1 where it does not end. */
function behindClass(text: string, start: number): number {
  let at = start + 1;
  if (text[at] === '^') at += 1;
  if (text[at] === ']') at += 1;
  for (; at < text.length && text[at] !== ']'; at++) {
    const named = /^\[:\^?[a-z]{1,10}:\]/.exec(text.slice(at, at + 15));
    if (named !== null) at += named[0].length - 1;
    else if (text[at] === '\\') at += 1;
  }
  return at < text.length ? at + 1 : -1;
}

/** The next slash behind an offset that is neither escaped nor in a class; or, where there is none, what takes the rest of the text. */
function nextSlash(text: string, from: number): { readonly at: number; readonly open: number } {
  let open = -1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '/') return { at, open: -1 };
    if (text[at] === '\\') {
      open = at;
      at += 1;
    } else if (text[at] === '[') {
      const behind = behindClass(text, at);
      if (behind < 0) return { at: -1, open: at };
      at = behind - 1;
    }
  }
  return { at: -1, open };
}

/** Where the class begins, or the backslash stands, that takes the last slash of a word which ends like an expression; null where nothing does. */
export function takenSlash(word: string): number | null {
  if (!/^\/[^/].*\/[gimsu]{0,5}$/.test(word)) return null;
  const { at, open } = nextSlash(word, 1);
  return at < 0 && open > 0 ? open : null;
}

/** What stands between a slash at an offset and the next that is neither escaped nor in a class, and its letters; null where nothing does. */
export function betweenSlashes(text: string, start: number): Slashes | null {
  if (text[start] !== '/') return null;
  const { at } = nextSlash(text, start + 1);
  if (at < 0 || at === start + 1) return null;
  let end = at + 1;
  while (end < text.length && /[a-z]/i.test(text[end]!)) end += 1;
  return { source: text.slice(start + 1, at), flags: text.slice(at + 1, end), end };
}

/** Whether it is an expression, or one with flags that there are not; else it is a path. Nothing but a blank or a closing sign stands behind it. */
export function readingOf({ source, flags }: Slashes): 'expression' | 'wrong flags' | 'path' {
  if (FLAGS.test(flags)) return 'expression';
  if (FLAGS.test(flags.toLowerCase()) && flags.length <= 2) return 'wrong flags';
  if (FOREIGN_FLAGS.test(flags) && (source.includes('.') || EXPRESSION_SIGNS.test(source))) return 'wrong flags';
  return EXPRESSION_SIGNS.test(source) && !/\s/.test(source) ? 'wrong flags' : 'path';
}

export const WRONG_FLAGS = {
  why: 'an expression has no such flags: they are g, i, m, s and u',
  todo: 'write / or /i at its end, or put the text in "quotes" if it is a path',
} as const;

export const NOT_CLOSED = {
  why: 'this takes the slash behind it, so the expression is not closed',
  todo: 'close the [ with ], write \\[ or \\\\ for the sign itself, or put the text in "quotes"',
} as const;
