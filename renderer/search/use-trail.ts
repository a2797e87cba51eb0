// The search that led to a session: from there on to the next session with hits, and back.

import { useState } from 'react';
import { useActions } from '../ui/actions.tsx';
import type { Query } from './search.tsx';

interface Trail {
  readonly query: Query;
  readonly sessions: readonly string[];
}

/** `at`: the session that is played, or null. Returns what begins a trail. */
export function useTrail(at: string | null, onGo: (session: string, query: Query) => void): (trail: Trail) => void {
  const [trail, setTrail] = useState<Trail | null>(null);
  const along = (step: 1 | -1): string | undefined =>
    at !== null && trail?.sessions.includes(at) === true ? trail.sessions[trail.sessions.indexOf(at) + step] : undefined;
  const follow = (step: 1 | -1): void => {
    const id = along(step);
    if (id !== undefined) onGo(id, trail!.query);
  };
  useActions([
    {
      id: 'search.next',
      group: 'Search',
      label: 'Next session of the search',
      keys: ['F3'],
      enabled: along(1) !== undefined,
      run: () => follow(1),
    },
    {
      id: 'search.previous',
      group: 'Search',
      label: 'Previous session of the search',
      keys: ['Shift+F3'],
      enabled: along(-1) !== undefined,
      run: () => follow(-1),
    },
  ]);
  return setTrail;
}
