// Search hits as they are shown: by session, and over time. Pure.

import type { SearchHit } from '../../shared/api/shapes.ts';
import { epochOf } from '../ui/format.ts';

export type ResultRow =
  | { readonly kind: 'session'; readonly id: string; readonly shown: number; readonly total: number; readonly first: SearchHit }
  | { readonly kind: 'hit'; readonly hit: SearchHit };

/** One heading a session, in the order of their first hits, then its hits by time. `totals`: all hits of a session, shown or not. */
export function resultRows(hits: readonly SearchHit[], totals: ReadonlyMap<string, number>): readonly ResultRow[] {
  return [...Map.groupBy(hits, ({ sessionId }) => sessionId)].flatMap(([id, members]) => {
    const ordered = members.toSorted((a, b) => a.fromUs - b.fromUs || a.index - b.index);
    const total = Math.max(members.length, totals.get(id) ?? 0);
    return [
      { kind: 'session' as const, id, shown: members.length, total, first: ordered[0]! },
      ...ordered.map((hit) => ({ kind: 'hit' as const, hit })),
    ];
  });
}

export interface Histogram {
  readonly counts: readonly number[];
  /** Microseconds since 1970 UTC. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Hits of sessions whose start is not known. */
  readonly undated: number;
}

/** Hits by wall time in equal spans; null when no hit has one. */
export function histogram(
  hits: readonly SearchHit[],
  starts: ReadonlyMap<string, string | null>,
  bins: number,
): Histogram | null {
  const times: number[] = [];
  for (const hit of hits) {
    const started = starts.get(hit.sessionId);
    const epoch = started === undefined || started === null ? null : epochOf(started);
    if (epoch !== null) times.push(epoch + hit.fromUs);
  }
  if (times.length === 0) return null;
  const fromUs = times.reduce((least, time) => Math.min(least, time), Infinity);
  const toUs = times.reduce((most, time) => Math.max(most, time), -Infinity);
  const counts = Array.from({ length: bins }, () => 0);
  for (const time of times) counts[Math.min(bins - 1, Math.floor(((time - fromUs) * bins) / Math.max(1, toUs - fromUs)))]! += 1;
  return { counts, fromUs, toUs, undated: hits.length - times.length };
}
