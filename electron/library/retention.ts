// How long recordings are kept and what holds them: policies and holds as rows that are only ever added. When a recording's time ends,
// and which hold keeps it, is worked out by the triggers of schema/008-retention.ts. Purging is in purges.ts. docs/retention.md

import type { Policy, StandingPolicy } from '../../shared/api/retention-shapes.ts';
import type { RetentionMark } from '../../shared/api/shapes.ts';
import { formatInstant, type Micros } from '../../shared/recording/time.ts';
import { foldTag } from './annotations.ts';
import { numbered } from './cases.ts';
import type { Database } from './database.ts';
import { FEWEST_DAYS } from './schema/008-retention.ts';
import type { SessionFilter, SessionRow } from './sessions.ts';

/** SQL: whether a hold in force keeps the session whose key is `session`, such as `history.session`. */
export const heldSql = (session: string): string =>
  `EXISTS (SELECT 1 FROM held WHERE held.session = ${session} AND NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold = held.hold))`;

/** SQL: whether the session whose key is `session` was purged here. */
export const purgedSql = (session: string): string =>
  `EXISTS (SELECT 1 FROM session s JOIN purge p ON p.session = s.id WHERE s.key = ${session})`;

/** SQL: acquisitions of which a hold in force keeps a recording. */
export const HELD_ACQUISITIONS = `SELECT t.acquisition FROM held JOIN session t ON t.key = held.session
  WHERE NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold = held.hold)`;

/** What a hold is of. The case of a filter is named by its id. */
export type HoldTarget =
  | { readonly kind: 'session'; readonly session: string }
  | { readonly kind: 'group'; readonly group: string; readonly source: string | null }
  | { readonly kind: 'case'; readonly case: string }
  | { readonly kind: 'filter'; readonly filter: SessionFilter };

/** Who did something, when (RFC 3339), and why. */
export interface HoldAct {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

export interface HoldRow extends HoldAct {
  /** `H-0001`. */
  readonly id: string;
  readonly target: HoldTarget;
  /** Recordings here that it holds, or held when it was released. */
  readonly sessions: number;
  readonly released: HoldAct | null;
}

export interface DueRow {
  /** Key of the acquisition: recordings of one are purged together. */
  readonly acquisition: number;
  readonly session: string;
  readonly title: string | null;
  readonly source: string;
  readonly until: Micros;
  /** Ids of the holds that keep it, or another recording of its acquisition. */
  readonly heldBy: readonly string[];
}

/** How many recordings are past, and how many of them are held. */
export interface PastCount {
  readonly total: number;
  readonly held: number;
}

export interface RetentionStore {
  /** Every act on a policy, the newest first. */
  policies(source?: string): readonly Policy[];
  /** Those that stand, of one source or of all; of two that stand beside each other the one that holds first. */
  current(source?: string): readonly StandingPolicy[];
  /** Adds an act; from then on it counts. */
  setPolicy(policy: Policy): void;
  /** What would be past at a moment if a policy were set. Sets nothing. */
  preview(policy: Policy, now: Micros): PastCount;
  /** The newest first. `session`: those that hold this recording. */
  holds(filter: { readonly released: boolean; readonly session?: string | undefined }): readonly HoldRow[];
  hold(id: string): HoldRow | null;
  addHold(target: HoldTarget, act: HoldAct): HoldRow;
  /** Throws where it was released before. */
  releaseHold(id: string, act: HoldAct): HoldRow;
  /** By key of the session. */
  marks(sessions: readonly Pick<SessionRow, 'key'>[]): ReadonlyMap<number, RetentionMark>;
  /** Recordings whose retention ends at or before a moment. */
  past(before: Micros): PastCount;
  /** The same, the earliest first. */
  due(before: Micros, limit: number): readonly DueRow[];
  /** The source has the recordings of a session no more. */
  goneAtSource(source: string, nativeId: string): void;
  /** The source lists these sessions: it has them. */
  listedAtSource(source: string, nativeIds: readonly string[]): void;
  /**
   * Sessions with recordings that came from the source, are not among these, and of which it did not say that it has them no more.
   * Any so many of them: each has its turn.
   */
  notListedAtSource(source: string, nativeIds: readonly string[], limit: number): readonly string[];
}

interface StoredHold {
  readonly n: number;
  readonly kind: HoldTarget['kind'];
  readonly target: string;
  readonly source: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  readonly sessions: number;
  readonly releasedBy: string | null;
  readonly releasedAt: string;
  readonly releaseReason: string;
}

interface StoredMark {
  readonly key: number;
  readonly source: Micros | null;
  readonly library: Micros | null;
  readonly held: 0 | 1;
  readonly gone: 0 | 1;
  readonly purgedAt: string | null;
  readonly purgedUntil: string | null;
}

const HOLD = `SELECT h.n, h.kind, h.target, h.source, h.reason, h.author "by", h.at, (SELECT count(*) FROM held WHERE hold = h.key) sessions,
    r.author releasedBy, r.at releasedAt, r.reason releaseReason
  FROM hold h LEFT JOIN hold_release r ON r.hold = h.key`;

/** The form in which triggers compare it. */
function targetText(target: HoldTarget): string {
  switch (target.kind) {
    case 'session':
      return target.session;
    case 'group':
      return target.group;
    case 'case':
      return target.case;
    case 'filter': {
      const { text = '', tag, ...rest } = target.filter;
      const words = text
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '');
      return JSON.stringify({ ...rest, ...(tag === undefined ? {} : { tag: foldTag(tag) }), words });
    }
  }
}

