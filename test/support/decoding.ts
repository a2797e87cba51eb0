// Feeding a decoder as a source does, and keeping everything that it says.

import type { Decoder, RecordSpan, SessionHeader, Sink } from '../../shared/recording/decoder.ts';
import type { Discrepancy, Refusal } from '../../shared/recording/discrepancy.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';

export interface DecodedSession {
  header: SessionHeader;
  readonly records: RecordSpan[];
  readonly events: RecordingEvent[];
}

export interface Decoded {
  readonly sessions: DecodedSession[];
  readonly discrepancies: (Discrepancy & { readonly session?: number })[];
  refusal: Refusal | null;
}

/** How many bytes the next push gets, from what is left of a part. */
export type Split = (left: number) => number;

export const inChunksOf =
  (size: number): Split =>
  () =>
    size;

/** A sink that keeps everything and checks what every consumer relies on. */
export function collector(): { readonly decoded: Decoded; readonly sink: Sink } {
  const decoded: Decoded = { sessions: [], discrepancies: [], refusal: null };
  const session = (index: number): DecodedSession => {
    const found = decoded.sessions[index];
    if (found === undefined) throw new Error(`session ${String(index)} was not announced`);
    return found;
  };
  const sink: Sink = {
    session: (header) => decoded.sessions.push({ header, records: [], events: [] }) - 1,
    describe: (index, header) => {
      session(index).header = { ...session(index).header, ...header };
    },
    record: (index, span) => session(index).records.push(span) - 1,
    event: (index, event) => {
      const { events, records } = session(index);
      if (event.record >= records.length) throw new Error('an event has a record that was not added');
      if (event.at < (events.at(-1)?.at ?? 0)) throw new Error('an event goes back in time');
      if (!Number.isSafeInteger(event.at)) throw new Error('an event has no whole time');
      events.push(event);
    },
    discrepancy: (discrepancy, index) => {
      decoded.discrepancies.push(index === undefined ? discrepancy : { ...discrepancy, session: index });
    },
    refuse: (refusal) => {
      decoded.refusal = refusal;
    },
  };
  return { decoded, sink };
}

/** Runs a decoder over its parts to the end. Throws when it wants a part that does not exist or goes on after its end. */
export function run(decoder: Decoder, parts: readonly Uint8Array[], sink: Sink, split: Split = inChunksOf(65_536)): void {
  const at = parts.map(() => 0);
  const ended = parts.map(() => false);
  for (let part = decoder.wants(); part !== null; part = decoder.wants()) {
    const bytes = parts[part];
    if (bytes === undefined || ended[part] === true)
      throw new Error(`the decoder wants part ${String(part)}, which has nothing to give`);
    const left = bytes.length - at[part]!;
    if (left === 0) {
      ended[part] = true;
      decoder.end(sink);
      continue;
    }
    const size = Math.min(left, Math.max(1, split(left)));
    // A copy that is overwritten afterwards: nothing may be kept of what was pushed.
    const pushed = new Uint8Array(bytes.subarray(at[part], at[part]! + size));
    at[part]! += size;
    decoder.push(pushed, sink);
    pushed.fill(0xaa);
  }
}

export function decode(decoder: Decoder, parts: readonly Uint8Array[], split?: Split): Decoded {
  const { decoded, sink } = collector();
  run(decoder, parts, sink, split);
  return decoded;
}

/** Bytes of one stream, one event after the other. */
export function streamBytes(events: readonly RecordingEvent[], streams: readonly string[] = ['stdout', 'stderr']): Uint8Array {
  return Uint8Array.from(
    Buffer.concat(events.flatMap((event) => (event.kind === 'data' && streams.includes(event.stream) ? [event.bytes] : []))),
  );
}

/** Events by the codes of the truth files: o, i, m, r, x, and their own for others. */
export function countByCode(events: readonly RecordingEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events) counts[codeOf(event)] = (counts[codeOf(event)] ?? 0) + 1;
  return counts;
}

function codeOf(event: RecordingEvent): string {
  switch (event.kind) {
    case 'data':
      return event.stream === 'stdin' ? 'i' : 'o';
    case 'resize':
      return 'r';
    case 'marker':
      return 'm';
    case 'exit':
      return 'x';
    case 'other':
      return event.code;
    case 'sealed':
      return 'sealed';
  }
}

/** Events without what every event has: for tests of what they say. */
export function bodies(events: readonly RecordingEvent[], more: readonly string[] = []): Record<string, unknown>[] {
  const dropped = ['seq', 'record', ...more];
  return events.map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => !dropped.includes(name))));
}
