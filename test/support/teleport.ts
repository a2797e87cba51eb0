// Writes Teleport recordings as Teleport does: protobuf events behind lengths, and the parts that hold them. Field numbers are
// given here once more, from events.proto, so that a slip in the reader does not go unseen.

import { gzipSync } from 'node:zlib';

type Value = number | string | Uint8Array;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = BigInt(value);
  do {
    bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    left >>= 7n;
  } while (left > 0n);
  return bytes;
}

/** A message of fields in the order given. */
export function message(...fields: readonly (readonly [number, Value])[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [...varint(number * 8), ...varint(value)];
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
    }),
  );
}

/** Metadata: index 1, type 2, id 3, code 4, time 5 (seconds 1, nanoseconds 2), cluster 6. Zeros are not written. */
const metadata = (index: number, type: string, ms: number): Uint8Array =>
  message(
    ...(index === 0 ? [] : ([[1, index]] as const)),
    [2, type],
    [3, `id-${String(index)}`],
    [5, message([1, Math.floor(ms / 1000)], ...(ms % 1000 === 0 ? [] : ([[2, (ms % 1000) * 1_000_000]] as const)))],
    [6, 'cluster'],
  );

export const START_MS = 1_795_230_000_000;

export const sessionStart = (index: number, ms = 0): Uint8Array =>
  message([
    5,
    message(
      [1, metadata(index, 'session.start', START_MS + ms)],
      [2, message([1, 'alice'], [2, 'root'])],
      [3, message([1, 'sid-1'])],
      [4, message([1, 'default'], [2, 'node-uuid'], [3, 'web-2'])],
      [5, message([2, '10.0.0.9:4711'])],
      [6, '100:30'],
      [9, 'bash'],
      [9, '-l'],
    ),
  ]);

export const print = (index: number, ms: number, data: Uint8Array, claimed = data.length): Uint8Array =>
  message([7, message([1, metadata(index, 'print', START_MS + ms)], [2, index], [3, data], [4, claimed], [5, ms], [6, 0])]);

export const resize = (index: number, ms: number, size: string): Uint8Array =>
  message([
    9,
    message([1, metadata(index, 'resize', START_MS + ms)], [2, message([1, 'alice'])], [3, message([1, 'sid-1'])], [6, size]),
  ]);

export const sessionEnd = (index: number, ms: number): Uint8Array =>
  message([
    10,
    message(
      [1, metadata(index, 'session.end', START_MS + ms)],
      [2, message([1, 'alice'])],
      [3, message([1, 'sid-1'])],
      [7, 1],
      [8, 'alice'],
    ),
  ]);

/** Any other event: only its metadata is known. */
export const otherEvent = (oneOf: number, index: number, ms: number, type: string): Uint8Array =>
  message([oneOf, message([1, metadata(index, type, START_MS + ms)], [2, 'whatever'])]);

export function records(...events: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(
    events.flatMap((event) => {
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, event.length);
      return [...length, ...event];
    }),
  );
}

/** A part of the container around records: version 1, or 2 with its flags. */
export function containerPart(body: Uint8Array, { version = 1, padding = 0, flags = 0 } = {}): Uint8Array {
  const packed = gzipSync(body);
  const bytes = new Uint8Array((version === 1 ? 24 : 32) + packed.length + padding);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(version));
  view.setBigUint64(8, BigInt(packed.length));
  view.setBigUint64(16, BigInt(padding));
  if (version === 2) bytes[24] = flags;
  bytes.set(packed, version === 1 ? 24 : 32);
  return bytes;
}
