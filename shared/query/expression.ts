// Regular expressions of users, in time that grows with the text and with the expression, never faster: RE2 in plain JavaScript.
// Look-around and back-references are not offered for that reason. An expression sees a line composed (NFKC, cluster by
// cluster: full-width and half-width are one), with its letter case.
// https://github.com/google/re2/wiki/Syntax

import { RE2JS } from 're2js';
import { composed } from './fold.ts';
import { narrowOf, type Narrow } from './narrow.ts';

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Expression {
  /** What every line with a match holds. */
  readonly narrow: Narrow;
  /** The same with classes of few characters written out: for the index, which is asked of a literal once, not once for each line. */
  readonly spelled: Narrow;
  /** Whether a match may end to be one when text is added behind it. */
  readonly looksBehindItsEnd: boolean;
  /** Whether a text has a part that would be a match if the right things stood around it; every text with a match has one. */
  mayBeIn(text: string): boolean;
  /** Matches from an offset on, one behind the other; empty ones are none. */
  matches(line: string, from: number): Iterable<Range>;
}

export interface WrongExpression {
  readonly kind: 'wrong';
  /** Offsets in the source. */
  readonly start: number;
  readonly end: number;
  readonly why: string;
  readonly todo: string;
}

/** Literals in place of one: ten digits, or sixteen of base 16. */
const SPELLED = 16;

const CLUSTER = /[^][\p{M}\uff9e\uff9f]*/gu;

/** The source with its letters composed as lines are. What is a sign by composing alone is taken literally. */
function composedSource(source: string): string {
  return source.replaceAll(CLUSTER, (cluster) => {
    if (cluster <= '\u007f' && cluster.length === 1) return cluster;
    if (cluster.charCodeAt(0) <= 0x7f) return cluster.normalize('NFC');
    return composed(cluster).replaceAll(/[^\sa-zA-Z0-9\u0080-\u{10ffff}]/gu, '\\$&');
  });
}

function advice(message: string, part: string): string {
  if (/^\(\?<?[=!]/.test(part)) return 'look-around is not offered; write what stands there';
  if (/^\\[1-9]/.test(part)) return 'back-references are not offered; write what is repeated';
  if (message.includes('repeat count')) return 'repeat at most 1000 times';
  if (message.startsWith('missing closing'))
    return `close it, or write \\${message.includes(']') ? '[' : '('} for the sign itself`;
  if (message.startsWith('unexpected )')) return 'open it, or write \\) for the sign itself';
  if (message.includes('repetition')) return 'put what is repeated before it, or a backslash for the sign itself';
  return 'correct it, or put the text in "quotes"';
}

// A quoted run, a class, an assertion, any other escaped sign.
const PIECE = /\\Q.*?(?:\\E|$)|\[\^?\]?(?:\\.|\[:.*?:\]|[^\]\\])*\]|\\[AbBzZ]|[$^]|\\./gsu;
const ASSERTION = /^(?:\\[AbBzZ]|[$^])$/;

/** The same without what it asks of a match's surroundings: whatever the one matches, the other does too. */
const withoutAssertions = (pattern: string): string =>
  pattern.replaceAll(PIECE, (piece) => (ASSERTION.test(piece) ? '(?:)' : piece));

export type Compiled = { readonly kind: 'expression'; readonly expression: Expression } | WrongExpression;

/**
 * `flags`: `i` for any letter case; g, m, s and u change nothing in a single line. `part`: a named group that a match is
 * the place of, where it took part in it.
 */
export function compileExpression(source: string, flags: string, part: string | null = null): Compiled {
  const pattern = composedSource(source);
  const mode = flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, mode);
  } catch (error) {
    const { error: message = 'not valid', input = '' } = error as { error?: string; input?: string | null };
    const part = input ?? '';
    const at = part === '' ? -1 : source.indexOf(part);
    const place = at === -1 ? { start: 0, end: source.length } : { start: at, end: at + part.length };
    return { kind: 'wrong', ...place, why: `the expression is not valid: ${message}`, todo: advice(message, part) };
  }
  const bare = withoutAssertions(pattern);
  const anywhere = bare === pattern ? compiled : RE2JS.compile(bare, mode);
  const expression: Expression = {
    narrow: narrowOf(pattern, 1),
    spelled: narrowOf(pattern, SPELLED),
    looksBehindItsEnd: /\$|\\[bBzZ]/.test(source),
    mayBeIn: (text) => anywhere.test(text),
    *matches(line, from) {
      const matcher = compiled.matcher(line);
      if (!matcher.find(from)) return;
      do {
        const group = part !== null && matcher.start(part) >= 0 ? part : 0;
        const [start, end] = [matcher.start(group), matcher.end(group)];
        if (end > start) yield { start, end };
      } while (matcher.find());
    },
  };
  return { kind: 'expression', expression };
}
