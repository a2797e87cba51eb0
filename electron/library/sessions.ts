// Sessions as rows: lists, one page of which is one indexed query, and what is told of one session.

import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { FormatName } from '../../shared/recording/decoder.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { SESSIONS_WITH_TAG, foldTag } from './annotations.ts';
import { SESSIONS_OF_CASE } from './cases.ts';
import type { Database } from './database.ts';
import { createDescriber, type Described } from './described.ts';
import { IS_WITHHELD, type RightsStore } from './rights.ts';
import { RECORDING_ORDERS } from './schema/008-retention.ts';
import { contentKey, unseal } from './seal.ts';

export type IndexState = 'waiting' | 'running' | 'done' | 'failed' | 'locked';

export interface SessionRow {
  readonly key: number;
  readonly acquisition: number;
  readonly ordinal: number;
  readonly id: string;
  readonly nativeId: string | null;
  readonly source: string;
  readonly format: FormatName;
  readonly title: string | null;
  readonly command: string | null;
  readonly user: string | null;
  readonly server: string | null;
  readonly origin: string | null;
  readonly environment: string | null;
  readonly group: string | null;
  readonly status: string | null;
  /** Microseconds since 1970-01-01 UTC. */
  readonly startedAt: Micros | null;
  readonly duration: Micros;
  readonly cols: number;
  readonly rows: number;
  readonly sizeAssumed: number;
  readonly term: string | null;
  readonly events: number;
  readonly stdinBytes: number;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly exitStatus: number | null;
  readonly discrepancies: number;
  readonly sealedEvents: number;
  readonly records: number;
  readonly root: Uint8Array;
  readonly acquiredAt: string;
  readonly indexState: IndexState;
  readonly indexVersion: number;
  /** As in the schema: what stands between a reader and the payloads. */
  readonly lockCode: string | null;
  readonly lockDetail: string | null;
  /** 1: it came from a source, whose rights govern it; 0: it came as a file. */
  readonly governed: 0 | 1;
}

const COLUMNS = `key, acquisition, ordinal, id, native_id nativeId, source, format, title, command, user, server, origin, environment,
  session_group "group", status, started_us startedAt, duration_us duration, cols, rows, size_assumed sizeAssumed, term, events,
  stdin_bytes stdinBytes, stdout_bytes stdoutBytes, stderr_bytes stderrBytes, exit_status exitStatus, discrepancies,
  sealed_events sealedEvents, records, root, acquired_at acquiredAt, index_state indexState, index_version indexVersion,
  lock_code lockCode, lock_detail lockDetail,
  (SELECT rights IS NOT NULL FROM acquisition WHERE acquisition.key = session.acquisition) governed`;

/** Sort keys and the indexed expression of each: the same text as in the schema, or SQLite does not use the index. */
const SORTS = {
  started: 'coalesce(started_us, -9007199254740991)',
  acquired: "coalesce(acquired_at, '')",
  duration: 'duration_us',
  events: 'events',
  discrepancies: 'discrepancies',
  title: "coalesce(title, '') COLLATE NOCASE",
  user: "coalesce(user, '') COLLATE NOCASE",
  server: "coalesce(server, '') COLLATE NOCASE",
  source: 'source COLLATE NOCASE',
  ...RECORDING_ORDERS,
} as const;

export type SortKey = keyof typeof SORTS;

export interface SessionFilter {
  readonly text?: string | undefined;
  readonly source?: string | undefined;
  readonly user?: string | undefined;
  readonly server?: string | undefined;
  readonly origin?: string | undefined;
  readonly group?: string | undefined;
  readonly status?: string | undefined;
  readonly environment?: string | undefined;
  readonly format?: string | undefined;
  readonly startedFrom?: Micros | undefined;
  readonly startedTo?: Micros | undefined;
  /** Exhibits of the case with this id. */
  readonly case?: string | undefined;
  readonly tag?: string | undefined;
}

