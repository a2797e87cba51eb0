// One session on its way into the library: its records are counted, its records and events are cut into chunks. Where a chunk ends
// depends on the content alone, so that a resumed import cuts alike. Its acquisition tree is grown by whoever has the bytes.

import type { RecordSpan, SessionHeader } from '../../shared/recording/decoder.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { CHUNK_BYTES, CHUNK_EVENTS, EventChunkWriter } from '../../shared/recording/event-chunk.ts';
import { payloadLength, type RecordingEvent, type StreamName } from '../../shared/recording/event.ts';
import { CHUNK_RECORDS, encodeRecords } from '../../shared/recording/record-chunk.ts';
import { ZERO, type Micros } from '../../shared/recording/time.ts';
import type { CompletedSession, EventChunk, RecordChunk } from '../library/library.ts';

/** Discrepancies of one session that are kept with their places. The rest is counted by kind. */
const KEPT_DISCREPANCIES = 1000;

/** Where a session stands between two chunks, as JSON can hold it. */
export interface WriterState {
  readonly records: number;
  readonly recordChunks: number;
  readonly eventChunks: number;
  readonly events: number;
  readonly output: number;
  readonly last: Micros;
  readonly sealed: number;
  readonly exitStatus: number | null;
  readonly streamBytes: Readonly<Record<StreamName, number>>;
  /** Discrepancies with their places, and how many more there are of each kind. */
  readonly listed: number;
  readonly further: readonly (readonly [Discrepancy['kind'], number])[];
}

const FRESH: WriterState = {
  records: 0,
  recordChunks: 0,
  eventChunks: 0,
  events: 0,
  output: 0,
  last: ZERO,
  sealed: 0,
  exitStatus: null,
  streamBytes: { stdin: 0, stdout: 0, stderr: 0 },
  listed: 0,
  further: [],
};

export class SessionWriter {
  readonly #ordinal: number;
  readonly #streamBytes: Record<StreamName, number>;
  readonly #further: Map<Discrepancy['kind'], number>;
  readonly #listedBefore: number;
  readonly #discrepancies: Discrepancy[] = [];
  #header: SessionHeader;
  #records: RecordSpan[] = [];
  #recordChunks: number;
  #recordsBefore: number;
  #events: EventChunkWriter;
  #first: RecordingEvent | null = null;
  #eventChunks: number;
  #eventsBefore: number;
  #payload = 0;
  #output: number;
  #outputBefore: number;
  #last: Micros;
  #sealed: number;
  #exitStatus: number | null;

  /** With `from` it goes on with what is stored already. */
  constructor(ordinal: number, header: SessionHeader, from: WriterState = FRESH) {
    this.#ordinal = ordinal;
    this.#header = header;
    this.#streamBytes = { ...from.streamBytes };
    this.#further = new Map(from.further);
    this.#listedBefore = from.listed;
    this.#recordChunks = from.recordChunks;
    this.#recordsBefore = from.records;
    this.#events = new EventChunkWriter(from.events);
    this.#eventChunks = from.eventChunks;
    this.#eventsBefore = from.events;
    this.#output = from.output;
    this.#outputBefore = from.output;
    this.#last = from.last;
    this.#sealed = from.sealed;
    this.#exitStatus = from.exitStatus;
  }

