// Search over the whole library: what was typed, printed, visible and hidden. A search is an act on evidence and enters the custody
// log: so it runs when the user says so, and never while they type.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import { SEARCH_SORTS, type SearchHit } from '../../shared/api/search-shapes.ts';
import { printText } from '../../shared/query/print.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useZone } from '../ui/zone.tsx';
import { Facets } from './facets.tsx';
import { FIELDS, ORDER, type Field } from './fields.ts';
import { HitList, NotSearched } from './hit-list.tsx';

import { HitHistogram } from './pictures.tsx';
import { QueryBox } from './query-box.tsx';
import { useSessionInfos } from './session-infos.ts';
import { Watchlists } from './watchlists.tsx';
import './search.css';

export interface Query {
  /** In the language of docs/search.md. */
  readonly text: string;
  /** Where words are looked for that have no `in:`. */
  readonly fields: readonly Field[];
}

export interface SearchProps {
  /** A search asked for elsewhere (the box in the top bar); `n` grows with every one. */
  readonly asked: { readonly text: string; readonly n: number };
  /** `sessions`: all that have hits, in their order. */
  readonly onOpen: (hit: SearchHit, query: Query, sessions: readonly string[]) => void;
}

/** Hits fetched at a time. */
const PAGE = 500;

type Result = Output<'search.run'>;
type Sort = (typeof SEARCH_SORTS)[number];

const SORT_LABELS: Readonly<Record<Sort, string>> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  relevance: 'Most hits first',
};

interface Run {
  readonly query: Query;
  readonly sort: Sort;
}

/** Commands stand on the screen too: they are looked at when somebody asks for them. */
const DEFAULT: readonly Field[] = ORDER.filter((field) => field !== 'command');

/** Sessions are often indexed in quick succession: a search waits for the last of them. Milliseconds. */
const SOON = 500;

export function Search({ asked, onOpen }: SearchProps): React.JSX.Element {
  const api = useApi();
  const [text, setText] = useState(asked.text);
  const [fields, setFields] = useState<readonly Field[]>(DEFAULT);
  const [sort, setSort] = useState<Sort>('newest');
  const [run, setRun] = useState<Run | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const [busy, setBusy] = useState(false);
  /** The watchlists are shown instead, with a search that is to be saved. */
  const [watch, setWatch] = useState<{ readonly saving: string | null } | null>(null);
  const generation = useRef(0);
  const box = useRef<HTMLInputElement>(null);

  const ask = useCallback(
    (next: Run, before: Result | null) => {
      const mine = ++generation.current;
      setBusy(true);
      setFailure(null);
      const { query } = next;
      const request = { query: query.text, in: [...query.fields], sort: next.sort };
      const search = async (): Promise<void> => {
        // The first page comes as soon as it is full; what lies behind it is counted then.
        const page = await api.call('search.run', { ...request, offset: before?.hits.length ?? 0, limit: PAGE, counts: false });
        if (mine !== generation.current) return;
        if (before !== null) {
          setResult({ ...before, hits: [...before.hits, ...page.hits] });
          return;
        }
        setResult(page);
        if (page.complete) return;
        const counted = await api.call('search.run', { ...request, limit: 1 });
        if (mine === generation.current) setResult({ ...counted, hits: page.hits });
      };
      search()
        .catch((error: unknown) => {
          if (mine === generation.current) setFailure(failureOf(error));
        })
        .finally(() => {
          if (mine === generation.current) setBusy(false);
        });
    },
    [api],
  );
  const start = useCallback(
    (words: string, order: Sort) => {
      if (words.trim() === '' || fields.length === 0) return;
      const next = { query: { text: words, fields }, sort: order };
      setRun(next);
      setResult(null);
      ask(next, null);
    },
    [ask, fields],
  );
  // What could not be searched was indexed or unlocked meanwhile.
  useEffect(() => {
    const missed = new Set(result?.notSearched.map(({ id }) => id));
    if (run === null || missed.size === 0) return undefined;
    let soon: ReturnType<typeof setTimeout> | undefined;
    const off = api.on('library', ({ sessions }) => {
      if (!sessions.some((id) => missed.has(id))) return;
      clearTimeout(soon);
      soon = setTimeout(() => ask(run, null), SOON);
    });
    return () => {
      off();
      clearTimeout(soon);
    };
  }, [api, ask, result, run]);
  const done = useRef(0);
  useEffect(() => {
    if (asked.n === done.current) return;
    done.current = asked.n;
    setWatch(null);
    setText(asked.text);
    if (asked.text === '') box.current?.focus();
    else start(asked.text, sort);
  }, [asked, start, sort]);
  // Where one comes to ask.
  useEffect(() => {
    if (box.current?.value === '') box.current.focus();
  }, []);
  const stop = (): void => {
    generation.current++;
    setBusy(false);
  };
  const again = (words: string, order: Sort = sort): void => {
    setText(words);
    start(words, order);
  };

  useActions([
    { id: 'search.watch', group: 'Search', label: 'Show the watchlists', keys: [], run: () => setWatch({ saving: null }) },
    { id: 'search.focus', group: 'Search', label: 'Type a search', keys: ['/'], run: () => box.current?.select() },
    ...ORDER.map((field) => ({
      id: `search.${field}`,
      group: 'Search',
      label: `Search ${FIELDS[field].label.toLowerCase()} text, or not`,
      keys: [`Alt+${FIELDS[field].label[0]!.toLowerCase()}`],
      run: () => setFields(toggled(fields, field)),
    })),
  ]);

  if (watch !== null) {
    return (
      <Watchlists
        saving={watch.saving}
        onBack={() => setWatch(null)}
        onOpen={(hit) => {
          const matched = hit.text.slice(hit.matchStart, hit.matchStart + hit.matchLength);
          onOpen(hit, { text: printText(matched), fields: [hit.in] }, [hit.sessionId]);
        }}
      />
    );
  }
  return (
    <div className="search">
      <form
        className="ask"
        role="search"
        aria-label="Search the library"
        onSubmit={(event) => {
          event.preventDefault();
          start(text, sort);
        }}
      >
        <h1 className="unseen">Search</h1>
        <div className="line">
          <QueryBox text={text} onText={setText} boxRef={box} />
          {busy ? (
            <Button large onClick={stop}>
              Stop
            </Button>
          ) : (
            <button type="submit" className="button primary large" disabled={text.trim() === '' || fields.length === 0}>
              Search
            </button>
          )}
        </div>
        <div className="line">
          <div className="fields" role="group" aria-label="Where to search">
            {ORDER.map((field) => (
              <button
                key={field}
                type="button"
                className={`button field-${field}`}
                aria-pressed={fields.includes(field)}
                title={`Text that ${FIELDS[field].note}, for words without in: of their own`}
                onClick={() => setFields(toggled(fields, field))}
              >
                <Icon name={FIELDS[field].icon} />
                {FIELDS[field].label}
              </button>
            ))}
          </div>
          <Button icon="marker" onClick={() => setWatch({ saving: null })}>
            Watchlists
          </Button>
          {run === null ? null : (
            <Button onClick={() => setWatch({ saving: run.query.text })} title="Save this search as a watchlist">
              Save search
            </Button>
          )}
          <label className="sort">
            <span className="unseen">Order</span>
            <select
              className="field"
              value={sort}
              onChange={(event) => {
                const order = event.target.value as Sort;
                setSort(order);
                if (run !== null) again(run.query.text, order);
              }}
            >
              {SEARCH_SORTS.map((order) => (
                <option key={order} value={order}>
                  {SORT_LABELS[order]}
                </option>
              ))}
            </select>
          </label>
        </div>
        {fields.length === 0 ? <p className="bad">Choose at least one place to search.</p> : null}
      </form>
      {failure === null ? null : <FailureNotice failure={failure} again={() => run !== null && ask(run, null)} />}
      {run === null ? (
        <Intro />
      ) : result === null ? (
        busy ? (
          <Skeleton lines={9} />
        ) : failure === null ? (
          <Empty icon="search" title="Stopped" />
        ) : null
      ) : (
        <Results run={run} result={result} busy={busy} onOpen={onOpen} onMore={() => ask(run, result)} onQuery={again} />
      )}
    </div>
  );
}

