// One session as a decoder writes it to a sink: its first record, its numbered events, and its clock, which never goes back.

import type { ByteRange, RecordSpan, SessionHeader, Sink } from './decoder.ts';
import type { DiscrepancyKind, Place } from './discrepancy.ts';
import type { RecordingEvent } from './event.ts';
import { quoted } from './json-text.ts';
import { formatClock, IntervalClock, MAX_OFFSET, ZERO, type ExactSeconds, type Micros } from './time.ts';

type WithoutBase<Event> = Event extends RecordingEvent ? Omit<Event, 'seq' | 'at' | 'record' | 'time'> : never;

/** An event before it has its number, time and record. */
export type EventBody = WithoutBase<RecordingEvent>;

/** When an event is placed, and the source's own text for that where the two differ: an empty one where it has none. */
export interface Moment {
  readonly at: Micros;
  readonly time?: string;
}

export interface FeedState {
  readonly events: number;
  /** The last moment that was given out. */
  readonly at: Micros;
}

export class SessionFeed {
  readonly #session: number;
  #events = 0;
  #at: Micros = ZERO;
  readonly #clock = new IntervalClock();

  /** Announces the session and adds its first record. With `from` it goes on with a session whose times are offsets from the start. */
  constructor(sink: Sink, header: SessionHeader, metadata: RecordSpan, from: FeedState | null = null) {
    this.#session = sink.session(header);
    if (from === null) {
      sink.record(this.#session, metadata);
    } else {
      this.#events = from.events;
      this.#at = from.at;
    }
  }

  /** Where it stands, to go on with later. */
  state(): FeedState {
    return { events: this.#events, at: this.#at };
  }

  /** The last moment that was given out. */
  get at(): Micros {
    return this.#at;
  }

  describe(sink: Sink, header: Partial<SessionHeader>): void {
    sink.describe(this.#session, header);
  }

  record(sink: Sink, form: 'raw' | 'jcs', ...ranges: readonly ByteRange[]): number {
    return sink.record(this.#session, { form, ranges });
  }

  discrepancy(sink: Sink, kind: DiscrepancyKind, message: string, place: Place): void {
    sink.discrepancy({ kind, message, place }, this.#session);
  }

  /**
   * The moment of an event whose time counts from the start. A time that goes back, is negative or (null) is no time that can
   * be placed puts the event at the time of the one before it; a discrepancy says so and `text`, the source's own, is kept.
   */
  moment(sink: Sink, at: Micros | null, text: () => string, place: Place): Moment {
    if (at !== null && at >= this.#at) return { at: (this.#at = at) };
    const why =
      at === null
        ? 'is out of range'
        : at < 0
          ? 'lies before the start'
          : `goes back by ${formatClock((this.#at - at) as Micros)}`;
    return this.#stay(sink, `the time ${quoted(text())} ${why}`, text(), place);
  }

  /** The same for a time that counts from the event before. */
  after(sink: Sink, interval: ExactSeconds | null, text: () => string, place: Place): Moment {
    if (interval !== null && (interval.micros < 0 || interval.nanos < 0)) {
      return this.#stay(sink, `the interval ${quoted(text())} is negative`, text(), place);
    }
    if (interval === null || this.#clock.now + interval.micros >= MAX_OFFSET) {
      return this.#stay(sink, `the interval ${quoted(text())} is out of range`, text(), place);
    }
    return { at: (this.#at = this.#clock.add(interval)) };
  }

  /** The moment of an event that has no time at all; `what` says so. */
  timeless(sink: Sink, what: string, place: Place): Moment {
    this.discrepancy(sink, 'bad-time', `${what}; the event stands at the time of the one before it`, place);
    return { at: this.#at, time: '' };
  }

  #stay(sink: Sink, what: string, time: string, place: Place): Moment {
    return { ...this.timeless(sink, what, place), time };
  }

  /** Adds an event. Without `seq` it gets its ordinal number. */
  emit(sink: Sink, body: EventBody, moment: Moment, record: number, seq?: string): void {
    this.#events += 1;
    const { at, time } = moment;
    const own = { ...body, at, seq: seq ?? String(this.#events), record };
    sink.event(this.#session, time === undefined ? own : { ...own, time });
  }
}
