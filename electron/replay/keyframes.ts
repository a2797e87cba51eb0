// Taking keyframes in one pass over a recording, and proving each one before anybody may store it: restored into a fresh terminal
// and played over the span up to the next keyframe, it must give the very state that the pass came to. What the pass claims can be
// proved at once or sent to another thread; both need nothing but the claim.

import type { RecordingEvent } from '../../shared/recording/event.ts';
import { ZERO, type Micros } from '../../shared/recording/time.ts';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import { feedEvent } from '../../shared/terminal/feed.ts';
import { restoreKeyframe, sameState, takeKeyframe } from '../../shared/terminal/keyframe.ts';
import { KeyframeSpacing } from '../../shared/terminal/seek-plan.ts';
import { createTerminal } from './terminal.ts';

/** A keyframe, what came after it, and the state that must come out. Plain data: it can be posted to another thread. */
export interface KeyframeClaim {
  /** Events that stand applied. */
  readonly index: number;
  /** Time of the last of them. */
  readonly at: Micros;
  readonly state: Uint8Array;
  readonly span: readonly RecordingEvent[];
  readonly end: Uint8Array;
}

export interface KeyframeTaker {
  /** Must be called with every event, just before it is fed to the terminal. */
  before(event: RecordingEvent): void;
  /** After the last event. */
  finish(): void;
}

/** Watches a pass over a recording from its first event on, and claims a keyframe whenever the span after it is complete. */
export function createKeyframeTaker(emulator: Emulator, claim: (claim: KeyframeClaim) => void): KeyframeTaker {
  const spacing = new KeyframeSpacing();
  let index = 0;
  let at: Micros = ZERO;
  let taken: Pick<KeyframeClaim, 'index' | 'at' | 'state'> | null = null;
  let span: RecordingEvent[] = [];

  const end = (state: Uint8Array): void => {
    if (taken !== null && span.length > 0) claim({ ...taken, span, end: state });
    span = [];
  };

  return {
    before: (event) => {
      if (spacing.isDue(event)) {
        const state = takeKeyframe(emulator);
        end(state);
        taken = { index, at, state };
      }
      if (taken !== null) span.push(event);
      index += 1;
      at = event.at;
    },
    finish: () => {
      if (taken !== null && span.length > 0) end(takeKeyframe(emulator));
      taken = null;
    },
  };
}

/** Whether the keyframe gives the claimed state. One that does not must not be stored: a seek then starts from the one before. */
export function proveKeyframe({ state, span, end }: KeyframeClaim): boolean {
  const emulator = createTerminal(2, 1);
  restoreKeyframe(emulator, state);
  for (const event of span) feedEvent(emulator, event);
  return sameState(takeKeyframe(emulator), end);
}
