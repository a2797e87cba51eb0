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

/** What stands between a slash at an offset and the next that is neither escaped nor in a class, and its letters; null where nothing does. */
export function betweenSlashes(text: string, start: number): Slashes | null {
  if (text[start] !== '/') return null;
  let inClass = false;
  let at = start + 1;
  for (; at < text.length && (inClass || text[at] !== '/'); at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '[') inClass = true;
    else if (text[at] === ']') inClass = false;
  }
  if (at >= text.length || at === start + 1) return null;
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
