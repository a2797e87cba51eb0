// What is told around a recording and is no part of its stream: explicit commands and runbooks, audit events of terminal and database, who
// was there, who had control. All on the recording's clock. Pure.

import type { HistoryEvent, HistoryEventKind } from '../../shared/api/history-shapes.ts';
import type { Participant, Timeline } from '../../shared/api/shapes.ts';
import { epochOf } from '../ui/format.ts';
import { presenceOf, type Presence } from './presence.ts';
import type { Labelled } from './timeline/layout.ts';
import type { AroundLanes } from './timeline/timeline-data.ts';

/** Something that a source tells of, beside the recording. Before the recording's start its time is negative. */
export interface Act extends Labelled {
  readonly kind: HistoryEventKind;
}

export interface Around extends Presence {
  readonly acts: readonly Act[];
}

/** `drain-queue (runbook), by ana, succeeded`: what it was, by whom, how it ended. */
export function actText({ text, action, actor, outcome }: Pick<HistoryEvent, 'text' | 'action' | 'actor' | 'outcome'>): string {
  const what = text === '' ? (action ?? '') : text;
  const about = [actor === null || actor === '' ? '' : `by ${actor}`, outcome ?? ''].filter((part) => part !== '');
  return [what, ...about].join(', ');
}

export function aroundOf(timeline: Timeline, events: readonly HistoryEvent[], participants: readonly Participant[]): Around {
  const startUs = timeline.startedAt === null ? null : epochOf(timeline.startedAt);
  const acts = events.flatMap((event): Act[] =>
    event.atUs === null ? [] : [{ kind: event.kind, atUs: event.atUs, text: actText(event) }],
  );
  return {
    acts: acts.toSorted((a, b) => a.atUs - b.atUs),
    ...presenceOf(timeline.others, participants, startUs, timeline.durationUs),
  };
}

/** What of it stands on the timeline: acts before the start or after the end are listed, not drawn. */
export function aroundLanes({ acts, spans, changes }: Around, durationUs: number): AroundLanes {
  const within = <T extends Labelled>(list: readonly T[]): readonly T[] =>
    list.filter(({ atUs }) => atUs >= 0 && atUs <= durationUs);
  const isAudit = ({ kind }: Act): boolean => kind === 'terminal-audit' || kind === 'database-audit';
  return {
    explicit: within(acts.filter((act) => !isAudit(act))).map(({ kind, ...act }) => ({ ...act, second: kind === 'runbook' })),
    audits: within(acts.filter(isAudit)).map(({ kind, ...act }) => ({ ...act, second: kind === 'database-audit' })),
    presence: spans,
    control: within(changes.filter(({ kind }) => kind === 'control')),
  };
}
