// A moment as people type it, the same as on the command line: seconds from the start (12.5), a clock (1:23.4), a sequence number (#42), or
// an RFC 3339 moment.

import type { Moment } from '../../shared/api/shapes.ts';
import { formatInstant, parseInstant, parseSeconds, MICROS_PER_SECOND } from '../../shared/recording/time.ts';

const CLOCK = /^(?:(\d{1,6}):)?(\d{1,4}):(\d{1,2}(?:[.,]\d{1,9})?)$/;

/** The moment meant, or null when the text is none. */
export function parseMoment(text: string): Moment | null {
  const trimmed = text.trim();
  const seq = /^#(\d{1,20})$/.exec(trimmed)?.[1];
  if (seq !== undefined) return { kind: 'seq', seq };
  if (trimmed === 'end') return { kind: 'end' };
  const clock = CLOCK.exec(trimmed);
  if (clock !== null) {
    const [, hours = '0', minutes, seconds] = clock;
    const exact = parseSeconds(seconds!);
    return exact === null
      ? null
      : { kind: 'offset', atUs: (Number(hours) * 3600 + Number(minutes) * 60) * MICROS_PER_SECOND + exact.micros };
  }
  const exact = parseSeconds(trimmed);
  if (exact !== null) return { kind: 'offset', atUs: exact.micros };
  const instant = parseInstant(trimmed);
  return instant === null ? null : { kind: 'instant', at: formatInstant(instant) };
}
