// tlog recordings: JSON messages, one a line, perhaps inside journal entries, perhaps of several recordings at once. Messages
// of one recording (host and rec) are one session; they are put in the order of their ids as far as a window of bounded size
// allows, and what is missing is said.
// https://github.com/Scribery/tlog/blob/main/doc/log_format.md and doc/schema.json

import { MAX_RECORD_BYTES, type ByteRange, type Decoder, type SessionHeader, type Sink } from './decoder.ts';
import type { Place } from './discrepancy.ts';
import { memberText, shownAs, textFault, textOf, timeFault } from './json-text.ts';
import { isBlank, LineReader, type Line } from './line-reader.ts';
import { resizeSize, startSize, ASSUMED_SIZE } from './screen-size.ts';
import { SessionFeed } from './session-feed.ts';
import { StrayBytes } from './stray.ts';
import { parseSeconds, type Micros } from './time.ts';
import { pieces, readTlogLine, type ReadMessage, type TlogMessage } from './tlog-message.ts';
import { encodeUtf8 } from './utf8.ts';

/** Messages of one recording, and bytes of all of them together, that wait for an earlier one. */
const WINDOW_MESSAGES = 64;
const WINDOW_BYTES = 4 * 1024 * 1024;

interface Held {
  readonly message: TlogMessage;
  readonly range: ByteRange;
  readonly place: Place;
}

/** One recording: what was announced of it, the id that comes next, and what waits. */
interface Recording {
  feed: SessionFeed | null;
  next: number;
  readonly waiting: Held[];
}

export class TlogDecoder implements Decoder {
  readonly #file: string;
  readonly #lines = new LineReader();
  readonly #recordings = new Map<string, Recording>();
  /** Bytes that belong to no recording, until there is a session that can carry them. */
  readonly #stray = new StrayBytes();
  #last: SessionFeed | null = null;
  #waitingBytes = 0;
  #version: string | null = null;
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
    this.#done = true;
    for (const recording of this.#recordings.values()) this.#release(recording, 0, sink);
    if (this.#last !== null) return this.#stray.keep(this.#last, sink);
    const place = { file: this.#file };
    if (this.#version !== null) {
      sink.refuse({
        kind: 'unsupported-version',
        message: `version ${this.#version} of the tlog format is not read; version 2 is`,
        place,
      });
    } else {
      sink.refuse({ kind: 'not-a-recording', message: 'there is no message of tlog in this file', place });
    }
  }

  #line(line: Line, sink: Sink): void {
    if (line.bytes !== null && isBlank(line.bytes)) return;
    const range = { part: 0, offset: line.offset, length: line.length };
    const place = { file: this.#file, line: line.number, offset: line.offset, length: line.length };
    const read: ReadMessage =
      line.bytes === null
        ? { kind: 'fault', fault: `it has more than ${String(MAX_RECORD_BYTES)} bytes` }
        : readTlogLine(line.bytes);
    if (read.kind === 'fault') {
      this.#stray.add(range);
      if (read.version !== undefined) {
        this.#version ??= read.version;
        sink.discrepancy({ kind: 'unsupported-version', message: `this message was skipped: ${read.fault}`, place });
      } else if (read.notJson === true && !line.ended) {
        const message = `the last line is incomplete: it has ${String(line.length)} bytes and no end; it was skipped`;
        sink.discrepancy({ kind: 'truncated', message, place });
      } else {
        sink.discrepancy({ kind: 'bad-line', message: `this line is no message of tlog: ${read.fault}; it was skipped`, place });
      }
      return;
    }
    this.#take({ message: read.message, range, place }, sink);
  }

  #take(held: Held, sink: Sink): void {
    const { host, rec, id } = held.message;
    const key = JSON.stringify([host, rec]);
    const recording = this.#recordings.get(key) ?? { feed: null, next: 1, waiting: [] };
    this.#recordings.set(key, recording);
    if (id < recording.next && recording.feed !== null) {
      recording.feed.record(sink, 'jcs', held.range);
      const message = `message ${String(id)} comes again, or too late to be put in its place; it is kept and not shown`;
      recording.feed.discrepancy(sink, 'sequence-repeat', message, held.place);
      return;
    }
    const later = recording.waiting.findIndex((other) => other.message.id > id);
    recording.waiting.splice(later === -1 ? recording.waiting.length : later, 0, held);
    this.#waitingBytes += held.range.length;
    this.#release(recording, WINDOW_MESSAGES, sink);
    if (this.#waitingBytes > WINDOW_BYTES) for (const other of this.#recordings.values()) this.#release(other, 0, sink);
  }

  /** Plays what is in turn, and what is not while more than `most` messages wait. */
  #release(recording: Recording, most: number, sink: Sink): void {
    const { waiting } = recording;
    for (
      let held = waiting[0];
      held !== undefined && (held.message.id <= recording.next || waiting.length > most);
      held = waiting[0]
    ) {
      waiting.shift();
      this.#waitingBytes -= held.range.length;
      this.#play(recording, held, sink);
    }
  }

  #play(recording: Recording, { message, range, place }: Held, sink: Sink): void {
    const { id } = message;
    const feed = (recording.feed ??= announce(message, place, sink));
    this.#last = feed;
    this.#stray.keep(feed, sink);
    const record = feed.record(sink, 'jcs', range);
    if (id < recording.next) {
      feed.discrepancy(sink, 'sequence-repeat', `message ${String(id)} comes again; it is kept and not shown`, place);
      return;
    }
    if (id > recording.next) {
      const missing =
        id - 1 === recording.next
          ? `message ${String(recording.next)} is`
          : `messages ${String(recording.next)} to ${String(id - 1)} are`;
      feed.discrepancy(sink, 'sequence-gap', `${missing} missing before message ${String(id)}; nothing of that is shown`, place);
    }
    recording.next = id + 1;
    if (!message.exact) {
      feed.discrepancy(sink, 'encoding', 'this message has bytes that are not UTF-8; they are shown as U+FFFD', place);
    }
    for (const piece of pieces(message)) {
      if (piece.kind === 'fault') {
        feed.discrepancy(sink, 'inconsistent-parts', `message ${String(id)}: ${piece.fault}`, place);
        continue;
      }
      const at = parseSeconds(`${String(piece.ms)}e-3`)?.micros ?? null;
      const moment = feed.moment(sink, at, () => `${String(piece.ms)} ms`, place);
      const size = piece.kind === 'size' ? resizeSize(piece.cols, piece.rows) : null;
      if (piece.kind === 'data') {
        feed.emit(sink, { kind: 'data', stream: piece.stream, bytes: piece.bytes }, moment, record);
      } else if (size !== null) {
        feed.emit(sink, { kind: 'resize', ...size }, moment, record);
      } else {
        const text = `${String(piece.cols)}x${String(piece.rows)}`;
        feed.discrepancy(
          sink,
          'bad-size',
          `the size ${text} is no size that can be shown; the resize is kept and not applied`,
          place,
        );
        feed.emit(sink, { kind: 'other', code: 'window', text }, moment, record);
      }
    }
  }
}

