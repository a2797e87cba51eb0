// What an opened recording gives: its events in order, in runs, from any position. The library's rows and a list in a test
// look alike here.

import type { RecordingEvent } from '../../shared/recording/event.ts';
import type { Micros } from '../../shared/recording/time.ts';

export interface EventSpan {
  /** Position in the recording of the first event, from 0. */
  readonly firstIndex: number;
  readonly events: readonly RecordingEvent[];
}

export interface EventSource {
  /** Events in the whole recording. */
  readonly count: number;
  /** Screen size at the start. */
  readonly cols: number;
  readonly rows: number;
  /** The session had no terminal: its line feeds begin a new line. */
  readonly piped: boolean;
  /** Offset of the last event. */
  readonly duration: Micros;
  /** Runs of events in order; the first one begins exactly at `from`. */
  runs(from: number): Iterable<EventSpan>;
  /** Position of the first event later than `at`: how many events stand applied at that moment. */
  countAt(at: Micros): number;
  /** Position of the event with this sequence number plus one, or null when there is none. */
  countAtSeq(seq: string): number | null;
}
