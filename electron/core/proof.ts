// The proof card: one verdict a property, with its reason and its numbers, in the same words on screen, in the command line and
// in a bundle. What cannot be proven is said to be so (docs/evidence.md).

import { grouped, some } from '../../shared/api/counts.ts';
import type { Proof, SessionDetail } from '../../shared/api/shapes.ts';
import type { FormatName } from '../../shared/recording/decoder.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import type { PayloadCounts } from '../indexing/indexing.ts';
import { PURGED, type DiscrepancyCounts, type SessionRow } from '../library/library.ts';
import { isRstream } from '../replay/replay.ts';

type Verdict = Pick<Proof, 'verdict' | 'reason'>;

function countOf(discrepancies: DiscrepancyCounts, ...kinds: readonly Discrepancy['kind'][]): number {
  return kinds.reduce((sum, kind) => sum + (discrepancies.get(kind) ?? 0), 0);
}

/** What sources call the numbers of their events, where a number that is missing or repeated shows. */
const NUMBERS: Partial<Record<FormatName, string>> = {
  rstream: 'sequence numbers',
  'rstream-json': 'sequence numbers',
  teleport: 'event numbers, where they have them,',
  tlog: 'message numbers',
};

export interface Proven {
  readonly session: SessionRow;
  readonly discrepancies: DiscrepancyCounts;
  /** Number of its first event, as the source gives it; null where it has no event. */
  readonly firstSeq: string | null;
  /** What the index pass counted; null where all came in clear, or before the pass. */
  readonly counts: PayloadCounts | null;
  readonly openedWith: SessionDetail['openedWith'];
  /** Its source had more to come when it was last read. */
  readonly growing: boolean;
  /** The permission without which its source lets nothing of it be seen; null where it may be. */
  readonly missing: string | null;
  /** When the stored bytes were last compared with what was acquired, and how many places differed; null where they never were. */
  readonly lastVerified: { readonly at: string; readonly failures: number } | null;
}

const KEYS = { x25519: 'X25519', p256: 'P-256' } as const;

function content({ session, counts, openedWith }: Proven): Verdict {
  const trust = 'nothing but trust in the source says that this was on the screen';
  if (session.sealedEvents === 0) {
    const missing =
      counts === null ? '' : `${some(counts.missing, 'payload')} the source did not return, or not in a form that can be read`;
    if (counts?.clear === 0) return { verdict: 'not-proven', reason: `${missing}; nothing is known of their content` };
    return { verdict: 'not-proven', reason: `the source delivered it in clear: ${trust}${missing === '' ? '' : `; ${missing}`}` };
  }
  if (openedWith === null) {
    const reason = `${some(session.sealedEvents, 'event')} end-to-end encrypted and not opened; nothing is known of their content`;
    return { verdict: 'not-proven', reason };
  }
  if (counts === null || counts.untried > 0) {
    return { verdict: 'not-proven', reason: 'a key opens it; its payloads are counted when it is indexed' };
  }
  const { suite, recipientKind, recipientId, grant } = openedWith;
  const key = `the ${KEYS[suite]} key of ${recipientKind} ${recipientId}${grant === null ? '' : ` (grant ${grant})`}`;
  const others = [
    ...(counts.failed === 0 ? [] : [`${some(counts.failed, 'payload')} did not open`]),
    ...(counts.clear === 0 ? [] : [`${some(counts.clear, 'payload')} came in clear: ${trust}`]),
    ...(counts.missing === 0 ? [] : [`${some(counts.missing, 'payload')} could not be had or read`]),
  ];
  const opened = `${some(counts.opened, 'payload')} opened with ${key}; each one's AES-256-GCM tag, stream and length verified`;
  const verdict = counts.failed > 0 ? 'failed' : others.length > 0 ? 'not-proven' : 'proven';
  return { verdict, reason: [opened, ...others].join('; ') };
}

/** Said wherever order or time could seem to follow from the encryption. */
const NOT_BOUND = "rstream's encryption binds neither sequence nor time";

/** Of a recording without times, too: then its events stand at its start. */
const NO_DURATION = 'all events stand at one time: how long it took is not known';

