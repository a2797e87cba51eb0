// Carries out what the playback machine decides: fetches windows and events, feeds the screen, runs the clock, reports what was watched. The
// core keeps nothing of it: every question stands for itself, and a late answer is dropped by its generation.

import type { Api } from '../../shared/api/contract.ts';
import type { Moment } from '../../shared/api/shapes.ts';
import { decodeEvents } from '../../shared/recording/event-chunk.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { KEYFRAME_BYTES } from '../../shared/terminal/seek-plan.ts';
import type { Screen } from '../screen/screen.ts';
import { failureOf } from '../ui/answer.ts';
import { createEventQueue } from './event-queue.ts';
import {
  firstState,
  frameFrom,
  step,
  still,
  type Input,
  type PlaybackState,
  type Reached,
  type Target,
} from './playback-machine.ts';
import { createViewLog, type ViewLog } from './viewed.ts';
import { canChange, previousChange, type Window } from './visible-change.ts';

export interface Recording {
  readonly id: string;
  readonly events: number;
  readonly durationUs: number;
}

export interface PlaybackDeps {
  readonly api: Api;
  readonly recording: Recording;
  readonly screen: Pick<Screen, 'reset' | 'restore' | 'apply' | 'settle' | 'changed'>;
  /** A second screen that is never shown, to look at moments without showing them. */
  readonly probe: () => Pick<Screen, 'reset' | 'restore' | 'apply' | 'changed' | 'dispose'>;
  /** Calls back before the next picture, with milliseconds of a clock that never goes back. */
  readonly frame: (callback: (nowMs: number) => void) => void;
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
  /** What the user is told in passing. */
  readonly onNote: (text: string) => void;
}

export interface Playback {
  state(): PlaybackState;
  subscribe(listener: () => void): () => void;
  seek(atUs: number): void;
  seekTo(moment: Moment): void;
  stepEvent(step: 1 | -1): void;
  stepChange(step: 1 | -1): void;
  stepFrame(step: 1 | -1): void;
  /** Ends a search for a visible change where it began. */
  stop(): void;
  /** Goes to the end and stays there as events arrive, or not any more. */
  follow(on: boolean): void;
  /** The recording has more events than it had. */
  grow(recording: Pick<Recording, 'events' | 'durationUs'>): void;
  toggle(): void;
  setSpeed(speed: number): void;
  setIdleCap(capUs: number | null): void;
  covered(): ReturnType<ViewLog['covered']>;
  /** Tells the core now what was watched; otherwise it is told now and then. */
  report(): Promise<void>;
  /** Bytes of recorded data that are held. */
  held(): number;
  close(): void;
}

/** Below this, more events are asked for while they are played. */
const LOW = 512 * 1024;
const FETCH = 1024 * 1024;

/** Output fed before a picture: about 25 ms of a screen's work. The clock waits for it. */
const SLICE = 512 * 1024;

/** How often what was watched is reported, in milliseconds, and how long a still moment must be looked at to count. */
const REPORT = 10_000;
const LOOKED = 1000;

/** How long a moment is stood at before more is fetched: whoever scrubs wants nothing of what follows, and the next picture soon. Milliseconds. */
const REST = 150;

/** Work on events in a row before the browser may draw, in milliseconds. */
const BREATH = 8;

