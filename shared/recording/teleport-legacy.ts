// Teleport session recordings before 4.3, after their archive and its members are unpacked: an index, lines of JSON events,
// and the bytes of all output one after the other, perhaps over several files each.
// https://github.com/gravitational/teleport/blob/v4.2.12/lib/events/sessionlog.go (names, index) and lib/events/playback.go

import { MAX_RECORD_BYTES, type ByteRange, type Decoder } from './decoder.ts';
import { parseJson } from './json-text.ts';
import { isBlank } from './line-reader.ts';
import { PRINT, readJsonEvent } from './teleport-event.ts';
import { TeleportFeed } from './teleport-feed.ts';
import { rangeOf } from './timed-parts.ts';
import { Turns, type Turn } from './turns.ts';

/** What each part is, in part order. Chunks stand in the order of their offsets, events in that of their indexes. */
export type LegacyRole = 'index' | 'events' | 'chunks';

/** `names` are those for messages. */
export function teleportLegacyDecoder(roles: readonly LegacyRole[], names: readonly string[]): Decoder {
  return new Turns(roles.length, (turns) => read(turns, roles, names));
}

function* read(turns: Turns, roles: readonly LegacyRole[], names: readonly string[]): Turn<void> {
  const feed = new TeleportFeed();
  const parts = [...roles.keys()];
  const chunks = parts.filter((part) => roles[part] === 'chunks');
  for (const part of parts.filter((other) => roles[other] === 'index')) {
    const length = yield* turns.skip(part, Number.MAX_SAFE_INTEGER);
    if (length > 0) feed.raw(turns.sink, { part, offset: 0, length });
  }
  let missing = 0;
  for (const part of parts.filter((other) => roles[other] === 'events')) {
    for (let line = yield* turns.line(part); line !== null; line = yield* turns.line(part)) {
      if (line.bytes !== null && isBlank(line.bytes)) continue;
      const place = { file: names[part]!, line: line.number, offset: line.offset, length: line.length };
      const parsed = line.bytes === null ? null : parseJson(line.bytes);
      const event = parsed === null ? null : readJsonEvent(parsed);
      if (event === null || (event.length ?? 0) > MAX_RECORD_BYTES) {
        feed.raw(turns.sink, rangeOf(part, line));
        if (line.ended || parsed?.kind === 'value') {
          feed.say(turns.sink, 'bad-line', 'this line is no event of a session; it was skipped', place);
        } else {
          feed.say(
            turns.sink,
            'truncated',
            `the last line is incomplete: it has ${String(line.length)} bytes and no end; it was skipped`,
            place,
          );
        }
      } else if (event.type === PRINT) {
        const output = yield* takeOutput(turns, chunks, event.length ?? 0);
        missing += (event.length ?? 0) - output.bytes.length;
        feed.event(turns.sink, { ...event, length: null }, 'raw', [rangeOf(part, line), ...output.ranges], place, output.bytes);
      } else {
        feed.event(turns.sink, event, 'jcs', [rangeOf(part, line)], place, null);
      }
    }
  }
  const file = names[chunks[0] ?? 0]!;
  if (missing > 0) {
    feed.say(turns.sink, 'inconsistent-parts', `the events ask for ${String(missing)} bytes of output that are not there`, {
      file,
    });
  }
  for (const part of chunks) {
    const offset = turns.offset(part);
    const length = yield* turns.skip(part, Number.MAX_SAFE_INTEGER);
    if (length === 0) continue;
    feed.raw(turns.sink, { part, offset, length });
    feed.say(
      turns.sink,
      'inconsistent-parts',
      `${String(length)} bytes of output belong to no event; they are kept and not shown`,
      { file: names[part]!, offset, length },
    );
  }
  feed.end(turns.sink, file);
}

/** The next bytes of output, over as many files as it takes. */
function* takeOutput(turns: Turns, chunks: readonly number[], count: number): Turn<{ bytes: Uint8Array; ranges: ByteRange[] }> {
  const ranges: ByteRange[] = [];
  let bytes = new Uint8Array(0);
  for (const part of chunks) {
    if (bytes.length >= count) break;
    const offset = turns.offset(part);
    const more = yield* turns.take(part, count - bytes.length);
    if (more.length === 0) continue;
    ranges.push({ part, offset, length: more.length });
    const joined = new Uint8Array(bytes.length + more.length);
    joined.set(bytes);
    joined.set(more, bytes.length);
    bytes = joined;
  }
  return { bytes, ranges };
}
