// A moment as people type it, the same as on the command line: seconds from the start (12.5), a clock (1:23.4), a sequence number (#42), or
// an RFC 3339 moment.

import type { Moment } from '../../shared/api/shapes.ts';
import { formatInstant, parseInstant, parseOffset } from '../../shared/recording/time.ts';

/** The moment meant, or null when the text is none. */
export function parseMoment(text: string): Moment | null {
  const trimmed = text.trim();
  const seq = /^#(\d{1,20})$/.exec(trimmed)?.[1];
  if (seq !== undefined) return { kind: 'seq', seq };
  if (trimmed === 'end') return { kind: 'end' };
  const offset = parseOffset(trimmed);
  if (offset !== null) return { kind: 'offset', atUs: offset };
  const instant = parseInstant(trimmed);
  return instant === null ? null : { kind: 'instant', at: formatInstant(instant) };
}
