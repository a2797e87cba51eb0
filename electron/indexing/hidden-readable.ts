// Whether a text could be read on the screen at any time of a session: it stood in one place for 100 ms, in all that its index
// says of what was visible. Asked when the whole session was read, for the few texts that may have been hidden.

import { fold, foldWithPositions, originalRange } from '../../shared/query/fold.ts';
import { allOf, literal, type Narrow } from '../../shared/query/narrow.ts';
import type { Library, SessionRow, StoredGroup } from '../library/library.ts';
import { READABLE } from './hidden-findings.ts';

export interface Readable {
  /** Whether this text stood as it is, letter case and width of characters aside. */
  text(text: string): boolean;
  /** Whether all of these words stood in one line. */
  words(words: Iterable<string>): boolean;
  /** Whether a text counted as readable because it could not be looked up. */
  readonly exceeded: boolean;
}

/** Questions that one session may ask, enough for all suspects that are kept; text beyond them counts as readable, so that nothing is claimed unproven. */
const MAX_QUESTIONS = 16_000;

/** Groups of lines that one question looks into, and all of a session open: beyond them text counts as readable too. */
const MAX_GROUPS = 16;
const MAX_OPENED = 1000;

/** Groups that are kept open: questions are often of one stretch. */
const HELD_GROUPS = 16;

export function readableIn(library: Library, session: SessionRow): Readable {
  const { text } = library.derived;
  const keys = new Set(text.groupsOf(session.key).map(({ key }) => key));
  const segments = text.segmentsOf(session.key);
  const held = new Map<number, StoredGroup>();
  let opened = 0;
  let exceeded = false;
  /** A bound is reached: nothing is claimed of this text. */
  const give = (): true => (exceeded = true);
  const groupAt = (key: number): StoredGroup => {
    const known = held.get(key);
    if (known !== undefined) return known;
    if (held.size >= HELD_GROUPS) held.delete(held.keys().next().value!);
    opened += 1;
    const group = text.group(key)!;
    held.set(key, group);
    return group;
  };
  const known = new Map<string, boolean>();
  /** Groups that may hold all of these, in their order. A part of the index is asked when those before it were not enough. */
  function* groupsFor(narrow: Narrow): Iterable<number> {
    for (const segment of segments) {
      const named = text.candidates(narrow, [segment]);
      if (named === null) {
        yield* keys;
        return;
      }
      for (const key of Array.from(named).toSorted((a, b) => a - b)) if (keys.has(key)) yield key;
    }
  }
  const look = (literals: readonly string[]): boolean => {
    let groups = 0;
    let since = Number.NaN;
    let until = Number.NaN;
    if (opened >= MAX_OPENED) return give();
    const narrow = allOf(literals.map(literal));
    for (const key of groupsFor(narrow)) {
      if ((groups += 1) > MAX_GROUPS || opened >= MAX_OPENED) return give();
      const group = groupAt(key);
      for (const line of group.lines('visible', group.holding(narrow, null))) {
        const folded = foldWithPositions(line.text);
        const last = Math.max(...literals.map((wanted) => endOf(folded.text, wanted)));
        if (last === Infinity) continue;
        const { end } = originalRange(folded, 0, last);
        // A line that changes elsewhere ends and begins anew, and the text in it stands on.
        const from = (line.steps.find(({ length }) => length >= end) ?? line.steps.at(-1)!).at;
        if (from !== until) since = from;
        until = line.to;
        if (until - since >= READABLE) return true;
      }
    }
    return false;
  };
  const ask = (literals: readonly string[]): boolean => {
    const question = literals.join('\n');
    const answer = known.get(question) ?? (known.size >= MAX_QUESTIONS ? give() : look(literals));
    known.set(question, answer);
    return answer;
  };
  return {
    text: (text) => ask([fold(text.trim())]),
    words: (words) => {
      const literals = Array.from(words, fold);
      return literals.length > 0 && ask(literals);
    },
    get exceeded() {
      return exceeded;
    },
  };
}

/** Where a literal ends in a line; infinity where it is not in it. */
function endOf(line: string, literal: string): number {
  const at = line.indexOf(literal);
  return at < 0 ? Infinity : at + literal.length;
}
