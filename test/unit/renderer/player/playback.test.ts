// Playback against a fake core and a fake screen: what is shown, what is asked, what is held, what is reported.

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Input } from '../../../../shared/api/contract.ts';
import { countAt, fakeCore, pictureAfter, printed, settled, type FakeCore } from './fake-recording.ts';
import { openPlayback, rested, standing } from './open-playback.ts';

const SECOND = 1_000_000;

/** One letter a second from second 1 on: after second 3, the picture is `abc`. */
const letters = 'abcdefghijklmnopqrstuvwxyz'.split('').map((letter, i) => printed(i, (i + 1) * SECOND, letter));

const failure = { kind: 'damaged', what: 'recording', why: 'a run does not verify', todo: 'verify the library' };

const names = (core: FakeCore): readonly string[] => core.asked.map(({ name }) => name);

const viewed = (core: FakeCore): Input<'replay.viewed'>['ranges'] =>
  core.asked.flatMap(({ name, input }) => (name === 'replay.viewed' ? (input as Input<'replay.viewed'>).ranges : []));

// Only the timers: promises keep their own pace.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a seek', () => {
  test('shows what stands at the moment, and says where it stands', async () => {
    const { playback, screen } = await standing(fakeCore(letters), 3.5 * SECOND);
    expect(screen.picture()).toBe('abc');
    expect(playback.state()).toMatchObject({ phase: 'paused', atUs: 3_500_000, index: 3, lastUs: 3 * SECOND, seq: '3' });
    playback.close();
  });

  test('goes on from what is here, without a question', async () => {
    const core = fakeCore(letters);
    const { playback, screen } = await standing(core, 3 * SECOND);
    const before = core.asked.length;
    playback.seek(9 * SECOND);
    await settled();
    expect(screen.picture()).toBe('abcdefghi');
    expect(core.asked.length).toBe(before);
    playback.close();
  });

  test('far ahead asks for a window rather than feeding everything between', async () => {
    const big = Array.from({ length: 40 }, (_, i) => printed(i, i * SECOND, String(i % 10).repeat(20_000)));
    const core = fakeCore(big, { keyframes: [10, 20, 30] });
    const { playback, screen } = await standing(core, 0);
    playback.seek(35 * SECOND);
    await settled();
    expect(names(core).filter((name) => name === 'replay.window')).toHaveLength(2);
    expect(screen.picture()).toBe(pictureAfter(big, 36));
    playback.close();
  });

  test('asks for what follows once somebody stays, not on the way', async () => {
    const core = fakeCore(letters, { most: 2 });
    const { playback, screen } = openPlayback(core);
    for (const at of [20, 15, 10]) {
      playback.seek(at * SECOND);
      await settled();
      vi.advanceTimersByTime(100);
      await settled();
    }
    expect(names(core)).toEqual(['replay.window', 'replay.window', 'replay.window']);
    await rested();
    expect(core.asked.slice(3).map(({ input }) => input)).toMatchObject([{ from: 10 }]);
    expect(screen.picture()).toBe('abcdefghij');
    playback.close();
  });

  test('back asks for a window and gives the earlier picture', async () => {
    const core = fakeCore(letters);
    const { playback, screen } = await standing(core, 9 * SECOND);
    playback.seek(2 * SECOND);
    await settled();
    expect(screen.picture()).toBe('ab');
    expect(playback.state().index).toBe(2);
    playback.close();
  });

  test('to any moment in any order gives the picture of that moment', async () => {
    const event = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.string({ maxLength: 3 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 30 }),
        fc.array(fc.integer({ min: -2, max: 100 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 8 }),
        async (made, moments, most) => {
          let at = 0;
          const events = made.map(([after, text, typed], i) => printed(i, (at += after), text, typed ? 'stdin' : 'stdout'));
          const { playback, screen } = await standing(fakeCore(events, { most }), 0);
          for (const moment of moments) {
            playback.seek(moment);
            await settled();
            const shown = countAt(events, Math.max(0, moment));
            expect(screen.picture()).toBe(pictureAfter(events, shown));
            expect(playback.state()).toMatchObject({ index: shown, atUs: Math.max(0, Math.min(at, moment)) });
          }
          playback.close();
        },
      ),
      { seed: 7, numRuns: 150 },
    );
  });

  test('to a sequence number and to the end lets the core resolve where that is', async () => {
    const { playback, screen, failures } = await standing(fakeCore(letters), 0);
    playback.seekTo({ kind: 'seq', seq: '4' });
    await settled();
    expect([screen.picture(), playback.state().atUs, playback.state().seq]).toEqual(['abcd', 4 * SECOND, '4']);
    playback.seekTo({ kind: 'end' });
    await settled();
    expect([screen.picture().length, playback.state().phase]).toEqual([26, 'ended']);
    expect(failures).toEqual([]);
    playback.close();
  });

  test('to an offset between two events stands at the offset', async () => {
    const { playback, screen } = await standing(fakeCore(letters), 0);
    playback.seekTo({ kind: 'offset', atUs: 4.5 * SECOND });
    await settled();
    expect([screen.picture(), playback.state().atUs]).toEqual(['abcd', 4.5 * SECOND]);
    playback.close();
  });

  test('to a moment that the recording does not have stays where it is, and says so', async () => {
    const { playback, screen, failures } = await standing(fakeCore(letters), 3 * SECOND);
    playback.seekTo({ kind: 'seq', seq: '99' });
    await settled();
    playback.seekTo({ kind: 'instant', at: '2026-11-21T10:00:00Z' });
    await settled();
    expect(failures).toMatchObject([{ kind: 'not-found' }, { kind: 'not-found' }]);
    expect(playback.state()).toMatchObject({ phase: 'paused', atUs: 3 * SECOND, index: 3, failure: null });
    expect(screen.picture()).toBe('abc');
    playback.close();
  });

  test('starts from a keyframe where there is one', async () => {
    const core = fakeCore(letters, { keyframes: [10] });
    const { playback, screen } = await standing(core, 12 * SECOND);
    expect(screen.picture()).toBe('abcdefghijkl');
    expect(playback.state()).toMatchObject({ index: 12, seq: '12', lastUs: 12 * SECOND });
    playback.close();
  });
});

