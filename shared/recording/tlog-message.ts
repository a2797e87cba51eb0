// One message of a tlog recording: checked, and taken apart by its `timing` into pieces of input and output. Text is counted
// in characters (Unicode code points), bytes that are no text stand in the `_bin` arrays.
// https://github.com/Scribery/tlog/blob/main/doc/log_format.md

import type { StreamName } from './event.ts';
import { isObject, parseJson, quoted, shown, textOf, type JsonObject } from './json-text.ts';
import { encodeUtf8 } from './utf8.ts';

export interface TlogMessage {
  readonly host: string;
  readonly rec: string;
  readonly id: number;
  /** Milliseconds since the start of the recording. */
  readonly pos: number;
  readonly timing: string;
  /** The whole message, for the members that only describe the session. */
  readonly object: JsonObject;
  /** Its JSON text, for numbers to their last digit. */
  readonly text: string;
  /** False where bytes are not UTF-8 and became U+FFFD. */
  readonly exact: boolean;
}

export type ReadMessage =
  | { readonly kind: 'message'; readonly message: TlogMessage }
  | {
      readonly kind: 'fault';
      readonly fault: string;
      /** The version that is not read, where that is the fault. */
      readonly version?: string;
      /** True where the line is no JSON at all. */
      readonly notJson?: boolean;
    };

/** Reads a line: a message, or a journal entry (`journalctl -o json`) whose MESSAGE is one. */
export function readTlogLine(bytes: Uint8Array): ReadMessage {
  const parsed = parseJson(bytes);
  if (parsed.kind === 'fault') return { ...parsed, notJson: true };
  if (!isObject(parsed.value)) return fault(`it is ${shown(parsed.value)} and not an object`);
  const inner = parsed.value['MESSAGE'];
  if (inner === undefined) return check(parsed.value, parsed.text, parsed.exact);
  const entry = typeof inner === 'string' ? encodeUtf8(inner) : isBytes(inner) ? Uint8Array.from(inner) : null;
  const unwrapped = entry === null ? null : parseJson(entry);
  if (unwrapped?.kind !== 'value' || !isObject(unwrapped.value)) {
    return fault('it is a journal entry whose MESSAGE is no message of tlog');
  }
  return check(unwrapped.value, unwrapped.text, parsed.exact && unwrapped.exact);
}

const fault = (text: string): ReadMessage => ({ kind: 'fault', fault: text });

const isByte = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
const isBytes = (value: unknown): value is number[] => Array.isArray(value) && value.every(isByte);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function check(object: JsonObject, text: string, exact: boolean): ReadMessage {
  const { ver, id, pos, timing } = object;
  const version = typeof ver === 'string' || typeof ver === 'number' ? String(ver) : null;
  if (version === null) return fault(`its ver is ${shown(ver)}`);
  if (!/^2(?:\.\d{1,9})?$/.test(version)) {
    const name = quoted(version);
    return { kind: 'fault', fault: `it has version ${name} of the tlog format; version 2 is read`, version: name };
  }
  const host = textOf(object, 'host');
  const rec = textOf(object, 'rec');
  if (host === undefined || rec === undefined) return fault('host or rec is missing');
  if (!isCount(id) || id === 0) return fault(`its id is ${shown(id)}`);
  if (!isCount(pos)) return fault(`its pos is ${shown(pos)}`);
  if (typeof timing !== 'string') return fault(`its timing is ${shown(timing)}`);
  return { kind: 'message', message: { host, rec, id, pos, timing, object, text, exact } };
}

export type TlogPiece =
  | { readonly kind: 'data'; readonly stream: StreamName; readonly ms: number; readonly bytes: Uint8Array }
  | { readonly kind: 'size'; readonly ms: number; readonly cols: number; readonly rows: number }
  | { readonly kind: 'fault'; readonly fault: string };

