// Recordings of script(1), util-linux: a timing file (classic or advanced) and one log for output, one for input, or one for
// both. A log begins with a line that is not replayed and ends with one. Names of other files stand in the headers: they are
// shown and never opened. A log without timing is output without times.
// https://github.com/util-linux/util-linux/blob/master/term-utils/scriptreplay.1.adoc and lib/script-playutils.c

import type { ByteRange, Decoder, SessionHeader } from './decoder.ts';
import type { Place } from './discrepancy.ts';
import type { StreamName } from './event.ts';
import { quoted } from './json-text.ts';
import { isBlank, type Line } from './line-reader.ts';
import { resizeSize, startSize, ASSUMED_SIZE } from './screen-size.ts';
import {
  DONE,
  parseScriptDone,
  parseScriptStart,
  parseTimingLine,
  windowChange,
  type ScriptStart,
  type TimingLine,
} from './script-timing.ts';
import { SessionFeed } from './session-feed.ts';
import { rangeOf, TimedLog } from './timed-parts.ts';
import { parseInstant } from './time.ts';
import { Turns, type Turn } from './turns.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** Which part is which; the input may be the same part as the output. */
export interface ScriptParts {
  readonly names: readonly string[];
  readonly timing: number | null;
  readonly output: number | null;
  readonly input: number | null;
}

/** Headers of advanced timing that are kept as metadata. */
const KEPT_HEADERS = 64;

export function scriptDecoder(parts: ScriptParts): Decoder {
  return new Turns(parts.names.length, (turns) => new ScriptReader(turns, parts).read());
}

class ScriptReader {
  readonly #turns: Turns;
  readonly #parts: ScriptParts;
  readonly #logs = new Map<number, TimedLog>();
  readonly #headers = new Map<string, string>();
  #feed!: SessionFeed;
  /** Bytes of logs that were not given. */
  readonly #absent: Record<StreamName, number> = { stdin: 0, stdout: 0, stderr: 0 };

