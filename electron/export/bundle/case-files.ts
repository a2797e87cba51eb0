// What a bundle says of its case: fields, exhibits, notes, annotations, coverage. Whatever holds withheld text is masked in it.

import type { Annotation, CaseDetail, Coverage } from '../../../shared/api/case-shapes.ts';
import { cleaned, jsonFile, type ShownRecording } from './recording-files.ts';

export interface CaseContent {
  readonly detail: CaseDetail;
  readonly annotations: readonly Annotation[];
  readonly coverage: readonly Coverage[];
}

export interface ShownCase extends CaseContent {
  /** Annotations, notes and other texts of which something is masked. */
  readonly masked: number;
}

/** What an annotation may say of its recording: neither quoted text nor the hash of a screen, where these are not to be shown. */
function shownAnnotation(annotation: Annotation, shown: ShownRecording, plaintext: boolean): Annotation {
  const { anchor } = annotation;
  const quiet = { text: plaintext ? anchor.text : null, screen: plaintext && shown.withheld.count === 0 ? anchor.screen : null };
  return { ...annotation, anchor: { ...anchor, ...quiet } };
}

/** How texts about the case are written. */
export interface Wording {
  /** Recordings by the names that the bundle has for them. */
  readonly rename: (text: string) => string;
  /** Without what the bundle withholds. */
  readonly mask: (text: string) => string;
}

/** The case as far as the bundle shows it. */
export function shownCase(
  { detail, annotations, coverage }: CaseContent,
  recordings: readonly ShownRecording[],
  plaintext: boolean,
  { rename, mask }: Wording,
): ShownCase {
  const bySession = new Map(recordings.map((shown) => [shown.session.id, shown]));
  let masked = 0;
  const show = <T>(value: T): T => {
    const renamed = cleaned(value, rename);
    const result = cleaned(renamed, mask);
    if (JSON.stringify(result) !== JSON.stringify(renamed)) masked += 1;
    return result;
  };
  const exhibitList = detail.exhibitList.map(show);
  const shownAnnotations = annotations.flatMap((annotation) => {
    const shown = bySession.get(annotation.anchor.session);
    return shown === undefined ? [] : [show(shownAnnotation(annotation, shown, plaintext))];
  });
  const { exhibitList: _list, notes, versions, openedFrom: _from, ...summary } = detail;
  return {
    detail: {
      ...show({ ...summary, annotations: shownAnnotations.length }),
      openedFrom: null,
      versions: versions.map(show),
      exhibitList,
      notes: notes.map(show),
    },
    annotations: shownAnnotations,
    coverage: coverage.filter(({ session }) => bySession.has(session)).map(show),
    masked,
  };
}

export function caseFile({ detail }: ShownCase): string {
  const { id, number, title, authority, purpose, custodian, members, status, createdAt, changedAt } = detail;
  const fields = { id, number, title, authority, purpose, custodian, members, status, createdAt, changedAt };
  const { versions, exhibitList: exhibits, notes } = detail;
  return jsonFile({ schema: 'exhibit-case/1', ...fields, versions, exhibits, notes });
}

export const annotationsFile = ({ annotations }: ShownCase): string => jsonFile({ schema: 'exhibit-annotations/1', annotations });

export const coverageFile = ({ coverage }: ShownCase): string => jsonFile({ schema: 'exhibit-coverage/1', coverage });
