// The written states of playback, input by input: no clock, no screen, no core.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  firstState,
  step,
  type Effect,
  type Input,
  type Phase,
  type PlaybackState,
} from '../../../../renderer/player/playback-machine.ts';

const SECOND = 1_000_000;
const DURATION = 100 * SECOND;
const failure = { kind: 'damaged', what: 'recording', why: 'a run does not verify', todo: '' };

const run = (state: PlaybackState, ...inputs: readonly Input[]): PlaybackState =>
  inputs.reduce((now, input) => step(now, input).state, state);

const stoodAt = (generation: number, atUs: number, lastUs = atUs): Input => ({
  kind: 'stood',
  generation,
  atUs,
  index: 5,
  lastUs,
  seq: '5',
});

const opened = run(firstState(DURATION), { kind: 'seek', target: { kind: 'offset', atUs: 10 * SECOND } });
const paused = run(opened, stoodAt(1, 10 * SECOND));
const playing = run(paused, { kind: 'play' });
const starved = run(playing, { kind: 'tick', passedMs: 16, ahead: { nextUs: null, more: true } });
const seeking = run(playing, { kind: 'seek', target: { kind: 'offset', atUs: 50 * SECOND } });
const ended = run(opened, stoodAt(1, DURATION));
const failed = run(opened, { kind: 'failed', generation: 1, failure });

const states: readonly (readonly [Phase, PlaybackState])[] = [
  ['opening', opened],
  ['paused', paused],
  ['playing', playing],
  ['starved', starved],
  ['seeking', seeking],
  ['ended', ended],
  ['failed', failed],
];

const tick = (passedMs: number, nextUs: number | null = null, more = false): Input => ({
  kind: 'tick',
  passedMs,
  ahead: { nextUs, more },
});

const advances = (effects: readonly Effect[]): readonly number[] =>
  effects.flatMap((effect) => (effect.kind === 'advance' ? [effect.toUs] : []));

describe('states', () => {
  test.each(states)('%s is reached by its own inputs', (phase, state) => {
    expect(state.phase).toBe(phase);
  });

  const after: readonly (readonly [Phase, Phase, Phase])[] = [
    // from, after play, after pause
    ['opening', 'opening', 'opening'],
    ['paused', 'playing', 'paused'],
    ['playing', 'playing', 'paused'],
    ['starved', 'starved', 'paused'],
    ['seeking', 'seeking', 'seeking'],
    ['ended', 'seeking', 'ended'],
    ['failed', 'seeking', 'failed'],
  ];
  test.each(after)('%s leads to %s by play and to %s by pause', (from, byPlay, byPause) => {
    const state = states.find(([phase]) => phase === from)![1];
    expect(run(state, { kind: 'play' }).phase).toBe(byPlay);
    expect(run(state, { kind: 'pause' }).phase).toBe(byPause);
  });

  test('play at the end begins again from the start, and runs on', () => {
    const { state, effects } = step(ended, { kind: 'play' });
    expect(effects).toEqual([{ kind: 'stand', generation: 2, target: { kind: 'offset', atUs: 0 } }]);
    expect(run(state, stoodAt(2, 0)).phase).toBe('playing');
  });

  test('play after a failure asks for the same moment again', () => {
    const { state, effects } = step(failed, { kind: 'play' });
    expect(effects).toEqual([{ kind: 'stand', generation: 2, target: { kind: 'offset', atUs: 10 * SECOND } }]);
    expect(state.failure).toBeNull();
  });

  test('a failure says what failed and a new seek leads out of it', () => {
    expect(failed.failure).toEqual(failure);
    const out = run(failed, { kind: 'seek', target: { kind: 'offset', atUs: 0 } }, stoodAt(2, 0));
    expect(out).toMatchObject({ phase: 'paused', failure: null });
  });
});

