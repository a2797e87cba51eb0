// Taking keyframes in one pass over a recording, and proving each one before anybody may store it: restored into another terminal, it
// must give back the state of the one it was taken from, in all that can be reached of both (shared/terminal/difference.ts).

import type { RecordingEvent } from '../../shared/recording/event.ts';
import { ZERO, type Micros } from '../../shared/recording/time.ts';
import { difference } from '../../shared/terminal/difference.ts';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import { restoreKeyframe, takeKeyframe } from '../../shared/terminal/keyframe.ts';
import { KeyframeSpacing } from '../../shared/terminal/seek-plan.ts';
import { createTerminal } from './terminal.ts';

export interface ProvenKeyframe {
  /** Events that stand applied. */
  readonly index: number;
  /** Time of the last of them. */
  readonly at: Micros;
  readonly state: Uint8Array;
}

/** Whether the keyframe gives back the whole state of the terminal that it was taken from. `other` is any terminal; it is changed. */
export function provesWhole(state: Uint8Array, emulator: Emulator, other: Emulator): boolean {
  restoreKeyframe(other, state);
  return difference(emulator, other) === null;
}

/**
 * Watches a pass over a recording from its first event on: what it returns is called with every event, just before that is fed to the
 * terminal. One that does not hold is tried again at the next event, then after one more, three more, seven more.
 */
export function createKeyframeTaker(
  emulator: Emulator,
  put: (keyframe: ProvenKeyframe) => void,
): (event: RecordingEvent) => void {
  const spacing = new KeyframeSpacing();
  let other: Emulator | null = null;
  let index = 0;
  let at: Micros = ZERO;
  let due = false;
  let failures = 0;
  let skip = 0;
  return (event) => {
    due = spacing.isDue(event) || due;
    if (skip > 0) skip -= 1;
    else if (due) {
      const state = takeKeyframe(emulator);
      other ??= createTerminal(2, 1);
      due = !provesWhole(state, emulator, other);
      failures = due ? failures + 1 : 0;
      skip = 2 ** Math.max(0, failures - 1) - 1;
      if (!due) put({ index, at, state });
    }
    index += 1;
    at = event.at;
  };
}
