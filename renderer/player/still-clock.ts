// A position in a recording that does not play: what a locked recording has in the place of a playback.

import type { TimelineClock } from './timeline/timeline.tsx';

export function createStillClock(durationUs: number, atUs: number): TimelineClock {
  const listeners = new Set<() => void>();
  const within = (us: number): number => Math.max(0, Math.min(durationUs, us));
  let state: ReturnType<TimelineClock['state']> = { atUs: within(atUs), phase: 'paused' };
  return {
    state: () => state,
    seek: (us) => {
      state = { ...state, atUs: within(us) };
      for (const listener of listeners) listener();
    },
    // Nothing is seen of it: nothing counts as watched.
    covered: () => [],
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
