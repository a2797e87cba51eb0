// What the player knows of a recording beside its events: names, course, activity. Pure conversions; the questions are in use-recording.ts.

import type { Output } from '../../shared/api/contract.ts';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import type { Command, HiddenFinding, Timeline } from '../../shared/api/shapes.ts';
import { epochOf } from '../ui/format.ts';
import { describePlace } from '../../shared/recording/discrepancy.ts';
import { aroundLanes, aroundOf, type Act, type Around } from './around.ts';
import { isPresence, type PresenceChange } from './presence.ts';
import type { Labelled } from './timeline/layout.ts';
import { NO_NOTES, type NoteLanes, type TimelineData } from './timeline/timeline-data.ts';

export type Detail = Output<'sessions.show'>;

export const titleOf = ({ title, command, nativeId, id }: Pick<Detail, 'title' | 'command' | 'nativeId' | 'id'>): string =>
  title ?? command ?? nativeId ?? id;

/** Why a text could not be read at the screen, in a few words. */
export const HIDDEN_CAUSE_NAMES: Readonly<Record<HiddenFinding['cause'], string>> = {
  concealed: 'Concealed',
  'same-colour': 'Colour of its background',
  'short-lived': 'Shown too briefly',
  repainted: 'Painted over',
  'off-screen': 'Off the screen',
  'not-echoed': 'Typed, not shown',
  title: 'In the title',
  clipboard: 'To the clipboard',
  'invisible-character': 'Invisible characters',
  'bidi-control': 'Direction controls',
  'control-string': 'In a control string',
  'not-searched': 'Not looked for',
};

/** Something that happened, as the list of events shows it. */
export interface Happening {
  readonly kind:
    | 'marker'
    | 'resize'
    | 'title'
    | 'exit'
    | 'other'
    | 'alternate'
    | 'idle'
    | 'bell'
    | 'discrepancy'
    | PresenceChange['kind']
    | Act['kind'];
  readonly atUs: number;
  readonly untilUs: number | null;
  readonly text: string;
}

