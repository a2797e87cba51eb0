// Events of Teleport sessions, from both of their forms: protobuf records (since 4.3) and lines of JSON (before). The field
// numbers are those of OneOf and its messages in api/proto/teleport/legacy/types/events/events.proto, the JSON names are the
// `jsontag` of the same fields. https://github.com/gravitational/teleport

import type { SessionHeader } from './decoder.ts';
import type { Fault } from './discrepancy.ts';
import { isObject, textFault, textOf, textsFault, textsOf, type ParsedJson } from './json-text.ts';
import { fields } from './protobuf.ts';
import { ASSUMED_SIZE, parseSize } from './screen-size.ts';
import type { EventBody } from './session-feed.ts';
import { MICROS_PER_SECOND, parseInstant, type Micros } from './time.ts';
import { decodeUtf8 } from './utf8.ts';

/** One event, as far as it is understood. All of it is the source's claim. */
export interface TeleportEvent {
  /** `session.start`, `print`, `resize`, `session.end` and so on. */
  readonly type: string;
  readonly index: number | null;
  /** Since 1970-01-01 UTC. */
  readonly time: Micros | null;
  /** Milliseconds since the first output, for output. */
  readonly delay: number | null;
  /** Bytes of output that the event claims, and in the protobuf form the output itself. */
  readonly length: number | null;
  readonly data: Uint8Array | null;
  /** `COLS:ROWS` */
  readonly size: string | null;
  /** What else it says, by the names of the JSON form. */
  readonly details: { readonly [name: string]: unknown };
  /** False where bytes are not UTF-8 and became U+FFFD. */
  readonly exact: boolean;
}

export const PRINT = 'print';
export const RESIZE = 'resize';
export const SESSION_START = 'session.start';

/** Numbers of OneOf whose messages have more than `Metadata = 1` that is used here. */
const ONE_OF_START = 5;
const ONE_OF_JOIN = 6;
const ONE_OF_PRINT = 7;
const ONE_OF_RESIZE = 9;
const ONE_OF_END = 10;
const ONE_OF_LEAVE = 15;

/** Where the parts of a message stand: the numbers of its sub-messages and of its size and command. */
interface Layout {
  readonly user: number;
  readonly session: number;
  readonly server: number;
  readonly connection: number;
  readonly size?: number;
  readonly command?: number;
}

const LAYOUTS: ReadonlyMap<number, Layout> = new Map([
  [ONE_OF_START, { user: 2, session: 3, server: 4, connection: 5, size: 6, command: 9 }],
  [ONE_OF_JOIN, { user: 2, session: 3, server: 4, connection: 5 }],
  [ONE_OF_RESIZE, { user: 2, session: 3, connection: 4, server: 5, size: 6 }],
  [ONE_OF_END, { user: 2, session: 3, connection: 4, server: 5 }],
  [ONE_OF_LEAVE, { user: 2, session: 3, server: 4, connection: 5 }],
]);

const NAMES = {
  user: new Map([
    [1, 'user'],
    [2, 'login'],
    [3, 'impersonator'],
  ]),
  session: new Map([
    [1, 'sid'],
    [2, 'with_mfa'],
  ]),
  server: new Map([
    [1, 'namespace'],
    [2, 'server_id'],
    [3, 'server_hostname'],
    [4, 'server_addr'],
  ]),
  connection: new Map([
    [1, 'addr.local'],
    [2, 'addr.remote'],
    [3, 'proto'],
  ]),
  metadata: new Map([
    [2, 'event'],
    [3, 'uid'],
    [4, 'code'],
    [6, 'cluster_name'],
  ]),
} as const;

