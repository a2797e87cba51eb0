// Counts of hits while they are found: by session, by what is known of the sessions, and over wall time. Bounded whatever is found.

import type { SearchFacet, SearchHistogram } from '../../shared/api/search-shapes.ts';
import type { SearchedSession } from '../library/library.ts';
import { Bars } from './bars.ts';

/** Values of a facet that are told, those with most hits first. */
const VALUES = 50;

const FACETS = ['user', 'server', 'source', 'origin', 'environment'] as const;

export class Tally {
  total = 0;
  readonly sessions = new Map<number, { readonly session: SearchedSession; readonly hits: number }>();
  readonly #bars = new Bars();

  /** All hits of a session. `histogram`: when they were; null where it has no known start. */
  add(session: SearchedSession, hits: number, histogram: SearchHistogram | null): void {
    if (hits === 0) return;
    this.total += hits;
    this.sessions.set(session.key, { session, hits });
    if (histogram === null) this.#bars.add(null, hits);
    else this.#bars.addAll(histogram);
  }

  histogram(): SearchHistogram | null {
    return this.#bars.take();
  }

  facets(): SearchFacet[] {
    return FACETS.map((name) => {
      const values = new Map<string, { hits: number; sessions: number }>();
      for (const { session, hits } of this.sessions.values()) {
        const value = session[name];
        if (value === null) continue;
        const known = values.get(value) ?? { hits: 0, sessions: 0 };
        values.set(value, { hits: known.hits + hits, sessions: known.sessions + 1 });
      }
      const ordered = Array.from(values, ([value, counts]) => ({ value, ...counts })).toSorted((a, b) => b.hits - a.hits);
      return {
        name: name === 'environment' ? 'env' : name,
        values: ordered.slice(0, VALUES),
        more: Math.max(0, ordered.length - VALUES),
      };
    });
  }
}
