// The sessions that a search looks at, and what is known of them without opening anything.

import type { Micros } from '../../shared/recording/time.ts';
import type { Database } from './database.ts';
import { IS_WITHHELD, type Governed, type RightsStore } from './rights.ts';
import { listedCondition, type IndexState, type SessionFilter } from './sessions.ts';

/** What search knows of a session without opening anything of it. */
export interface SearchedSession extends Governed {
  readonly key: number;
  readonly id: string;
  readonly user: string | null;
  readonly server: string | null;
  readonly origin: string | null;
  readonly group: string | null;
  readonly environment: string | null;
  readonly status: string | null;
  readonly exitStatus: number | null;
  /** Microseconds since 1970-01-01 UTC. */
  readonly startedAt: Micros | null;
  readonly duration: Micros;
  /** Bytes sent to the terminal. */
  readonly outputBytes: number;
  readonly indexState: IndexState;
}

/** Columns whose values a query can name. */
export const VALUE_COLUMNS = {
  user: 'user',
  server: 'server',
  source: 'source',
  origin: 'origin',
  group: 'session_group',
  environment: 'environment',
  status: 'status',
  exit: 'exit_status',
} as const;
export type ValueColumn = keyof typeof VALUE_COLUMNS;

/** All without the sessions of withheld sources (docs/permissions.md). */
export interface SearchedSessionStore {
  /** Sessions in a filter, newest start first, those without one last. `among`: only these. */
  sessions(filter: SessionFilter, among: readonly number[] | null): readonly SearchedSession[];
  /** Those of them that have no index, and those with one of these keys. */
  notIndexed(filter: SessionFilter, also: readonly number[]): readonly SearchedSession[];
  /** Values of a column that stand anywhere in the library, the most frequent first. */
  values(column: ValueColumn, limit: number): readonly string[];
}

const SEARCHED = `key, id, native_id nativeId, user, server, source, origin, session_group "group", environment, status, exit_status exitStatus,
  started_us startedAt, duration_us duration, stdout_bytes + stderr_bytes outputBytes, index_state indexState,
  (SELECT rights IS NOT NULL FROM acquisition WHERE acquisition.key = session.acquisition) governed`;

const KEYS = 'SELECT value FROM json_each(?)';

export function createSearchedSessions(database: Database, rights: RightsStore): SearchedSessionStore {
  const read = (filter: SessionFilter, among: string | null, keys: readonly number[]): readonly SearchedSession[] => {
    const { sql, values } = listedCondition(filter, rights);
    // Few are looked up by their keys, not found by going through all in their order.
    const [table, only] = among === null ? ['session', ''] : ['session NOT INDEXED', ` AND key IN (${among})`];
    return database
      .prepare<unknown[], SearchedSession>(
        `SELECT ${SEARCHED} FROM ${table} WHERE ${sql}${only} AND lock_code IS NOT 'purged' ORDER BY coalesce(started_us, -9007199254740991) DESC, key DESC`,
      )
      .all(...values, ...(among === null ? [] : [JSON.stringify(keys)]));
  };
  return {
    sessions: (filter, among) => read(filter, among === null ? null : KEYS, among ?? []),
    notIndexed: (filter, also) => read(filter, `SELECT key FROM session WHERE index_state <> 'done' UNION ALL ${KEYS}`, also),
    values: (column, limit) => {
      const name = VALUE_COLUMNS[column];
      return database
        .prepare<[string, number], string>(
          `SELECT CAST(${name} AS TEXT) FROM session WHERE id IS NOT NULL AND ${name} IS NOT NULL AND NOT ${IS_WITHHELD}
           GROUP BY ${name} ORDER BY count(*) DESC, ${name} LIMIT ?`,
        )
        .pluck()
        .all(rights.withheldNames(), limit);
    },
  };
}
