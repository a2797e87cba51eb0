// Events as the lines of decrypted.jsonl (docs/bundle.md).

import { isUtf8 } from 'node:buffer';
import type { RecordingEvent } from '../../../shared/recording/event.ts';
import type { EventSource } from '../../replay/replay.ts';

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Bytes as a member of a line: as text where they are one, else as base64. */
export function bytesMember(bytes: Uint8Array): string {
  const buffer = bufferOf(bytes);
  return isUtf8(bytes) ? `"utf8":${JSON.stringify(buffer.toString('utf8'))}` : `"base64":"${buffer.toString('base64')}"`;
}

function body(event: RecordingEvent): string {
  switch (event.kind) {
    case 'data':
      return `"stream":"${event.stream}",${bytesMember(event.bytes)}`;
    case 'sealed': {
      const refusal = event.refusal === undefined ? '' : `,"refusal":${JSON.stringify(event.refusal)}`;
      return `"stream":"${event.stream}","length":${String(event.length)}${refusal}`;
    }
    case 'resize':
      return `"cols":${String(event.cols)},"rows":${String(event.rows)}`;
    case 'marker':
      return `"label":${JSON.stringify(event.label)}`;
    case 'exit':
      return `"status":${JSON.stringify(event.status)},"text":${JSON.stringify(event.text)}`;
    case 'other':
      return `"code":${JSON.stringify(event.code)},"text":${JSON.stringify(event.text)}`;
  }
}

/** The line of an event, with its LF. */
export function eventLine(event: RecordingEvent): string {
  const { seq, at, record, kind, time } = event;
  const said = time === undefined ? '' : `,"time":${JSON.stringify(time)}`;
  return `{"seq":${JSON.stringify(seq)},"at":${String(at)},"record":${String(record)},"kind":"${kind}",${body(event)}${said}}\n`;
}

export function* eventLines(source: EventSource): Generator<string> {
  for (const { events } of source.runs(0)) {
    let text = '';
    for (const event of events) text += eventLine(event);
    yield text;
  }
}
