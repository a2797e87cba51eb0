// Writes the history: what sources tell of sessions and events, and what recordings say of theirs. A row has the columns of its newest
// record, and where that says nothing, of its recording. Everything here runs inside a transaction of its caller. docs/history.md

import { createHash } from 'node:crypto';
import { readSession } from '../../shared/recording/history-fields.ts';
import { NO_FACTS, type EventFacts, type HistoryRecord, type SessionFacts } from '../../shared/recording/history-record.ts';
import type { Database } from './database.ts';
import { createHistoryMatch, type MatchedBy } from './history-match.ts';

export interface ToldSession {
  readonly source: string;
  readonly acquisition: number;
  readonly facts: SessionFacts;
  readonly record: HistoryRecord;
  /** SHA-256 of the record in canonical form. */
  readonly digest: Uint8Array;
}

export interface ToldEvent {
  readonly source: string;
  readonly acquisition: number;
  readonly facts: EventFacts;
  readonly record: HistoryRecord;
  readonly digest: Uint8Array;
}

export interface ToldOutcome {
  readonly key: number;
  readonly outcome: 'new' | 'changed' | 'unchanged';
}

export interface ToldSessionOutcome extends ToldOutcome {
  /** The same acquisition told of it before. */
  readonly repeated: boolean;
  /** It found its recording by an id. */
  readonly joined: boolean;
}

/** What is known of a recording when it is shown, or has grown. */
export interface ShownRecording {
  /** Key of its session. */
  readonly session: number;
  readonly facts: SessionFacts;
  /** By which a record may know it; asked for once. */
  readonly clues: () => readonly string[];
}

export interface HistoryRows {
  recording(shown: ShownRecording): void;
  session(told: ToldSession): ToldSessionOutcome;
  event(told: ToldEvent): ToldOutcome;
  /** Rows behind a key with a record from this acquisition that have no recording; so many at most. */
  unmatched(acquisition: number, after: number, limit: number): readonly number[];
  /** Joins these rows to recordings of the same target, user and time, where just one fits. Returns how many it joined. */
  matchByTime(rows: readonly number[]): number;
  /** Joins a recording to a row. What the recording had as a row of its own is gone then. */
  join(row: number, session: number, by: MatchedBy): void;
  /** The source gave no recording where its record has one: it lost it, or refuses it. Holds until a record says something else. */
  withoutRecording(source: string, nativeId: string, why: 'purged' | 'forbidden'): void;
  /** Parts a row from its recording, which gets a row of its own. Neither is joined again but by hand. */
  part(row: number): void;
}

interface Row {
  readonly key: number;
  readonly id: string;
  readonly source: string;
  readonly native_id: string | null;
  readonly session: number | null;
  readonly matched_by: MatchedBy | null;
  readonly by_hand: number;
}

const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** An id that follows from what it is of. */
function idFor(...parts: readonly string[]): string {
  const digest = createHash('sha256').update(parts.join('\0')).digest();
  return `h${Array.from(digest.subarray(0, 12), (byte) => ID_ALPHABET[byte % 32]).join('')}`;
}

const hex = (digest: Uint8Array): string => Buffer.from(digest).toString('hex');

/** What a session without an id is known by, where enough is known of it. */
function identity({ target, initiator, mode, startedAt }: SessionFacts): string | null {
  return startedAt === null || (target === null && initiator === null)
    ? null
    : JSON.stringify([target, initiator, mode, startedAt]);
}

/** A record that says more of how a session ended is the newer one, whatever the order in which they came. */
function isOlder(facts: SessionFacts, than: SessionFacts): boolean {
  return facts.endedAt === null && than.endedAt !== null && facts.exitStatus === null && facts.closeReason === null;
}

/** Columns that records and recordings fill in, and what fills them. */
const COLUMNS = [
  ['native_id', 'nativeId'],
  ['target', 'target'],
  ['environment', 'environment'],
  ['mode', 'mode'],
  ['reason', 'reason'],
  ['approval', 'approval'],
  ['initiator', 'initiator'],
  ['origin', 'origin'],
  ['status', 'status'],
  ['started_us', 'startedAt'],
  ['ended_us', 'endedAt'],
  ['duration_us', 'duration'],
  ['close_reason', 'closeReason'],
  ['exit_status', 'exitStatus'],
  ['at_source', 'atSource'],
  ['told_until_us', 'until'],
  ['governed', 'governed'],
  ['purged_here', 'purged'],
] as const;