function order({ session, discrepancies }: Proven): Verdict {
  const gaps = countOf(discrepancies, 'sequence-gap', 'sequence-repeat', 'sequence-reorder', 'broken-link', 'changed-history');
  const bound = session.sealedEvents > 0 ? `; ${NOT_BOUND}` : '';
  if (gaps > 0) {
    return { verdict: 'failed', reason: `${some(gaps, 'discrepancy', 'discrepancies')} in sequence numbers or links${bound}` };
  }
  const received = `${some(session.records, 'record')} in the order received`;
  const numbers = NUMBERS[session.format];
  if (numbers === undefined) {
    return { verdict: 'not-proven', reason: `${received}; the format has no sequence numbers that could show a loss` };
  }
  const unbroken = `${received}, their ${numbers} without gap or repeat`;
  if (!isRstream(session)) return { verdict: 'not-proven', reason: unbroken };
  const links = 'prev_hash, where events carry it, is the hash of the event before: linked, not recomputed';
  return { verdict: 'not-proven', reason: `${unbroken}; ${links}${bound}` };
}

function uniqueness({ session, counts }: Proven): Verdict {
  if (session.sealedEvents === 0) {
    return { verdict: 'not-proven', reason: 'the recording is not encrypted: there is no nonce that could repeat' };
  }
  if (counts === null) return { verdict: 'not-proven', reason: 'its nonces are compared when it is indexed' };
  const { checked, unchecked, repeated, repeats } = counts.nonces;
  if (repeated > 0) {
    const where = `${repeats.join(', ')}${repeated > repeats.length ? ' …' : ''}`;
    return {
      verdict: 'failed',
      reason: `${some(repeated, 'nonce')} used before under the same key, at sequence number ${where}: an event was served twice, or two messages share a nonce`,
    };
  }
  const none = `no nonce twice under one key, of ${grouped(checked)}`;
  if (unchecked === 0) return { verdict: 'proven', reason: none };
  return { verdict: 'not-proven', reason: `${none}; ${some(unchecked, 'event')} whose nonce could not be compared` };
}

function custodyOf({ acquiredAt }: SessionRow, last: Proven['lastVerified']): Verdict {
  if (last === null) return { verdict: 'not-proven', reason: `acquired ${acquiredAt}; not verified since` };
  if (last.failures === 0) return { verdict: 'proven', reason: `acquired ${acquiredAt}; found unchanged ${last.at}` };
  const places = some(last.failures, 'place is not what was acquired', 'places are not what was acquired');
  return { verdict: 'failed', reason: `acquired ${acquiredAt}; found changed ${last.at}: ${places}` };
}

/** Sources count from 0 or from 1. */
function beginning({ session, firstSeq }: Proven): string {
  if (NUMBERS[session.format] === undefined || firstSeq === null || firstSeq === '0' || firstSeq === '1') return '';
  return `; its first event has the number ${firstSeq}: what came before that, if anything did, is not here`;
}

const PROPERTIES = ['content', 'order', 'uniqueness', 'time', 'completeness', 'custody'] as const;

export function proofCard(proven: Proven): Proof[] {
  const { session, discrepancies, growing, missing, lastVerified } = proven;
  if (session.lockCode === PURGED) {
    const reason = `it was purged when its retention ended: its certificate and the custody log say what it was, ${some(session.records, 'record')} with the root of their tree`;
    return PROPERTIES.map((property) => ({ property, verdict: 'not-proven', reason }));
  }
  const times = countOf(discrepancies, 'bad-time');
  const cut = countOf(discrepancies, 'truncated');
  const lines = countOf(discrepancies, 'bad-line', 'encoding', 'inconsistent', 'inconsistent-parts');
  const end =
    cut + lines > 0
      ? `${some(cut, 'place')} cut short and ${some(lines, 'place')} unreadable or inconsistent`
      : growing
        ? 'it was still live when it was last read, or its source kept something back; `exhibit sync` reads on'
        : session.exitStatus === null
          ? 'it ends without an exit status: whether more was said cannot be seen'
          : `it ends with exit status ${String(session.exitStatus)}; nothing attests that no event is missing before it`;
  const extent = `${end}${beginning(proven)}`;
  return [
    { property: 'content', ...content(proven) },
    { property: 'order', ...order(proven) },
    { property: 'uniqueness', ...uniqueness(proven) },
    {
      property: 'time',
      verdict: 'not-proven',
      reason: [
        times > 0
          ? `the recorder's clock: ${some(times, 'time')} that are missing, go back or are out of range`
          : "the recorder's clock, never going back",
        ...(session.events > 1 && session.duration === 0 ? [NO_DURATION] : []),
        ...(session.sealedEvents > 0 ? [NOT_BOUND] : []),
        'no third party attests any time',
      ].join('; '),
    },
    {
      property: 'completeness',
      verdict: cut + lines > 0 ? 'failed' : 'not-proven',
      reason:
        missing === null ? extent : `${missing} is missing, and nothing of it can be looked at; when it was read, ${extent}`,
    },
    {
      property: 'custody',
      ...custodyOf(session, lastVerified),
    },
  ];
}
