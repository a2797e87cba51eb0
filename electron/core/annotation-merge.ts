// Annotations of one case as a signed file, and such a file taken in: what is new is added under the key that signed it, what is there
// stays as it is, and every conflict is shown.

import type { AnnotationPayload, MergeReport } from '../../shared/api/bundle-shapes.ts';
import type { Annotation, AnnotationAnchor, CaseSummary } from '../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { annotationDigest } from '../../shared/evidence/annotation-digest.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import { checkAnchor, makeAnchor, whyNotSeen, type AnchoredRecording } from '../cases/cases.ts';
import { BLOCK, BUNDLE_DETAIL, readAnnotationFile, writeAnnotationFile } from '../export/export.ts';
import { sha256, type Library, type SessionRow } from '../library/library.ts';
import { anchoredRecording } from './anchored-recording.ts';
import { annotationsOf, findCase, needAsEntered, needToHandOut, signerNamed } from './bundle-source.ts';
import type { Desk } from './desk.ts';

/** An anchor as the bundle's producer has it: under the recording's name and root there. */
function sentAnchor(anchor: AnnotationAnchor, { openedFrom }: CaseSummary): AnnotationAnchor {
  const recording = openedFrom?.recordings?.find(({ session }) => session === anchor.session);
  return recording === undefined ? anchor : { ...anchor, session: recording.id, root: recording.root };
}

/**
 * The annotations made here in a case. Throws kinds `not-found`, `altered` where one is not what the custody log says, and `permission` where
 * one quotes what may not be handed out.
 */
export function annotationFileOf(
  desk: Desk,
  ref: string,
  signer: string,
  signedAt: string,
): { readonly text: string; readonly case: CaseSummary; readonly annotations: number; readonly allowed: () => void } {
  const found = findCase(desk, ref);
  const own = annotationsOf(desk.library(), found.id).filter(({ from }) => from === null);
  const allowed = (): void => needToHandOut(desk, own, [], `annotations of case ${found.number}`);
  allowed();
  needAsEntered(desk.library(), found.id, [], `annotations of case ${found.number}`);
  const annotations = own.map((annotation) => ({ ...annotation, case: null, anchor: sentAnchor(annotation.anchor, found) }));
  const { number, title } = found;
  const said = { case: { number, title }, bundle: found.openedFrom?.bundle ?? null, annotations, signedAt };
  return { text: writeAnnotationFile(said, signerNamed(desk, signer)), case: found, annotations: annotations.length, allowed };
}

/** The case whose bundle has this statement, as the custody log knows it. */
function caseOfBundle({ custody, cases }: Library, digest: string): CaseSummary | null {
  for (let before: number | null = null; ;) {
    const { entries } = custody.list({ action: 'sign' }, before, 1000);
    for (const { text } of entries) {
      const { subject, details } = JSON.parse(text) as { subject: string; details: { [BUNDLE_DETAIL]?: { statement?: string } } };
      const found = details[BUNDLE_DETAIL]?.statement === digest ? cases.find(subject) : null;
      if (found !== null && found !== 'ambiguous') return found;
    }
    const last = entries.at(-1);
    if (last === undefined || last.seq <= 1) return null;
    before = last.seq;
  }
}

function caseOf(desk: Desk, { bundle, case: of }: AnnotationPayload, ref: string | undefined): CaseSummary {
  const byBundle = ref === undefined && bundle !== null ? caseOfBundle(desk.library(), bundle) : null;
  const found = byBundle ?? findCase(desk, ref ?? of.number);
  if (found.status === 'open') return found;
  throw new ExhibitError('refused', 'merge annotations', `case ${found.number} is closed`, 'open it again first, with a reason');
}

/** What makes two annotations of one id the same: what they point at and all that was ever said. */
const said = ({ anchor, versions }: Annotation, count: number = versions.length): string => {
  const { kind, fromUs, toUs, region, text } = anchor;
  return JSON.stringify([kind, fromUs, toUs, region, text, versions.slice(0, count)]);
};

const inWords = ({ title, versions, author, changedAt }: Annotation): string =>
  `${title} (version ${String(versions.length)}, ${author}, ${changedAt})`;

/** Why an annotation that stands elsewhere in the library is not taken. */
function elsewhere({ cases }: Library, id: string | null): string {
  const found = id === null ? null : cases.find(id);
  const where = found === null || found === 'ambiguous' ? 'here outside of any case' : `in case ${found.number} already`;
  return `it stands ${where}, and an annotation is of one case`;
}

