// Teleport session recordings since 4.3, after the container is unpacked: records of a big-endian length and one protobuf
// event. https://github.com/gravitational/teleport/blob/master/lib/events/stream.go (ProtoReader)

import type { Decoder } from './decoder.ts';
import { readProtoEvent, type TeleportEvent } from './teleport-event.ts';
import { TeleportFeed } from './teleport-feed.ts';
import { Turns, type Turn } from './turns.ts';

const LENGTH_BYTES = 4;

/** Longest record that Teleport writes and reads. */
export const MAX_TELEPORT_RECORD = 65_536;

const isPossible = (length: number): boolean => length > 0 && length <= MAX_TELEPORT_RECORD;

/** Bytes of the whole records at the start of `bytes`. `goesOn`: what follows may be the beginning of another one. */
export function wholeRecords(bytes: Uint8Array): { readonly length: number; readonly goesOn: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; ;) {
    if (bytes.length - at < LENGTH_BYTES) return { length: at, goesOn: true };
    const length = view.getUint32(at);
    if (!isPossible(length)) return { length: at, goesOn: false };
    if (bytes.length - at < LENGTH_BYTES + length) return { length: at, goesOn: true };
    at += LENGTH_BYTES + length;
  }
}

/** `file` is the name for messages. */
export function teleportDecoder(file: string): Decoder {
  return new Turns(1, (turns) => read(turns, file));
}

function* read(turns: Turns, file: string): Turn<void> {
  const feed = new TeleportFeed();
  for (;;) {
    const offset = turns.offset(0);
    const head = yield* turns.take(0, LENGTH_BYTES);
    if (head.length === 0) break;
    const length = head.length < LENGTH_BYTES ? 0 : new DataView(head.buffer).getUint32(0);
    if (head.length === LENGTH_BYTES && !isPossible(length)) {
      // Without a believable length there is no way to find the next record.
      const rest = yield* turns.skip(0, Number.MAX_SAFE_INTEGER);
      feed.raw(turns.sink, { part: 0, offset, length: LENGTH_BYTES + rest });
      feed.say(
        turns.sink,
        'bad-line',
        `a record claims ${String(length)} bytes, and 1 to ${String(MAX_TELEPORT_RECORD)} are possible; nothing from here on was read`,
        { file, offset },
      );
      break;
    }
    const bytes = yield* turns.take(0, length);
    const range = { part: 0, offset, length: head.length + bytes.length };
    const place = { file, offset, length: range.length };
    if (head.length < LENGTH_BYTES || bytes.length < length) {
      feed.raw(turns.sink, range);
      feed.say(turns.sink, 'truncated', `the last record is cut: only ${String(range.length)} bytes of it are there`, place);
      break;
    }
    const event = tryRead(bytes);
    if (event === null) {
      feed.raw(turns.sink, range);
      feed.say(turns.sink, 'bad-line', 'this record is no event that can be read; it was skipped', place);
    } else {
      feed.event(turns.sink, event, 'raw', [range], place, event.data === null ? null : event.data.slice());
    }
  }
  feed.end(turns.sink, file);
}

function tryRead(bytes: Uint8Array): TeleportEvent | null {
  try {
    return readProtoEvent(bytes);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
