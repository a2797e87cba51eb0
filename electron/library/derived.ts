// What indexing makes of a recording: keyframes, facts on the timeline, activity, searchable text. All of it can be dropped and
// made again from what was acquired; none of it is evidence by itself.

import type { KeyObject } from 'node:crypto';
import { fold } from '../../shared/query/fold.ts';
import { ByteReader, ByteWriter } from '../../shared/recording/bytes.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { Database } from './database.ts';
import { contentKey, seal, unseal } from './seal.ts';
import type { IndexState, SessionRow } from './sessions.ts';

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

export type TextField = 'typed' | 'printed' | 'visible' | 'hidden';

/** From a moment on, the first `length` UTF-16 units of a line were there. */
export interface TextStep {
  readonly length: number;
  readonly at: Micros;
  /** Position of the event that brought them. */
  readonly index: number;
}

/**
 * A line of text, where it stood and until when. It may have grown piece by piece: the steps say when which part of it was
 * there. Rows and columns count from 0; -1 where there is none.
 */
export interface TextLine {
  readonly text: string;
  /** In order; the last one is the whole text. */
  readonly steps: readonly TextStep[];
  readonly to: Micros;
  readonly row: number;
  readonly col: number;
  /** Screen columns at that time: a line longer than them goes on in the next row. 0 where there is no screen. */
  readonly cols: number;
}

export interface TextBlock {
  readonly key: number;
  readonly session: number;
  readonly field: TextField;
  readonly lines: readonly TextLine[];
}

/** Lines of one row of the full-text index: measured best between size and the work of verifying a candidate. */
export const BLOCK_LINES = 32;

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
  ): { readonly facts: readonly Fact[]; readonly total: number };
  putActivity(session: SessionRow, bytes: Uint8Array): void;
  activity(session: SessionRow): Buffer | null;
  putText(session: SessionRow, field: TextField, lines: readonly TextLine[]): void;
  textBlock(key: number): TextBlock;
  /** Null when there is no such block any more. */
  findTextBlock(key: number): TextBlock | null;
  /** Runs `work` in one transaction. */
  transaction<T>(work: () => T): T;
}

function packLines(lines: readonly TextLine[]): Uint8Array {
  const writer = new ByteWriter();
  const encoder = new TextEncoder();
  writer.varint(lines.length);
  for (const { text, steps, to, row, col, cols } of lines) {
    const bytes = encoder.encode(text);
    writer.varint(steps.length);
    let [length, at, index] = [0, 0, 0];
    for (const step of steps) {
      for (const number of [step.length - length, step.at - at, step.index - index]) writer.varint(number);
      ({ length, at, index } = step);
    }
    for (const number of [to - at, row + 1, col + 1, cols, bytes.length]) writer.varint(number);
    writer.bytes(bytes);
  }
  return writer.take();
}

function unpackLines(bytes: Uint8Array): TextLine[] {
  const reader = new ByteReader(bytes);
  const lines: TextLine[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const steps: TextStep[] = [];
    let [length, at, index] = [0, 0, 0];
    for (let more = reader.varint(); more > 0; more--) {
      length += reader.varint();
      at += reader.varint();
      index += reader.varint();
      steps.push({ length, at: at as Micros, index });
    }
    const to = (at + reader.varint()) as Micros;
    const row = reader.varint() - 1;
    const col = reader.varint() - 1;
    const cols = reader.varint();
    lines.push({ text: reader.text(reader.varint()), steps, to, row, col, cols });
  }
  return lines;
}

const indexText = (lines: readonly TextLine[]): string => lines.map(({ text }) => fold(text)).join('\n');

export function createDerivedStore(database: Database): DerivedStore {
  const sql = {
    key: database.prepare<[number], { content_key: Buffer }>(
      'SELECT content_key FROM acquisition JOIN session ON acquisition.key = session.acquisition WHERE session.key = ?',
    ),
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
    facts: database.prepare<[number, string, number], Fact>(
      `SELECT lane, from_us "from", to_us "to", event_index "index", data FROM fact WHERE session = ? AND lane = ?
       ORDER BY from_us, key LIMIT ?`,
    ),
    factCount: database.prepare<[number, string], { n: number }>('SELECT count(*) n FROM fact WHERE session = ? AND lane = ?'),
    putActivity: database.prepare<[number, Buffer]>('INSERT OR REPLACE INTO activity VALUES (?, ?)'),
    activity: database.prepare<[number], { sealed: Buffer }>('SELECT sealed FROM activity WHERE session = ?'),
    block: database.prepare<[number, string, number, number, number, Buffer]>(
      'INSERT INTO text_block (session, field, from_us, to_us, lines, sealed) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    index: database.prepare<[number, string]>('INSERT INTO text_index (rowid, text) VALUES (?, ?)'),
    unindex: database.prepare<[number, string]>("INSERT INTO text_index (text_index, rowid, text) VALUES ('delete', ?, ?)"),
    blockByKey: database.prepare<[number], { session: number; field: TextField; sealed: Buffer }>(
      'SELECT session, field, sealed FROM text_block WHERE key = ?',
    ),
    blocksOf: database.prepare<[number], number>('SELECT key FROM text_block WHERE session = ?').pluck(),
  };

  const keys = new Map<number, KeyObject>();
  const keyFor = (session: number): KeyObject => {
    const cached = keys.get(session);
    if (cached !== undefined) return cached;
    const key = contentKey(sql.key.get(session)!.content_key);
    if (keys.size >= 256) keys.clear();
    keys.set(session, key);
    return key;
  };

  const findTextBlock = (key: number): TextBlock | null => {
    const row = sql.blockByKey.get(key);
    if (row === undefined) return null;
    const { session, field, sealed } = row;
    return { key, session, field, lines: unpackLines(unseal(keyFor(session), `text/${field}`, sealed)) };
  };

  const putBlock = (session: SessionRow, field: TextField, lines: readonly TextLine[]): void => {
    const from = Math.min(...lines.map(({ steps }) => steps[0]!.at));
    const to = Math.max(...lines.map((line) => line.to));
    const sealed = seal(keyFor(session.key), `text/${field}`, packLines(lines));
    const key = sql.block.run(session.key, field, from, to, lines.length, sealed).lastInsertRowid;
    sql.index.run(Number(key), indexText(lines));
  };

  return {
    clear: database.transaction((session: SessionRow): void => {
      for (const key of sql.blocksOf.all(session.key)) sql.unindex.run(key, indexText(findTextBlock(key)!.lines));
      for (const table of ['text_block', 'keyframe', 'fact', 'activity']) {
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
    facts: (session, lane, limit) => ({
      facts: sql.facts.all(session.key, lane, limit),
      total: sql.factCount.get(session.key, lane)!.n,
    }),
    putActivity: (session, bytes) => {
      sql.putActivity.run(session.key, seal(keyFor(session.key), 'activity', bytes));
    },
    activity: (session) => {
      const row = sql.activity.get(session.key);
      return row === undefined ? null : unseal(keyFor(session.key), 'activity', row.sealed);
    },
    putText: (session, field, lines) => {
      for (let at = 0; at < lines.length; at += BLOCK_LINES) putBlock(session, field, lines.slice(at, at + BLOCK_LINES));
    },
    textBlock: (key) => findTextBlock(key)!,
    findTextBlock,
    transaction: (work) => database.transaction(work).immediate(),
  };
}
