// One session on its way into the library: its records grow the acquisition tree, its events are cut into chunks. Where a chunk
// ends depends on the content alone, so that a resumed import cuts alike.

import type { RecordSpan, SessionHeader } from '../../shared/recording/decoder.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { CHUNK_BYTES, CHUNK_EVENTS, EventChunkWriter } from '../../shared/recording/event-chunk.ts';
import { payloadLength, type RecordingEvent, type StreamName } from '../../shared/recording/event.ts';
import { CHUNK_RECORDS } from '../../shared/recording/record-chunk.ts';
import { ZERO, type Micros } from '../../shared/recording/time.ts';
import { createTree, type CompletedSession, type EventChunk, type RecordChunk } from '../library/library.ts';

/** Discrepancies of one session that are kept with their places. The rest is counted by kind. */
const KEPT_DISCREPANCIES = 1000;

export class SessionWriter {
  readonly #ordinal: number;
  readonly #tree: ReturnType<typeof createTree>;
  readonly #streamBytes: Record<StreamName, number> = { stdin: 0, stdout: 0, stderr: 0 };
  readonly #discrepancies: Discrepancy[] = [];
  readonly #further = new Map<Discrepancy['kind'], number>();
  #header: SessionHeader;
  #records: RecordSpan[] = [];
  #recordChunks = 0;
  #recordsBefore = 0;
  #events = new EventChunkWriter(0);
  #first: RecordingEvent | null = null;
  #eventChunks = 0;
  #eventsBefore = 0;
  #payload = 0;
  #output = 0;
  #outputBefore = 0;
  #last: Micros = ZERO;
  #sealed = 0;
  #exitStatus: number | null = null;

  constructor(ordinal: number, header: SessionHeader, saltSeed: Uint8Array) {
    this.#ordinal = ordinal;
    this.#header = header;
    this.#tree = createTree(saltSeed);
  }

  describe(header: Partial<SessionHeader>): void {
    this.#header = { ...this.#header, ...header };
  }

  record(span: RecordSpan, bytes: Uint8Array, full: (chunk: RecordChunk) => void): number {
    this.#tree.add(span, bytes);
    this.#records.push(span);
    if (this.#records.length === CHUNK_RECORDS) this.#cutRecords(full);
    return this.#tree.count - 1;
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
    if (this.#discrepancies.length < KEPT_DISCREPANCIES) this.#discrepancies.push(discrepancy);
    else this.#further.set(discrepancy.kind, (this.#further.get(discrepancy.kind) ?? 0) + 1);
  }

  #cutRecords(full: (chunk: RecordChunk) => void): void {
    full({ session: this.#ordinal, chunk: this.#recordChunks, firstIndex: this.#recordsBefore, records: this.#records });
    this.#recordChunks += 1;
    this.#recordsBefore += this.#records.length;
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

  finish(records: (chunk: RecordChunk) => void, events: (chunk: EventChunk) => void): CompletedSession {
    if (this.#records.length > 0) this.#cutRecords(records);
    if (this.#events.count > 0) this.#cutEvents(events);
    const further = Array.from(this.#further, ([kind, count]): Discrepancy => ({
      kind,
      message: `${String(count)} more of this kind, not listed one by one`,
      place: {},
    }));
    return {
      header: this.#header,
      duration: this.#last,
      events: this.#eventsBefore,
      streamBytes: this.#streamBytes,
      sealedEvents: this.#sealed,
      exitStatus: this.#exitStatus ?? this.#header.exitStatus ?? null,
      records: this.#tree.count,
      root: this.#tree.root(),
      discrepancies: [...this.#discrepancies, ...further],
      discrepancyCount:
        this.#discrepancies.length + further.length + [...this.#further.values()].reduce((sum, n) => sum + n - 1, 0),
    };
  }
}
