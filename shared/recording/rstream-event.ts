// Sessions and events as the rstream engine API returns them, and as its JSON export repeats them: from JSON objects to the
// one form of the house. Plaintext, where there is some, becomes data; ciphertext stays sealed for the vault; everything that
// is no payload and no resize becomes an event without effect, with what it says.

import { decodeBase64 } from './base64.ts';
import type { SessionHeader } from './decoder.ts';
import { gapMessage, type DiscrepancyKind, type Fault } from './discrepancy.ts';
import { STREAM_NAMES, type StreamName } from './event.ts';
import { repeatFault } from './json-exact.ts';
import {
  isObject,
  memberText,
  notUtf8,
  shown,
  shownAs,
  textFault,
  textOf,
  textsFault,
  textsOf,
  timeFault,
  type JsonObject,
} from './json-text.ts';
import { ASSUMED_SIZE, resizeSize } from './screen-size.ts';
import type { EventBody } from './session-feed.ts';
import { parseInstant } from './time.ts';

/** The header of a session object. `text` is its JSON as received. The size is not in it: the first resize gives it. */
export function rstreamHeader(session: JsonObject, text: string): SessionHeader {
  const context = isObject(session['context']) ? session['context'] : {};
  const meta = isObject(session['command_meta']) ? session['command_meta'] : {};
  const startedAt = parseInstant(textOf(session, 'started_at') ?? '');
  const exit = session['exit_code'];
  return {
    ...optional('nativeId', textOf(session, 'id')),
    ...optional('title', textOf(context, 'purpose')),
    ...optional('command', textsOf(meta, 'cmd_args')?.join(' ')),
    ...optional('user', textOf(session, 'initiator_user_id')),
    ...optional('server', textOf(session, 'server_id')),
    ...optional('origin', textOf(context, 'origin')),
    ...optional('group', textOf(session, 'group_id')),
    ...optional('status', textOf(session, 'status')),
    ...optional('startedAt', startedAt ?? undefined),
    ...optional('exitStatus', typeof exit === 'number' && Number.isSafeInteger(exit) ? exit : undefined),
    cols: ASSUMED_SIZE.cols,
    rows: ASSUMED_SIZE.rows,
    sizeAssumed: true,
    metadata: text,
  };
}

/** What is wrong with a session object and the members that {@link rstreamHeader} takes. `exact`: its bytes are UTF-8. */
export function rstreamHeaderFaults(session: JsonObject, bytes: Uint8Array, exact: boolean): readonly Fault[] {
  const faults = ['id', 'initiator_user_id', 'server_id', 'group_id', 'status'].map((name) => textFault(session, name));
  const { context, command_meta: meta } = session;
  faults.push(repeatFault('the session', bytes, session));
  if (!exact) faults.unshift(notUtf8('the session'));
  if (isObject(meta)) faults.push(textsFault(meta, 'cmd_args'));
  if (isObject(context)) faults.push(textFault(context, 'purpose'), textFault(context, 'origin'));
  const started = session['started_at'] ?? null;
  if (started !== null && (typeof started !== 'string' || parseInstant(started) === null)) {
    faults.push(timeFault('started_at', shownAs(started, memberText(bytes, 'started_at')), 'the start is not known'));
  }
  return faults.filter((fault) => fault !== null);
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [name in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [name in Name]?: Value });
}

/** How many events a session object says there are, and the number of the last; null where it does not, as no engine has to. */
export function rstreamExtent(session: JsonObject): { readonly count: bigint | null; readonly last: bigint | null } {
  const read = (member: string): bigint | null => {
    const number = wholeNumber(session[member]);
    return number === null ? null : BigInt(number);
  };
  return { count: read('event_count'), last: read('last_seq') };
}

/** The largest sequence number: they are unsigned numbers of 64 bits. */
export const MAX_SEQ = 2n ** 64n - 1n;

/** The sequence number as text, or null where there is none that is a whole number of 64 bits. Large ones come as text. */
export function rstreamSeq(event: JsonObject): string | null {
  return wholeNumber(event['seq']);
}

function wholeNumber(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value);
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return null;
  return value.length < 20 || BigInt(value) <= MAX_SEQ ? value : null;
}

/** What an event is, and what is wrong with it. `bytes` are those of the event object. */
export function rstreamBody(event: JsonObject, bytes: Uint8Array): { readonly body: EventBody; readonly fault: Fault | null } {
  const type = textOf(event, 'type') ?? 'data';
  if (type === 'data') return dataBody(event, bytes);
  const body: EventBody = { kind: 'other', code: type, text: rest(event) };
  const metadata = metadataOf(event);
  if (type !== 'resize') return { body: addedBody(event, type, metadata) ?? body, fault: null };
  const terminal = isObject(metadata['terminal_size']) ? metadata['terminal_size'] : {};
  const size = resizeSize(Number(terminal['col'] ?? NaN), Number(terminal['row'] ?? NaN));
  if (size !== null) return { body: { kind: 'resize', ...size }, fault: null };
  return { body, fault: { kind: 'bad-size', message: 'the resize has no size that can be shown; it is kept and not applied' } };
}

/** What rstream has no event for, as Exhibit's export writes it: a marker, or an exit. */
function addedBody({ exhibit }: JsonObject, type: string, { label, status }: JsonObject): EventBody | null {
  if (!isObject(exhibit)) return null;
  if (type === 'marker' && typeof label === 'string') return { kind: 'marker', label: label.toWellFormed() };
  if (type !== 'exit' || typeof status !== 'string') return null;
  return { kind: 'exit', status: /^-?\d{1,10}$/.test(status) ? Number(status) : null, text: status.toWellFormed() };
}

