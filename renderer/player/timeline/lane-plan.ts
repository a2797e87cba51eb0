// Which lanes the timeline has, how high each is and where it lies: those for things that most recordings lack are there only when there is
// something in them. Pure.

import type { Colours } from './lanes.ts';
import { PRESENT_ROW } from './layout.ts';
import type { TimelineData } from './timeline-data.ts';

export type LaneName =
  | 'ruler'
  | 'annotations'
  | 'explicit'
  | 'audits'
  | 'participants'
  | 'control'
  | 'markers'
  | 'commands'
  | 'hidden'
  | 'hits'
  | 'discrepancies'
  | 'activity'
  | 'change'
  | 'screen'
  | 'redactions'
  | 'viewed'
  | 'overview';

/** Top and height in CSS pixels. */
export type Place = readonly [number, number];

export interface LanePlan {
  readonly places: Readonly<Partial<Record<LaneName, Place>>>;
  readonly height: number;
  /** Names beside the lanes, each with the middle of its part and its colour. */
  readonly names: readonly { readonly text: string; readonly middle: number; readonly colour: keyof Colours }[];
}

interface Lane {
  readonly name: LaneName;
  readonly height: number | ((data: TimelineData) => number);
  /** Space below it. */
  readonly gap: number;
  /** What is named in it, and at which share of its height. */
  readonly labels: readonly (readonly [string, number, keyof Colours])[];
  readonly has?: (data: TimelineData) => boolean;
}

const LANES: readonly Lane[] = [
  { name: 'ruler', height: 17, gap: 2, labels: [] },
  {
    name: 'annotations',
    height: 15,
    gap: 2,
    labels: [['Annotations', 0.5, 'annotation']],
    has: ({ annotations }) => annotations.length > 0,
  },
  { name: 'markers', height: 13, gap: 2, labels: [['Markers', 0.5, 'marker']] },
  { name: 'commands', height: 16, gap: 2, labels: [['Commands', 0.5, 'command']] },
  {
    name: 'explicit',
    height: 14,
    gap: 2,
    labels: [['Explicit acts', 0.5, 'explicit']],
    has: ({ explicit }) => explicit.length > 0,
  },
  { name: 'audits', height: 13, gap: 2, labels: [['Audit', 0.5, 'audit']], has: ({ audits }) => audits.length > 0 },
  {
    name: 'participants',
    height: ({ presence }) => PRESENT_ROW * (1 + presence.reduce((most, { row }) => Math.max(most, row), 0)),
    gap: 2,
    labels: [['Participants', 0.5, 'participant']],
    has: ({ presence }) => presence.length > 0,
  },
  { name: 'control', height: 13, gap: 2, labels: [['Control', 0.5, 'control']], has: ({ control }) => control.length > 0 },
  { name: 'hidden', height: 13, gap: 2, labels: [['Hidden text', 0.5, 'hidden']], has: ({ hidden }) => hidden.length > 0 },
  { name: 'hits', height: 11, gap: 2, labels: [['Search hits', 0.5, 'hit']], has: ({ hits }) => hits.length > 0 },
  {
    name: 'discrepancies',
    height: 11,
    gap: 2,
    labels: [['Discrepancies', 0.5, 'discrepancy']],
    has: ({ discrepancies }) => discrepancies.length > 0,
  },
  {
    name: 'activity',
    height: 46,
    gap: 2,
    labels: [
      ['Output', 0.34, 'output'],
      ['Input', 0.82, 'input'],
    ],
  },
  { name: 'change', height: 14, gap: 3, labels: [['Change', 0.5, 'change']] },
  { name: 'screen', height: 13, gap: 2, labels: [['Screen', 0.5, 'alternate']] },
  {
    name: 'redactions',
    height: 12,
    gap: 2,
    labels: [['Redactions', 0.5, 'redaction']],
    has: ({ redactions }) => redactions.length > 0,
  },
  { name: 'viewed', height: 9, gap: 3, labels: [['Seen', 0.5, 'viewed']] },
  { name: 'overview', height: 16, gap: 2, labels: [['Overview', 0.5, 'output']] },
];

export function planLanes(data: TimelineData): LanePlan {
  const places: Partial<Record<LaneName, Place>> = {};
  const names: LanePlan['names'][number][] = [];
  let top = 0;
  for (const { name, height: of, gap, labels, has } of LANES) {
    if (has?.(data) === false) continue;
    const height = typeof of === 'number' ? of : of(data);
    places[name] = [top, height];
    for (const [text, share, colour] of labels) names.push({ text, middle: top + share * height, colour });
    top += height + gap;
  }
  return { places, height: top, names };
}
