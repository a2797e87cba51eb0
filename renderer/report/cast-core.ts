// Answers what a playback asks (renderer/player/playback.ts), from events that are in the page, as the core answers it from its library: the
// last keyframe at or before a moment, and the events up to it. The keyframes are taken here, behind the reader's back, while the page
// has nothing else to do; until one is there, a moment is reached from the beginning.

import type { Api, CallName } from '../../shared/api/contract.ts';
import { encodeEvents } from '../../shared/recording/event-chunk.ts';
import { payloadLength } from '../../shared/recording/event.ts';
import { feedEvent, resizeTerminal } from '../../shared/terminal/feed.ts';
import { takeKeyframe } from '../../shared/terminal/keyframe.ts';
import { prepareTerminal } from '../../shared/terminal/rules.ts';
import { createTerminal } from '../screen/terminal-dom.ts';
import type { Cast } from './cast-events.ts';

/** Bytes and events between two keyframes: replayed in a few hundredths of a second. */
const BYTES = 256 * 1024;
const EVENTS = 16 * 1024;

interface Keyframe {
  readonly index: number;
  readonly atUs: number;
  readonly bytes: Uint8Array;
}

export interface CastCore {
  readonly api: Api;
  /** Takes the keyframes. */
  prepare(breathe: () => Promise<void>): Promise<void>;
}

export function createCastCore({ cols, rows, events }: Cast, piped: boolean): CastCore {
  const keyframes: Keyframe[] = [];

  /** Events at or before a time. */
  const countAt = (atUs: number): number => {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events[middle]!.at <= atUs) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const run = (from: number, to: number) => ({
    firstIndex: from,
    count: to - from,
    bytes: encodeEvents(events.slice(from, to), from),
  });

  const window = (atUs: number) => {
    const target = countAt(atUs);
    const keyframe = keyframes.findLast(({ index }) => index <= target) ?? null;
    return { keyframe, runs: [run(keyframe?.index ?? 0, target)], target, atUs };
  };

  const next = (from: number, maxBytes: number) => {
    let to = from;
    for (let bytes = 0; to < events.length && to - from < EVENTS && bytes < maxBytes; to++) bytes += payloadLength(events[to]!);
    return { runs: [run(from, to)], next: to < events.length ? to : null };
  };

  const answer = (name: CallName, input: unknown): unknown => {
    switch (name) {
      case 'replay.window': {
        const { at } = input as { readonly at: { readonly kind: string; readonly atUs?: number } };
        return window(at.atUs ?? events.at(-1)?.at ?? 0);
      }
      case 'replay.events': {
        const { from, maxBytes } = input as { readonly from: number; readonly maxBytes: number };
        return next(from, maxBytes);
      }
      case 'replay.viewed':
        return null;
      default:
        throw new Error(`a report has no answer to ${name}`);
    }
  };

  return {
    api: { call: async (name, input) => answer(name, input) as never, on: () => () => undefined },
    prepare: async (breathe) => {
      const terminal = createTerminal(80, 24);
      const emulator = prepareTerminal(terminal, {}, piped);
      resizeTerminal(emulator, cols, rows);
      let bytes = 0;
      let last = 0;
      for (const [at, event] of events.entries()) {
        feedEvent(emulator, event);
        bytes += payloadLength(event);
        if (bytes >= BYTES || at + 1 - last >= EVENTS) {
          keyframes.push({ index: at + 1, atUs: event.at, bytes: takeKeyframe(emulator) });
          bytes = 0;
          last = at + 1;
        }
        if (at % 100 === 0) await breathe();
      }
      terminal.dispose();
    },
  };
}
