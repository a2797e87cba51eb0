// ttyrec: frames of output, each behind three little-endian words (seconds, microseconds, length). Times are a wall clock.
// There is no header and no size; some writers ask for one with `ESC [ 8 ; rows ; columns t` in the first frame.
// https://en.wikipedia.org/wiki/Ttyrec and ttyrec(1); the same reading as asciinema-player's src/parser/ttyrec.js

import { MAX_RECORD_BYTES, type Decoder } from './decoder.ts';
import type { Place } from './discrepancy.ts';
import { ASSUMED_SIZE, startSize } from './screen-size.ts';
import { SessionFeed } from './session-feed.ts';
import { formatSeconds, MAX_OFFSET, MICROS_PER_SECOND, type Micros } from './time.ts';
import { Turns, type Turn } from './turns.ts';
import { decodeUtf8 } from './utf8.ts';

export const TTYREC_HEAD_BYTES = 12;

/** The head of a frame. `bytes` must have {@link TTYREC_HEAD_BYTES}. */
export function readFrameHead(
  bytes: Uint8Array,
  at = 0,
): { readonly time: Micros; readonly micros: number; readonly length: number } {
  const word = (i: number): number => (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)) >>> 0;
  const micros = word(at + 4);
  return { time: (word(at) * MICROS_PER_SECOND + micros) as Micros, micros, length: word(at + 8) };
}

/** `file` is the name for messages. */
export function ttyrecDecoder(file: string): Decoder {
  return new Turns(1, (turns) => read(turns, file));
}

function* read(turns: Turns, file: string): Turn<void> {
  let feed: SessionFeed | null = null;
  let origin: Micros | null = null;
  for (;;) {
    const start = turns.offset(0);
    const head = yield* turns.take(0, TTYREC_HEAD_BYTES);
    if (head.length === 0) {
      if (feed === null) turns.sink.refuse({ kind: 'empty-file', message: 'the file is empty', place: { file } });
      break;
    }
    if (head.length < TTYREC_HEAD_BYTES) {
      feed ??= announce(turns, file, null, head);
      cut(turns, feed, { file, offset: start, length: head.length });
      break;
    }
    const { time, length } = readFrameHead(head);
    let offset = start;
    let left = length;
    do {
      const wanted = Math.min(left, MAX_RECORD_BYTES);
      const bytes = yield* turns.take(0, wanted);
      feed ??= announce(turns, file, time, bytes);
      origin ??= time;
      const end = turns.offset(0);
      if (bytes.length < wanted) {
        cut(turns, feed, { file, offset, length: end - offset });
        return;
      }
      const place: Place = { file, offset, length: end - offset };
      const at = time - origin > MAX_OFFSET ? null : ((time - origin) as Micros);
      const moment = feed.moment(turns.sink, at, () => formatSeconds(time), place);
      const record = feed.record(turns.sink, 'raw', { part: 0, offset, length: end - offset });
      feed.emit(turns.sink, { kind: 'data', stream: 'stdout', bytes }, moment, record);
      offset = end;
      left -= bytes.length;
    } while (left > 0);
  }
}

/** Announces the session. The format has no metadata, so its first record is empty. */
function announce(turns: Turns, file: string, startedAt: Micros | null, firstFrame: Uint8Array): SessionFeed {
  const asked = /\u001b\[8;(\d{1,6});(\d{1,6})t/.exec(decodeUtf8(firstFrame.subarray(0, 4096)).text);
  const { fault, ...size } = asked === null ? ASSUMED_SIZE : startSize(Number(asked[2]), Number(asked[1]), ['columns', 'rows']);
  const header = { ...size, ...(startedAt === null ? {} : { startedAt }), metadata: '{}' };
  const feed = new SessionFeed(turns.sink, header, { form: 'raw', ranges: [] });
  if (fault !== undefined) feed.discrepancy(turns.sink, 'bad-size', fault, { file });
  return feed;
}

function cut(turns: Turns, feed: SessionFeed, place: Place & { offset: number; length: number }): void {
  feed.record(turns.sink, 'raw', { part: 0, offset: place.offset, length: place.length });
  feed.discrepancy(
    turns.sink,
    'truncated',
    `the last frame is cut: only ${String(place.length)} bytes of it are there; it is not shown`,
    place,
  );
}
