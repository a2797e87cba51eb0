// A Teleport session as it is fed, from whichever form: events that come again are kept and not shown, numbers that are
// missing are said, and time is that of the events, counted from the first one.

import type { ByteRange, Sink } from './decoder.ts';
import { gapMessage, type DiscrepancyKind, type Place } from './discrepancy.ts';
import { SessionFeed } from './session-feed.ts';
import { bodyOf, PRINT, SESSION_START, teleportHeader, teleportHeaderFaults, type TeleportEvent } from './teleport-event.ts';
import { StrayBytes } from './stray.ts';
import { MICROS_PER_SECOND, type Micros } from './time.ts';

export class TeleportFeed {
  #feed: SessionFeed | null = null;
  #origin: Micros | null = null;
  #index: number | null = null;
  /** What stands before the first event. */
  readonly #stray = new StrayBytes();

  /** Bytes that are no event. */
  raw(sink: Sink, range: ByteRange): void {
    if (this.#feed === null) this.#stray.add(range);
    else this.#feed.record(sink, 'raw', range);
  }

  say(sink: Sink, kind: DiscrepancyKind, message: string, place: Place): void {
    if (this.#feed === null) sink.discrepancy({ kind, message, place });
    else this.#feed.discrepancy(sink, kind, message, place);
  }

  /** Nothing follows. Without any event there is no session, and what there is belongs to none. */
  end(sink: Sink, file: string): void {
    if (this.#feed === null) {
      sink.refuse({ kind: 'not-a-recording', message: 'there is no event of a Teleport session in this file', place: { file } });
    }
  }

  #begin(sink: Sink, feed: SessionFeed): SessionFeed {
    this.#feed = feed;
    this.#stray.keep(feed, sink);
    return feed;
  }

  /** Adds an event with the bytes that carry it. `data` is its output, where it is output. */
  event(
    sink: Sink,
    event: TeleportEvent,
    form: 'raw' | 'jcs',
    ranges: readonly ByteRange[],
    place: Place,
    data: Uint8Array | null,
  ): void {
    let record: number;
    let feed = this.#feed;
    const isFirst = feed === null;
    if (feed === null) {
      // A session start is the session's metadata; without one there is none.
      const isStart = event.type === SESSION_START;
      feed = this.#begin(
        sink,
        new SessionFeed(sink, teleportHeader(event), isStart ? { form, ranges } : { form: 'raw', ranges: [] }),
      );
      record = isStart ? 0 : feed.record(sink, form, ...ranges);
      this.#origin = event.time;
    } else {
      record = feed.record(sink, form, ...ranges);
      if (event.type === SESSION_START) feed.describe(sink, teleportHeader(event));
    }
    if (!event.exact) {
      feed.discrepancy(sink, 'encoding', 'this event has bytes that are not UTF-8; they are shown as U+FFFD', place);
    }
    if (isFirst || event.type === SESSION_START) {
      for (const { kind, message } of teleportHeaderFaults(event)) feed.discrepancy(sink, kind, message, place);
    }
    const { index } = event;
    if (index !== null) {
      const before = this.#index;
      if (before !== null && index <= before) {
        feed.discrepancy(
          sink,
          'sequence-repeat',
          `event ${String(index)} follows event ${String(before)}: it was sent again; it is kept and not shown`,
          place,
        );
        return;
      }
      if (before !== null && index > before + 1) {
        feed.discrepancy(sink, 'sequence-gap', gapMessage('event', BigInt(before), BigInt(index)), place);
      }
      this.#index = index;
    }
    this.#origin ??= event.time;
    const at = event.time === null || this.#origin === null ? this.#fromDelay(event) : ((event.time - this.#origin) as Micros);
    const text = (): string => (event.time === null ? `of event ${String(index)}` : String(event.time / MICROS_PER_SECOND));
    const moment =
      at === null ? feed.timeless(sink, 'the event has no time that can be read', place) : feed.moment(sink, at, text, place);
    const seq = index === null ? undefined : String(index);
    if (event.type === PRINT && data !== null) {
      if (event.length !== null && event.length !== data.length) {
        feed.discrepancy(
          sink,
          'inconsistent',
          `the event says ${String(event.length)} bytes of output, and ${String(data.length)} are there`,
          place,
        );
      }
      feed.emit(sink, { kind: 'data', stream: 'stdout', bytes: data }, moment, record, seq);
    } else {
      const { body, badSize } = bodyOf(event);
      if (badSize) {
        feed.discrepancy(sink, 'bad-size', 'the resize has no size that can be shown; it is kept and not applied', place);
      }
      feed.emit(sink, body, moment, record, seq);
    }
  }

  #fromDelay(event: TeleportEvent): Micros | null {
    const micros = event.delay === null ? NaN : event.delay * 1000;
    return Number.isSafeInteger(micros) ? (micros as Micros) : null;
  }
}
