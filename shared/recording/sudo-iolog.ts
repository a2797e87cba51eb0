// A sudo I/O log directory: `log.json` or the older three lines of `log`, `timing`, and a file for each stream. Window sizes
// stand there with their rows first. https://github.com/sudo-project/sudo lib/iolog/iolog_timing.c and include/sudo_iolog.h

import { MAX_RECORD_BYTES, type Decoder, type RecordSpan, type SessionHeader } from './decoder.ts';
import type { Discrepancy, Fault, Place } from './discrepancy.ts';
import type { StreamName } from './event.ts';
import {
  isObject,
  notUtf8,
  parseJson,
  quoted,
  shown,
  textFault,
  textOf,
  textsFault,
  textsOf,
  timeFault,
  type JsonObject,
} from './json-text.ts';
import { isBlank, type Line } from './line-reader.ts';
import { ASSUMED_SIZE, resizeSize, startSize } from './screen-size.ts';
import { parseSudoLine } from './script-timing.ts';
import { SessionFeed, type Moment } from './session-feed.ts';
import { rangeOf, TimedLog } from './timed-parts.ts';
import { parseSeconds, type Micros } from './time.ts';
import { Turns, type Turn } from './turns.ts';
import { decodeUtf8 } from './utf8.ts';

/** Files of the streams, by the event number that means their bytes. */
const STREAM_FILES: readonly { readonly name: string; readonly stream: StreamName }[] = [
  { name: 'stdin', stream: 'stdin' },
  { name: 'stdout', stream: 'stdout' },
  { name: 'stderr', stream: 'stderr' },
  { name: 'ttyin', stream: 'stdin' },
  { name: 'ttyout', stream: 'stdout' },
];

const WINDOW_SIZE = 5;
/** Written by sudo 1.8.7 alone, whose numbers are all two too high (for terminal output: 6). */
const TTYOUT_OF_1_8_7 = 6;
const SUSPEND = 7;

/** Names of all files of such a directory, in the order in which the decoder wants them as parts. */
export const SUDO_FILES: readonly string[] = ['log.json', 'log', 'timing', ...STREAM_FILES.map(({ name }) => name)];

/** `roles` are the names among {@link SUDO_FILES}, and `names` those for messages, both in part order. */
export function sudoDecoder(roles: readonly string[], names: readonly string[]): Decoder {
  return new Turns(roles.length, (turns) => new SudoReader(turns, roles, names).read());
}

class SudoReader {
  readonly #turns: Turns;
  readonly #roles: readonly string[];
  readonly #names: readonly string[];
  readonly #logs = new Map<number, TimedLog>();
  readonly #absent = new Map<string, number>();
  #feed!: SessionFeed;
  #shift = 0;

  constructor(turns: Turns, roles: readonly string[], names: readonly string[]) {
    this.#turns = turns;
    this.#roles = roles;
    this.#names = names;
    for (const [event, { name }] of STREAM_FILES.entries()) {
      const part = roles.indexOf(name);
      if (part !== -1) this.#logs.set(event, new TimedLog(turns, part, names[part]!));
    }
  }

