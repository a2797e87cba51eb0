// Playback as a written state machine: no clock, no screen, no core in it. Inputs come in, a new state and effects go out; playback.ts
// carries the effects out and hands back what came of them.
//
//   opening   nothing is on screen yet; the first moment is being fetched
//   paused    the screen stands at `atUs`
//   playing   the clock runs, events are applied as their time comes
//   starved   as playing, but the next events are not here yet: the clock stands
//   seeking   another moment is being fetched; `resume` says whether the clock runs on afterwards
//   ended     the last event is applied and the clock stands at the end
//   failed    a fetch failed; a new seek leads out
//
// Every seek has a number of its own (`generation`). What arrives for an older one is dropped: the newest wish counts.

import type { Moment } from '../../shared/api/shapes.ts';
import type { FailureText } from '../ui/answer.ts';

export type Phase = 'opening' | 'paused' | 'playing' | 'starved' | 'seeking' | 'ended' | 'failed';

/** Where to stand: at a time, after `index` events (near a known time), at a moment that the core resolves, or a visible change on or back. */
export type Target =
  | { readonly kind: 'offset'; readonly atUs: number }
  | { readonly kind: 'index'; readonly index: number; readonly nearUs: number }
  | { readonly kind: 'moment'; readonly moment: Moment }
  | { readonly kind: 'change'; readonly step: 1 | -1 };

export interface PlaybackState {
  readonly phase: Phase;
  readonly generation: number;
  readonly resume: boolean;
  /** The seek under way looks for a visible change: it may take long. */
  readonly searching: boolean;
  /** It stands at the end and goes on there as the recording grows. */
  readonly following: boolean;
  /** The time shown: of the moment on screen, or of the one being fetched. */
  readonly atUs: number;
  /** Events applied. */
  readonly index: number;
  /** Time of the last event applied; 0 before the first. */
  readonly lastUs: number;
  /** Its sequence number, as its source wrote it; null where nothing is applied, or where a keyframe holds it. */
  readonly seq: string | null;
  readonly durationUs: number;
  readonly speed: number;
  /** Pauses are cut to this length; null: they are played in full. Recorded times stay what they are. */
  readonly idleCapUs: number | null;
  /** The pause that was cut last; `n` counts them. */
  readonly skipped: { readonly fromUs: number; readonly toUs: number; readonly n: number };
  readonly failure: FailureText | null;
}

/** What is known of the events to come. */
export interface Ahead {
  /** Time of the next event, or null when none is here. */
  readonly nextUs: number | null;
  /** Whether the core has events that are not here. */
  readonly more: boolean;
}

/** How far events have been applied. */
export interface Reached {
  readonly index: number;
  readonly lastUs: number;
  readonly seq: string | null;
}

export type Input =
  | { readonly kind: 'seek'; readonly target: Target; readonly resume?: boolean }
  | ({ readonly kind: 'stood'; readonly generation: number; readonly atUs: number } & Reached)
  | { readonly kind: 'failed'; readonly generation: number; readonly failure: FailureText }
  /** More was recorded. */
  | { readonly kind: 'grow'; readonly durationUs: number }
  | { readonly kind: 'follow'; readonly on: boolean }
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'idle-cap'; readonly capUs: number | null }
  /** `passedMs` have gone by since the last tick. */
  | { readonly kind: 'tick'; readonly passedMs: number; readonly ahead: Ahead }
  /** `last`: no event is left to apply. */
  | ({ readonly kind: 'applied'; readonly atUs: number; readonly last: boolean } & Reached);

export type Effect =
  | { readonly kind: 'stand'; readonly generation: number; readonly target: Target }
  /** Apply every event up to this time, and say how far it went. */
  | { readonly kind: 'advance'; readonly toUs: number }
  | { readonly kind: 'watched'; readonly fromUs: number; readonly toUs: number; readonly speed: number };

export interface Step {
  readonly state: PlaybackState;
  readonly effects: readonly Effect[];
}

export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 1.5, 2, 4, 8, 16, 32, 64];

/** A tick counts for at most this: a window that was hidden or busy has not been watched. Milliseconds. */
const LONGEST_TICK = 250;

export const firstState = (durationUs: number): PlaybackState => ({
  phase: 'opening',
  generation: 0,
  resume: false,
  searching: false,
  following: false,
  atUs: 0,
  index: 0,
  lastUs: 0,
  seq: null,
  durationUs,
  speed: 1,
  idleCapUs: null,
  skipped: { fromUs: 0, toUs: 0, n: 0 },
  failure: null,
});

/** Frames a second that stepping by frame goes by. */
export const FRAMES = 30;

/** The next frame on or back: frames lie on a grid from the beginning on. */
export function frameFrom(atUs: number, by: 1 | -1): number {
  const time = (frame: number): number => Math.round((frame * 1_000_000) / FRAMES);
  let frame = Math.round((atUs * FRAMES) / 1_000_000) - by;
  while (by === 1 ? time(frame) <= atUs : time(frame) >= atUs) frame += by;
  return time(frame);
}

