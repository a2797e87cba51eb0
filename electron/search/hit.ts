// A match as it is told: the moment, the place on the screen of that time, and the line around it.

import type { SearchHit } from '../../shared/api/search-shapes.ts';
import { widthOf } from '../../shared/terminal/widths.ts';
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

/** Where a match begins on the screen of its time: a wide character that a row has no room for stands in the next one. */
function placeOf({ text, row, col, cols }: TextLine, { start }: Match): Pick<SearchHit, 'row' | 'col'> {
  if (row < 0) return { row: null, col: null };
  let [y, x] = [row + Math.floor(col / cols), col % cols];
  for (const character of text.slice(0, start)) {
    const width = widthOf(character.codePointAt(0)!);
    if (x + width > cols) [y, x] = [y + 1, 0];
    x += width;
  }
  // What follows a full row, or a wide character behind the last column, begins in the next one.
  const width = widthOf(text.codePointAt(start) ?? 0x20);
  return x + Math.max(1, width) > cols ? { row: y + 1, col: 0 } : { row: y, col: x };
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
