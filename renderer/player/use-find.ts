// The search inside the recording that is open. It runs when the user says so: a search enters the custody log.

import { useCallback, useRef, useState } from 'react';
import type { Api, Output } from '../../shared/api/contract.ts';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import { failureOf } from '../ui/answer.ts';
import { NOTHING_ASKED, PAGE, pageAt, placeOf, withPage, type FindQuery, type FindState } from './find.ts';

export interface Find {
  readonly state: FindState;
  /** Searches, then means the first hit from `atUs` on and goes there; where none is left, the first of all. */
  run(query: FindQuery, atUs: number): void;
  mean(index: number): void;
  /** To the next or previous hit; others are fetched where it is not among those that were. */
  step(by: 1 | -1): void;
  clear(): void;
}

export function useFind(api: Api, id: string, onShow: (hit: SearchHit) => void): Find {
  const [state, setState] = useState<FindState>(NOTHING_ASKED);
  const generation = useRef(0);
  /** A page is under way: until it is here, no step leads on. */
  const fetching = useRef(false);
  const ask = useCallback(
    (query: FindQuery, fromUs: number, offset: number): Promise<Output<'search.run'>> =>
      api.call('search.run', {
        query: query.text,
        in: [...query.fields],
        sessionId: id,
        course: { fromUs, lines: query.lines },
        offset,
        limit: PAGE,
      }),
    [api, id],
  );
  const show = useCallback(
    (next: FindState) => {
      setState(next);
      const hit = next.hits[next.meant];
      if (hit !== undefined) onShow(hit);
    },
    [onShow],
  );
  const run = useCallback(
    (query: FindQuery, atUs: number) => {
      const mine = ++generation.current;
      const search = async (): Promise<FindState> => {
        const onward = await ask(query, atUs, 0);
        const round = onward.hits.length === 0 && onward.total > 0;
        const { hits, before, total, notSearched } = round ? await ask(query, 0, 0) : onward;
        const found = { ...NOTHING_ASKED, query, hits, first: before, total, notSearched: notSearched[0]?.reason ?? '' };
        return { ...found, meant: hits.length === 0 ? -1 : 0, wrapped: round ? 'end' : null };
      };
      fetching.current = false;
      setState({ ...NOTHING_ASKED, query, busy: true });
      search().then(
        (found) => {
          if (mine === generation.current) show(found);
        },
        (error: unknown) => {
          if (mine === generation.current) setState({ ...NOTHING_ASKED, query, failure: failureOf(error) });
        },
      );
    },
    [ask, show],
  );
  const step = (by: 1 | -1): void => {
    const to = placeOf(state, by);
    if (to === null || state.query === null || fetching.current) return;
    const { place, wrapped } = to;
    const { hits, first, query } = state;
    if (place >= first && place < first + hits.length) {
      show({ ...state, meant: place - first, wrapped });
      return;
    }
    const mine = generation.current;
    const at = pageAt(place, by);
    fetching.current = true;
    ask(query, 0, at)
      .then(
        ({ hits: page, total }) => {
          if (mine !== generation.current) return;
          const all = withPage(state, at, page);
          show({ ...state, ...all, total, meant: Math.min(place - all.first, all.hits.length - 1), wrapped });
        },
        (error: unknown) => {
          if (mine === generation.current) setState({ ...state, failure: failureOf(error) });
        },
      )
      .finally(() => {
        if (mine === generation.current) fetching.current = false;
      });
  };
  return {
    state,
    run,
    mean: (index) => show({ ...state, meant: index, wrapped: null }),
    step,
    clear: useCallback(() => {
      generation.current++;
      fetching.current = false;
      setState(NOTHING_ASKED);
    }, []),
  };
}
