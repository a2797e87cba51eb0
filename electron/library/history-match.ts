// Which recording belongs to which record of the history: by the session's id, and where no id fits, by target, user and time. A guess by
// time is made only where just one recording fits the record and just one record the recording. What a person parted stays parted.

import type { Micros } from '../../shared/recording/time.ts';
import type { Database } from './database.ts';

export type MatchedBy = 'session-id' | 'target-user-time' | 'hand';

/** Microseconds by which the clocks of a source and of a recording may differ: asciicast has whole seconds, and a shell takes its time. */
const APART = 10_000_000;

/** Shorter ids may mean something else at another source. */
const TELLING_ID = 16;

/** Candidates that are looked at. */
const MANY = 50;

interface Times {
  readonly key: number;
  readonly source: string;
  readonly native: string | null;
  readonly target: string | null;
  readonly initiator: string | null;
  readonly started: Micros;
  readonly ended: Micros | null;
}

interface Recording {
  readonly session: number;
  readonly source: string;
  readonly native: string | null;
  readonly started: Micros;
  readonly ended: Micros;
}

export interface Candidate {
  readonly session: number;
  readonly why: string;
}

export interface HistoryMatch {
  /** The recording that a record names. */
  byId(source: string, nativeId: string | null): number | null;
  /** The record that names a recording. */
  recordOf(session: number, source: string, nativeId: string | null): number | null;
  recordingByTime(row: number): number | null;
  recordByTime(session: number): number | null;
  /** Recordings whose time overlaps that of a record, for a person to choose from. */
  candidates(row: number): readonly Candidate[];
}

const TELLS = 'EXISTS (SELECT 1 FROM history_told t WHERE t.history = h.key)';

