// A case as its view shows it: each exhibit with its recording, its place in time, its findings, and who has seen how much of it. Pure.

import type { Annotation, CaseDetail, Coverage, Exhibit } from '../../shared/api/case-shapes.ts';
import type { Session } from '../../shared/api/shapes.ts';
import { epochOf } from '../ui/format.ts';
import { sessionName } from '../ui/session-name.ts';
import { clipped, type Span } from './case-axis.ts';

export interface Row {
  readonly exhibit: Exhibit;
  /** Null where the library has no such recording, as in a case of somebody else. */
  readonly session: Session | null;
  readonly name: string;
  /** The part of the recording that is the exhibit, on the recording's own clock. */
  readonly part: Span;
  /** The same in real time; null where the recording does not say when it began. */
  readonly time: Span | null;
  /** Annotations in force that begin inside of it, by time. */
  readonly findings: readonly Annotation[];
  readonly reviews: readonly Review[];
  /** What whoever sits here has seen of it, and what not. */
  readonly seen: readonly Span[];
  readonly unseenUs: number;
}

export interface Review {
  readonly reviewer: string;
  readonly at: string;
  readonly note: string;
  /** Of the recording, when the mark was made. */
  readonly unseenUs: number;
}

const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);

export interface CaseParts {
  readonly detail: CaseDetail;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly annotations: readonly Annotation[];
  readonly coverage: readonly Coverage[];
  readonly me: string;
}

/** Exhibits in force in the order of their numbers, then those that were withdrawn. */
export function caseRows({ detail, sessions, annotations, coverage, me }: CaseParts): readonly Row[] {
  const covered = new Map(coverage.map((one) => [one.session, one]));
  const bySession = Map.groupBy(
    annotations.filter(({ retracted }) => !retracted),
    ({ anchor }) => anchor.session,
  );
  const rows = detail.exhibitList.map((exhibit): Row => {
    const session = sessions.get(exhibit.session) ?? null;
    const durationUs = session?.durationUs ?? covered.get(exhibit.session)?.durationUs ?? 0;
    const part = exhibit.range ?? { fromUs: 0, toUs: durationUs };
    const start = session === null || session.startedAt === null ? null : epochOf(session.startedAt);
    const reviewers = covered.get(exhibit.session)?.reviewers ?? [];
    const mine = reviewers.find(({ reviewer }) => reviewer === me);
    return {
      exhibit,
      session,
      name: exhibit.title.trim() === '' ? (session === null ? exhibit.session : sessionName(session)) : exhibit.title,
      part,
      time: start === null ? null : { fromUs: start + part.fromUs, toUs: start + part.toUs },
      findings: (bySession.get(exhibit.session) ?? [])
        .filter(({ anchor }) => anchor.fromUs >= part.fromUs && anchor.fromUs <= part.toUs)
        .toSorted((a, b) => a.anchor.fromUs - b.anchor.fromUs),
      reviews: reviewers.flatMap(({ reviewer, reviewed }) =>
        reviewed === null ? [] : [{ reviewer, at: reviewed.at, note: reviewed.note, unseenUs: reviewed.unseenUs }],
      ),
      seen: clipped(mine?.seen ?? [], part),
      unseenUs: lengthOf(clipped(mine?.unseen ?? [{ fromUs: 0, toUs: durationUs }], part)),
    };
  });
  return [
    ...rows.filter(({ exhibit }) => exhibit.withdrawn === null),
    ...rows.filter(({ exhibit }) => exhibit.withdrawn !== null),
  ];
}

/** The exhibit that a finding is shown under: the first in force whose part holds it. */
export const exhibitOf = (rows: readonly Row[], { anchor }: Annotation): Exhibit | null =>
  rows.find(
    ({ exhibit, part }) =>
      exhibit.withdrawn === null &&
      exhibit.session === anchor.session &&
      part.fromUs <= anchor.fromUs &&
      anchor.fromUs <= part.toUs,
  )?.exhibit ?? null;

/** Why nothing can be written in a case, in words; null when it can. */
export function closedText({ status, openedFrom }: Pick<CaseDetail, 'status' | 'openedFrom'>): string | null {
  if (openedFrom !== null) return 'This case was opened from a bundle: only comments can be added to it.';
  return status === 'closed' ? 'This case is closed. Reopen it to change it.' : null;
}