  *read(): Turn<void> {
    yield* this.#readInfo();
    const timing = this.#roles.indexOf('timing');
    for (let line = yield* this.#turns.line(timing); line !== null; line = yield* this.#turns.line(timing)) {
      if (line.bytes === null || !isBlank(line.bytes)) yield* this.#line(timing, line);
    }
    const { sink } = this.#turns;
    for (const [name, bytes] of this.#absent) {
      const message = `${String(bytes)} bytes of ${name} are not there: the file ${name} was not given with the others`;
      this.#feed.discrepancy(sink, 'inconsistent-parts', message, { file: this.#names[timing]! });
    }
    for (const log of this.#logs.values()) {
      log.sayMissing(this.#feed);
      yield* log.rest(this.#feed, () => -1, null);
    }
  }

  /** `log.json` first, where there is one: it says more. */
  *#readInfo(): Turn<void> {
    let info: Info | null = null;
    const spans: RecordSpan[] = [];
    const faults: Discrepancy[] = [];
    for (const role of ['log.json', 'log']) {
      const part = this.#roles.indexOf(role);
      if (part === -1) continue;
      const bytes = yield* this.#turns.take(part, MAX_RECORD_BYTES);
      const more = yield* this.#turns.skip(part, Number.MAX_SAFE_INTEGER);
      const read = more > 0 ? null : role === 'log' ? readLog(bytes) : readLogJson(bytes);
      const place: Place = { file: this.#names[part]! };
      spans.push({
        form: read !== null && role === 'log.json' ? 'jcs' : 'raw',
        ranges: [{ part, offset: 0, length: bytes.length + more }],
      });
      if (read === null) {
        faults.push({ kind: 'bad-header', message: 'this is no description of a sudo I/O log; it was not used', place });
        continue;
      }
      faults.push(...[...read.faults, ...disagreements(info, read)].map((fault) => ({ ...fault, place })));
      info ??= read;
    }
    const { sink } = this.#turns;
    const [first = { form: 'raw', ranges: [] }, ...others] = spans;
    this.#feed = new SessionFeed(sink, info?.header ?? { ...ASSUMED_SIZE, metadata: '{}' }, first);
    for (const { form, ranges } of others) this.#feed.record(sink, form, ...ranges);
    for (const { kind, message, place } of faults) this.#feed.discrepancy(sink, kind, message, place);
  }

  *#line(part: number, line: Line): Turn<void> {
    const { sink } = this.#turns;
    const feed = this.#feed;
    const range = rangeOf(part, line);
    const place: Place = { file: this.#names[part]!, line: line.number, offset: line.offset, length: line.length };
    const parsed = line.bytes === null || !line.ended ? null : parseSudoLine(decodeUtf8(line.bytes).text.trimEnd());
    if (parsed === null) {
      feed.record(sink, 'raw', range);
      if (line.ended) feed.discrepancy(sink, 'bad-line', 'this is no timing line; it was skipped', place);
      else {
        feed.discrepancy(
          sink,
          'truncated',
          `the last timing line is incomplete: it has ${String(line.length)} bytes and no end; it was skipped`,
          place,
        );
      }
      return;
    }
    const { number, rest } = parsed;
    if (Number(number) === TTYOUT_OF_1_8_7) this.#shift = 2;
    const event = Number(number) - this.#shift;
    const moment = feed.after(sink, parsed.delay, () => parsed.delayText, place);
    if (STREAM_FILES[event] !== undefined && /^\d{1,15}$/.test(rest)) {
      const log = this.#logs.get(event);
      if (log !== undefined) {
        yield* log.play(feed, STREAM_FILES[event].stream, Number(rest), moment, range);
        return;
      }
      const { name } = STREAM_FILES[event];
      this.#absent.set(name, (this.#absent.get(name) ?? 0) + Number(rest));
      feed.record(sink, 'raw', range);
      return;
    }
    this.#other(event, number, rest, moment, feed.record(sink, 'raw', range), place);
  }

  #other(event: number, number: string, rest: string, moment: Moment, record: number, place: Place): void {
    const { sink } = this.#turns;
    const feed = this.#feed;
    if (event === SUSPEND) return feed.emit(sink, { kind: 'other', code: 'suspend', text: rest }, moment, record);
    const size = event === WINDOW_SIZE ? /^(\d{1,9}) +(\d{1,9})$/.exec(rest) : null;
    const shown = size === null ? null : resizeSize(Number(size[2]), Number(size[1]));
    if (shown !== null) return feed.emit(sink, { kind: 'resize', ...shown }, moment, record);
    if (event === WINDOW_SIZE) {
      feed.discrepancy(sink, 'bad-size', 'the window change has no size that can be shown; it is kept and not applied', place);
    } else {
      feed.discrepancy(
        sink,
        'unknown-event',
        `event ${number} is not known, or not in this form; it is kept as an event without effect`,
        place,
      );
    }
    feed.emit(sink, { kind: 'other', code: number, text: rest }, moment, record);
  }
}

/** What both descriptions say, in the words for a person. */
const SAID = ['user', 'user run as', 'group run as', 'terminal', 'command'] as const;
type Said = { readonly [what in (typeof SAID)[number]]: string | undefined };

interface Info {
  readonly header: SessionHeader;
  readonly faults: readonly Fault[];
  readonly said: Said;
}

function infoOf(
  cols: unknown,
  rows: unknown,
  names: [string, string],
  rest: Omit<SessionHeader, 'cols' | 'rows' | 'sizeAssumed'>,
  said: Said,
  faults: readonly (Fault | null)[],
): Info {
  const none = cols === undefined && rows === undefined;
  const { fault, ...size } = none ? ASSUMED_SIZE : startSize(cols, rows, names);
  const all = [...(fault === undefined ? [] : [{ kind: 'bad-size' as const, message: fault }]), ...faults];
  return { header: { ...rest, ...size }, faults: all.filter((one) => one !== null), said };
}

/** Where `log` says another thing than `log.json`. */
function disagreements(json: Info | null, { said }: Info): Fault[] {
  return SAID.flatMap((what) => {
    const [first, second] = [json?.said[what], said[what]];
    if (first === undefined || second === undefined || first === second) return [];
    const message = `the ${what} is ${quoted(second)} in log and ${quoted(first)} in log.json, which is used`;
    return [{ kind: 'inconsistent-parts' as const, message }];
  });
}

/** Reads `log.json` (sudo 1.9 and later), or returns null. */
function readLogJson(bytes: Uint8Array): Info | null {
  const parsed = parseJson(bytes);
  if (parsed.kind === 'fault' || !isObject(parsed.value)) return null;
  const log = parsed.value;
  const path = textOf(log, 'command');
  const command = path === undefined ? undefined : [path, ...(textsOf(log, 'runargv') ?? []).slice(1)].join(' ');
  const user = textOf(log, 'submituser');
  const server = textOf(log, 'submithost');
  const startedAt = isObject(log['timestamp']) ? instantOf(log['timestamp']) : null;
  const header = {
    ...(command === undefined ? {} : { command }),
    ...(user === undefined ? {} : { user }),
    ...(server === undefined ? {} : { server }),
    ...(startedAt === null ? {} : { startedAt }),
    ...(Number.isSafeInteger(log['exit_value']) ? { exitStatus: log['exit_value'] as number } : {}),
    metadata: parsed.text,
  };
  const said = {
    user,
    'user run as': textOf(log, 'runuser'),
    'group run as': textOf(log, 'rungroup'),
    terminal: textOf(log, 'ttyname'),
    // In `log` it is one line.
    command: command?.split('\n', 1)[0],
  };
  const names = ['command', 'submituser', 'submithost', 'runuser', 'rungroup', 'ttyname'];
  const timestamp = log['timestamp'] ?? null;
  return infoOf(log['columns'], log['lines'], ['columns', 'lines'], header, said, [
    parsed.exact ? null : notUtf8('the description'),
    ...names.map((name) => textFault(log, name)),
    textsFault(log, 'runargv'),
    timestamp === null || startedAt !== null ? null : timeFault('timestamp', shown(timestamp), 'the start is not known'),
  ]);
}

function instantOf(timestamp: JsonObject): Micros | null {
  const { seconds, nanoseconds } = timestamp as { readonly seconds?: unknown; readonly nanoseconds?: unknown };
  if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds)) return null;
  const whole = parseSeconds(String(seconds));
  const below = typeof nanoseconds === 'number' && nanoseconds >= 0 && nanoseconds < 1e9 ? Math.floor(nanoseconds / 1000) : 0;
  return whole === null ? null : ((whole.micros + below) as Micros);
}