const toggled = (fields: readonly Field[], field: Field): readonly Field[] =>
  ORDER.filter((one) => (one === field ? !fields.includes(one) : fields.includes(one)));

function Intro(): React.JSX.Element {
  return (
    <Empty icon="search" title="Search every recording">
      <dl className="kinds">
        {ORDER.map((field) => (
          <div key={field}>
            <dt>
              <Icon name={FIELDS[field].icon} />
              {FIELDS[field].label}
            </dt>
            <dd>{`finds text that ${FIELDS[field].note}`}</dd>
          </div>
        ))}
      </dl>
      <p className="faint">
        {'Words side by side are all meant. '}
        <span className="mono">"a phrase"</span>, <span className="mono">/an expression/i</span>,{' '}
        <span className="mono">a OR b</span>, <span className="mono">-not</span>, <span className="mono">user:ops</span>,{' '}
        <span className="mono">during:2026-11-21</span>, <span className="mono">near:5m</span>. Letter case and full-width forms
        do not matter. Each search is entered in the custody log.
      </p>
    </Empty>
  );
}

interface ResultsProps {
  readonly run: Run;
  readonly result: Result;
  readonly busy: boolean;
  readonly onOpen: SearchProps['onOpen'];
  readonly onMore: () => void;
  readonly onQuery: (text: string) => void;
}

function Results({ run, result, busy, onOpen, onMore, onQuery }: ResultsProps): React.JSX.Element {
  const zone = useZone();
  const { hits, total, complete, sessions, sessionCount, facets, histogram, notSearched, notSearchedCount } = result;
  const ids = useMemo(() => [...new Set(hits.map(({ sessionId }) => sessionId))], [hits]);
  const infos = useSessionInfos(ids);
  return (
    <>
      <div className="found">
        <p role="status">
          <strong>{complete ? formatSome(total, 'hit') : `More than ${formatSome(total, 'hit')}`}</strong>
          {total === 0 ? '' : ` in ${complete ? '' : 'more than '}${formatSome(sessionCount, 'session')}`}
          <span className="soft">
            {' for '}
            <q>
              <Recorded text={run.query.text} />
            </q>
          </span>
          {hits.length < total ? <span className="faint">{`, the first ${formatCount(hits.length)} shown`}</span> : null}
          {busy ? <span className="faint">, counting …</span> : null}
        </p>
        {histogram === null || !complete ? null : <HitHistogram data={histogram} zone={zone} />}
        <NotSearched list={notSearched} count={notSearchedCount} />
        {complete ? <Facets facets={facets} query={run.query.text} onQuery={onQuery} /> : null}
      </div>
      {total === 0 ? (
        <Empty icon="search" title="Nothing found">
          <p>
            {run.query.fields.length < DEFAULT.length
              ? 'Try the other kinds of text too.'
              : 'Try fewer letters, or another spelling.'}
          </p>
        </Empty>
      ) : (
        <HitList
          hits={hits}
          totals={new Map(sessions.map((one) => [one.id, one.hits]))}
          infos={infos}
          onOpen={(hit) =>
            onOpen(
              hit,
              run.query,
              sessions.map(({ id }) => id),
            )
          }
          more={hits.length < total || !complete ? { busy, onMore, left: total - hits.length } : null}
        />
      )}
    </>
  );
}
