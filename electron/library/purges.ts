// Purging: the recordings of one acquisition go in one transaction, with their custody entries and certificates, or not at all. Their keys
// are overwritten, and whatever was sealed under them, told of them or made of them is deleted. Lists of the text index and pages may
// still have something of it then: `clean` takes it out, and what a crash kept it from is done the next time. docs/retention.md

import type { Policy, Purge } from '../../shared/api/retention-shapes.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import { formatInstant, type Micros } from '../../shared/recording/time.ts';
import { purgedError, type ContentStore } from './content.ts';
import type { CustodyHead, CustodyLog, NewCustodyEntry } from './custody.ts';
import { emptyLog, vacuum, type Database } from './database.ts';
import type { DerivedStore } from './derived.ts';
import { HELD_ACQUISITIONS, heldSql } from './retention.ts';
import type { RetentionState } from './retention-state.ts';
import { BARE_HAYSTACK } from './sessions.ts';

/** What is known of a recording when it is purged, for its custody entry and its certificate. */
export interface PurgedRecording {
  readonly session: string;
  readonly nativeId: string | null;
  readonly source: string;
  readonly records: number;
  /** Hexadecimal. */
  readonly root: string;
  readonly until: Micros;
  /** The policy that ended it; null: the source's own word for this one. */
  readonly policy: Policy | null;
  readonly parts: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
}

export interface PurgeAct {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly custody: (recording: PurgedRecording) => NewCustodyEntry;
  readonly certify: (
    recording: PurgedRecording,
    entry: CustodyHead,
  ) => { readonly certificate: string; readonly signature: string };
}

export interface PurgeStore {
  /** Acquisitions that can be purged: all their recordings are past a moment, and none is held. */
  purgeable(now: Micros): readonly number[];
  /**
   * Purges the recordings of an acquisition. Null where one of them is not past `now`, is held, or may go on: nothing was done then.
   */
  purge(acquisition: number, now: Micros, act: PurgeAct): readonly Purge[] | null;
  /** The newest first. */
  list(
    cursor: string | null,
    limit: number,
  ): { readonly total: number; readonly purges: readonly Purge[]; readonly next: string | null };
  find(session: string): Purge | null;
  count(): number;
  /** Since when pages may have something of what was purged; null: they have nothing, nor have lists and the log. */
  uncleanSince(): Micros | null;
  /**
   * Takes what is left of purged recordings out of the text index, the pages and the log. False where another connection was in the way:
   * call it again. `pages`: all pages are written anew, which takes as long as copying the library.
   */
  clean(options: { readonly pages: boolean }): boolean;
}

interface Facts {
  readonly key: number;
  readonly id: string;
  readonly nativeId: string | null;
  readonly source: string;
  readonly records: number;
  readonly root: Uint8Array;
  readonly until: Micros | null;
  readonly told: number | null;
  readonly libraryPolicy: number | null;
  readonly sourcePolicy: number | null;
  readonly held: 0 | 1;
  readonly title: string | null;
  readonly command: string | null;
}

const PURGE = 'SELECT session, source, native_id nativeId, at, until, certificate, signature FROM purge';

/** What lists say of a purged recording, and the code of its lock. */
const LOCK = JSON.stringify({ why: purgedError().why, todo: '' });
export const PURGED = 'purged';