export function createPlayback(deps: PlaybackDeps): Playback {
  const { api, screen, probe, frame, now, onFailure, onNote } = deps;
  const { id } = deps.recording;
  let { events: count, durationUs } = deps.recording;
  const queue = createEventQueue();
  const log = createViewLog();
  const listeners = new Set<() => void>();
  let state = firstState(durationUs);
  let closed = false;
  let ticking = false;
  let fetching = false;
  let more = count > 0;
  let stoodAt = now();
  /** What the screen shows; `shown` is false before the first moment and after a failure. */
  let reached: Reached = { index: 0, lastUs: 0, seq: null };
  let shown = false;

  const input = (given: Input): void => {
    if (closed) return;
    const before = state;
    const { state: next, effects } = step(state, given);
    state = next;
    if (still(before) && !still(next) && now() - stoodAt >= LOOKED) log.watch(before.atUs, before.atUs, 1);
    if (still(next) && (!still(before) || before.atUs !== next.atUs)) stoodAt = now();
    for (const effect of effects) {
      switch (effect.kind) {
        case 'stand':
          void stand(effect.generation, effect.target);
          break;
        case 'advance':
          advance(effect.toUs);
          break;
        case 'watched':
          log.watch(effect.fromUs, effect.toUs, effect.speed);
          break;
      }
    }
    if (next.phase === 'playing' || next.phase === 'starved') startTicking();
    if (state !== before) for (const listener of listeners) listener();
  };

  /** Whether an answer still matters. */
  const current = (generation: number): boolean => !closed && generation === state.generation;

  const window = async (moment: Moment): Promise<Window> => {
    const { keyframe, runs, target, atUs } = await api.call('replay.window', { id, at: moment });
    return {
      keyframe,
      first: runs[0]?.firstIndex ?? keyframe?.index ?? 0,
      events: runs.flatMap((run) => decodeEvents(run.bytes, run.firstIndex)),
      target,
      atUs,
    };
  };

  /** Puts the screen after `upTo` events, of which the window holds the last ones. */
  const showWindow = ({ keyframe, first, events }: Window, upTo: number): void => {
    if (keyframe === null) screen.reset();
    else screen.restore(keyframe.bytes);
    shown = true;
    reached = { index: first, lastUs: keyframe?.atUs ?? 0, seq: null };
    const applied = Math.max(0, upTo - first);
    for (const event of events.slice(0, applied)) show(event);
    queue.clear(first + applied);
    more = first + applied < count;
  };

  const show = (event: RecordingEvent): void => {
    screen.apply(event);
    reached = { index: reached.index + 1, lastUs: event.at, seq: event.seq };
  };

  /** Fetches until the queue has a first event, or there is none. */
  const need = async (generation: number): Promise<RecordingEvent | null> => {
    while (current(generation) && queue.head() === null && more) {
      const from = queue.end;
      const { runs, next } = await api.call('replay.events', { id, from, maxBytes: FETCH });
      if (!current(generation) || from !== queue.end) return null;
      queue.add(runs);
      more = next !== null;
    }
    return queue.head();
  };

  const stood = (generation: number, atUs: number): void => {
    screen.settle();
    input({ kind: 'stood', generation, atUs, ...reached });
    if (!still(state)) prefetch();
    else setTimeout(() => current(generation) && prefetch(), REST);
  };

  const standAtOffset = async (generation: number, atUs: number): Promise<void> => {
    // What is here is replayed rather than a keyframe asked for, as long as it is no more than follows on one.
    const near = queue.bytesUntil(atUs);
    const complete = near !== null || (!more && queue.end >= count);
    if (shown && atUs >= reached.lastUs && complete && (near ?? queue.bytes) <= KEYFRAME_BYTES) {
      for (let event = queue.head(); event !== null && event.at <= atUs; event = queue.head()) show(queue.take());
      stood(generation, atUs);
      return;
    }
    const answer = await window({ kind: 'offset', atUs });
    if (!current(generation)) return;
    showWindow(answer, answer.target);
    stood(generation, atUs);
  };

  /** Applies events one by one until `index` are applied. */
  const onTo = async (generation: number, index: number): Promise<void> => {
    while (reached.index < index) {
      const event = await need(generation);
      if (!current(generation)) return;
      if (event === null) break;
      show(queue.take());
    }
    stood(generation, reached.lastUs);
  };

  /** Stands after `index` events. Answers only go by time: so a little before, then on event by event. */
  const standAtIndex = async (generation: number, index: number, nearUs: number): Promise<void> => {
    if (shown && index === reached.index + 1) {
      await onTo(generation, index);
      return;
    }
    let at = nearUs;
    for (;;) {
      const answer = await window({ kind: 'offset', atUs: at });
      if (!current(generation)) return;
      if (answer.keyframe !== null && answer.first > index) {
        // The keyframe already holds more than is wanted: look before it, before the beginning if need be.
        at = answer.keyframe.atUs - 1;
        continue;
      }
      showWindow(answer, Math.min(index, answer.target));
      await onTo(generation, index);
      return;
    }
  };

  const standAtMoment = async (generation: number, moment: Moment): Promise<void> => {
    const answer = await window(moment);
    if (!current(generation)) return;
    showWindow(answer, answer.target);
    stood(generation, moment.kind === 'end' ? durationUs : Math.min(durationUs, answer.atUs));
  };

  /** To be awaited after each event of a long work: whether it still matters, after the browser could draw when it is time. */
  const breathing = (generation: number): (() => Promise<boolean>) => {
    let last = now();
    return async () => {
      if (now() - last >= BREATH) {
        await new Promise<void>((resolve) => frame(() => resolve()));
        last = now();
      }
      return current(generation);
    };
  };

  const changeOn = async (generation: number): Promise<void> => {
    const breathe = breathing(generation);
    screen.changed();
    for (;;) {
      const event = await need(generation);
      if (!(await breathe())) return;
      if (event === null) break;
      show(queue.take());
      if (canChange(event) && screen.changed()) {
        stood(generation, reached.lastUs);
        return;
      }
    }
    onNote('No later visible change: this is the end');
    stood(generation, durationUs);
  };

  const changeBack = async (generation: number): Promise<void> => {
    const hidden = probe();
    try {
      const following = async (from: number): Promise<RecordingEvent[]> => {
        const { runs } = await api.call('replay.events', { id, from, maxBytes: FETCH });
        return runs.flatMap((run) => decodeEvents(run.bytes, run.firstIndex));
      };
      const search = { screen: hidden, window, events: following, breathe: breathing(generation) };
      const found = await previousChange(search, reached.index, reached.lastUs);
      if (found === null) return;
      if (found.index === 0) onNote('No earlier visible change: this is the beginning');
      await standAtIndex(generation, found.index, found.atUs);
    } finally {
      hidden.dispose();
    }
  };

  const stand = async (generation: number, target: Target): Promise<void> => {
    try {
      switch (target.kind) {
        case 'offset':
          await standAtOffset(generation, target.atUs);
          break;
        case 'index':
          await standAtIndex(generation, target.index, target.nearUs);
          break;
        case 'moment':
          await standAtMoment(generation, target.moment);
          break;
        case 'change':
          // After a failure nothing is on the screen to compare with.
          searchedFrom = reached;
          if (!shown) await standAtOffset(generation, state.atUs);
          else await (target.step === 1 ? changeOn(generation) : changeBack(generation));
          break;
      }
    } catch (error) {
      if (!current(generation)) return;
      const failure = failureOf(error);
      if (target.kind === 'moment' && shown && (failure.kind === 'not-found' || failure.kind === 'usage')) {
        // There is no such moment: stay where we are, and say so.
        onFailure(error);
        input({ kind: 'stood', generation, atUs: state.atUs, ...reached });
        return;
      }
      shown = false;
      input({ kind: 'failed', generation, failure });
    }
  };

  const prefetch = (): void => {
    if (fetching || closed || !more || queue.bytes >= LOW || state.phase === 'seeking' || state.phase === 'opening') return;
    fetching = true;
    const { generation } = state;
    const from = queue.end;
    api
      .call('replay.events', { id, from, maxBytes: still(state) ? KEYFRAME_BYTES : FETCH })
      .then(
        ({ runs, next }) => {
          // A seek has begun the queue elsewhere: these events are not wanted any more.
          if (!current(generation) || from !== queue.end) return;
          queue.add(runs);
          more = next !== null;
        },
        (error: unknown) => {
          if (!current(generation)) return;
          shown = false;
          input({ kind: 'failed', generation, failure: failureOf(error) });
        },
      )
      .finally(() => {
        fetching = false;
      });
  };

  /** Where a search for a visible change began. */
  let searchedFrom: Reached = reached;

  const advance = (toUs: number): void => {
    const before = reached;
    let fed = 0;
    for (let event = queue.head(); event !== null && event.at <= toUs && fed < SLICE; event = queue.head()) {
      show(queue.take());
      if (event.kind === 'data') fed += event.bytes.length;
    }
    if (reached !== before) screen.settle();
    const next = queue.head();
    // The clock never passes an event that has not been applied, nor the last one known while others are to come.
    const held = next !== null && next.at <= toUs ? next.at : next === null && more ? reached.lastUs : toUs;
    input({ kind: 'applied', ...reached, atUs: Math.max(state.atUs, held), last: next === null && !more });
    prefetch();
  };

  const startTicking = (): void => {
    if (ticking) return;
    ticking = true;
    let last = now();
    const tick = (nowMs: number): void => {
      if (closed || (state.phase !== 'playing' && state.phase !== 'starved')) {
        ticking = false;
        return;
      }
      const passedMs = Math.max(0, nowMs - last);
      last = nowMs;
      input({ kind: 'tick', passedMs, ahead: { nextUs: queue.head()?.at ?? null, more } });
      if (state.phase === 'starved') prefetch();
      frame(tick);
    };
    frame(tick);
  };

  const report = async (): Promise<void> => {
    const ranges = log.take();
    if (ranges.length > 0) await api.call('replay.viewed', { id, ranges }).catch(onFailure);
  };
  const timer = setInterval(() => void report(), REPORT);

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    seek: (atUs) => input({ kind: 'seek', target: { kind: 'offset', atUs: Math.round(atUs) } }),
    seekTo: (moment) => input({ kind: 'seek', target: { kind: 'moment', moment }, resume: false }),
    stepEvent: (by) => {
      const index = Math.max(0, Math.min(count, state.index + by));
      const next = by === 1 ? queue.head() : null;
      // Before the event that was applied last: its own time is near enough.
      const nearUs = next?.at ?? state.lastUs;
      if (index !== state.index) input({ kind: 'seek', target: { kind: 'index', index, nearUs }, resume: false });
    },
    stepChange: (by) => input({ kind: 'seek', target: { kind: 'change', step: by }, resume: false }),
    stepFrame: (by) => input({ kind: 'seek', target: { kind: 'offset', atUs: frameFrom(state.atUs, by) }, resume: false }),
    stop: () => {
      const { index, lastUs } = searchedFrom;
      if (state.searching) input({ kind: 'seek', target: { kind: 'index', index, nearUs: lastUs }, resume: false });
    },
    follow: (on) => input({ kind: 'follow', on }),
    grow: (grown) => {
      count = grown.events;
      durationUs = grown.durationUs;
      more = queue.end < count;
      input({ kind: 'grow', durationUs });
      prefetch();
    },
    toggle: () =>
      input(state.phase === 'playing' || state.phase === 'starved' || state.resume ? { kind: 'pause' } : { kind: 'play' }),
    setSpeed: (speed) => input({ kind: 'speed', speed }),
    setIdleCap: (capUs) => input({ kind: 'idle-cap', capUs }),
    covered: log.covered,
    report,
    held: () => queue.bytes,
    close: () => {
      if (closed) return;
      if (still(state) && now() - stoodAt >= LOOKED) log.watch(state.atUs, state.atUs, 1);
      closed = true;
      clearInterval(timer);
      void report();
      listeners.clear();
    },
  };
}
