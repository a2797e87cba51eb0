// Watchlists and what they found. A list is its versions, of which the newest holds; what it found stands by indicator and session, sealed
// under the recording's key, and goes with the session's index. Which sessions a list is still to be run over follows from what is there
// and what is not: nothing is queued, so no crash can lose a run.

import type { Database } from './database.ts';
import type { RightsStore } from './rights.ts';
import { contentKey, seal, unseal } from './seal.ts';

export interface WatchlistRow {
  readonly key: number;
  readonly name: string;
  readonly version: number;
  readonly kind: 'indicators' | 'query' | 'built-in';
  readonly text: string;
  /** SHA-256 of kind and text, hexadecimal. */
  readonly digest: string;
  readonly author: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly ended: boolean;
}

export type NewWatchlist = Omit<WatchlistRow, 'key' | 'version'>;

/** What one indicator hit in one session. `bytes` is the caller's form of the hits that are kept. */
export interface WatchFinding {
  readonly indicator: number;
  readonly hits: number;
  readonly bytes: Uint8Array;
}

export interface WatchPass {
  readonly watchlist: number;
  readonly session: number;
  readonly at: string;
  readonly findings: readonly WatchFinding[];
}

/** Sessions with an index that a list has been run over, and not yet; its hits, and the sessions that have them. None of it counts recordings
 * whose source lets nobody see them: a list is not run over them, and what it found before is not told (docs/permissions.md). */
export interface WatchCounts {
  readonly searched: number;
  readonly pending: number;
  readonly hits: number;
  readonly sessions: number;
}

export interface WatchlistStore {
  /** The newest version of each list, by name; ended ones too. */
  current(): readonly WatchlistRow[];
  /** All versions of a list, the oldest first. */
  versions(name: string): readonly WatchlistRow[];
  /** Adds a version; what older ones found is dropped. */
  save(list: NewWatchlist): WatchlistRow;
  /** Indexed sessions that a list was not run over, the newest first. */
  pending(watchlist: number, limit: number): readonly number[];
  counts(watchlist: number): WatchCounts;
  /** Greatest key of a group of lines: what a plan can know of. */
  newestGroup(): number;
  /**
   * Keeps passes, unless the session's index was made anew since `newestGroup` was read: such a session stays pending. Gives back the
   * sessions that were kept. Within the caller's transaction.
   */
  keep(passes: readonly WatchPass[], newestGroup: number): ReadonlySet<number>;
  /** Drops what a list found: it is run over everything anew. */
  forget(watchlist: number): void;
  /** The same, but what it found stands until it is run over the session again. */
  outdate(watchlist: number): void;
  /** Hits and sessions of each indicator that has any. */
  byIndicator(watchlist: number): readonly { readonly indicator: number; readonly hits: number; readonly sessions: number }[];
  /** What was found, by indicator and then by session, the newest first. */
  findings(
    watchlist: number,
    indicator: number | null,
    offset: number,
    limit: number,
  ): readonly (WatchFinding & { readonly session: string })[];
}

interface Row extends Omit<WatchlistRow, 'ended'> {
  readonly ended: 0 | 1;
}

const rowOf = ({ ended, ...row }: Row): WatchlistRow => ({ ...row, ended: ended === 1 });

const sealName = (watchlist: number, indicator: number): string => `watch/${String(watchlist)}/${String(indicator)}`;

const INDEXED = "FROM session WHERE id IS NOT NULL AND index_state = 'done'";
const NOT_RUN = 'NOT EXISTS (SELECT 1 FROM watch_pass WHERE watchlist = @list AND watch_pass.session = session.key)';
/** Keys of the sessions that are not to be told of. */
const REFUSED = '(SELECT value FROM json_each(@refused))';

interface OfList {
  readonly list: number;
  readonly refused: string;
}

