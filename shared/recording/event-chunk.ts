// A run of events as bytes: what the library packs (then compresses and seals), and what the window pulls for playback.
// Columns, not rows: times, kinds and lengths stand together, payloads follow each other, so that they compress well and a
// reader that wants only times touches nothing else. Version 1; a reader refuses any other.
//
//   u8 version, varint count, u8 flags (1: sequence numbers are ordinals, 2: no event has a time text)
//   count x u8 kind, count x varint time step, count x varint record step, count x varint body length
//   [count x varint length of sequence text, texts]  [count x varint length + 1 of time text (0: none), texts]
//   bodies

import { ByteReader, ByteWriter } from './bytes.ts';
import { STREAM_NAMES, type RecordingEvent } from './event.ts';
import { micros, type Micros } from './time.ts';

const VERSION = 1;
const ORDINAL_SEQ = 1;
const NO_TIMES = 2;

/** Most events that one chunk has, and payload bytes after which it is closed. */
export const CHUNK_EVENTS = 1024;
export const CHUNK_BYTES = 256 * 1024;

const KIND_DATA = 0; // + stream index 0..2
const KIND_SEALED = 3; // + stream index 0..2
const KIND_RESIZE = 6;
const KIND_MARKER = 7;
const KIND_EXIT = 8;
const KIND_OTHER = 9;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function kindCode(event: RecordingEvent): number {
  switch (event.kind) {
    case 'data':
      return KIND_DATA + STREAM_NAMES.indexOf(event.stream);
    case 'sealed':
      return KIND_SEALED + STREAM_NAMES.indexOf(event.stream);
    case 'resize':
      return KIND_RESIZE;
    case 'marker':
      return KIND_MARKER;
    case 'exit':
      return KIND_EXIT;
    case 'other':
      return KIND_OTHER;
  }
}

/** Two texts in one body: the length of the first, then both. */
function twoTexts(first: string, second: Uint8Array): Uint8Array {
  const head = encoder.encode(first);
  const prefix: number[] = [];
  for (let rest = head.length; ; rest >>= 7) {
    prefix.push(rest >= 0x80 ? (rest & 0x7f) | 0x80 : rest);
    if (rest < 0x80) break;
  }
  const both = new Uint8Array(prefix.length + head.length + second.length);
  both.set(prefix);
  both.set(head, prefix.length);
  both.set(second, prefix.length + head.length);
  return both;
}

function body(event: RecordingEvent): Uint8Array {
  switch (event.kind) {
    case 'data':
      return event.bytes;
    case 'sealed':
      return twoTexts(JSON.stringify([event.length, event.crypto]), event.ciphertext);
    case 'resize':
      return encoder.encode(`${String(event.cols)}x${String(event.rows)}`);
    case 'marker':
      return encoder.encode(event.label);
    case 'exit':
      return twoTexts(event.status === null ? '' : String(event.status), encoder.encode(event.text));
    case 'other':
      return twoTexts(event.code, encoder.encode(event.text));
  }
}

/** Columns of texts: all lengths (plus `more` where there is a text at all), then all bytes. */
function writeTexts(into: ByteWriter, texts: readonly (string | undefined)[], more: 0 | 1): void {
  const all = encoder.encode(texts.join(''));
  let units = 0;
  for (const text of texts) units += text?.length ?? 0;
  if (all.length === units) {
    // Nothing but ASCII: a text has as many bytes as it has characters.
    for (const text of texts) into.varint(text === undefined ? 0 : text.length + more);
    into.bytes(all);
    return;
  }
  const encoded = texts.map((text) => (text === undefined ? null : encoder.encode(text)));
  for (const text of encoded) into.varint(text === null ? 0 : text.length + more);
  for (const text of encoded) if (text !== null) into.bytes(text);
}

/** Packs events one by one, as they come: it keeps bytes, not events. */
export class EventChunkWriter {
  readonly #firstIndex: number;
  readonly #kinds = new ByteWriter();
  readonly #times = new ByteWriter();
  readonly #records = new ByteWriter();
  readonly #lengths = new ByteWriter();
  readonly #bodies = new ByteWriter();
  readonly #seqs: string[] = [];
  readonly #texts: (string | undefined)[] = [];
  #ordinal = true;
  #timeless = true;
  #at = 0;
  #record = 0;