function metadataOf(event: JsonObject): JsonObject {
  const metadata = event['metadata'];
  if (isObject(metadata)) return metadata;
  try {
    const parsed: unknown = typeof metadata === 'string' ? JSON.parse(metadata) : null;
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function dataBody(event: JsonObject, bytes: Uint8Array): { readonly body: EventBody; readonly fault: Fault | null } {
  const name = event['stream_type'];
  const stream = STREAM_NAMES.find((known) => known === name);
  const plain = textOf(event, 'payload_plaintext');
  const sealed = textOf(event, 'payload_ciphertext');
  const claimed = event['payload_length'] ?? 0;
  const length = typeof claimed === 'number' && Number.isSafeInteger(claimed) && claimed >= 0 ? claimed : 0;
  const kept = (kind: DiscrepancyKind, message: string): { body: EventBody; fault: Fault } => ({
    body: { kind: 'other', code: 'data', text: rest(event) },
    fault: { kind, message: `${message}; the event is kept and its payload is not shown` },
  });
  if (stream === undefined) return kept('bad-line', `the stream is ${shown(name)}`);
  if (plain === undefined && sealed === undefined && length > 0) {
    return kept('not-decrypted', `the source did not return the payload of ${String(length)} bytes`);
  }
  const payload = decodeBase64(plain ?? sealed ?? '', payloadRoom);
  if (payload === null) return kept('encoding', `payload_${plain === undefined ? 'cipher' : 'plain'}text is not base64`);
  if (plain === undefined && sealed !== undefined) return { body: sealedBody(stream, length, payload, bytes), fault: null };
  const differs = payload.length !== length;
  const message = `payload_length is ${shown(event['payload_length'])}, and the payload has ${String(payload.length)} bytes`;
  return { body: { kind: 'data', stream, bytes: payload }, fault: differs ? { kind: 'inconsistent', message } : null };
}

const SHARED_ROOM = 16 * 1024;
let shared = new Uint8Array(SHARED_ROOM);
let taken = 0;

/** Room for a payload. Short ones stand side by side in one buffer: a buffer of its own costs more than decoding it. */
function payloadRoom(length: number): Uint8Array<ArrayBuffer> {
  if (length > SHARED_ROOM / 16) return new Uint8Array(length);
  if (taken + length > SHARED_ROOM) {
    shared = new Uint8Array(SHARED_ROOM);
    taken = 0;
  }
  taken += length;
  return shared.subarray(taken - length, taken);
}

/** The crypto object keeps its text: the order of the members of a key context matters to whoever opens it. */
function sealedBody(stream: StreamName, length: number, ciphertext: Uint8Array, bytes: Uint8Array): EventBody {
  return { kind: 'sealed', stream, length, crypto: memberText(bytes, 'crypto') ?? 'null', ciphertext };
}

/** Members that an event has beside its number, time and type. */
const OWN = new Set([
  'id',
  'session_id',
  'seq',
  'created_at',
  'type',
  'prev_hash',
  'hash',
  'payload_plaintext',
  'payload_ciphertext',
  'crypto',
]);

/** What else an event says, as JSON, or nothing. */
function rest(event: JsonObject): string {
  const others = Object.entries(event).filter(([name]) => !OWN.has(name));
  return others.length === 0 ? '' : JSON.stringify(Object.fromEntries(others)).toWellFormed();
}

/** Number and hash of the event that came last. */
export interface OrderState {
  readonly seq: string | null;
  readonly hash: string | null;
}

/** Watches the order of events: sequence numbers that are missing or repeated, links that do not join. */
export class RstreamOrder {
  #seq: string | null;
  /** The number that follows the last one, where it is small enough to be counted without big numbers. */
  #next: string | null;
  #hash: string | undefined;

  constructor(from: OrderState = { seq: null, hash: null }) {
    this.#seq = from.seq;
    this.#next = following(from.seq);
    this.#hash = from.hash ?? undefined;
  }

  state(): OrderState {
    return { seq: this.#seq === null ? null : String(BigInt(this.#seq)), hash: this.#hash ?? null };
  }

  /** What is wrong with the place of the next event. */
  next(event: JsonObject, seq: string | null): readonly Fault[] {
    const link = textOf(event, 'prev_hash');
    const joins = link === undefined || this.#hash === undefined || link === this.#hash;
    this.#hash = textOf(event, 'hash');
    if (seq !== null && seq === this.#next && joins) {
      this.#seq = seq;
      this.#next = following(seq);
      return NO_FAULTS;
    }
    const faults: Fault[] = [];
    if (seq === null) {
      faults.push({
        kind: 'bad-line',
        message: `the sequence number is ${shown(event['seq'])}; the event has its place in the file for one`,
      });
    } else {
      const value = BigInt(seq);
      const before = this.#seq === null ? null : BigInt(this.#seq);
      if (before !== null && value === before) {
        faults.push({ kind: 'sequence-repeat', message: `sequence number ${seq} comes twice; both events are kept` });
      }
      if (before !== null && value < before) {
        faults.push({
          kind: 'sequence-reorder',
          message: `sequence number ${seq} follows ${String(before)}; the order of the file is kept`,
        });
      }
      if (before !== null && value > before + 1n) {
        faults.push({ kind: 'sequence-gap', message: gapMessage('sequence number', before, value) });
      }
      this.#seq = seq;
      this.#next = following(seq);
    }
    if (!joins) faults.push({ kind: 'broken-link', message: 'prev_hash is not the hash of the event before' });
    return faults;
  }
}

const NO_FAULTS: readonly Fault[] = [];

function following(seq: string | null): string | null {
  return seq === null || seq.length > 15 ? null : String(Number(seq) + 1);
}
