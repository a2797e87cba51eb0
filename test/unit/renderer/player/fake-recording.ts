// A recording for tests of playback, a core that answers for it when it is told to, and a screen whose picture is the text printed so
// far. The slow, obvious version of everything: what stands at a moment is found by going through all events.

import type { Api, CallName, Input, Output } from '../../../../shared/api/contract.ts';
import type { EventRun, Moment } from '../../../../shared/api/shapes.ts';
import { encodeEvents } from '../../../../shared/recording/event-chunk.ts';
import type { DataEvent, RecordingEvent } from '../../../../shared/recording/event.ts';
import { micros } from '../../../../shared/recording/time.ts';
import type { PlaybackDeps, Recording } from '../../../../renderer/player/playback.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The event at a position, which prints a text; typed text (`stdin`) changes no picture. */
export const printed = (index: number, atUs: number, text: string, stream: 'stdin' | 'stdout' = 'stdout'): DataEvent => ({
  kind: 'data',
  seq: String(index + 1),
  at: micros(atUs),
  record: index + 1,
  stream,
  bytes: encoder.encode(text),
});

export const runOf = (events: readonly RecordingEvent[], from: number, to: number): EventRun => ({
  firstIndex: from,
  count: to - from,
  bytes: encodeEvents(events.slice(from, to), from),
});

const textOf = (event: RecordingEvent): string =>
  event.kind === 'data' && event.stream === 'stdout' ? decoder.decode(event.bytes) : '';

/** What stands on the screen after `count` events. */
export const pictureAfter = (events: readonly RecordingEvent[], count: number): string =>
  events.slice(0, count).map(textOf).join('');

export const countAt = (events: readonly RecordingEvent[], atUs: number): number => events.filter(({ at }) => at <= atUs).length;

export interface Asked {
  readonly name: CallName;
  readonly input: Input<CallName>;
  /** Answers it; a failure given is thrown to whoever asked. */
  readonly answer: (failure?: unknown) => Promise<void>;
}

export interface FakeCore {
  readonly api: Api;
  readonly events: readonly RecordingEvent[];
  readonly recording: Recording;
  /** Questions that are not answered yet, oldest first, while the core holds its answers. */
  readonly open: Asked[];
  /** Everything asked, answered or not. */
  readonly asked: Asked[];
  hold(held: boolean): void;
}

export interface FakeCoreOptions {
  /** Positions at which keyframes lie. */
  readonly keyframes?: readonly number[];
  /** Most events that one answer to `replay.events` brings. */
  readonly most?: number;
}

/** Lets everything that is ready happen. */
export const settled = async (): Promise<void> => {
  for (let i = 0; i < 40; i++) await Promise.resolve();
};

export function fakeCore(events: readonly RecordingEvent[], { keyframes = [], most = Infinity }: FakeCoreOptions = {}): FakeCore {
  const duration = (): number => events.at(-1)?.at ?? 0;
  const open: Asked[] = [];
  const asked: Asked[] = [];
  let holding = false;

  const standing = (moment: Moment): { count: number; atUs: number } => {
    switch (moment.kind) {
      case 'end':
        return { count: events.length, atUs: duration() };
      case 'offset':
        return { count: countAt(events, moment.atUs), atUs: Math.max(0, Math.min(duration(), moment.atUs)) };
      case 'seq': {
        const index = events.findIndex(({ seq }) => seq === moment.seq);
        if (index === -1)
          throw Object.assign(new Error(), { kind: 'not-found', what: 'moment', why: 'no event has it', todo: '' });
        return { count: index + 1, atUs: events[index]!.at };
      }
      case 'instant':
        throw Object.assign(new Error(), { kind: 'not-found', what: 'moment', why: 'the start is not known', todo: '' });
    }
  };

  const window = ({ at }: Input<'replay.window'>): Output<'replay.window'> => {
    const { count, atUs } = standing(at);
    const index = keyframes.findLast((position) => position <= count);
    const keyframe =
      index === undefined
        ? null
        : { index, atUs: events[index - 1]?.at ?? 0, bytes: encoder.encode(pictureAfter(events, index)) };
    const from = index ?? 0;
    return { keyframe, runs: from === count ? [] : [runOf(events, from, count)], target: count, atUs };
  };

  const following = ({ from, maxBytes }: Input<'replay.events'>): Output<'replay.events'> => {
    let to = from;
    for (let bytes = 0; to < events.length && to - from < most && bytes < maxBytes; to++) bytes += textOf(events[to]!).length;
    return { runs: to === from ? [] : [runOf(events, from, to)], next: to >= events.length ? null : to };
  };

  const answerTo = (name: CallName, input: unknown): unknown => {
    switch (name) {
      case 'replay.window':
        return window(input as Input<'replay.window'>);
      case 'replay.events':
        return following(input as Input<'replay.events'>);
      case 'replay.viewed':
        return null;
      default:
        throw new Error(`the fake core knows no ${name}`);
    }
  };

  const call = <K extends CallName>(name: K, input: Input<K>): Promise<Output<K>> => {
    const { promise, resolve, reject } = Promise.withResolvers<Output<K>>();
    const one: Asked = {
      name,
      input,
      answer: (failure) => {
        const place = open.indexOf(one);
        if (place !== -1) open.splice(place, 1);
        try {
          if (failure !== undefined) throw failure;
          resolve(answerTo(name, input) as Output<K>);
        } catch (error) {
          reject(error);
        }
        return settled();
      },
    };
    asked.push(one);
    open.push(one);
    if (!holding) void one.answer();
    return promise;
  };

  return {
    api: { call, on: () => () => undefined },
    events,
    recording: { id: 's-1', events: events.length, durationUs: duration() },
    open,
    asked,
    hold: (held) => {
      holding = held;
    },
  };
}

export interface FakeScreen extends ReturnType<PlaybackDeps['probe']> {
  settle(): void;
  picture(): string;
  /** Pictures that the browser was let draw. */
  readonly drawn: string[];
  readonly disposed: () => boolean;
}

export function fakeScreen(): FakeScreen {
  let picture = '';
  let seen: string | null = null;
  let gone = false;
  const drawn: string[] = [];
  return {
    reset: () => {
      picture = '';
    },
    restore: (keyframe) => {
      picture = decoder.decode(keyframe);
    },
    apply: (event) => {
      picture += textOf(event);
    },
    settle: () => {
      drawn.push(picture);
    },
    changed: () => {
      const differs = picture !== seen;
      seen = picture;
      return differs;
    },
    dispose: () => {
      gone = true;
    },
    picture: () => picture,
    drawn,
    disposed: () => gone,
  };
}
