// The door of the library: one folder with one encrypted SQLite file. Whoever holds the key opens it; it knows no other key
// than its own and those of its recordings. Nothing of it stands in clear on the disk.

import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { CustodyMoment } from '../../shared/evidence/custody.ts';
import { createAcquisitionStore, type AcquisitionStore } from './acquisitions.ts';
import { createAnnotationStore, type AnnotationStore } from './annotations.ts';
import { createCaseStore, type CaseStore } from './cases.ts';
import { createContentStore, type ContentStore } from './content.ts';
import { createCustodyLog, type CustodyLog } from './custody.ts';
import { checkpoint, databaseError, openDatabase, rekeyDatabase, type Database } from './database.ts';
import { createDerivedStore, type DerivedStore } from './derived.ts';
import { createDocumentStore, type DocumentStore } from './documents.ts';
import { createGroupStore, type GroupStore } from './groups.ts';
import { createHistoryStore, type HistoryStore } from './history.ts';
import { acquireInstanceLock, type InstanceLock } from './instance-lock.ts';
import { migrate, schemaVersion } from './migrations.ts';
import { createPurgeStore, type PurgeStore } from './purges.ts';
import { createRedactionStore, type RedactionStore } from './redactions.ts';
import { createRetentionStore, type RetentionStore } from './retention.ts';
import { createRetentionState, type RetentionState } from './retention-state.ts';
import { createReviewStore, type ReviewStore } from './reviews.ts';
import { createRightsStore, type RightsStore } from './rights.ts';
import { createSessionStore, type SessionStore } from './sessions.ts';
import { createSettings, type Settings } from './settings.ts';
import { createVerifiedStore, type VerifiedStore } from './verified.ts';
import { createSourceStore, type SourceStore } from './sources.ts';
import { createSyncedStore, type SyncedStore } from './synced.ts';
import { createWatchlistStore, type WatchlistStore } from './watchlists.ts';
import { createSearchedSessions, type SearchedSessionStore } from './searched-sessions.ts';

const DATABASE_FILE = 'library.db';

export interface LibraryOptions {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly now: () => CustodyMoment;
  /** Names this program to another one that finds the library in use. */
  readonly program: string;
}

export interface Library {
  readonly folder: string;
  readonly acquisitions: AcquisitionStore;
  readonly sessions: SessionStore;
  readonly content: ContentStore;
  readonly derived: DerivedStore;
  readonly searched: SearchedSessionStore;
  readonly custody: CustodyLog;
  readonly sources: SourceStore;
  readonly rights: RightsStore;
  readonly history: HistoryStore;
  readonly documents: DocumentStore;
  readonly groups: GroupStore;
  readonly synced: SyncedStore;
  readonly settings: Settings;
  readonly verified: VerifiedStore;
  readonly cases: CaseStore;
  readonly annotations: AnnotationStore;
  readonly redactions: RedactionStore;
  readonly reviews: ReviewStore;
  readonly watchlists: WatchlistStore;
  readonly retention: RetentionStore;
  readonly purges: PurgeStore;
  readonly retentionState: RetentionState;
  /** Runs work in one transaction: all that it writes, or, when it throws, nothing. */
  atomically<T>(work: () => T): T;
  schema(): number;
  /** Bytes of the database file and its log. */
  fileBytes(): number;
  /** Pages that do not authenticate or rows that do not fit, as SQLite finds them; empty when there are none. */
  checkPages(): readonly string[];
  /** Encrypts everything anew. The caller keeps both keys until this has returned. */
  rekey(key: Uint8Array): void;
  /** Copies the database, whole and at rest, to a file that does not exist yet. */
  copyTo(file: string): void;
  close(): void;
}

export function libraryExists(folder: string): boolean {
  return existsSync(join(folder, DATABASE_FILE));
}

