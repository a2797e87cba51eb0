// The rows of the history for a filter, a sort and a grouping. Each open group is a list of its own, read by page as it is looked at. While
// a new answer is fetched, the old one stays; when sessions, events or holds come, it is asked for again.

import { useCallback, useEffect, useMemo, useReducer, useState } from 'react';
import type { Api, Output } from '../../shared/api/contract.ts';
import type { HistoryFacet, HistoryFilter, HistoryRow } from '../../shared/api/history-shapes.ts';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { createPageCache, type PageCache } from '../ui/page-cache.ts';
import type { Section } from './sections.ts';
import type { Sort } from './view.ts';

/** Rows a request, rows when the view has leapt, rows kept: a row is about 1 kB. */
const SIZES = { block: 200, leap: 2000, keep: 10_000 };

/** News of many sessions comes in bursts: wait this long for the end of one, in milliseconds. */
const SETTLE = 400;

type Withheld = Output<'history.list'>['withheld'];

export interface HistoryList {
  /** Null before the first answer. */
  readonly sections: readonly Section[] | null;
  /** Values of the grouping beyond those listed. */
  readonly moreGroups: number;
  /** Rows in all; null before the first answer. */
  readonly total: number | null;
  readonly withheld: Withheld;
  readonly waiting: boolean;
  readonly failure: FailureText | null;
  readonly again: () => void;
  readonly rowAt: (section: number, index: number) => HistoryRow | undefined;
  readonly want: (section: number, from: number, to: number) => void;
  readonly toggle: (section: number) => void;
}

/** The lists of one question: the ungrouped one under null, else those of groups that were opened. */
interface Lists {
  /** The filter that they answer, and how they are sorted and grouped; null before the first answer. */
  readonly asked: readonly [HistoryFilter, Sort, HistoryFacet | null] | null;
  readonly caches: Map<string | null, PageCache<HistoryRow>>;
  readonly groups: readonly { readonly value: string; readonly rows: number }[] | null;
  readonly more: number;
  readonly total: number | null;
  readonly withheld: Withheld;
  readonly failure: unknown;
}

const NOTHING: Lists = { asked: null, caches: new Map(), groups: null, more: 0, total: null, withheld: [], failure: null };

export function useHistory(api: Api, filter: HistoryFilter, sort: Sort, group: HistoryFacet | null): HistoryList {
  const [version, refresh] = useReducer((n: number) => n + 1, 0);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const [lists, setLists] = useState<Lists>(NOTHING);
  /** Open groups, kept while only the filter changes. */
  const [open, setOpen] = useState<{ readonly group: HistoryFacet | null; readonly values: readonly string[] }>({
    group,
    values: [],
  });
  const opened = open.group === group ? open.values : NO_VALUES;

  const listOf = useCallback(
    (value: string | null, onChange: () => void, onPage: (page: Output<'history.list'>) => void): PageCache<HistoryRow> =>
      createPageCache<HistoryRow>(
        async ({ cursor, limit, reversed }) => {
          const page = await api.call('history.list', {
            filter: group === null || value === null ? filter : { ...filter, [group]: [value] },
            sort: sort.key,
            descending: sort.descending !== reversed,
            cursor,
            limit,
          });
          onPage(page);
          return { total: page.total, items: page.rows, next: page.next };
        },
        onChange,
        SIZES,
      ),
    [api, filter, sort, group],
  );

  useEffect(() => {
    let current = true;
    const caches = new Map<string | null, PageCache<HistoryRow>>();
    const show = (next: Omit<Lists, 'asked' | 'caches'>): void => {
      if (current) setLists({ ...next, asked: [filter, sort, group], caches });
    };
    if (group === null) {
      let withheld: Withheld = [];
      const cache = listOf(
        null,
        () => {
          if (cache.total() !== null || cache.failure() !== null)
            show({ groups: null, more: 0, total: cache.total(), withheld, failure: cache.failure() });
        },
        (page) => (withheld = page.withheld),
      );
      caches.set(null, cache);
    } else {
      Promise.all([
        api.call('history.facets', { filter, fields: [group] }),
        api.call('history.list', { filter, sort: sort.key, descending: sort.descending, limit: 1 }),
      ]).then(
        ([[facet], { total, withheld }]) =>
          show({ groups: facet?.values ?? [], more: facet?.more ?? 0, total, withheld, failure: null }),
        (failure: unknown) => show({ ...NOTHING, failure }),
      );
    }
    return () => {
      current = false;
      for (const cache of caches.values()) cache.close();
    };
  }, [api, filter, sort, group, version, listOf]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(refresh, SETTLE);
    };
    const stops = [api.on('history', soon), api.on('library', soon), api.on('retention', soon)];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [api]);

  const { caches, groups, more, total, withheld } = lists;
  // New lists are new sections, even of the same lengths: what is in view has to be asked of them.
  const sections = useMemo((): readonly Section[] | null => {
    if (total === null) return null;
    if (groups === null) return [{ value: null, rows: total, open: true }];
    return groups.map(({ value, rows }) => ({ value, rows, open: opened.includes(value) }));
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [caches, groups, total, opened]);
  const valueOf = (section: number): string | null => sections?.[section]?.value ?? null;
  const cacheOf = (section: number): PageCache<HistoryRow> => {
    const value = valueOf(section);
    const known = caches.get(value);
    if (known !== undefined) return known;
    const made = listOf(value, redraw, () => undefined);
    caches.set(value, made);
    return made;
  };
  const failed = lists.failure ?? [...caches.values()].map((one) => one.failure()).find((one) => one !== null) ?? null;
  return {
    sections,
    moreGroups: more,
    total,
    withheld,
    // What is there is not told of another question than it answers.
    waiting: lists.asked === null || [filter, sort, group].some((one, i) => one !== lists.asked![i]),
    failure: failed === null ? null : failureOf(failed),
    again: () => {
      if (lists.failure !== null && group !== null) refresh();
      else for (const cache of caches.values()) cache.retry();
    },
    rowAt: (section, index) => caches.get(valueOf(section))?.at(index),
    want: (section, from, to) => cacheOf(section).want(from, to),
    toggle: (section) => {
      const value = valueOf(section);
      if (value === null) return;
      setOpen({ group, values: opened.includes(value) ? opened.filter((one) => one !== value) : [...opened, value] });
    },
  };
}

const NO_VALUES: readonly string[] = [];
