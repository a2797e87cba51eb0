// Reading back what was acquired: parts byte for byte, records by their ranges, events in runs. Every blob authenticates under
// its recording's content key before a byte of it is used.

import type { KeyObject } from 'node:crypto';
import type { RecordSpan } from '../../shared/recording/decoder.ts';
import { decodeEvents } from '../../shared/recording/event-chunk.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { decodeRecords } from '../../shared/recording/record-chunk.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Database } from './database.ts';
import { contentKey, unseal } from './seal.ts';
import type { SessionRow } from './sessions.ts';

/** Bytes of a part that stand in one row. */
export const PART_CHUNK_BYTES = 1024 * 1024;

/** Where a run of events lies, without its content. */
export interface EventChunkInfo {
  readonly key: number;
  readonly chunk: number;
  readonly firstIndex: number;
  readonly count: number;
  readonly from: Micros;
  readonly to: Micros;
  readonly outputBefore: number;
  readonly outputBytes: number;
  readonly firstSeq: string | null;
}

export interface StoredPart {
  readonly part: number;
  readonly name: string;
  readonly role: 'original' | 'unpacked';
  /** For an unpacked part: the original that holds it. */
  readonly of: number | null;
  readonly size: number;
  readonly sha256: Uint8Array;
  /** How an answer of a source came, as JSON; null for files. */
  readonly received: string | null;
}

export interface ContentStore {
  eventChunks(session: SessionRow): readonly EventChunkInfo[];
  /** Sequence number of the first event; null where there is none. */
  firstSeq(session: SessionRow): string | null;
  /** The packed form of a run (event-chunk.ts), as the window takes it. */
  packedEvents(session: SessionRow, info: EventChunkInfo): Buffer;
  events(session: SessionRow, info: EventChunkInfo): RecordingEvent[];
  records(session: SessionRow): Iterable<RecordSpan>;
  /** Where a record lies. Asking in ascending order is cheap. */
  record(session: SessionRow, index: number): RecordSpan;
  saltSeed(session: SessionRow): Uint8Array;
  /** How the input was found, as JSON. */
  provenance(acquisition: number): string;
  storedParts(acquisition: number): readonly StoredPart[];
  /** The bytes of a part, in order. */
  partBytes(acquisition: number, part: number): Iterable<Buffer>;
  /** Forgets the key of an acquisition: it was destroyed. */
  forget(acquisition: number): void;
  /** Bytes of a range of a part. */
  partRange(acquisition: number, part: number, offset: number, length: number): Buffer;
}

/** What was read is there no more. */
export function purgedError(what = 'read recording'): ExhibitError {
  return new ExhibitError('not-found', what, 'it was purged when its retention ended, and its key was destroyed');
}

function gone(): never {
  throw purgedError();
}

