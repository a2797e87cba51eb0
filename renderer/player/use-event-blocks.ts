// Blocks of a recording's events for a list or a panel: drawn anew when one has come, and closed with it.

import { useEffect, useMemo, useReducer } from 'react';
import { useApi } from '../api.ts';
import { useAnnouncer } from '../ui/toasts.tsx';
import { createEventBlocks, type EventBlocks } from './event-blocks.ts';

export function useEventBlocks(id: string): EventBlocks {
  const api = useApi();
  const announcer = useAnnouncer();
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const blocks = useMemo(
    () => createEventBlocks((from, maxBytes) => api.call('replay.events', { id, from, maxBytes }), redraw, announcer.fail),
    [api, id, announcer],
  );
  useEffect(() => () => blocks.close(), [blocks]);
  return blocks;
}
