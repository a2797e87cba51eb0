// Playback where the core answers with a keyframe and no event after it: what is shown is what stands at the moment, all the same.

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { countAt, fakeCore, pictureAfter, printed, settled } from './fake-recording.ts';
import { openPlayback, standing } from './open-playback.ts';

const SECOND = 1_000_000;
const letters = 'abcdefghijklmnopqrstuvwxyz'.split('').map((letter, i) => printed(i, (i + 1) * SECOND, letter));
/** As the core answers while no index is there: the state itself, at every moment. */
const everywhere = { keyframes: letters.map((_, i) => i + 1) };
const failure = { kind: 'damaged', what: 'recording', why: 'a run does not verify', todo: '' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('standing on a keyframe', () => {
  test('a seek back shows the earlier picture', async () => {
    const { playback, screen } = await standing(fakeCore(letters, everywhere), 20 * SECOND);
    playback.seek(5 * SECOND);
    await settled();
    expect([screen.picture(), playback.state().index]).toEqual(['abcde', 5]);
    playback.close();
  });

  test('a seek from the end to the beginning shows the beginning', async () => {
    const { playback, screen } = await standing(fakeCore(letters, everywhere), 0);
    playback.seekTo({ kind: 'end' });
    await settled();
    playback.seek(0);
    await settled();
    expect([screen.picture(), playback.state().index]).toEqual(['', 0]);
    playback.close();
  });

  test('the time of the last event is known', async () => {
    const { playback } = await standing(fakeCore(letters, everywhere), 20.5 * SECOND);
    expect(playback.state()).toMatchObject({ lastUs: 20 * SECOND, index: 20, seq: null });
    playback.close();
  });

  test('a short pause is played in full where long ones are cut', async () => {
    const { playback, run } = await standing(fakeCore(letters, everywhere), 20 * SECOND);
    playback.setIdleCap(2 * SECOND);
    playback.toggle();
    await run(96);
    expect(playback.state()).toMatchObject({ index: 20, skipped: { n: 0 } });
    playback.close();
  });

  test('a step back by event does not pull the recording from its start', async () => {
    const core = fakeCore(letters, everywhere);
    const { playback, screen } = await standing(core, 20 * SECOND);
    const before = core.asked.length;
    playback.stepEvent(-1);
    await settled();
    expect([screen.picture().length, playback.state().atUs]).toEqual([19, 19 * SECOND]);
    const asked = core.asked.slice(before);
    expect(asked.filter(({ name }) => name === 'replay.window').length).toBeLessThanOrEqual(2);
    for (const { name, input } of asked) if (name === 'replay.events') expect(input).toHaveProperty('from', 19);
    playback.close();
  });

  test('any move shows what stands after as many events as are said to be applied', async () => {
    const event = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom('', 'x', 'yz'), fc.boolean());
    const move = fc.oneof(
      fc.integer({ min: 0, max: 60 }).map((to) => ({ kind: 'seek' as const, to })),
      fc.constantFrom(1 as const, -1 as const).map((by) => ({ kind: 'event' as const, by })),
      fc.constantFrom(1 as const, -1 as const).map((by) => ({ kind: 'change' as const, by })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 25 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 25 }), { maxLength: 6 }),
        fc.array(move, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 8 }),
        async (made, places, moves, most) => {
          let at = 0;
          const events = made.map(([after, text, typed], i) => printed(i, (at += after), text, typed ? 'stdin' : 'stdout'));
          const keyframes = places.filter((place) => place < events.length).sort((a, b) => a - b);
          const { playback, screen } = await standing(fakeCore(events, { keyframes, most }), 0);
          const after = (count: number): string => pictureAfter(events, count);
          for (const one of moves) {
            const { index: from } = playback.state();
            if (one.kind === 'seek') playback.seek(one.to);
            else if (one.kind === 'event') playback.stepEvent(one.by);
            else playback.stepChange(one.by);
            for (let i = 0; i < 20; i++) await settled();
            const { index, phase } = playback.state();
            expect(['paused', 'ended']).toContain(phase);
            expect(screen.picture()).toBe(after(index));
            if (one.kind === 'seek') expect(index).toBe(countAt(events, one.to));
            else if (one.kind === 'event') expect(index).toBe(Math.max(0, Math.min(events.length, from + one.by)));
            else if (one.by === -1) {
              const earlier = events.slice(0, Math.max(0, from - 1)).findLastIndex((_, i) => after(i) !== after(i + 1));
              expect(index).toBe(earlier + 1);
            } else {
              const later = events.findIndex((_, i) => i >= from && after(i + 1) !== after(from));
              expect(index).toBe(later === -1 ? events.length : later + 1);
            }
          }
          playback.close();
        },
      ),
      { seed: 13, numRuns: 300 },
    );
  });
});

describe('a step back by visible change', () => {
  test('looks before a keyframe behind which nothing was to be seen', async () => {
    const typed = Array.from({ length: 60 }, (_, i) => printed(i + 3, (i + 3) * SECOND, 'k', 'stdin'));
    const events = [printed(0, 0, 'a'), printed(1, SECOND, 'b'), printed(2, 2 * SECOND, 'c'), ...typed];
    const { playback, screen } = await standing(fakeCore(events, { keyframes: [20, 40] }), 50 * SECOND);
    playback.stepChange(-1);
    for (let i = 0; i < 5; i++) await settled();
    expect([screen.picture(), playback.state().index]).toEqual(['abc', 3]);
    playback.close();
  });
});

describe('failures', () => {
  test('of an older seek are not told once a newer one stands', async () => {
    const core = fakeCore(letters);
    const { playback, screen, failures } = await standing(core, SECOND);
    core.hold(true);
    playback.seekTo({ kind: 'seq', seq: '99' });
    playback.seek(5 * SECOND);
    await core.open[0]!.answer();
    expect([failures, screen.picture(), playback.state().phase]).toEqual([[], 'abcde', 'paused']);
    playback.close();
  });

  test('of a window leave no picture from which a step by visible change goes on', async () => {
    const core = fakeCore(letters);
    const { playback, screen } = openPlayback(core);
    core.hold(true);
    playback.seek(20 * SECOND);
    await core.open[0]!.answer(failure);
    core.hold(false);
    playback.stepChange(1);
    await settled();
    expect(screen.picture()).toBe(pictureAfter(letters, playback.state().index));
    expect(playback.state().atUs).toBe(20 * SECOND);
    playback.close();
  });
});

test('the last picture that was looked at is reported like any other', async () => {
  const core = fakeCore(letters);
  const { playback, pass } = await standing(core, 0);
  playback.seekTo({ kind: 'end' });
  await settled();
  await pass(5000);
  playback.close();
  expect(core.asked.at(-1)).toMatchObject({
    name: 'replay.viewed',
    input: { ranges: [{ fromUs: 26 * SECOND, toUs: 26 * SECOND, speed: 1 }] },
  });
});
