// What indexing makes of a recording: keyframes, facts on the timeline, activity, searchable text. All of it can be dropped and
// made again from what was acquired; none of it is evidence by itself.

import type { KeyObject } from 'node:crypto';
import type { Micros } from '../../shared/recording/time.ts';
import type { Database } from './database.ts';
import { purgedError } from './content.ts';
import { contentKey, seal, unseal } from './seal.ts';
import type { IndexState, SessionRow } from './sessions.ts';
import { createTextStore, type TextStore } from './text-store.ts';

export interface Keyframe {
  /** Events applied in this state. */
  readonly index: number;
  readonly at: Micros;
  /** Output bytes of those events. */
  readonly outputBytes: number;
  readonly bytes: Uint8Array;
}

/** Something that happened, for the timeline. `data` is JSON, its shape is the lane's. */
export interface Fact {
  readonly lane:
    | 'command'
    | 'alternate'
    | 'idle'
    | 'title'
    | 'bell'
    | 'marker'
    | 'resize'
    | 'exit'
    | 'other'
    | 'unopened'
    | 'payloads'
    | 'hidden';
  readonly from: Micros;
  readonly to: Micros;
  readonly index: number;
  readonly data: string;
}

export interface DerivedStore {
  /** Drops all that is derived of a session and notes that it must be made again. */
  clear(session: SessionRow): void;
  /** A session that has grown since its row was read stays waiting: what was made of it is not of all of it. */
  setIndexState(session: SessionRow, state: IndexState, version: number, failure: string | null): void;
  /** Sessions whose index is missing, unfinished or of an older version, oldest first. */
  unindexed(version: number, limit: number): readonly number[];
  putKeyframe(session: SessionRow, keyframe: Keyframe): void;
  /** The last keyframe at or before a number of applied events. */
  keyframeBefore(session: SessionRow, index: number): Keyframe | null;
  keyframeCount(session: SessionRow): number;
  putFacts(session: SessionRow, facts: readonly Fact[]): void;
  /** In order; at most `limit`, and how many there are in all. */
  facts(
    session: Pick<SessionRow, 'key'>,
    lane: Fact['lane'],
    limit: number,
    skip?: number,
  ): { readonly facts: readonly Fact[]; readonly total: number };
  /** All of a lane, in the same order. */
  eachFact(session: Pick<SessionRow, 'key'>, lane: Fact['lane']): Iterable<Fact>;
  putActivity(session: SessionRow, bytes: Uint8Array): void;
  activity(session: SessionRow): Buffer | null;
  readonly text: TextStore;
  /** Forgets the key of a session: it was destroyed. */
  forget(session: number): void;
  /** Runs `work` in one transaction. */
  transaction<T>(work: () => T): T;
}

/** Facts that are read at once. */
const FACT_PAGE = 10_000;

