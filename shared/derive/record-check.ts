// Events of an rstream session compared with the records that carry them, as records.jsonl has them: what is in clear there must be the
// same; of what is encrypted number, stream, time and length must be. What is withheld is left out.

import { canonicalText } from '../evidence/record.ts';
import { lineRuns, type BagFile } from '../evidence/bundle/bag.ts';
import { RecordReader, type BundleRecord } from '../evidence/bundle/record-line.ts';
import type { RecordingEvent } from '../recording/event.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../recording/json-text.ts';
import { rstreamBody, rstreamSeq } from '../recording/rstream-event.ts';
import { parseInstant, type Micros } from '../recording/time.ts';

export interface RecordFault {
  readonly record: number;
  readonly reason: string;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** The members of a JSON text in one order: the record has them in canonical order, the event as they were received. */
function inOrder(text: string): string {
  const parsed = parseJson(new TextEncoder().encode(text));
  return parsed.kind === 'value' ? (canonicalText(parsed.value) ?? text) : text;
}

export class RecordCheck {
  readonly #lines: AsyncIterator<readonly { readonly bytes: Uint8Array }[]>;
  readonly #reader = new RecordReader();
  #run: readonly { readonly bytes: Uint8Array }[] = [];
  #at = 0;
  #next = 0;
  #session: string | undefined;
  #origin: Micros | null = null;
  /** The record of the session, which says when it began, is withheld: its start follows from the events. */
  #startWithheld = false;
  /** The earliest start that events without another moment leave. */
  #earliest = -Infinity;
  #last: Micros = 0 as Micros;
  #lastSeq = -1n;
  #fault: RecordFault | null = null;
  #sealed = 0;
  #withheld = 0;

  constructor(file: BagFile) {
    this.#lines = lineRuns(file)[Symbol.asyncIterator]();
  }

  get fault(): RecordFault | null {
    return this.#fault;
  }

  /** Events of which the record holds ciphertext. */
  get sealed(): number {
    return this.#sealed;
  }

  get withheld(): number {
    return this.#withheld;
  }

  async push(events: readonly RecordingEvent[]): Promise<void> {
    for (const event of events) {
      if (this.#fault !== null) return;
      await this.#judge(event);
    }
  }

  /** The records behind the last event. */
  async end(): Promise<void> {
    while (this.#fault === null) {
      const record = await this.#read();
      if (record === null) return;
      this.#passed(record);
    }
  }

  async #judge(event: RecordingEvent): Promise<void> {
    let record = await this.#read();
    while (record !== null && record.index < event.record) {
      this.#passed(record);
      record = await this.#read();
    }
    if (record?.index !== event.record) {
      this.#fault ??= { record: event.record, reason: 'its event is not in the order of the records' };
      return;
    }
    if (record.kind === 'withheld') {
      this.#withheld += 1;
      this.#last = event.at;
      return;
    }
    const value = objectOf(record);
    const reason = value === null ? null : this.#difference(event, value, record.bytes);
    if (reason !== null) this.#fault ??= { record: event.record, reason };
    this.#last = event.at;
  }

  /** A record for which there is no event: the session itself, or what answered another question. */
  #passed(record: BundleRecord): void {
    if (record.kind === 'withheld') {
      this.#startWithheld ||= record.index === 0;
      return;
    }
    const value = objectOf(record);
    if (value === null) return;
    if (record.index === 0) {
      this.#session = textOf(value, 'id');
      this.#origin = parseInstant(textOf(value, 'started_at') ?? '');
      return;
    }
    const session = textOf(value, 'session_id');
    const seq = rstreamSeq(value);
    if (seq === null || BigInt(seq) <= this.#lastSeq || (session !== undefined && session !== this.#session)) return;
    this.#fault ??= { record: record.index, reason: 'it holds an event that is not there' };
  }

  #difference(event: RecordingEvent, value: JsonObject, bytes: Uint8Array): string | null {
    const seq = rstreamSeq(value);
    if (seq !== null && seq !== event.seq) return `its sequence number is ${seq}, not ${event.seq}`;
    if (seq !== null) this.#lastSeq = BigInt(seq);
    const time = textOf(value, 'created_at');
    if (event.time !== undefined && event.time !== (time?.toWellFormed() ?? '')) return 'its time is another one';
    if (!this.#standsAt(event.at, parseInstant(time ?? ''))) return 'it stands at another moment';
    return this.#otherBody(event, value, bytes) ? 'it says something else than its record' : null;
  }

  #standsAt(at: Micros, created: Micros | null): boolean {
    if (this.#origin === null && created !== null) {
      if (!this.#startWithheld) this.#origin = created;
      else if (at === this.#last) {
        // Moments never go back: it may have come before the one that it stands at.
        this.#earliest = Math.max(this.#earliest, created - at);
        return true;
      } else {
        this.#origin = (created - at) as Micros;
        if (this.#origin < this.#earliest) return false;
      }
    }
    const after = created === null || this.#origin === null ? this.#last : created - this.#origin;
    return at === Math.max(after, this.#last);
  }

  #otherBody(event: RecordingEvent, value: JsonObject, bytes: Uint8Array): boolean {
    const { body } = rstreamBody(value, bytes);
    switch (body.kind) {
      case 'data':
        return event.kind !== 'data' || event.stream !== body.stream || !same(event.bytes, body.bytes);
      case 'sealed':
        this.#sealed += 1;
        if (event.kind === 'data') return event.stream !== body.stream || event.bytes.length !== body.length;
        return event.kind !== 'sealed' || event.stream !== body.stream || event.length !== body.length;
      case 'resize':
        return event.kind !== 'resize' || event.cols !== body.cols || event.rows !== body.rows;
      case 'other':
        return event.kind !== 'other' || event.code !== body.code || inOrder(event.text) !== inOrder(body.text);
      case 'marker':
      case 'exit':
        return true;
    }
  }

  async #read(): Promise<BundleRecord | null> {
    for (;;) {
      while (this.#at >= this.#run.length) {
        const { value, done } = await this.#lines.next();
        if (done === true) return null;
        this.#run = value;
        this.#at = 0;
      }
      const record = this.#reader.read(this.#run[this.#at++]!.bytes);
      // A line that is none is told by step 9.
      if (record === null || record.index !== this.#next) return null;
      // Of a long record, which no event is read from, the last piece stands for all.
      if (record.kind === 'shown' && record.more) continue;
      this.#next += 1;
      return record;
    }
  }
}

function objectOf(record: BundleRecord): JsonObject | null {
  if (record.kind === 'withheld') return null;
  const parsed = parseJson(record.bytes);
  return parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : null;
}
