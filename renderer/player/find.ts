// Searching inside one recording: what was asked, what was found, which hit is meant. Hits are fetched by pages, from where one stands on;
// the next and previous hit lead on to other pages, and go round.

import type { SearchHit } from '../../shared/api/search-shapes.ts';
import type { FailureText } from '../ui/answer.ts';

export interface FindQuery {
  /** In the language of docs/search.md. */
  readonly text: string;
  readonly fields: readonly SearchHit['in'][];
  /** All of it is looked for in one line, as what is typed into a find box. False: as a search of the library finds it, that led here. */
  readonly lines: boolean;
}

/** Hits of a page. */
export const PAGE = 1000;

export const EVERYWHERE: readonly SearchHit['in'][] = ['visible', 'printed', 'typed', 'hidden'];

export interface FindState {
  /** What was asked last; null before the first search. */
  readonly query: FindQuery | null;
  readonly busy: boolean;
  /** Those that were fetched, by time. */
  readonly hits: readonly SearchHit[];
  /** How many lie before them. */
  readonly first: number;
  readonly total: number;
  /** Position of the hit that is meant in `hits`; -1 for none. */
  readonly meant: number;
  /** It was come to past the end, or past the beginning. */
  readonly wrapped: 'end' | 'beginning' | null;
  readonly failure: FailureText | null;
  /** Why the recording could not be searched; empty when it could. */
  readonly notSearched: string;
}

export const NOTHING_ASKED: FindState = {
  query: null,
  busy: false,
  hits: [],
  first: 0,
  total: 0,
  meant: -1,
  wrapped: null,
  failure: null,
  notSearched: '',
};

/** Place among all hits that a step leads to, and whether it goes round. Null where there are none. */
export function placeOf(
  { hits, first, total, meant }: FindState,
  step: 1 | -1,
): { readonly place: number; readonly wrapped: FindState['wrapped'] } | null {
  if (hits.length === 0) return null;
  const from = meant === -1 ? (step === 1 ? -1 : hits.length) : meant;
  const place = first + from + step;
  if (place < 0) return { place: total - 1, wrapped: 'beginning' };
  return place >= total ? { place: 0, wrapped: 'end' } : { place, wrapped: null };
}

/** Place of the first hit of the page that has the one at a place: it lies behind it, or where one goes back, before. */
export const pageAt = (place: number, step: 1 | -1): number => (step === 1 ? place : Math.max(0, place - PAGE + 1));

/** With the page that begins at a place: joined to the hits that were fetched where it meets them, else instead of them. */
export function withPage({ hits, first }: FindState, at: number, page: readonly SearchHit[]): Pick<FindState, 'hits' | 'first'> {
  if (at === first + hits.length) return { hits: [...hits, ...page], first };
  if (at < first && at + page.length >= first) return { hits: [...page.slice(0, first - at), ...hits], first: at };
  return { hits: page, first: at };
}

/** The text that a hit matched: what is marked on the screen. */
export const matchedText = ({ text, matchStart, matchLength }: SearchHit): string =>
  text.slice(matchStart, matchStart + matchLength);

export const sameQuery = (a: FindQuery | null, b: FindQuery): boolean =>
  a !== null && a.text === b.text && a.lines === b.lines && a.fields.join() === b.fields.join();
