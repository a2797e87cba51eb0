// What the page does with watchlists and their reports: places in a text, rows of a report. Pure.

import type { SearchHit } from '../../shared/api/search-shapes.ts';
import type { WatchFault, WatchFinding, WatchIndicator } from '../../shared/api/watch-shapes.ts';

/** Where a fault stands in the whole text, as UTF-16 offsets. */
export function placeOfFault(
  text: string,
  { line, column, length }: WatchFault,
): { readonly start: number; readonly end: number } {
  const breaks = /\r\n|\r|\n/g;
  let start = 0;
  for (let at = 1; at < line && breaks.exec(text) !== null; at++) start = breaks.lastIndex;
  const from = start + column - 1 + (line === 1 && text.startsWith('\ufeff') ? 1 : 0);
  return { start: Math.min(from, text.length), end: Math.min(from + length, text.length) };
}

export type ReportRow =
  | { readonly kind: 'indicator'; readonly indicator: WatchIndicator; readonly first: SearchHit | null }
  | { readonly kind: 'session'; readonly finding: WatchFinding; readonly first: SearchHit | null }
  | { readonly kind: 'hit'; readonly hit: SearchHit };

/** One heading an indicator, under it one a session, then the hits by time. */
export function reportRows(indicators: readonly WatchIndicator[], findings: readonly WatchFinding[]): readonly ReportRow[] {
  const bySession = Map.groupBy(findings, ({ indicator }) => indicator);
  return indicators.flatMap((indicator) => {
    const mine = bySession.get(indicator.indicator);
    if (mine === undefined) return [];
    return [
      { kind: 'indicator' as const, indicator, first: mine[0]?.hits[0] ?? null },
      ...mine.flatMap((finding) => [
        { kind: 'session' as const, finding, first: finding.hits[0] ?? null },
        ...finding.hits.map((hit) => ({ kind: 'hit' as const, hit })),
      ]),
    ];
  });
}
