// The group's clock as it runs: at one pace for all sessions, and over the time in which none runs.

import { expect, test } from 'vitest';
import type { Session } from '../../../../../shared/api/shapes.ts';
import { groupAxis } from '../../../../../renderer/player/group/group-axis.ts';
import { clockAfter } from '../../../../../renderer/player/group/use-group-clock.ts';

const session = (startedAt: string, seconds: number): Session =>
  ({ id: startedAt, startedAt, durationUs: seconds * 1_000_000 }) as Session;

const axis = groupAxis([session('2026-10-14T09:00:00Z', 10), session('2026-10-14T09:01:00Z', 10)]);

test.each([
  ['on by the time that passed', 1, 0.5, 1.5],
  ['over the time in which no session runs', 9.9, 0.2, 60],
  ['no further than the end', 69.9, 5, 70],
  ['not back', 5, -3, 5],
])('a running clock goes %s', (_, from, passed, to) => {
  expect(clockAfter(axis, from * 1_000_000, passed * 1_000_000)).toBe(to * 1_000_000);
});
