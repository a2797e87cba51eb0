// asciicast versions 2 and 3: a header line, then one event a line. Version 2 counts time from the start, version 3 from the
// event before, and has comments. A line that cannot be read is named and kept, and reading goes on.
// https://docs.asciinema.org/manual/asciicast/v2/ https://docs.asciinema.org/manual/asciicast/v3/

import { AsciicastFeed } from './asciicast-feed.ts';
import { readHeader, type AsciicastVersion } from './asciicast-header.ts';
import { MAX_RECORD_BYTES, type Decoder, type Sink } from './decoder.ts';
import type { Place } from './discrepancy.ts';
import { leadingNumber, parseJson, shown, type ParsedJson } from './json-text.ts';
import { isBlank, LineReader, type Line } from './line-reader.ts';
import { PlainEventReader } from './plain-event.ts';
import { SessionFeed } from './session-feed.ts';
import { parseSeconds, type Micros } from './time.ts';
import { decodeUtf8 } from './utf8.ts';

const HASH = 0x23;

/** What a session is fed through, once there is a header. */
interface Running {
  readonly version: AsciicastVersion;
  readonly feed: SessionFeed;
  readonly events: AsciicastFeed;
  readonly duration: Micros | null;
}

export class AsciicastLines implements Decoder {
  readonly #file: string;
  readonly #lines = new LineReader();
  readonly #plain = new PlainEventReader();
  #running: Running | null = null;
  /** Bytes of comments before the header: from the first one on. */
  #preface: number | null = null;
  #done = false;

  /** `file` is the name for messages. */
  constructor(file: string) {
    this.#file = file;
  }

  wants(): number | null {
    return this.#done ? null : 0;
  }

  push(bytes: Uint8Array, sink: Sink): void {
    this.#lines.push(bytes, (line) => this.#line(line, sink));
  }

  end(sink: Sink): void {
    this.#lines.end((line) => this.#line(line, sink));
    if (this.#done) return;
    this.#done = true;
    if (this.#running === null) {
      sink.refuse({
        kind: 'empty-file',
        message: 'there is no recording in this file: it has only blank lines',
        place: { file: this.#file },
      });
    } else {
      this.#running.events.end(sink, this.#running.duration, { file: this.#file });
    }
  }

  #line(line: Line, sink: Sink): void {
    if (this.#done || (line.bytes !== null && isBlank(line.bytes))) return;
    if (this.#running === null) this.#header(line, sink);
    else this.#event(line, sink, this.#running);
  }

  #place(line: Line): Place {
    return { file: this.#file, line: line.number, offset: line.offset, length: line.length };
  }

  #header(line: Line, sink: Sink): void {
    if (line.bytes?.[0] === HASH) {
      this.#preface ??= line.offset;
      return;
    }
    const place = this.#place(line);
    const verdict = line.bytes === null ? null : readHeader(line.bytes);
    if (verdict === null || verdict.kind === 'refused') {
      const fault = verdict?.refusal ?? { kind: 'missing-header', message: 'the first line is longer than any header' };
      this.#done = true;
      sink.refuse({ ...fault, place });
      return;
    }
    const { version, header, duration, faults, repeats } = verdict;
    if (version === 1) {
      this.#done = true;
      sink.refuse({ kind: 'bad-header', message: 'an asciicast version 1 is one JSON object and not lines', place });
      return;
    }
    const range = { part: 0, offset: line.offset, length: line.length };
    const feed = new SessionFeed(sink, header, { form: repeats ? 'raw' : 'jcs', ranges: [range] });
    this.#running = { version, feed, events: new AsciicastFeed(feed), duration };
    if (this.#preface !== null) {
      feed.record(sink, 'raw', { part: 0, offset: this.#preface, length: line.offset - this.#preface });
      feed.discrepancy(sink, 'bad-header', 'a comment stands before the header; it was read as a comment', {
        file: this.#file,
        offset: this.#preface,
      });
    }
    for (const { kind, message } of faults) feed.discrepancy(sink, kind, message, place);
  }

  #event(line: Line, sink: Sink, running: Running): void {
    const { version, feed, events } = running;
    const range = { part: 0, offset: line.offset, length: line.length };
    if (line.bytes === null) {
      feed.record(sink, 'raw', range);
      const message = `this line has ${String(line.length)} bytes, more than the ${String(MAX_RECORD_BYTES)} that are read; it was skipped`;
      feed.discrepancy(sink, 'bad-line', message, this.#place(line));
      return;
    }
    const { bytes } = line;
    const plain = this.#plain.read(bytes);
    if (plain !== null) {
      const place = this.#place(line);
      const text = (): string => leadingNumber(decodeUtf8(bytes).text) ?? '';
      const moment =
        version === 3 ? feed.after(sink, { micros: plain.at, nanos: 0 }, text, place) : feed.moment(sink, plain.at, text, place);
      events.bytes(sink, plain.code, plain.data, moment, feed.record(sink, 'jcs', range), place);
    } else if (version === 3 && bytes[0] === HASH) {
      feed.record(sink, 'raw', range);
    } else {
      this.#oddLine(line, parseJson(bytes), sink, running);
    }
  }

  /** A line that is no event in the usual form: an event in another form, or none at all. */
  #oddLine(line: Line, parsed: ParsedJson, sink: Sink, { version, feed, events }: Running): void {
    const range = { part: 0, offset: line.offset, length: line.length };
    const place = this.#place(line);
    const fault = parsed.kind === 'fault' ? parsed.fault : eventFault(parsed.value);
    if (parsed.kind === 'fault' || fault !== null) {
      feed.record(sink, 'raw', range);
      if (line.ended || parsed.kind === 'value') {
        feed.discrepancy(sink, 'bad-line', `this line is no event: ${fault!}; it was skipped`, place);
      } else {
        feed.discrepancy(
          sink,
          'truncated',
          `the last line is incomplete: it has ${String(line.length)} bytes and no end; it was skipped`,
          place,
        );
      }
      return;
    }
    const [, code, data, ...more] = parsed.value as [number, string, string, ...unknown[]];
    const record = feed.record(sink, 'jcs', range);
    if (more.length > 0) {
      feed.discrepancy(sink, 'bad-line', `this event has ${String(more.length + 3)} members; the first three are read`, place);
    }
    if (!parsed.exact) {
      feed.discrepancy(sink, 'encoding', 'this line has bytes that are not UTF-8; they are shown as U+FFFD', place);
    }
    const text = leadingNumber(parsed.text)!;
    const time = parseSeconds(text);
    if (version === 3) {
      events.text(
        sink,
        code,
        data,
        feed.after(sink, time, () => text, place),
        record,
        place,
      );
    } else {
      const moment = feed.moment(sink, time?.micros ?? null, () => text, place);
      events.text(sink, code, data, time?.nanos === 0 ? moment : { ...moment, time: text }, record, place);
    }
  }
}

/** Why a JSON value is no event, or null. */
function eventFault(value: unknown): string | null {
  if (!Array.isArray(value)) return `it is ${shown(value)} and not a list`;
  if (value.length < 3) return `it has ${String(value.length)} members and not three`;
  if (typeof value[0] !== 'number') return `its time is ${shown(value[0])}`;
  if (typeof value[1] !== 'string') return `its code is ${shown(value[1])}`;
  return typeof value[2] === 'string' ? null : `its data is ${shown(value[2])}`;
}
