// What a bundle says of its case: fields, exhibits, notes, annotations, coverage. Whatever holds withheld text is masked in it.

import type { Annotation, CaseDetail, Coverage, Exhibit } from '../../../shared/api/case-shapes.ts';
import { quotes } from '../../../shared/terminal/text.ts';
import { foldTag } from '../../library/library.ts';
import { NO_KEYFRAMES, standingInSteps, writtenText } from '../../replay/replay.ts';
import { inTurns, type Turn } from '../turns.ts';
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

/** The quotation of an annotation, where what is shown of the recording still has it at one of its moments. */
async function shownQuotation(
  { text, fromEvent, toEvent }: Annotation['anchor'],
  { source, withheld }: ShownRecording,
  turn: Turn,
): Promise<string | null> {
  if (text === null || source === null || withheld.count === 0) return text;
  for (const event of new Set([fromEvent, toEvent])) {
    const { emulator } = await inTurns(standingInSteps(source, NO_KEYFRAMES, event + 1), turn);
    if (quotes(writtenText(emulator), text)) return text;
  }
  return null;
}

/** What an annotation may say of its recording: neither quoted text nor the hash of a screen, where these are not to be shown. */
async function shownAnnotation(
  annotation: Annotation,
  shown: ShownRecording,
  plaintext: boolean,
  maskTags: (tags: readonly string[]) => string[],
  turn: Turn,
): Promise<Annotation> {
  const { anchor, tags, versions } = annotation;
  const quiet = {
    text: plaintext ? await shownQuotation(anchor, shown, turn) : null,
    screen: plaintext && shown.withheld.count === 0 ? anchor.screen : null,
  };
  return {
    ...annotation,
    tags: maskTags(tags),
    versions: versions.map((version) => ({ ...version, tags: maskTags(version.tags) })),
    anchor: { ...anchor, ...quiet },
  };
}

/** An exhibit is called what its recording is called, unless somebody named it; a bundle without plaintext tells of no recording what it is called. */
function shownExhibit(exhibit: Exhibit, { session: { title, command } }: ShownRecording, plaintext: boolean): Exhibit {
  return plaintext || (exhibit.title !== title && exhibit.title !== command) ? exhibit : { ...exhibit, title: '' };
}

/** How texts about the case are written. */
export interface Wording {
  /** What the bundle withholds as far as it is known as text: tags are kept in a form of their own, in which it stands as well. */
  readonly texts: readonly string[];
  /** Recordings by the names that the bundle has for them. */
  readonly rename: (text: string) => string;
  /** Without what the bundle withholds. */
  readonly mask: (text: string) => string;
}

/** The case as far as the bundle shows it. */
export async function shownCase(
  { detail, annotations, coverage }: CaseContent,
  recordings: readonly ShownRecording[],
  plaintext: boolean,
  { rename, mask, texts }: Wording,
  turn: Turn,
): Promise<ShownCase> {
  const bySession = new Map(recordings.map((shown) => [shown.session.id, shown]));
  let masked = 0;
  /** `lacks`: something of it is left out already. */
  const show = <T>(value: T, lacks = false): T => {
    const renamed = cleaned(value, rename);
    const result = cleaned(renamed, mask);
    if (lacks || JSON.stringify(result) !== JSON.stringify(renamed)) masked += 1;
    return result;
  };
  const withheldTags = texts.map(foldTag).filter((tag) => tag !== '');
  const maskTags = (tags: readonly string[]): string[] =>
    tags.map((tag) => (withheldTags.some((text) => tag.includes(text)) ? '█' : tag));
  const exhibitList = detail.exhibitList.map((exhibit) => {
    const shown = bySession.get(exhibit.session);
    return show(shown === undefined ? exhibit : shownExhibit(exhibit, shown, plaintext));
  });
  const shownAnnotations: Annotation[] = [];
  for (const annotation of annotations) {
    const shown = bySession.get(annotation.anchor.session);
    if (shown === undefined) continue;
    const quiet = await shownAnnotation(annotation, shown, plaintext, maskTags, turn);
    const lacks =
      plaintext && (quiet.anchor.text !== annotation.anchor.text || quiet.tags.some((tag, i) => tag !== annotation.tags[i]));
    shownAnnotations.push(show(quiet, lacks));
  }
  const { exhibitList: _list, notes, versions, openedFrom: _from, ...summary } = detail;
  return {
    detail: {
      ...show({ ...summary, annotations: shownAnnotations.length }),
      openedFrom: null,
      versions: versions.map((version) => show(version)),
      exhibitList,
      notes: notes.map((note) => show(note)),
    },
    annotations: shownAnnotations,
    coverage: coverage.filter(({ session }) => bySession.has(session)).map((seen) => show(seen)),
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
