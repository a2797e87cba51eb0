// Work that takes long is done step by step, and between the steps everything else has its turn: the window stays alive, and who waits can
// give up.

import { setImmediate as breathe } from 'node:timers/promises';

/** Lets other work have its turn, and rejects where the work was cancelled. */
export type Turn = () => Promise<void>;

/** A turn of work that nobody cancels. */
export const anyTurn: Turn = () => breathe();

export async function inTurns<T>(steps: Generator<unknown, T>, turn: Turn): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await turn();
  }
}