function targetOf({ kind, target, source }: StoredHold): HoldTarget {
  switch (kind) {
    case 'session':
      return { kind, session: target };
    case 'group':
      return { kind, group: target, source };
    case 'case':
      return { kind, case: target };
    case 'filter': {
      const { words, ...filter } = JSON.parse(target) as SessionFilter & { readonly words: readonly string[] };
      return { kind, filter: { ...filter, ...(words.length === 0 ? {} : { text: words.join(' ') }) } };
    }
  }
}

const idOf = (n: number): string => numbered('H', 4, n);

/** The number in `H-0001`; 0 where it is no id of a hold. */
const numberOf = (id: string): number => (/^H-\d{4,9}$/i.test(id) ? Number(id.slice(2)) : 0);

function holdRow(row: StoredHold): HoldRow {
  const { reason, by, at, sessions, releasedBy, releasedAt, releaseReason } = row;
  const released = releasedBy === null ? null : { by: releasedBy, at: releasedAt, reason: releaseReason };
  return { id: idOf(row.n), target: targetOf(row), reason, by, at, sessions, released };
}

const POLICY = 'source, environment, keeper, days, basis, plan, author "by", at, reason';

const instantOf = (at: Micros | null): string | null => (at === null ? null : formatInstant(at));

/** Thrown to take back what a preview wrote. */
class Preview extends Error {
  readonly count: PastCount;
  constructor(count: PastCount) {
    super('preview');
    this.count = count;
  }
}

