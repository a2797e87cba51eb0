// The shapes of search as they cross the process boundary: what can be looked in, hits, counts, and what helps while a query is typed.

import { z } from 'zod';
import { offsetUs, us, withheldSources } from './shapes.ts';

export const SEARCH_FIELDS = ['typed', 'printed', 'visible', 'hidden', 'command', 'history', 'note'] as const;
export const searchField = z.enum(SEARCH_FIELDS);

/** Characters of a query, in UTF-16 units. */
export const MAX_QUERY = 2000;

/** Order of the sessions that hits are in; `relevance`: those with most hits first. */
export const SEARCH_SORTS = ['newest', 'oldest', 'relevance'] as const;

export const searchHit = z.object({
  sessionId: z.string(),
  in: searchField,
  fromUs: offsetUs,
  toUs: offsetUs,
  /** Position of the event at which the text appeared. */
  index: z.int(),
  row: z.int().nullable(),
  col: z.int().nullable(),
  /** The line that matched, cut around the match when long; `matchStart` and `matchLength` count UTF-16 units in it. */
  text: z.string(),
  matchStart: z.int(),
  matchLength: z.int(),
});
export type SearchHit = z.infer<typeof searchHit>;

/** How many hits and sessions have which value; `name` is the field of the query language. */
export const searchFacet = z.object({
  name: z.enum(['user', 'server', 'source', 'origin', 'env']),
  values: z.array(z.object({ value: z.string(), hits: z.int(), sessions: z.int() })),
  /** Values beyond those given. */
  more: z.int(),
});
export type SearchFacet = z.infer<typeof searchFacet>;

/** Hits by wall time, in bars of equal width from `fromUs` (microseconds since 1970 UTC) on. */
export const searchHistogram = z.object({
  fromUs: us,
  barUs: us,
  counts: z.array(z.int()),
  /** Hits of sessions whose start is not known. */
  undated: z.int(),
});
export type SearchHistogram = z.infer<typeof searchHistogram>;

export const searchAnswer = z.object({
  /** All hits, or, when the search ended early, those that it had met. */
  total: z.int(),
  /** Whether everything was looked at; counts are of what was. */
  complete: z.boolean(),
  /** Hits before the moment that the course begins at; 0 where none was asked for. */
  before: z.int(),
  hits: z.array(searchHit),
  /** Sessions with hits, at most 10,000 of them. */
  sessions: z.array(z.object({ id: z.string(), hits: z.int() })),
  sessionCount: z.int(),
  facets: z.array(searchFacet),
  histogram: searchHistogram.nullable(),
  /** Sessions in scope that could not be searched, with the reason; at most 10,000 of them. */
  notSearched: z.array(z.object({ id: z.string(), reason: z.string() })),
  notSearchedCount: z.int(),
  withheld: withheldSources,
});
export type SearchAnswer = z.infer<typeof searchAnswer>;

/** UTF-16 offsets in the query. */
const querySpan = { start: z.int(), end: z.int() };

export const searchAssistance = z.object({
  faults: z.array(z.object({ ...querySpan, why: z.string(), todo: z.string() })),
  completion: z.object({ ...querySpan, choices: z.array(z.object({ insert: z.string(), label: z.string(), note: z.string() })) }),
});
export type SearchAssistance = z.infer<typeof searchAssistance>;