export interface ListRequest {
  readonly filter: SessionFilter;
  readonly sort: SortKey;
  readonly descending: boolean;
  /** Where the page before ended, as `next` of its answer. */
  readonly cursor: string | null;
  readonly limit: number;
}

const EQUALS = {
  source: 'source',
  user: 'user',
  server: 'server',
  origin: 'origin',
  group: 'session_group',
  status: 'status',
  environment: 'environment',
  format: 'format',
} as const;

interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** As {@link filterCondition}, without the sessions of sources that let nothing of their history be seen: for whatever people are shown. */
export function listedCondition(filter: SessionFilter, rights: RightsStore): Condition {
  const unseen = (filter.text ?? '').trim() === '' ? [] : rights.refusedKeys('recording');
  const { sql, values } = filterCondition(filter, unseen);
  if (rights.withheld().length === 0) return { sql, values };
  return { sql: `${sql} AND NOT ${IS_WITHHELD}`, values: [...values, rights.withheldNames()] };
}

/** What the free filter looks at where title and command line are not to be known: those of a purge, and of a refused recording. */
export const BARE_HAYSTACK = 'lower(concat_ws(char(10), id, native_id, user, server, session_group))';

/** The filter as SQL. Text words are matched as substrings, without regard to case. `unseen`: sessions whose recording may not be seen. */
export function filterCondition(filter: SessionFilter, unseen: readonly number[] = []): Condition {
  const haystack =
    unseen.length === 0
      ? 'haystack'
      : `CASE WHEN key IN (SELECT value FROM json_each(?)) THEN ${BARE_HAYSTACK} ELSE haystack END`;
  const parts = ['id IS NOT NULL'];
  const values: (string | number)[] = [];
  for (const [name, column] of Object.entries(EQUALS)) {
    const value = filter[name as keyof typeof EQUALS];
    if (value === undefined) continue;
    parts.push(`${column} = ?`);
    values.push(value);
  }
  for (const word of (filter.text ?? '').toLowerCase().split(/\s+/)) {
    if (word === '') continue;
    parts.push(`${haystack} LIKE ? ESCAPE '\\'`);
    if (unseen.length > 0) values.push(JSON.stringify(unseen));
    values.push(`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
  }
  if (filter.startedFrom !== undefined) {
    parts.push('started_us >= ?');
    values.push(filter.startedFrom);
  }
  if (filter.startedTo !== undefined) {
    parts.push('started_us <= ?');
    values.push(filter.startedTo);
  }
  if (filter.case !== undefined) {
    parts.push(`id IN (${SESSIONS_OF_CASE})`);
    values.push(filter.case);
  }
  if (filter.tag !== undefined) {
    parts.push(`id IN (${SESSIONS_WITH_TAG})`);
    values.push(foldTag(filter.tag));
  }
  return { sql: parts.join(' AND '), values };
}

/**
 * The query of one page. `after`: behind a place, whose value is given twice: alone it leads SQLite into the index. When a recording's time
 * ends stands in its row of the history, which every session has: such a page goes along the index there.
 */
export function pageQuery(sort: SortKey, descending: boolean, condition: string, after: boolean): string {
  const expression = SORTS[sort];
  const [order, beyond] = descending ? ['DESC', '<'] : ['ASC', '>'];
  const [from, key] =
    sort in RECORDING_ORDERS
      ? [
          `(SELECT session of_session, source_until_us, library_until_us FROM history WHERE session IS NOT NULL) CROSS JOIN session ON key = of_session`,
          'of_session',
        ]
      : ['session', 'key'];
  const place = after ? `AND ${expression} ${beyond}= ? AND (${expression}, ${key}) ${beyond} (?, ?)` : '';
  return `SELECT ${COLUMNS}, ${expression} sortValue FROM ${from} WHERE ${condition} ${place}
    ORDER BY ${expression} ${order}, ${key} ${order} LIMIT ?`;
}

export interface SessionStore {
  /** For people: without the sessions of withheld sources (docs/permissions.md), which `keys` has. */
  list(request: ListRequest): { readonly total: number; readonly sessions: readonly SessionRow[]; readonly next: string | null };
  keys(filter: SessionFilter): readonly number[];
  /** Ids of all that is listed under the name of a source. */
  idsOf(source: string): readonly string[];
  /** By id, by the source's own id, or by an unambiguous beginning of the id. */
  find(id: string): SessionRow | 'ambiguous' | null;
  byKey(key: number): SessionRow | null;
  /** Sessions that a source calls by this id, in whatever form they came. */
  withNativeId(nativeId: string): readonly SessionRow[];
  /** Sessions that are or were locked, or could be: sealed ones, and those whose source kept payloads back. */
  lockable(): readonly number[];
  setLock(session: SessionRow, code: string | null, detail: string | null): void;
  /** `{}` where it was purged. */
  metadata(session: SessionRow): string;
  /** What its row says, as the custody log commits to it; null where it was purged. */
  described(session: Pick<SessionRow, 'key'>): Described | null;
  discrepancies(session: SessionRow, limit: number): readonly Discrepancy[];
  /** How many it has of each kind, those included that are not listed one by one. */
  discrepancyCounts(session: SessionRow): DiscrepancyCounts;
  participants(session: SessionRow): readonly string[];
  /** Ids of all sessions that came in the same files as this one, itself among them. */
  together(session: SessionRow): readonly string[];
  parts(session: SessionRow): readonly { name: string; role: 'original' | 'unpacked'; size: number; sha256: Uint8Array }[];
  stats(): LibraryStats;
}

export type DiscrepancyCounts = ReadonlyMap<Discrepancy['kind'], number>;

export interface LibraryStats {
  readonly sessions: number;
  readonly events: number;
  readonly originalBytes: number;
  readonly discrepancies: number;
  readonly notIndexed: number;
  readonly locked: number;
}

export function createSessionStore(database: Database, rights: RightsStore): SessionStore {
  const byId = database.prepare<[string], SessionRow>(`SELECT ${COLUMNS} FROM session WHERE id = ?`);
  const byNative = database.prepare<[string], SessionRow>(
    `SELECT ${COLUMNS} FROM session WHERE native_id = ? AND id IS NOT NULL LIMIT 2`,
  );
  const allNative = database.prepare<[string], SessionRow>(
    `SELECT ${COLUMNS} FROM session WHERE native_id = ? AND id IS NOT NULL ORDER BY key`,
  );
  const lockable = database
    .prepare<[], number>(
      `SELECT key FROM session WHERE id IS NOT NULL AND (sealed_events > 0 OR lock_code IS NOT NULL
         OR (discrepancies > 0 AND format IN ('rstream', 'rstream-json'))) ORDER BY key`,
    )
    .pluck();
  const idsOf = database
    .prepare<[string], string>('SELECT id FROM session WHERE source = ? COLLATE NOCASE AND id IS NOT NULL ORDER BY key')
    .pluck();
  const lock = database.prepare<[string | null, string | null, number]>(
    'UPDATE session SET lock_code = ?, lock_detail = ? WHERE key = ?',
  );
  const byPrefix = database.prepare<[string, string], SessionRow>(
    `SELECT ${COLUMNS} FROM session WHERE id >= ? AND id < ? LIMIT 2`,
  );
  const byKey = database.prepare<[number], SessionRow>(`SELECT ${COLUMNS} FROM session WHERE key = ?`);
  const metadataOf = database.prepare<[number, number], { sealed: Buffer; content_key: Buffer }>(
    'SELECT sealed, content_key FROM session_metadata, acquisition_key WHERE session = ? AND acquisition = ?',
  );
  const described = createDescriber(database);
  const discrepanciesOf = database.prepare<[number, number], { kind: string; message: string; place: string }>(
    'SELECT kind, message, place FROM discrepancy WHERE session = ? ORDER BY n LIMIT ?',
  );
  const countsOf = database.prepare<[number], { kind: Discrepancy['kind']; count: number }>(
    'SELECT kind, sum(count) count FROM discrepancy WHERE session = ? GROUP BY kind',
  );
  const participantsOf = database.prepare<[number], { data: string }>(
    'SELECT data FROM participant WHERE session = ? ORDER BY n',
  );
  const togetherOf = database
    .prepare<[number], string>('SELECT id FROM session WHERE acquisition = ? AND id IS NOT NULL ORDER BY ordinal')
    .pluck();
  const partsOf = database.prepare<[number], { name: string; role: 'original' | 'unpacked'; size: number; sha256: Uint8Array }>(
    'SELECT name, role, size, sha256 FROM part WHERE acquisition = ? ORDER BY part',
  );

  return {
    list: ({ filter, sort, descending, cursor, limit }) => {
      const { sql, values } = listedCondition(filter, rights);
      const total = database.prepare<unknown[], { n: number }>(`SELECT count(*) n FROM session WHERE ${sql}`).get(...values)!.n;
      const end = cursor === null ? [] : (JSON.parse(cursor) as [string | number, number]);
      const place = [...end.slice(0, 1), ...end];
      const rows = database
        .prepare<unknown[], SessionRow & { sortValue: string | number }>(pageQuery(sort, descending, sql, cursor !== null))
        .all(...values, ...place, limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const next = rows.length > limit && last !== undefined ? JSON.stringify([last.sortValue, last.key]) : null;
      return { total, sessions: page, next };
    },
    keys: (filter) => {
      const { sql, values } = filterCondition(filter);
      return database
        .prepare<unknown[], number>(`SELECT key FROM session WHERE ${sql} ORDER BY key`)
        .pluck()
        .all(...values);
    },
    idsOf: (source) => idsOf.all(source),
    find: (id) => {
      const exact = byId.get(id);
      if (exact !== undefined) return exact;
      const native = byNative.all(id);
      if (native.length > 1) return 'ambiguous';
      if (native[0] !== undefined) return native[0];
      if (!/^[0-9a-z]{4,}$/.test(id)) return null;
      const begun = byPrefix.all(id, `${id}~`);
      return begun.length > 1 ? 'ambiguous' : (begun[0] ?? null);
    },
    byKey: (key) => byKey.get(key) ?? null,
    withNativeId: (nativeId) => allNative.all(nativeId),
    lockable: () => lockable.all(),
    setLock: (session, code, detail) => {
      lock.run(code, detail, session.key);
    },
    metadata: (session) => {
      const found = metadataOf.get(session.key, session.acquisition);
      if (found === undefined) return '{}';
      return unseal(contentKey(found.content_key), `metadata/${String(session.ordinal)}`, found.sealed).toString('utf8');
    },
    described: ({ key }) => described(key),
    discrepancies: (session, limit) =>
      discrepanciesOf.all(session.key, limit).map(({ kind, message, place }) => ({
        kind: kind as Discrepancy['kind'],
        message,
        place: JSON.parse(place) as Discrepancy['place'],
      })),
    discrepancyCounts: (session) => new Map(countsOf.all(session.key).map(({ kind, count }) => [kind, count])),
    together: (session) => togetherOf.all(session.acquisition),
    participants: (session) => participantsOf.all(session.key).map(({ data }) => data),
    parts: (session) => partsOf.all(session.acquisition),
    stats: () =>
      database
        .prepare<[], LibraryStats>(
          `SELECT count(*) sessions, coalesce(sum(events), 0) events, coalesce(sum(discrepancies), 0) discrepancies,
             (SELECT coalesce(sum(size), 0) FROM part WHERE role = 'original') originalBytes,
             coalesce(sum(index_state IN ('waiting', 'running', 'failed')), 0) notIndexed,
             coalesce(sum(sealed_events > 0 AND index_state = 'locked' AND lock_code IS NOT 'purged'), 0) locked
           FROM session WHERE id IS NOT NULL`,
        )
        .get()!,
  };
}
