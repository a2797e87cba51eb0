// Sessions that are synchronised from a source: acquired answer by answer, with a checkpoint after each, and shown when they were read
// to their end for the first time. One that goes on at its source grows here: rows are added, none is changed or removed; only the
// session's own row follows. Every step is one transaction, so a crash leaves the library before it or behind it.

import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { CompletedSession, EventChunk, RecordChunk } from './acquired.ts';
import { createAcquiredRows, type Owner } from './acquired-rows.ts';
import { sessionIdFor } from './acquisitions.ts';
import { purgedError } from './content.ts';
import type { CustodyLog, NewCustodyEntry } from './custody.ts';
import { withoutWaiting, type Database } from './database.ts';
import type { DerivedStore } from './derived.ts';
import type { Described } from './described.ts';
import type { Received } from './documents.ts';
import { contentKey, seal, unseal, type Packed } from './seal.ts';
import type { SessionRow, SessionStore } from './sessions.ts';
import type { PackedAnswer } from './step-packing.ts';

/** An answer as a part. */
export interface KeptAnswer {
  readonly part: number;
  readonly name: string;
  readonly size: number;
  readonly content: PackedAnswer;
  readonly received: Received;
}

export interface SyncStep {
  readonly parts: readonly KeptAnswer[];
  /** With their content; so below. */
  readonly records: readonly (readonly [RecordChunk, Packed])[];
  readonly events: readonly (readonly [EventChunk, Packed])[];
  /** With their numbers. One whose number was there before takes its place: sums of what is not listed one by one. */
  readonly discrepancies: readonly (readonly [n: number, Discrepancy])[];
  readonly nativeId: string;
  /** Where the reading stands after this step, as JSON. */
  readonly checkpoint: string;
  /** SHA-256 of the session object, as listed when the session was read to its end, and as kept last. */
  readonly listed: Uint8Array | null;
  readonly kept: Uint8Array;
  /** Makes the session visible, or lets what is visible follow. Null while it was never read to its end. */
  readonly show: {
    readonly session: CompletedSession;
    /** Whether the source may have more of it. */
    readonly growing: boolean;
    /** RFC 3339, UTC. */
    readonly at: string;
    /** JSON of each; null leaves them as they are. */
    readonly participants: readonly string[] | null;
    /** Null where nothing came that custody is of. */
    readonly custody: ((id: string, said: Described) => NewCustodyEntry) | null;
  } | null;
}

export interface SyncHandle {
  /** Key of the acquisition. */
  readonly key: number;
  /** Seed of the salts, as for any acquisition. */
  readonly saltSeed: Uint8Array;
  readonly id: string;
  readonly isShown: boolean;
  /** Key of the session's row; null where nothing was kept yet. */
  row(): number | null;
  /** The newest checkpoint; null where nothing was kept yet. Throws kind `damaged`. */
  checkpoint(): string | null;
  /** Digests of the parts from a number on, in order. */
  digests(from: number): readonly { readonly name: string; readonly size: number; readonly sha256: Uint8Array }[];
  step(step: SyncStep): void;
}

export interface SyncState {
  readonly growing: boolean;
  readonly listed: Uint8Array | null;
  readonly kept: Uint8Array | null;
}

export interface SyncedStore {
  /** How an acquisition of a source stands. */
  state(acquisition: number): SyncState;
  /** Native ids of the sessions of a source that were not read to their end, or that may go on. */
  unfinished(source: string): readonly string[];
  /** Native ids of sessions of a source that are locked for want of a key that fits; any so many of them: each has its turn. */
  withoutKey(source: string, limit: number): readonly string[];
  open(acquisition: number): SyncHandle;
}

/** Codes of locks that a grant opens that is given, or a key of this machine that comes, after the session was read. */
const WITHOUT_KEY = [
  'no_trusted_device',
  'trusted_device_without_session_grant',
  'granted_without_material',
  'explicit_key_identity_missing',
  'no_key_available',
] as const;

/** What a query asks of a session itself. Where it changes and no record comes, the index stays, and what a watchlist found does not. */
const ASKED = [
  'user',
  'server',
  'origin',
  'environment',
  'group',
  'status',
  'exitStatus',
  'startedAt',
] as const satisfies readonly (keyof SessionRow)[];

interface Opened {
  readonly source: string;
  readonly format: string;
  readonly fingerprint: string;
  readonly content_key: Buffer;
  readonly salt_seed: Buffer;
}