export function createContentStore(database: Database): ContentStore {
  const keyOf = database.prepare<[number], { content_key: Buffer; salt_seed: Buffer }>(
    `SELECT content_key, salt_seed FROM acquisition_key JOIN acquisition ON key = acquisition
     WHERE acquisition = ? AND state <> 'purged'`,
  );
  const infos = database.prepare<[number], EventChunkInfo>(
    `SELECT key, chunk, first_index firstIndex, count, from_us "from", to_us "to", output_before outputBefore,
       output_bytes outputBytes, first_seq firstSeq
     FROM event_chunk WHERE session = ? ORDER BY chunk`,
  );
  const firstSeqOf = database
    .prepare<[number], string | null>('SELECT first_seq FROM event_chunk WHERE session = ? AND chunk = 0')
    .pluck();
  const eventBlob = database.prepare<[number], { sealed: Buffer }>('SELECT sealed FROM event_chunk WHERE key = ?');
  const recordBlob = database.prepare<[number, number], { sealed: Buffer }>(
    'SELECT sealed FROM record_chunk WHERE session = ? AND chunk = ?',
  );
  const recordRun = database.prepare<[number, number], { chunk: number; first: number; sealed: Buffer }>(
    `SELECT chunk, first_index first, sealed FROM record_chunk WHERE session = ? AND first_index <= ?
     ORDER BY first_index DESC LIMIT 1`,
  );
  const partBlob = database.prepare<[number, number, number], { sealed: Buffer }>(
    'SELECT sealed FROM part_chunk WHERE acquisition = ? AND part = ? AND chunk = ?',
  );
  const parts = database.prepare<[number], StoredPart>(
    'SELECT part, name, role, "of", size, sha256, received FROM part WHERE acquisition = ? ORDER BY part',
  );
  const provenanceOf = database.prepare<[number], { provenance: string }>('SELECT provenance FROM acquisition WHERE key = ?');

  const keys = new Map<number, KeyObject>();
  const keyFor = (acquisition: number): KeyObject => {
    const cached = keys.get(acquisition);
    if (cached !== undefined) return cached;
    const found = keyOf.get(acquisition);
    if (found === undefined) throw purgedError();
    const key = contentKey(found.content_key);
    if (keys.size >= 64) keys.clear();
    keys.set(acquisition, key);
    return key;
  };

  const partChunk = (acquisition: number, part: number, chunk: number): Buffer | null => {
    const row = partBlob.get(acquisition, part, chunk);
    // Asked for the key even so: where a recording was purged, its bytes have not ended, they are gone.
    const key = keyFor(acquisition);
    return row === undefined ? null : unseal(key, `part/${String(part)}/${String(chunk)}`, row.sealed);
  };

  const packedEvents: ContentStore['packedEvents'] = (session, info) =>
    unseal(
      keyFor(session.acquisition),
      `event/${String(session.ordinal)}/${String(info.chunk)}`,
      // Where the run is there no more, its recording was purged since it was listed.
      eventBlob.get(info.key)?.sealed ?? gone(),
    );

  const recordSpans = (
    session: SessionRow,
    { chunk, sealed }: { readonly chunk: number; readonly sealed: Buffer },
  ): RecordSpan[] =>
    decodeRecords(unseal(keyFor(session.acquisition), `record/${String(session.ordinal)}/${String(chunk)}`, sealed));

  let held: { readonly session: number; readonly first: number; readonly spans: readonly RecordSpan[] } | null = null;

  return {
    eventChunks: (session) => infos.all(session.key),
    firstSeq: (session) => firstSeqOf.get(session.key) ?? null,
    packedEvents,
    events: (session, info) => decodeEvents(packedEvents(session, info), info.firstIndex),
    *records(session) {
      for (let chunk = 0; ; chunk++) {
        const row = recordBlob.get(session.key, chunk);
        keyFor(session.acquisition);
        if (row === undefined) return;
        yield* recordSpans(session, { chunk, ...row });
      }
    },
    record: (session, index) => {
      if (held?.session !== session.key || index < held.first || index >= held.first + held.spans.length) {
        const row = recordRun.get(session.key, index);
        held = row === undefined ? null : { session: session.key, first: row.first, spans: recordSpans(session, row) };
      }
      const span = held?.spans[index - held.first];
      if (span === undefined) {
        keyFor(session.acquisition);
        throw new ExhibitError('damaged', 'read library', `record ${String(index)} is missing`);
      }
      return span;
    },
    saltSeed: (session) => keyOf.get(session.acquisition)?.salt_seed ?? gone(),
    provenance: (acquisition) => provenanceOf.get(acquisition)!.provenance,
    storedParts: (acquisition) => parts.all(acquisition),
    *partBytes(acquisition, part) {
      for (let chunk = 0; ; chunk++) {
        const bytes = partChunk(acquisition, part, chunk);
        if (bytes === null) return;
        yield bytes;
      }
    },
    forget: (acquisition) => {
      keys.delete(acquisition);
      held = null;
    },
    partRange: (acquisition, part, offset, length) => {
      const pieces: Buffer[] = [];
      let left = length;
      for (let chunk = Math.floor(offset / PART_CHUNK_BYTES); left > 0; chunk++) {
        const bytes = partChunk(acquisition, part, chunk);
        if (bytes === null)
          throw new ExhibitError('damaged', 'read library', `part ${String(part)} ends before byte ${String(offset + length)}`);
        const from = Math.max(0, offset - chunk * PART_CHUNK_BYTES);
        const piece = bytes.subarray(from, from + left);
        pieces.push(piece);
        left -= piece.length;
      }
      return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    },
  };
}
