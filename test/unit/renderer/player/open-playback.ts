// Playback on a fake core and a fake screen, with a clock that a test moves.

import { vi } from 'vitest';
import { createPlayback, type Playback } from '../../../../renderer/player/playback.ts';
import { fakeScreen, settled, type FakeCore, type FakeScreen } from './fake-recording.ts';

export interface Opened {
  readonly playback: Playback;
  readonly screen: FakeScreen;
  readonly probes: FakeScreen[];
  readonly failures: unknown[];
  readonly notes: string[];
  /** Lets time go by, then draws one picture. */
  pass(ms: number): Promise<void>;
  /** Pictures of 16 ms until `ms` have gone by. */
  run(ms: number): Promise<void>;
}

export function openPlayback(core: FakeCore): Opened {
  const screen = fakeScreen();
  const probes: FakeScreen[] = [];
  const failures: unknown[] = [];
  const notes: string[] = [];
  let frames: ((nowMs: number) => void)[] = [];
  let nowMs = 1000;
  const playback = createPlayback({
    api: core.api,
    recording: core.recording,
    screen,
    probe: () => {
      const probe = fakeScreen();
      probes.push(probe);
      return probe;
    },
    frame: (callback) => void frames.push(callback),
    now: () => nowMs,
    onFailure: (error) => void failures.push(error),
    onNote: (text) => void notes.push(text),
  });
  const pass = async (ms: number): Promise<void> => {
    nowMs += ms;
    const due = frames;
    frames = [];
    for (const callback of due) callback(nowMs);
    await settled();
  };
  return {
    playback,
    screen,
    probes,
    failures,
    notes,
    pass,
    run: async (ms) => {
      for (let left = ms; left > 0; left -= 16) await pass(Math.min(16, left));
    },
  };
}

/** Long enough for what follows on a moment to be fetched. Milliseconds, of the faked timers. */
const RESTED = 200;

/** Lets somebody look at a moment for a while. */
export async function rested(): Promise<void> {
  vi.advanceTimersByTime(RESTED);
  await settled();
}

/** Opened, and standing at a time for a while. */
export async function standing(core: FakeCore, atUs: number): Promise<Opened> {
  const opened = openPlayback(core);
  opened.playback.seek(atUs);
  await settled();
  await rested();
  return opened;
}