describe('late answers', () => {
  test.each([
    ['before', [0, 0]],
    ['after', [1, 0]],
  ] as const)('an answer to an older seek that comes %s the newest one is dropped', async (_, order) => {
    const core = fakeCore(letters);
    const { playback, screen } = openPlayback(core);
    core.hold(true);
    playback.seek(20 * SECOND);
    playback.seek(5 * SECOND);
    expect(playback.state()).toMatchObject({ phase: 'opening', atUs: 5 * SECOND });
    for (const which of order) await core.open[which]!.answer();
    expect(screen.picture()).toBe('abcde');
    expect(screen.drawn).toEqual(['abcde']);
    expect(playback.state()).toMatchObject({ phase: 'paused', atUs: 5 * SECOND, index: 5 });
    playback.close();
  });

  test('events asked for before a seek are not put behind those of the new moment', async () => {
    const core = fakeCore(letters, { most: 2 });
    const { playback, screen, run } = openPlayback(core);
    core.hold(true);
    playback.seek(20 * SECOND);
    await core.open[0]!.answer();
    await rested();
    const [late] = core.open;
    expect(late!.name).toBe('replay.events');
    playback.seek(SECOND);
    await core.open.find(({ name }) => name === 'replay.window')!.answer();
    await late!.answer();
    core.hold(false);
    playback.toggle();
    await run(3200);
    expect(screen.picture()).toBe('abcd');
    expect(playback.state().index).toBe(4);
    playback.close();
  });

  test('nothing that comes after closing is shown or asked', async () => {
    const core = fakeCore(letters);
    const { playback, screen } = openPlayback(core);
    let heard = 0;
    playback.subscribe(() => {
      heard += 1;
    });
    core.hold(true);
    playback.seek(5 * SECOND);
    const before = heard;
    playback.close();
    await core.open[0]!.answer();
    playback.seek(6 * SECOND);
    await settled();
    expect([screen.drawn, heard, names(core)]).toEqual([[], before, ['replay.window']]);
  });
});

