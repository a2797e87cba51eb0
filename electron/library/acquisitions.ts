// What was acquired, as rows: parts byte for byte, records as ranges of them, events in chunks. Written in pages, one
// transaction each; an acquisition shows up in lists only when it is complete, with its custody entry, in one last transaction.

import { createHash, randomBytes, type KeyObject } from 'node:crypto';
import type { FormatName, RecordSpan, SessionHeader } from '../../shared/recording/decoder.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { encodeRecords } from '../../shared/recording/record-chunk.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { CustodyLog, NewCustodyEntry } from './custody.ts';
import type { Database } from './database.ts';
import { contentKey, newContentKey, seal } from './seal.ts';

export interface NewAcquisition {
  readonly source: string;
  readonly format: FormatName;
  readonly fingerprint: string;
  readonly decoder: number;
  readonly startedAt: string;
  readonly provenance: string;
}

export interface KnownAcquisition {
  readonly key: number;
  readonly state: 'partial' | 'complete' | 'purged';
  readonly decoder: number;
  readonly sessionIds: readonly string[];
}

export interface PartChunk {
  readonly part: number;
  readonly chunk: number;
  readonly bytes: Uint8Array;
}

export interface RecordChunk {
  readonly session: number;
  readonly chunk: number;
  readonly firstIndex: number;
  readonly records: readonly RecordSpan[];
}

export interface EventChunk {
  readonly session: number;
  readonly chunk: number;
  readonly firstIndex: number;
  readonly count: number;
  /** Offsets of the first and the last event. */
  readonly from: Micros;
  readonly to: Micros;
  /** Sequence number of the first event. */
  readonly firstSeq: string;
  readonly outputBefore: number;
  readonly outputBytes: number;
  /** Packed by event-chunk.ts. */
  readonly packed: Uint8Array;
}

export interface CompletedPart {
  readonly part: number;
  readonly name: string;
  readonly role: 'original' | 'unpacked';
  readonly of: number | null;
  readonly size: number;
  readonly sha256: Uint8Array;
}

export interface CompletedSession {
  readonly header: SessionHeader;
  readonly duration: Micros;
  readonly events: number;
  readonly streamBytes: { readonly stdin: number; readonly stdout: number; readonly stderr: number };
  readonly sealedEvents: number;
  readonly exitStatus: number | null;
  readonly records: number;
  readonly root: Uint8Array;
  /** The first ones, with their places; `discrepancyCount` counts all. */
  readonly discrepancies: readonly Discrepancy[];
  readonly discrepancyCount: number;
}

/** How much of an acquisition is stored already, by chunk numbers: what a resumed import need not write again. */
export interface StoredSoFar {
  partChunks(part: number): number;
  recordChunks(session: number): number;
  eventChunks(session: number): number;
}

export interface Page {
  readonly parts: readonly PartChunk[];
  readonly records: readonly RecordChunk[];
  readonly events: readonly EventChunk[];
}

export interface AcquisitionHandle {
  readonly key: number;
  /** Seed of the salts: salt i is block i of the AES-256-CTR key stream under it (docs/evidence.md). */
  readonly saltSeed: Uint8Array;
  readonly stored: StoredSoFar;
  /** Stores a page, in one transaction. Sessions are numbered from 0 in the order of their announcement. */
  write(page: Page): void;
  /** Stores the last page, makes the sessions visible and writes the custody entry, all or nothing. Returns the session ids. */
  complete(
    page: Page,
    parts: readonly CompletedPart[],
    sessions: readonly CompletedSession[],
    completedAt: string,
    custody: (sessionIds: readonly string[]) => NewCustodyEntry,
  ): readonly string[];
}

export interface AcquisitionStore {
  find(source: string, fingerprint: string): KnownAcquisition | null;
  begin(acquisition: NewAcquisition): AcquisitionHandle;
  resume(key: number): AcquisitionHandle;
  /** Removes everything of a partial acquisition. A complete one stays: its triggers refuse. */
  abandon(key: number): void;
}

const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base 32: no letter that looks like a digit
const ID_LENGTH = 12;

