// What the player knows of a recording beside its events.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  happenings,
  jumpTimes,
  lastAt,
  neighbour,
  notListed,
  programOf,
  timelineData,
  withPrograms,
} from '../../../../renderer/player/recording-data.ts';
import type { Command, Timeline } from '../../../../shared/api/shapes.ts';

const point = (atUs: number, text = ''): Timeline['markers'][number] => ({ atUs, index: 0, text });
const span = (fromUs: number, toUs: number): Timeline['idle'][number] => ({ fromUs, toUs, text: '' });
const command = (typedUs: number | null, enteredUs: number, text: string): Command => ({
  index: 0,
  prompt: '$',
  text,
  typedUs,
  enteredUs,
  endUs: null,
  exitStatus: null,
  evidence: 'input',
  confidence: 1,
  echoed: true,
});

const bare: Timeline = {
  durationUs: 100,
  startedAt: '1970-01-01T00:00:01.5Z',
  markers: [],
  resizes: [],
  titles: [],
  bells: [],
  exits: [],
  others: [],
  idle: [],
  alternate: [],
  commands: [],
  hidden: [],
  discrepancies: [],
  cut: {},
  index: 'done',
};

describe('what happened', () => {
  test('stands in order of time, and at one time in the order of its kinds', () => {
    const list = happenings({
      ...bare,
      markers: [point(5, 'deploy'), point(1)],
      resizes: [point(5)],
      titles: [point(5)],
      bells: [point(5)],
      exits: [point(5)],
      others: [point(5)],
      idle: [span(5, 50)],
      alternate: [span(5, 9)],
    });
    expect(list.map(({ kind, atUs }) => [atUs, kind])).toEqual([
      [1, 'marker'],
      [5, 'resize'],
      [5, 'title'],
      [5, 'alternate'],
      [5, 'marker'],
      [5, 'bell'],
      [5, 'other'],
      [5, 'idle'],
      [5, 'exit'],
    ]);
    expect(list[4]).toEqual({ kind: 'marker', atUs: 5, untilUs: null, text: 'deploy' });
    expect(list[7]!.untilUs).toBe(50);
  });

  test('begins with the discrepancies, each with its place', () => {
    const place = { file: 'server.cast', line: 6 };
    const list = happenings({
      ...bare,
      markers: [point(1)],
      discrepancies: [{ kind: 'bad-line', message: 'no event', place, atUs: null }],
    });
    expect(list[0]).toEqual({ kind: 'discrepancy', atUs: 0, untilUs: null, text: 'no event (server.cast, line 6)' });
  });
});

describe('the lanes', () => {
  test('have commands where their typing began, or where they were entered, in order', () => {
    const { commands } = timelineData({ ...bare, commands: [command(null, 30, 'b'), command(10, 40, 'a')] }, []);
    expect(commands).toEqual([
      { atUs: 10, text: 'a' },
      { atUs: 30, text: 'b' },
    ]);
  });

  test('know the start as microseconds, or that it is not known', () => {
    expect(timelineData(bare, []).startUs).toBe(1_500_000);
    expect(timelineData({ ...bare, startedAt: null }, []).startUs).toBeNull();
  });

  test('leave out the size that the recording begins with, and no other', () => {
    const first = { ...bare, resizes: [point(0, '80x24'), point(7, '100x30')] };
    expect(timelineData(first, []).resizes).toEqual([{ atUs: 7, text: '100 × 30' }]);
    const later = { ...bare, resizes: [point(3, '80x24'), point(7, '100x30')] };
    expect(timelineData(later, []).resizes).toHaveLength(2);
  });

  test('have hits in order of time, wherever the search listed them', () => {
    const hit = { sessionId: 's', in: 'typed', toUs: 0, index: 0, row: null, col: null, matchStart: 0, matchLength: 1 } as const;
    const { hits } = timelineData(bare, [
      { ...hit, fromUs: 9, text: 'late' },
      { ...hit, fromUs: 2, text: 'early' },
    ]);
    expect(hits.map(({ text }) => text)).toEqual(['early', 'late']);
  });
});

describe('the alternate screen', () => {
  test.each([
    ['vim notes.txt', 'vim'],
    ['  sudo -u root /usr/bin/less /var/log/auth.log', 'less'],
    ['LANG=C env TERM=xterm htop', 'htop'],
    ['sudo', ''],
    ['', ''],
  ])('is named after the program of %j', (line, program) => {
    expect(programOf(line)).toBe(program);
  });

  test('has the name of the command that ran, else the title that the terminal had', () => {
    const titled = { ...span(20, 30), text: 'a title' };
    const timeline: Timeline = {
      ...bare,
      alternate: [titled, { ...titled, fromUs: 50, toUs: 60 }],
      commands: [{ ...command(null, 40, 'top'), endUs: 45 }, command(null, 10, 'less log')],
    };
    expect(withPrograms(timeline).map(({ text }) => text)).toEqual(['less', 'a title']);
    expect(timelineData(timeline, []).alternate.map(({ text }) => text)).toEqual(['less', 'a title']);
  });

  test('is not named after a line that may be for a program that is no shell', () => {
    const query: Command = { ...command(null, 10, 'select * from users;'), prompt: 'prod=#', confidence: 0.5 };
    const timeline: Timeline = { ...bare, alternate: [{ ...span(20, 30), text: 'a title' }], commands: [query] };
    expect(withPrograms(timeline).map(({ text }) => text)).toEqual(['a title']);
  });
});

test('the keyboard goes through each lane in order of time', () => {
  const timeline: Timeline = {
    ...bare,
    commands: [command(null, 9, 'b'), command(3, 4, 'a')],
    markers: [point(7), point(2)],
    idle: [span(5, 9)],
    alternate: [span(6, 8)],
    discrepancies: [{ kind: 'bad-line', message: 'left out', place: {}, atUs: null }],
  };
  expect(jumpTimes(timeline, 'command')).toEqual([4, 9]);
  expect(jumpTimes(timeline, 'marker')).toEqual([2, 7]);
  expect(jumpTimes(timeline, 'idle time')).toEqual([5]);
  expect(jumpTimes(timeline, 'alternate screen')).toEqual([6]);
  expect(jumpTimes(timeline, 'hidden text')).toEqual([]);
  expect(jumpTimes(timeline, 'discrepancy')).toEqual([0]);
});

describe('where one stands in a list', () => {
  const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }).map((list) => list.sort((a, b) => a - b));

  test('is the last item that has begun', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: -1, max: 31 }), (list, atUs) => {
        expect(lastAt(list, atUs, (time) => time)).toBe(list.findLastIndex((time) => time <= atUs));
      }),
      { seed: 2 },
    );
  });

  test.each([
    [10, 1, 20],
    [10, -1, null],
    [15, 1, 20],
    [15, -1, 10],
    [30, 1, null],
    [30, -1, 20],
  ] as const)('at %d, the neighbour by %d is at %s', (atUs, by, found) => {
    expect(neighbour([10, 20, 30], atUs, by)).toBe(found);
  });
});

test('what is not listed among the happenings leaves out what has a list of its own', () => {
  expect(notListed({ ...bare, cut: { command: 7, hidden: 5, bell: 2, discrepancy: 40 } })).toBe(42);
  expect(notListed(bare)).toBe(0);
});
