// Where keyframes go, and how a moment is reached from them. A seek restores the last keyframe at or before the moment and applies
// the events after it; the bounds below say how much that can be, whatever the recording holds.

import { payloadLength, type RecordingEvent } from '../recording/event.ts';

/**
 * Most output that a seek applies after a keyframe. Only an event that is larger by itself stands alone. Measured: with half as much, a seek
 * takes a millisecond less, the library a tenth more room, and indexing proves twice as many keyframes.
 */
export const KEYFRAME_BYTES = 128 * 1024;

/** Most events that a seek applies after a keyframe, for recordings of many small or empty ones. */
export const KEYFRAME_EVENTS = 16_384;

/** A resize wraps up to a thousand rows anew: it counts as this much output. */
const RESIZE_BYTES = 4096;

function costOf(event: RecordingEvent): number {
  if (event.kind === 'resize') return RESIZE_BYTES;
  return (event.kind === 'data' || event.kind === 'sealed') && event.stream !== 'stdin' ? payloadLength(event) : 0;
}

/** Tells event by event whether a keyframe belongs before it. */
export class KeyframeSpacing {
  #bytes = 0;
  #events = 0;

  /** Called once for each event. When it says true, a keyframe is to be taken before the event is applied. */
  isDue(event: RecordingEvent): boolean {
    const cost = costOf(event);
    const due = this.#events >= KEYFRAME_EVENTS || (this.#bytes > 0 && this.#bytes + cost > KEYFRAME_BYTES);
    if (due) {
      this.#bytes = 0;
      this.#events = 0;
    }
    this.#bytes += cost;
    this.#events += 1;
    return due;
  }
}

export interface SeekPlan {
  /** Position in the list of the keyframe to restore; null: go on from where the terminal stands, or from an empty one at 0. */
  readonly keyframe: number | null;
  /** First event to apply. */
  readonly from: number;
}

/**
 * Plans the way to the state in which `target` events stand applied. `keyframes` are positions in ascending order: each holds
 * the state before that event. `current` is how many events a terminal at hand has applied, or null.
 */
export function planSeek(keyframes: readonly number[], target: number, current: number | null): SeekPlan {
  const keyframe = keyframes.findLastIndex((position) => position <= target);
  const from = keyframe < 0 ? 0 : keyframes[keyframe]!;
  if (current !== null && current <= target && current >= from) return { keyframe: null, from: current };
  return { keyframe: keyframe < 0 ? null : keyframe, from };
}
