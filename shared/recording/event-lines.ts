// Events as the lines of decrypted.jsonl and back (docs/bundle.md): one form for each event, so that whoever derives the events again
// compares bytes, and whoever reads a line takes no other reading of it.

import { decodeBase64 } from './base64.ts';
import { STREAM_NAMES, type RecordingEvent, type StreamName } from './event.ts';
import { JsonBytes } from './json-bytes.ts';
import type { EventBody } from './session-feed.ts';
import type { Micros } from './time.ts';

/** Bytes as a member of a line: as text where they are one, else as base64. */
export function writeBytesMember(into: JsonBytes, bytes: Uint8Array): void {
  const before = into.length;
  into.ascii('"utf8":');
  if (into.utf8(bytes)) return;
  into.backTo(before);
  into.ascii('"base64":');
  into.base64(bytes);
}

function writeBody(into: JsonBytes, event: RecordingEvent): void {
  switch (event.kind) {
    case 'data':
      into.ascii('"stream":"');
      into.ascii(event.stream);
      into.ascii('",');
      return writeBytesMember(into, event.bytes);
    case 'sealed':
      into.ascii(`"stream":"${event.stream}","length":${String(event.length)}`);
      if (event.refusal === undefined) return;
      into.ascii(',"refusal":');
      return into.string(event.refusal);
    case 'resize':
      return into.ascii(`"cols":${String(event.cols)},"rows":${String(event.rows)}`);
    case 'marker':
      into.ascii('"label":');
      return into.string(event.label);
    case 'exit':
      into.ascii(`"status":${String(event.status)},"text":`);
      return into.string(event.text);
    case 'other':
      into.ascii('"code":');
      into.string(event.code);
      into.ascii(',"text":');
      return into.string(event.text);
  }
}

/** Writes the line of an event, with its LF. */
export function writeEventLine(into: JsonBytes, event: RecordingEvent): void {
  into.ascii('{"seq":');
  into.string(event.seq);
  into.ascii(',"at":');
  into.count(event.at);
  into.ascii(',"record":');
  into.count(event.record);
  into.ascii(',"kind":"');
  into.ascii(event.kind);
  into.ascii('",');
  writeBody(into, event);
  if (event.time !== undefined) {
    into.ascii(',"time":');
    into.string(event.time);
  }
  into.ascii('}\n');
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

type Members = { readonly [name: string]: unknown };

function parsed(line: Uint8Array): Members | null {
  try {
    const value: unknown = JSON.parse(decoder.decode(line));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
  } catch (error) {
    // A SyntaxError for what is no JSON, a TypeError for what is no UTF-8, a RangeError for nesting that no stack bears.
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isStream = (value: unknown): value is StreamName => STREAM_NAMES.some((name) => name === value);

function bodyOf(found: Members): EventBody | null {
  const { kind, stream, utf8, base64, length, refusal, cols, rows, label, status, code, text } = found;
  switch (kind) {
    case 'data': {
      const bytes = isText(utf8) ? encoder.encode(utf8) : isText(base64) ? decodeBase64(base64) : null;
      return isStream(stream) && bytes !== null ? { kind, stream, bytes } : null;
    }
    case 'sealed':
      if (!isStream(stream) || !isCount(length) || (refusal !== undefined && !isText(refusal))) return null;
      return { kind, stream, length, crypto: '', ciphertext: NOTHING, ...(refusal === undefined ? {} : { refusal }) };
    case 'resize':
      return isCount(cols) && isCount(rows) ? { kind, cols, rows } : null;
    case 'marker':
      return isText(label) ? { kind, label } : null;
    case 'exit':
      return (status === null || Number.isSafeInteger(status)) && isText(text)
        ? { kind, status: status as number | null, text }
        : null;
    case 'other':
      return isText(code) && isText(text) ? { kind, code, text } : null;
    default:
      return null;
  }
}

const NOTHING = new Uint8Array(0);
const written = new JsonBytes();

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The event of a line without its LF, or null where it is not exactly a line that is written for one. Ciphertext is not in it. */
export function readEventLine(line: Uint8Array): RecordingEvent | null {
  const found = parsed(line);
  if (found === null) return null;
  const { seq, at, record, time } = found;
  const body = bodyOf(found);
  if (body === null || !isText(seq) || !isCount(at) || !isCount(record) || (time !== undefined && !isText(time))) return null;
  const event = { ...body, seq, at: at as Micros, record, ...(time === undefined ? {} : { time }) } as RecordingEvent;
  writeEventLine(written, event);
  const again = written.take();
  return sameBytes(again.subarray(0, again.length - 1), line) ? event : null;
}