describe('seeks', () => {
  test.each(['playing', 'starved'] as const)('a seek while %s plays on from the new moment', (phase) => {
    const state = states.find(([name]) => name === phase)![1];
    const sought = run(state, { kind: 'seek', target: { kind: 'offset', atUs: 0 } });
    expect(run(sought, stoodAt(sought.generation, 0)).phase).toBe('playing');
  });

  test('a second seek before the first has arrived plays on as well', () => {
    const again = run(seeking, { kind: 'seek', target: { kind: 'offset', atUs: 0 } });
    expect(again.resume).toBe(true);
  });

  test('play and pause while seeking decide what happens on arrival', () => {
    expect(run(seeking, { kind: 'pause' }, stoodAt(2, 50 * SECOND)).phase).toBe('paused');
    const standing = run(paused, { kind: 'seek', target: { kind: 'offset', atUs: 0 } });
    expect(run(standing, { kind: 'play' }, stoodAt(2, 0)).phase).toBe('playing');
  });

  test('a seek that says so does not play on', () => {
    const sought = run(playing, { kind: 'seek', target: { kind: 'moment', moment: { kind: 'end' } }, resume: false });
    expect(run(sought, stoodAt(2, 20 * SECOND)).phase).toBe('paused');
  });

  test.each([
    [-5 * SECOND, 0],
    [DURATION + 1, DURATION],
    [7, 7],
  ])('a seek to %d µs asks for %d µs, inside of the recording', (wanted, asked) => {
    const { state, effects } = step(paused, { kind: 'seek', target: { kind: 'offset', atUs: wanted } });
    expect(state.atUs).toBe(asked);
    expect(effects).toEqual([{ kind: 'stand', generation: 2, target: { kind: 'offset', atUs: asked } }]);
  });

  test('the time shown stays until a moment that only the core can resolve has arrived', () => {
    const sought = run(paused, { kind: 'seek', target: { kind: 'moment', moment: { kind: 'seq', seq: '9' } } });
    expect(sought.atUs).toBe(10 * SECOND);
    expect(run(sought, stoodAt(2, 33 * SECOND)).atUs).toBe(33 * SECOND);
  });

  test('arriving at the end is ended; a recording without length is paused there', () => {
    expect(ended.phase).toBe('ended');
    const empty = run(firstState(0), { kind: 'seek', target: { kind: 'offset', atUs: 0 } }, stoodAt(1, 0));
    expect(empty.phase).toBe('paused');
  });
});

