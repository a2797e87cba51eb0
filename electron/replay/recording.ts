// An opened recording: its events and proved keyframes from the library, run by run, holding only the few runs that were used last.

import type { RecordingEvent } from '../../shared/recording/event.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { EventChunkInfo, Library, SessionRow } from '../library/library.ts';
import type { EventSource, EventSpan } from './event-source.ts';
import { takeKeyframe } from '../../shared/terminal/keyframe.ts';
import { terminalAt } from './screen.ts';

/** Decoded runs that are kept: playback asks for neighbours. */
const HELD_RUNS = 8;

/** The first position in 0..length where `test` holds, for a test that never goes back to false. */
function firstWhere(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

export interface OpenedRecording extends EventSource {
  readonly session: SessionRow;
  /** As every lookup, with the time of the last event that a keyframe holds. */
  readonly keyframes: {
    at(position: number): { readonly index: number; readonly at: Micros; readonly bytes: Uint8Array } | null;
  };
  readonly chunks: readonly EventChunkInfo[];
  /** Position of the chunk that holds an event. */
  chunkOf(index: number): number;
  events(chunk: EventChunkInfo): readonly RecordingEvent[];
  /** Output bytes (stdout and stderr) of the first `count` events. */
  outputBefore(count: number): number;
}

/** Whether the session had no terminal: the engine records a size for every one that has. */
export function isPiped({ format, sizeAssumed }: SessionRow): boolean {
  return sizeAssumed === 1 && (format === 'rstream' || format === 'rstream-json');
}

export function openRecording({ content, derived }: Pick<Library, 'content' | 'derived'>, session: SessionRow): OpenedRecording {
  const chunks = content.eventChunks(session);
  const held = new Map<number, readonly RecordingEvent[]>();

  const events = (info: EventChunkInfo): readonly RecordingEvent[] => {
    const known = held.get(info.chunk);
    if (known !== undefined) return known;
    const decoded = content.events(session, info);
    if (held.size >= HELD_RUNS) held.delete(held.keys().next().value!);
    held.set(info.chunk, decoded);
    return decoded;
  };

  const chunkOf = (index: number): number => firstWhere(chunks.length, (i) => chunks[i]!.firstIndex + chunks[i]!.count > index);

  return {
    session,
    keyframes: { at: (position) => derived.keyframeBefore(session, position) },
    chunks,
    chunkOf,
    events,
    count: session.events,
    cols: session.cols,
    rows: session.rows,
    piped: isPiped(session),
    duration: session.duration,

    *runs(from: number): Iterable<EventSpan> {
      for (let i = chunkOf(from); i < chunks.length; i++) {
        const info = chunks[i]!;
        const skip = Math.max(0, from - info.firstIndex);
        const run = events(info);
        yield skip === 0 ? { firstIndex: info.firstIndex, events: run } : { firstIndex: from, events: run.slice(skip) };
      }
    },

    countAt: (at: Micros) => {
      const chunk = chunks[firstWhere(chunks.length, (i) => chunks[i]!.to > at)];
      if (chunk === undefined) return session.events;
      const run = events(chunk);
      return chunk.firstIndex + firstWhere(run.length, (i) => run[i]!.at > at);
    },

    countAtSeq: (seq) => {
      // Engine sequence numbers grow; a recording in which they do not is searched through.
      const wanted = BigInt(seq);
      const after = firstWhere(chunks.length, (i) => BigInt(chunks[i]!.firstSeq ?? chunks[i]!.firstIndex + 1) > wanted);
      const likely = chunks[after - 1];
      for (const info of likely === undefined ? chunks : [likely, ...chunks]) {
        const position = events(info).findIndex((event) => event.seq === seq);
        if (position >= 0) return info.firstIndex + position + 1;
      }
      return null;
    },

    outputBefore: (count) => {
      const info = chunks[chunkOf(count)];
      if (info === undefined) return (chunks.at(-1)?.outputBefore ?? 0) + (chunks.at(-1)?.outputBytes ?? 0);
      let bytes = info.outputBefore;
      for (const event of events(info).slice(0, count - info.firstIndex)) {
        if (event.kind === 'data' && event.stream !== 'stdin') bytes += event.bytes.length;
        else if (event.kind === 'sealed' && event.stream !== 'stdin') bytes += event.length;
      }
      return bytes;
    },
  };
}

/** The state in which the first `count` events stand applied, made from what is nearest. */
export function keyframeAt(recording: OpenedRecording, count: number): Uint8Array {
  return takeKeyframe(terminalAt(recording, recording.keyframes, count));
}
