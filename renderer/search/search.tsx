// Search over the whole library: what was typed, printed, visible and hidden. A search is an act on evidence and enters the custody
// log: so it runs when the user says so, and never while they type.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import type { SearchHit, SessionFilter } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { FilterChips, FilterField, type FilterFieldProps } from '../ui/filter-field.tsx';
import { parseFilter } from '../ui/filter-text.ts';
import { formatCount, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useZone } from '../ui/zone.tsx';
import { FIELDS, ORDER, type Field } from './fields.ts';
import { HitList } from './hit-list.tsx';
import { HitHistogram } from './pictures.tsx';
import { histogram } from './results.ts';
import { useSessionInfos } from './session-infos.ts';
import './search.css';

export interface Query {
  readonly text: string;
  readonly regex: boolean;
  readonly fields: readonly Field[];
}

export interface SearchProps {
  /** A search asked for elsewhere (the box in the top bar); `n` grows with every one. */
  readonly asked: { readonly text: string; readonly n: number };
  readonly onOpen: (hit: SearchHit, query: Query) => void;
  readonly known: Pick<FilterFieldProps, 'known' | 'note' | 'onOpen'>;
}

/** Hits fetched at a time. */
const PAGE = 500;

const BINS = 80;

type Result = Output<'search.run'>;

interface Run {
  readonly query: Query;
  readonly filter: SessionFilter;
}

export function Search({ asked, onOpen, known }: SearchProps): React.JSX.Element {
  const api = useApi();
  const zone = useZone();
  const [text, setText] = useState(asked.text);
  const [regex, setRegex] = useState(false);
  const [fields, setFields] = useState<readonly Field[]>(ORDER);
  const [filterText, setFilterText] = useState('');
  const [run, setRun] = useState<Run | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const [busy, setBusy] = useState(false);
  const generation = useRef(0);
  const box = useRef<HTMLInputElement>(null);
  const parsed = useMemo(() => parseFilter(filterText, zone), [filterText, zone]);

  const ask = useCallback(
    (next: Run, before: Result | null) => {
      const mine = ++generation.current;
      setBusy(true);
      setFailure(null);
      const { query, filter } = next;
      api
        .call('search.run', {
          query: query.text,
          regex: query.regex,
          in: [...query.fields],
          filter,
          offset: before?.hits.length ?? 0,
          limit: PAGE,
        })
        .then(
          (answer) => {
            if (mine === generation.current) setResult({ ...answer, hits: [...(before?.hits ?? []), ...answer.hits] });
          },
          (error: unknown) => {
            if (mine === generation.current) setFailure(failureOf(error));
          },
        )
        .finally(() => {
          if (mine === generation.current) setBusy(false);
        });
    },
    [api],
  );
  const start = useCallback(
    (words: string) => {
      if (words.trim() === '' || fields.length === 0) return;
      const next = { query: { text: words, regex, fields }, filter: parsed.filter as SessionFilter };
      setRun(next);
      setResult(null);
      ask(next, null);
    },
    [ask, fields, parsed, regex],
  );
  const done = useRef(0);
  useEffect(() => {
    if (asked.n === done.current) return;
    done.current = asked.n;
    setText(asked.text);
    if (asked.text === '') box.current?.focus();
    else start(asked.text);
  }, [asked, start]);
  const stop = (): void => {
    generation.current++;
    setBusy(false);
  };

  useActions([
    { id: 'search.focus', group: 'Search', label: 'Type a search', keys: ['/'], run: () => box.current?.select() },
    {
      id: 'search.regex',
      group: 'Search',
      label: 'Switch regular expressions on or off',
      keys: ['Alt+r'],
      run: () => setRegex(!regex),
    },
    ...ORDER.map((field) => ({
      id: `search.${field}`,
      group: 'Search',
      label: `Search ${FIELDS[field].label.toLowerCase()} text, or not`,
      keys: [`Alt+${FIELDS[field].label[0]!.toLowerCase()}`],
      run: () => setFields(toggled(fields, field)),
    })),
  ]);

  return (
    <div className="search">
      <form
        className="ask"
        role="search"
        aria-label="Search the library"
        onSubmit={(event) => {
          event.preventDefault();
          start(text);
        }}
      >
        <h1 className="unseen">Search</h1>
        <div className="line">
          <div className="field large">
            <Icon name="search" />
            <input
              ref={box}
              type="search"
              aria-label="Search for"
              placeholder={regex ? 'A regular expression' : 'Text in any recording'}
              className={regex ? 'mono' : ''}
              maxLength={2000}
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            {text === '' ? null : <IconButton icon="close" label="Clear" onClick={() => setText('')} />}
          </div>
          <button
            type="button"
            className="button"
            aria-pressed={regex}
            title="Regular expression (Alt+R)"
            onClick={() => setRegex(!regex)}
          >
            <span className="mono" aria-hidden="true">
              .*
            </span>
            Regex
          </button>
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
                title={`Text that ${FIELDS[field].note}`}
                onClick={() => setFields(toggled(fields, field))}
              >
                <Icon name={FIELDS[field].icon} />
                {FIELDS[field].label}
              </button>
            ))}
          </div>
          <FilterField
            label="In sessions"
            placeholder="In all sessions"
            text={filterText}
            parsed={parsed}
            onText={setFilterText}
            zoneLabel={zone === 'utc' ? 'UTC' : 'local'}
            onLeave={() => start(text)}
            {...known}
          />
        </div>
        <FilterChips text={filterText} parsed={parsed} onText={setFilterText} />
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
        <Results run={run} result={result} busy={busy} onOpen={onOpen} onMore={() => ask(run, result)} />
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
      <p className="faint">Letter case and full-width forms do not matter. Each search is entered in the custody log.</p>
    </Empty>
  );
}