export function createPurgeStore(
  database: Database,
  custody: CustodyLog,
  content: ContentStore,
  derived: DerivedStore,
  state: RetentionState,
): PurgeStore {
  const sql = {
    purgeable: database
      .prepare<[number], number>(
        `SELECT DISTINCT s.acquisition FROM history h JOIN session s ON s.key = h.session
         WHERE h.library_until_us <= ? AND s.acquisition NOT IN (${HELD_ACQUISITIONS}) ORDER BY h.library_until_us`,
      )
      .pluck(),
    whole: database.prepare<[number], number>("SELECT 1 FROM acquisition WHERE key = ? AND state = 'complete'").pluck(),
    facts: database.prepare<[number], Facts>(
      `SELECT s.key, s.id, s.native_id nativeId, s.source, s.records, s.root, s.title, s.command, h.library_until_us until, p.told,
         p.library_policy libraryPolicy, p.source_policy sourcePolicy, ${heldSql('s.key')} held
       FROM session s LEFT JOIN history h ON h.session = s.key LEFT JOIN retention_policies p ON p.history = h.key
       WHERE s.acquisition = ? ORDER BY s.ordinal`,
    ),
    policy: database.prepare<[number], Policy>(
      'SELECT source, environment, keeper, days, basis, plan, author "by", at, reason FROM retention_policy WHERE key = ?',
    ),
    parts: database.prepare<[number], { name: string; size: number; sha256: Uint8Array }>(
      'SELECT name, size, sha256 FROM part WHERE acquisition = ? ORDER BY part',
    ),
    addPurge: database.prepare<Purge>(
      'INSERT INTO purge VALUES (@session, @source, @nativeId, @at, @until, @certificate, @signature)',
    ),
    // Who was where stays, as the history tells it; what was done there goes.
    session: database.prepare<[string, string, number]>(
      `UPDATE session SET title = NULL, command = NULL, term = NULL, index_state = 'locked', index_failure = NULL,
         lock_code = ?, lock_detail = ?, haystack = ${BARE_HAYSTACK}
       WHERE key = ?`,
    ),
    acquisition: database.prepare<[number]>("UPDATE acquisition SET state = 'purged' WHERE key = ?"),
    keys: database.prepare<[number]>(
      'UPDATE acquisition_key SET content_key = zeroblob(32), salt_seed = zeroblob(32) WHERE acquisition = ?',
    ),
    ofSession: [
      'session_metadata',
      'record_chunk',
      'event_chunk',
      'discrepancy',
      'participant',
      'keyframe',
      'fact',
      'activity',
      'watch_hit',
      'watch_pass',
      'history_clue',
    ].map((table) => database.prepare<[number]>(`DELETE FROM ${table} WHERE session = ?`)),
    ofAcquisition: ['part_chunk', 'sync_state'].map((table) =>
      database.prepare<[number]>(`DELETE FROM ${table} WHERE acquisition = ?`),
    ),
    history: database.prepare<[number]>(
      `UPDATE history_text SET haystack = (
         SELECT lower(concat_ws(char(10), target, initiator, reason, approval, close_reason, id, native_id, (SELECT id FROM session WHERE key = history.session)))
         FROM history WHERE key = history_text.history)
       WHERE history = (SELECT key FROM history WHERE session = ?)`,
    ),
    anchors: database.prepare<[string]>(
      `UPDATE annotation SET anchor = json_set(anchor, '$.text', NULL, '$.screen', NULL) WHERE session = ?`,
    ),
    // The title that an exhibit has where nobody gave it one is the recording's own.
    exhibits: database.prepare<[string, string | null, string | null]>(
      `UPDATE exhibit SET title = '' WHERE session = ? AND title <> '' AND title IN (?, ?)`,
    ),
    list: database.prepare<[string, string, number], Purge>(
      `${PURGE} WHERE (at, session) < (?, ?) ORDER BY at DESC, session DESC LIMIT ?`,
    ),
    find: database.prepare<[string], Purge>(`${PURGE} WHERE session = ?`),
    count: database.prepare<[], number>('SELECT count(*) FROM purge').pluck(),
  };

  const empty = ({ key, id, title, command }: Facts): void => {
    derived.text.clear(key);
    for (const statement of sql.ofSession) statement.run(key);
    sql.history.run(key);
    sql.anchors.run(id);
    sql.exhibits.run(id, title, command);
  };

  const purge = database.transaction((acquisition: number, now: Micros, act: PurgeAct): Purge[] | null => {
    const sessions = sql.facts.all(acquisition);
    const isPast = ({ until, held }: Facts): boolean => until !== null && until <= now && held === 0;
    if (sql.whole.get(acquisition) === undefined || sessions.length === 0 || !sessions.every(isPast)) return null;
    const parts = sql.parts.all(acquisition).map((part) => ({ ...part, sha256: toHex(part.sha256) }));
    const purged = sessions.map(({ id, nativeId, source, records, root, until, told, libraryPolicy, sourcePolicy }): Purge => {
      const policy = libraryPolicy ?? (told === null ? sourcePolicy : null);
      const recording = {
        session: id,
        nativeId,
        source,
        records,
        root: toHex(root),
        until: until!,
        policy: policy === null ? null : sql.policy.get(policy)!,
        parts,
      };
      const entry = custody.append(act.custody(recording));
      const row = { session: id, source, nativeId, at: act.at, until: formatInstant(until!), ...act.certify(recording, entry) };
      sql.addPurge.run(row);
      return row;
    });
    // From then on that it is purged, nothing changes a session any more.
    for (const { key } of sessions) sql.session.run(PURGED, LOCK, key);
    sql.acquisition.run(acquisition);
    sql.keys.run(acquisition);
    for (const session of sessions) empty(session);
    for (const statement of sql.ofAcquisition) statement.run(acquisition);
    state.set('text', 'due');
    state.set('pages', state.get('pages') ?? String(now));
    return purged;
  });

  return {
    purgeable: (now) => sql.purgeable.all(now),
    purge: (acquisition, now, act) => {
      const sessions = sql.facts.all(acquisition);
      const purged = purge.immediate(acquisition, now, act);
      if (purged === null) return null;
      content.forget(acquisition);
      for (const { key } of sessions) derived.forget(key);
      return purged;
    },
    list: (cursor, limit) => {
      const [at, session] = cursor === null ? ['~', '~'] : (JSON.parse(cursor) as [string, string]);
      const found = sql.list.all(at, session, limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next = found.length > limit && last !== undefined ? JSON.stringify([last.at, last.session]) : null;
      return { total: sql.count.get()!, purges: page, next };
    },
    find: (session) => sql.find.get(session) ?? null,
    count: () => sql.count.get()!,
    uncleanSince: () => {
      const since = state.get('pages');
      return since === null ? null : (Number(since) as Micros);
    },
    clean: ({ pages }) => {
      if (state.get('text') !== null) {
        derived.text.scrub();
        if (!emptyLog(database)) return false;
        state.set('text', null);
      }
      if (pages && state.get('pages') !== null) {
        if (!vacuum(database) || !emptyLog(database)) return false;
        state.set('pages', null);
      }
      return true;
    },
  };
}