/** Goes to the end, and follows on from there. */
function follow(state: PlaybackState): Step {
  const { state: seeking, effects } = seek(state, { kind: 'moment', moment: { kind: 'end' } }, false);
  return { state: { ...seeking, following: true }, effects };
}

const runs = ({ phase }: PlaybackState): boolean => phase === 'playing' || phase === 'starved';

/** Whether one picture stands to be looked at. */
export const still = ({ phase }: PlaybackState): boolean => phase === 'paused' || phase === 'ended';

const stay = (state: PlaybackState): Step => ({ state, effects: [] });

function seek(state: PlaybackState, target: Target, resume: boolean): Step {
  const generation = state.generation + 1;
  const atUs = target.kind === 'offset' ? Math.max(0, Math.min(state.durationUs, target.atUs)) : state.atUs;
  const clamped: Target = target.kind === 'offset' ? { kind: 'offset', atUs } : target;
  const phase = state.phase === 'opening' ? 'opening' : 'seeking';
  return {
    state: { ...state, phase, generation, resume, searching: target.kind === 'change', following: false, atUs, failure: null },
    effects: [{ kind: 'stand', generation, target: clamped }],
  };
}

function tick(state: PlaybackState, passedMs: number, { nextUs, more }: Ahead): Step {
  if (!runs(state)) return stay(state);
  if (nextUs === null && more) return stay({ ...state, phase: 'starved' });
  const { atUs, lastUs, durationUs, speed, idleCapUs, skipped } = state;
  const playing: PlaybackState = { ...state, phase: 'playing' };
  const reached = atUs + Math.round(Math.min(passedMs, LONGEST_TICK) * 1000 * speed);
  const end = nextUs ?? durationUs;
  // A pause is cut once its first part has been seen.
  if (idleCapUs !== null && end - lastUs > idleCapUs && reached >= lastUs + idleCapUs && reached < end) {
    const fromUs = Math.max(atUs, Math.min(reached, lastUs + idleCapUs));
    return {
      state: { ...playing, atUs: end, skipped: { fromUs, toUs: end, n: skipped.n + 1 } },
      effects: [
        { kind: 'watched', fromUs: atUs, toUs: fromUs, speed },
        { kind: 'advance', toUs: end },
      ],
    };
  }
  return { state: playing, effects: [{ kind: 'advance', toUs: Math.min(reached, durationUs) }] };
}

/** The machine. Inputs that make no sense in a state change nothing. */
export function step(state: PlaybackState, input: Input): Step {
  switch (input.kind) {
    case 'seek':
      return seek(state, input.target, input.resume ?? (runs(state) || (state.phase === 'seeking' && state.resume)));
    case 'stood': {
      if (input.generation !== state.generation) return stay(state);
      const { index, lastUs, seq, atUs } = input;
      const atEnd = atUs >= state.durationUs;
      const phase = state.resume ? 'playing' : atEnd && state.durationUs > 0 ? 'ended' : 'paused';
      const next: PlaybackState = { ...state, phase, index, lastUs, seq, atUs, resume: false, searching: false, failure: null };
      // It grew while the end was being fetched.
      return state.following && !atEnd ? follow(next) : stay(next);
    }
    case 'failed':
      return input.generation === state.generation
        ? stay({ ...state, phase: 'failed', resume: false, searching: false, following: false, failure: input.failure })
        : stay(state);
    case 'grow': {
      const grown: PlaybackState = { ...state, durationUs: input.durationUs };
      const ended = state.phase === 'ended' && input.durationUs > state.atUs;
      if (state.following && still(state)) return follow(grown);
      return stay(ended ? { ...grown, phase: 'paused' } : grown);
    }
    case 'follow':
      return input.on ? follow(state) : stay({ ...state, following: false });
    case 'play':
      if (state.following) return stay({ ...state, following: false });
      switch (state.phase) {
        case 'paused':
          return stay({ ...state, phase: 'playing' });
        case 'ended':
          return seek(state, { kind: 'offset', atUs: 0 }, true);
        case 'failed':
          return seek(state, { kind: 'offset', atUs: state.atUs }, true);
        case 'opening':
        case 'seeking':
          return stay({ ...state, resume: true });
        case 'playing':
        case 'starved':
          return stay(state);
      }
    case 'pause':
      if (runs(state)) return stay({ ...state, phase: 'paused' });
      return stay({ ...state, resume: false });
    case 'speed':
      return stay({ ...state, speed: input.speed });
    case 'idle-cap':
      return stay({ ...state, idleCapUs: input.capUs });
    case 'tick':
      return tick(state, input.passedMs, input.ahead);
    case 'applied': {
      if (!runs(state)) return stay(state);
      const { index, lastUs, seq, atUs, last } = input;
      const ended = last && atUs >= state.durationUs;
      const watched: Effect[] =
        atUs > state.atUs ? [{ kind: 'watched', fromUs: state.atUs, toUs: atUs, speed: state.speed }] : [];
      return { state: { ...state, index, lastUs, seq, atUs, phase: ended ? 'ended' : state.phase }, effects: watched };
    }
  }
}