interface ResultsProps {
  readonly run: Run;
  readonly result: Result;
  readonly busy: boolean;
  readonly onOpen: SearchProps['onOpen'];
  readonly onMore: () => void;
}

function Results({ run, result, busy, onOpen, onMore }: ResultsProps): React.JSX.Element {
  const zone = useZone();
  const { hits, total, sessions, notSearched } = result;
  const ids = useMemo(() => [...new Set(hits.map(({ sessionId }) => sessionId))], [hits]);
  const infos = useSessionInfos(ids);
  const bars = useMemo(
    () => histogram(hits, new Map([...infos].map(([id, { startedAt }]) => [id, startedAt])), BINS),
    [hits, infos],
  );
  return (
    <>
      <div className="found">
        <p role="status">
          <strong>{formatSome(total, 'hit')}</strong>
          {total === 0 ? '' : ` in ${formatSome(sessions.length, 'session')}`}
          <span className="soft">
            {' for '}
            <q>
              <Recorded text={run.query.text} />
            </q>
          </span>
          {hits.length < total ? <span className="faint">{`, the first ${formatCount(hits.length)} shown`}</span> : null}
        </p>
        {bars === null ? null : <HitHistogram data={bars} zone={zone} />}
        <NotSearched list={notSearched} />
      </div>
      {total === 0 ? (
        <Empty icon="search" title="Nothing found">
          <p>
            {run.query.fields.length < ORDER.length
              ? 'Try the other kinds of text too.'
              : 'Try fewer letters, or another spelling.'}
          </p>
        </Empty>
      ) : (
        <HitList
          hits={hits}
          totals={new Map(sessions.map((one) => [one.id, one.hits]))}
          infos={infos}
          onOpen={(hit) => onOpen(hit, run.query)}
          more={hits.length < total ? { busy, onMore, left: total - hits.length } : null}
        />
      )}
    </>
  );
}

function NotSearched({ list }: { readonly list: Result['notSearched'] }): React.JSX.Element | null {
  if (list.length === 0) return null;
  const reasons = Map.groupBy(list, ({ reason }) => reason);
  return (
    <details className="not-searched">
      <summary>{`${formatSome(list.length, 'session')} could not be searched`}</summary>
      <ul>
        {[...reasons].map(([reason, members]) => (
          <li key={reason}>
            <Recorded text={reason} />
            {': '}
            <span className="mono">
              <Recorded text={members.map(({ id }) => id).join(', ')} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