  constructor(turns: Turns, parts: ScriptParts) {
    this.#turns = turns;
    this.#parts = parts;
    for (const part of [parts.output, parts.input]) {
      if (part !== null && !this.#logs.has(part)) this.#logs.set(part, new TimedLog(turns, part, parts.names[part]!));
    }
  }

  *read(): Turn<void> {
    const { timing } = this.#parts;
    const ranges: ByteRange[] = [];
    let start: ScriptStart | null = null;
    const headless: Place[] = [];
    for (const part of this.#logs.keys()) {
      const line = yield* this.#turns.line(part);
      if (line === null) continue;
      ranges.push(rangeOf(part, line));
      const parsed = line.bytes === null ? null : parseScriptStart(decodeUtf8(line.bytes).text);
      if (parsed === null) headless.push({ file: this.#parts.names[part]!, line: 1, offset: 0, length: line.length });
      start ??= parsed;
    }
    let line: Line | null = timing === null ? null : yield* this.#turns.line(timing);
    for (; line !== null; line = yield* this.#turns.line(timing!)) {
      const parsed = parse(line);
      if (parsed.kind !== 'header') break;
      if (this.#headers.size < KEPT_HEADERS) this.#headers.set(parsed.name, parsed.value);
    }
    const headed = line?.offset ?? (timing === null ? 0 : this.#turns.offset(timing));
    if (headed > 0) ranges.push({ part: timing!, offset: 0, length: headed });
    this.#announce(start, ranges);
    for (const place of headless) {
      this.#say(
        'missing-header',
        'the log does not begin with a line Script started; its first line is taken for it and not shown',
        place,
      );
    }
    for (; line !== null; line = yield* this.#turns.line(timing!)) yield* this.#line(line);
    yield* this.#end();
  }

  #say(kind: Parameters<SessionFeed['discrepancy']>[1], message: string, place: Place): void {
    this.#feed.discrepancy(this.#turns.sink, kind, message, place);
  }

  #announce(start: ScriptStart | null, ranges: readonly ByteRange[]): void {
    const headers = this.#headers;
    const given = (name: string): number | string | undefined => {
      const text = headers.get(name)?.trimEnd();
      return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : text;
    };
    const cols = given('COLUMNS') ?? start?.cols;
    const rows = given('LINES') ?? start?.rows;
    const size = cols === undefined && rows === undefined ? ASSUMED_SIZE : startSize(cols, rows, ['COLUMNS', 'LINES']);
    const command = headers.get('COMMAND') ?? start?.command;
    const term = headers.get('TERM') ?? start?.term;
    const startedAt = parseInstant(headers.get('START_TIME') ?? start?.time ?? '');
    const header: SessionHeader = {
      ...(command === undefined ? {} : { command }),
      ...(term === undefined ? {} : { term }),
      ...(startedAt === null ? {} : { startedAt }),
      cols: size.cols,
      rows: size.rows,
      sizeAssumed: size.sizeAssumed,
      metadata: JSON.stringify({ ...(start === null ? {} : { log: start }), ...Object.fromEntries(headers) }),
    };
    this.#feed = new SessionFeed(this.#turns.sink, header, { form: 'raw', ranges });
    const file = this.#parts.names[0]!;
    if (size.fault !== undefined) this.#say('bad-size', size.fault, { file });
    if (this.#parts.timing === null) {
      this.#say('inconsistent-parts', 'no timing file came with this log: all of its output stands at the start', { file });
    } else {
      for (const [name, part] of [
        ['OUTPUT_LOG', this.#parts.output],
        ['INPUT_LOG', this.#parts.input],
      ] as const) {
        const value = headers.get(name);
        if (value !== undefined && part === null) this.#sayNotOpened(name, value, file);
      }
    }
  }

  #sayNotOpened(name: string, value: string, file: string): void {
    const kind = /[/\\]/.test(value) ? 'unsafe-path' : 'inconsistent-parts';
    this.#say(
      kind,
      `${name} is ${quoted(value)}: a file named inside a recording is never opened; give the log together with the timing file`,
      { file },
    );
  }

  *#line(line: Line): Turn<void> {
    const { sink } = this.#turns;
    const feed = this.#feed;
    const range = rangeOf(this.#parts.timing!, line);
    const place: Place = {
      file: this.#parts.names[this.#parts.timing!]!,
      line: line.number,
      offset: line.offset,
      length: line.length,
    };
    const parsed = parse(line);
    if (parsed.kind === 'fault') {
      if (line.bytes !== null && isBlank(line.bytes)) return;
      feed.record(sink, 'raw', range);
      if (line.ended) this.#say('bad-line', 'this is no timing line; it was skipped', place);
      else {
        this.#say(
          'truncated',
          `the last timing line is incomplete: it has ${String(line.length)} bytes and no end; it was skipped`,
          place,
        );
      }
      return;
    }
    const moment = feed.after(sink, parsed.delay, () => parsed.delayText, place);
    switch (parsed.kind) {
      case 'bytes': {
        const part = parsed.stream === 'stdin' ? this.#parts.input : this.#parts.output;
        if (part !== null) {
          yield* this.#logs.get(part)!.play(feed, parsed.stream, parsed.count, moment, range);
        } else {
          feed.record(sink, 'raw', range);
          this.#absent[parsed.stream] += parsed.count;
        }
        return;
      }
      case 'header':
        feed.record(sink, 'raw', range);
        if (parsed.name === 'EXIT_CODE' && /^\d{1,9}\s*$/.test(parsed.value)) {
          feed.describe(sink, { exitStatus: Number(parsed.value) });
        }
        return;
      case 'signal': {
        const record = feed.record(sink, 'raw', range);
        const { cols, rows } = windowChange(parsed.details);
        const size = parsed.name === 'SIGWINCH' ? resizeSize(cols, rows) : null;
        if (size !== null) return feed.emit(sink, { kind: 'resize', ...size }, moment, record);
        if (parsed.name === 'SIGWINCH') {
          this.#say('bad-size', 'the window change has no size that can be shown; it is kept and not applied', place);
        }
        return feed.emit(
          sink,
          { kind: 'other', code: 'signal', text: `${parsed.name} ${parsed.details}`.trimEnd() },
          moment,
          record,
        );
      }
      case 'unknown':
        this.#say(
          'unknown-event',
          `${parsed.letter} is no timing entry that is known; it is kept as an event without effect`,
          place,
        );
        feed.emit(sink, { kind: 'other', code: parsed.letter, text: parsed.rest }, moment, feed.record(sink, 'raw', range));
    }
  }

  *#end(): Turn<void> {
    const feed = this.#feed;
    const { stdin, stdout } = this.#absent;
    if (stdin + stdout > 0) {
      const message = `${String(stdout)} bytes of output and ${String(stdin)} of input are not there: give their logs together with the timing file`;
      this.#say('inconsistent-parts', message, { file: this.#parts.names[0]! });
    }
    for (const [part, log] of this.#logs) {
      if (this.#parts.timing !== null) log.sayMissing(feed);
      const stream = part === this.#parts.output ? 'stdout' : 'stdin';
      const done = yield* log.rest(feed, findDone, this.#parts.timing === null ? stream : null);
      const exitStatus = done === null ? undefined : parseScriptDone(decodeUtf8(done).text);
      if (exitStatus !== undefined) feed.describe(this.#turns.sink, { exitStatus });
    }
  }
}

const parse = (line: Line): TimingLine =>
  line.bytes === null ? { kind: 'fault' } : parseTimingLine(decodeUtf8(line.bytes).text.replace(/\r$/, ''));

const DONE_BYTES = encodeUtf8(DONE);

/** Where the closing line begins, with the empty line before it, or -1. Only the last bytes are searched. */
function findDone(tail: Uint8Array): number {
  for (let at = tail.length - DONE_BYTES.length; at >= Math.max(0, tail.length - 512); at--) {
    if (DONE_BYTES.every((byte, i) => tail[at + i] === byte)) return at;
  }
  return -1;
}
