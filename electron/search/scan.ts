// What one session has of a query, small enough to go from one thread to another: its first hits, how many there are, and when.

import { setImmediate } from 'node:timers/promises';
import type { SearchHistogram, SearchHit } from '../../shared/api/search-shapes.ts';
import type { Library, SearchedSession } from '../library/library.ts';
import { Along, type Course } from './along.ts';
import { Bars } from './bars.ts';
import { SessionSearch, type Found } from './evaluate.ts';
import { hitOf } from './hit.ts';
import type { Plan } from './plan.ts';

export interface Wanted {
  /** Hits that are passed over, and those behind them that are brought. */
  readonly skip: number;
  readonly keep: number;
  /** Counts all others; else the scan ends with the first one behind those that are brought, which `total` alone counts. */
  readonly counts: boolean;
  /** Hits are brought, and all counted, along the course of the session. */
  readonly course: Course | null;
}

export interface Scanned {
  /** In the order in which they are told. */
  readonly hits: readonly SearchHit[];
  readonly total: number;
  /** Hits before the moment that the course begins at. */
  readonly before: number;
  /** Null where the session has no known start. */
  readonly histogram: SearchHistogram | null;
}

/** When hits of a session were; null where it has no known start. */
export function histogramOf({ startedAt }: SearchedSession, hits: readonly SearchHit[]): SearchHistogram | null {
  const bars = new Bars();
  if (startedAt !== null) for (const { fromUs } of hits) bars.add(startedAt + fromUs);
  return bars.take();
}

/** Groups of lines between two pauses: of all scans in this thread, since most sessions have few. */
const PAUSE = 16;
let groups = 0;

/** Hits of one session that are brought in the order of time; what lies beyond follows in the order of its lines. */
const ORDERED = 200;

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

/** Looks through one session, with pauses for others. Cut short when `isStopped` says so: nobody wants what it brings then. */
export async function scanSession(
  library: Library,
  plan: Plan,
  session: SearchedSession,
  { skip, keep, counts, course }: Wanted,
  isStopped: () => boolean,
): Promise<Scanned> {
  const hits: SearchHit[] = [];
  const bars = new Bars();
  let total = 0;
  const along = course === null ? null : new Along(course, skip + keep);
  const search = new SessionSearch(library, session);
  const all = course?.lines === true ? search.hitsInLines(plan) : search.hits(plan);
  for (const found of along === null ? ordered(all) : all) {
    if (found === null) {
      if (++groups % PAUSE > 0) continue;
      await setImmediate();
      if (isStopped()) break;
      continue;
    }
    if (along?.add(found) === false) continue;
    total += 1;
    const isBehind = along !== null || total > skip + keep;
    if (isBehind && !counts && along === null) break;
    if (session.startedAt !== null) bars.add(session.startedAt + found.match.from);
    if (total > skip && !isBehind) hits.push(hitOf(session.id, found));
  }
  if (along !== null)
    hits.push(
      ...along
        .take()
        .slice(skip)
        .map((found) => hitOf(session.id, found)),
    );
  return { hits, total, before: along?.before ?? 0, histogram: bars.take() };
}
