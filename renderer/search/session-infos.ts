// Names, starts and lengths of the sessions that hits lie in: asked for a few at a time, kept while the search is shown.

import { useEffect, useRef, useState } from 'react';
import type { Session } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';

/** Questions under way at a time. */
const AT_ONCE = 6;

export function useSessionInfos(ids: readonly string[]): ReadonlyMap<string, Session> {
  const api = useApi();
  const [infos, setInfos] = useState<ReadonlyMap<string, Session>>(new Map());
  const known = useRef(new Set<string>());
  useEffect(() => {
    let current = true;
    const wanted = ids.filter((id) => !known.current.has(id));
    const fetchNext = async (): Promise<void> => {
      for (let id = wanted.shift(); id !== undefined && current; id = wanted.shift()) {
        known.current.add(id);
        try {
          const info = await api.call('sessions.show', { id });
          if (current) setInfos((all) => new Map(all).set(info.id, info));
          else known.current.delete(id);
        } catch {
          // The hit stays, under its session's id; opening it says what is wrong.
        }
      }
    };
    for (let i = 0; i < AT_ONCE; i++) void fetchNext();
    return () => {
      current = false;
    };
  }, [api, ids]);
  return infos;
}
