// Hits by wall time, in bars that grow wider as the hits lie further apart: bounded whatever is found.

import type { SearchHistogram } from '../../shared/api/search-shapes.ts';

/** Bars kept while counting; when there would be more, two become one. */
const BARS = 256;

/** A second: the narrowest bar. */
const NARROWEST = 1_000_000;

export class Bars {
  #width = NARROWEST;
  #counts = new Map<number, number>();
  #first = Infinity;
  #last = -Infinity;
  #undated = 0;

  /** Counts hits at a moment, in microseconds since 1970-01-01 UTC, or at none. */
  add(at: number | null, hits = 1): void {
    if (at === null) {
      this.#undated += hits;
      return;
    }
    this.#count(Math.floor(at / this.#width), hits);
    while (this.#last - this.#first >= BARS) this.#widen();
  }

  /** Counts what others counted: what comes of it is the same as if it had been counted here. */
  addAll({ fromUs, barUs, counts }: SearchHistogram): void {
    while (this.#width < barUs) this.#widen();
    for (const [i, hits] of counts.entries()) if (hits > 0) this.add(fromUs + i * barUs, hits);
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

  /** Null where no hit has a moment. */
  take(): SearchHistogram | null {
    if (this.#counts.size === 0) return null;
    const counts = Array.from({ length: this.#last - this.#first + 1 }, (_, i) => this.#counts.get(this.#first + i) ?? 0);
    return { fromUs: this.#first * this.#width, barUs: this.#width, counts, undated: this.#undated };
  }
}
