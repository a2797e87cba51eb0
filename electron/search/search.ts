// The door of search: a query in the language of docs/search.md, against the full-text index. Every candidate is verified in its
// text. Hits come session by session, each with its moment and place; a long search pauses for others and can be cut off when
// a page is full.

import { setImmediate } from 'node:timers/promises';
import type { SearchAnswer, SearchHit } from '../../shared/api/search-shapes.ts';
import type { TextKind } from '../../shared/query/tree.ts';
import type { Library, SearchedSession, SessionFilter, SessionRow } from '../library/library.ts';
import { SessionSearch, type Found } from './evaluate.ts';
import { hitOf } from './hit.ts';
import { asksRecordings, candidateSessions, planOf, possible, type Plan } from './plan.ts';
import { meaningFor, whyNotSearched, whyRefused } from './question.ts';
import { Tally } from './tally.ts';

export interface SearchRequest {
  readonly query: string;
  /** The whole query is one expression, in any letter case. */
  readonly regex: boolean;
  /** Where words are looked for that have no `in:`. */
  readonly kinds: readonly TextKind[];
  readonly filter: SessionFilter;
  /** Only this session. */
  readonly session: SessionRow | null;
  /** Order of the sessions; hits of one session are by time. */
  readonly sort: 'newest' | 'oldest' | 'relevance';
  readonly offset: number;
  readonly limit: number;
  /** Counts every hit. Else the search ends when the page is full, and says whether it saw everything. */
  readonly counts: boolean;
}

/** Blocks between two pauses. */
const PAUSE = 64;

/** Hits of one session that are brought in the order of time; what lies beyond follows in the order of its lines. */
const ORDERED = 200;

/** Sessions that are told one by one, and those that could not be searched. */
const TOLD = 10_000;

const byTime = (a: Found, b: Found): number => a.match.from - b.match.from || a.match.index - b.match.index;

/** Hits of one session, the first ones by time. Null: a moment to pause. */
function* ordered(hits: Iterable<Found | null>): Generator<Found | null> {
  let held: Found[] | null = [];
  for (const found of hits) {
    if (found === null || held === null) {
      yield found;
      continue;
    }
    held.push(found);
    if (held.length < ORDERED) continue;
    yield* held.toSorted(byTime);
    held = null;
  }
  if (held !== null) yield* held.toSorted(byTime);
}

/** Goes through sessions and tells of each hit until it is told to stop. */
async function walk(
  library: Library,
  plan: Plan,
  sessions: readonly SearchedSession[],
  take: (session: SearchedSession, found: Found) => boolean,
): Promise<boolean> {
  let blocks = 0;
  for (const session of sessions) {
    if (!possible(plan, session).match) continue;
    for (const found of ordered(new SessionSearch(library, session).hits(plan))) {
      if (found === null) {
        if (++blocks % PAUSE === 0) await setImmediate();
      } else if (!take(session, found)) return false;
    }
  }
  return true;
}

/**
 * Runs a query. Recordings that their source does not let be seen are told as not searched, and sources that are withheld not at all.
 * Throws kind `usage` when it makes no sense, with the place and what would be right.
 */
export async function runSearch(library: Library, request: SearchRequest): Promise<Omit<SearchAnswer, 'withheld'>> {
  const { query, regex, kinds, filter, session, sort, offset, limit } = request;
  const plan = planOf(library, meaningFor(library, query, regex, kinds), session === null);
  const only = session === null ? null : [session.key];
  const candidates = candidateSessions(plan);
  const found = library.searched.sessions(filter, only ?? (candidates === null ? null : [...candidates]));
  const scope = found.filter((one) => whyRefused(library, one) === null);
  // Of all others it is known without asking that they are searched.
  const all =
    candidates === null || only !== null ? found : library.searched.notIndexed(filter, library.rights.refusedKeys('recording'));
  const recordings = asksRecordings(plan);
  const notSearched = all.flatMap((one) => {
    const why = whyRefused(library, one) ?? (recordings ? whyNotSearched(one) : null);
    const reason = why !== null && possible(plan, one).match ? why : null;
    return reason === null ? [] : [{ id: one.id, reason }];
  });

  const tally = new Tally();
  const hits: SearchHit[] = [];
  const counts = request.counts || sort === 'relevance';
  let met = 0;
  const page = (one: SearchedSession, found: Found): boolean => {
    met += 1;
    if (met > offset + limit) return false;
    if (met > offset) hits.push(hitOf(one.id, found));
    return true;
  };
  let complete: boolean;
  if (sort === 'relevance') {
    complete = await walk(library, plan, scope, (one, found) => {
      tally.add(one, found.match.from);
      return true;
    });
    const ranked = [...tally.sessions.values()].toSorted((a, b) => b.hits - a.hits).map((one) => one.session);
    await walk(library, plan, ranked, page);
  } else {
    complete = await walk(library, plan, sort === 'oldest' ? scope.toReversed() : scope, (one, found) => {
      const wanted = page(one, found);
      if (wanted || counts) tally.add(one, found.match.from);
      return wanted || counts;
    });
  }
  return {
    total: tally.total,
    complete,
    hits,
    sessions: [...tally.sessions.values()].slice(0, TOLD).map((one) => ({ id: one.session.id, hits: one.hits })),
    sessionCount: tally.sessions.size,
    facets: tally.facets(),
    histogram: tally.histogram(),
    notSearched: notSearched.slice(0, TOLD),
    notSearchedCount: notSearched.length,
  };
}

export { assist, whyNotSearched, whyRefused } from './question.ts';
export { prepareWatch, readyWatch, unpackHits, watchSession } from './watch.ts';
export type { ReadyWatch, Watch, WatchIndicator } from './watch.ts';
