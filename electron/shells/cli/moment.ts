// TIME as people write it: seconds from the start (12.5), a clock (00:01:23.4), a sequence number (#42), an RFC 3339 moment, `end`.

import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Moment } from '../../../shared/api/shapes.ts';
import { formatInstant, parseInstant, parseOffset } from '../../../shared/recording/time.ts';

/** Throws kind `usage` when the text is none of these. */
export function parseMoment(text: string): Moment {
  if (text === 'end') return { kind: 'end' };
  if (/^#\d{1,20}$/.test(text)) return { kind: 'seq', seq: text.slice(1) };
  const offset = parseOffset(text);
  if (offset !== null) return { kind: 'offset', atUs: offset };
  const instant = parseInstant(text);
  if (instant !== null) return { kind: 'instant', at: formatInstant(instant) };
  throw new ExhibitError(
    'usage',
    `time ${JSON.stringify(text)}`,
    'it is no moment',
    'write seconds (12.5), a clock (00:01:23.4), a sequence number (#42), or a date and time (2026-11-21T03:38:57Z)',
  );
}
