// Where the user is, with a way back. The browser's history holds a number only: what was looked at stays in memory, never in a profile
// on disk. Reloading leads to the first place.

import { useCallback, useEffect, useRef, useState } from 'react';

export interface Routes<R> {
  readonly route: R;
  /** Whether there is a place to go back to. */
  readonly canGoBack: boolean;
  readonly go: (route: R) => void;
  /** Changes the present place, without a way back to how it was. */
  readonly replace: (route: R) => void;
  readonly back: () => void;
  /** Moments at which places with a clock were left: who comes back to one begins there. */
  readonly left: Map<R, number>;
}

const stepOf = (state: unknown): number => {
  const step = (state as { step?: unknown } | null)?.step;
  return typeof step === 'number' ? step : 0;
};

export function useRoutes<R>(first: R): Routes<R> {
  const visited = useRef<readonly R[]>([first]);
  const [left] = useState(() => new Map<R, number>());
  const [step, setStep] = useState(0);
  const [, redraw] = useState(0);
  useEffect(() => {
    // Other state of the entry is not ours: the connection's token is in it (api.ts).
    history.replaceState({ ...(history.state as object | null), step: 0 }, '');
    const pop = (event: PopStateEvent): void => setStep(Math.min(stepOf(event.state), visited.current.length - 1));
    addEventListener('popstate', pop);
    return () => removeEventListener('popstate', pop);
  }, []);
  const go = useCallback(
    (route: R) => {
      visited.current = [...visited.current.slice(0, step + 1), route];
      history.pushState({ ...(history.state as object | null), step: step + 1 }, '');
      setStep(step + 1);
    },
    [step],
  );
  const replace = useCallback(
    (route: R) => {
      visited.current = visited.current.with(step, route);
      redraw((n) => n + 1);
    },
    [step],
  );
  const back = useCallback(() => history.back(), []);
  return { route: visited.current[step]!, canGoBack: step > 0, go, replace, back, left };
}
