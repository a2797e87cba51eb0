// The screen at a moment of a recording: the last keyframe at or before it, and the events after that.

import type { ScreenText } from '../../shared/api/shapes.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { ZERO } from '../../shared/recording/time.ts';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import { feedEvent } from '../../shared/terminal/feed.ts';
import { restoreKeyframe } from '../../shared/terminal/keyframe.ts';
import { readScreen } from '../../shared/terminal/screen.ts';
import { rowText } from '../../shared/terminal/text.ts';
import type { EventSource } from './event-source.ts';
import { createTerminal } from './terminal.ts';

/** Proved keyframes of a recording. */
export interface KeyframeLookup {
  /** The last one at or before a position: the state in which `index` events stand applied. */
  at(position: number): { readonly index: number; readonly bytes: Uint8Array } | null;
}

/** A recording without keyframes: each screen is made from its start. */
export const NO_KEYFRAMES: KeyframeLookup = { at: () => null };

/** A moment of a recording: a terminal in which its first events stand applied, and the last one of them. */
export interface Standing {
  readonly emulator: Emulator;
  readonly last: RecordingEvent | null;
}

/** The moment at which the first `count` events stand applied, in steps of one run each. */
export function* standingInSteps(source: EventSource, keyframes: KeyframeLookup, count: number): Generator<void, Standing> {
  const emulator = createTerminal(source.cols, source.rows, { piped: source.piped });
  const keyframe = keyframes.at(count);
  if (keyframe !== null) restoreKeyframe(emulator, keyframe.bytes);
  let last: RecordingEvent | null = null;
  for (const { firstIndex, events } of source.runs(keyframe?.index ?? 0)) {
    if (firstIndex >= count) break;
    for (const event of events.slice(0, count - firstIndex)) {
      feedEvent(emulator, event);
      last = event;
    }
    yield;
  }
  return { emulator, last: last ?? eventBefore(source, count) };
}

function eventBefore(source: EventSource, count: number): RecordingEvent | null {
  const [span] = count <= 0 || source.count === 0 ? [] : source.runs(Math.min(count, source.count) - 1);
  return span?.events[0] ?? null;
}

/** The same at once. */
export function standingAt(source: EventSource, keyframes: KeyframeLookup, count: number): Standing {
  const steps = standingInSteps(source, keyframes, count);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** A terminal in which the first `count` events of a recording stand applied. */
export function terminalAt(source: EventSource, keyframes: KeyframeLookup, count: number): Emulator {
  return standingAt(source, keyframes, count).emulator;
}

/** All rows that a terminal holds, those above the screen too, one a line. */
export function writtenText({ inner }: Emulator): string {
  const { lines } = inner.buffers.active;
  return Array.from({ length: lines.length }, (_, at) => rowText(lines.get(at)!)).join('\n');
}

/** What stands on the screen when the first `count` events are applied. */
export function screenAt(source: EventSource, keyframes: KeyframeLookup, count: number): ScreenText {
  const events = Math.min(Math.max(count, 0), source.count);
  const { emulator, last } = standingAt(source, keyframes, events);
  const { modes, screen, ...rest } = readScreen(emulator);
  return { atUs: last?.at ?? ZERO, seq: last?.seq ?? null, events, ...rest, modes: { ...modes }, screen: [...screen] };
}
