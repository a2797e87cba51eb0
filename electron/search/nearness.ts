// Hits within a time of each other. A span of hits [from, to] is met by every window of the given length that begins between
// from - length and to; the windows that meet a hit of every word are those that count.

import { firstWhere } from '../../shared/recording/first-where.ts';

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Collects intervals and keeps them joined and in order. */
export class Windows {
  readonly #length: number;
  #loose: Interval[] = [];
  #joined: readonly Interval[] = [];

  constructor(length: number) {
    this.#length = length;
  }

  add(from: number, to: number): void {
    this.#loose.push({ from: from - this.#length, to });
    if (this.#loose.length >= 4096) this.#join();
  }

  #join(): void {
    const ordered = [...this.#joined, ...this.#loose].toSorted((a, b) => a.from - b.from);
    const joined: { from: number; to: number }[] = [];
    for (const { from, to } of ordered) {
      const last = joined.at(-1);
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else joined.push({ from, to });
    }
    this.#joined = joined;
    this.#loose = [];
  }

  take(): readonly Interval[] {
    this.#join();
    return this.#joined;
  }
}

/** What two ordered, disjoint lists share. */
export function shared(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  const both: Interval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const from = Math.max(a[i]!.from, b[j]!.from);
    const to = Math.min(a[i]!.to, b[j]!.to);
    if (from <= to) both.push({ from, to });
    if (a[i]!.to < b[j]!.to) i += 1;
    else j += 1;
  }
  return both;
}

/** Whether an interval shares anything with an ordered, disjoint list. */
export function meets(list: readonly Interval[], from: number, to: number): boolean {
  const next = list[firstWhere(list.length, (i) => list[i]!.to >= from)];
  return next !== undefined && next.from <= to;
}
