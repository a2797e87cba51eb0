// Playback as the parts of the player see it: one playback a recording, its state, its commands.

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import { createScreen, type Screen } from '../screen/screen.ts';
import { createPlayback, type Playback } from './playback.ts';
import type { PlaybackState } from './playback-machine.ts';
import type { Detail } from './recording-data.ts';

export interface Deck {
  readonly screen: Screen;
  readonly playback: Playback;
}

/** How a playback speaks to the user. */
export interface Tell {
  fail(error: unknown): void;
  say(text: string): void;
}

/** Opens the recording at a time. Null until the first picture of this component. */
export function useDeck(api: Api, detail: Detail, atUs: number, tell: Tell): Deck | null {
  const [deck, setDeck] = useState<Deck | null>(null);
  const { id, events, durationUs, cols, rows, piped } = detail;
  useEffect(() => {
    const screen = createScreen(cols, rows, piped);
    const playback = createPlayback({
      api,
      recording: { id, events, durationUs },
      screen,
      probe: () => createScreen(cols, rows, piped),
      frame: (callback) => void requestAnimationFrame(callback),
      now: () => performance.now(),
      onFailure: tell.fail,
      onNote: tell.say,
    });
    setDeck({ screen, playback });
    playback.seek(atUs);
    const leave = (): void => playback.close();
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      playback.close();
      screen.dispose();
    };
    // A recording that is still growing or indexed anew keeps its place.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [api, id, tell]);
  useEffect(() => deck?.playback.grow({ events, durationUs }), [deck, events, durationUs]);
  return deck;
}

export function usePlaybackState(playback: Playback): PlaybackState {
  return useSyncExternalStore(playback.subscribe, playback.state);
}

/** A part of the state: redraws only when it changes. */
export function usePlaybackPart<T extends string | number | boolean | null>(
  playback: Playback,
  part: (state: PlaybackState) => T,
): T {
  return useSyncExternalStore(playback.subscribe, () => part(playback.state()));
}
