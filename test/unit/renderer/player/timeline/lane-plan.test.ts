// Which lanes there are: those that most recordings lack only when there is something in them, and none on another.

import { expect, test } from 'vitest';
import { planLanes } from '../../../../../renderer/player/timeline/lane-plan.ts';
import { NOTHING_AROUND, type TimelineData } from '../../../../../renderer/player/timeline/timeline-data.ts';

const bare: TimelineData = {
  durationUs: 10,
  startUs: null,
  commands: [],
  markers: [],
  discrepancies: [],
  resizes: [],
  alternate: [],
  idle: [],
  hidden: [],
  hits: [],
  annotations: [],
  redactions: [],
  seen: [],
  ...NOTHING_AROUND,
};

test('lanes for hidden text, hits and discrepancies are there when there are any', () => {
  const names = (data: TimelineData): readonly string[] => planLanes(data).names.map(({ text }) => text);
  expect(names(bare)).toEqual(['Markers', 'Commands', 'Output', 'Input', 'Change', 'Screen', 'Seen', 'Overview']);
  const some = {
    ...bare,
    hidden: [{ fromUs: 0, toUs: 1, text: 'a' }],
    hits: [{ atUs: 0, text: 'b' }],
    discrepancies: [{ atUs: 0, text: 'c' }],
  };
  expect(names(some).slice(2, 5)).toEqual(['Hidden text', 'Search hits', 'Discrepancies']);
  expect(planLanes(some).height).toBeGreaterThan(planLanes(bare).height);
});

test('annotations lie on top of what they are about, redactions under it, when there are any', () => {
  const names = planLanes({
    ...bare,
    annotations: [{ fromUs: 0, toUs: 1, text: 'a', severity: 'high' }],
    redactions: [{ fromUs: 0, toUs: 1, text: 'b' }],
  }).names.map(({ text }) => text);
  expect(names[0]).toBe('Annotations');
  expect(names.slice(-3)).toEqual(['Redactions', 'Seen', 'Overview']);
});

test('no lane lies on another', () => {
  const { places, height } = planLanes({ ...bare, hits: [{ atUs: 0, text: 'b' }] });
  const all = Object.values(places).toSorted((a, b) => a[0] - b[0]);
  for (const [i, [top, high]] of all.entries()) expect(top + high).toBeLessThanOrEqual(all[i + 1]?.[0] ?? height);
});
