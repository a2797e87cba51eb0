// Reads a history in pieces of any size, for tests.

import { HistoryReader, type HistoryOptions } from '../../../../shared/recording/history-reader.ts';
import type { Discrepancy, Refusal } from '../../../../shared/recording/discrepancy.ts';
import type { EventFacts, HistoryItem, SessionFacts } from '../../../../shared/recording/history-record.ts';
import { readSession } from '../../../../shared/recording/history-fields.ts';

export interface Reading {
  readonly items: readonly HistoryItem[];
  readonly sessions: readonly SessionFacts[];
  readonly events: readonly EventFacts[];
  /** Of each session, the fields without a column. */
  readonly others: readonly { readonly [name: string]: string }[];
  readonly discrepancies: readonly Discrepancy[];
  readonly refusal: Refusal | null;
  readonly format: string | null;
}

export function readHistory(
  input: string | Uint8Array,
  options: Partial<HistoryOptions> & { readonly piece?: number } = {},
): Reading {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const items: HistoryItem[] = [];
  const discrepancies: Discrepancy[] = [];
  const reader = new HistoryReader(
    { file: 'history.csv', ...options },
    { item: (item) => items.push(item), discrepancy: (discrepancy) => discrepancies.push(discrepancy) },
  );
  const piece = options.piece ?? bytes.length + 1;
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece));
  reader.end();
  return {
    items,
    discrepancies,
    sessions: items.flatMap((item) => (item.kind === 'session' ? [item.facts] : [])),
    events: items.flatMap((item) => (item.kind === 'event' ? [item.facts] : [])),
    others: items.flatMap((item) =>
      item.kind === 'session'
        ? [Object.fromEntries(readSession(item.record).others.map(({ name, value }) => [name, value]))]
        : [],
    ),
    refusal: reader.refusal,
    format: reader.format,
  };
}
