// Counts of hits while they are found: by session, by what is known of the sessions, and over wall time. Bounded whatever is found.

import type { SearchFacet, SearchHistogram } from '../../shared/api/search-shapes.ts';
import type { SearchedSession } from '../library/library.ts';

/** Bars kept while counting; when there would be more, two become one. */
const BARS = 256;

/** A second: the narrowest bar. */
const NARROWEST = 1_000_000;

/** Values of a facet that are told, those with most hits first. */
const VALUES = 50;

const FACETS = ['user', 'server', 'source', 'origin', 'environment'] as const;

/** Hits by wall time, in bars that grow wider as the hits lie further apart. */
class Bars {
  #width = NARROWEST;
  #counts = new Map<number, number>();
  #first = Infinity;
  #last = -Infinity;
  #undated = 0;

  add(at: number | null): void {
    if (at === null) {
      this.#undated += 1;
      return;
    }
    this.#count(Math.floor(at / this.#width), 1);
    while (this.#last - this.#first >= BARS) this.#widen();
  }

  #count(bar: number, hits: number): void {
    this.#counts.set(bar, (this.#counts.get(bar) ?? 0) + hits);
    this.#first = Math.min(this.#first, bar);
    this.#last = Math.max(this.#last, bar);
  }

  #widen(): void {
    const narrow = this.#counts;
    this.#width *= 2;
    this.#counts = new Map();
    [this.#first, this.#last] = [Infinity, -Infinity];
    for (const [bar, hits] of narrow) this.#count(Math.floor(bar / 2), hits);
  }

  take(): SearchHistogram | null {
    if (this.#counts.size === 0) return null;
    const counts = Array.from({ length: this.#last - this.#first + 1 }, (_, i) => this.#counts.get(this.#first + i) ?? 0);
    return { fromUs: this.#first * this.#width, barUs: this.#width, counts, undated: this.#undated };
  }
}

export class Tally {
  total = 0;
  readonly sessions = new Map<number, { readonly session: SearchedSession; hits: number }>();
  readonly #bars = new Bars();

  add(session: SearchedSession, fromUs: number): void {
    this.total += 1;
    const known = this.sessions.get(session.key);
    if (known === undefined) this.sessions.set(session.key, { session, hits: 1 });
    else known.hits += 1;
    this.#bars.add(session.startedAt === null ? null : session.startedAt + fromUs);
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
