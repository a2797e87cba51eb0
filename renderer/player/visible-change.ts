// Where the screen changed last: the greatest number of events before a position after which something else is to be seen than before the last
// of them (what counts is said in shared/terminal/sight.ts). Found by replaying window after window on a screen that is never shown, backwards
// through the recording, so it is exact however far it lies; it gives way to the browser and ends when nobody wants it any more.

import type { Moment } from '../../shared/api/shapes.ts';
import { payloadLength, type RecordingEvent } from '../../shared/recording/event.ts';
import type { Screen } from '../screen/screen.ts';

/** What is needed to stand at a moment. */
export interface Window {
  readonly keyframe: { readonly index: number; readonly atUs: number; readonly bytes: Uint8Array } | null;
  /** Position of the first of `events`. */
  readonly first: number;
  readonly events: readonly RecordingEvent[];
  readonly target: number;
  readonly atUs: number;
}

export interface Place {
  readonly index: number;
  readonly atUs: number;
}

export interface ChangeSearch {
  readonly screen: Pick<Screen, 'reset' | 'restore' | 'apply' | 'changed'>;
  readonly window: (moment: Moment) => Promise<Window>;
  /** Events from a position on; empty at the end. */
  readonly events: (from: number) => Promise<readonly RecordingEvent[]>;
  /** Called after each event: lets the browser draw when it is time, and tells whether the answer still matters. */
  readonly breathe: () => Promise<boolean>;
}

/** Whether an event can change the screen at all. */
export const canChange = (event: RecordingEvent): boolean =>
  event.kind === 'resize' || (event.kind === 'data' && event.stream !== 'stdin' && payloadLength(event) > 0);

/** The last change before `index` events; the beginning where there is none; null when it is not wanted any more. */
export async function previousChange(search: ChangeSearch, index: number, nearUs: number): Promise<Place | null> {
  const { screen, window, events: following, breathe } = search;
  let end = index - 1;
  let at = nearUs;
  while (end > 0) {
    const { keyframe, first, events } = await window({ kind: 'offset', atUs: at });
    if (!(await breathe())) return null;
    const startUs = keyframe?.atUs ?? 0;
    at = startUs - 1;
    // Among events of one time, the keyframe may lie beyond what is looked for.
    if (keyframe !== null && first >= end) continue;
    if (keyframe === null) screen.reset();
    else screen.restore(keyframe.bytes);
    screen.changed();
    let found: Place | null = null;
    let applied = first;
    for (let some = events; applied < end && (some.length > 0 || applied === first);) {
      for (const event of some.slice(0, end - applied)) {
        screen.apply(event);
        applied += 1;
        if (canChange(event) && screen.changed()) found = { index: applied, atUs: event.at };
        if (!(await breathe())) return null;
      }
      // A window ends before the events of the keyframe's own time.
      if (applied < end) some = await following(applied);
    }
    if (found !== null) return found;
    if (keyframe === null) break;
    // Whether the keyframe's own last event changed the screen is not known yet.
    end = first;
  }
  return { index: 0, atUs: 0 };
}
