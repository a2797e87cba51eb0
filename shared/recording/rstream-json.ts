// The JSON export of the rstream CLI (`export_version` 1): one object with the session and the list of its events, of any
// size. The events go by one at a time; the document is never held. What Exhibit's own export adds for the terminal at the start is
// read too: the size and the type of a recording of another format stand nowhere else.

import type { Decoder, Sink } from './decoder.ts';
import type { Place } from './discrepancy.ts';
import { documentFault } from './json-document.ts';
import { JsonScanner, type ScannedValue, type ScanHandler } from './json-scanner.ts';
import { isObject, parseJson, shownAs, textOf } from './json-text.ts';
import { rstreamHeader, rstreamHeaderFaults } from './rstream-event.ts';
import { RstreamReader } from './rstream-reader.ts';
import { ASSUMED_SIZE, startSize, type StartSize } from './screen-size.ts';
import { SessionFeed } from './session-feed.ts';

export class RstreamJson implements Decoder {
  readonly #file: string;
  readonly #scanner = new JsonScanner('events');
  readonly #reader = new RstreamReader();
  #feed: SessionFeed | null = null;
  #session = false;
  #version = false;
  #events = false;
  /** Everything before this offset is in some record, but for the commas between events. */
  #covered = 0;
  #size = 0;
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
    };
    this.#scanner.push(bytes, handler);
  }

  end(sink: Sink): void {
    if (this.#done) return;
    this.#done = true;
    const place = { file: this.#file };
    const fault = documentFault(this.#scanner, this.#size, this.#file);
    if (this.#feed === null) {
      sink.refuse(
        fault ?? {
          kind: 'bad-header',
          message: 'this is no export of rstream: it has neither a session nor a list of events',
          place,
        },
      );
      return;
    }
    this.#cover(this.#size, sink);
    if (fault !== null) this.#feed.discrepancy(sink, fault.kind, fault.message, fault.place);
    if (!this.#session) this.#feed.discrepancy(sink, 'bad-header', 'the session object is missing', place);
    if (!this.#version) {
      this.#feed.discrepancy(sink, 'bad-header', 'export_version is missing; the file was read as version 1', place);
    }
  }

  #place({ offset, length }: ScannedValue): Place {
    return { file: this.#file, offset, length };
  }

  /** Adds what lies between the last record and `end` as a record of its own: names, brackets, members that are not used. */
  #cover(end: number, sink: Sink): void {
    if (end > this.#covered) this.#feed!.record(sink, 'raw', { part: 0, offset: this.#covered, length: end - this.#covered });
    this.#covered = end;
  }

  #member(name: string | null, value: ScannedValue, sink: Sink): void {
    if (this.#done) return;
    if (name === 'session') return this.#readSession(value, sink);
    if (name === 'export_version') {
      const parsed = value.bytes === null ? null : parseJson(value.bytes);
      const version = parsed?.kind === 'value' ? parsed.value : undefined;
      this.#version = true;
      if (version === 1) return;
      const message = `export_version ${shownAs(version, parsed?.kind === 'value' ? parsed.text : null)} is not read; version 1 is`;
      if (this.#feed === null) {
        this.#done = true;
        sink.refuse({ kind: 'unsupported-version', message, place: this.#place(value) });
      } else {
        this.#feed.discrepancy(sink, 'unsupported-version', message, this.#place(value));
      }
    } else if (name === 'exhibit') {
      this.#readAdded(value, sink);
    } else if (name === 'events' && !(value.length === 4 && value.bytes?.[0] === 0x6e)) {
      this.#say(sink, 'events is no list; there are no events to show', value);
    }
  }

  #say(sink: Sink, message: string, value: ScannedValue): void {
    const place = this.#place(value);
    if (this.#feed === null) sink.discrepancy({ kind: 'bad-header', message, place });
    else this.#feed.discrepancy(sink, 'bad-header', message, place);
  }

  #readSession(value: ScannedValue, sink: Sink): void {
    const parsed = value.bytes === null ? null : parseJson(value.bytes);
    if (parsed?.kind !== 'value' || !isObject(parsed.value)) {
      return this.#say(sink, 'the session is no object that can be read', value);
    }
    if (this.#session) return this.#say(sink, 'a second session object follows the first; the first is used', value);
    this.#session = true;
    const header = rstreamHeader(parsed.value, parsed.text);
    const span = { form: 'jcs' as const, ranges: [{ part: 0, offset: value.offset, length: value.length }] };
    if (this.#feed === null) {
      this.#feed = new SessionFeed(sink, header, span);
      this.#reader.startAt(header.startedAt ?? null);
      this.#cover(value.offset, sink);
    } else {
      this.#cover(value.offset, sink);
      this.#feed.record(sink, 'jcs', ...span.ranges);
      this.#feed.describe(sink, { ...header, ...this.#reader.startSize });
      this.#say(sink, 'the session follows its events: their times are counted from the first event', value);
    }
    for (const { kind, message } of rstreamHeaderFaults(parsed.value, value.bytes!, parsed.exact)) {
      this.#feed.discrepancy(sink, kind, message, this.#place(value));
    }
    this.#covered = value.offset + value.length;
  }

  /** The object that Exhibit adds after the session. */
  #readAdded(value: ScannedValue, sink: Sink): void {
    const feed = this.#feed;
    if (feed === null || this.#events)
      return this.#say(sink, 'the member exhibit does not follow the session; it is not used', value);
    const parsed = value.bytes === null ? null : parseJson(value.bytes);
    if (parsed?.kind !== 'value' || !isObject(parsed.value)) {
      return this.#say(sink, 'the member exhibit is no object that can be read; it is not used', value);
    }
    const { terminal_size: size } = parsed.value;
    const term = textOf(parsed.value, 'terminal_type');
    if (term !== undefined) feed.describe(sink, { term });
    if (!isObject(size) || size['assumed'] === true) return;
    const { fault, ...start }: StartSize = startSize(size['col'], size['row'], ['terminal_size.col', 'terminal_size.row']);
    if (fault !== undefined) feed.discrepancy(sink, 'bad-size', fault, this.#place(value));
    if (start.sizeAssumed) return;
    this.#reader.startWith(start);
    feed.describe(sink, start);
  }

  #start(offset: number, sink: Sink): void {
    if (this.#done) return;
    this.#feed ??= new SessionFeed(sink, { ...ASSUMED_SIZE, metadata: '{}' }, { form: 'raw', ranges: [] });
    if (this.#events) {
      const message = 'a second list of events follows the first; its events are read after the others';
      this.#feed.discrepancy(sink, 'inconsistent', message, { file: this.#file, offset });
    }
    this.#events = true;
    this.#cover(offset + 1, sink);
  }

  #element(value: ScannedValue, sink: Sink): void {
    const feed = this.#feed;
    if (this.#done || feed === null) return;
    this.#covered = value.offset + value.length;
    const range = { part: 0, offset: value.offset, length: value.length };
    const parsed = value.bytes === null ? null : parseJson(value.bytes);
    this.#reader.read({ bytes: value.bytes, parsed, range, place: this.#place(value) }, feed, sink);
  }
}