/** All versions of an annotation as the custody log commits to them. */
export function committed(found: Annotation): { annotation: string; version: number; digest: string | null }[] {
  return found.versions.map((version) => ({
    annotation: found.id,
    version: version.version,
    digest: annotationDigest(sha256, found, version),
  }));
}

/** The recording of the case that an annotation is about: by its root, else by its name. */
function recordingFor(sessions: readonly SessionRow[], { root, session }: AnnotationAnchor): SessionRow | null {
  return sessions.find((row) => toHex(row.root) === root) ?? sessions.find(({ id }) => id === session) ?? null;
}

/** Why what somebody else's annotation points at is not to be seen here, or null. In a redacted copy, what is withheld was quoted as blocks. */
function notSeen(recording: AnchoredRecording, { fromUs, toUs, region, text, kind }: AnnotationAnchor): string | null {
  const pieces = (text ?? '').split(BLOCK).filter((piece) => piece.trim() !== '');
  for (const piece of pieces.length === 0 ? [null] : pieces) {
    const why = whyNotSeen(recording, { kind, fromUs, toUs, region, text: piece });
    if (why !== null) return why;
  }
  return null;
}

/** Throws kinds `refused`, `altered`, `not-found`, `usage`. */
export async function mergeAnnotations(desk: Desk, text: string, ref: string | undefined): Promise<MergeReport> {
  const payload = readAnnotationFile(text);
  const into = caseOf(desk, payload, ref);
  const library = desk.library();
  const { fingerprint } = payload.signer;
  const sessions = library.cases.exhibits(into.id).flatMap(({ session, withdrawn }) => {
    const row = withdrawn === null ? library.sessions.find(session) : null;
    return row === null || row === 'ambiguous' ? [] : [row];
  });
  const report = {
    case: into.id,
    signer: payload.signer.name,
    fingerprint,
    added: [] as string[],
    known: [] as string[],
    conflicts: [] as MergeReport['conflicts'],
    refused: [] as MergeReport['refused'],
  };
  for (const given of payload.annotations) {
    const { id, anchor, versions } = given;
    const here = library.annotations.find(id);
    if (here !== null && here.case !== into.id) {
      report.refused.push({ id, reason: elsewhere(library, here.case) });
      continue;
    }
    if (here !== null) {
      // One of the two is the other as it was earlier, or as it is.
      const common = Math.min(versions.length, here.versions.length);
      const sameHistory = common > 0 && said(here, common) === said(given, common);
      if (sameHistory && common === versions.length) report.known.push(id);
      else if (!sameHistory || here.from !== fingerprint)
        report.conflicts.push({ id, here: inWords(here), there: inWords(given) });
      else {
        for (const version of versions.slice(here.versions.length)) library.annotations.addVersion(id, version);
        report.added.push(id);
      }
      continue;
    }
    const session = recordingFor(sessions, anchor);
    if (session === null || versions.length === 0) {
      report.refused.push({ id, reason: session === null ? 'its recording does not stand in this case' : 'it says nothing' });
      continue;
    }
    if (versions.some(({ version }, i) => version !== i + 1)) {
      report.refused.push({ id, reason: 'its earlier versions did not come with it' });
      continue;
    }
    const refusal = desk.rights().refused(session, 'recording');
    if (refusal !== null) {
      report.refused.push({
        id,
        reason: `its place cannot be checked: source ${session.source} does not allow it, ${refusal.name} is missing`,
      });
      continue;
    }
    const recording = await anchoredRecording(desk, session);
    const { verdict, reason } = checkAnchor(anchor, recording);
    if (verdict === 'not-this-recording' && anchor.root !== recording.root) {
      report.refused.push({ id, reason });
      continue;
    }
    const last = recording.timeOf(Math.max(0, session.events - 1));
    if (anchor.toUs < anchor.fromUs || anchor.fromUs > last) {
      report.refused.push({ id, reason: 'it points behind the end of the recording' });
      continue;
    }
    const unseen = notSeen(recording, anchor);
    if (unseen !== null) {
      report.refused.push({ id, reason: unseen });
      continue;
    }
    const { kind, fromUs, toUs, region, text: quoted } = anchor;
    // Positions are those of this copy: the other one may have had fewer events, as a playback has.
    const own = makeAnchor(recording, { kind, fromUs, toUs, region, text: quoted });
    library.annotations.add({ id, case: into.id, anchor: own, from: fingerprint, versions });
    report.added.push(id);
  }
  desk.emit('cases', { cases: [into.id], sessions: sessions.map(({ id }) => id) });
  return report;
}
