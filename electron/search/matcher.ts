// Finds a query in one line of text: all words and phrases in it, in any order, or a regular expression. Comparison is by
// fold() for words, by the text itself for expressions.

import { ExhibitError } from '../../shared/api/errors.ts';
import { fold, foldWithPositions, originalRange } from '../../shared/query/fold.ts';

export interface Match {
  /** UTF-16 offset and length in the line. */
  readonly start: number;
  readonly length: number;
}

export interface Matcher {
  /** Folded literals that every matching line holds. */
  readonly literals: readonly string[];
  matches(line: string): readonly Match[];
}

/** Matches of one line that are reported; a line of a million a's has no need for more. */
const MATCHES_A_LINE = 50;

/** Words and "phrases" of a query. A quote that is not closed runs to the end. */
export function terms(query: string): string[] {
  return Array.from(query.matchAll(/"([^"]*)"?|(\S+)/g), ([, phrase, word]) => phrase ?? word ?? '').filter(
    (term) => term.trim() !== '',
  );
}

function literalMatcher(query: string): Matcher {
  const literals = terms(query).map(fold);
  const [first, ...others] = literals;
  if (first === undefined) throw new ExhibitError('usage', 'search', 'there is nothing to look for', 'give a word or a "phrase"');
  return {
    literals,
    matches: (line) => {
      const folded = foldWithPositions(line);
      if (!others.every((literal) => folded.text.includes(literal))) return [];
      const found: Match[] = [];
      for (
        let at = folded.text.indexOf(first);
        at >= 0 && found.length < MATCHES_A_LINE;
        at = folded.text.indexOf(first, at + first.length)
      ) {
        const { start, end } = originalRange(folded, at, at + first.length);
        found.push({ start, length: end - start });
      }
      return found;
    },
  };
}

function regexMatcher(source: string): Matcher {
  let expression: RegExp;
  try {
    expression = new RegExp(source, 'giu');
  } catch (error) {
    throw new ExhibitError(
      'usage',
      'search',
      `the expression is not valid: ${(error as Error).message}`,
      'correct it, or search without --regex',
    );
  }
  return {
    literals: [],
    matches: (line) => {
      const found: Match[] = [];
      for (const match of line.matchAll(expression)) {
        if (match[0] !== '') found.push({ start: match.index, length: match[0].length });
        if (found.length === MATCHES_A_LINE) break;
      }
      return found;
    },
  };
}

export function createMatcher(query: string, regex: boolean): Matcher {
  return regex ? regexMatcher(query) : literalMatcher(query);
}
