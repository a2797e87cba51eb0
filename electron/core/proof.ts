// The proof card: one verdict a property, with its reason and its numbers, in the same words on screen, in the command line and
// in a bundle. What cannot be proven is said to be so (docs/evidence.md).

import type { Proof } from '../../shared/api/shapes.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { SessionRow } from '../library/library.ts';

const count = (n: number, one: string, many = `${one}s`): string => `${String(n)} ${n === 1 ? one : many}`;

/** `lastVerified`: when the stored bytes were last found to be what was acquired, or null; RFC 3339. */
export function proofCard(session: SessionRow, discrepancies: readonly Discrepancy[], lastVerified: string | null): Proof[] {
  const of = (...kinds: readonly Discrepancy['kind'][]): number =>
    discrepancies.filter(({ kind }) => kinds.includes(kind)).length;
  const times = of('bad-time');
  const gaps = of('sequence-gap', 'sequence-repeat', 'sequence-reorder', 'broken-link', 'changed-history');
  const cut = of('truncated');
  const lines = of('bad-line', 'encoding', 'inconsistent', 'inconsistent-parts');
  return [
    {
      property: 'content',
      verdict: 'not-proven',
      reason:
        session.sealedEvents > 0
          ? `${count(session.sealedEvents, 'event')} end-to-end encrypted and not opened; nothing is known of their content`
          : 'the source delivered it in clear: nothing but trust in the source says that this was on the screen',
    },
    {
      property: 'order',
      verdict: gaps > 0 ? 'failed' : 'not-proven',
      reason:
        gaps > 0
          ? `${count(gaps, 'discrepancy', 'discrepancies')} in sequence numbers or links`
          : `${count(session.records, 'record')} in the order received; the format has no sequence numbers that could show a loss`,
    },
    {
      property: 'uniqueness',
      verdict: 'not-proven',
      reason: 'the recording is not encrypted: there is no nonce that could repeat',
    },
    {
      property: 'time',
      verdict: 'not-proven',
      reason:
        times > 0
          ? `the recorder's clock: ${count(times, 'time')} that go back or are out of range; no third party attests any time`
          : "the recorder's clock, never going back; no third party attests any time",
    },
    {
      property: 'completeness',
      verdict: cut + lines > 0 ? 'failed' : 'not-proven',
      reason:
        cut + lines > 0
          ? `${count(cut, 'place')} cut short and ${count(lines, 'place')} unreadable or inconsistent`
          : session.exitStatus === null
            ? 'it ends without an exit status: whether more was said cannot be seen'
            : `it ends with exit status ${String(session.exitStatus)}; nothing attests that no event is missing before it`,
    },
    {
      property: 'custody',
      verdict: lastVerified === null ? 'not-proven' : 'proven',
      reason:
        lastVerified === null
          ? `acquired ${session.acquiredAt}; not verified since`
          : `acquired ${session.acquiredAt}; found unchanged ${lastVerified}`,
    },
  ];
}
