// The discrepancies of a session as they are listed: those that stood at the acquisition, and beside them payloads that a key was tried on and
// that do not open, which the index pass found.

import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { PayloadCounts } from '../indexing/indexing.ts';
import type { Library, SessionRow } from '../library/library.ts';

/** How many one answer lists. The rest is counted. */
const LISTED = 1000;

/** What the last whole pass counted of a session's payloads; null where all came in clear, or before the pass. */
export function payloadCounts({ derived }: Library, session: SessionRow): PayloadCounts | null {
  if (session.indexState !== 'done' && session.indexState !== 'locked') return null;
  const [fact] = derived.facts(session, 'payloads', 1).facts;
  return fact === undefined ? null : (JSON.parse(fact.data) as PayloadCounts);
}

function unopened({ derived }: Library, session: SessionRow): Discrepancy[] {
  return derived.facts(session, 'unopened', LISTED).facts.map(({ data }) => {
    const { seq, reason } = JSON.parse(data) as { readonly seq: string; readonly reason: string };
    return {
      kind: 'not-decrypted',
      message: `the payload does not open: ${reason}; the event is kept as it came`,
      place: { seq },
    };
  });
}

/** `counts`: what {@link payloadCounts} gives. */
export function discrepanciesOf(
  library: Library,
  session: SessionRow,
  counts: PayloadCounts | null,
): { readonly listed: readonly Discrepancy[]; readonly total: number } {
  return {
    listed: [...library.sessions.discrepancies(session, LISTED), ...unopened(library, session)].slice(0, LISTED),
    total: session.discrepancies + (counts?.failed ?? 0),
  };
}
