// The search inside the recording that is open. It runs when the user says so: a search enters the custody log.

import { useCallback, useRef, useState } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import { failureOf } from '../ui/answer.ts';
import { NOTHING_ASKED, firstFrom, nextHit, type FindQuery, type FindState } from './find.ts';

/** Hits that are fetched; more are counted. */
const MOST = 1000;

export interface Find {
  readonly state: FindState;
  /** Searches, then means the first hit from `atUs` on and goes there. */
  run(query: FindQuery, atUs: number): void;
  mean(index: number): void;
  step(by: 1 | -1): void;
  clear(): void;
}

export function useFind(api: Api, id: string, onShow: (hit: SearchHit) => void): Find {
  const [state, setState] = useState<FindState>(NOTHING_ASKED);
  const generation = useRef(0);
  const mean = useCallback(
    (index: number) => {
      const hit = state.hits[index];
      if (hit === undefined) return;
      setState((now) => ({ ...now, meant: index }));
      onShow(hit);
    },
    [state.hits, onShow],
  );
  const run = useCallback(
    (query: FindQuery, atUs: number) => {
      const mine = ++generation.current;
      setState({ ...NOTHING_ASKED, query, busy: true });
      api.call('search.run', { query: query.text, in: [...query.fields], sessionId: id, limit: MOST }).then(
        ({ hits, total, notSearched }) => {
          if (mine !== generation.current) return;
          const ordered = hits.toSorted((a, b) => a.fromUs - b.fromUs || a.index - b.index);
          const meant = firstFrom(ordered, atUs);
          setState({ query, busy: false, hits: ordered, total, meant, failure: null, notSearched: notSearched[0]?.reason ?? '' });
          if (ordered[meant] !== undefined) onShow(ordered[meant]);
        },
        (error: unknown) => {
          if (mine === generation.current) setState({ ...NOTHING_ASKED, query, failure: failureOf(error) });
        },
      );
    },
    [api, id, onShow],
  );
  return {
    state,
    run,
    mean,
    step: (by) => mean(nextHit(state, by)),
    clear: useCallback(() => {
      generation.current++;
      setState(NOTHING_ASKED);
    }, []),
  };
}