  /** Where it stands after {@link finish}. */
  state(): WriterState {
    return {
      records: this.#recordsBefore,
      recordChunks: this.#recordChunks,
      eventChunks: this.#eventChunks,
      events: this.#eventsBefore,
      output: this.#output,
      last: this.#last,
      sealed: this.#sealed,
      exitStatus: this.#exitStatus,
      streamBytes: { ...this.#streamBytes },
      listed: this.#listedBefore + this.#discrepancies.length,
      further: [...this.#further],
    };
  }

  get header(): SessionHeader {
    return this.#header;
  }

  describe(header: Partial<SessionHeader>): void {
    this.#header = { ...this.#header, ...header };
  }

  /** Returns the index of the record. */
  record(span: RecordSpan, full: (chunk: RecordChunk) => void): number {
    const index = this.#recordsBefore + this.#records.length;
    this.#records.push(span);
    if (this.#records.length === CHUNK_RECORDS) this.#cutRecords(full);
    return index;
  }

  event(event: RecordingEvent, full: (chunk: EventChunk) => void): void {
    if (event.at < this.#last) throw new RangeError(`event ${event.seq} goes back in time`);
    this.#last = event.at;
    const length = payloadLength(event);
    if (event.kind === 'data' || event.kind === 'sealed') {
      this.#streamBytes[event.stream] += length;
      if (event.stream !== 'stdin') this.#output += length;
    }
    if (event.kind === 'sealed') this.#sealed += 1;
    if (event.kind === 'exit') this.#exitStatus = event.status;
    this.#first ??= event;
    this.#events.add(event);
    this.#payload += length;
    if (this.#events.count === CHUNK_EVENTS || this.#payload >= CHUNK_BYTES) this.#cutEvents(full);
  }

  discrepancy(discrepancy: Discrepancy): void {
    if (this.#listedBefore + this.#discrepancies.length < KEPT_DISCREPANCIES) this.#discrepancies.push(discrepancy);
    else this.#further.set(discrepancy.kind, (this.#further.get(discrepancy.kind) ?? 0) + 1);
  }

  /** Those not listed one by one, by kind. */
  #sums(): Discrepancy[] {
    return Array.from(this.#further, ([kind, count]): Discrepancy => ({
      kind,
      message: `${String(count)} more of this kind, not listed one by one`,
      place: {},
      count,
    }));
  }

  /** Discrepancies that came since it was made, and all sums, each with its number in the session. */
  numbered(): (readonly [number, Discrepancy])[] {
    return [
      ...this.#discrepancies.map((discrepancy, n) => [this.#listedBefore + n, discrepancy] as const),
      ...this.#sums().map((sum, n) => [KEPT_DISCREPANCIES + n, sum] as const),
    ];
  }

  #cutRecords(full: (chunk: RecordChunk) => void): void {
    const { length: count } = this.#records;
    full({
      session: this.#ordinal,
      chunk: this.#recordChunks,
      firstIndex: this.#recordsBefore,
      count,
      packed: encodeRecords(this.#records),
    });
    this.#recordChunks += 1;
    this.#recordsBefore += count;
    this.#records = [];
  }

  #cutEvents(full: (chunk: EventChunk) => void): void {
    full({
      session: this.#ordinal,
      chunk: this.#eventChunks,
      firstIndex: this.#eventsBefore,
      outputBefore: this.#outputBefore,
      outputBytes: this.#output - this.#outputBefore,
      count: this.#events.count,
      from: this.#first!.at,
      to: this.#last,
      firstSeq: this.#first!.seq,
      packed: this.#events.take(),
    });
    this.#eventChunks += 1;
    this.#eventsBefore += this.#events.count;
    this.#outputBefore = this.#output;
    this.#events = new EventChunkWriter(this.#eventsBefore);
    this.#first = null;
    this.#payload = 0;
  }

  /** Cuts what is held, and says what the session is now. Its discrepancies are those since it was made. */
  finish(records: (chunk: RecordChunk) => void, events: (chunk: EventChunk) => void): Omit<CompletedSession, 'root'> {
    if (this.#records.length > 0) this.#cutRecords(records);
    if (this.#events.count > 0) this.#cutEvents(events);
    const further = this.#sums();
    return {
      header: this.#header,
      duration: this.#last,
      events: this.#eventsBefore,
      streamBytes: this.#streamBytes,
      sealedEvents: this.#sealed,
      exitStatus: this.#exitStatus ?? this.#header.exitStatus ?? null,
      records: this.#recordsBefore,
      discrepancies: [...this.#discrepancies, ...further],
      discrepancyCount:
        this.#listedBefore +
        this.#discrepancies.length +
        further.length +
        [...this.#further.values()].reduce((sum, n) => sum + n - 1, 0),
    };
  }
}
