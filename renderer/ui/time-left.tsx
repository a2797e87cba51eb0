// How long something is still kept, in calm words. Never rounded up: what is said to be left is left.

import { epochOf, formatDuration, formatInstant } from './format.ts';
import { useZone } from './zone.tsx';

const DAY = 86_400_000_000;

/** From here on it is said louder. Microseconds. */
const SOON = 3 * DAY;

/** Microseconds until an instant, negative once it is past; null where either is not known. `nowUs`: since 1970 UTC. */
export function leftUntil(until: string | null, nowUs: number | null): number | null {
  const end = until === null ? null : epochOf(until);
  return end === null || nowUs === null ? null : end - nowUs;
}

/** `12 d`; below a day `5 h 10 min`. */
export const formatLeft = (leftUs: number): string =>
  formatDuration(leftUs >= DAY ? Math.floor(leftUs / DAY) * DAY : Math.max(0, leftUs));

export const endsSoon = (leftUs: number | null): boolean => leftUs !== null && leftUs < SOON;

export interface TimeLeftProps {
  readonly until: string | null;
  /** A legal hold stops its end. */
  readonly held?: boolean;
  /** Microseconds since 1970 UTC; null while it is not known, and nothing is said. */
  readonly now: number | null;
}

/** Time left, with the instant in the tooltip. */
export function TimeLeft({ until, held, now }: TimeLeftProps): React.JSX.Element {
  const zone = useZone();
  const left = leftUntil(until, now);
  const title = until === null ? undefined : formatInstant(until, zone);
  if (held === true) return <span title={title}>on hold</span>;
  if (left === null) return <span className="faint">–</span>;
  return (
    <span className={`left ${left <= 0 ? 'over' : endsSoon(left) ? 'soon' : ''}`} title={title}>
      {left <= 0 ? 'ended' : formatLeft(left)}
    </span>
  );
}