/** Pieces in their order, `ms` counted from the start of the recording, and after them what is wrong with the message. */
export function* pieces(message: TlogMessage): Generator<TlogPiece> {
  const { object, timing } = message;
  const streams = { stdin: new StreamText(object, 'in'), stdout: new StreamText(object, 'out') };
  const entry = /\+(\d{1,15})|([<>])(\d{1,15})|([[\]])(\d{1,15})\/(\d{1,15})|=(\d{1,9})x(\d{1,9})/y;
  let ms = message.pos;
  while (entry.lastIndex < timing.length) {
    const at = entry.lastIndex;
    const match = entry.exec(timing);
    if (match === null) {
      yield { kind: 'fault', fault: `its timing cannot be read from character ${String(at + 1)} on` };
      break;
    }
    const [, delay, text, characters, binary, scrubbed, count, cols, rows] = match;
    if (delay !== undefined) {
      ms += Number(delay);
    } else if (cols !== undefined) {
      yield { kind: 'size', ms, cols: Number(cols), rows: Number(rows) };
    } else {
      const stream = text === '<' || binary === '[' ? 'stdin' : 'stdout';
      const bytes =
        text === undefined
          ? streams[stream].bytes(Number(scrubbed), Number(count))
          : streams[stream].characters(Number(characters));
      if (bytes.length > 0) yield { kind: 'data', stream, ms, bytes };
    }
  }
  for (const stream of [streams.stdin, streams.stdout]) {
    for (const text of stream.faults()) yield { kind: 'fault', fault: text };
  }
}

/** `in_txt` and `in_bin`, or their twins for output, and how far they have been read. */
class StreamText {
  readonly #name: string;
  readonly #text: string;
  readonly #bytes: readonly unknown[];
  #textAt = 0;
  #bytesAt = 0;
  #missingText = 0;
  #missingBytes = 0;
  #notBytes = 0;

  constructor(object: JsonObject, name: 'in' | 'out') {
    const text = object[`${name}_txt`];
    const bytes = object[`${name}_bin`];
    this.#name = name;
    this.#text = typeof text === 'string' ? text : '';
    this.#bytes = Array.isArray(bytes) ? bytes : [];
  }

  characters(count: number): Uint8Array {
    const start = this.#textAt;
    this.#skip(count);
    return encodeUtf8(this.#text.slice(start, this.#textAt));
  }

  /** Passes over the characters that stand for bytes, and takes the bytes. What is no byte becomes U+FFFD. */
  bytes(scrubbed: number, count: number): Uint8Array {
    this.#skip(scrubbed);
    const end = Math.min(this.#bytesAt + count, this.#bytes.length);
    this.#missingBytes += this.#bytesAt + count - end;
    const taken: number[] = [];
    for (; this.#bytesAt < end; this.#bytesAt++) {
      const value = this.#bytes[this.#bytesAt];
      if (isByte(value)) {
        taken.push(value);
      } else {
        this.#notBytes += 1;
        taken.push(0xef, 0xbf, 0xbd);
      }
    }
    return Uint8Array.from(taken);
  }

  #skip(count: number): void {
    let left = count;
    for (; left > 0 && this.#textAt < this.#text.length; left--) {
      this.#textAt += this.#text.codePointAt(this.#textAt)! > 0xffff ? 2 : 1;
    }
    this.#missingText += left;
  }

  *faults(): Generator<string> {
    const name = this.#name;
    if (this.#missingText > 0) yield `its timing asks for ${String(this.#missingText)} characters more than ${name}_txt has`;
    if (this.#missingBytes > 0) yield `its timing asks for ${String(this.#missingBytes)} bytes more than ${name}_bin has`;
    if (this.#notBytes > 0) yield `${name}_bin has ${String(this.#notBytes)} values that are no bytes; U+FFFD stands for each`;
    if (this.#textAt < this.#text.length) yield `${name}_txt has text that its timing does not account for; it is not shown`;
    if (this.#bytesAt < this.#bytes.length) {
      yield `${name}_bin has bytes that its timing does not account for; they are not shown`;
    }
  }
}