interface Told {
  readonly record: string;
  readonly digest: Buffer;
  readonly acquisition: number;
  readonly governed: number;
}

export function createHistoryRows(database: Database): HistoryRows {
  const row = `SELECT key, id, source, native_id, session, matched_by, by_hand FROM history`;
  const sql = {
    byKey: database.prepare<[number], Row>(`${row} WHERE key = ?`),
    bySession: database.prepare<[number], Row>(`${row} WHERE session = ?`),
    byNative: database.prepare<[string, string], Row>(`${row} WHERE source = ? AND native_id = ?`),
    byId: database.prepare<[string], Row>(`${row} WHERE id = ?`),
    insert: database.prepare<Record<string, unknown>>(
      `INSERT INTO history (id, source, session, matched_by, by_hand, ${COLUMNS.map(([column]) => column).join(', ')})
       VALUES (@id, @source, @session, NULL, @byHand, ${COLUMNS.map(([, name]) => `@${name}`).join(', ')})`,
    ),
    removeText: database.prepare<[number]>('DELETE FROM history_text WHERE history = ?'),
    setText: database.prepare<[number, string]>('INSERT OR REPLACE INTO history_text VALUES (?, ?)'),
    remove: database.prepare<[number]>('DELETE FROM history WHERE key = ?'),
    setSession: database.prepare<[number | null, string | null, number, number]>(
      'UPDATE history SET session = ?, matched_by = ?, by_hand = ? WHERE key = ?',
    ),
    columns: database.prepare<Record<string, unknown>>(
      `UPDATE history SET ${COLUMNS.map(([column, name]) => `${column} = @${name}`).join(', ')} WHERE key = @key`,
    ),
    told: database.prepare<[number], Told>(
      `SELECT record, digest, acquisition, (SELECT rights IS NOT NULL FROM acquisition WHERE key = acquisition) governed
       FROM history_told WHERE history = ?`,
    ),
    governed: database.prepare<[number], number>('SELECT rights IS NOT NULL FROM acquisition WHERE key = ?').pluck(),
    setTold: database.prepare<[number, number, Uint8Array, string]>(
      `INSERT INTO history_told (history, acquisition, digest, record) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET acquisition = excluded.acquisition, digest = excluded.digest, record = excluded.record`,
    ),
    toldBy: database.prepare<[number, number, Uint8Array]>('INSERT OR IGNORE INTO history_record VALUES (?, ?, ?)'),
    unmatched: database
      .prepare<[number, number, number], number>(
        `SELECT h.key FROM history_record r JOIN history h ON h.key = r.history
         WHERE r.acquisition = ? AND r.history > ? AND h.session IS NULL AND h.by_hand = 0 AND h.started_us IS NOT NULL
         ORDER BY r.history LIMIT ?`,
      )
      .pluck(),
    recorded: database.prepare<[number], { facts: string }>('SELECT facts FROM history_recorded WHERE session = ?'),
    setRecorded: database.prepare<[number, string]>('INSERT OR REPLACE INTO history_recorded VALUES (?, ?)'),
    clue: database.prepare<[string, number]>('INSERT OR IGNORE INTO history_clue VALUES (?, ?)'),
    ofSession: database.prepare<[number], { id: string; source: string; title: string | null; governed: number; purged: number }>(
      `SELECT s.id, s.source, s.title, a.rights IS NOT NULL governed, a.state = 'purged' purged
       FROM session s JOIN acquisition a ON a.key = s.acquisition WHERE s.key = ?`,
    ),
    event: database.prepare<Record<string, unknown>>(
      `INSERT OR IGNORE INTO history_event (id, source, acquisition, kind, history, native_id, at_us, actor, action, target, text, outcome, record)
       VALUES (@rowId, @source, @acquisition, @kind, @history, @nativeId, @at, @actor, @action, @target, @text, @outcome, @record)`,
    ),
    eventKey: database.prepare<[string], number>('SELECT key FROM history_event WHERE id = ?').pluck(),
    attach: database.prepare<[number, string, string]>(
      'UPDATE history_event SET history = ? WHERE history IS NULL AND source = ? AND native_id = ?',
    ),
    without: database.prepare<[string, string, string]>('UPDATE history SET at_source = ? WHERE source = ? AND native_id = ?'),
    moveEvents: database.prepare<[number, number]>('UPDATE history_event SET history = ? WHERE history = ?'),
  };

  const recordedOf = (session: number | null): SessionFacts => {
    const found = session === null ? undefined : sql.recorded.get(session);
    return found === undefined ? NO_FACTS : (JSON.parse(found.facts) as SessionFacts);
  };

  /** The columns of a row from its record and its recording, and what the free filter looks at. */
  const filled = (id: string, nativeId: string | null, session: number | null, first: SessionFacts, governed: number | null) => {
    const second = recordedOf(session);
    const merged = Object.fromEntries(
      Object.entries(first).map(([name, value]) => [name, value ?? second[name as keyof SessionFacts]]),
    ) as unknown as SessionFacts;
    const recording = session === null ? undefined : sql.ofSession.get(session);
    const { target, initiator, reason, approval, closeReason } = merged;
    const native = first.nativeId ?? nativeId;
    const searched = [target, initiator, reason, approval, closeReason, recording?.title, id, native, recording?.id];
    return {
      columns: { ...merged, nativeId: native, governed: governed ?? recording?.governed ?? 0, purged: recording?.purged ?? 0 },
      haystack: searched
        .filter((text) => text !== null && text !== undefined)
        .join('\n')
        .toLowerCase(),
    };
  };

  /** Fills in the columns of a row anew. */
  const settle = (key: number): void => {
    const { id, native_id: nativeId, session } = sql.byKey.get(key)!;
    const told = sql.told.get(key);
    const first = told === undefined ? NO_FACTS : readSession(JSON.parse(told.record) as HistoryRecord).facts;
    const { columns, haystack } = filled(id, nativeId, session, first, told?.governed ?? null);
    sql.columns.run({ ...columns, key });
    sql.setText.run(key, haystack);
  };

  /** A row of its own for a recording, or one for a record. `governed`: whether what told of it came from a source. */
  const insert = (
    row: { readonly id: string; readonly source: string; readonly nativeId: string | null; readonly session: number | null },
    byHand: 0 | 1,
    first: SessionFacts,
    governed: number | null,
  ): number => {
    const { id, source, nativeId, session } = row;
    const { columns, haystack } = filled(id, nativeId, session, first, governed);
    const key = Number(sql.insert.run({ ...columns, id, source, session, byHand }).lastInsertRowid);
    sql.setText.run(key, haystack);
    if (nativeId !== null) sql.attach.run(key, source, nativeId);
    return key;
  };

  const join = (key: number, session: number, by: MatchedBy): void => {
    const own = sql.bySession.get(session);
    if (own !== undefined && own.key !== key) {
      sql.moveEvents.run(key, own.key);
      sql.removeText.run(own.key);
      sql.remove.run(own.key);
    }
    sql.setSession.run(session, by, by === 'hand' ? 1 : 0, key);
    settle(key);
  };

  const match = createHistoryMatch(database);

  /** A row of its own for a recording. */
  const alone = (session: number, facts: SessionFacts, byHand: 0 | 1): void => {
    const { id, source } = sql.ofSession.get(session)!;
    const { nativeId } = facts;
    const isFree = nativeId !== null && byHand === 0 && sql.byNative.get(source, nativeId) === undefined;
    const row = { id: idFor('exhibit history', 'recording', id), source, nativeId: isFree ? nativeId : null, session };
    insert(row, byHand, NO_FACTS, null);
  };

  const session = ({ source, acquisition, facts, record, digest }: ToldSession): ToldSessionOutcome => {
    const found = find(source, acquisition, facts, digest);
    const before = found === undefined ? undefined : sql.told.get(found.key);
    const isNew = found === undefined;
    const key =
      found?.key ??
      insert(
        { id: idOf(source, facts, digest), source, nativeId: facts.nativeId, session: null },
        0,
        facts,
        governedBy(acquisition),
      );
    const repeated = sql.toldBy.run(key, acquisition, digest).changes === 0;
    if (before !== undefined) {
      const isOld = isOlder(facts, readSession(JSON.parse(before.record) as HistoryRecord).facts);
      if (isOld || before.digest.equals(digest)) return { key, outcome: 'unchanged', repeated, joined: false };
    }
    sql.setTold.run(key, acquisition, digest, JSON.stringify(record));
    if (found === undefined || found.session === null) {
      const known = found?.by_hand === 1 ? null : match.byId(source, facts.nativeId);
      if (known !== null) {
        join(key, known, 'session-id');
        return { key, outcome: before === undefined ? 'new' : 'changed', repeated, joined: true };
      }
    }
    // The row was that of a recording alone, which has the same id.
    const isRecording = found !== undefined && found.session !== null && found.matched_by === null && before === undefined;
    if (isRecording) sql.setSession.run(found.session, 'session-id', found.by_hand, key);
    if (!isNew) settle(key);
    return { key, outcome: before === undefined ? 'new' : 'changed', repeated, joined: isRecording };
  };

  let asked = { acquisition: 0, governed: 0 };
  /** Whether what came in an acquisition came from a source. */
  const governedBy = (acquisition: number): number => {
    if (asked.acquisition !== acquisition) asked = { acquisition, governed: sql.governed.get(acquisition)! };
    return asked.governed;
  };

  /** The row that a record is about, if there is one. */
  const find = (source: string, acquisition: number, facts: SessionFacts, digest: Uint8Array): Row | undefined => {
    if (facts.nativeId !== null) return sql.byNative.get(source, facts.nativeId);
    const whole = sql.byId.get(idFor('exhibit history', 'record', source, hex(digest)));
    if (whole !== undefined) return whole;
    const known = identity(facts);
    const like = known === null ? undefined : sql.byId.get(idFor('exhibit history', 'identity', source, known));
    // Two records of one file are two sessions, however alike.
    const told = like === undefined ? undefined : sql.told.get(like.key);
    return told === undefined || told.acquisition === acquisition
      ? told?.digest.equals(digest) === true
        ? like
        : undefined
      : like;
  };

  const idOf = (source: string, facts: SessionFacts, digest: Uint8Array): string => {
    if (facts.nativeId !== null) return idFor('exhibit history', 'native', source.toLowerCase(), facts.nativeId);
    const known = identity(facts);
    const id = known === null ? null : idFor('exhibit history', 'identity', source, known);
    return id !== null && sql.byId.get(id) === undefined ? id : idFor('exhibit history', 'record', source, hex(digest));
  };

  return {
    session,
    join,
    recording: ({ session: key, facts, clues }) => {
      sql.setRecorded.run(key, JSON.stringify(facts));
      const known = sql.bySession.get(key);
      if (known !== undefined) return settle(known.key);
      for (const clue of clues()) sql.clue.run(clue, key);
      const { source } = sql.ofSession.get(key)!;
      const byId = match.recordOf(key, source, facts.nativeId);
      if (byId !== null) return join(byId, key, 'session-id');
      alone(key, facts, 0);
      const byTime = match.recordByTime(key);
      if (byTime !== null) join(byTime, key, 'target-user-time');
    },
    unmatched: (acquisition, after, limit) => sql.unmatched.all(acquisition, after, limit),
    matchByTime: (rows) => {
      let joined = 0;
      for (const key of rows) {
        const found = match.recordingByTime(key);
        if (found === null) continue;
        join(key, found, 'target-user-time');
        joined += 1;
      }
      return joined;
    },
    withoutRecording: (source, nativeId, why) => {
      sql.without.run(why, source, nativeId);
    },
    part: (key) => {
      const { session: recording } = sql.byKey.get(key)!;
      if (recording === null) return;
      sql.setSession.run(null, null, 1, key);
      settle(key);
      alone(recording, recordedOf(recording), 1);
    },
    event: ({ source, acquisition, facts, record, digest }) => {
      const rowId = idFor(
        'exhibit history event',
        source.toLowerCase(),
        facts.kind,
        facts.id ?? hex(digest),
        facts.id === null ? '' : (facts.nativeId ?? ''),
      );
      const history = facts.nativeId === null ? null : (sql.byNative.get(source, facts.nativeId)?.key ?? null);
      const { changes } = sql.event.run({ ...facts, rowId, source, acquisition, history, record: JSON.stringify(record) });
      return { key: sql.eventKey.get(rowId)!, outcome: changes === 0 ? 'unchanged' : 'new' };
    },
  };
}
