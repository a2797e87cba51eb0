// The events of a recording by position, fetched where somebody looks and let go far from there: times, streams and sizes of a recording
// of any length. One question is under way at a time; the newest wish is asked next.

import type { Output } from '../../shared/api/contract.ts';
import { decodeEvents } from '../../shared/recording/event-chunk.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';

export interface EventBlocks {
  at(index: number): RecordingEvent | undefined;
  /** Fetches the events around a position, if it lacks. */
  want(index: number): void;
  close(): void;
}

/** Positions of a block. */
const BLOCK = 256;

/** Blocks that are kept; those nearest to the last wish stay. */
const KEPT = 64;

const BYTES = 64 * 1024;

const blockOf = (index: number): number => Math.floor(index / BLOCK);

export function createEventBlocks(
  fetch: (from: number, maxBytes: number) => Promise<Output<'replay.events'>>,
  changed: () => void,
  onFailure: (error: unknown) => void,
): EventBlocks {
  const blocks = new Map<number, RecordingEvent[]>();
  let busy = false;
  let wish: number | null = null;
  let closed = false;

  const at = (index: number): RecordingEvent | undefined => blocks.get(blockOf(index))?.[index % BLOCK];
  const keep = ({ runs }: Output<'replay.events'>): void => {
    for (const { firstIndex, bytes } of runs) {
      for (const [i, event] of decodeEvents(bytes, firstIndex).entries()) {
        const index = firstIndex + i;
        const events = blocks.get(blockOf(index)) ?? [];
        events[index % BLOCK] = event;
        blocks.set(blockOf(index), events);
      }
    }
  };
  const letGo = (near: number): void => {
    const far = [...blocks.keys()].sort((a, b) => Math.abs(b - near) - Math.abs(a - near));
    for (const block of far.slice(0, Math.max(0, far.length - KEPT))) blocks.delete(block);
  };
  const pump = (): void => {
    if (busy || closed || wish === null) return;
    const index = wish;
    wish = null;
    if (at(index) !== undefined) return;
    const start = blockOf(index) * BLOCK;
    busy = true;
    // An answer may end inside of a block: the next one goes on from where it lacks.
    fetch(at(start) === undefined ? start : index, BYTES)
      .then((answer) => {
        if (closed) return;
        keep(answer);
        letGo(blockOf(index));
        busy = false;
        changed();
        pump();
        // After a failure `busy` stays: a list that draws itself anew must not ask again and again.
      })
      .catch(onFailure);
  };
  return {
    at,
    want: (index) => {
      if (at(index) !== undefined) return;
      wish = index;
      pump();
    },
    close: () => {
      closed = true;
    },
  };
}