describe('playing', () => {
  test('applies each event at its time, at the speed asked for', async () => {
    const { playback, screen, run } = await standing(fakeCore(letters), 0);
    playback.toggle();
    await run(2992);
    expect(screen.picture()).toBe('ab');
    await run(16);
    expect(screen.picture()).toBe('abc');
    playback.setSpeed(4);
    await run(1008);
    expect(playback.state()).toMatchObject({ phase: 'playing', index: 7, speed: 4, atUs: 3_008_000 + 4_032_000 });
    playback.toggle();
    await run(2000);
    expect(playback.state()).toMatchObject({ phase: 'paused', index: 7 });
    playback.close();
  });

  test('ends at the end, with everything shown', async () => {
    const { playback, screen, run } = await standing(fakeCore(letters, { most: 3 }), 24 * SECOND);
    playback.toggle();
    await run(2500);
    expect(playback.state()).toMatchObject({ phase: 'ended', index: 26, atUs: 26 * SECOND });
    expect(screen.picture()).toHaveLength(26);
    playback.close();
  });

  test('stands still when the next events are not here, and goes on when they come', async () => {
    const core = fakeCore(letters, { most: 2 });
    const { playback, screen, run } = openPlayback(core);
    core.hold(true);
    playback.seek(0);
    await core.open[0]!.answer();
    playback.toggle();
    await run(5000);
    expect(playback.state()).toMatchObject({ phase: 'starved', atUs: 0 });
    expect(names(core)).toEqual(['replay.window', 'replay.events']);
    await core.open[0]!.answer();
    await run(1040);
    expect(playback.state()).toMatchObject({ phase: 'playing', index: 1 });
    expect(screen.picture()).toBe('a');
    core.hold(false);
    for (const one of core.open.slice()) await one.answer();
    await run(4000);
    expect(screen.picture()).toBe('abcde');
    playback.close();
  });

  test('does not run past events that it does not know yet, however fast', async () => {
    const core = fakeCore(letters, { most: 1 });
    const { playback, screen, pass } = openPlayback(core);
    core.hold(true);
    playback.seek(0);
    await core.open[0]!.answer();
    await rested();
    while (core.open.length > 0 && core.asked.length < 3) await core.open[0]!.answer();
    playback.setSpeed(64);
    playback.toggle();
    await pass(250);
    expect(playback.state()).toMatchObject({ atUs: SECOND, index: 1 });
    await pass(250);
    expect(playback.state()).toMatchObject({ phase: 'starved', atUs: SECOND });
    expect(screen.picture()).toBe('a');
    playback.close();
  });

  test('cuts long pauses where asked to, and keeps the recorded times', async () => {
    const events = [printed(0, 0, 'a'), printed(1, 60 * SECOND, 'b'), printed(2, 61 * SECOND, 'c')];
    const { playback, screen, run } = await standing(fakeCore(events), 0);
    playback.setIdleCap(2 * SECOND);
    playback.toggle();
    await run(1900);
    expect(screen.picture()).toBe('a');
    await run(200);
    expect(screen.picture()).toBe('ab');
    expect(playback.state()).toMatchObject({ lastUs: 60 * SECOND, skipped: { fromUs: 2 * SECOND, toUs: 60 * SECOND, n: 1 } });
    playback.close();
  });

  test('feeds a burst of output in slices, one a picture, while the clock waits', async () => {
    const KIB = 1024;
    const burst = Array.from({ length: 40 }, (_, i) => printed(i + 1, SECOND, 'x'.repeat(64 * KIB)));
    const events = [printed(0, 0, 'a'), ...burst, printed(41, 2 * SECOND, 'z')];
    const { playback, screen, run, pass } = await standing(fakeCore(events), 0);
    playback.toggle();
    await run(992);
    const drawn = screen.drawn.length;
    while (!screen.picture().endsWith('z')) await pass(16);
    const sizes = [1, ...screen.drawn.slice(drawn).map((picture) => picture.length)];
    const fed = sizes.slice(1).map((size, i) => size - sizes[i]!);
    expect(Math.max(...fed)).toBe(512 * KIB);
    expect(fed.filter((size) => size > 1)).toHaveLength(5);
    playback.close();
  });

  test('holds little of a recording, however long', async () => {
    const events = Array.from({ length: 16_384 }, (_, i) => printed(i, i * 1000, '0'.repeat(1024)));
    const core = fakeCore(events);
    const { playback, pass } = await standing(core, 0);
    playback.setSpeed(64);
    playback.toggle();
    let most = 0;
    for (let i = 0; i < 400 && playback.state().phase !== 'ended'; i++) {
      await pass(16);
      most = Math.max(most, playback.held());
    }
    expect(playback.state()).toMatchObject({ phase: 'ended', index: 16_384 });
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(2 * 1024 * 1024);
    expect(playback.held()).toBe(0);
    playback.close();
  });
});

