// Calls that show a recording: its screen at a moment, its timeline, and the bytes that playback pulls. The core remembers nothing
// of who asks: every answer stands for itself.

import type { EventRun } from '../../shared/api/shapes.ts';
import { EventChunkWriter, sliceEvents } from '../../shared/recording/event-chunk.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { KEYFRAME_BYTES } from '../../shared/terminal/seek-plan.ts';
import { activityBetween, INDEX_VERSION } from '../indexing/indexing.ts';
import { keyframeAt, renderPng, screenAt, stillOf, terminalAt, type OpenedRecording } from '../replay/replay.ts';
import { findSession, type Desk, type Handlers } from './desk.ts';
import { timelineFacts } from './facts.ts';
import { standingAt, timeOf } from './moments.ts';

type Calls =
  | 'sessions.screen'
  | 'sessions.still'
  | 'replay.timeline'
  | 'replay.activity'
  | 'replay.window'
  | 'replay.events'
  | 'replay.viewed';

const NONE = new Uint8Array();

/** An event as the page gets it: what is sealed tells its size, and its ciphertext stays here. */
function shown(event: RecordingEvent): RecordingEvent {
  return event.kind === 'sealed' ? { ...event, ciphertext: NONE, crypto: 'null' } : event;
}

/** The events from one position up to another, in the runs that the library has. */
function runsBetween(recording: OpenedRecording, from: number, to: number): EventRun[] {
  const runs: EventRun[] = [];
  for (const info of recording.chunks.slice(recording.chunkOf(from))) {
    if (info.firstIndex >= to) break;
    const firstIndex = Math.max(from, info.firstIndex);
    const count = Math.min(to, info.firstIndex + info.count) - firstIndex;
    const skip = firstIndex - info.firstIndex;
    if (recording.session.sealedEvents === 0) {
      const packed = recording.packed(info);
      runs.push({ firstIndex, count, bytes: count === info.count ? packed : sliceEvents(packed, skip, skip + count) });
      continue;
    }
    const writer = new EventChunkWriter(firstIndex);
    for (const event of recording.events(info).slice(skip, skip + count)) writer.add(shown(event));
    runs.push({ firstIndex, count, bytes: writer.take() });
  }
  return runs;
}

/** Output before the run that holds a position: close enough to tell far from near, and nothing has to be read. */
function outputBefore({ chunks, chunkOf }: OpenedRecording, position: number): number {
  return chunks[Math.min(chunkOf(position), chunks.length - 1)]?.outputBefore ?? 0;
}

export function replayCalls(desk: Desk): Handlers<Calls> {
  const { library } = desk;
  const opened = (id: string): Promise<OpenedRecording> => desk.recordings().open(findSession(library(), id));
  const readable = (id: string): Promise<OpenedRecording> => desk.recordings().readable(findSession(library(), id));
  return {
    'sessions.screen': async ({ id, at }) => {
      const recording = await readable(id);
      const standing = standingAt(recording, at);
      return {
        output: { ...screenAt(recording, recording.keyframes, standing.count), atUs: standing.at },
        subject: recording.session.id,
        details: { what: 'screen', at_us: standing.at },
      };
    },

    'sessions.still': async ({ id, at, format }) => {
      const recording = await readable(id);
      const standing = standingAt(recording, at);
      const svg = stillOf(terminalAt(recording, recording.keyframes, standing.count));
      return {
        output:
          format === 'svg'
            ? { atUs: standing.at, mediaType: 'image/svg+xml', bytes: new TextEncoder().encode(svg) }
            : { atUs: standing.at, mediaType: 'image/png', bytes: await renderPng(svg) },
        subject: recording.session.id,
        details: { what: `still as ${format}`, at_us: standing.at },
      };
    },

    'replay.timeline': async ({ id }) => {
      const recording = await opened(id);
      return { output: timelineFacts(library(), recording), subject: recording.session.id, details: { what: 'recording' } };
    },

    'replay.activity': async ({ id, fromUs, toUs, buckets }) => {
      const recording = await opened(id);
      const { session } = recording;
      // What an older index wrote is written otherwise.
      const stored = session.indexVersion === INDEX_VERSION ? library().derived.activity(session) : null;
      const bytes = activityBetween(recording, stored, fromUs as Micros, Math.max(fromUs, toUs) as Micros, buckets);
      return { fromUs, toUs, ...bytes };
    },

    'replay.window': async ({ id, at }) => {
      const recording = await opened(id);
      const { count, at: atUs } = standingAt(recording, at);
      const stored = recording.keyframes.at(count);
      const from = stored?.index ?? 0;
      // Without an index yet, the state itself is made here: a window never holds more than a span between two keyframes.
      const far = outputBefore(recording, count) - (stored?.outputBytes ?? 0) > KEYFRAME_BYTES * 2;
      const state = far ? { index: count, at: timeOf(recording, count - 1), bytes: keyframeAt(recording, count) } : stored;
      return {
        keyframe: state === null ? null : { index: state.index, atUs: state.at, bytes: state.bytes },
        runs: far ? [] : runsBetween(recording, from, count),
        target: count,
        atUs,
      };
    },

    'replay.events': async ({ id, from, maxBytes }) => {
      const recording = await opened(id);
      const runs: EventRun[] = [];
      let to = from;
      let bytes = 0;
      for (const info of recording.chunks.slice(recording.chunkOf(from))) {
        const run = runsBetween(recording, to, info.firstIndex + info.count);
        const size = run.reduce((sum, one) => sum + one.bytes.length, 0);
        if (runs.length > 0 && bytes + size > maxBytes) break;
        runs.push(...run);
        to = info.firstIndex + info.count;
        bytes += size;
      }
      return { runs, next: to >= recording.count ? null : to };
    },

    'replay.viewed': ({ id, ranges }) => {
      const session = findSession(library(), id);
      const seconds = ranges.map(({ fromUs, toUs, speed }) => ({ from_us: fromUs, to_us: toUs, speed: String(speed) }));
      return { output: null, subject: session.id, details: { ranges: seconds } };
    },
  };
}