/** Reads the three lines of `log`: `time:user:runas_user:runas_group:tty[:lines:cols]`, folder, command. Or returns null. */
function readLog(bytes: Uint8Array): Info | null {
  const { text, replaced } = decodeUtf8(bytes);
  const [first = '', folder = '', command = ''] = text.split('\n', 3);
  const [time = '', user = '', runas = '', group = '', tty = '', lines, cols] = first.split(':', 7);
  const startedAt = /^\d{1,12}$/.test(time) ? parseSeconds(time) : null;
  if (startedAt === null) return null;
  const number = (digits: string | undefined): number | undefined =>
    digits === undefined || !/^\d{1,9}$/.test(digits) ? undefined : Number(digits);
  const header = {
    ...(command === '' ? {} : { command }),
    ...(user === '' ? {} : { user }),
    startedAt: startedAt.micros,
    metadata: JSON.stringify({ time, user, runas_user: runas, runas_group: group, tty, lines, cols, folder, command }),
  };
  // What sudo does not know it leaves out of `log.json`, and calls so here.
  const known = (said: string): string | undefined => (said === '' || said === 'unknown' ? undefined : said);
  const said = {
    user: known(user),
    'user run as': known(runas),
    'group run as': known(group),
    terminal: known(tty),
    command: known(command),
  };
  return infoOf(number(cols), number(lines), ['cols', 'lines'], header, said, [
    replaced === 0 ? null : notUtf8('the description'),
  ]);
}
