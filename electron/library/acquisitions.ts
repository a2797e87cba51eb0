// What was acquired, as rows: parts byte for byte, records as ranges of them, events in chunks. Written in pages, one
// transaction each; an acquisition shows up in lists only when it is complete, with its custody entry, in one last transaction.

import { createHash, randomBytes } from 'node:crypto';
import type { FormatName } from '../../shared/recording/decoder.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { HistoryFormat } from '../../shared/recording/history-reader.ts';
import type { CompletedPart, CompletedSession, EventChunk, PartChunk, RecordChunk } from './acquired.ts';
import { createAcquiredRows, type Owner } from './acquired-rows.ts';
import type { CustodyLog, NewCustodyEntry } from './custody.ts';
import { withoutWaiting, type Database } from './database.ts';
import type { Described } from './described.ts';
import { contentKey, newContentKey } from './seal.ts';

export interface NewAcquisition {
  readonly source: string;
  readonly format: FormatName | HistoryFormat;
  readonly fingerprint: string;
  readonly decoder: number;
  readonly startedAt: string;
  readonly provenance: string;
  /** For what came from a source, `rights.inForce` of it: its rights then govern the recording (docs/permissions.md). Left out for files. */
  readonly rights?: string | undefined;
}

export interface KnownAcquisition {
  readonly key: number;
  readonly state: 'partial' | 'complete' | 'purged';
  readonly decoder: number;
  readonly sessionIds: readonly string[];
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
  /**
   * Stores the last page, makes the sessions visible and writes the custody entry, all or nothing; the entry is made of their ids and of
   * what their rows say then. Returns the session ids.
   */
  complete(
    page: Page,
    parts: readonly CompletedPart[],
    sessions: readonly CompletedSession[],
    completedAt: string,
    custody: (sessionIds: readonly string[], described: readonly Described[]) => NewCustodyEntry,
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

export function createAcquisitionStore(
  database: Database,
  custodyLog: CustodyLog,
  confirmed: () => Micros | null = () => null,
): AcquisitionStore {
  const rows = createAcquiredRows(database, confirmed);
  const sql = {
    find: database.prepare<[string, string], { key: number; state: KnownAcquisition['state']; decoder: number }>(
      'SELECT key, state, decoder FROM acquisition WHERE source = ? AND fingerprint = ?',
    ),
    ids: database.prepare<[number], { id: string }>(
      'SELECT id FROM session WHERE acquisition = ? AND id IS NOT NULL ORDER BY ordinal',
    ),
    begin: database.prepare<[string, string, string, number, string, string, string | null]>(
      `INSERT INTO acquisition (source, format, state, fingerprint, decoder, started_at, provenance, rights)
       VALUES (?, ?, 'partial', ?, ?, ?, ?, ?)`,
    ),
    // The row of an acquisition that was given up is taken over by the next one of its number.
    setKeys: database.prepare<[number, Buffer, Buffer]>(
      `INSERT INTO acquisition_key VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET content_key = excluded.content_key, salt_seed = excluded.salt_seed`,
    ),
    dropKeys: database.prepare<[number]>(
      'UPDATE acquisition_key SET content_key = zeroblob(32), salt_seed = zeroblob(32) WHERE acquisition = ?',
    ),
    open: database.prepare<
      [number],
      { source: string; format: string; fingerprint: string; content_key: Buffer; salt_seed: Buffer }
    >(
      `SELECT source, format, fingerprint, content_key, salt_seed FROM acquisition JOIN acquisition_key ON acquisition = key WHERE key = ?`,
    ),
    partChunks: database.prepare<[number, number], { n: number }>(
      'SELECT count(*) n FROM part_chunk WHERE acquisition = ? AND part = ?',
    ),
    recordChunks: database.prepare<[number, number], { n: number }>(
      'SELECT count(*) n FROM record_chunk JOIN session ON session.key = session WHERE acquisition = ? AND ordinal = ?',
    ),
    eventChunks: database.prepare<[number, number], { n: number }>(
      'SELECT count(*) n FROM event_chunk JOIN session ON session.key = session WHERE acquisition = ? AND ordinal = ?',
    ),
    part: database.prepare<[number, number, string, string, number | null, number, Uint8Array]>(
      'INSERT INTO part (acquisition, part, name, role, of, size, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    done: database.prepare<[string, number]>("UPDATE acquisition SET state = 'complete', completed_at = ? WHERE key = ?"),
  };

  const handle = (key: number): AcquisitionHandle => {
    const opened = sql.open.get(key)!;
    const owner: Owner = { key, source: opened.source, format: opened.format, sealKey: contentKey(opened.content_key) };

    const writePage = (page: Page): void => {
      for (const chunk of page.parts) rows.partChunk(owner, chunk);
      for (const chunk of page.records) rows.recordChunk(owner, chunk);
      for (const chunk of page.events) rows.eventChunk(owner, chunk);
    };

    const completeSession = (ordinal: number, session: CompletedSession, acquiredAt: string): { id: string; said: Described } => {
      const id = sessionIdFor(owner.source, opened.fingerprint, ordinal);
      const said = rows.show(owner, ordinal, id, session, acquiredAt);
      for (const [n, discrepancy] of session.discrepancies.entries()) rows.discrepancy(owner, ordinal, n, discrepancy);
      return { id, said };
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
            const shown = sessions.map((session, ordinal) => completeSession(ordinal, session, completedAt));
            const ids = shown.map(({ id }) => id);
            sql.done.run(completedAt, key);
            custodyLog.append(
              custody(
                ids,
                shown.map(({ said }) => said),
              ),
            );
            return ids;
          })
          .immediate(),
    };
  };

  const begin = database.transaction((acquisition: NewAcquisition) => {
    const { source, format, fingerprint, decoder, startedAt, provenance, rights = null } = acquisition;
    const { lastInsertRowid } = sql.begin.run(source, format, fingerprint, decoder, startedAt, provenance, rights);
    const key = Number(lastInsertRowid);
    sql.setKeys.run(key, newContentKey(), randomBytes(32));
    return handle(key);
  }).immediate;

  return {
    find: (source, fingerprint) => {
      const found = sql.find.get(source, fingerprint);
      return found === undefined ? null : { ...found, sessionIds: sql.ids.all(found.key).map(({ id }) => id) };
    },
    begin: (acquisition) => withoutWaiting(database, () => begin(acquisition)),
    resume: handle,
    abandon: database.transaction((key: number) => {
      for (const table of ['record_chunk', 'event_chunk', 'discrepancy', 'participant', 'session_metadata']) {
        database.prepare(`DELETE FROM ${table} WHERE session IN (SELECT key FROM session WHERE acquisition = ?)`).run(key);
      }
      for (const table of ['session', 'sync_state', 'part_chunk', 'part'])
        database.prepare(`DELETE FROM ${table} WHERE acquisition = ?`).run(key);
      sql.dropKeys.run(key);
      database.prepare("DELETE FROM acquisition WHERE key = ? AND state = 'partial'").run(key);
    }).immediate,
  };
}
