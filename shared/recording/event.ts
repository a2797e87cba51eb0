// A recorded event, in the one form that the rest of the house works with, whatever file or engine it came from.
// Events stand in the order in which they were received; `at` never goes back, the source's own time text stays beside it.

import type { Micros } from './time.ts';

export type StreamName = 'stdin' | 'stdout' | 'stderr';

export const STREAM_NAMES: readonly StreamName[] = ['stdin', 'stdout', 'stderr'];

interface EventBase {
  /** The source's sequence number as text (unsigned 64-bit numbers occur). Formats that have none count from 1. */
  readonly seq: string;
  /** Offset from the start of the recording, at least 0 and never less than that of the event before. */
  readonly at: Micros;
  /** Index of the acquired record that carries this event; record 0 is the session's metadata. */
  readonly record: number;
  /** The source's own text for the time, where it is not simply `at`; empty where it gives the event none. */
  readonly time?: string;
}

/** Bytes of a stream, in clear. */
export interface DataEvent extends EventBase {
  readonly kind: 'data';
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
}

/** Bytes of a stream, still encrypted: only the vault turns this into a {@link DataEvent}. */
export interface SealedEvent extends EventBase {
  readonly kind: 'sealed';
  readonly stream: StreamName;
  /** Bytes of plaintext that the source claims. */
  readonly length: number;
  readonly ciphertext: Uint8Array;
  /** The event's crypto object as received, as JSON text. */
  readonly crypto: string;
  /** Why it does not open, by its name, once that was tried. */
  readonly refusal?: string;
}

export interface ResizeEvent extends EventBase {
  readonly kind: 'resize';
  readonly cols: number;
  readonly rows: number;
}

export interface MarkerEvent extends EventBase {
  readonly kind: 'marker';
  readonly label: string;
}

export interface ExitEvent extends EventBase {
  readonly kind: 'exit';
  /** Exit status, or null where the text is no whole number. */
  readonly status: number | null;
  readonly text: string;
}

/** An event without effect on the screen, known (a signal, a participant) or not: kept, counted and shown, never guessed at. */
export interface OtherEvent extends EventBase {
  readonly kind: 'other';
  /** The source's name for it: an asciicast code, an rstream event type, `signal`. */
  readonly code: string;
  /** What it carries, as text: the source's string, or JSON. */
  readonly text: string;
}

export type RecordingEvent = DataEvent | SealedEvent | ResizeEvent | MarkerEvent | ExitEvent | OtherEvent;

/** Bytes of stream data in an event: 0 for those that carry none. */
export function payloadLength(event: RecordingEvent): number {
  switch (event.kind) {
    case 'data':
      return event.bytes.length;
    case 'sealed':
      return event.length;
    case 'resize':
    case 'marker':
    case 'exit':
    case 'other':
      return 0;
  }
}
