// Writes asciicast versions 2 and 3. Times are exact to the microsecond: version 2 counts from the start, version 3 writes the
// difference to the event written before, so that the sum of its intervals is the time again. A character whose bytes lie in
// two events of a stream is written whole in the later one.
// https://docs.asciinema.org/manual/asciicast/v2/ https://docs.asciinema.org/manual/asciicast/v3/

import type { SessionHeader } from './decoder.ts';
import type { DataEvent, RecordingEvent, StreamName } from './event.ts';
import type { JsonBytes } from './json-bytes.ts';
import type { JsonObject } from './json-text.ts';
import { formatSeconds, MICROS_PER_SECOND, ZERO, type Micros } from './time.ts';
import { decodeUtf8, unfinishedBytes } from './utf8.ts';

/** What of a session an asciicast header can say. */
export type CastHeader = Pick<SessionHeader, 'cols' | 'rows' | 'title' | 'command' | 'term' | 'startedAt'> & {
  readonly extras?: CastExtras;
};

/** Members of an asciicast header that Exhibit does not use, as their recording has them. */
export interface CastExtras {
  readonly idleTimeLimit?: unknown;
  readonly theme?: unknown;
  /** Without TERM, which is the type of the terminal. */
  readonly env?: JsonObject;
  /** Version 3 alone has it. */
  readonly tags?: unknown;
  /** Version 3 alone has it. */
  readonly termVersion?: unknown;
}

/** What did not come through. */
export interface CastLosses {
  /** Events left out, by kind: sealed and other events in both versions, exits in version 2, which has no code for them. */
  readonly omitted: { readonly [kind in 'sealed' | 'other' | 'exit']: number };
  /** U+FFFD written for bytes that are not UTF-8. */
  readonly replaced: number;
}

const NOTHING = new Uint8Array(0);

export class AsciicastWriter {
  readonly #version: 2 | 3;
  #at: Micros = ZERO;
  readonly #unfinished: Record<StreamName, Uint8Array> = { stdin: NOTHING, stdout: NOTHING, stderr: NOTHING };
  readonly #omitted = { sealed: 0, other: 0, exit: 0 };
  #replaced = 0;

  constructor(version: 2 | 3) {
    this.#version = version;
  }

  /** The first line, with its line end, as all lines. */
  header({ cols, rows, title, command, term, startedAt, extras = {} }: CastHeader): string {
    const { theme, env, tags, termVersion } = extras;
    const rest = {
      timestamp: startedAt === undefined ? undefined : Math.floor(startedAt / MICROS_PER_SECOND),
      title,
      command,
      idle_time_limit: extras.idleTimeLimit,
    };
    const typed = term === undefined ? env : { ...env, TERM: term };
    const header =
      this.#version === 2
        ? { version: 2, width: cols, height: rows, ...rest, theme, env: typed }
        : { version: 3, term: { cols, rows, type: term, version: termVersion, theme }, ...rest, tags, env };
    return `${JSON.stringify(header)}\n`;
  }

  /** The line of an event, or nothing where the version has none for it. */
  event(event: RecordingEvent): string {
    switch (event.kind) {
      case 'data':
        return this.#line(event.at, event.stream === 'stdin' ? 'i' : 'o', this.#text(event));
      case 'resize':
        return this.#line(event.at, 'r', `${String(event.cols)}x${String(event.rows)}`);
      case 'marker':
        return this.#line(event.at, 'm', event.label);
      case 'exit':
        if (this.#version === 3) return this.#line(event.at, 'x', event.text);
        break;
      case 'sealed':
      case 'other':
        break;
    }
    this.#omitted[event.kind] += 1;
    return '';
  }

  /** Writes the line of an event, to the byte what {@link event} gives, with no text made of a payload that is UTF-8. */
  write(into: JsonBytes, event: RecordingEvent): void {
    if (event.kind === 'data' && this.#unfinished[event.stream].length === 0) {
      const before = into.length;
      into.ascii('[');
      into.ascii(formatSeconds(this.#step(event.at)));
      into.ascii(event.stream === 'stdin' ? ', "i", ' : ', "o", ');
      if (into.utf8(event.bytes)) {
        into.ascii(']\n');
        this.#at = event.at;
        return;
      }
      into.backTo(before);
    }
    into.text(this.event(event));
  }

  /** What is left at the end: a character that never became whole, as U+FFFD at the time of the last event. */
  end(): string {
    const lines = (['stdin', 'stdout', 'stderr'] as const)
      .filter((stream) => this.#unfinished[stream].length > 0)
      .map((stream) => this.#line(this.#at, stream === 'stdin' ? 'i' : 'o', '\ufffd'));
    this.#replaced += lines.length;
    return lines.join('');
  }

  /** The line of an exit that stands in no event: for version 3, which alone has a code for it. No earlier than the last event. */
  exit(at: Micros, status: number): string {
    return this.#line(at > this.#at ? at : this.#at, 'x', String(status));
  }

  get losses(): CastLosses {
    return { omitted: { ...this.#omitted }, replaced: this.#replaced };
  }

  #step(at: Micros): Micros {
    return this.#version === 2 ? at : ((at - this.#at) as Micros);
  }

  #line(at: Micros, code: string, data: string): string {
    const time = this.#step(at);
    this.#at = at;
    return `[${formatSeconds(time)}, ${JSON.stringify(code)}, ${JSON.stringify(data.toWellFormed())}]\n`;
  }

  #text({ stream, bytes }: DataEvent): string {
    const before = this.#unfinished[stream];
    const joined = before.length === 0 ? bytes : concat(before, bytes);
    const left = unfinishedBytes(joined);
    const whole = left === 0 ? joined : joined.subarray(0, joined.length - left);
    this.#unfinished[stream] = left === 0 ? NOTHING : joined.slice(whole.length);
    const { text, replaced } = decodeUtf8(whole);
    this.#replaced += replaced;
    return text;
  }
}

function concat(first: Uint8Array, then: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + then.length);
  all.set(first);
  all.set(then, first.length);
  return all;
}
