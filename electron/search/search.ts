// The door of search: a query in the language of docs/search.md, against the full-text index. Every candidate is verified in its
// text. Hits come session by session, each with its moment and place; a long search pauses for others and can be cut off when
// a page is full.

import type { SearchAnswer, SearchHit } from '../../shared/api/search-shapes.ts';
import type { TextKind } from '../../shared/query/tree.ts';
import type { Library, SearchedSession, SessionFilter, SessionRow } from '../library/library.ts';
import type { Course } from './along.ts';
import { inOrder, type Scan } from './in-order.ts';
import { asksRecordings, candidateSessions, planOf, possible } from './plan.ts';
import { meaningFor, whyNotSearched, whyRefused } from './question.ts';
import { histogramOf, scanSession, type Scanned, type Wanted } from './scan.ts';
import { Tally } from './tally.ts';
import type { Question, SearchThreads } from './threads.ts';

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
  /** The hits of the session along its course; only where there is one. All are counted. */
  readonly course: Course | null;
}

/** Hits before a page: with more of them, sessions are scanned one behind the other, and none of these is held. */
const DEEP = 10_000;

/** Sessions that are told one by one, and those that could not be searched. */
const TOLD = 10_000;

/**
 * Runs a query; one that takes long goes on in `threads` too, where there are some. Recordings that their source does not let be seen are told
 * as not searched, and sources that are withheld not at all. Throws kind `usage` when it makes no sense, with the place and what would be right.
 */
export async function runSearch(
  library: Library,
  threads: SearchThreads | null,
  request: SearchRequest,
): Promise<Omit<SearchAnswer, 'withheld'>> {
  const { query, regex, kinds, filter, session, sort, offset, limit, counts, course } = request;
  const question: Question = { meaning: meaningFor(library, query, regex, kinds), wholeLibrary: session === null };
  const plan = planOf(library, question.meaning, question.wholeLibrary);
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
  let met = 0;
  let before = 0;
  // Sessions that are scanned side by side bring the hits before the page too, since it is not known yet which these are.
  const isDeep = offset > DEEP;
  const skip = (): number => (isDeep ? Math.max(0, offset - met) : 0);
  /** Hits of the next session that are on the page or before it, at most. */
  const room = (): number => Math.max(0, offset + limit - met);
  /** Takes what is on the page, and says how many hits are on it or before it. */
  const page = (found: Scanned): number => {
    const told = Math.min(found.total, room());
    hits.push(...found.hits.slice(Math.max(0, offset - met) - skip(), Math.max(0, told - skip())));
    met += found.total;
    before += found.before;
    return told;
  };
  const scan = (sessions: readonly SearchedSession[], wanted: () => Wanted): ReturnType<typeof inOrder> => {
    const here: Scan = (one, isStopped) => scanSession(library, plan, one, wanted(), isStopped);
    // Where a thread fails this one does so too, and can say why, or does not.
    const elsewhere = (one: SearchedSession, isStopped: () => boolean): Promise<Scanned> | null =>
      (isDeep ? null : threads?.scan(question, one, wanted(), isStopped)?.catch(() => here(one, isStopped))) ?? null;
    return inOrder(
      sessions.filter((one) => possible(plan, one).match),
      here,
      elsewhere,
    );
  };
  const pageOf = (counting: boolean): Wanted => ({ skip: skip(), keep: room() - skip(), counts: counting, course });
  let complete = true;
  if (sort === 'relevance') {
    for await (const { session: one, found } of scan(scope, () => ({ skip: 0, keep: 0, counts: true, course: null })))
      tally.add(one, found.total, found.histogram);
    const ranked = [...tally.sessions.values()].toSorted((a, b) => b.hits - a.hits).map((one) => one.session);
    for await (const { found } of scan(ranked, () => pageOf(false))) if (page(found) < found.total) break;
  } else {
    const ordered = sort === 'oldest' ? scope.toReversed() : scope;
    for await (const { session: one, found } of scan(ordered, () => pageOf(counts))) {
      const told = page(found);
      if (counts) tally.add(one, found.total, found.histogram);
      else {
        tally.add(one, told, isDeep ? found.histogram : histogramOf(one, found.hits.slice(0, told)));
        complete = told === found.total;
        if (!complete) break;
      }
    }
  }
  return {
    total: tally.total,
    before,
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
export { createSearchThreads, type SearchThreads } from './threads.ts';
export { prepareWatch, readyWatch, unpackHits, watchSession } from './watch.ts';
export type { ReadyWatch, Watch, WatchIndicator } from './watch.ts';