/** Puts a copied database in place of none. Throws an ExhibitError of kind `refused` when the folder has a library already. */
export function restoreDatabase(file: string, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = join(folder, DATABASE_FILE);
  if (existsSync(target)) {
    throw new ExhibitError(
      'refused',
      'restore library',
      `${folder} has a library already`,
      'choose an empty folder with --library',
    );
  }
  copyFileSync(file, target);
}

/** The name of the database file inside a library or a backup. */
export function databaseFile(folder: string): string {
  return join(folder, DATABASE_FILE);
}

function stores(folder: string, database: Database, now: () => CustodyMoment, lock: InstanceLock | null): Library {
  const custody = createCustodyLog(database, now);
  const content = createContentStore(database);
  const rights = createRightsStore(database);
  const sessions = createSessionStore(database, rights);
  const derived = createDerivedStore(database);
  const retentionState = createRetentionState(database);
  const file = join(folder, DATABASE_FILE);
  return {
    folder,
    custody,
    acquisitions: createAcquisitionStore(database, custody, retentionState.confirmed),
    sessions,
    content,
    derived,
    searched: createSearchedSessions(database, rights),
    settings: createSettings(database),
    verified: createVerifiedStore(database),
    sources: createSourceStore(database),
    rights,
    history: createHistoryStore(database, rights),
    documents: createDocumentStore(database, content),
    groups: createGroupStore(database, rights),
    synced: createSyncedStore(database, custody, sessions, derived, retentionState.confirmed),
    cases: createCaseStore(database),
    annotations: createAnnotationStore(database),
    redactions: createRedactionStore(database),
    reviews: createReviewStore(database),
    watchlists: createWatchlistStore(database, rights),
    retention: createRetentionStore(database),
    purges: createPurgeStore(database, custody, content, derived, retentionState),
    retentionState,
    atomically: (work) => database.transaction(work).immediate(),
    schema: () => schemaVersion(database),
    fileBytes: () =>
      readdirSync(folder)
        .filter((name) => name.startsWith(DATABASE_FILE))
        .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
    checkPages: () => {
      try {
        const rows = database.pragma('integrity_check(100)') as { integrity_check: string }[];
        return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
      } catch (error) {
        return [databaseError(error, 'check library', file).why];
      }
    },
    rekey: (key) => {
      checkpoint(database);
      rekeyDatabase(database, key);
    },
    copyTo: (target) => {
      if (existsSync(target)) throw new ExhibitError('refused', 'copy library', `${target} exists already`, 'name a new file');
      checkpoint(database);
      // A reader that is under way cannot hurt; a writer waits until the copy is whole.
      database.exec('BEGIN IMMEDIATE');
      try {
        copyFileSync(file, target);
      } catch (error) {
        rmSync(target, { force: true });
        throw new ExhibitError('disk', 'copy library', (error as Error).message, 'check the space and the permissions there', {
          cause: error,
        });
      } finally {
        database.exec('COMMIT');
      }
    },
    close: () => {
      database.close();
      lock?.release();
    },
  };
}

/** Makes the folder of a library where there is none, and keeps other processes out of it. Throws an ExhibitError: `in-use`, `disk`. */
export function claimFolder(folder: string, program: string): InstanceLock {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ExhibitError('disk', `open library ${folder}`, (error as Error).message, 'choose another folder with --library', {
      cause: error,
    });
  }
  return acquireInstanceLock(folder, program);
}

/**
 * Opens the library for this process, or makes a new one where there is none; `lock` is that of {@link claimFolder}, and released with it.
 * Throws an ExhibitError: `in-use` when another process has it open, `damaged` when the key does not fit, `schema` when a newer Exhibit
 * wrote it, `disk`.
 */
