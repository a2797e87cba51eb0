// Searching inside one recording: what was asked, what was found, which hit is meant. The next and previous hit go round.

import type { SearchHit } from '../../shared/api/search-shapes.ts';
import type { FailureText } from '../ui/answer.ts';

export interface FindQuery {
  /** In the language of docs/search.md. */
  readonly text: string;
  readonly fields: readonly SearchHit['in'][];
}

export const EVERYWHERE: readonly SearchHit['in'][] = ['visible', 'printed', 'typed', 'hidden'];

export interface FindState {
  /** What was asked last; null before the first search. */
  readonly query: FindQuery | null;
  readonly busy: boolean;
  readonly hits: readonly SearchHit[];
  readonly total: number;
  /** Position of the hit that is meant in `hits`; -1 for none. */
  readonly meant: number;
  readonly failure: FailureText | null;
  /** Why the recording could not be searched; empty when it could. */
  readonly notSearched: string;
}

export const NOTHING_ASKED: FindState = {
  query: null,
  busy: false,
  hits: [],
  total: 0,
  meant: -1,
  failure: null,
  notSearched: '',
};

/** The hit to show first: the next one from here on, or the first of all. */
export function firstFrom(hits: readonly SearchHit[], atUs: number): number {
  if (hits.length === 0) return -1;
  const found = hits.findIndex(({ fromUs }) => fromUs >= atUs);
  return found === -1 ? 0 : found;
}

export function nextHit({ hits, meant }: FindState, step: 1 | -1): number {
  if (hits.length === 0) return -1;
  if (meant === -1) return step === 1 ? 0 : hits.length - 1;
  return (meant + step + hits.length) % hits.length;
}

/** The text that a hit matched: what is marked on the screen. */
export const matchedText = ({ text, matchStart, matchLength }: SearchHit): string =>
  text.slice(matchStart, matchStart + matchLength);

export const sameQuery = (a: FindQuery | null, b: FindQuery): boolean =>
  a !== null && a.text === b.text && a.fields.join() === b.fields.join();