/** A session's id follows from what was acquired, so that two people who import the same bytes speak of the same id. */
export function sessionIdFor(source: string, fingerprint: string, ordinal: number): string {
  const digest = createHash('sha256')
    .update(`exhibit session\0${source}\0${fingerprint}\0${String(ordinal)}`)
    .digest();
  return Array.from(digest.subarray(0, ID_LENGTH), (byte) => ID_ALPHABET[byte % 32]).join('');
}

/** Remembers what was stored when it was first asked, before this import adds to it. */
function once(count: (number: number) => number): (number: number) => number {
  const known = new Map<number, number>();
  return (number) => {
    const counted = known.get(number) ?? count(number);
    known.set(number, counted);
    return counted;
  };
}

export function createAcquisitionStore(database: Database, custodyLog: CustodyLog): AcquisitionStore {
  const sql = {
    find: database.prepare<[string, string], { key: number; state: KnownAcquisition['state']; decoder: number }>(
      'SELECT key, state, decoder FROM acquisition WHERE source = ? AND fingerprint = ?',
    ),
    ids: database.prepare<[number], { id: string }>(
      'SELECT id FROM session WHERE acquisition = ? AND id IS NOT NULL ORDER BY ordinal',
    ),
    begin: database.prepare<[string, string, string, number, string, string, Buffer, Buffer]>(
      `INSERT INTO acquisition (source, format, state, fingerprint, decoder, started_at, provenance, content_key, salt_seed)
       VALUES (?, ?, 'partial', ?, ?, ?, ?, ?, ?)`,
    ),
    open: database.prepare<
      [number],
      { source: string; format: string; fingerprint: string; content_key: Buffer; salt_seed: Buffer }
    >('SELECT source, format, fingerprint, content_key, salt_seed FROM acquisition WHERE key = ?'),
    partChunks: database.prepare<[number, number], { n: number }>(
      'SELECT count(*) n FROM part_chunk WHERE acquisition = ? AND part = ?',
    ),
    recordChunks: database.prepare<[number, number], { n: number }>(
      'SELECT count(*) n FROM record_chunk JOIN session ON session.key = session WHERE acquisition = ? AND ordinal = ?',
    ),
    eventChunks: database.prepare<[number, number], { n: number }>(
      'SELECT count(*) n FROM event_chunk JOIN session ON session.key = session WHERE acquisition = ? AND ordinal = ?',
    ),
    session: database.prepare<[number, number], { key: number }>('SELECT key FROM session WHERE acquisition = ? AND ordinal = ?'),
    newSession: database.prepare<[number, number, string, string]>(
      'INSERT INTO session (acquisition, ordinal, source, format, cols, rows, size_assumed) VALUES (?, ?, ?, ?, 0, 0, 1)',
    ),
    part: database.prepare<[number, number, string, string, number | null, number, Uint8Array]>(
      'INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?)',
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
    complete: database.prepare<Record<string, unknown>>(
      `UPDATE session SET id = @id, native_id = @nativeId, title = @title, command = @command, user = @user, server = @server,
         origin = @origin, environment = @environment, session_group = @group, status = @status, started_us = @startedAt,
         duration_us = @duration, cols = @cols, rows = @rows, size_assumed = @sizeAssumed, term = @term, events = @events,
         stdin_bytes = @stdin, stdout_bytes = @stdout, stderr_bytes = @stderr, exit_status = @exitStatus,
         discrepancies = @discrepancies, sealed_events = @sealedEvents, records = @records, root = @root,
         acquired_at = @acquiredAt, haystack = @haystack
       WHERE key = @key`,
    ),
    metadata: database.prepare<[number, Buffer]>('INSERT INTO session_metadata VALUES (?, ?)'),
    discrepancy: database.prepare<[number, number, string, string, string]>('INSERT INTO discrepancy VALUES (?, ?, ?, ?, ?)'),
    done: database.prepare<[string, number]>("UPDATE acquisition SET state = 'complete', completed_at = ? WHERE key = ?"),
    sessions: database.prepare<[number], { key: number }>('SELECT key FROM session WHERE acquisition = ?'),
  };

  const handle = (key: number): AcquisitionHandle => {
    const opened = sql.open.get(key)!;
    const { source, format, fingerprint } = opened;
    const sealKey: KeyObject = contentKey(opened.content_key);

    const sessionKey = (ordinal: number): number => {
      const found = sql.session.get(key, ordinal);
      return found?.key ?? Number(sql.newSession.run(key, ordinal, source, format).lastInsertRowid);
    };

    const writePage = (page: Page): void => {
      for (const { part, chunk, bytes } of page.parts) {
        sql.partChunk.run(key, part, chunk, seal(sealKey, `part/${String(part)}/${String(chunk)}`, bytes));
      }
      for (const { session, chunk, firstIndex, records } of page.records) {
        const name = `record/${String(session)}/${String(chunk)}`;
        sql.recordChunk.run(sessionKey(session), chunk, firstIndex, records.length, seal(sealKey, name, encodeRecords(records)));
      }
      for (const { session, chunk, firstIndex, count, from, to, firstSeq, outputBefore, outputBytes, packed } of page.events) {
        const ownSeq = firstSeq === String(firstIndex + 1) ? null : firstSeq;
        const sealed = seal(sealKey, `event/${String(session)}/${String(chunk)}`, packed);
        sql.eventChunk.run(sessionKey(session), chunk, firstIndex, count, from, to, outputBefore, outputBytes, ownSeq, sealed);
      }
    };

    const completeSession = (ordinal: number, session: CompletedSession, acquiredAt: string): string => {
      const { header } = session;
      const id = sessionIdFor(source, fingerprint, ordinal);
      const rowKey = sessionKey(ordinal);
      const searched = [id, header.nativeId, header.title, header.command, header.user, header.server, header.group];
      sql.complete.run({
        key: rowKey,
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
        haystack: searched
          .filter((text) => text !== undefined)
          .join('\n')
          .toLowerCase(),
      });
      sql.metadata.run(rowKey, seal(sealKey, `metadata/${String(ordinal)}`, Buffer.from(header.metadata)));
      session.discrepancies.forEach(({ kind, message, place }, n) => {
        sql.discrepancy.run(rowKey, n, kind, message, JSON.stringify(place));
      });
      return id;
    };

    return {
      key,
      saltSeed: opened.salt_seed,
      stored: {
        partChunks: once((part) => sql.partChunks.get(key, part)!.n),
        recordChunks: once((session) => sql.recordChunks.get(key, session)!.n),
        eventChunks: once((session) => sql.eventChunks.get(key, session)!.n),
      },
      write: database.transaction(writePage).immediate,
      complete: (page, parts, sessions, completedAt, custody) =>
        database
          .transaction(() => {
            writePage(page);
            for (const part of parts) sql.part.run(key, part.part, part.name, part.role, part.of, part.size, part.sha256);
            const ids = sessions.map((session, ordinal) => completeSession(ordinal, session, completedAt));
            sql.done.run(completedAt, key);
            custodyLog.append(custody(ids));
            return ids;
          })
          .immediate(),
    };
  };

  return {
    find: (source, fingerprint) => {
      const found = sql.find.get(source, fingerprint);
      return found === undefined ? null : { ...found, sessionIds: sql.ids.all(found.key).map(({ id }) => id) };
    },
    begin: ({ source, format, fingerprint, decoder, startedAt, provenance }) => {
      const row = [source, format, fingerprint, decoder, startedAt, provenance, newContentKey(), randomBytes(32)] as const;
      return handle(Number(sql.begin.run(...row).lastInsertRowid));
    },
    resume: handle,
    abandon: database.transaction((key: number) => {
      for (const table of ['record_chunk', 'event_chunk', 'discrepancy', 'participant', 'session_metadata']) {
        database.prepare(`DELETE FROM ${table} WHERE session IN (SELECT key FROM session WHERE acquisition = ?)`).run(key);
      }
      for (const table of ['session', 'part_chunk', 'part'])
        database.prepare(`DELETE FROM ${table} WHERE acquisition = ?`).run(key);
      database.prepare("DELETE FROM acquisition WHERE key = ? AND state = 'partial'").run(key);
    }).immediate,
  };
}
