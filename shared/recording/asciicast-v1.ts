// asciicast version 1: one JSON object, its events in `stdout` as pairs of a delay and a text. The events go by one at a
// time; the members around them are the header, which is complete only when the document ends.
// https://docs.asciinema.org/manual/asciicast/v1/

import { AsciicastFeed } from './asciicast-feed.ts';
import { readHeader, type AsciicastVersion } from './asciicast-header.ts';
import type { Decoder, Sink } from './decoder.ts';
import type { Fault, Place } from './discrepancy.ts';
import { documentFault, GatheredMembers } from './json-document.ts';
import { JsonScanner, type ScanHandler, type ScannedValue } from './json-scanner.ts';
import { leadingNumber, parseJson, shown } from './json-text.ts';
import { ASSUMED_SIZE } from './screen-size.ts';
import { SessionFeed } from './session-feed.ts';
import { parseSeconds } from './time.ts';

export class AsciicastV1 implements Decoder {
  readonly #file: string;
  readonly #scanner = new JsonScanner('stdout');
  readonly #members = new GatheredMembers();
  #feed: SessionFeed | null = null;
  #events: AsciicastFeed | null = null;
  #elements = 0;
  #size = 0;
  /** Where the array of events ended, if it did. */
  #tail: number | null = null;
  #done = false;

  /** `file` is the name for messages. */
  constructor(file: string) {
    this.#file = file;
  }

  wants(): number | null {
    return this.#done ? null : 0;
  }

  push(bytes: Uint8Array, sink: Sink): void {
    this.#size += bytes.length;
    const handler: ScanHandler = {
      member: (name, value) => this.#member(name, value, sink),
      arrayStart: (offset) => this.#start(offset, sink),
      element: (value) => this.#element(value, sink),
      arrayEnd: (offset) => (this.#tail = offset - 1),
    };
    this.#scanner.push(bytes, handler);
  }

  end(sink: Sink): void {
    if (this.#done) return;
    this.#done = true;
    const verdict = readHeader(this.#members.bytes);
    const feed = this.#feed;
    if (feed === null) {
      sink.refuse({ ...(verdict.kind === 'refused' ? verdict.refusal : noEvents(verdict.version)), place: { file: this.#file } });
      return;
    }
    this.#events!.end(sink, verdict.kind === 'header' ? verdict.duration : null, { file: this.#file });
    const fault = documentFault(this.#scanner, this.#size, this.#file);
    const rest = Math.min(this.#tail ?? this.#size, fault?.place.offset ?? this.#size);
    if (rest < this.#size) feed.record(sink, 'raw', { part: 0, offset: rest, length: this.#size - rest });
    if (fault !== null) feed.discrepancy(sink, fault.kind, fault.message, fault.place);
    if (verdict.kind === 'refused') {
      feed.discrepancy(sink, verdict.refusal.kind, verdict.refusal.message, { file: this.#file });
    } else {
      feed.describe(sink, verdict.header);
      for (const { kind, message } of verdict.faults) feed.discrepancy(sink, kind, message, { file: this.#file });
    }
  }

  #member(name: string | null, value: ScannedValue, sink: Sink): void {
    if (this.#done) return;
    const fault =
      name === 'stdout'
        ? 'stdout must be a list of events'
        : name === null || !this.#members.add(name, value)
          ? 'it is too long, or its name cannot be read'
          : null;
    if (fault === null) return;
    const place = this.#place(value);
    if (this.#feed !== null) this.#feed.discrepancy(sink, 'bad-header', `a member of the header was not read: ${fault}`, place);
    else this.#refuse(fault, place, sink);
  }

  #refuse(message: string, place: Place, sink: Sink): void {
    this.#done = true;
    sink.refuse({ kind: 'bad-header', message, place });
  }

  /** The events begin. What the header says so far announces the session; what it says later completes it. */
  #start(offset: number, sink: Sink): void {
    if (this.#done) return;
    if (this.#feed !== null) {
      const start = this.#tail!;
      this.#feed.record(sink, 'raw', { part: 0, offset: start, length: offset + 1 - start });
      this.#feed.discrepancy(sink, 'inconsistent', 'a second stdout follows the first; its events are read after the others', {
        file: this.#file,
        offset,
      });
      return;
    }
    const verdict = readHeader(this.#members.bytes);
    if (verdict.kind === 'refused' && verdict.refusal.kind === 'unsupported-version') {
      this.#done = true;
      sink.refuse({ ...verdict.refusal, place: { file: this.#file } });
      return;
    }
    const header = verdict.kind === 'header' ? verdict.header : { ...ASSUMED_SIZE, metadata: '{}' };
    this.#feed = new SessionFeed(sink, header, { form: 'raw', ranges: [{ part: 0, offset: 0, length: offset + 1 }] });
    this.#events = new AsciicastFeed(this.#feed);
  }

  #place(value: ScannedValue): Place {
    return { file: this.#file, offset: value.offset, length: value.length };
  }

  #element(value: ScannedValue, sink: Sink): void {
    const feed = this.#feed;
    if (this.#done || feed === null) return;
    this.#elements += 1;
    const range = { part: 0, offset: value.offset, length: value.length };
    const place = this.#place(value);
    const parsed = value.bytes === null ? null : parseJson(value.bytes);
    const fault = parsed === null ? 'it is too long' : parsed.kind === 'fault' ? parsed.fault : pairFault(parsed.value);
    if (parsed?.kind !== 'value' || fault !== null) {
      feed.record(sink, 'raw', range);
      feed.discrepancy(
        sink,
        'bad-line',
        `element ${String(this.#elements)} of stdout is no event: ${fault!}; it was skipped`,
        place,
      );
      return;
    }
    const record = feed.record(sink, 'jcs', range);
    if (!parsed.exact) {
      feed.discrepancy(sink, 'encoding', 'this event has bytes that are not UTF-8; they are shown as U+FFFD', place);
    }
    const text = leadingNumber(parsed.text)!;
    const moment = feed.after(sink, parseSeconds(text), () => text, place);
    this.#events!.text(sink, 'o', (parsed.value as [number, string])[1], moment, record, place);
  }
}

/** Of a header behind which there is no list of events: it may be that of another version, which could not be told in time. */
function noEvents(version: AsciicastVersion): Fault {
  const message =
    version === 1
      ? 'stdout, the list of events, is missing'
      : `the version, ${String(version)}, stands too far behind the beginning of the header to be known in time; put it first`;
  return { kind: 'bad-header', message };
}

/** Why a JSON value is no pair of a delay and a text, or null. */
function pairFault(value: unknown): string | null {
  if (!Array.isArray(value)) return `it is ${shown(value)} and not a list`;
  if (value.length !== 2) return `it has ${String(value.length)} members and not two`;
  if (typeof value[0] !== 'number') return `its delay is ${shown(value[0])}`;
  return typeof value[1] === 'string' ? null : `its data is ${shown(value[1])}`;
}
