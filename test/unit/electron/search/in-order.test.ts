// Sessions are told in their order, whoever scans them; what nobody waits for is stopped.

import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SearchedSession } from '../../../../electron/library/library.ts';
import { inOrder, type Scan } from '../../../../electron/search/in-order.ts';

const sessions = Array.from({ length: 120 }, (_, key) => ({ key }) as SearchedSession);

interface Lane {
  readonly scan: Scan;
  readonly done: number[];
  readonly under: () => number;
}

/** Takes a while for each session. */
function lane(milliseconds: number): Lane {
  const done: number[] = [];
  let under = 0;
  const scan: Scan = async ({ key }) => {
    under += 1;
    await setTimeout(milliseconds);
    under -= 1;
    done.push(key);
    return { hits: [], total: key, before: 0, histogram: null };
  };
  return { scan, done, under: () => under };
}

test('sessions are told in their order, though two threads scan them, one after the other each', async () => {
  const here = lane(9);
  const there = lane(4);
  const told: number[] = [];
  let most = 0;
  const elsewhere = (...asked: Parameters<Scan>): ReturnType<Scan> | null => (there.under() > 0 ? null : there.scan(...asked));
  for await (const { session, found } of inOrder(sessions, here.scan, elsewhere)) {
    expect(found.total).toBe(session.key);
    told.push(session.key);
    most = Math.max(most, here.done.length + there.done.length - told.length);
    expect(here.under()).toBeLessThan(2);
  }
  expect(told).toEqual(sessions.map(({ key }) => key));
  expect([...here.done, ...there.done].toSorted((a, b) => a - b)).toEqual(told);
  expect(here.done.length).toBeGreaterThan(5);
  expect(there.done.length).toBeGreaterThan(5);
  expect(most).toBeLessThanOrEqual(8);
});

test('a search that is soon done asks no other thread', async () => {
  const here = lane(0);
  for await (const _ of inOrder(sessions.slice(0, 10), here.scan, () => expect.unreachable()));
  expect(here.done).toHaveLength(10);
});

test('what is under way is stopped when nobody asks for more', async () => {
  const stopped: number[] = [];
  const slow: Scan = async ({ key }, isStopped) => {
    for (let i = 0; key > 0 && i < 500 && !isStopped(); i++) await setTimeout(2);
    if (key === 0) await setTimeout(600);
    else stopped.push(key);
    return { hits: [], total: 0, before: 0, histogram: null };
  };
  for await (const { session } of inOrder(sessions, slow, slow)) {
    expect(session.key).toBe(0);
    break;
  }
  expect(stopped).toEqual([]);
  await setTimeout(100);
  expect(stopped.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('what a scan throws is thrown in its turn', async () => {
  const told: number[] = [];
  const here: Scan = ({ key }) =>
    key === 3 ? Promise.reject(new Error('damaged')) : lane(0).scan({ key } as SearchedSession, () => false);
  const all = async (): Promise<void> => {
    for await (const { session } of inOrder(sessions, here, () => null)) told.push(session.key);
  };
  await expect(all()).rejects.toThrow('damaged');
  expect(told).toEqual([0, 1, 2]);
});
