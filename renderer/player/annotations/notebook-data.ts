// What was written about a recording and what was seen of it, as the player shows it. Pure.

import type { Annotation, CaseSummary, Coverage, Redaction } from '../../../shared/api/case-shapes.ts';
import type { NoteLanes } from '../timeline/timeline-data.ts';

export type Reviewer = Coverage['reviewers'][number];

/** Why nothing can be added to a case, in words; null when it can. */
export function caseProblem(one: CaseSummary | null): string | null {
  if (one?.status === 'closed') return `Case ${one.number} is closed: reopen it, or choose another one`;
  return null;
}

/** Annotations in force, by time. */
export const inForce = (annotations: readonly Annotation[]): readonly Annotation[] =>
  annotations.filter(({ retracted }) => !retracted).toSorted((a, b) => a.anchor.fromUs - b.anchor.fromUs);

/** What is withheld, in a few words. */
export function ruleText({ rule }: Pick<Redaction, 'rule'>): string {
  switch (rule.kind) {
    case 'text':
      return `text “${rule.text}”${rule.matchCase ? '' : ', in any letter case'}`;
    case 'pattern':
      return `pattern ${rule.pattern}`;
    case 'secrets':
      return 'secrets of the built-in list';
    case 'range':
      return 'a time range';
    case 'stream':
      return rule.stream === 'stdin' ? 'all input' : rule.stream === 'stdout' ? 'all output' : 'all error output';
    case 'region':
      return 'a part of the screen';
  }
}

/** Redactions that touch a recording: those that name it, and those of the whole case. */
export const redactionsOf = (redactions: readonly Redaction[], session: string): readonly Redaction[] =>
  redactions.filter((one) => one.withdrawn === null && (one.session === null || one.session === session));

export function noteLanes(
  annotations: readonly Annotation[],
  redactions: readonly Redaction[],
  mine: Reviewer | null,
): NoteLanes {
  return {
    annotations: inForce(annotations).map(({ title, severity, anchor: { fromUs, toUs } }) => ({
      fromUs,
      toUs,
      text: title,
      severity,
    })),
    redactions: redactions
      .flatMap((one) => {
        const { rule } = one;
        return rule.kind === 'range' || rule.kind === 'region'
          ? [{ fromUs: rule.fromUs, toUs: rule.toUs, text: `${one.number} ${ruleText(one)}: ${one.reason}` }]
          : [];
      })
      .sort((a, b) => a.fromUs - b.fromUs),
    seen: mine?.seen ?? [],
  };
}

/** Annotations with a place on the screen that hold at a moment: a moment's own stands for a second. */
export const STANDS = 1_000_000;

export const shownAt = (annotations: readonly Annotation[], atUs: number): readonly Annotation[] =>
  annotations.filter(
    ({ anchor, retracted }) =>
      !retracted && anchor.region !== null && anchor.fromUs <= atUs && atUs < Math.max(anchor.toUs, anchor.fromUs + STANDS),
  );

/** What is still unseen for a reviewer, the whole recording where nothing was seen. */
export const unseenOf = (mine: Reviewer | null, durationUs: number): Reviewer['unseen'] =>
  mine?.unseen ?? [{ fromUs: 0, toUs: durationUs }];

/** Share of a recording that was seen, in whole percent; 100 only where all of it was. */
export function seenPercent(unseen: Reviewer['unseen'], durationUs: number): number {
  if (durationUs === 0) return unseen.length === 0 ? 100 : 0;
  const left = unseen.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
  return left === 0 ? 100 : Math.min(99, Math.floor((100 * (durationUs - left)) / durationUs));
}
