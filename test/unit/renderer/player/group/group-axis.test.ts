// The sessions of a group on one clock: where each stands, what runs at a moment, where a session is opened.

import { describe, expect, test } from 'vitest';
import {
  boundaries,
  groupAxis,
  groupFacts,
  memberNames,
  momentIn,
  runningAt,
} from '../../../../../renderer/player/group/group-axis.ts';
import { visiblePart } from '../../../../../renderer/player/group/group-lane.tsx';
import type { Session } from '../../../../../shared/api/shapes.ts';
import { fakeRecording } from '../../../../support/fake-recordings.ts';

const SECOND = 1_000_000;

const session = (id: string, startedAt: string | null, seconds: number): Session => ({
  ...fakeRecording(0).session,
  id,
  startedAt,
  durationUs: seconds * SECOND,
});

const axis = groupAxis([
  session('late', '2026-11-21T10:01:00.5Z', 10),
  session('unknown', null, 30),
  session('first', '2026-11-21T12:00:00+02:00', 20),
  session('long', '2026-11-21T10:00:10Z', 120),
]);
const [first, long, late, unknown] = axis.members;

describe('the axis', () => {
  test('begins with the first session, ends with the last end, and orders by start across zones', () => {
    expect(axis.members.map((member) => [member.session.id, member.fromUs])).toEqual([
      ['first', 0],
      ['long', 10 * SECOND],
      ['late', 60.5 * SECOND],
      ['unknown', null],
    ]);
    expect([axis.startUs, axis.durationUs]).toEqual([Date.UTC(2026, 10, 21, 10) * 1000, 130 * SECOND]);
  });

  test('tells what runs at a moment, its ends included', () => {
    expect([0, 15, 20, 21, 65, 130, 131].map((s) => runningAt(axis, s * SECOND))).toEqual([1, 2, 2, 1, 2, 1, 0]);
  });

  test('has each beginning and end once', () => {
    expect(boundaries(axis).map((us) => us / SECOND)).toEqual([0, 10, 20, 60.5, 70.5, 130]);
  });

  test('without any start has no length', () => {
    const none = groupAxis([session('a', null, 5), session('b', 'yesterday', 5)]);
    expect(none).toMatchObject({ startUs: null, durationUs: 0 });
    expect(none.members.map(({ fromUs }) => fromUs)).toEqual([null, null]);
    expect(boundaries(none)).toEqual([]);
  });

  test('of nothing is empty', () => {
    expect(groupAxis([])).toEqual({ startUs: null, durationUs: 0, members: [] });
  });
});

describe('a session', () => {
  test('is opened at the moment where it runs, and at its beginning where it does not', () => {
    expect(momentIn(long!, 25 * SECOND)).toBe(15 * SECOND);
    expect(momentIn(long!, 130 * SECOND)).toBe(120 * SECOND);
    expect(momentIn(long!, 131 * SECOND)).toBe(0);
    expect(momentIn(late!, 0)).toBe(0);
    expect(momentIn(unknown!, 25 * SECOND)).toBe(0);
  });

  test('has a visible part on its own clock', () => {
    const view = { fromUs: 15 * SECOND, toUs: 65 * SECOND };
    expect(visiblePart(first!, view)).toEqual({ fromUs: 15 * SECOND, toUs: 20 * SECOND });
    expect(visiblePart(long!, view)).toEqual({ fromUs: 5 * SECOND, toUs: 55 * SECOND });
    expect(visiblePart(late!, view)).toEqual({ fromUs: 0, toUs: 4.5 * SECOND });
    expect(visiblePart(first!, { fromUs: 30 * SECOND, toUs: 40 * SECOND })).toBeNull();
    expect(visiblePart(unknown!, view)).toBeNull();
  });
});

describe('what the group’s object says', () => {
  test('is told by name where it is text', () => {
    const metadata = JSON.stringify({ context: { purpose: 'release', origin: 'ci', agent_name: 7, other: 'x', request_id: '' } });
    expect(groupFacts(metadata)).toEqual([
      ['Purpose', 'release'],
      ['Origin', 'ci'],
    ]);
  });

  test.each(['{}', '', 'null', '[]', '{"context":null}', '{"context":"x"}'])('is nothing for %j', (metadata) => {
    expect(groupFacts(metadata)).toEqual([]);
  });
});

describe('the names of a group’s sessions', () => {
  const named = (title: string | null, command: string | null, nativeId: string | null): Session => ({
    ...session('s-1', null, 1),
    title,
    command,
    nativeId,
  });

  test('are their titles where these differ', () => {
    const list = [named('build', 'make', 'a'), named('test', 'make test', 'b')];
    expect(list.map(memberNames(list))).toEqual(['build', 'test']);
  });

  test('are their commands where the titles are all the same, or else the source’s ids', () => {
    const list = [named('nightly', 'make', 'a'), named('nightly', null, 'b'), named('nightly', null, null)];
    expect(list.map(memberNames(list))).toEqual(['make', 'b', 'nightly']);
  });

  test('are titles where there is one session', () => {
    const list = [named('nightly', 'make', 'a')];
    expect(list.map(memberNames(list))).toEqual(['nightly']);
  });
});
