// Whether a text could be read on the screen at any time of a session: it stood in one place for 100 ms, in all that its index
// says of what was visible. Asked when the whole session was read, for the few texts that may have been hidden.

import { fold } from '../../shared/query/fold.ts';
import type { Library, SessionRow } from '../library/library.ts';
import { READABLE } from './hidden-findings.ts';

export interface Readable {
  /** Whether this text stood as it is, letter case and width of characters aside. */
  text(text: string): boolean;
  /** Whether all of these words stood in one line. */
  words(words: Iterable<string>): boolean;
}

/** Questions that one session may ask; text beyond them counts as readable, so that nothing is claimed unproven. */
const MAX_QUESTIONS = 4000;

/** Blocks of the index that one question looks into. */
const MAX_BLOCKS = 400;

export function readableIn(library: Library, session: SessionRow): Readable {
  const known = new Map<string, boolean>();
  const look = (literals: readonly string[]): boolean => {
    let blocks = 0;
    let since = Number.NaN;
    let until = Number.NaN;
    for (const key of library.text.candidates({ literals, fields: ['visible'], sessions: [session.key] })) {
      if ((blocks += 1) > MAX_BLOCKS) return true;
      for (const { text, steps, to } of library.derived.textBlock(key).lines) {
        const line = fold(text);
        const end = Math.max(...literals.map((literal) => endOf(line, literal)));
        if (end === Infinity) continue;
        // A line that changes elsewhere ends and begins anew, and the text in it stands on.
        const from = (steps.find(({ length }) => length >= end) ?? steps.at(-1)!).at;
        if (from !== until) since = from;
        until = to;
        if (until - since >= READABLE) return true;
      }
    }
    return false;
  };
  const ask = (literals: readonly string[]): boolean => {
    const question = literals.join('\n');
    const answer = known.get(question) ?? (known.size >= MAX_QUESTIONS || look(literals));
    known.set(question, answer);
    return answer;
  };
  return {
    text: (text) => ask([fold(text.trim())]),
    words: (words) => {
      const literals = Array.from(words, fold);
      return literals.length > 0 && ask(literals);
    },
  };
}

/** Where a literal ends in a line; infinity where it is not in it. */
function endOf(line: string, literal: string): number {
  const at = line.indexOf(literal);
  return at < 0 ? Infinity : at + literal.length;
}
