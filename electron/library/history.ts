// Reads the history: pages of which each is one query along an index, the values of its columns with their counts, one row with all that
// is known of it, and its events. Rows of a source that lets nothing of its history be seen are left out of everything that is listed.
// docs/history.md

import type { HistoryFacet } from '../../shared/api/history-shapes.ts';
import { readSession } from '../../shared/recording/history-fields.ts';
import type { EventFacts, EventKind, HistoryRecord, OtherField, SessionFacts } from '../../shared/recording/history-record.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Database } from './database.ts';
import { FACET_COLUMNS, historyCondition, RECORDING_STATE, type Condition, type HistoryQuery } from './history-filter.ts';
import { createHistoryMatch, type Candidate, type MatchedBy } from './history-match.ts';
import { createHistoryRows, type HistoryRows } from './history-rows.ts';
import type { RightsStore } from './rights.ts';
import { HISTORY_ORDERS } from './schema/007-history.ts';

export interface HistoryRow extends Omit<SessionFacts, 'until'> {
  readonly key: number;
  readonly id: string;
  readonly source: string;
  /** Key of its recording's session. */
  readonly session: number | null;
  readonly matchedBy: MatchedBy | null;
  readonly governed: 0 | 1;
  readonly recording: string;
  readonly sourceUntil: Micros | null;
  readonly libraryUntil: Micros | null;
  /** 1: some record tells of it, and not its recording alone. */
  readonly told: 0 | 1;
}

export interface HistoryEventRow extends EventFacts {
  readonly key: number;
  readonly id: string;
  readonly source: string;
  /** Id of its row. */
  readonly history: string | null;
  /** Key of the session of that row's recording. */
  readonly session: number | null;
}

export type HistorySort = keyof typeof HISTORY_ORDERS;

export interface HistoryStore extends Pick<
  HistoryRows,
  'session' | 'event' | 'unmatched' | 'matchByTime' | 'withoutRecording' | 'join' | 'part'
> {
  list(request: {
    readonly filter: HistoryQuery;
    readonly sort: HistorySort;
    readonly descending: boolean;
    readonly cursor: string | null;
    readonly limit: number;
  }): { readonly total: number; readonly rows: readonly HistoryRow[]; readonly next: string | null };
  /** The values of columns with their counts, most frequent first. */
  facets(filter: HistoryQuery, fields: readonly HistoryFacet[]): ReadonlyMap<HistoryFacet, ReadonlyMap<string, number>>;
  /** By id, by the session's id at its source, or by that of its recording. Throws kind `not-found` where more than one fits. */
  find(id: string): HistoryRow | null;
  byKey(key: number): HistoryRow;
  /** Commands and runbooks, and audit events, of each of these rows. */
  counts(rows: readonly number[]): ReadonlyMap<number, { readonly activities: number; readonly audits: number }>;
  /** By time; of one row, or of those that a filter leaves and, where nothing is asked for, those of no row. */
  events(request: {
    readonly row: number | null;
    readonly filter: HistoryQuery | null;
    readonly kinds: readonly EventKind[] | null;
    readonly cursor: string | null;
    readonly limit: number;
    readonly count: boolean;
  }): { readonly total: number; readonly events: readonly HistoryEventRow[]; readonly next: string | null };
  eventRecord(key: number): string;
  /** The newest record of a row, and the fields of it that have no column; null where only its recording tells of it. */
  record(row: number): { readonly text: string; readonly others: readonly OtherField[] } | null;
  /** Where its records came from, the newest first. */
  from(row: number): readonly { readonly provenance: string; readonly at: string; readonly sha256: Uint8Array }[];
  candidates(row: number): readonly Candidate[];
  /** Keys of the sessions of which a source told something. */
  sessionsTold(): ReadonlySet<number>;
  /** What a source told of a session: of its record, and of its events with their moments. */
  textsOf(session: number): readonly { readonly text: string; readonly at: Micros | null }[];
  /** Marks a kept history as one that is read so far; null: to its end. */
  setReading(acquisition: number, items: number | null): void;
  /** All kept histories: files and answers. */
  kept(): readonly { readonly acquisition: number; readonly source: string }[];
  /** Kept histories that are not read to their end. */
  unread(): readonly { readonly acquisition: number; readonly source: string; readonly format: string; readonly items: number }[];
}

const COLUMNS = `key, id, source, native_id nativeId, session, matched_by matchedBy, governed, target, environment, mode, reason, approval,
  initiator, origin, status, started_us startedAt, ended_us endedAt, duration_us duration, close_reason closeReason,
  exit_status exitStatus, at_source atSource, ${RECORDING_STATE} recording, source_until_us sourceUntil, library_until_us libraryUntil,
  EXISTS (SELECT 1 FROM history_told t WHERE t.history = history.key) told`;

const EVENT_COLUMNS = `e.key, e.id, e.source, e.kind, h.id history, e.native_id nativeId, h.session, e.at_us at, e.actor, e.action, e.target,
  e.text, e.outcome`;

/** So many rows are looked up by their keys and sorted. */
const FEW = 5000;

