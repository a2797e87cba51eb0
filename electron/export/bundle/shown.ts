// What a bundle shows of a case's recordings: all of them, or what redactions and the lack of plaintext leave.

import type { Redaction } from '../../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Command, Proof, Session, SessionDetail } from '../../../shared/api/shapes.ts';
import type { Library, SessionRow } from '../../library/library.ts';
import type { OpenedRecording } from '../../replay/replay.ts';
import { redactInSteps, type Redacted } from '../redaction/redaction.ts';
import type { Wording } from './case-files.ts';
import type { ShownRecording, Withheld } from './recording-files.ts';
import { storedRecords } from './records.ts';
import { NOTHING_WITHHELD, bothWithheld, redactedRecords, redactionReasons, shownId, withoutPlaintext } from './withheld.ts';

/** A recording of the case, as whoever asks for the bundle may see it. */
export interface CaseRecording {
  readonly session: SessionRow;
  /** As lists show it. */
  readonly shape: Session;
  readonly recording: OpenedRecording;
  /** Why no key opens it, or null. */
  readonly lock: string | null;
  readonly proof: readonly Proof[];
  readonly commands: () => Iterable<Command>;
  readonly discrepancies: SessionDetail['discrepancyList'];
}

export interface ShownCaseRecording extends ShownRecording {
  readonly of: CaseRecording;
  readonly redacted: Redacted | null;
}

export interface Shown extends Wording {
  readonly recordings: readonly ShownCaseRecording[];
  /** Both: no other name, nothing that is withheld. */
  readonly clean: (text: string) => string;
  /** Library ids of recordings whose bytes no digest may tell. */
  readonly guessable: ReadonlySet<string>;
}

export interface ShowOptions {
  readonly plaintext: boolean;
  readonly redacted: boolean;
  readonly signedAt: string;
  readonly signer: string;
  readonly redactions: readonly Redaction[];
  /** Lets other work have its turn, and throws where the work was cancelled. */
  readonly breathe: (detail: string) => Promise<void>;
}

async function redactedOf(
  library: Library,
  of: CaseRecording,
  rules: readonly Redaction[],
  breathe: ShowOptions['breathe'],
): Promise<Redacted | null> {
  const { session, recording, lock } = of;
  if (rules.length === 0) return null;
  if (lock !== null) {
    const why = `what it withholds cannot be looked for in session ${session.id}: ${lock}`;
    throw new ExhibitError('no-key', 'redacted bundle', why, 'take the recording out of the case, or open it first');
  }
  const steps = redactInSteps({
    source: recording,
    rules: rules.map(({ number, rule }) => ({ id: number, rule })),
    records: () => storedRecords(library, session),
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await breathe(`redaction of ${session.id}`);
  }
}

/** Throws kinds `cancelled`, `no-key`. */
export async function showRecordings(library: Library, all: readonly CaseRecording[], options: ShowOptions): Promise<Shown> {
  const standing = options.redacted ? options.redactions.filter(({ withdrawn }) => withdrawn === null) : [];
  const found: { of: CaseRecording; rules: readonly Redaction[]; redacted: Redacted | null }[] = [];
  for (const of of all) {
    await options.breathe(of.session.id);
    const rules = standing.filter(({ session }) => session === null || session === of.session.id);
    found.push({ of, rules, redacted: await redactedOf(library, of, rules, options.breathe) });
  }
  const mask = (text: string): string => found.reduce((masked, { redacted }) => redacted?.clean(masked) ?? masked, text);
  const withheldOf = ({ of: { session }, rules, redacted }: (typeof found)[number]): Withheld => {
    const byRules =
      redacted === null ? NOTHING_WITHHELD : redactedRecords(library, session, redacted, redactionReasons(rules, mask));
    if (options.plaintext) return byRules;
    return bothWithheld(session.records, byRules, withoutPlaintext(library, session, options.signedAt, options.signer));
  };
  const withheld = found.map(withheldOf);
  const names = new Map(found.map(({ of: { session } }, i) => [session.id, shownId(session, withheld[i]!)]));
  const renamed = [...names].filter(([own, other]) => own !== other);
  const rename = (text: string): string => renamed.reduce((named, [own, other]) => named.replaceAll(own, other), text);
  const clean = (text: string): string => mask(rename(text));
  const isShown = ({ lock, recording }: CaseRecording): boolean => options.plaintext && lock === null && recording.count > 0;
  return {
    recordings: found.map(({ of, redacted }, i) => ({
      of,
      redacted,
      session: of.session,
      id: names.get(of.session.id)!,
      proof: of.proof,
      source: isShown(of) ? (redacted?.source ?? of.recording) : null,
      withheld: withheld[i]!,
      clean,
    })),
    rename,
    mask,
    clean,
    guessable: new Set(found.filter((_, i) => withheld[i]!.guessable).map(({ of: { session } }) => session.id)),
  };
}