describe('steps', () => {
  const same = [0, 1, 1, 1, 2].map((second, i) => printed(i, second * SECOND, String(i)));

  test('go event by event, also among events of one time, on and back', async () => {
    const { playback, screen } = await standing(fakeCore(same, { keyframes: [2] }), 0);
    for (const [by, picture] of [
      [1, '01'],
      [1, '012'],
      [1, '0123'],
      [-1, '012'],
      [-1, '01'],
      [-1, '0'],
      [-1, ''],
      [-1, ''],
      [1, '0'],
    ] as const) {
      playback.stepEvent(by);
      await settled();
      expect(screen.picture()).toBe(picture);
      expect(playback.state().index).toBe(picture.length);
    }
    playback.close();
  });

  test('go back from a keyframe to the event before it', async () => {
    const core = fakeCore(same, { keyframes: [2] });
    const { playback, screen } = await standing(core, 0);
    playback.stepEvent(1);
    await settled();
    playback.stepEvent(-1);
    await settled();
    expect([screen.picture(), playback.state().index, playback.state().lastUs]).toEqual(['0', 1, 0]);
    playback.close();
  });

  test('stop at the last event', async () => {
    const { playback, screen } = await standing(fakeCore(same), 2 * SECOND);
    playback.stepEvent(1);
    await settled();
    expect([screen.picture(), playback.state().phase]).toEqual(['01234', 'ended']);
    playback.close();
  });

  test('end playing', async () => {
    const { playback, run } = await standing(fakeCore(letters), 0);
    playback.toggle();
    await run(1100);
    playback.stepEvent(1);
    await settled();
    expect(playback.state()).toMatchObject({ phase: 'paused', index: 2, atUs: 2 * SECOND });
    playback.close();
  });

  test('by visible change pass over what changes nothing on the screen', async () => {
    const events = [
      printed(0, SECOND, 'a'),
      printed(1, 2 * SECOND, 'k', 'stdin'),
      printed(2, 3 * SECOND, 'k', 'stdin'),
      printed(3, 4 * SECOND, 'b'),
      printed(4, 5 * SECOND, 'k', 'stdin'),
    ];
    const { playback, screen, probes } = await standing(fakeCore(events, { most: 1 }), SECOND);
    playback.stepChange(1);
    await settled();
    expect([screen.picture(), playback.state().index, playback.state().atUs]).toEqual(['ab', 4, 4 * SECOND]);
    playback.stepChange(-1);
    await settled();
    expect([screen.picture(), playback.state().index, playback.state().atUs]).toEqual(['a', 1, SECOND]);
    expect(probes.map((probe) => probe.disposed())).toEqual([true]);
    playback.stepChange(1);
    await settled();
    playback.stepChange(1);
    await settled();
    expect(playback.state()).toMatchObject({ phase: 'ended', index: 5 });
    playback.close();
  });

  test('back by visible change look through the windows before', async () => {
    const typed = Array.from({ length: 60 }, (_, i) => printed(i + 2, (i + 2) * SECOND, 'k', 'stdin'));
    const events = [printed(0, 0, 'a'), printed(1, SECOND, 'b'), ...typed];
    const { playback, screen } = await standing(fakeCore(events, { keyframes: [20, 40] }), 50 * SECOND);
    playback.stepChange(-1);
    await settled();
    await settled();
    expect([screen.picture(), playback.state().index]).toEqual(['ab', 2]);
    playback.close();
  });

  test('by visible change that end nowhere go to the end, and say so', async () => {
    const events = [printed(0, SECOND, 'a'), printed(1, 2 * SECOND, 'k', 'stdin')];
    const { playback, notes } = await standing(fakeCore(events), SECOND);
    playback.stepChange(1);
    await settled();
    expect([playback.state().index, notes.length]).toEqual([2, 1]);
    playback.close();
  });

  test('by visible change can be stopped, and are then where they began', async () => {
    const events = [printed(0, SECOND, 'a'), ...letters.slice(1).map((_, i) => printed(i + 1, (i + 2) * SECOND, 'k', 'stdin'))];
    const core = fakeCore(events, { most: 2 });
    const { playback, screen } = await standing(core, 3 * SECOND);
    core.hold(true);
    playback.stepChange(1);
    await settled();
    expect(playback.state()).toMatchObject({ phase: 'seeking', searching: true });
    core.hold(false);
    playback.stop();
    while (core.open.length > 0) await core.open[0]!.answer();
    expect(playback.state()).toMatchObject({ phase: 'paused', index: 3, searching: false });
    expect(screen.picture()).toBe('a');
    playback.close();
  });

  test('by frame go along a grid of 30 a second, on and back', async () => {
    const { playback } = await standing(fakeCore(letters), 1.01 * SECOND);
    const times: number[] = [];
    for (const by of [1, 1, -1, -1, -1] as const) {
      playback.stepFrame(by);
      await settled();
      times.push(playback.state().atUs);
    }
    expect(times).toEqual([1_033_333, 1_066_667, 1_033_333, 1_000_000, 966_667]);
    playback.close();
  });
});

