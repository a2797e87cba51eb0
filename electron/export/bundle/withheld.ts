// Which records of a recording a bundle may not show: those that a redaction withholds, and, in a bundle without plaintext, those that
// hold any.

import { hash } from 'node:crypto';
import type { Redaction } from '../../../shared/api/case-shapes.ts';
import type { Library, SessionRow } from '../../library/library.ts';
import type { Redacted } from '../redaction/redaction.ts';
import { cleaned, type Withheld, type WithheldReason } from './recording-files.ts';

/** Number of what is withheld in a bundle without plaintext. */
export const PLAINTEXT = 'plaintext';

export const NOTHING_WITHHELD: Withheld = { count: 0, why: () => null, guessable: false, reasons: [] };

/** Records of an encrypted recording that hold something in clear all the same. */
function clearRecords({ content }: Library, session: SessionRow): Set<number> {
  const found = new Set<number>();
  for (const info of content.eventChunks(session))
    for (const { kind, record } of content.events(session, info)) if (kind === 'data') found.add(record);
  return found;
}

/** What a bundle without plaintext withholds: all of a recording that came in clear, and what is in clear in another. */
export function withoutPlaintext(library: Library, session: SessionRow, signedAt: string, signer: string): Withheld {
  const reason: WithheldReason = {
    number: PLAINTEXT,
    what: 'what came in clear',
    reason: 'the bundle was made without plaintext',
    author: signer,
    at: signedAt,
  };
  if (session.sealedEvents === 0) return { count: session.records, why: () => PLAINTEXT, guessable: false, reasons: [reason] };
  const clear = clearRecords(library, session);
  const why = (record: number): string | null => (clear.has(record) ? PLAINTEXT : null);
  return clear.size === 0 ? NOTHING_WITHHELD : { count: clear.size, why, guessable: false, reasons: [reason] };
}

/** What a redaction rule is, in words that do not tell what it withholds. */
function ruleWords({ rule }: Redaction): string {
  switch (rule.kind) {
    case 'text':
      return 'a text';
    case 'pattern':
      return 'texts of a pattern';
    case 'secrets':
      return 'secrets, by the built-in list';
    case 'range':
      return 'a time range';
    case 'stream':
      return `the stream ${rule.stream}`;
    case 'region':
      return 'a region of the screen';
  }
}

/** What redactions say of themselves in a bundle. `clean` of all that the bundle withholds. */
export function redactionReasons(redactions: readonly Redaction[], clean: (text: string) => string): WithheldReason[] {
  return redactions.map((redaction) =>
    cleaned(
      {
        number: redaction.number,
        what: ruleWords(redaction),
        reason: redaction.reason,
        author: redaction.author,
        at: redaction.at,
      },
      clean,
    ),
  );
}

/** What a redaction withholds. `reasons` are those of all redactions of the recording. */
export function redactedRecords(
  library: Library,
  session: SessionRow,
  { records }: Redacted,
  reasons: readonly WithheldReason[],
): Withheld {
  if (records.size === 0) return NOTHING_WITHHELD;
  const used = new Set(records.values());
  return {
    count: records.size,
    why: (record) => records.get(record) ?? null,
    guessable: session.sealedEvents === 0 || clearRecords(library, session).size > 0,
    reasons: reasons.filter(({ number }) => used.has(number)),
  };
}

/** Both: what a redaction names is withheld for that. */
export function bothWithheld(records: number, redacted: Withheld, plaintext: Withheld): Withheld {
  if (redacted.count === 0) return plaintext;
  if (plaintext.count === 0) return redacted;
  const why = (record: number): string | null => redacted.why(record) ?? plaintext.why(record);
  let count = 0;
  for (let record = 0; record < records; record++) if (why(record) !== null) count += 1;
  return { count, why, guessable: redacted.guessable, reasons: [...redacted.reasons, ...plaintext.reasons] };
}

const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * What a bundle calls a recording. The id of one that came as files follows from their digests, so that a guess at what is
 * withheld (`guessable`) could be proved by it; in its place stands an id that follows from the root, which the salts keep from
 * being guessed.
 */
export function shownId(session: SessionRow, guessable: boolean): string {
  if (!guessable || session.format === 'rstream') return session.id;
  const digest = hash('sha256', Buffer.concat([Buffer.from('exhibit redacted recording\0'), session.root]), 'buffer');
  return `r-${Array.from(digest.subarray(0, 12), (byte) => ID_ALPHABET[byte % 32]).join('')}`;
}
