// How a recording format is read: a decoder is a plain state machine that is fed the bytes of its parts and calls a sink.
// It does no input or output, so the same decoder reads a disk file, an archive member and a file dropped on the window.
// It never holds more than one record, and it loses nothing: what it cannot read becomes a discrepancy with its place.

import type { Discrepancy, Refusal } from './discrepancy.ts';
import type { RecordingEvent } from './event.ts';
import type { Micros } from './time.ts';

export type FormatName =
  | 'asciicast-v1'
  | 'asciicast-v2'
  | 'asciicast-v3'
  | 'ttyrec'
  | 'script'
  | 'tlog'
  | 'teleport'
  | 'sudo-iolog'
  | 'rstream-json'
  | 'rstream';

/** What a source says about a session. Everything is the source's claim; absent means that it said nothing. */
export interface SessionHeader {
  readonly nativeId?: string;
  readonly title?: string;
  readonly command?: string;
  readonly user?: string;
  readonly server?: string;
  readonly origin?: string;
  readonly environment?: string;
  readonly group?: string;
  readonly status?: string;
  /** Start, in microseconds since 1970-01-01 UTC. */
  readonly startedAt?: Micros;
  /** Screen size at the start: columns and rows. */
  readonly cols: number;
  readonly rows: number;
  /** True where the recording gives no usable size and 80x24 is assumed. */
  readonly sizeAssumed: boolean;
  readonly term?: string;
  readonly exitStatus?: number;
  /** Everything else the source said, as a JSON object in text form, exactly the values received. */
  readonly metadata: string;
}

/** Bytes of one part of the input: `part` is the index in the decoder's list of parts. */
export interface ByteRange {
  readonly part: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * One record of the acquisition tree. Its bytes are those of the ranges, one after the other: as they are (`raw`), or,
 * for one JSON value, in the canonical form of RFC 8785 (`jcs`).
 */
export interface RecordSpan {
  readonly form: 'raw' | 'jcs';
  readonly ranges: readonly ByteRange[];
}

/** What a decoder calls. Sessions are numbered from 0 in the order in which they are announced. */
export interface Sink {
  /** Announces a session. Its first record must be its metadata. */
  session(header: SessionHeader): number;
  /** Corrects or completes what was announced, when the source says it late. */
  describe(session: number, header: Partial<SessionHeader>): void;
  /** Adds the next record of a session and returns its index. */
  record(session: number, span: RecordSpan): number;
  event(session: number, event: RecordingEvent): void;
  /** Without a session, the discrepancy belongs to the whole input. */
  discrepancy(discrepancy: Discrepancy, session?: number): void;
  /** Nothing of this input can be imported. The decoder wants nothing after that. */
  refuse(refusal: Refusal): void;
}

export interface Decoder {
  /** Index of the part whose next bytes are wanted, or null when the decoder is done. */
  wants(): number | null;
  /** The next bytes of the wanted part, of any size above 0. The decoder may keep views of them only during the call. */
  push(bytes: Uint8Array, sink: Sink): void;
  /** The wanted part has no more bytes. */
  end(sink: Sink): void;
}

/** Longest line or JSON value that is held in memory: 16 MiB. Longer ones are discrepancies; their bytes stay in the original. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Size that is assumed where a recording gives none, as every terminal and player does. */
export const DEFAULT_COLS = 80;
export const DEFAULT_ROWS = 24;

/** Largest size that is emulated. Real terminals stay below; 10,000 columns by 10,000 rows would be gigabytes of cells. */
export const MAX_COLS = 2000;
export const MAX_ROWS = 1000;