export function createDerivedStore(database: Database): DerivedStore {
  const sql = {
    key: database
      .prepare<[number], Buffer>(
        `SELECT content_key FROM session JOIN acquisition ON acquisition.key = session.acquisition
           JOIN acquisition_key ON acquisition_key.acquisition = acquisition.key WHERE session.key = ? AND state <> 'purged'`,
      )
      .pluck(),
    state: database.prepare<[IndexState, number, string | null, number]>(
      'UPDATE session SET index_state = ?, index_version = ?, index_failure = ? WHERE key = ?',
    ),
    stateOf: database.prepare<[IndexState, number, string | null, number, number]>(
      'UPDATE session SET index_state = ?, index_version = ?, index_failure = ? WHERE key = ? AND events = ?',
    ),
    unindexed: database
      .prepare<[number, number], number>(
        `SELECT key FROM session WHERE id IS NOT NULL AND (index_state IN ('waiting', 'running') OR
           (index_state = 'done' AND index_version < ?)) ORDER BY key LIMIT ?`,
      )
      .pluck(),
    keyframe: database.prepare<[number, number, number, number, Buffer]>(
      'INSERT INTO keyframe (session, event_index, at_us, output_bytes, sealed) VALUES (?, ?, ?, ?, ?)',
    ),
    keyframeBefore: database.prepare<
      [number, number],
      { event_index: number; at_us: Micros; output_bytes: number; sealed: Buffer }
    >(
      `SELECT event_index, at_us, output_bytes, sealed FROM keyframe WHERE session = ? AND event_index <= ?
       ORDER BY event_index DESC LIMIT 1`,
    ),
    keyframes: database.prepare<[number], { n: number }>('SELECT count(*) n FROM keyframe WHERE session = ?'),
    fact: database.prepare<[number, string, number, number, number, string]>(
      'INSERT INTO fact (session, lane, from_us, to_us, event_index, data) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    facts: database.prepare<[number, string, number, number], Fact>(
      `SELECT lane, from_us "from", to_us "to", event_index "index", data FROM fact WHERE session = ? AND lane = ?
       ORDER BY from_us, key LIMIT ? OFFSET ?`,
    ),
    factCount: database.prepare<[number, string], { n: number }>('SELECT count(*) n FROM fact WHERE session = ? AND lane = ?'),
    putActivity: database.prepare<[number, Buffer]>('INSERT OR REPLACE INTO activity VALUES (?, ?)'),
    activity: database.prepare<[number], { sealed: Buffer }>('SELECT sealed FROM activity WHERE session = ?'),
  };

  const keys = new Map<number, KeyObject>();
  const keyFor = (session: number): KeyObject => {
    const cached = keys.get(session);
    if (cached !== undefined) return cached;
    const bytes = sql.key.get(session);
    if (bytes === undefined) throw purgedError();
    const key = contentKey(bytes);
    if (keys.size >= 256) keys.clear();
    keys.set(session, key);
    return key;
  };

  const text = createTextStore(database, keyFor);

  return {
    clear: database.transaction((session: SessionRow): void => {
      text.clear(session.key);
      for (const table of ['keyframe', 'fact', 'activity', 'watch_hit', 'watch_pass']) {
        database.prepare(`DELETE FROM ${table} WHERE session = ?`).run(session.key);
      }
      sql.state.run('waiting', 0, null, session.key);
    }).immediate,
    setIndexState: (session, state, version, failure) => {
      const { changes } = sql.stateOf.run(state, version, failure, session.key, session.events);
      if (changes === 0) sql.state.run('waiting', 0, null, session.key);
    },
    unindexed: (version, limit) => sql.unindexed.all(version, limit),
    putKeyframe: (session, { index, at, outputBytes, bytes }) => {
      sql.keyframe.run(session.key, index, at, outputBytes, seal(keyFor(session.key), `keyframe/${String(index)}`, bytes));
    },
    keyframeBefore: (session, index) => {
      const row = sql.keyframeBefore.get(session.key, index);
      if (row === undefined) return null;
      const bytes = unseal(keyFor(session.key), `keyframe/${String(row.event_index)}`, row.sealed);
      return { index: row.event_index, at: row.at_us, outputBytes: row.output_bytes, bytes };
    },
    keyframeCount: (session) => sql.keyframes.get(session.key)!.n,
    putFacts: (session, facts) => {
      for (const { lane, from, to, index, data } of facts) sql.fact.run(session.key, lane, from, to, index, data);
    },
    facts: (session, lane, limit, skip = 0) => ({
      facts: sql.facts.all(session.key, lane, limit, skip),
      total: sql.factCount.get(session.key, lane)!.n,
    }),
    *eachFact(session, lane) {
      for (let skip = 0, count = FACT_PAGE; count === FACT_PAGE; skip += count) {
        const page = sql.facts.all(session.key, lane, FACT_PAGE, skip);
        yield* page;
        count = page.length;
      }
    },
    putActivity: (session, bytes) => {
      sql.putActivity.run(session.key, seal(keyFor(session.key), 'activity', bytes));
    },
    activity: (session) => {
      const row = sql.activity.get(session.key);
      return row === undefined ? null : unseal(keyFor(session.key), 'activity', row.sealed);
    },
    text,
    forget: (session) => {
      keys.delete(session);
    },
    transaction: (work) => database.transaction(work).immediate(),
  };
}
