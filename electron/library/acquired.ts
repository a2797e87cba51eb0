// What is acquired of a recording, in the pieces in which it is stored: chunks of parts, of records, of events, and in the end what
// each part and each session was as a whole.

import type { SessionHeader } from '../../shared/recording/decoder.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { Micros } from '../../shared/recording/time.ts';

export interface PartChunk {
  readonly part: number;
  readonly chunk: number;
  readonly bytes: Uint8Array;
}

export interface RecordChunk {
  readonly session: number;
  readonly chunk: number;
  readonly firstIndex: number;
  readonly count: number;
  /** Encoded by record-chunk.ts. */
  readonly packed: Uint8Array;
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
