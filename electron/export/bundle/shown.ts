// What a bundle shows of a case's recordings: all of them, or what redactions and the lack of plaintext leave.

import type { Redaction } from '../../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Command, Proof, Session, SessionDetail } from '../../../shared/api/shapes.ts';
import type { Library, SessionRow } from '../../library/library.ts';
import type { EventSource, OpenedRecording } from '../../replay/replay.ts';
import { redactInSteps, type Redacted } from '../redaction/redaction.ts';
import { inTurns } from '../turns.ts';
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
  /** Those of the library. */
  readonly commands: () => Iterable<Command>;
  /** Those that are found anew in what a redaction leaves. */
  readonly commandsLeft: (redacted: EventSource) => Generator<void, readonly Command[]>;
  readonly discrepancies: SessionDetail['discrepancyList'];
}

export interface ShownCaseRecording extends ShownRecording {
  readonly of: CaseRecording;
  readonly redacted: Redacted | null;
  /** Of what is shown, not yet `clean`. */
  readonly commands: () => Iterable<Command>;
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
    headed: session.format.startsWith('asciicast'),
  });
  return inTurns(steps, () => breathe(`redaction of ${session.id}`));
}

/** The commands that a recording shows. */
async function commandsOf(
  { session, commands, commandsLeft }: CaseRecording,
  redacted: Redacted | null,
  breathe: ShowOptions['breathe'],
): Promise<() => Iterable<Command>> {
  if (redacted === null || redacted.records.size === 0) return commands;
  const left = await inTurns(commandsLeft(redacted.source), () => breathe(`commands of ${session.id}`));
  return () => left;
}

/** Throws kinds `cancelled`, `no-key`. */
export async function showRecordings(library: Library, all: readonly CaseRecording[], options: ShowOptions): Promise<Shown> {
  const standing = options.redacted ? options.redactions.filter(({ withdrawn }) => withdrawn === null) : [];
  const isShown = ({ lock, recording }: CaseRecording): boolean => options.plaintext && lock === null && recording.count > 0;
  const found: (Pick<ShownCaseRecording, 'of' | 'redacted' | 'commands'> & { readonly rules: readonly Redaction[] })[] = [];
  for (const of of all) {
    await options.breathe(of.session.id);
    const rules = standing.filter(({ session }) => session === null || session === of.session.id);
    const redacted = await redactedOf(library, of, rules, options.breathe);
    const commands = isShown(of) ? await commandsOf(of, redacted, options.breathe) : () => [];
    found.push({ of, rules, redacted, commands });
  }
  const mask = (text: string): string => found.reduce((masked, { redacted }) => redacted?.clean(masked) ?? masked, text);
  const withheldOf = ({ of: { session }, rules, redacted }: (typeof found)[number]): Withheld => {
    const byRules =
      redacted === null ? NOTHING_WITHHELD : redactedRecords(library, session, redacted, redactionReasons(rules, mask));
    if (options.plaintext) return byRules;
    return bothWithheld(session.records, byRules, withoutPlaintext(library, session, options.signedAt, options.signer));
  };
  const withheld = found.map(withheldOf);
  // Files as acquired, and digests of them, are of all recordings that came in them, also of those that nobody looked through here.
  const included = new Set(found.map(({ of: { session } }) => session.id));
  const files = found.map(({ of: { session } }) => {
    const own = withheld.filter((_, i) => found[i]!.of.session.acquisition === session.acquisition);
    const others = library.sessions.together(session).some((id) => !included.has(id));
    return {
      originals: own.every(({ count }) => count === 0) && !(others && (standing.length > 0 || !options.plaintext)),
      guessable: own.some(({ guessable }) => guessable) || (others && standing.length > 0),
    };
  });
  const names = new Map(found.map(({ of: { session } }, i) => [session.id, shownId(session, files[i]!.guessable)]));
  const renamed = [...names].filter(([own, other]) => own !== other);
  const rename = (text: string): string => renamed.reduce((named, [own, other]) => named.replaceAll(own, other), text);
  const clean = (text: string): string => mask(rename(text));
  return {
    recordings: found.map(({ of, redacted, commands }, i) => ({
      of,
      redacted,
      commands,
      session: of.session,
      id: names.get(of.session.id)!,
      proof: of.proof,
      source: isShown(of) ? (redacted?.source ?? of.recording) : null,
      withheld: withheld[i]!,
      ...files[i]!,
      clean,
    })),
    rename,
    mask,
    texts: [...new Set(found.flatMap(({ redacted }) => redacted?.texts ?? []))],
    clean,
    guessable: new Set(found.filter((_, i) => files[i]!.guessable).map(({ of: { session } }) => session.id)),
  };
}