  /** `firstIndex`: position of the first event in the recording, from 0. */
  constructor(firstIndex: number) {
    this.#firstIndex = firstIndex;
  }

  get count(): number {
    return this.#seqs.length;
  }

  add(event: RecordingEvent): void {
    const bytes = body(event);
    this.#kinds.byte(kindCode(event));
    this.#times.varint(event.at - this.#at);
    this.#records.varint(event.record - this.#record);
    this.#lengths.varint(bytes.length);
    this.#bodies.bytes(bytes);
    this.#at = event.at;
    this.#record = event.record;
    this.#ordinal &&= event.seq === String(this.#firstIndex + this.count + 1);
    this.#timeless &&= event.time === undefined;
    this.#seqs.push(event.seq);
    this.#texts.push(event.time);
  }

  take(): Uint8Array {
    const writer = new ByteWriter();
    writer.byte(VERSION);
    writer.varint(this.count);
    writer.byte((this.#ordinal ? ORDINAL_SEQ : 0) | (this.#timeless ? NO_TIMES : 0));
    for (const column of [this.#kinds, this.#times, this.#records, this.#lengths]) writer.bytes(column.view());
    if (!this.#ordinal) writeTexts(writer, this.#seqs, 0);
    if (!this.#timeless) writeTexts(writer, this.#texts, 1);
    return writer.takeWith(this.#bodies.view());
  }
}

/**
 * Packs events. `firstIndex` is the position of the first one in the recording, from 0: an event whose sequence number is
 * its position plus one needs no text for it. Texts are kept as UTF-8; a lone surrogate in one becomes U+FFFD.
 */
export function encodeEvents(events: readonly RecordingEvent[], firstIndex: number): Uint8Array {
  const writer = new EventChunkWriter(firstIndex);
  for (const event of events) writer.add(event);
  return writer.take();
}

function readTwoTexts(reader: ByteReader, length: number): { first: string; second: Uint8Array } {
  const inner = new ByteReader(reader.bytes(length));
  const first = inner.text(inner.varint());
  return { first, second: inner.rest() };
}

/** A column of texts: what `writeTexts` wrote, not yet taken apart. */
interface TextColumn {
  readonly sizes: readonly number[];
  /** 1 where a size is one more than its text is long, and 0 stands for none. */
  readonly more: 0 | 1;
  readonly bytes: Uint8Array;
}

/** A chunk taken apart as far as no event has to be made. Throws a RangeError when the bytes are no such chunk. */
interface Columns {
  readonly count: number;
  readonly flags: number;
  readonly kinds: Uint8Array;
  readonly ats: readonly Micros[];
  readonly records: readonly number[];
  readonly lengths: readonly number[];
  readonly seqs: TextColumn | null;
  readonly times: TextColumn | null;
  readonly bodies: Uint8Array;
}

const lengthOf = (size: number, more: 0 | 1): number => Math.max(0, size - more);

const sumOf = (sizes: readonly number[], more: 0 | 1, to: number): number => {
  let sum = 0;
  for (let i = 0; i < to; i++) sum += lengthOf(sizes[i]!, more);
  return sum;
};

function readNumbers(reader: ByteReader, count: number): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) numbers.push(reader.varint());
  return numbers;
}

/** Numbers of which each was written as its distance from the one before. */
function readSteps(reader: ByteReader, count: number): number[] {
  const numbers: number[] = [];
  for (let i = 0, last = 0; i < count; i++) numbers.push((last += reader.varint()));
  return numbers;
}

function readTextColumn(reader: ByteReader, count: number, more: 0 | 1): TextColumn {
  const sizes = readNumbers(reader, count);
  return { sizes, more, bytes: reader.bytes(sumOf(sizes, more, count)) };
}

function readColumns(bytes: Uint8Array): Columns {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== VERSION) throw new RangeError(`event chunk: version ${String(version)} is not read`);
  const count = reader.varint();
  const flags = reader.byte();
  return {
    count,
    flags,
    kinds: reader.bytes(count),
    ats: readSteps(reader, count).map(micros),
    records: readSteps(reader, count),
    lengths: readNumbers(reader, count),
    seqs: (flags & ORDINAL_SEQ) === 0 ? readTextColumn(reader, count, 0) : null,
    times: (flags & NO_TIMES) === 0 ? readTextColumn(reader, count, 1) : null,
    bodies: reader.rest(),
  };
}

/** The time of each event of a chunk. */
export function eventTimes(bytes: Uint8Array): readonly Micros[] {
  return readColumns(bytes).ats;
}

/** Events `from` up to `to` of a chunk as a chunk of their own, without taking them apart. Positions count from its first event. */
export function sliceEvents(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const { flags, kinds, ats, records, lengths, seqs, times, bodies } = readColumns(bytes);
  const writer = new ByteWriter();
  writer.byte(VERSION);
  writer.varint(to - from);
  writer.byte(flags);
  writer.bytes(kinds.subarray(from, to));
  for (const numbers of [ats, records]) {
    for (let i = from; i < to; i++) writer.varint(numbers[i]! - (i === from ? 0 : numbers[i - 1]!));
  }
  for (let i = from; i < to; i++) writer.varint(lengths[i]!);
  for (const texts of [seqs, times]) {
    if (texts === null) continue;
    for (let i = from; i < to; i++) writer.varint(texts.sizes[i]!);
    writer.bytes(texts.bytes.subarray(sumOf(texts.sizes, texts.more, from), sumOf(texts.sizes, texts.more, to)));
  }
  return writer.takeWith(bodies.subarray(sumOf(lengths, 0, from), sumOf(lengths, 0, to)));
}

function textsOf(column: TextColumn | null): readonly (string | undefined)[] {
  if (column === null) return [];
  const { sizes, more, bytes } = column;
  const reader = new ByteReader(bytes);
  return sizes.map((size) => (size < more ? undefined : reader.text(size - more)));
}

/** Unpacks a chunk. Payloads are views of `bytes`. Throws a RangeError when the bytes are no such chunk. */
export function decodeEvents(bytes: Uint8Array, firstIndex: number): RecordingEvent[] {
  const { count, kinds, ats, records, lengths, bodies, ...columns } = readColumns(bytes);
  const seqs = textsOf(columns.seqs);
  const times = textsOf(columns.times);
  const reader = new ByteReader(bodies);
  const events: RecordingEvent[] = [];
  for (let i = 0; i < count; i++) {
    const time = times[i];
    const base = {
      seq: seqs[i] ?? String(firstIndex + i + 1),
      at: ats[i] as Micros,
      record: records[i] as number,
      ...(time === undefined ? {} : { time }),
    };
    events.push(readEvent(reader, kinds[i] as number, lengths[i] as number, base));
  }
  return events;
}

function readEvent(
  reader: ByteReader,
  kind: number,
  length: number,
  base: { seq: string; at: Micros; record: number; time?: string },
): RecordingEvent {
  switch (kind) {
    case KIND_DATA:
    case KIND_DATA + 1:
    case KIND_DATA + 2:
      return { ...base, kind: 'data', stream: STREAM_NAMES[kind - KIND_DATA]!, bytes: reader.bytes(length) };
    case KIND_SEALED:
    case KIND_SEALED + 1:
    case KIND_SEALED + 2: {
      const { first, second } = readTwoTexts(reader, length);
      const [claimed, crypto] = JSON.parse(first) as [number, string];
      return { ...base, kind: 'sealed', stream: STREAM_NAMES[kind - KIND_SEALED]!, length: claimed, crypto, ciphertext: second };
    }
    case KIND_RESIZE: {
      const [cols, rows] = reader.text(length).split('x').map(Number);
      return { ...base, kind: 'resize', cols: cols!, rows: rows! };
    }
    case KIND_MARKER:
      return { ...base, kind: 'marker', label: reader.text(length) };
    case KIND_EXIT: {
      const { first, second } = readTwoTexts(reader, length);
      return { ...base, kind: 'exit', status: first === '' ? null : Number(first), text: decoder.decode(second) };
    }
    case KIND_OTHER: {
      const { first, second } = readTwoTexts(reader, length);
      return { ...base, kind: 'other', code: first, text: decoder.decode(second) };
    }
    default:
      throw new RangeError(`event chunk: kind ${String(kind)} is not read`);
  }
}
