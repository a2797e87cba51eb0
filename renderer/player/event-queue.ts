// Events that are here and not yet applied. Only what lies ahead is held: what was applied is let go.

import { decodeEvents } from '../../shared/recording/event-chunk.ts';
import { payloadLength, type RecordingEvent } from '../../shared/recording/event.ts';
import type { EventRun } from '../../shared/api/shapes.ts';

export interface EventQueue {
  /** Position of the first event that is held, or of the next one to come. */
  readonly index: number;
  /** Position after the last event that is held. */
  readonly end: number;
  /** Bytes that the held events take, those without a payload included. */
  readonly bytes: number;
  head(): RecordingEvent | null;
  /** Takes the first event. Throws when there is none. */
  take(): RecordingEvent;
  /** Adds runs that follow on `end`; what lies before it is left out. */
  add(runs: readonly EventRun[]): void;
  /** Begins anew at a position. */
  clear(index: number): void;
  /** Bytes of the events up to a time; null when it is not known because later events are not here. */
  bytesUntil(atUs: number): number | null;
}

/** What an event takes beside its payload, about. */
const EVENT_BYTES = 64;

const sizeOf = (event: RecordingEvent): number => EVENT_BYTES + payloadLength(event);

/** Held events that were applied are removed in one go from this count on. */
const COMPACT = 4096;

export function createEventQueue(): EventQueue {
  let events: RecordingEvent[] = [];
  let first = 0;
  let start = 0;
  let bytes = 0;
  return {
    get index() {
      return start + first;
    },
    get end() {
      return start + events.length;
    },
    get bytes() {
      return bytes;
    },
    head: () => events[first] ?? null,
    take: () => {
      const event = events[first];
      if (event === undefined) throw new RangeError('no event is here');
      first += 1;
      bytes -= sizeOf(event);
      if (first >= COMPACT) {
        events = events.slice(first);
        start += first;
        first = 0;
      }
      return event;
    },
    add: (runs) => {
      for (const run of runs) {
        const end = start + events.length;
        if (run.firstIndex > end) throw new RangeError(`events ${String(end)} to ${String(run.firstIndex)} are missing`);
        for (const event of decodeEvents(run.bytes, run.firstIndex).slice(end - run.firstIndex)) {
          events.push(event);
          bytes += sizeOf(event);
        }
      }
    },
    clear: (index) => {
      events = [];
      first = 0;
      start = index;
      bytes = 0;
    },
    bytesUntil: (atUs) => {
      let sum = 0;
      for (let i = first; i < events.length; i++) {
        if (events[i]!.at > atUs) return sum;
        sum += payloadLength(events[i]!);
      }
      return null;
    },
  };
}
