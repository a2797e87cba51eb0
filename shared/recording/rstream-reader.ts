// Reads the events of one rstream session one after the other, whatever they stand in: a list of the JSON export or pages of the
// API. Each has one record. What is wrong with one, or with its place in the order, becomes a discrepancy there. Where the reading
// stands can be written down and gone on with.

import type { ByteRange, Sink } from './decoder.ts';
import type { Place } from './discrepancy.ts';
import { repeatFault } from './json-exact.ts';
import { isObject, memberText, shown, shownAs, textOf, type JsonObject } from './json-text.ts';
import { RstreamOrder, rstreamBody, rstreamSeq, type OrderState } from './rstream-event.ts';
import type { StartSize } from './screen-size.ts';
import type { SessionFeed } from './session-feed.ts';
import { isInstant, parseInstant, parseSeconds, type Micros } from './time.ts';

/**
 * What an element is; `exact` is false where bytes are not UTF-8 and became U+FFFD, `repeats` where no name is known to come again
 * in its object.
 */
export type ParsedElement =
  | { readonly kind: 'value'; readonly value: unknown; readonly exact: boolean; readonly repeats?: boolean }
  | { readonly kind: 'fault'; readonly fault: string };

/** One element of a list of events. */
export interface RstreamElement {
  /** Null where it is too long to be held. */
  readonly bytes: Uint8Array | null;
  readonly parsed: ParsedElement | null;
  readonly range: ByteRange;
  readonly place: Place;
}

export interface ReaderState {
  readonly elements: number;
  readonly origin: Micros | null;
  readonly dataSeen: boolean;
  readonly startSize: StartSize | null;
  readonly order: OrderState;
}

export class RstreamReader {
  readonly #order: RstreamOrder;
  #elements: number;
  /** Time of the start, from the session, or else from the first event. */
  #origin: Micros | null;
  #dataSeen: boolean;
  /** What the first resize gave, if no data came before it. */
  #startSize: StartSize | null;

  constructor(from: ReaderState | null = null) {
    this.#order = new RstreamOrder(from?.order);
    this.#elements = from?.elements ?? 0;
    this.#origin = from?.origin ?? null;
    this.#dataSeen = from?.dataSeen ?? false;
    this.#startSize = from?.startSize ?? null;
  }

  get startSize(): StartSize | null {
    return this.#startSize;
  }

  /** The session's start, where it is known before its events. */
  startAt(origin: Micros | null): void {
    this.#origin = origin;
  }

  /** The size at the start, where it is known before the events: no resize gives it then. */
  startWith(size: StartSize): void {
    this.#startSize = size;
  }

  state(): ReaderState {
    return {
      elements: this.#elements,
      origin: this.#origin,
      dataSeen: this.#dataSeen,
      startSize: this.#startSize,
      order: this.#order.state(),
    };
  }

  read({ bytes, parsed, range, place: at }: RstreamElement, feed: SessionFeed, sink: Sink): void {
    this.#elements += 1;
    if (bytes === null || parsed?.kind !== 'value' || !isObject(parsed.value)) {
      const why =
        bytes === null || parsed === null
          ? 'it is too long'
          : parsed.kind === 'fault'
            ? parsed.fault
            : `it is ${shown(parsed.value)}`;
      feed.record(sink, 'raw', range);
      feed.discrepancy(sink, 'bad-line', `element ${String(this.#elements)} of events is no event: ${why}; it was skipped`, at);
      return;
    }
    const event = parsed.value;
    const seq = rstreamSeq(event);
    const place: Place = seq === null ? at : { ...at, seq };
    const record = feed.record(sink, 'jcs', range);
    if (!parsed.exact) {
      feed.discrepancy(sink, 'encoding', 'this event has bytes that are not UTF-8; they are shown as U+FFFD', place);
    }
    const repeat = parsed.repeats === false ? null : repeatFault('this event', bytes, event);
    if (repeat !== null) feed.discrepancy(sink, repeat.kind, repeat.message, place);
    for (const { kind, message } of this.#order.next(event, seq)) feed.discrepancy(sink, kind, message, place);
    const { body, fault } = rstreamBody(event, bytes);
    if (fault !== null) feed.discrepancy(sink, fault.kind, fault.message, place);
    const time = textOf(event, 'created_at');
    const offset = time === undefined && this.#origin === null ? addedOffset(event) : undefined;
    if (offset !== undefined) {
      feed.emit(
        sink,
        body,
        feed.moment(sink, parseSeconds(offset)?.micros ?? null, () => offset, place),
        record,
        seq ?? undefined,
      );
    } else if (time === undefined) {
      const what = `created_at is ${shownAs(event['created_at'], memberText(bytes, 'created_at'))}`;
      feed.emit(sink, body, feed.timeless(sink, what, place), record, seq ?? undefined);
    } else {
      const created = parseInstant(time);
      this.#origin ??= created;
      const after = created === null || this.#origin === null ? null : ((created - this.#origin) as Micros);
      const moment = isInstant(time)
        ? feed.moment(sink, after, () => time, place)
        : feed.timeless(sink, `created_at is ${shown(time)}, which is no time`, place);
      feed.emit(sink, body, { at: moment.at, time }, record, seq ?? undefined);
    }
    if (body.kind === 'exit' && body.status !== null) feed.describe(sink, { exitStatus: body.status });
    if (body.kind === 'data' || body.kind === 'sealed') this.#dataSeen = true;
    if (body.kind === 'resize' && !this.#dataSeen && this.#startSize === null) {
      this.#startSize = { cols: body.cols, rows: body.rows, sizeAssumed: false };
      feed.describe(sink, this.#startSize);
    }
  }
}

/** The time from the start that Exhibit's export adds to an event, which is all there is where the start is not known. */
function addedOffset({ exhibit }: JsonObject): string | undefined {
  return isObject(exhibit) ? textOf(exhibit, 'at') : undefined;
}
