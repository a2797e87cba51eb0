// What a bundle of a case is made from, gathered from the library: the case with all that people wrote, its recordings as far as they
// open, and the key that signs.

import type { BundleRequest } from '../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { coverageOf, createCases } from '../cases/cases.ts';
import {
  readPlayer,
  readVerifier,
  type BundleSource,
  type CaseContent,
  type CaseRecording,
  type Signer,
} from '../export/export.ts';
import type { Annotation } from '../../shared/api/case-shapes.ts';
import type { CaseSummary } from '../../shared/api/case-shapes.ts';
import {
  annotationFaults,
  annotationsIn,
  PURGED,
  purgedError,
  sessionFaults,
  type Library,
  type SessionRow,
} from '../library/library.ts';
import { EMULATOR, openRecording, showsNothing } from '../replay/replay.ts';
import { findSession, type Desk } from './desk.ts';
import { commandsInSteps, eachCommand } from './facts.ts';
import { sessionCalls } from './session-calls.ts';

export function findCase(desk: Desk, ref: string): CaseSummary {
  return createCases({ library: desk.library(), actor: desk.actor, now: desk.now, newId: () => '' }).find(ref);
}

/** All annotations of a case, those that were retracted among them. */
export function annotationsOf({ annotations }: Library, caseId: string): Annotation[] {
  return [...annotationsIn(annotations, { case: caseId })];
}

/** The recordings that stand in a case, in the order of its exhibits. Throws kind `not-found` where one was purged. */
export function sessionsOf(library: Library, caseId: string): SessionRow[] {
  const standing = library.cases.exhibits(caseId).filter(({ withdrawn }) => withdrawn === null);
  return [...new Set(standing.map(({ session }) => session))].map((id) => {
    const session = findSession(library, id);
    if (session.lockCode !== PURGED) return session;
    const { what, why } = purgedError(`session ${id} of the case`);
    throw new ExhibitError('not-found', what, why, 'withdraw its exhibit with a reason, and the others go into the bundle');
  });
}

/**
 * Throws kind `permission` where a source does not let a recording of a case be handed out: one that stands in it, or one that an
 * annotation quotes.
 */
export function needToHandOut(
  desk: Desk,
  annotations: readonly Annotation[],
  exhibits: readonly SessionRow[],
  what: string,
): void {
  const { sessions } = desk.library();
  const quoted = new Set(annotations.flatMap(({ anchor }) => (anchor.text === null ? [] : [anchor.session])));
  const rows = [...quoted].flatMap((id) => {
    const row = sessions.find(id);
    return row === null || row === 'ambiguous' ? [] : [row];
  });
  for (const session of [...exhibits, ...rows]) desk.rights().need(session, 'download', `${what}, session ${session.id}`);
}

/** The same for all that a bundle of a case has. */
export function needToBundle(desk: Desk, { id, number }: CaseSummary): void {
  const library = desk.library();
  needToHandOut(desk, annotationsOf(library, id), sessionsOf(library, id), `bundle of case ${number}`);
}

/**
 * Throws kind `altered` where what is said of recordings, or an annotation of the case, is not what the custody log says: nobody signs
 * that for what was acquired and written.
 */
export function needAsEntered(library: Library, caseId: string, sessions: readonly SessionRow[], what: string): void {
  const refuse = (of: string, reason: string): never => {
    throw new ExhibitError('altered', `${what}, ${of}`, reason, '`exhibit library verify` says all that is not as it was');
  };
  for (const session of sessions)
    for (const { reason } of sessionFaults(library, session)) refuse(`session ${session.id}`, reason);
  for (const { annotation, place, reason } of annotationFaults(library, { case: caseId }))
    refuse(`annotation ${annotation}, ${place}`, reason);
}

/** Opening here writes no custody entry: the entry of the bundle says that it was made, and with which recordings. */
async function caseRecording(desk: Desk, session: SessionRow): Promise<CaseRecording> {
  const library = desk.library();
  const opening = await desk.keys().look(session);
  const recording = openRecording(library, session, opening.kind === 'opened' ? opening.opener : null);
  const isLocked = opening.kind === 'locked' && (session.indexState === 'locked' || showsNothing(recording));
  const { discrepancyList, proof, ...shape } = await sessionCalls(desk)['sessions.show']({ id: session.id });
  return {
    session,
    shape,
    recording,
    lock: isLocked ? opening.error.why : null,
    proof,
    commands: () => eachCommand(library, session),
    commandsLeft: commandsInSteps,
    discrepancies: discrepancyList,
  };
}

/** This library's key under a name. */
export function signerNamed({ custodian }: Desk, name: string): Signer {
  const { vault } = custodian;
  return { name, publicKey: vault.publicKey().subarray(-32), sign: (message) => vault.sign(message) };
}

/** Throws kinds `not-found`, `refused` for a case without recordings or one that came in a bundle, and where the custody log does not hold. */
export async function bundleSource(desk: Desk, request: BundleRequest): Promise<BundleSource> {
  const library = desk.library();
  const found = findCase(desk, request.case);
  const what = `bundle of case ${found.number}`;
  if (found.openedFrom !== null)
    throw new ExhibitError('refused', what, 'the case was opened from a bundle', '`exhibit annotate export` sends comments back');
  const custody = desk.custodian.status().custody ?? null;
  if (custody !== null && custody.state !== 'intact') {
    const todo =
      custody.state === 'broken'
        ? 'put back a copy of the library whose log holds'
        : 'put back the newer library, or take this one with `exhibit custody accept --reason …`';
    throw new ExhibitError('refused', what, `the custody log is ${custody.state}: ${custody.why}`, todo);
  }
  await desk.indexer().idle();
  needToBundle(desk, found);
  const sessions = sessionsOf(library, found.id);
  if (sessions.length === 0)
    throw new ExhibitError('refused', what, 'there is no exhibit in it', 'add recordings with `exhibit cases add`');
  needAsEntered(library, found.id, sessions, what);
  const content: CaseContent = {
    detail: library.cases.show(found.id),
    annotations: annotationsOf(library, found.id),
    coverage: sessions.map((session) => coverageOf(library, session)),
  };
  const recordings: CaseRecording[] = [];
  for (const session of sessions) recordings.push(await caseRecording(desk, session));
  return {
    library,
    request,
    tool: { version: desk.version, emulator: EMULATOR },
    content,
    redactions: library.redactions.list(found.id),
    recordings,
    signer: signerNamed(desk, request.signer),
    verifier: readVerifier(desk.verifier),
    player: readPlayer(desk.report),
  };
}
