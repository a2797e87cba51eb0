// A filter of the history as SQL over `history`.

import { HISTORY_FACETS, type HistoryFacet } from '../../shared/api/history-shapes.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { SESSIONS_OF_CASE } from './cases.ts';
import { heldSql } from './retention.ts';
import type { RightsStore } from './rights.ts';

/** A facet is one of its values; '' stands for none. */
export type HistoryQuery = { readonly [name in HistoryFacet]?: readonly string[] | undefined } & {
  readonly text?: string | undefined;
  readonly startedFrom?: Micros | undefined;
  readonly startedTo?: Micros | undefined;
  readonly held?: boolean | undefined;
  readonly here?: boolean | undefined;
  /** Id of a case. */
  readonly case?: string | undefined;
};

export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Where the recording of a row is, in the words of `RECORDING_STATES`. */
export const RECORDING_STATE = `CASE
  WHEN session IS NOT NULL AND purged_here = 0 THEN 'here'
  WHEN session IS NOT NULL THEN 'purged-here'
  ELSE CASE at_source WHEN 'kept' THEN 'at-source' WHEN 'purged' THEN 'purged-at-source' ELSE at_source END END`;

/** The column of each facet. */
export const FACET_COLUMNS: Readonly<Record<HistoryFacet, string>> = {
  source: 'source',
  environment: 'environment',
  target: 'target',
  mode: 'mode',
  initiator: 'initiator',
  origin: 'origin',
  status: 'status',
  closeReason: 'close_reason',
  recording: RECORDING_STATE,
};

export function historyCondition(filter: HistoryQuery, rights: RightsStore): Condition {
  const parts = ['TRUE'];
  const values: (string | number)[] = [];
  const add = (sql: string, ...given: readonly (string | number)[]): void => {
    parts.push(sql);
    values.push(...given);
  };
  for (const name of HISTORY_FACETS) {
    const asked = filter[name];
    if (asked === undefined) continue;
    const isNone = asked.includes('') ? ` OR ${FACET_COLUMNS[name]} IS NULL` : '';
    add(`(${FACET_COLUMNS[name]} IN (SELECT value FROM json_each(?))${isNone})`, JSON.stringify(asked));
  }
  const words = (filter.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length > 0) {
    const each = words.map(() => 'instr(haystack, ?) > 0').join(' AND ');
    add(`key IN (SELECT history FROM history_text WHERE ${each})`, ...words);
  }
  if (filter.startedFrom !== undefined) add('started_us >= ?', filter.startedFrom);
  if (filter.startedTo !== undefined) add('started_us <= ?', filter.startedTo);
  if (filter.held !== undefined) add(`coalesce(${heldSql('history.session')}, FALSE) = ?`, filter.held ? 1 : 0);
  if (filter.here !== undefined) add('(session IS NOT NULL AND purged_here = 0) = ?', filter.here ? 1 : 0);
  if (filter.case !== undefined) add(`session IN (SELECT key FROM session WHERE id IN (${SESSIONS_OF_CASE}))`, filter.case);
  if (rights.withheld().length > 0)
    add('NOT (governed = 1 AND source IN (SELECT value FROM json_each(?)))', rights.withheldNames());
  return { sql: parts.join(' AND '), values };
}
