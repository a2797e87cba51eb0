// Questions about retention, asked again when policies, holds or recordings change; and the clock that retention goes by.

import { useEffect, useState } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import { useAnswer, type Answer } from '../ui/answer.ts';
import { epochOf } from '../ui/format.ts';

/** Give it a stable function. */
export function useRetained<T>(api: Api, ask: () => Promise<T>): Answer<T> {
  const answer = useAnswer(ask);
  const { again } = answer;
  useEffect(() => {
    const stops = [api.on('retention', again), api.on('library', again), api.on('cases', again)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [api, again]);
  return answer;
}

/** Time left is counted down so often, and the clock asked for again after so many steps. Milliseconds. */
const STEP = 60_000;
const STEPS = 10;

/** The time by which recordings end, in microseconds since 1970 UTC, counted on between two answers; null before the first. */
export function useConfirmedNow(api: Api, onFailure: (error: unknown) => void): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    let known: { readonly us: number; readonly at: number } | null = null;
    let steps = 0;
    const ask = (): void => {
      api.call('retention.show', null).then(({ clock }) => {
        const us = epochOf(clock.confirmed);
        known = us === null ? null : { us, at: performance.now() };
        setNow(us);
      }, onFailure);
    };
    const step = (): void => {
      if (++steps % STEPS === 0) ask();
      else if (known !== null) setNow(known.us + Math.floor((performance.now() - known.at) * 1000));
    };
    ask();
    const timer = setInterval(step, STEP);
    const stop = api.on('retention', ask);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [api, onFailure]);
  return now;
}