export function openLibrary(options: LibraryOptions, lock = claimFolder(options.folder, options.program)): Library {
  const { folder, key, now } = options;
  try {
    const database = openDatabase(join(folder, DATABASE_FILE), key, { create: true });
    try {
      migrate(database);
      return stores(folder, database, now, lock);
    } catch (error) {
      database.close();
      throw databaseError(error, 'open library', folder);
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A further connection for a worker thread of the process that has the library open: no lock, no migration, the thread's own clock. */
export function joinLibrary({ folder, key }: Pick<LibraryOptions, 'folder' | 'key'>): Library {
  const database = openDatabase(join(folder, DATABASE_FILE), key, { create: false });
  const now = (): CustodyMoment => ({ wall: new Date().toISOString(), monotonic_ms: Math.round(performance.now()) });
  // What workers write is derived: a power cut may cost the last of it, and it is made again.
  database.pragma('synchronous=NORMAL');
  return stores(folder, database, now, null);
}

export type { InstanceLock } from './instance-lock.ts';
export { isLong, lengthOf, piecesOf, rangeReader, wholeRecord } from './record-bytes.ts';
export { verifyParts, verifyRecording, verifySteps, createTree, hashedBytes, saltStream } from './tree.ts';
export { PART_CHUNK_BYTES } from './content.ts';
export { sha256 } from './custody.ts';
export { annotationFaults, annotationsIn, sessionFaults } from './entered.ts';
export type { AnnotationScope, EnteredFault } from './entered.ts';
export type { Described } from './described.ts';
export type { TreeCheck } from './tree.ts';
export type { CompletedPart, CompletedSession, EventChunk, PartChunk, RecordChunk } from './acquired.ts';
export type { AcquisitionHandle, AcquisitionStore } from './acquisitions.ts';
export { foldTag } from './annotations.ts';
export type { AnnotationFilter, AnnotationStore, AnnotationText, NewAnnotation, NewAnnotationVersion } from './annotations.ts';
export type { CaseStore, NewCaseVersion, NewExhibit, NewNote, Withdrawal } from './cases.ts';
export { purgedError } from './content.ts';
export type { ContentStore, EventChunkInfo, StoredPart } from './content.ts';
export type { CustodyFilter, CustodyHead, CustodyLog, NewCustodyEntry } from './custody.ts';
export type { DerivedStore, Fact, Keyframe } from './derived.ts';
export { GroupWriter, TEXT_FIELDS } from './text-group.ts';
export type { StoredGroup, TextField, TextLine, TextStep } from './text-group.ts';
export type { GroupRef, SealedGroup } from './text-store.ts';
export type { DocumentStore, Received, StoredDocument } from './documents.ts';
export type { GroupRow, GroupStore } from './groups.ts';
export type { HistoryEventRow, HistoryRow, HistorySort, HistoryStore } from './history.ts';
export type { HistoryQuery } from './history-filter.ts';
export type { ToldEvent, ToldSession } from './history-rows.ts';
export type { DiscrepancyCounts, IndexState, ListRequest, SessionFilter, SessionRow, SortKey } from './sessions.ts';
export { openPacker, type PackedStep, type Packer } from './step-packing.ts';
export type { NewRedaction, RedactionStore } from './redactions.ts';
export { heldSql, purgedSql } from './retention.ts';
export type { DueRow, HoldAct, HoldRow, HoldTarget, PastCount, RetentionStore } from './retention.ts';
export type { RetentionState, StateName } from './retention-state.ts';
export { PURGED } from './purges.ts';
export type { PurgeAct, PurgedRecording, PurgeStore } from './purges.ts';
export type { Review, ReviewStore, View } from './reviews.ts';
export type { NewWatchlist, WatchFinding, WatchPass, WatchlistRow, WatchlistStore } from './watchlists.ts';
export { refusalReason } from './rights.ts';
export type { Governed, RightsStore, StoredRight, ToldRight } from './rights.ts';
export type { NewSource, SourceRow, SourceStore } from './sources.ts';
export type { SearchedSession, SearchedSessionStore, ValueColumn } from './searched-sessions.ts';
export type { KeptAnswer, SyncHandle, SyncState, SyncStep, SyncedStore } from './synced.ts';
