// A recording as one JSON document in the form of the rstream CLI's export (`export_version` 1), every record beside its event in the
// form in which it was acquired. A recording of rstream itself gives back its stored session and events, text for text. What
// Exhibit adds stands in members named `exhibit`, which readers of the format ignore.

import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { formatInstant, formatSeconds, type Micros } from '../../shared/recording/time.ts';
import type { Library } from '../library/library.ts';
import { rangeReader } from '../library/library.ts';
import type { OpenedRecording } from '../replay/replay.ts';
import { eventsInRange, isWhole, type ExportRange } from './range.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const DISCREPANCIES = 1_000_000;

/** The text of a JSON value as it was stored, or null where the bytes are no JSON in UTF-8. */
function storedJson(bytes: Uint8Array): string | null {
  try {
    const text = decoder.decode(bytes);
    JSON.parse(text);
    return text;
  } catch {
    return null;
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

/** The document in pieces. `generatedAt`: RFC 3339, UTC. */
export function* jsonDocument(
  library: Library,
  recording: OpenedRecording,
  range: ExportRange,
  generatedAt: string,
): Generator<string> {
  const { session } = recording;
  const { content } = library;
  const read = rangeReader(content, session.acquisition);
  const own = session.format === 'rstream-json' || session.format === 'rstream';
  const stored = (record: number): { readonly json: string | null; readonly bytes: Uint8Array } => {
    const span = content.record(session, record);
    const bytes = read(span);
    return { json: span.form === 'jcs' ? storedJson(bytes) : null, bytes };
  };

  const first = own ? stored(0).json : null;
  yield `{\n  "export_version": 1,\n  "generated_at": ${JSON.stringify(generatedAt)},\n`;
  yield `  "session": ${first ?? sessionObject(recording)},\n`;
  yield `  "exhibit": ${provenance(library, recording, range)},\n  "events": [`;

  let separator = '\n';
  for (const event of eventsInRange(recording, range)) {
    const { json, bytes } = stored(event.record);
    if (own && json !== null) yield `${separator}    ${json}`;
    else {
      const { startedAt } = session;
      const created = event.time ?? (startedAt === null ? undefined : formatInstant((startedAt + event.at) as Micros));
      const shape = known({ seq: event.seq, created_at: created, ...body(event) });
      const record = json === null ? `{"form":"raw","base64":"${base64(bytes)}"}` : `{"form":"json","value":${json.trim()}}`;
      const exhibit = `{"at":"${formatSeconds(event.at)}","record":${String(event.record)},"stored":${record}}`;
      yield `${separator}    ${JSON.stringify(shape).slice(0, -1)},"exhibit":${exhibit}}`;
    }
    separator = ',\n';
  }
  yield separator === '\n' ? ']\n}\n' : '\n  ]\n}\n';
}