const ORDER: readonly Happening['kind'][] = [
  'terminal-audit',
  'database-audit',
  'command',
  'runbook',
  'participant',
  'control',
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

/** Programs that run the one named after them, each with its options that take the next word. */
const RUNNERS: ReadonlyMap<string, string> = new Map([
  ['sudo', 'ugpCDhRTU'],
  ['doas', 'uC'],
  ['env', 'uC'],
  ['nice', 'n'],
  ['exec', 'a'],
  ['time', 'fo'],
  ['nohup', ''],
  ['command', ''],
]);

/** The name of the program that a command line begins; empty where it tells none. */
export function programOf(command: string): string {
  let options: string | undefined;
  let skip = false;
  for (const word of command.trim().slice(0, 1000).split(/\s+/)) {
    if (skip) skip = false;
    else if (RUNNERS.has(word)) options = RUNNERS.get(word);
    else if (options !== undefined && word.startsWith('-')) skip = word.length === 2 && options.includes(word[1]!);
    else if (!/^\w+=/.test(word)) return word.slice(word.lastIndexOf('/') + 1);
  }
  return '';
}

/** Below this, a command is a guess, and is shown as one: the line may be for a program that is no shell. */
export const SURE = 0.6;

/** Spans of the alternate screen with the program that used it: of the command that ran, else by the title it gave. */
export function withPrograms({ alternate, commands }: Timeline): readonly Timeline['alternate'][number][] {
  const entered = commands.filter(({ confidence }) => confidence >= SURE).toSorted((a, b) => a.enteredUs - b.enteredUs);
  return alternate.map((span) => {
    const command = entered[lastAt(entered, span.fromUs, commandTime)];
    const runs = command !== undefined && (command.endUs === null || command.endUs >= span.fromUs);
    const program = runs ? programOf(command.text) : '';
    return program === '' ? span : { ...span, text: program };
  });
}

/** How many happenings the timeline does not hold. Commands and hidden text have lists of their own. */
export const notListed = ({ cut }: Timeline): number =>
  Object.entries(cut).reduce((sum, [lane, count]) => (lane === 'command' || lane === 'hidden' ? sum : sum + count), 0);

/** Everything that happened, by time. Where a discrepancy has no time, it stands at the beginning. */
export function happenings(timeline: Timeline, around: Around = aroundOf(timeline, [], [])): readonly Happening[] {
  const points = (kind: Happening['kind'], list: Timeline['markers']): Happening[] =>
    list.map(({ atUs, text }) => ({ kind, atUs, untilUs: null, text }));
  const spans = (kind: Happening['kind'], list: readonly Timeline['idle'][number][]): Happening[] =>
    list.map(({ fromUs, toUs, text }) => ({ kind, atUs: fromUs, untilUs: toUs, text }));
  return [
    ...points('marker', timeline.markers),
    ...points('resize', timeline.resizes.map(asSize)),
    ...points('title', timeline.titles),
    ...points('exit', timeline.exits),
    ...points(
      'other',
      timeline.others.filter(({ text }) => !isPresence(text)),
    ),
    ...[...around.changes, ...around.acts].map((one) => ({ ...one, untilUs: null })),
    ...points('bell', timeline.bells),
    ...spans('alternate', withPrograms(timeline)),
    ...spans('idle', timeline.idle),
    ...timeline.discrepancies.map(({ atUs, message, place }) => ({
      kind: 'discrepancy' as const,
      atUs: atUs ?? 0,
      untilUs: null,
      text: `${message}${place === undefined ? '' : ` (${describePlace(place)})`}`,
    })),
  ].sort((a, b) => a.atUs - b.atUs || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** A resize with its size as people write it: `80 × 24`. */
const asSize = <T extends { readonly text: string }>(resize: T): T => ({ ...resize, text: resize.text.replace('x', ' × ') });

const labelled = (list: Timeline['markers']): Labelled[] => list.map(({ atUs, text }) => ({ atUs, text }));

export function timelineData(
  timeline: Timeline,
  hits: readonly SearchHit[],
  notes: NoteLanes = NO_NOTES,
  around: Around = aroundOf(timeline, [], []),
): TimelineData {
  return {
    ...notes,
    ...aroundLanes(around, timeline.durationUs),
    durationUs: timeline.durationUs,
    startUs: timeline.startedAt === null ? null : epochOf(timeline.startedAt),
    commands: timeline.commands
      .map(({ enteredUs, typedUs, text }) => ({ atUs: typedUs ?? enteredUs, text }))
      .sort((a, b) => a.atUs - b.atUs),
    markers: labelled(timeline.markers),
    discrepancies: happenings(timeline)
      .filter(({ kind }) => kind === 'discrepancy')
      .map(({ atUs, text }) => ({ atUs, text })),
    hidden: timeline.hidden
      .map(({ fromUs, toUs, cause, text }) => ({ fromUs, toUs, text: `${HIDDEN_CAUSE_NAMES[cause]}: ${text}` }))
      .sort((a, b) => a.fromUs - b.fromUs),
    resizes: labelled(timeline.resizes.map(asSize)).filter(({ atUs }, i) => i > 0 || atUs > 0),
    alternate: withPrograms(timeline),
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

/** Lanes that the keyboard goes through. */
export type JumpLane =
  'command' | 'marker' | 'hidden text' | 'alternate screen' | 'idle time' | 'discrepancy' | 'event around the recording';

/** The moments of a lane, in order. */
export function jumpTimes(
  timeline: Timeline,
  lane: JumpLane,
  { acts, changes }: Around = aroundOf(timeline, [], []),
): readonly number[] {
  const all = (times: readonly number[]): readonly number[] => times.toSorted((a, b) => a - b);
  switch (lane) {
    case 'command':
      return all(timeline.commands.map(commandTime));
    case 'marker':
      return all(timeline.markers.map(({ atUs }) => atUs));
    case 'hidden text':
      return all(timeline.hidden.map(({ fromUs }) => fromUs));
    case 'alternate screen':
      return all(timeline.alternate.map(({ fromUs }) => fromUs));
    case 'idle time':
      return all(timeline.idle.map(({ fromUs }) => fromUs));
    case 'discrepancy':
      return all(happenings(timeline).flatMap(({ kind, atUs }) => (kind === 'discrepancy' ? [atUs] : [])));
    case 'event around the recording':
      return all([...acts, ...changes].map(({ atUs }) => Math.max(0, Math.min(timeline.durationUs, atUs))));
  }
}

/** A command's own moment: when its line was complete. */
export const commandTime = ({ enteredUs }: Command): number => enteredUs;