export function createWatchlistStore(database: Database, rights: RightsStore): WatchlistStore {
  const sql = {
    current: database.prepare<[], Row>(
      'SELECT * FROM watchlist WHERE version = (SELECT max(version) FROM watchlist newer WHERE newer.name = watchlist.name) ORDER BY name',
    ),
    versions: database.prepare<[string], Row>('SELECT * FROM watchlist WHERE name = ? ORDER BY version'),
    save: database.prepare<[string, string, string, string, string, string, string, number], Row>(
      `INSERT INTO watchlist (name, version, kind, text, digest, author, at, ended)
       VALUES (?, (SELECT coalesce(max(version), 0) + 1 FROM watchlist WHERE name = ?), ?, ?, ?, ?, ?, ?) RETURNING *`,
    ),
    pending: database
      .prepare<OfList & { limit: number }, number>(
        `SELECT key ${INDEXED} AND ${NOT_RUN} AND key NOT IN ${REFUSED} ORDER BY key DESC LIMIT @limit`,
      )
      .pluck(),
    counts: database.prepare<OfList, WatchCounts>(
      `SELECT (SELECT count(*) FROM watch_pass WHERE watchlist = @list AND session NOT IN ${REFUSED}) searched,
         (SELECT count(*) ${INDEXED} AND ${NOT_RUN} AND key NOT IN ${REFUSED}) pending,
         (SELECT coalesce(sum(hits), 0) FROM watch_hit WHERE watchlist = @list AND session NOT IN ${REFUSED}) hits,
         (SELECT count(DISTINCT session) FROM watch_hit WHERE watchlist = @list AND session NOT IN ${REFUSED}) sessions`,
    ),
    newestGroup: database.prepare<[], number>('SELECT coalesce(max(key), 0) FROM text_group').pluck(),
    unchanged: database
      .prepare<[number, number], number>(
        `SELECT 1 ${INDEXED} AND key = ? AND coalesce((SELECT max(key) FROM text_group WHERE session = session.key), 0) <= ?`,
      )
      .pluck(),
    key: database
      .prepare<[number], Buffer>(
        'SELECT content_key FROM acquisition_key JOIN session ON acquisition_key.acquisition = session.acquisition WHERE session.key = ?',
      )
      .pluck(),
    pass: database.prepare<[number, number, string]>('INSERT OR REPLACE INTO watch_pass VALUES (?, ?, ?)'),
    hit: database.prepare<[number, number, number, number, Buffer]>('INSERT INTO watch_hit VALUES (?, ?, ?, ?, ?)'),
    dropOf: database.prepare<[number, number]>('DELETE FROM watch_hit WHERE watchlist = ? AND session = ?'),
    dropHits: database.prepare<[number]>('DELETE FROM watch_hit WHERE watchlist = ?'),
    dropPasses: database.prepare<[number]>('DELETE FROM watch_pass WHERE watchlist = ?'),
    byIndicator: database.prepare<OfList, { indicator: number; hits: number; sessions: number }>(
      `SELECT indicator, sum(hits) hits, count(*) sessions FROM watch_hit
       WHERE watchlist = @list AND session NOT IN ${REFUSED} GROUP BY indicator ORDER BY indicator`,
    ),
    findings: database.prepare<
      OfList & { indicator: number | null; limit: number; offset: number },
      { indicator: number; key: number; session: string; hits: number; sealed: Buffer }
    >(
      `SELECT indicator, watch_hit.session key, id session, hits, sealed FROM watch_hit JOIN session ON session.key = watch_hit.session
       WHERE watchlist = @list AND (@indicator IS NULL OR indicator = @indicator) AND watch_hit.session NOT IN ${REFUSED}
       ORDER BY indicator, coalesce(started_us, -9007199254740991) DESC, session.key DESC LIMIT @limit OFFSET @offset`,
    ),
  };
  const of = (list: number): OfList => ({ list, refused: JSON.stringify(rights.refusedKeys('recording')) });

  const forget = (watchlist: number): void => {
    sql.dropHits.run(watchlist);
    sql.dropPasses.run(watchlist);
  };

  return {
    current: () => sql.current.all().map(rowOf),
    versions: (name) => sql.versions.all(name).map(rowOf),
    save: database.transaction(({ name, kind, text, digest, author, at, ended }: NewWatchlist) => {
      for (const { key } of sql.versions.all(name)) forget(key);
      return rowOf(sql.save.get(name, name, kind, text, digest, author, at, ended ? 1 : 0)!);
    }).immediate,
    pending: (watchlist, limit) => sql.pending.all({ ...of(watchlist), limit }),
    counts: (watchlist) => sql.counts.get(of(watchlist))!,
    newestGroup: () => sql.newestGroup.get()!,
    keep: (passes, newestGroup) => {
      const kept = new Set<number>();
      for (const { watchlist, session, at, findings } of passes) {
        if (sql.unchanged.get(session, newestGroup) === undefined) continue;
        sql.dropOf.run(watchlist, session);
        const key = findings.length === 0 ? null : contentKey(sql.key.get(session)!);
        for (const { indicator, hits, bytes } of findings)
          sql.hit.run(watchlist, indicator, session, hits, seal(key!, sealName(watchlist, indicator), bytes));
        sql.pass.run(watchlist, session, at);
        kept.add(session);
      }
      return kept;
    },
    forget: database.transaction(forget).immediate,
    outdate: (watchlist) => void sql.dropPasses.run(watchlist),
    byIndicator: (watchlist) => sql.byIndicator.all(of(watchlist)),
    findings: (watchlist, indicator, offset, limit) =>
      sql.findings.all({ ...of(watchlist), indicator, limit, offset }).map(({ key, sealed, ...finding }) => ({
        ...finding,
        bytes: unseal(contentKey(sql.key.get(key)!), sealName(watchlist, finding.indicator), sealed),
      })),
  };
}