export function createHistoryMatch(database: Database): HistoryMatch {
  const free = `h.session IS NULL AND h.by_hand = 0 AND ${TELLS}`;
  const sql = {
    // Rows of recordings that nothing else tells of.
    sessionNamed: database.prepare<[string], { session: number; source: string; native: string | null }>(
      `SELECT h.session, h.source, s.native_id native FROM session s JOIN history h ON h.session = s.key
       WHERE s.native_id = ? AND s.id IS NOT NULL AND h.by_hand = 0 AND NOT ${TELLS} LIMIT 3`,
    ),
    sessionWithClue: database.prepare<[string], { session: number; source: string; native: string | null }>(
      `SELECT h.session, h.source, s.native_id native FROM history_clue c JOIN history h ON h.session = c.session
       JOIN session s ON s.key = c.session WHERE c.text = ? AND h.by_hand = 0 AND NOT ${TELLS} LIMIT 3`,
    ),
    recordNamed: database.prepare<[string], { key: number; source: string }>(
      `SELECT h.key, h.source FROM history h WHERE h.native_id = ? AND ${free} LIMIT 3`,
    ),
    recordsOfClues: database.prepare<[number], { key: number; source: string; native: string }>(
      `SELECT h.key, h.source, h.native_id native FROM history_clue c JOIN history h ON h.native_id = c.text
       WHERE c.session = ? AND ${free} LIMIT 3`,
    ),
    times: database.prepare<[number], Times>(
      `SELECT key, source, native_id native, target, initiator, started_us started, coalesce(ended_us, started_us + duration_us) ended FROM history h
       WHERE key = ? AND started_us IS NOT NULL AND ${free}`,
    ),
    timesOf: database.prepare<[number], Times>(
      `SELECT key, source, native_id native, target, initiator, started_us started, coalesce(ended_us, started_us + duration_us) ended FROM history
       WHERE key = ? AND started_us IS NOT NULL`,
    ),
    recordsAround: database.prepare<[number, number, number], Times>(
      `SELECT key, source, native_id native, target, initiator, started_us started, coalesce(ended_us, started_us + duration_us) ended FROM history h
       WHERE session IS NULL AND started_us BETWEEN ? AND ? AND by_hand = 0 AND ${TELLS} LIMIT ?`,
    ),
    recording: database.prepare<[number], Recording>(
      `SELECT s.key session, s.source, s.native_id native, s.started_us started, s.started_us + s.duration_us ended
       FROM session s JOIN history h ON h.session = s.key
       WHERE s.key = ? AND s.started_us IS NOT NULL AND h.by_hand = 0 AND NOT ${TELLS}`,
    ),
    recordingsAround: database.prepare<[number, number, number], Recording>(
      `SELECT s.key session, s.source, s.native_id native, s.started_us started, s.started_us + s.duration_us ended
       FROM session s JOIN history h ON h.session = s.key
       WHERE s.id IS NOT NULL AND coalesce(s.started_us, -9007199254740991) BETWEEN ? AND ? AND h.by_hand = 0 AND NOT ${TELLS} LIMIT ?`,
    ),
    overlapping: database.prepare<[number, number, number], Recording>(
      `SELECT s.key session, s.source, s.native_id native, s.started_us started, s.started_us + s.duration_us ended
       FROM session s JOIN history h ON h.session = s.key
       WHERE s.id IS NOT NULL AND coalesce(s.started_us, -9007199254740991) BETWEEN ? AND ? AND NOT ${TELLS} LIMIT ?`,
    ),
    clue: database.prepare<[string, number]>('SELECT 1 FROM history_clue WHERE text = ? AND session = ?'),
  };

  const isNear = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

  const says = (session: number, text: string | null): boolean => {
    if (text === null) return false;
    const bare = text.trim().toLowerCase();
    const local = bare.split('@', 1)[0]!;
    return sql.clue.get(bare, session) !== undefined || (local !== bare && sql.clue.get(local, session) !== undefined);
  };

  const sameTime = (record: Times, recording: Recording): boolean =>
    Math.abs(recording.started - record.started) <= APART && (record.ended === null || recording.ended <= record.ended + APART);

  /** Where both have an id, nothing is guessed; nor about a recording of another source that has one. */
  const mayBe = (record: Times, recording: Recording): boolean =>
    (recording.native === null || (record.native === null && isNear(record.source, recording.source))) &&
    sameTime(record, recording) &&
    says(recording.session, record.target) &&
    says(recording.session, record.initiator);

  const recordsFor = (recording: Recording): Times[] =>
    sql.recordsAround
      .all(recording.started - APART, recording.started + APART, MANY)
      .filter((record) => mayBe(record, recording));

  const recordingsFor = (record: Times): Recording[] =>
    sql.recordingsAround
      .all(record.started - APART, record.started + APART, MANY)
      .filter((recording) => mayBe(record, recording));

  const onlyOne = <T>(found: readonly T[]): T | null => (found.length === 1 ? found[0]! : null);

  /** Of those with an id, the one of this source, or else the only one where the id cannot mean something else. */
  const chosen = <T extends { readonly source: string }>(found: readonly T[], source: string, nativeId: string): T | null =>
    found.find((one) => isNear(one.source, source)) ?? (nativeId.length >= TELLING_ID ? onlyOne(found) : null);

  return {
    byId: (source, nativeId) => {
      if (nativeId === null) return null;
      const named = chosen(sql.sessionNamed.all(nativeId), source, nativeId);
      if (named !== null) return named.session;
      const clued = sql.sessionWithClue.all(nativeId).filter(({ native }) => native === null || isNear(native, nativeId));
      const same = onlyOne(clued.filter((one) => isNear(one.source, source)));
      return (
        (nativeId.length >= 4 ? same : null)?.session ??
        (nativeId.length >= TELLING_ID ? (onlyOne(clued)?.session ?? null) : null)
      );
    },
    recordOf: (session, source, nativeId) => {
      if (nativeId !== null) return chosen(sql.recordNamed.all(nativeId), source, nativeId)?.key ?? null;
      const clued = sql.recordsOfClues
        .all(session)
        .filter(({ native, source: of }) => native.length >= (isNear(of, source) ? 4 : TELLING_ID));
      return onlyOne(clued)?.key ?? null;
    },
    recordingByTime: (row) => {
      const record = sql.times.get(row);
      const found = record === undefined ? null : onlyOne(recordingsFor(record));
      return found !== null && onlyOne(recordsFor(found))?.key === row ? found.session : null;
    },
    recordByTime: (session) => {
      const recording = sql.recording.get(session);
      const found = recording === undefined ? null : onlyOne(recordsFor(recording));
      return found !== null && onlyOne(recordingsFor(found))?.session === session ? found.key : null;
    },
    candidates: (row) => {
      const record = sql.timesOf.get(row);
      if (record === undefined) return [];
      const until = (record.ended ?? record.started) + APART;
      return sql.overlapping
        .all(record.started - 24 * 3_600_000_000, until, 1000)
        .flatMap((recording) => {
          if (recording.ended < record.started - APART) return [];
          const same = [
            ...(says(recording.session, record.target) ? ['target'] : []),
            ...(says(recording.session, record.initiator) ? ['user'] : []),
            ...(sameTime(record, recording) ? ['time'] : []),
          ];
          return same.length === 0 ? [] : [{ session: recording.session, why: `same ${same.join(', ')}` }];
        })
        .toSorted((a, b) => b.why.length - a.why.length)
        .slice(0, MANY);
    },
  };
}
