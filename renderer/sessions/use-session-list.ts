// The rows of the session list for a filter and a sort. While a new list is fetched, the old one stays; when sessions are added,
// indexed, reviewed or held, the list is asked for again.

import { useEffect, useReducer, useState } from 'react';
import type { Api, Output } from '../../shared/api/contract.ts';
import type { Session, SessionFilter } from '../../shared/api/shapes.ts';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { createPageCache, type PageCache } from '../ui/page-cache.ts';
import type { Sort } from './session-table.tsx';

/** Rows a request, rows when the view has leapt, rows kept: a session is about 1 kB. */
const SIZES = { block: 200, leap: 2000, keep: 10_000 };

/** News of many sessions comes in bursts: wait this long for the end of one, in milliseconds. */
const SETTLE = 400;

/** Sources of which nothing is listed, and the right that is missing. */
type Withheld = Output<'sessions.list'>['withheld'];

export interface SessionList {
  /** Null before the first answer. */
  readonly rows: PageCache<Session> | null;
  readonly failure: FailureText | null;
  readonly again: () => void;
  readonly waiting: boolean;
  readonly longestUs: number;
  readonly withheld: Withheld;
}

/** A list, and the filter and sort that it answers. */
interface Shown {
  readonly rows: PageCache<Session>;
  readonly asked: readonly [SessionFilter, Sort];
}

export function useSessionList(api: Api, filter: SessionFilter, sort: Sort): SessionList {
  const [shown, setShown] = useState<Shown | null>(null);
  const [version, refresh] = useReducer((n: number) => n + 1, 0);
  const [longestUs, setLongest] = useState(0);
  const [withheld, setWithheld] = useState<Withheld>([]);

  useEffect(() => {
    const cache = createPageCache<Session>(
      async ({ cursor, limit, reversed }) => {
        const { total, sessions, next } = await api.call('sessions.list', {
          filter,
          sort: sort.key,
          descending: sort.descending !== reversed,
          cursor,
          limit,
        });
        return { total, items: sessions, next };
      },
      () => {
        setShown({ rows: cache, asked: [filter, sort] });
      },
      SIZES,
    );
    let current = true;
    api.call('sessions.list', { filter, sort: 'duration', descending: true, limit: 1 }).then(
      ({ sessions, withheld: kept }) => {
        if (!current) return;
        setLongest(sessions[0]?.durationUs ?? 0);
        setWithheld(kept);
      },
      () => {
        // The list itself tells what is wrong; without this answer the bars only lack their measure, and what is withheld its line.
      },
    );
    return () => {
      current = false;
      cache.close();
    };
  }, [api, filter, sort, version]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(refresh, SETTLE);
    };
    const stops = [api.on('library', soon), api.on('cases', soon), api.on('retention', soon)];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [api]);

  const rows = shown?.rows ?? null;
  const failed = rows?.failure() ?? null;
  return {
    rows,
    // What is there is not told of another question than it answers.
    waiting: shown?.asked[0] !== filter || shown.asked[1] !== sort || (shown.rows.total() === null && failed === null),
    longestUs,
    withheld,
    failure: failed === null ? null : failureOf(failed),
    again: () => rows?.retry(),
  };
}

/** Ids of all sessions of a filter, up to `most`; null when there are more. */
export async function allSessions(api: Api, filter: SessionFilter, sort: Sort, most: number): Promise<readonly Session[] | null> {
  const found: Session[] = [];
  let cursor: string | null = null;
  do {
    const page: { total: number; sessions: Session[]; next: string | null } = await api.call('sessions.list', {
      filter,
      sort: sort.key,
      descending: sort.descending,
      cursor,
      limit: 1000,
    });
    if (page.total > most) return null;
    found.push(...page.sessions);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}
