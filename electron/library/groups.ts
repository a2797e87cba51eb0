// Groups of sessions: a group is nothing of its own in the library, but the sessions of one source that name it.

import type { Micros } from '../../shared/recording/time.ts';
import type { Database } from './database.ts';
import { IS_WITHHELD, type RightsStore } from './rights.ts';

export interface GroupRow {
  /** The source's own id. */
  readonly id: string;
  readonly source: string;
  readonly sessions: number;
  /** Since 1970-01-01 UTC; null where no session's start is known. */
  readonly startedAt: Micros | null;
  readonly endedAt: Micros | null;
  /** Key of the session that was acquired last: it has the newest account of the group. */
  readonly newest: number;
}

/** Without the sessions of withheld sources (docs/permissions.md). */
export interface GroupStore {
  /** By start; those without one first. */
  list(filter: { readonly id?: string | undefined; readonly source?: string | undefined }): readonly GroupRow[];
}

export function createGroupStore(database: Database, rights: RightsStore): GroupStore {
  const rows = database.prepare<{ id: string | null; source: string | null; withheld: string }, GroupRow>(
    `SELECT session_group id, source, count(*) sessions, min(started_us) startedAt, max(started_us + duration_us) endedAt,
       coalesce(max(iif(lock_code IS 'purged', NULL, key)), max(key)) newest
     FROM session
     WHERE session_group IS NOT NULL AND id IS NOT NULL AND (@id IS NULL OR session_group = @id)
       AND (@source IS NULL OR source = @source COLLATE NOCASE) AND NOT ${IS_WITHHELD.replace('?', '@withheld')}
     GROUP BY session_group, source ORDER BY min(started_us), session_group, source`,
  );
  return {
    list: ({ id = null, source = null }) =>
      rows.all({ id: id ?? null, source: source ?? null, withheld: rights.withheldNames() }),
  };
}