const EVENT_TIME = 'coalesce(e.at_us, -9007199254740991)';

/** The query of one page. `after`: behind a place, whose value is given twice: alone it leads SQLite into the index. */
export function pageQuery(sort: HistorySort, descending: boolean, condition: Condition, after: boolean): string {
  const expression = HISTORY_ORDERS[sort];
  const order = descending ? 'DESC' : 'ASC';
  const beyond = descending ? '<' : '>';
  const place = after ? `AND ${expression} ${beyond}= ? AND (${expression}, key) ${beyond} (?, ?)` : '';
  return `SELECT ${COLUMNS}, ${expression} sortValue FROM history WHERE ${condition.sql} ${place}
    ORDER BY ${expression} ${order}, key ${order} LIMIT ?`;
}

export function createHistoryStore(database: Database, rights: RightsStore): HistoryStore {
  const rows = createHistoryRows(database);
  const match = createHistoryMatch(database);
  const one = (where: string): ReturnType<typeof database.prepare<[string | number], HistoryRow>> =>
    database.prepare<[string | number], HistoryRow>(`SELECT ${COLUMNS} FROM history WHERE ${where} LIMIT 2`);
  const sql = {
    byKey: one('key = ?'),
    byId: one('id = ?'),
    byNative: one('native_id = ?'),
    byRecording: one('session = (SELECT key FROM session WHERE id = ?)'),
    byPrefix: database.prepare<[string, string], HistoryRow>(`SELECT ${COLUMNS} FROM history WHERE id >= ? AND id < ? LIMIT 2`),
    counts: database.prepare<[string], { history: number; activities: number; audits: number }>(
      `SELECT history, sum(kind IN ('command', 'runbook')) activities, sum(kind NOT IN ('command', 'runbook')) audits
       FROM history_event WHERE history IN (SELECT value FROM json_each(?)) GROUP BY history`,
    ),
    record: database.prepare<[number], { record: string }>('SELECT record FROM history_told WHERE history = ?'),
    eventRecord: database.prepare<[number], { record: string }>('SELECT record FROM history_event WHERE key = ?'),
    from: database.prepare<[number], { provenance: string; at: string; sha256: Buffer }>(
      `SELECT a.provenance, coalesce(a.completed_at, a.started_at) at, (SELECT sha256 FROM part p WHERE p.acquisition = a.key ORDER BY part LIMIT 1) sha256
       FROM history_record r JOIN acquisition a ON a.key = r.acquisition WHERE r.history = ? ORDER BY r.acquisition DESC LIMIT 100`,
    ),
    sessionsTold: database
      .prepare<[], number>(
        `SELECT session FROM history h WHERE session IS NOT NULL AND (
           EXISTS (SELECT 1 FROM history_told t WHERE t.history = h.key) OR EXISTS (SELECT 1 FROM history_event e WHERE e.history = h.key))`,
      )
      .pluck(),
    textsOf: database.prepare<{ session: number }, { text: string; at: Micros | null }>(
      `SELECT concat_ws(char(10), target, reason, approval, close_reason) text, NULL at FROM history h
       WHERE session = @session AND EXISTS (SELECT 1 FROM history_told t WHERE t.history = h.key)
       UNION ALL
       SELECT concat_ws(' · ', e.action, e.text, e.actor, e.outcome), e.at_us FROM history_event e JOIN history h ON h.key = e.history
       WHERE h.session = @session`,
    ),
    setReading: database.prepare<[number, number]>('INSERT OR REPLACE INTO history_reading VALUES (?, ?)'),
    endReading: database.prepare<[number]>('DELETE FROM history_reading WHERE acquisition = ?'),
    kept: database.prepare<[], { acquisition: number; source: string }>(
      "SELECT key acquisition, source FROM acquisition WHERE format IN ('history-csv', 'history-json') AND state = 'complete' ORDER BY key",
    ),
    unread: database.prepare<[], { acquisition: number; source: string; format: string; items: number }>(
      `SELECT acquisition, source, format, items FROM history_reading JOIN acquisition ON key = acquisition WHERE state = 'complete'
       ORDER BY acquisition`,
    ),
  };

  const single = (found: readonly HistoryRow[], id: string): HistoryRow | null => {
    if (found.length > 1)
      throw new ExhibitError(
        'not-found',
        `history row ${id}`,
        'more than one row fits',
        'give its own id, as `exhibit history list` shows it',
      );
    return found[0] ?? null;
  };

  /** The same rows by their keys. */
  const keysOf = ({ sql: where, values }: Condition): Condition => {
    const keys = database
      .prepare<unknown[], number>(`SELECT key FROM history WHERE ${where}`)
      .pluck()
      .all(...values);
    return { sql: 'key IN (SELECT value FROM json_each(?))', values: [JSON.stringify(keys)] };
  };

  const totalOf = ({ sql: where, values }: Condition): number =>
    database
      .prepare<unknown[], number>(`SELECT count(*) FROM history WHERE ${where}`)
      .pluck()
      .get(...values)!;

  return {
    ...rows,
    list: ({ filter, sort, descending, cursor, limit }) => {
      const condition = historyCondition(filter, rights);
      const total = totalOf(condition);
      // Where few rows fit, going along the order would look at all the others.
      const scope = total > FEW || condition.values.length === 0 ? condition : keysOf(condition);
      const last = cursor === null ? [] : (JSON.parse(cursor) as (string | number)[]);
      const place = cursor === null ? [] : [last[0]!, ...last];
      const found = database
        .prepare<unknown[], HistoryRow & { sortValue: string | number }>(pageQuery(sort, descending, scope, cursor !== null))
        .all(...scope.values, ...place, limit + 1);
      const page = found.slice(0, limit);
      const end = page.at(-1);
      const next = found.length > limit && end !== undefined ? JSON.stringify([end.sortValue, end.key]) : null;
      return { total, rows: page, next };
    },
    facets: (filter, fields) => {
      const { sql: where, values } = historyCondition(filter, rights);
      const found = fields.map(() => new Map<string, number>());
      const rows = database
        .prepare<unknown[], (string | null)[]>(
          `SELECT ${fields.map((field) => FACET_COLUMNS[field]).join(', ')} FROM history WHERE ${where}`,
        )
        .raw()
        .iterate(...values);
      for (const row of rows) {
        for (const [i, counts] of found.entries()) {
          const value = row[i] ?? '';
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
      const byCount = (a: readonly [string, number], b: readonly [string, number]): number =>
        b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
      return new Map(fields.map((field, i) => [field, new Map([...found[i]!].sort(byCount))]));
    },
    find: (id) => {
      const exact = sql.byId.get(id) ?? sql.byRecording.get(id) ?? single(sql.byNative.all(id), id);
      if (exact !== null || !/^[0-9a-z]{5,}$/.test(id)) return exact;
      return single(sql.byPrefix.all(id, `${id}~`), id);
    },
    byKey: (key) => sql.byKey.get(key)!,
    counts: (keys) =>
      new Map(sql.counts.all(JSON.stringify(keys)).map(({ history, activities, audits }) => [history, { activities, audits }])),
    events: ({ row, filter, kinds, cursor, limit, count }) => {
      const parts: string[] = [];
      const values: (string | number)[] = [];
      if (row !== null) {
        parts.push('e.history = ?');
        values.push(row);
      } else if (filter !== null) {
        const condition = historyCondition(filter, rights);
        const isAll = Object.values(filter).every((value) => value === undefined);
        // Events of no row are told where nothing is asked for.
        parts.push(`(e.history IN (SELECT key FROM history WHERE ${condition.sql})${isAll ? ' OR e.history IS NULL' : ''})`);
        values.push(...condition.values);
      }
      const withheld = rights.withheld();
      if (withheld.length > 0) {
        parts.push(
          `NOT (e.source COLLATE NOCASE IN (SELECT value FROM json_each(?))
             AND (SELECT rights IS NOT NULL FROM acquisition a WHERE a.key = e.acquisition))`,
        );
        values.push(rights.withheldNames());
      }
      if (kinds !== null) {
        parts.push('e.kind IN (SELECT value FROM json_each(?))');
        values.push(JSON.stringify(kinds));
      }
      const where = parts.length === 0 ? 'TRUE' : parts.join(' AND ');
      const behind = cursor === null ? [] : (JSON.parse(cursor) as number[]);
      const place = cursor === null ? [] : [behind[0]!, ...behind];
      const found = database
        .prepare<unknown[], HistoryEventRow & { time: number }>(
          `SELECT ${EVENT_COLUMNS}, ${EVENT_TIME} time FROM history_event e LEFT JOIN history h ON h.key = e.history
           WHERE ${where} ${cursor === null ? '' : `AND ${EVENT_TIME} >= ? AND (${EVENT_TIME}, e.key) > (?, ?)`} ORDER BY ${EVENT_TIME}, e.key LIMIT ?`,
        )
        .all(...values, ...place, limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const total = count
        ? database
            .prepare<unknown[], number>(`SELECT count(*) FROM history_event e WHERE ${where}`)
            .pluck()
            .get(...values)!
        : page.length;
      return {
        total,
        events: page,
        next: found.length > limit && last !== undefined ? JSON.stringify([last.time, last.key]) : null,
      };
    },
    eventRecord: (key) => sql.eventRecord.get(key)!.record,
    record: (row) => {
      const found = sql.record.get(row);
      if (found === undefined) return null;
      return { text: found.record, others: readSession(JSON.parse(found.record) as HistoryRecord).others };
    },
    from: (row) => sql.from.all(row),
    candidates: (row) => match.candidates(row),
    sessionsTold: () => new Set(sql.sessionsTold.all()),
    textsOf: (session) => sql.textsOf.all({ session }),
    setReading: (acquisition, items) => {
      if (items === null) sql.endReading.run(acquisition);
      else sql.setReading.run(acquisition, items);
    },
    kept: () => sql.kept.all(),
    unread: () => sql.unread.all(),
  };
}
