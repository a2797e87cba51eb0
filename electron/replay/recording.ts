// An opened recording: its events and proved keyframes from the library, run by run, holding only the few runs that were used last.
// Sealed events are decrypted when their run is read. One that does not open stays sealed, with the reason by name, and ends nothing else.

import { decodeEvents, eventTimes } from '../../shared/recording/event-chunk.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { firstWhere } from '../../shared/recording/first-where.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { EventChunkInfo, Keyframe, Library, SessionRow } from '../library/library.ts';
import type { PayloadOpener } from '../vault/vault.ts';
import type { EventSource, EventSpan } from './event-source.ts';
import { takeKeyframe } from '../../shared/terminal/keyframe.ts';
import { terminalAt } from './screen.ts';

/** Runs that are kept: playback asks for neighbours. Of more, a pass over all of them would leave old objects behind, to be collected at length. */
const HELD_RUNS = 2;

export interface OpenedRecording extends EventSource {
  readonly session: SessionRow;
  /** As every lookup, with the time of the last event that a keyframe holds, and the output of all of them. */
  readonly keyframes: { at(position: number): Keyframe | null };
  readonly chunks: readonly EventChunkInfo[];
  /** Position of the chunk that holds an event. */
  chunkOf(index: number): number;
  events(chunk: EventChunkInfo): readonly RecordingEvent[];
  /** The same as acquired, and packed (event-chunk.ts). */
  packed(chunk: EventChunkInfo): Uint8Array;
  /** The rest of the run from a position on, as it was acquired: sealed events are still sealed. */
  stored(from: number): readonly RecordingEvent[];
  /** Output bytes (stdout and stderr) of the first `count` events. */
  outputBefore(count: number): number;
}

/** An event as far as it opens. */
function opened(event: RecordingEvent, opener: PayloadOpener): RecordingEvent {
  if (event.kind !== 'sealed') return event;
  const outcome = opener.open(event);
  return outcome.kind === 'refused' ? { ...event, refusal: outcome.reason } : outcome;
}

/** Whether the session came from rstream, by its API or as its export. */
export function isRstream({ format }: SessionRow): boolean {
  return format === 'rstream' || format === 'rstream-json';
}

/** Whether the session had no terminal: the engine records a size for every one that has. */
export function isPiped(session: SessionRow): boolean {
  return session.sizeAssumed === 1 && isRstream(session);
}

/** What was read of the runs that were asked for last. */
function holding<T>(read: (info: EventChunkInfo) => T): (info: EventChunkInfo) => T {
  const held = new Map<number, T>();
  return (info) => {
    const known = held.get(info.chunk);
    if (known !== undefined) return known;
    const run = read(info);
    if (held.size >= HELD_RUNS) held.delete(held.keys().next().value!);
    held.set(info.chunk, run);
    return run;
  };
}

/** `opener`: of the session's payloads, or null where no key is at hand or nothing is sealed. */
export function openRecording(
  { content, derived }: Pick<Library, 'content' | 'derived'>,
  session: SessionRow,
  opener: PayloadOpener | null,
): OpenedRecording {
  const chunks = content.eventChunks(session);
  const packed = holding((info) => content.packedEvents(session, info));
  const read = holding((info) => {
    const stored = decodeEvents(packed(info), info.firstIndex);
    const opens = opener !== null && session.sealedEvents > 0;
    return { stored, events: opens ? stored.map((event) => opened(event, opener)) : stored };
  });
  const events = (info: EventChunkInfo): readonly RecordingEvent[] => read(info).events;

  const chunkOf = (index: number): number => firstWhere(chunks.length, (i) => chunks[i]!.firstIndex + chunks[i]!.count > index);

  return {
    session,
    keyframes: { at: (position) => derived.keyframeBefore(session, position) },
    chunks,
    chunkOf,
    events,
    packed,
    stored: (from) => {
      const info = chunks[chunkOf(from)];
      return info === undefined ? [] : read(info).stored.slice(from - info.firstIndex);
    },
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
      const times = eventTimes(packed(chunk));
      return chunk.firstIndex + firstWhere(times.length, (i) => times[i]! > at);
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

/** Whether a recording has events of streams and none of them can be read: they are sealed, or their source kept them back. */
export function showsNothing({ runs }: OpenedRecording): boolean {
  let unread = false;
  for (const { events } of runs(0)) {
    if (events.some(({ kind }) => kind === 'data')) return false;
    unread ||= events.some((event) => event.kind === 'sealed' || (event.kind === 'other' && event.code === 'data'));
  }
  return unread;
}

/** The state in which the first `count` events stand applied, made from what is nearest. */
export function keyframeAt(recording: OpenedRecording, count: number): Uint8Array {
  return takeKeyframe(terminalAt(recording, recording.keyframes, count));
}