describe('late answers', () => {
  test('an answer to an older seek changes nothing', () => {
    expect(step(seeking, stoodAt(1, 10 * SECOND))).toEqual({ state: seeking, effects: [] });
  });

  test('a failure of an older seek changes nothing', () => {
    expect(step(seeking, { kind: 'failed', generation: 1, failure })).toEqual({ state: seeking, effects: [] });
  });

  test('events applied after a seek began do not move the clock', () => {
    const late: Input = { kind: 'applied', index: 9, lastUs: SECOND, seq: '9', atUs: SECOND, last: false };
    expect(step(seeking, late)).toEqual({ state: seeking, effects: [] });
  });

  test('whatever comes in, generations never go back and only the newest answer is taken', () => {
    const target = fc.integer({ min: -1, max: DURATION + 1 }).map((atUs) => ({ kind: 'offset' as const, atUs }));
    const input: fc.Arbitrary<Input> = fc.oneof(
      target.map((to): Input => ({ kind: 'seek', target: to })),
      fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: DURATION })).map(([n, at]) => stoodAt(n, at)),
      fc.integer({ min: 0, max: 6 }).map((generation): Input => ({ kind: 'failed', generation, failure })),
      fc.constantFrom<Input>({ kind: 'play' }, { kind: 'pause' }, tick(16, null, true), tick(16, DURATION), tick(16)),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        let state = firstState(DURATION);
        for (const given of inputs) {
          const { state: next, effects } = step(state, given);
          const stands = effects.filter(({ kind }) => kind === 'stand').length;
          expect(next.generation).toBe(state.generation + stands);
          expect(next.atUs).toBeGreaterThanOrEqual(0);
          expect(next.atUs).toBeLessThanOrEqual(DURATION);
          if ((given.kind === 'stood' || given.kind === 'failed') && given.generation !== state.generation)
            expect(next).toBe(state);
          state = next;
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

describe('the clock', () => {
  test.each([
    [1, 100_000],
    [0.25, 25_000],
    [8, 800_000],
  ])('at speed %d, a tenth of a second is %d µs of recorded time', (speed, us) => {
    const state = run(playing, { kind: 'speed', speed });
    const { effects } = step(state, tick(100, 90 * SECOND));
    expect(advances(effects)).toEqual([10 * SECOND + us]);
  });

  test('a tick counts for at most a quarter of a second: a hidden window has not been watched', () => {
    expect(advances(step(playing, tick(60_000, 90 * SECOND)).effects)).toEqual([10 * SECOND + 250_000]);
  });

  test('the clock does not pass the end', () => {
    const close = run(playing, { kind: 'applied', index: 6, lastUs: DURATION - 5, seq: '6', atUs: DURATION - 5, last: false });
    expect(advances(step(close, tick(100)).effects)).toEqual([DURATION]);
  });

  test('the clock stands while the next events are not here and runs on when they are', () => {
    expect(step(playing, tick(16, null, true)).effects).toEqual([]);
    const { state, effects } = step(starved, tick(16, 90 * SECOND, true));
    expect(state.phase).toBe('playing');
    expect(advances(effects)).toEqual([10 * SECOND + 16_000]);
  });

  test.each(['opening', 'paused', 'seeking', 'ended', 'failed'] as const)('a tick while %s does nothing', (phase) => {
    const state = states.find(([name]) => name === phase)![1];
    expect(step(state, tick(16, 90 * SECOND))).toEqual({ state, effects: [] });
  });

  test('what was applied is where it stands, and what was watched', () => {
    const applied: Input = { kind: 'applied', index: 6, lastUs: 11 * SECOND, seq: '6', atUs: 12 * SECOND, last: false };
    const { state, effects } = step(run(playing, { kind: 'speed', speed: 2 }), applied);
    expect(state).toMatchObject({ phase: 'playing', index: 6, lastUs: 11 * SECOND, seq: '6', atUs: 12 * SECOND });
    expect(effects).toEqual([{ kind: 'watched', fromUs: 10 * SECOND, toUs: 12 * SECOND, speed: 2 }]);
  });

  test('it has ended once the last event is applied and the clock is at the end, not before', () => {
    const applied = { kind: 'applied', index: 9, lastUs: 90 * SECOND, seq: '9', last: true } as const;
    expect(run(playing, { ...applied, atUs: 95 * SECOND }).phase).toBe('playing');
    expect(run(playing, { ...applied, atUs: DURATION, last: false }).phase).toBe('playing');
    expect(run(playing, { ...applied, atUs: DURATION }).phase).toBe('ended');
  });
});

describe('long pauses', () => {
  const capped = run(playing, { kind: 'idle-cap', capUs: 2 * SECOND });
  const at = (atUs: number): PlaybackState => ({ ...capped, atUs });

  test('are cut once their first part has been seen: the clock goes to the next event', () => {
    const { state, effects } = step(at(11_900_000), tick(200, 60 * SECOND));
    expect(advances(effects)).toEqual([60 * SECOND]);
    expect(state.skipped).toEqual({ fromUs: 12 * SECOND, toUs: 60 * SECOND, n: 1 });
  });

  test('count as watched up to the cut only', () => {
    const { state, effects } = step(at(11_900_000), tick(200, 60 * SECOND));
    expect(effects[0]).toEqual({ kind: 'watched', fromUs: 11_900_000, toUs: 12 * SECOND, speed: 1 });
    const arrived: Input = { kind: 'applied', index: 6, lastUs: 60 * SECOND, seq: '6', atUs: 60 * SECOND, last: false };
    expect(step(state, arrived).effects).toEqual([]);
  });

  test('are cut before the end of the recording too', () => {
    expect(advances(step(at(12 * SECOND), tick(16)).effects)).toEqual([DURATION]);
  });

  test('are played in full until the first part is over, when they are short, and without a limit', () => {
    expect(advances(step(at(11 * SECOND), tick(16, 60 * SECOND)).effects)).toEqual([11_016_000]);
    expect(advances(step(at(11_900_000), tick(16, 12 * SECOND)).effects)).toEqual([11_916_000]);
    const uncapped = run(at(30 * SECOND), { kind: 'idle-cap', capUs: null });
    expect(advances(step(uncapped, tick(16, 60 * SECOND)).effects)).toEqual([30_016_000]);
  });

  test('are cut at once where playing begins inside of one', () => {
    const { state, effects } = step(at(30 * SECOND), tick(16, 60 * SECOND));
    expect(advances(effects)).toEqual([60 * SECOND]);
    expect(state.skipped.fromUs).toBe(30 * SECOND);
  });

  test('are counted', () => {
    const once = step(at(30 * SECOND), tick(16, 60 * SECOND)).state;
    expect(step({ ...once, lastUs: 60 * SECOND, atUs: 70 * SECOND }, tick(16, 90 * SECOND)).state.skipped.n).toBe(2);
  });
});
