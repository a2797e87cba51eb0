// The group's clock: one moment for all of its sessions, which stands, is moved, or runs. While it runs, time in which no session runs is
// passed over.

import { useCallback, useEffect, useRef, useState } from 'react';
import { boundaries, runningAt, type GroupAxis } from './group-axis.ts';

export interface GroupClock {
  readonly atUs: number;
  readonly playing: boolean;
  readonly speed: number;
  /** Stands at a moment; a running clock runs on from there. */
  stand(us: number): void;
  toggle(): void;
  setSpeed(speed: number): void;
}

/** A picture counts for at most this: a window that was hidden has not been watched. Milliseconds. */
const LONGEST = 250;

/** Where a running clock stands after some time of it, in microseconds. */
export function clockAfter(axis: GroupAxis, atUs: number, passedUs: number): number {
  const next = Math.min(axis.durationUs, atUs + Math.max(0, Math.round(passedUs)));
  if (runningAt(axis, next) > 0) return next;
  return boundaries(axis).find((edge) => edge > next) ?? axis.durationUs;
}

export function useGroupClock(axis: GroupAxis): GroupClock {
  const { durationUs } = axis;
  const [atUs, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const now = useRef(0);
  const stand = useCallback(
    (us: number) => {
      now.current = Math.max(0, Math.min(durationUs, Math.round(us)));
      setAt(now.current);
    },
    [durationUs],
  );
  useEffect(() => {
    if (!playing) return;
    let wanted = true;
    let last = performance.now();
    const tick = (time: number): void => {
      if (!wanted) return;
      stand(clockAfter(axis, now.current, Math.min(LONGEST, time - last) * 1000 * speed));
      last = time;
      if (now.current >= durationUs) setPlaying(false);
      else requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    return () => {
      wanted = false;
    };
  }, [playing, speed, axis, stand, durationUs]);
  return {
    atUs,
    playing,
    speed,
    stand,
    toggle: () => {
      if (!playing && now.current >= durationUs) stand(0);
      setPlaying(!playing);
    },
    setSpeed,
  };
}
