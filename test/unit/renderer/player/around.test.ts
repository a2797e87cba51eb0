// What is told around a recording, on its clock: in the lists, on the lanes, and under the pointer.

import { expect, test } from 'vitest';
import { actText, aroundLanes, aroundOf } from '../../../../renderer/player/around.ts';
import { happenings, jumpTimes } from '../../../../renderer/player/recording-data.ts';
import { markAt } from '../../../../renderer/player/timeline/hover-note.tsx';
import { planLanes } from '../../../../renderer/player/timeline/lane-plan.ts';
import { timelineData } from '../../../../renderer/player/recording-data.ts';
import type { HistoryEvent, HistoryEventKind } from '../../../../shared/api/history-shapes.ts';
import type { Timeline } from '../../../../shared/api/shapes.ts';

const timeline: Timeline = {
  durationUs: 100_000_000,
  startedAt: '2026-11-21T09:00:00Z',
  markers: [],
  resizes: [],
  titles: [],
  bells: [],
  exits: [],
  others: [
    { atUs: 7_000_000, index: 3, text: 'control {"metadata":{"action":"granted","user_id":"ben"}}' },
    { atUs: 8_000_000, index: 4, text: 'signal TERM' },
  ],
  idle: [],
  alternate: [],
  commands: [],
  hidden: [],
  discrepancies: [],
  cut: {},
  index: 'done',
};

const told = (kind: HistoryEventKind, atUs: number | null, text: string): HistoryEvent => ({
  id: text,
  source: 's',
  kind,
  history: 'h',
  sessionId: 'x',
  at: null,
  atUs,
  actor: 'ana',
  action: 'run',
  target: null,
  text,
  outcome: 'exit 0',
});

const EVENTS = [
  told('runbook', 50_000_000, 'drain'),
  told('command', 20_000_000, 'count'),
  told('terminal-audit', -4_000_000, 'ticket'),
  told('database-audit', 60_000_000, 'select 1'),
  told('command', null, 'no time'),
];

const around = aroundOf(timeline, EVENTS, []);

test('an act says what it was, by whom and how it ended', () => {
  expect(actText(EVENTS[0]!)).toBe('drain, by ana, exit 0');
  expect(actText({ text: '', action: 'session.opened', actor: null, outcome: null })).toBe('session.opened');
});

test('the lanes have what lies in the recording, each kind with its own sign', () => {
  const { explicit, audits, control } = aroundLanes(around, timeline.durationUs);
  expect(explicit.map(({ atUs, second }) => [atUs, second])).toEqual([
    [20_000_000, false],
    [50_000_000, true],
  ]);
  expect(audits.map(({ atUs, second }) => [atUs, second])).toEqual([[60_000_000, true]]);
  expect(control).toEqual([{ atUs: 7_000_000, kind: 'control', text: 'granted to ben' }]);
});

test('the list has all that have a time, the one before the start too, and control is no other event', () => {
  expect(happenings(timeline, around).map(({ kind, atUs }) => [kind, atUs])).toEqual([
    ['terminal-audit', -4_000_000],
    ['control', 7_000_000],
    ['other', 8_000_000],
    ['command', 20_000_000],
    ['runbook', 50_000_000],
    ['database-audit', 60_000_000],
  ]);
});

test('the keyboard goes from one to the next, and what was before the start is at the start', () => {
  expect(jumpTimes(timeline, 'event around the recording', around)).toEqual([0, 7_000_000, 20_000_000, 50_000_000, 60_000_000]);
});

test('a click near a mark leads to its very moment, and beside it nowhere', () => {
  const data = timelineData(timeline, [], undefined, around);
  const plan = planLanes(data);
  const [top, height] = plan.places.explicit!;
  const at = (x: number, y = top + height / 2): number | null =>
    markAt({ data, plan, view: { fromUs: 0, toUs: 100_000_000 }, width: 1000, place: { x, y } });
  expect(at(204)).toBe(20_000_000);
  expect(at(240)).toBeNull();
  expect(at(204, plan.places.activity![0] + 1)).toBeNull();
});
