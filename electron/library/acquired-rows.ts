// The rows of what is acquired, for imports and synchronisations alike: chunks of parts, records and events, each sealed under its
// recording's content key, and the session's own row when it is shown.

import type { KeyObject } from 'node:crypto';
import type { FormatName } from '../../shared/recording/decoder.ts';
import { recordedFacts, recordingClues } from '../../shared/recording/history-recorded.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { CompletedSession, EventChunk, PartChunk, RecordChunk } from './acquired.ts';
import type { Database } from './database.ts';
import { createDescriber, type Described } from './described.ts';
import { createHistoryRows } from './history-rows.ts';
import { seal, sealPacked, type Packed } from './seal.ts';

/** The acquisition that rows belong to. */
export interface Owner {
  readonly key: number;
  readonly source: string;
  readonly format: string;
  readonly sealKey: KeyObject;
}

export interface AcquiredRows {
  /** Key of a session's row, which is made when it is first asked for. */
  session(owner: Owner, ordinal: number): number;
  partChunk(owner: Owner, chunk: PartChunk): void;
  /** The same for bytes that are packed already. */
  packedPartChunk(owner: Owner, part: number, chunk: number, packed: Packed): void;
  /** `packed` is its content, where that is packed already; so below. */
  recordChunk(owner: Owner, chunk: RecordChunk, packed?: Packed): void;
  eventChunk(owner: Owner, chunk: EventChunk, packed?: Packed): void;
  /**
   * Fills in the row of a session, which makes it visible, and returns what it says then. Its discrepancies are rows of their own.
   */
  show(owner: Owner, ordinal: number, id: string, session: CompletedSession, acquiredAt: string): Described;
  discrepancy(owner: Owner, ordinal: number, n: number, discrepancy: CompletedSession['discrepancies'][number]): void;
}