/** Reads one protobuf record. Throws a RangeError where it is none. */
export function readProtoEvent(bytes: Uint8Array): TeleportEvent {
  const [one, ...more] = fields(bytes);
  if (one === undefined || more.length > 0 || typeof one.value === 'number') throw new RangeError('it is not one event');
  const layout = LAYOUTS.get(one.number);
  const details: Record<string, unknown> = {};
  const command: string[] = [];
  let index: number | null = null;
  let time: Micros | null = null;
  let size: string | null = null;
  let data: Uint8Array | null = null;
  let length: number | null = null;
  let delay: number | null = null;
  let exact = true;
  const textIn = (field: Uint8Array): string => {
    const { text, replaced } = decodeUtf8(field);
    exact &&= replaced === 0;
    return text;
  };
  const readTexts = (message: Uint8Array, names: ReadonlyMap<number, string>): void => {
    for (const { number, value } of fields(message)) {
      const name = names.get(number);
      if (name !== undefined && typeof value !== 'number') details[name] = textIn(value);
    }
  };
  for (const { number, value } of fields(one.value)) {
    if (number === 1 && typeof value !== 'number') {
      index = 0;
      for (const field of fields(value)) {
        if (field.number === 1 && typeof field.value === 'number') index = Number.isSafeInteger(field.value) ? field.value : null;
        if (field.number === 5 && typeof field.value !== 'number') time = readTimestamp(field.value);
      }
      readTexts(value, NAMES.metadata);
    } else if (one.number === ONE_OF_PRINT) {
      if (number === 3 && typeof value !== 'number') data = value;
      if (number === 4 && typeof value === 'number') length = value;
      if (number === 5 && typeof value === 'number') delay = value;
    } else if (layout !== undefined && typeof value !== 'number') {
      for (const part of ['user', 'session', 'server', 'connection'] as const) {
        if (number === layout[part]) readTexts(value, NAMES[part]);
      }
      if (number === layout.size) size = textIn(value);
      if (number === layout.command) command.push(textIn(value));
    }
  }
  if (command.length > 0) details['initial_command'] = command;
  if (size !== null) details['size'] = size;
  const { event, ...rest } = details;
  const type = typeof event === 'string' ? event : one.number === ONE_OF_PRINT ? PRINT : `OneOf ${String(one.number)}`;
  if (one.number === ONE_OF_PRINT) {
    return {
      type: PRINT,
      index,
      time,
      delay: delay ?? 0,
      length: length ?? 0,
      data: data ?? new Uint8Array(0),
      size,
      details: rest,
      exact,
    };
  }
  return { type, index, time, delay: null, length: null, data: null, size, details: rest, exact };
}

/** google.protobuf.Timestamp: seconds and nanoseconds. Null where it is out of range. */
function readTimestamp(message: Uint8Array): Micros | null {
  let seconds = 0;
  let nanos = 0;
  for (const { number, value } of fields(message)) {
    if (number === 1 && typeof value === 'number') seconds = value;
    if (number === 2 && typeof value === 'number') nanos = value;
  }
  const micros = seconds * MICROS_PER_SECOND + Math.floor(nanos / 1000);
  return Number.isSafeInteger(micros) && nanos < 1e9 ? (micros as Micros) : null;
}

/** Reads the JSON form. Null where it is no event. */
export function readJsonEvent(parsed: ParsedJson): TeleportEvent | null {
  if (parsed.kind === 'fault' || !isObject(parsed.value)) return null;
  const { value, exact } = parsed;
  const type = textOf(value, 'event');
  if (type === undefined) return null;
  const { event: _, ei, time, ms, bytes, ...details } = value as Record<string, unknown>;
  const count = (number: unknown): number | null =>
    typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
  const print = type === PRINT;
  return {
    type,
    index: count(ei),
    time: typeof time === 'string' ? parseInstant(time) : null,
    delay: print ? count(ms) : null,
    length: print ? count(bytes) : null,
    data: null,
    size: textOf(value, 'size') ?? null,
    details,
    exact,
  };
}

/** The header that a first event gives: all of it if that is the start of the session, else what there is. */
export function teleportHeader(event: TeleportEvent): SessionHeader {
  const { details } = event;
  const size = event.type === SESSION_START && event.size !== null ? parseSize(event.size, ':') : null;
  const text = (name: string): string | undefined => textOf(details, name);
  const [nativeId, user, server, origin] = [
    text('sid'),
    text('user'),
    text('server_hostname') ?? text('server_id'),
    text('addr.remote'),
  ];
  const command = textsOf(details, 'initial_command');
  return {
    ...(nativeId === undefined ? {} : { nativeId }),
    ...(user === undefined ? {} : { user }),
    ...(server === undefined ? {} : { server }),
    ...(origin === undefined ? {} : { origin }),
    ...(command === undefined ? {} : { command: command.join(' ') }),
    ...(event.time === null ? {} : { startedAt: event.time }),
    ...(size === null ? ASSUMED_SIZE : { ...size, sizeAssumed: false }),
    metadata: JSON.stringify(details),
  };
}

/** What is wrong with the members that {@link teleportHeader} takes. */
export function teleportHeaderFaults({ details }: TeleportEvent): readonly Fault[] {
  const names = ['sid', 'user', 'server_hostname', 'server_id', 'addr.remote'];
  const faults = [...names.map((name) => textFault(details, name)), textsFault(details, 'initial_command')];
  return faults.filter((fault) => fault !== null);
}

/** What an event that is no output means for the screen, and whether its size is none. */
export function bodyOf(event: TeleportEvent): { readonly body: EventBody; readonly badSize: boolean } {
  const size = event.type === RESIZE && event.size !== null ? parseSize(event.size, ':') : null;
  if (size !== null) return { body: { kind: 'resize', ...size }, badSize: false };
  return {
    body: { kind: 'other', code: event.type, text: JSON.stringify(event.details).toWellFormed() },
    badSize: event.type === RESIZE,
  };
}
