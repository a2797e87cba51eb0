// The purge race: what a source loses first is read first, so that a synchronisation that is cut short has lost the least.

import type { Micros } from '../../shared/recording/time.ts';

export interface Loss {
  /** When the source purges it, as it says or by its policy; null where that is not known. */
  readonly until: Micros | null;
  /** When it ended; null for what goes on, which is lost last. */
  readonly ended: Micros | null;
}

/** Sorts first what is lost first: by the date where both have one, a known date before none, then what ended first. */
export function byLoss(a: Loss, b: Loss): number {
  if (a.until !== b.until) return (a.until ?? Infinity) - (b.until ?? Infinity);
  return a.ended === b.ended ? 0 : (a.ended ?? Infinity) - (b.ended ?? Infinity);
}