/** `confirmed`: the time that retention goes by, where it is known. */
export function createAcquiredRows(database: Database, confirmed: () => Micros | null = () => null): AcquiredRows {
  const sql = {
    session: database.prepare<[number, number], { key: number }>('SELECT key FROM session WHERE acquisition = ? AND ordinal = ?'),
    newSession: database.prepare<[number, number, string, string]>(
      'INSERT INTO session (acquisition, ordinal, source, format, cols, rows, size_assumed) VALUES (?, ?, ?, ?, 0, 0, 1)',
    ),
    partChunk: database.prepare<[number, number, number, Buffer]>(
      'INSERT INTO part_chunk (acquisition, part, chunk, sealed) VALUES (?, ?, ?, ?)',
    ),
    recordChunk: database.prepare<[number, number, number, number, Buffer]>(
      'INSERT INTO record_chunk (session, chunk, first_index, count, sealed) VALUES (?, ?, ?, ?, ?)',
    ),
    eventChunk: database.prepare<[number, number, number, number, number, number, number, number, string | null, Buffer]>(
      `INSERT INTO event_chunk (session, chunk, first_index, count, from_us, to_us, output_before, output_bytes, first_seq, sealed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    show: database.prepare<Record<string, unknown>>(
      `UPDATE session SET id = @id, native_id = @nativeId, title = @title, command = @command, user = @user, server = @server,
         origin = @origin, environment = @environment, session_group = @group, status = @status, started_us = @startedAt,
         duration_us = @duration, cols = @cols, rows = @rows, size_assumed = @sizeAssumed, term = @term, events = @events,
         stdin_bytes = @stdin, stdout_bytes = @stdout, stderr_bytes = @stderr, exit_status = @exitStatus,
         discrepancies = @discrepancies, sealed_events = @sealedEvents, records = @records, root = @root,
         acquired_at = coalesce(acquired_at, @acquiredAt), confirmed_us = coalesce(confirmed_us, @confirmed), haystack = @haystack
       WHERE key = @key`,
    ),
    metadata: database.prepare<[number, Buffer]>('INSERT OR REPLACE INTO session_metadata VALUES (?, ?)'),
    partName: database.prepare<[number], string>('SELECT name FROM part WHERE acquisition = ? ORDER BY part LIMIT 1').pluck(),
    discrepancy: database.prepare<[number, number, string, string, string, number]>(
      'INSERT OR REPLACE INTO discrepancy (session, n, kind, message, place, count) VALUES (?, ?, ?, ?, ?, ?)',
    ),
  };

  const sessionKey: AcquiredRows['session'] = ({ key, source, format }, ordinal) =>
    sql.session.get(key, ordinal)?.key ?? Number(sql.newSession.run(key, ordinal, source, format).lastInsertRowid);

  const history = createHistoryRows(database);
  const described = createDescriber(database);

  return {
    session: sessionKey,
    partChunk: ({ key, sealKey }, { part, chunk, bytes }) => {
      sql.partChunk.run(key, part, chunk, seal(sealKey, `part/${String(part)}/${String(chunk)}`, bytes));
    },
    packedPartChunk: ({ key, sealKey }, part, chunk, packed) => {
      sql.partChunk.run(key, part, chunk, sealPacked(sealKey, `part/${String(part)}/${String(chunk)}`, packed));
    },
    recordChunk: (owner, { session, chunk, firstIndex, count, packed }, smaller) => {
      const name = `record/${String(session)}/${String(chunk)}`;
      const sealed = smaller === undefined ? seal(owner.sealKey, name, packed) : sealPacked(owner.sealKey, name, smaller);
      sql.recordChunk.run(sessionKey(owner, session), chunk, firstIndex, count, sealed);
    },
    eventChunk: (
      owner,
      { session, chunk, firstIndex, count, from, to, firstSeq, outputBefore, outputBytes, packed },
      smaller,
    ) => {
      const ownSeq = firstSeq === String(firstIndex + 1) ? null : firstSeq;
      const name = `event/${String(session)}/${String(chunk)}`;
      const sealed = smaller === undefined ? seal(owner.sealKey, name, packed) : sealPacked(owner.sealKey, name, smaller);
      const key = sessionKey(owner, session);
      sql.eventChunk.run(key, chunk, firstIndex, count, from, to, outputBefore, outputBytes, ownSeq, sealed);
    },
    show: (owner, ordinal, id, session, acquiredAt) => {
      const { header } = session;
      const key = sessionKey(owner, ordinal);
      const searched = [id, header.nativeId, header.title, header.command, header.user, header.server, header.group];
      sql.show.run({
        key,
        id,
        nativeId: header.nativeId ?? null,
        title: header.title ?? null,
        command: header.command ?? null,
        user: header.user ?? null,
        server: header.server ?? null,
        origin: header.origin ?? null,
        environment: header.environment ?? null,
        group: header.group ?? null,
        status: header.status ?? null,
        startedAt: header.startedAt ?? null,
        duration: session.duration,
        cols: header.cols,
        rows: header.rows,
        sizeAssumed: header.sizeAssumed ? 1 : 0,
        term: header.term ?? null,
        events: session.events,
        stdin: session.streamBytes.stdin,
        stdout: session.streamBytes.stdout,
        stderr: session.streamBytes.stderr,
        exitStatus: session.exitStatus,
        discrepancies: session.discrepancyCount,
        sealedEvents: session.sealedEvents,
        records: session.records,
        root: session.root,
        acquiredAt,
        confirmed: confirmed(),
        haystack: searched
          .filter((text) => text !== undefined)
          .join('\n')
          .toLowerCase(),
      });
      sql.metadata.run(key, seal(owner.sealKey, `metadata/${String(ordinal)}`, Buffer.from(header.metadata)));
      const format = owner.format as FormatName;
      history.recording({
        session: key,
        facts: recordedFacts(format, header, session.duration, session.exitStatus),
        // A session that is synchronised is named by its id.
        clues: () => (format === 'rstream' ? [] : recordingClues(header, sql.partName.get(owner.key) ?? '')),
      });
      return described(key)!;
    },
    discrepancy: (owner, ordinal, n, { kind, message, place, count = 1 }) => {
      sql.discrepancy.run(sessionKey(owner, ordinal), n, kind, message, JSON.stringify(place), count);
    },
  };
}
