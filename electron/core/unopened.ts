// Payloads that a key was tried on and that do not open, as discrepancies: found by the index pass, so derived, and shown beside
// those that stood at the acquisition.

import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { PayloadCounts } from '../indexing/indexing.ts';
import type { Library, SessionRow } from '../library/library.ts';

/** What the last whole pass counted of a session's payloads; null where all came in clear, or before the pass. */
export function payloadCounts({ derived }: Library, session: SessionRow): PayloadCounts | null {
  if (session.indexState !== 'done' && session.indexState !== 'locked') return null;
  const [fact] = derived.facts(session, 'payloads', 1).facts;
  return fact === undefined ? null : (JSON.parse(fact.data) as PayloadCounts);
}

export function unopened({ derived }: Library, session: SessionRow, limit: number): Discrepancy[] {
  return derived.facts(session, 'unopened', limit).facts.map(({ data }) => {
    const { seq, reason } = JSON.parse(data) as { readonly seq: string; readonly reason: string };
    return {
      kind: 'not-decrypted',
      message: `the payload does not open: ${reason}; the event is kept as it came`,
      place: { seq },
    };
  });
}