describe('a recording that grows', () => {
  const grown = (core: FakeCore): FakeCore['recording'] => ({
    ...core.recording,
    events: core.events.length,
    durationUs: core.events.at(-1)!.at,
  });

  test('is followed to its new end, until somebody goes elsewhere', async () => {
    const events = letters.slice(0, 3);
    const core = fakeCore(events);
    const { playback, screen } = await standing(core, SECOND);
    playback.follow(true);
    await settled();
    expect([screen.picture(), playback.state().following]).toEqual(['abc', true]);
    events.push(letters[3]!, letters[4]!);
    playback.grow(grown(core));
    await settled();
    expect([screen.picture(), playback.state().atUs, playback.state().phase]).toEqual(['abcde', 5 * SECOND, 'ended']);
    playback.stepEvent(-1);
    await settled();
    events.push(letters[5]!);
    playback.grow(grown(core));
    await settled();
    expect(playback.state()).toMatchObject({ following: false, index: 4, durationUs: 6 * SECOND });
    playback.close();
  });

  test('plays on where it ended', async () => {
    const events = letters.slice(0, 2);
    const core = fakeCore(events);
    const { playback, screen, run } = await standing(core, 2 * SECOND);
    expect(playback.state().phase).toBe('ended');
    events.push(letters[2]!);
    playback.grow(grown(core));
    playback.toggle();
    await run(1200);
    expect([screen.picture(), playback.state().phase]).toEqual(['abc', 'ended']);
    playback.close();
  });
});

