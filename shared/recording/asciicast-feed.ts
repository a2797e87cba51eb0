// The events of an asciicast, whichever version they are written in: codes become kinds, sizes are checked, and text becomes
// the bytes of its stream. JavaScript recorders may cut a surrogate pair in two; when the next event of the file belongs to
// the same stream and begins with the other half, the character is whole again and stands in that later event, where the
// terminal would have shown it. Any other lone surrogate becomes U+FFFD.

import type { Place } from './discrepancy.ts';
import type { StreamName } from './event.ts';
import type { Sink } from './decoder.ts';
import { quoted } from './json-text.ts';
import { parseSize } from './screen-size.ts';
import type { Moment, SessionFeed } from './session-feed.ts';
import { formatClock, MICROS_PER_SECOND, type Micros } from './time.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const streamOf = (code: string): StreamName | undefined => (code === 'o' ? 'stdout' : code === 'i' ? 'stdin' : undefined);

const LONE_SURROGATE = 'half of a surrogate pair stands alone; it is shown as U+FFFD';

/** A data event that ends in the first half of a surrogate pair, until the next event shows whether the other half follows. */
interface Held {
  readonly stream: StreamName;
  readonly text: string;
  readonly half: string;
  readonly moment: Moment;
  readonly record: number;
  readonly place: Place;
}

export class AsciicastFeed {
  readonly #feed: SessionFeed;
  #held: Held | null = null;
  #exit: 'none' | 'seen' | 'followed' = 'none';

  constructor(feed: SessionFeed) {
    this.#feed = feed;
  }

  /** An event whose data is at hand as UTF-8. The feed keeps `data`. */
  bytes(sink: Sink, code: string, data: Uint8Array, moment: Moment, record: number, place: Place): void {
    this.#release(sink, '\ufffd');
    const stream = streamOf(code);
    if (stream === undefined) this.#rest(sink, code, decodeUtf8(data).text, moment, record, place);
    else this.#data(sink, stream, data, moment, record, place);
  }

  /** An event whose data is text as JSON gave it, surrogates and all. */
  text(sink: Sink, code: string, data: string, moment: Moment, record: number, place: Place): void {
    const stream = streamOf(code);
    const joins = stream !== undefined && stream === this.#held?.stream && /^[\udc00-\udfff]/.test(data);
    const text = joins ? this.#held!.half + data : data;
    this.#release(sink, joins ? '' : '\ufffd');
    if (stream === undefined) {
      if (!code.isWellFormed() || !data.isWellFormed()) this.#feed.discrepancy(sink, 'encoding', LONE_SURROGATE, place);
      this.#rest(sink, code.toWellFormed(), data.toWellFormed(), moment, record, place);
    } else if (/[\ud800-\udbff]$/.test(text)) {
      this.#held = { stream, text: text.slice(0, -1), half: text.slice(-1), moment, record, place };
    } else {
      this.#textData(sink, stream, text, moment, record, place);
    }
  }

  /** Nothing follows. `duration` is what the header stated. */
  end(sink: Sink, duration: Micros | null, place: Place): void {
    this.#release(sink, '\ufffd');
    const { at } = this.#feed;
    if (duration !== null && at - duration > MICROS_PER_SECOND) {
      const message = `the header states a duration of ${formatClock(duration)}, and the last event stands at ${formatClock(at)}`;
      this.#feed.discrepancy(sink, 'inconsistent', message, place);
    }
  }

  /** Lets go of a held event; `half` stands for the half character at its end. */
  #release(sink: Sink, half: '' | '\ufffd'): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    if (half !== '') this.#feed.discrepancy(sink, 'encoding', LONE_SURROGATE, held.place);
    this.#textData(sink, held.stream, held.text + half, held.moment, held.record, held.place);
  }

  #textData(sink: Sink, stream: StreamName, text: string, moment: Moment, record: number, place: Place): void {
    if (!text.isWellFormed()) this.#feed.discrepancy(sink, 'encoding', LONE_SURROGATE, place);
    this.#data(sink, stream, encodeUtf8(text), moment, record, place);
  }

  #data(sink: Sink, stream: StreamName, bytes: Uint8Array, moment: Moment, record: number, place: Place): void {
    if (this.#exit === 'seen') {
      this.#exit = 'followed';
      this.#feed.discrepancy(sink, 'inconsistent', 'data follows the exit of the session; it is kept', place);
    }
    this.#feed.emit(sink, { kind: 'data', stream, bytes }, moment, record);
  }

  #rest(sink: Sink, code: string, text: string, moment: Moment, record: number, place: Place): void {
    if (code === 'm') {
      this.#feed.emit(sink, { kind: 'marker', label: text }, moment, record);
    } else if (code === 'x') {
      if (this.#exit !== 'none') {
        this.#feed.discrepancy(
          sink,
          'inconsistent',
          'the session exits again; every exit is kept, and the last one counts',
          place,
        );
      }
      this.#exit = 'seen';
      const status = /^-?\d{1,10}$/.test(text) ? Number(text) : null;
      this.#feed.emit(sink, { kind: 'exit', status, text }, moment, record);
      if (status !== null) this.#feed.describe(sink, { exitStatus: status });
    } else {
      const size = code === 'r' ? parseSize(text, 'x') : null;
      if (size !== null) {
        this.#feed.emit(sink, { kind: 'resize', ...size }, moment, record);
        return;
      }
      if (code === 'r') {
        const message = `the size ${quoted(text)} is no size that can be shown; the resize is kept and not applied`;
        this.#feed.discrepancy(sink, 'bad-size', message, place);
      }
      this.#feed.emit(sink, { kind: 'other', code, text }, moment, record);
    }
  }
}
