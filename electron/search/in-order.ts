// Sessions that are scanned at the same time and told in their order. A search that is soon done is done here alone; one that takes longer goes
// on in threads too.

import type { SearchedSession } from '../library/library.ts';
import type { Scanned } from './scan.ts';

/** Sessions that are done or under way before the one that is told next. */
const AHEAD = 8;

/** Milliseconds after which it is asked whether a thread is free, and again: most first pages are full by then, and more would be scanned in vain. */
const PATIENCE = 400;

export type Scan = (session: SearchedSession, isStopped: () => boolean) => Promise<Scanned>;

/**
 * `here` scans in this thread, `elsewhere` in another one, or gives null where none is free. When nobody asks for more, what is under way is
 * stopped. Throws what a scan throws.
 */
export async function* inOrder(
  sessions: readonly SearchedSession[],
  here: Scan,
  elsewhere: (...asked: Parameters<Scan>) => Promise<Scanned> | null,
): AsyncGenerator<{ readonly session: SearchedSession; readonly found: Scanned }> {
  const under: { readonly session: SearchedSession; readonly found: Promise<Scanned> }[] = [];
  let next = 0;
  let isLong = false;
  let isHereFree = true;
  let isOver = false;
  const isStopped = (): boolean => isOver;
  const scanHere = async (session: SearchedSession): Promise<Scanned> => {
    isHereFree = false;
    try {
      return await here(session, isStopped);
    } finally {
      isHereFree = true;
    }
  };
  const fill = (): void => {
    while (!isOver && next < sessions.length && under.length < AHEAD) {
      const session = sessions[next]!;
      const found = isHereFree ? scanHere(session) : isLong ? elsewhere(session, isStopped) : null;
      if (found === null) return;
      next += 1;
      under.push({ session, found });
      // What is wanted of others may depend on the one that is told next: that one is told first.
      const goOn = (): void => {
        if (under[0]?.found !== found) fill();
      };
      found.then(goOn, goOn);
    }
  };
  const timer = setInterval(() => {
    isLong = true;
    fill();
  }, PATIENCE);
  try {
    for (fill(); under.length > 0; fill()) {
      const { session, found } = under[0]!;
      const told = { session, found: await found };
      under.shift();
      yield told;
    }
  } finally {
    isOver = true;
    clearInterval(timer);
  }
}
