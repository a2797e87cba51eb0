// Search hits as they are shown, by session. Pure.

import type { SearchHit } from '../../shared/api/search-shapes.ts';

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
