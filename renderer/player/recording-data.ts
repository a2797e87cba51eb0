// What the player knows of a recording beside its events: names, course, activity. Pure conversions; the questions are in use-recording.ts.

import type { Output } from '../../shared/api/contract.ts';
import type { Command, SearchHit, Timeline } from '../../shared/api/shapes.ts';
import { epochOf } from '../ui/format.ts';
import { describePlace } from '../../shared/recording/discrepancy.ts';
import type { Labelled } from './timeline/layout.ts';
import type { TimelineData } from './timeline/timeline.tsx';

export type Detail = Output<'sessions.show'>;

export const titleOf = ({ title, command, nativeId, id }: Pick<Detail, 'title' | 'command' | 'nativeId' | 'id'>): string =>
  title ?? command ?? nativeId ?? id;

/** Something that happened, as the list of events shows it. */
export interface Happening {
  readonly kind: 'marker' | 'resize' | 'title' | 'exit' | 'other' | 'alternate' | 'idle' | 'bell' | 'discrepancy';
  readonly atUs: number;
  readonly untilUs: number | null;
  readonly text: string;
}

const ORDER: readonly Happening['kind'][] = [
  'resize',
  'title',
  'alternate',
  'marker',
  'bell',
  'other',
  'discrepancy',
  'idle',
  'exit',
];

/** Everything that happened, by time. Where a discrepancy has no time, it stands at the beginning. */
export function happenings(timeline: Timeline): readonly Happening[] {
  const points = (kind: Happening['kind'], list: Timeline['markers']): Happening[] =>
    list.map(({ atUs, text }) => ({ kind, atUs, untilUs: null, text }));
  const spans = (kind: Happening['kind'], list: Timeline['idle']): Happening[] =>
    list.map(({ fromUs, toUs, text }) => ({ kind, atUs: fromUs, untilUs: toUs, text }));
  return [
    ...points('marker', timeline.markers),
    ...points('resize', timeline.resizes.map(asSize)),
    ...points('title', timeline.titles),
    ...points('exit', timeline.exits),
    ...points('other', timeline.others),
    ...points('bell', timeline.bells),
    ...spans('alternate', timeline.alternate),
    ...spans('idle', timeline.idle),
    ...timeline.discrepancies.map(({ message, place }) => ({
      kind: 'discrepancy' as const,
      atUs: 0,
      untilUs: null,
      text: `${message}${place === undefined ? '' : ` (${describePlace(place)})`}`,
    })),
  ].sort((a, b) => a.atUs - b.atUs || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** A resize with its size as people write it: `80 × 24`. */
const asSize = <T extends { readonly text: string }>(resize: T): T => ({ ...resize, text: resize.text.replace('x', ' × ') });

const labelled = (list: Timeline['markers']): Labelled[] => list.map(({ atUs, text }) => ({ atUs, text }));

export function timelineData(timeline: Timeline, hits: readonly SearchHit[]): TimelineData {
  return {
    durationUs: timeline.durationUs,
    startUs: timeline.startedAt === null ? null : epochOf(timeline.startedAt),
    commands: timeline.commands
      .map(({ enteredUs, typedUs, text }) => ({ atUs: typedUs ?? enteredUs, text }))
      .sort((a, b) => a.atUs - b.atUs),
    markers: labelled(timeline.markers),
    discrepancies: happenings(timeline)
      .filter(({ kind }) => kind === 'discrepancy')
      .map(({ atUs, text }) => ({ atUs, text })),
    resizes: labelled(timeline.resizes.map(asSize)).filter(({ atUs }, i) => i > 0 || atUs > 0),
    alternate: timeline.alternate,
    idle: timeline.idle,
    hits: hits.map(({ fromUs, text }) => ({ atUs: fromUs, text })).sort((a, b) => a.atUs - b.atUs),
  };
}

/** The last item that begins at or before a time; -1 before the first. Items are in order of time. */
export function lastAt<T>(items: readonly T[], atUs: number, timeOf: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(items[middle]!) <= atUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Where "next" and "previous" lead among times in order; null when there is none on that side. */
export function neighbour(times: readonly number[], atUs: number, step: 1 | -1): number | null {
  if (step === 1) return times.find((time) => time > atUs) ?? null;
  return times.findLast((time) => time < atUs) ?? null;
}

/** A command's own moment: when its line was complete. */
export const commandTime = ({ enteredUs }: Command): number => enteredUs;