describe('failures', () => {
  test('of a window are shown, and playing asks again', async () => {
    const core = fakeCore(letters);
    const { playback, screen } = openPlayback(core);
    core.hold(true);
    playback.seek(4 * SECOND);
    await core.open[0]!.answer(failure);
    expect(playback.state()).toMatchObject({ phase: 'failed', failure });
    core.hold(false);
    playback.toggle();
    await settled();
    expect([screen.picture(), playback.state().phase]).toEqual(['abcd', 'playing']);
    playback.close();
  });

  test('of the events ahead stop playing and are shown', async () => {
    const core = fakeCore(letters, { most: 2 });
    const { playback, run } = openPlayback(core);
    core.hold(true);
    playback.seek(0);
    await core.open[0]!.answer();
    playback.toggle();
    await run(100);
    await core.open[0]!.answer(failure);
    expect(playback.state()).toMatchObject({ phase: 'failed', failure });
    playback.close();
  });

  test('without a kind are said to be ours', async () => {
    const core = fakeCore(letters);
    const { playback } = openPlayback(core);
    core.hold(true);
    playback.seek(0);
    await core.open[0]!.answer(new Error('out of paper'));
    expect(playback.state().failure).toMatchObject({ kind: 'bug', why: 'out of paper' });
    playback.close();
  });
});

describe('what was watched', () => {
  test('is reported every ten seconds, by speed', async () => {
    const core = fakeCore(letters);
    const { playback, run } = await standing(core, 0);
    playback.toggle();
    await run(2000);
    playback.setSpeed(2);
    await run(1000);
    expect(viewed(core)).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(viewed(core)).toEqual([
      { fromUs: 0, toUs: 2 * SECOND, speed: 1 },
      { fromUs: 2 * SECOND, toUs: 4 * SECOND, speed: 2 },
    ]);
    vi.advanceTimersByTime(10_000);
    expect(viewed(core)).toHaveLength(2);
    playback.close();
  });

  test('leaves out pauses that were cut and moments that were leapt over', async () => {
    const core = fakeCore([printed(0, 0, 'a'), printed(1, 60 * SECOND, 'b'), printed(2, 90 * SECOND, 'c')]);
    const { playback, run } = await standing(core, 0);
    playback.setIdleCap(SECOND);
    playback.toggle();
    await run(1008);
    playback.seek(80 * SECOND);
    playback.setIdleCap(null);
    await settled();
    await run(320);
    expect(playback.covered()).toEqual([
      { fromUs: 0, toUs: SECOND, speed: 1 },
      { fromUs: 80 * SECOND, toUs: 80 * SECOND + 320_000, speed: 1 },
    ]);
    playback.close();
    expect(viewed(core)).toEqual([
      { fromUs: 0, toUs: SECOND, speed: 1 },
      { fromUs: 80 * SECOND, toUs: 80 * SECOND + 320_000, speed: 1 },
    ]);
  });

  test.each([
    [999, []],
    [1000, [{ fromUs: 3 * SECOND, toUs: 3 * SECOND, speed: 1 }]],
  ])('a still picture that was left after %d ms counts from a second on', async (ms, ranges) => {
    const core = fakeCore(letters);
    const { playback, pass } = await standing(core, 3 * SECOND);
    await pass(ms);
    playback.seek(9 * SECOND);
    await settled();
    playback.close();
    expect(viewed(core)).toEqual(ranges);
  });

  test('is reported when the recording is closed, once', async () => {
    const core = fakeCore(letters);
    const { playback, pass } = await standing(core, 3 * SECOND);
    await pass(5000);
    playback.close();
    playback.close();
    vi.advanceTimersByTime(60_000);
    expect(viewed(core)).toEqual([{ fromUs: 3 * SECOND, toUs: 3 * SECOND, speed: 1 }]);
  });

  test('a report that fails is said', async () => {
    const core = fakeCore(letters);
    const { playback, failures, pass } = await standing(core, 3 * SECOND);
    await pass(5000);
    core.hold(true);
    playback.close();
    await core.open[0]!.answer(failure);
    expect(failures).toEqual([failure]);
  });
});