export function createRetentionStore(database: Database): RetentionStore {
  const sql = {
    policies: database.prepare<[string | null, string | null], Policy>(
      `SELECT ${POLICY} FROM retention_policy WHERE ? IS NULL OR source = ? ORDER BY key DESC`,
    ),
    current: database.prepare<[string | null, string | null], Policy & { readonly rank: number }>(
      `SELECT ${POLICY}, row_number() OVER (PARTITION BY source, environment, keeper ORDER BY ${FEWEST_DAYS}) rank FROM retention_policy
       WHERE key IN (SELECT max(key) FROM retention_policy GROUP BY source, environment, keeper, basis = 'told')
         AND basis <> 'cleared' AND (? IS NULL OR source = ?)
       ORDER BY source, environment DESC, keeper DESC, rank`,
    ),
    addPolicy: database.prepare<Policy>(
      `INSERT INTO retention_policy (source, environment, keeper, days, basis, plan, author, at, reason)
       VALUES (@source, @environment, @keeper, @days, @basis, @plan, @by, @at, @reason)`,
    ),
    holds: database.prepare<[number, string | null, string | null], StoredHold>(
      `${HOLD} WHERE (? OR r.hold IS NULL)
         AND (? IS NULL OR h.key IN (SELECT hold FROM held JOIN session ON session.key = held.session WHERE session.id = ?)) ORDER BY h.n DESC`,
    ),
    hold: database.prepare<[number], StoredHold>(`${HOLD} WHERE h.n = ?`),
    addHold: database
      .prepare<[string, string, string | null, string, string, string], number>(
        `INSERT INTO hold (n, kind, target, source, reason, author, at)
         VALUES ((SELECT coalesce(max(n), 0) + 1 FROM hold), ?, ?, ?, ?, ?, ?) RETURNING n`,
      )
      .pluck(),
    release: database.prepare<[string, string, string, number]>(
      'INSERT INTO hold_release SELECT key, ?, ?, ? FROM hold WHERE n = ?',
    ),
    marks: database.prepare<[string], StoredMark>(
      `SELECT s.key, h.source_until_us source, h.library_until_us library, ${heldSql('s.key')} held,
         coalesce(h.at_source = 'purged', 0) gone, p.at purgedAt, p.until purgedUntil
       FROM session s LEFT JOIN history h ON h.session = s.key LEFT JOIN purge p ON p.session = s.id
       WHERE s.key IN (SELECT value FROM json_each(?))`,
    ),
    past: database.prepare<[number], PastCount>(
      `SELECT count(*) total, coalesce(sum(s.acquisition IN (${HELD_ACQUISITIONS})), 0) held
       FROM history h JOIN session s ON s.key = h.session WHERE h.library_until_us <= ?`,
    ),
    due: database.prepare<[number, number], Omit<DueRow, 'heldBy'>>(
      `SELECT s.acquisition, s.id session, s.title, s.source, h.library_until_us until FROM history h JOIN session s ON s.key = h.session WHERE h.library_until_us <= ? ORDER BY h.library_until_us, s.id LIMIT ?`,
    ),
    listed: database.prepare<{ source: string; ids: string }>(
      `UPDATE history SET at_source = 'kept'
       WHERE source = @source AND governed = 1 AND session IS NOT NULL AND at_source IS NOT 'kept'
         AND native_id IN (SELECT value FROM json_each(@ids))`,
    ),
    notListed: database
      .prepare<{ source: string; ids: string; limit: number }, string>(
        `SELECT native_id FROM history
         WHERE source = @source AND governed = 1 AND session IS NOT NULL AND native_id IS NOT NULL AND at_source IS NOT 'purged'
           AND native_id NOT IN (SELECT value FROM json_each(@ids))
         GROUP BY native_id ORDER BY random() LIMIT @limit`,
      )
      .pluck(),
    holdsOf: database
      .prepare<[number], number>(
        `SELECT DISTINCT n FROM session t JOIN held ON held.session = t.key JOIN hold ON hold.key = held.hold
         WHERE t.acquisition = ? AND NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold = held.hold) ORDER BY n`,
      )
      .pluck(),
    gone: database.prepare<[string, string]>("UPDATE history SET at_source = 'purged' WHERE source = ? AND native_id = ?"),
  };

  const hold = (id: string): HoldRow | null => {
    const row = sql.hold.get(numberOf(id));
    return row === undefined ? null : holdRow(row);
  };
  const setPolicy = (policy: Policy): void => {
    sql.addPolicy.run(policy);
  };

  return {
    policies: (source) => sql.policies.all(source ?? null, source ?? null),
    current: (source) =>
      sql.current.all(source ?? null, source ?? null).map(({ rank, ...policy }) => ({ ...policy, holds: rank === 1 })),
    setPolicy,
    preview: (policy, now) => {
      try {
        return database
          .transaction((): never => {
            setPolicy(policy);
            throw new Preview(sql.past.get(now)!);
          })
          .immediate();
      } catch (error) {
        if (error instanceof Preview) return error.count;
        throw error;
      }
    },
    holds: ({ released, session = null }) => sql.holds.all(released ? 1 : 0, session, session).map(holdRow),
    hold,
    addHold: (target, { reason, by, at }) => {
      const source = target.kind === 'group' ? target.source : null;
      return hold(idOf(sql.addHold.get(target.kind, targetText(target), source, reason, by, at)!))!;
    },
    releaseHold: (id, { reason, by, at }) => {
      sql.release.run(reason, by, at, numberOf(id));
      return hold(id)!;
    },
    marks: (sessions) =>
      new Map(
        sql.marks.all(JSON.stringify(sessions.map(({ key }) => key))).map((row) => [
          row.key,
          {
            sourceUntil: instantOf(row.source),
            libraryUntil: row.purgedUntil ?? instantOf(row.library),
            held: row.held === 1,
            goneAtSource: row.gone === 1 && row.purgedAt === null,
            purgedAt: row.purgedAt,
          },
        ]),
      ),
    past: (before) => sql.past.get(before)!,
    due: (before, limit) => {
      const holds = new Map<number, readonly string[]>();
      return sql.due.all(before, limit).map((row) => {
        const heldBy = holds.get(row.acquisition) ?? sql.holdsOf.all(row.acquisition).map(idOf);
        holds.set(row.acquisition, heldBy);
        return { ...row, heldBy };
      });
    },
    listedAtSource: (source, nativeIds) => {
      sql.listed.run({ source, ids: JSON.stringify(nativeIds) });
    },
    notListedAtSource: (source, nativeIds, limit) => sql.notListed.all({ source, ids: JSON.stringify(nativeIds), limit }),
    goneAtSource: (source, nativeId) => {
      sql.gone.run(source, nativeId);
    },
  };
}
