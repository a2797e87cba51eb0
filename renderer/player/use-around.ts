// Asks what is told around a recording, and again when the history changes.

import { useEffect, useMemo, useState } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import type { HistoryEvent } from '../../shared/api/history-shapes.ts';
import type { Participant, Timeline } from '../../shared/api/shapes.ts';
import { failureOf } from '../ui/answer.ts';
import { aroundOf, type Around } from './around.ts';

/** Events of one recording that are asked for: as many as a lane holds. */
const MOST = 5000;

async function eventsOf(api: Api, id: string): Promise<readonly HistoryEvent[]> {
  try {
    const detail = await api.call('history.show', { id });
    if (!detail.eventsCut) return detail.events;
    return (await api.call('history.events', { id: detail.id, limit: MOST })).events;
  } catch (error) {
    // A recording of which no history tells.
    if (failureOf(error).kind === 'not-found') return [];
    throw error;
  }
}

export function useAround(api: Api, id: string, timeline: Timeline, onFailure: (error: unknown) => void): Around {
  const [told, setTold] = useState<{ readonly events: readonly HistoryEvent[]; readonly participants: readonly Participant[] }>({
    events: [],
    participants: [],
  });
  useEffect(() => {
    let current = true;
    const ask = (): void => {
      Promise.all([eventsOf(api, id), api.call('sessions.participants', { id })]).then(([events, participants]) => {
        if (current) setTold({ events, participants });
      }, onFailure);
    };
    ask();
    const stop = api.on('history', ask);
    return () => {
      current = false;
      stop();
    };
  }, [api, id, onFailure]);
  return useMemo(() => aroundOf(timeline, told.events, told.participants), [timeline, told]);
}