export function createSyncedStore(
  database: Database,
  custodyLog: CustodyLog,
  sessions: SessionStore,
  derived: DerivedStore,
  confirmed: () => Micros | null = () => null,
): SyncedStore {
  const rows = createAcquiredRows(database, confirmed);
  const sql = {
    open: database.prepare<[number], Opened>(
      'SELECT source, format, fingerprint, content_key, salt_seed FROM acquisition JOIN acquisition_key ON acquisition = key WHERE key = ?',
    ),
    shown: database.prepare<[number], { state: string; growing: number }>('SELECT state, growing FROM acquisition WHERE key = ?'),
    state: database.prepare<[number], { growing: number; listed: Buffer | null; kept: Buffer | null }>(
      'SELECT growing, listed, kept FROM acquisition LEFT JOIN sync_state ON acquisition = key WHERE key = ?',
    ),
    unfinished: database
      .prepare<[string], string>(
        `SELECT native_id FROM acquisition JOIN sync_state ON acquisition = key
         WHERE source = ? AND (state = 'partial' OR growing = 1) ORDER BY key`,
      )
      .pluck(),
    withoutKey: database
      .prepare<[string, number], string>(
        `SELECT native_id FROM session WHERE source = ? AND format = 'rstream' AND native_id IS NOT NULL
           AND lock_code IN (${WITHOUT_KEY.map((code) => `'${code}'`).join(', ')}) ORDER BY random() LIMIT ?`,
      )
      .pluck(),
    row: database.prepare<[number], number>('SELECT key FROM session WHERE acquisition = ? AND ordinal = 0').pluck(),
    checkpoint: database.prepare<[number], { sealed: Buffer }>('SELECT sealed FROM sync_state WHERE acquisition = ?'),
    putCheckpoint: database.prepare<[number, string, Uint8Array | null, Uint8Array, Buffer]>(
      `INSERT INTO sync_state (acquisition, native_id, listed, kept, sealed) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (acquisition) DO UPDATE SET listed = excluded.listed, kept = excluded.kept, sealed = excluded.sealed`,
    ),
    part: database.prepare<[number, number, string, number, Uint8Array, string]>(
      "INSERT INTO part (acquisition, part, name, role, size, sha256, received) VALUES (?, ?, ?, 'original', ?, ?, ?)",
    ),
    digests: database.prepare<[number, number], { name: string; size: number; sha256: Uint8Array }>(
      'SELECT name, size, sha256 FROM part WHERE acquisition = ? AND part >= ? ORDER BY part',
    ),
    grow: database.prepare<[string, number]>(
      "UPDATE acquisition SET state = 'complete', growing = 1, completed_at = coalesce(completed_at, ?) WHERE key = ?",
    ),
    settle: database.prepare<[number, number]>('UPDATE acquisition SET growing = ? WHERE key = ?'),
    dropPasses: database.prepare<[number]>('DELETE FROM watch_pass WHERE session = ?'),
    dropParticipants: database.prepare<[number]>('DELETE FROM participant WHERE session = ?'),
    participant: database.prepare<[number, number, string]>('INSERT INTO participant VALUES (?, ?, ?)'),
  };

  const open = (key: number): SyncHandle => {
    const opened = sql.open.get(key)!;
    const owner: Owner = { key, source: opened.source, format: opened.format, sealKey: contentKey(opened.content_key) };
    const id = sessionIdFor(opened.source, opened.fingerprint, 0);
    let isShown = sql.shown.get(key)!.state === 'complete';

    const show = ({ session, growing, at, participants, custody }: NonNullable<SyncStep['show']>): void => {
      const row = rows.session(owner, 0);
      const before = sessions.byKey(row);
      // The session's own row may only follow while the acquisition is growing.
      sql.grow.run(at, key);
      if (before !== null && before.records < session.records && before.indexState !== 'waiting') derived.clear(before);
      const said = rows.show(owner, 0, id, session, at);
      const after = sessions.byKey(row)!;
      if (before !== null && ASKED.some((field) => before[field] !== after[field])) sql.dropPasses.run(row);
      if (participants !== null) {
        sql.dropParticipants.run(row);
        for (const [n, data] of participants.entries()) sql.participant.run(row, n, data);
      }
      sql.settle.run(growing ? 1 : 0, key);
      if (custody !== null) custodyLog.append(custody(id, said));
    };

    const step = database.transaction((taken: SyncStep) => {
      if (sql.shown.get(key)?.state === 'purged') throw purgedError();
      for (const { part, name, size, content, received } of taken.parts) {
        sql.part.run(key, part, name, size, content.sha256, JSON.stringify(received));
        for (const [chunk, bytes] of content.chunks.entries()) rows.packedPartChunk(owner, part, chunk, bytes);
      }
      for (const [chunk, packed] of taken.records) rows.recordChunk(owner, chunk, packed);
      for (const [chunk, packed] of taken.events) rows.eventChunk(owner, chunk, packed);
      for (const [n, discrepancy] of taken.discrepancies) rows.discrepancy(owner, 0, n, discrepancy);
      const sealed = seal(owner.sealKey, 'checkpoint', Buffer.from(taken.checkpoint));
      sql.putCheckpoint.run(key, taken.nativeId, taken.listed, taken.kept, sealed);
      if (taken.show !== null) show(taken.show);
    });

    return {
      key,
      saltSeed: opened.salt_seed,
      id,
      get isShown() {
        return isShown;
      },
      row: () => sql.row.get(key) ?? null,
      checkpoint: () => {
        const found = sql.checkpoint.get(key);
        return found === undefined ? null : unseal(owner.sealKey, 'checkpoint', found.sealed).toString();
      },
      digests: (from) => sql.digests.all(key, from),
      step: (taken) => {
        if (taken.show !== null) {
          step.immediate(taken);
          isShown = true;
          return;
        }
        // Nobody sees the session yet.
        withoutWaiting(database, () => step.immediate(taken));
      },
    };
  };

  return {
    open,
    state: (acquisition) => {
      const { growing, listed, kept } = sql.state.get(acquisition)!;
      return { growing: growing === 1, listed, kept };
    },
    withoutKey: (source, limit) => sql.withoutKey.all(source, limit),
    unfinished: (source) => sql.unfinished.all(source),
  };
}
