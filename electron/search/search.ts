// The door of search: a query against the full-text index, every candidate verified in its text, hits with their moment and place.

import type { SearchHit } from '../../shared/api/shapes.ts';
import { widthOf } from '../../shared/terminal/widths.ts';
import type { Library, SessionFilter, SessionRow, TextField, TextLine } from '../library/library.ts';
import { createMatcher, type Match } from './matcher.ts';

export interface SearchRequest {
  readonly query: string;
  readonly regex: boolean;
  readonly fields: readonly TextField[];
  readonly filter: SessionFilter;
  /** Only this session. */
  readonly session: SessionRow | null;
  readonly offset: number;
  readonly limit: number;
}

export interface SearchAnswer {
  readonly total: number;
  readonly hits: readonly SearchHit[];
  readonly sessions: readonly { readonly id: string; readonly hits: number }[];
  readonly notSearched: readonly { readonly id: string; readonly reason: string }[];
}

/** UTF-16 units of a line that a hit shows around its match. */
const CONTEXT = 100;

function snippet(line: string, match: Match): Pick<SearchHit, 'text' | 'matchStart' | 'matchLength'> {
  const from = Math.max(0, match.start - CONTEXT);
  const to = Math.min(line.length, match.start + match.length + CONTEXT);
  return { text: line.slice(from, to).toWellFormed(), matchStart: match.start - from, matchLength: match.length };
}

function whyNotSearched(session: SessionRow): string | null {
  switch (session.indexState) {
    case 'done':
      return null;
    case 'waiting':
    case 'running':
      return 'it is not indexed yet';
    case 'failed':
      return 'its index could not be made';
    case 'locked':
      return 'it is encrypted and no key on this device opens it';
  }
}

/** Screen columns of the text before an offset. */
function columnsBefore(text: string, offset: number): number {
  let columns = 0;
  for (const character of text.slice(0, offset)) columns += widthOf(character.codePointAt(0)!);
  return columns;
}

/** When all of a match was there, and where it begins on the screen of that time. */
function placeOf(line: TextLine, match: Match): Pick<SearchHit, 'fromUs' | 'toUs' | 'index' | 'row' | 'col'> {
  const step = line.steps.find(({ length }) => length >= match.start + match.length) ?? line.steps.at(-1)!;
  const place = { fromUs: step.at, toUs: line.to, index: step.index };
  if (line.row < 0) return { ...place, row: null, col: null };
  const column = line.col + columnsBefore(line.text, match.start);
  return { ...place, row: line.row + Math.floor(column / line.cols), col: column % line.cols };
}

/** Runs a query. Throws kind `usage` when the query is empty or its expression is not valid. */
export function runSearch(library: Library, request: SearchRequest): SearchAnswer {
  const matcher = createMatcher(request.query, request.regex);
  const scope = request.session === null ? library.sessions.keys(request.filter) : [request.session.key];
  const rows = new Map<number, SessionRow>();
  const row = (key: number): SessionRow => {
    const known = rows.get(key) ?? library.sessions.byKey(key)!;
    rows.set(key, known);
    return known;
  };
  let total = 0;
  const hits: SearchHit[] = [];
  const counts = new Map<number, number>();
  for (const key of library.text.candidates({ literals: matcher.literals, fields: request.fields, sessions: scope })) {
    const block = library.derived.textBlock(key);
    for (const line of block.lines) {
      for (const match of matcher.matches(line.text)) {
        total += 1;
        counts.set(block.session, (counts.get(block.session) ?? 0) + 1);
        if (total <= request.offset || hits.length >= request.limit) continue;
        hits.push({
          sessionId: row(block.session).id,
          in: block.field,
          ...placeOf(line, match),
          ...snippet(line.text, match),
        });
      }
    }
  }
  const notSearched = scope.flatMap((key) => {
    const reason = whyNotSearched(row(key));
    return reason === null ? [] : [{ id: row(key).id, reason }];
  });
  return { total, hits, sessions: Array.from(counts, ([key, count]) => ({ id: row(key).id, hits: count })), notSearched };
}
