// The screen of a moment, small, while the pointer rests on the timeline: the keyframe before it and the events since, replayed on a screen of
// its own that is never shown. It waits until the pointer rests, gives way to the browser while it works, and stops when another moment is
// wanted; so it never holds up playing or scrubbing.

import { useEffect, useRef, useState } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import { decodeEvents } from '../../shared/recording/event-chunk.ts';
import { useApi } from '../api.ts';
import { createScreen, type Screen } from '../screen/screen.ts';
import type { Detail } from './recording-data.ts';

/** The pointer rests. Milliseconds. */
const REST = 90;

/** Work in a row. Milliseconds. */
const SLICE = 6;

const BOX = { width: 256, height: 168 };

const nextFrame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));

/** Puts a screen at a moment; false when it is not wanted any more. */
async function standAt(api: Api, id: string, screen: Screen, atUs: number, wanted: () => boolean): Promise<boolean> {
  const { keyframe, runs } = await api.call('replay.window', { id, at: { kind: 'offset', atUs } });
  if (!wanted()) return false;
  if (keyframe === null) screen.reset();
  else screen.restore(keyframe.bytes);
  let begun = performance.now();
  for (const { bytes, firstIndex } of runs) {
    for (const event of decodeEvents(bytes, firstIndex)) {
      screen.apply(event);
      if (performance.now() - begun < SLICE) continue;
      await nextFrame();
      if (!wanted()) return false;
      begun = performance.now();
    }
  }
  return true;
}

export interface ThumbnailProps {
  readonly detail: Detail;
  readonly atUs: number;
}

export function Thumbnail({ detail, atUs }: ThumbnailProps): React.JSX.Element | null {
  const api = useApi();
  const canvas = useRef<HTMLCanvasElement>(null);
  const screen = useRef<Screen | null>(null);
  const [shownAt, setShownAt] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const { id, cols, rows, piped } = detail;
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      const here = (screen.current ??= createScreen(cols, rows, piped));
      standAt(api, id, here, atUs, () => wanted).then(
        (stands) => {
          if (!stands || canvas.current === null) return;
          here.draw(canvas.current, BOX);
          setShownAt(atUs);
          setFailed(false);
        },
        // The player itself says what fails when somebody goes there.
        () => wanted && setFailed(true),
      );
    }, REST);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [api, id, atUs, cols, rows, piped]);
  useEffect(
    () => () => {
      screen.current?.dispose();
      screen.current = null;
    },
    [],
  );
  return (
    <span className={`thumbnail ${shownAt === atUs ? 'there' : ''}`}>
      <canvas ref={canvas} aria-hidden="true" />
      {shownAt === null ? (
        <span className="faint">{failed ? 'The screen of this moment cannot be shown.' : 'Screen …'}</span>
      ) : null}
    </span>
  );
}