/** Announces a recording by its first message. The format has no metadata apart from messages, so its first record is empty. */
function announce(message: TlogMessage, place: Place, sink: Sink): SessionFeed {
  const { object, host, rec, pos, timing } = message;
  const stated = memberText(encodeUtf8(message.text), 'time');
  const time = parseSeconds(stated ?? '')?.micros ?? null;
  const size = /=(\d{1,9})x(\d{1,9})/.exec(timing);
  const { fault, ...given } = size === null ? ASSUMED_SIZE : startSize(Number(size[1]), Number(size[2]), ['columns', 'rows']);
  const user = textOf(object, 'user');
  const term = textOf(object, 'term');
  const { ver, session } = object;
  const header: SessionHeader = {
    nativeId: rec,
    server: host,
    ...(user === undefined ? {} : { user }),
    ...(term === undefined ? {} : { term }),
    ...(time === null || !Number.isSafeInteger(pos * 1000) ? {} : { startedAt: (time - pos * 1000) as Micros }),
    ...given,
    metadata: JSON.stringify({ ver, host, rec, user, term, session }),
  };
  const feed = new SessionFeed(sink, header, { form: 'raw', ranges: [] });
  if (fault !== undefined) feed.discrepancy(sink, 'bad-size', fault, place);
  for (const name of ['host', 'rec', 'user', 'term']) {
    const wrong = textFault(object, name);
    if (wrong !== null) feed.discrepancy(sink, wrong.kind, wrong.message, place);
  }
  if (time === null && (object['time'] ?? null) !== null) {
    const { kind, message: why } = timeFault('time', shownAs(object['time'], stated), 'the start is not known');
    feed.discrepancy(sink, kind, why, place);
  }
  return feed;
}
