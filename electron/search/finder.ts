// Finds one word or expression in one line, and says from when to when each match was there. A line on the screen may have grown
// piece by piece: where a match can end to be one when text is added, or give way to a longer one that begins before it, every state of
// the line is looked at, else its last one tells all. A line of a stream is what it is in the end.

import type { Needle } from '../../shared/query/meaning.ts';
import { compileExpression, type Expression, type Range } from '../../shared/query/expression.ts';
import { fold, foldWithPositions, originalRange } from '../../shared/query/fold.ts';
import { holds, literal, type Narrow } from '../../shared/query/narrow.ts';
import { firstWhere } from '../../shared/recording/first-where.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { TextLine, TextStep } from '../library/library.ts';

/** UTF-16 offset and length in the line, when it was there, and the position of the event that brought it. */
export interface Match {
  readonly start: number;
  readonly length: number;
  readonly from: Micros;
  readonly to: Micros;
  readonly index: number;
}

export interface Finder {
  /** What every line with a match holds, and the same as the index is asked of it. */
  readonly narrow: Narrow;
  readonly spelled: Narrow;
  /** Whether lines for which `narrow` holds, composed and one behind the other, may have a match; null where `narrow` says as much. */
  readonly mayBeIn: ((lines: string) => boolean) | null;
  find(line: TextLine): readonly Match[];
}

/** How a needle is found in a text: ranges in the text as it is. */
interface Searcher {
  readonly looksBehindItsEnd: boolean;
  /** Whether matches have more than one length: a longer one may begin before those that stood until it was complete. */
  readonly varies: boolean;
  ranges(text: string): Range[];
  /** The first step at which this match of the whole text, or the beginning of it, was a match. */
  firstStep(line: TextLine, range: Range, last: number): number;
}

// oxlint-disable-next-line no-control-regex
const ASCII = /^[\u0000-\u007f]*$/;

/** States of a line that are looked at for matches that give way; of one that grew in more steps, each match is one from its first part on. */
const MAX_STATES = 512;

const stepWith = (steps: readonly TextStep[], length: number): number =>
  firstWhere(steps.length - 1, (step) => steps[step]!.length >= length);

function wordSearcher(text: string): Searcher {
  const needle = fold(text);
  // A line stands among blanks: those at the ends of a phrase are met there too.
  const before = needle.length - needle.trimStart().length;
  const after = needle.length - needle.trimEnd().length;
  return {
    looksBehindItsEnd: after > 0,
    varies: false,
    ranges: (line) => {
      const folded = foldWithPositions(line);
      const hay = before + after === 0 ? folded.text : `${' '.repeat(before)}${folded.text}${' '.repeat(after)}`;
      const found: Range[] = [];
      for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
        const start = Math.max(0, at - before);
        found.push(originalRange(folded, start, Math.min(folded.text.length, at - before + needle.length)));
      }
      return found;
    },
    firstStep: ({ steps }, { end }) => stepWith(steps, end),
  };
}

function expressionSearcher(expression: Expression): Searcher {
  return {
    looksBehindItsEnd: expression.looksBehindItsEnd,
    varies: true,
    ranges: (line) => {
      // To look for its literals first is many times faster than the expression itself.
      if (!holds(fold(line), expression.narrow)) return [];
      const text = foldWithPositions(line, false);
      if (!expression.mayBeIn(text.text)) return [];
      return Array.from(expression.matches(text.text, 0), ({ start, end }) => originalRange(text, start, end));
    },
    firstStep: ({ text, steps }, range, last) => {
      const matchesUpTo = (step: number): boolean => {
        const state = foldWithPositions(text.slice(0, steps[step]!.length), false);
        for (const { start, end } of expression.matches(state.text, 0)) {
          const place = originalRange(state, start, end);
          if (place.end > range.start && place.start < range.end) return true;
        }
        return false;
      };
      const first = stepWith(steps, range.start + 1);
      const end = Math.min(last, stepWith(steps, range.end));
      return first + firstWhere(end - first, (i) => matchesUpTo(first + i));
    },
  };
}

/** Steps whose text is looked at: the last one, of which the others are beginnings. */
function views({ steps }: TextLine, every: boolean): number[] {
  return every ? steps.map((_, i) => i) : [steps.length - 1];
}

/** Whether one of the last matches came in more than one step: those that gave way to it stood where it is. */
function mayHaveGivenWay(steps: readonly TextStep[], ranges: readonly Range[]): boolean {
  if (steps.length === 1 || steps.length > MAX_STATES) return false;
  return ranges.some(({ start, end }) => stepWith(steps, start + 1) < stepWith(steps, end));
}

function findIn(line: TextLine, searcher: Searcher): Match[] {
  const { text, steps, to } = line;
  const ranges = searcher.ranges(text);
  // Where the last state of such a line has no match, none of its states has one.
  if (!searcher.looksBehindItsEnd && ASCII.test(text) && ranges.length === 0) return [];
  const every = line.row >= 0 && (searcher.looksBehindItsEnd || (searcher.varies && mayHaveGivenWay(steps, ranges)));
  const found: Match[] = [];
  // Matches that stand since a step, by where they begin.
  let standing = new Map<number, { readonly range: Range; readonly step: number }>();
  const end = (at: Micros, going: Iterable<{ readonly range: Range; readonly step: number }>): void => {
    for (const { range, step } of going) {
      const { at: from, index } = steps[step]!;
      found.push({ start: range.start, length: range.end - range.start, from, to: at, index });
    }
  };
  let previous = -1;
  for (const view of views(line, every)) {
    const isLast = view === steps.length - 1;
    const now = new Map<number, { readonly range: Range; readonly step: number }>();
    for (const range of isLast ? ranges : searcher.ranges(text.slice(0, steps[view]!.length).trimEnd())) {
      const known = standing.get(range.start);
      standing.delete(range.start);
      const step = known?.step ?? (every ? view : searcher.firstStep(line, range, view));
      now.set(range.start, { range, step });
    }
    if (previous >= 0) end(steps[previous + 1]!.at, standing.values());
    standing = now;
    previous = view;
  }
  end(to, standing.values());
  return found.length > 1 ? found.toSorted((a, b) => a.start - b.start || a.from - b.from) : found;
}

export function expressionFinder(expression: Expression): Finder {
  const searcher = expressionSearcher(expression);
  const { narrow, spelled } = expression;
  return { narrow, spelled, mayBeIn: (lines) => expression.mayBeIn(lines), find: (line) => findIn(line, searcher) };
}

/** The needle is one that meaning.ts let through. */
export function createFinder(needle: Needle): Finder {
  switch (needle.kind) {
    case 'text': {
      const searcher = wordSearcher(needle.text);
      const narrow = literal(fold(needle.text));
      return { narrow, spelled: narrow, mayBeIn: null, find: (line) => findIn(line, searcher) };
    }
    case 'regex': {
      const compiled = compileExpression(needle.source, needle.flags);
      if (compiled.kind === 'wrong') throw new RangeError(compiled.why);
      return expressionFinder(compiled.expression);
    }
  }
}
