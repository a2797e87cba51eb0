// A match as it is told: the moment, the place on the screen of that time, and the line around it.

import type { SearchHit } from '../../shared/api/search-shapes.ts';
import { cellOf } from '../../shared/terminal/places.ts';
import type { TextLine } from '../library/library.ts';
import type { Found } from './evaluate.ts';
import type { Match } from './finder.ts';

/** UTF-16 units of a line that a hit shows around its match. */
const CONTEXT = 100;

function snippet(line: string, match: Match): Pick<SearchHit, 'text' | 'matchStart' | 'matchLength'> {
  const from = Math.max(0, match.start - CONTEXT);
  const to = Math.min(line.length, match.start + match.length + CONTEXT);
  return { text: line.slice(from, to).toWellFormed(), matchStart: match.start - from, matchLength: match.length };
}

/** Where a match begins on the screen of its time. */
function placeOf({ text, row, col, cols }: TextLine, { start }: Match): Pick<SearchHit, 'row' | 'col'> {
  if (row < 0) return { row: null, col: null };
  const cell = cellOf(text, start, col, cols);
  return { row: row + Math.floor(cell / cols), col: cell % cols };
}

export function hitOf(sessionId: string, { kind, line, match }: Found): SearchHit {
  return {
    sessionId,
    in: kind,
    fromUs: match.from,
    toUs: match.to,
    index: match.index,
    ...placeOf(line, match),
    ...snippet(line.text, match),
  };
}
