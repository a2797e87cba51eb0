// A recording as one JSON document in the form of the rstream CLI's export (`export_version` 1), every record beside the first of its
// events in the form in which it was acquired; its other events name its position alone. A recording of rstream itself gives back its
// stored session and events, text for text, with the plaintext of each payload that was opened beside its ciphertext; what did not
// open is named in `warnings`. What Exhibit adds stands in members named `exhibit`, which readers of the format ignore.

import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { DataEvent, RecordingEvent } from '../../shared/recording/event.ts';
import { eachMember, isObject, textOf } from '../../shared/recording/json-text.ts';
import { formatInstant, formatSeconds, type Micros } from '../../shared/recording/time.ts';
import type { Library, SessionRow } from '../library/library.ts';
import { rangeReader, wholeRecord } from '../library/library.ts';
import type { OpenedRecording } from '../replay/replay.ts';
import { eventsInRange, isWhole, type ExportRange } from './range.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const PLAINTEXT = 'payload_plaintext';

const DISCREPANCIES = 1_000_000;

/** Warnings that stand in a document one by one; the rest is counted. */
const WARNINGS = 1000;

interface Stored {
  readonly text: string;
  readonly value: unknown;
}

/** A JSON value as it was stored, or null where the bytes are no JSON in UTF-8. */
function storedJson(bytes: Uint8Array): Stored | null {
  try {
    const text = decoder.decode(bytes);
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

/** An event object of rstream with the plaintext of its payload; all other members keep their text. */
function withPlaintext(object: string, plaintext: Uint8Array): string {
  const members: string[] = [];
  eachMember(encoder.encode(object), (name, text) => {
    if (name !== PLAINTEXT) members.push(`${JSON.stringify(name)}:${text()}`);
  });
  return `{${[...members, `"${PLAINTEXT}":"${base64(plaintext)}"`].join(',')}}`;
}

/** Whether the payload of a stored event was opened here, rather than given in clear by the source. */
function opensHere({ value }: Stored, event: RecordingEvent): event is DataEvent {
  return (
    event.kind === 'data' &&
    isObject(value) &&
    textOf(value, PLAINTEXT) === undefined &&
    textOf(value, 'payload_ciphertext') !== undefined
  );
}

/** Collects what an export must say of events that it gives in stored form. */
class Warnings {
  readonly #lock: string | null;
  readonly #texts: string[] = [];
  #untried = 0;
  #more = 0;

  constructor(lock: string | null) {
    this.#lock = lock;
  }

  event(event: RecordingEvent): void {
    if (event.kind !== 'sealed') return;
    if (event.refusal === undefined) this.#untried += 1;
    else if (this.#texts.length >= WARNINGS) this.#more += 1;
    else this.#texts.push(`event ${event.seq} is in stored form, its payload does not open: ${event.refusal}`);
  }

  all(): readonly string[] {
    const events = (n: number): string => (n === 1 ? '1 event' : `${String(n)} events`);
    return [
      ...this.#texts,
      ...(this.#more === 0 ? [] : [`${events(this.#more)} more in stored form`]),
      ...(this.#untried === 0 ? [] : [`${events(this.#untried)} in stored form: ${this.#lock ?? 'no key was tried'}`]),
    ];
  }
}

function body(event: RecordingEvent): Record<string, unknown> {
  switch (event.kind) {
    case 'data':
      return {
        type: 'data',
        direction: event.stream === 'stdin' ? 'client_to_server' : 'server_to_client',
        stream_type: event.stream,
        payload_length: event.bytes.length,
        payload_plaintext: base64(event.bytes),
      };
    case 'sealed':
      return {
        type: 'data',
        direction: event.stream === 'stdin' ? 'client_to_server' : 'server_to_client',
        stream_type: event.stream,
        payload_length: event.length,
        payload_ciphertext: base64(event.ciphertext),
        crypto: JSON.parse(event.crypto) as unknown,
      };
    case 'resize':
      return { type: 'resize', metadata: { terminal_size: { row: event.rows, col: event.cols } } };
    case 'marker':
      return { type: 'marker', metadata: { label: event.label } };
    case 'exit':
      return { type: 'exit', metadata: { status: event.text } };
    case 'other':
      return { type: event.code, metadata: { text: event.text } };
  }
}

const known = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));

/** When an event came, as far as that is known. */
function createdAt({ startedAt }: SessionRow, { time, at }: RecordingEvent): string | undefined {
  if (time !== undefined) return time === '' ? undefined : time;
  return startedAt === null ? undefined : formatInstant((startedAt + at) as Micros);
}

/** The session object of a recording that is not rstream's: what its source said, under rstream's names. */
function sessionObject({ session }: OpenedRecording): string {
  const { startedAt, duration, title, origin, command } = session;
  return JSON.stringify(
    known({
      id: session.nativeId ?? session.id,
      server_id: session.server,
      initiator_user_id: session.user,
      group_id: session.group,
      status: session.status,
      command_meta: command === null ? null : { cmd_args: [command] },
      context: title === null && origin === null ? null : known({ origin, purpose: title }),
      started_at: startedAt === null ? null : formatInstant(startedAt),
      ended_at: startedAt === null ? null : formatInstant((startedAt + duration) as Micros),
      exit_code: session.exitStatus,
    }),
  );
}

function provenance(library: Library, recording: OpenedRecording, range: ExportRange): string {
  const { session } = recording;
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return JSON.stringify({
    session_id: session.id,
    source: session.source,
    format: session.format,
    acquired_at: session.acquiredAt,
    terminal_size: { row: session.rows, col: session.cols, assumed: session.sizeAssumed === 1 },
    ...known({ terminal_type: session.term }),
    duration: formatSeconds(session.duration),
    events: session.events,
    whole: isWhole(range),
    records: session.records,
    root: hex(session.root),
    parts: library.sessions.parts(session).map(({ name, role, size, sha256 }) => ({ name, role, size, sha256: hex(sha256) })),
    metadata: JSON.parse(library.sessions.metadata(session)) as unknown,
    discrepancies: library.sessions.discrepancies(session, DISCREPANCIES) satisfies readonly Discrepancy[],
  });
}

/** The document in pieces. `generatedAt`: RFC 3339, UTC. `lock`: why no key opens the recording. */
export function* jsonDocument(
  library: Library,
  recording: OpenedRecording,
  range: ExportRange,
  generatedAt: string,
  lock: string | null,
): Generator<string> {
  const { session } = recording;
  const { content } = library;
  const read = rangeReader(content, session.acquisition);
  const own = session.format === 'rstream-json' || session.format === 'rstream';
  const warnings = new Warnings(lock);
  const stored = (record: number): { readonly json: Stored | null; readonly bytes: Uint8Array } => {
    const span = content.record(session, record);
    const bytes = wholeRecord(span, read);
    return { json: span.form === 'jcs' ? storedJson(bytes) : null, bytes };
  };

  // A session that was still open when it was first read has told how it ended since.
  const told = library.documents.latest(session, 'session')?.bytes();
  const first = own ? ((told === undefined ? null : storedJson(told)) ?? stored(0).json) : null;
  yield `{\n  "export_version": 1,\n  "generated_at": ${JSON.stringify(generatedAt)},\n`;
  yield `  "session": ${first?.text ?? sessionObject(recording)},\n`;
  yield `  "exhibit": ${provenance(library, recording, range)},\n  "events": [`;

  const recordText = (record: number): string => {
    const { json, bytes } = stored(record);
    return json === null ? `{"form":"raw","base64":"${base64(bytes)}"}` : `{"form":"json","value":${json.text.trim()}}`;
  };

  let separator = '\n';
  /** Records of events never go back: one that was given is the last one. */
  let given = -1;
  for (const event of eventsInRange(recording, range)) {
    warnings.event(event);
    const json = own ? stored(event.record).json : null;
    if (json !== null) yield `${separator}    ${opensHere(json, event) ? withPlaintext(json.text, event.bytes) : json.text}`;
    else {
      const shape = known({ seq: event.seq, created_at: createdAt(session, event), ...body(event) });
      const record = event.record === given ? '' : `,"stored":${recordText(event.record)}`;
      given = event.record;
      const exhibit = `{"at":"${formatSeconds(event.at)}","record":${String(event.record)}${record}}`;
      yield `${separator}    ${JSON.stringify(shape).slice(0, -1)},"exhibit":${exhibit}}`;
    }
    separator = ',\n';
  }
  yield separator === '\n' ? ']' : '\n  ]';
  const said = warnings.all();
  yield said.length === 0 ? '\n}\n' : `,\n  "warnings": ${JSON.stringify(said)}\n}\n`;
}
