// The custody log: every act on evidence, in a chain in which each entry holds the hash of the one before. Filtered, paged, verified.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import type { CustodyRow } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice, Notice, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { Instant } from '../ui/zone.tsx';
import { entryText, type Fact } from './custody-text.ts';
import './custody.css';

const ACTIONS = [
  'acquire',
  'verify',
  'open',
  'view',
  'reveal-input',
  'search',
  'annotate',
  'redact',
  'export',
  'sign',
  'hold',
  'release',
  'purge',
  'unlock',
  'rekey',
  'policy',
  'revoke',
  'reconnect',
];

const PAGE = 200;
const PAUSE = 200;

interface Filter {
  readonly subject: string;
  readonly action: string;
  readonly actor: string;
}

const NONE: Filter = { subject: '', action: '', actor: '' };

interface Loaded {
  readonly entries: readonly CustodyRow[];
  readonly total: number;
  readonly next: string | null;
}

export interface CustodyProps {
  readonly onOpen: (session: string) => void;
  /** Where the log is shown for a case: the subjects that it is narrowed to, one of them at a time, with what each is called. */
  readonly subjects?: readonly (readonly [string, string])[];
}

export function Custody({ onOpen, subjects }: CustodyProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const none: Filter = subjects === undefined ? NONE : { ...NONE, subject: subjects[0]?.[0] ?? '' };
  const [filter, setFilter] = useState(none);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const [result, setResult] = useState<Output<'custody.verify'> | null>(null);
  const [verifying, setVerifying] = useState(false);
  const generation = useRef(0);
  const first = useRef<HTMLInputElement & HTMLSelectElement>(null);

  const load = useCallback(
    (cursor: string | null, before: readonly CustodyRow[]) => {
      const mine = ++generation.current;
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
      api.call('custody.list', { ...given, cursor, limit: PAGE }).then(
        ({ entries, total, next }) => {
          if (mine !== generation.current) return;
          setFailure(null);
          setLoaded({ entries: [...before, ...entries], total, next });
        },
        (error: unknown) => {
          if (mine === generation.current) setFailure(failureOf(error));
        },
      );
    },
    [api, filter],
  );
  useEffect(() => {
    const timer = setTimeout(() => load(null, []), PAUSE);
    return () => clearTimeout(timer);
  }, [load]);

  const verify = (): void => {
    setVerifying(true);
    api
      .call('custody.verify', null)
      .then(setResult, announcer.fail)
      .finally(() => setVerifying(false));
  };
  useActions([
    { id: 'custody.filter', group: 'Custody', label: 'Filter the custody log', keys: ['/'], run: () => first.current?.focus() },
    { id: 'custody.verify', group: 'Custody', label: 'Verify the custody log', keys: ['v'], run: verify },
  ]);

  const filtered = Object.entries(filter).some(([name, value]) => value !== none[name as keyof Filter]);
  return (
    <div className="custody">
      <header>
        {subjects === undefined ? <h1>Custody log</h1> : <h2>Custody log of the case</h2>}
        <p className="soft">
          {subjects === undefined
            ? 'Every act on evidence in this library. Entries are chained by their hashes and are never changed.'
            : 'What was done with the case and with each of its recordings. The whole chain is verified, not this part alone.'}
        </p>
        <Button look="primary" icon="custody" disabled={verifying} onClick={verify}>
          {verifying ? 'Verifying …' : 'Verify the chain'}
        </Button>
      </header>
      {result === null ? null : <Verdict result={result} />}
      <div className="custody-filter" role="search" aria-label="Filter the custody log">
        {subjects === undefined ? (
          <span className="field">
            <Icon name="filter" />
            <input
              ref={first}
              aria-label="Subject"
              placeholder="Subject, as a session’s ID"
              value={filter.subject}
              onChange={(event) => setFilter({ ...filter, subject: event.target.value.trim() })}
            />
          </span>
        ) : (
          <select
            ref={first}
            className="field"
            aria-label="Recording"
            value={filter.subject}
            onChange={(event) => setFilter({ ...filter, subject: event.target.value })}
          >
            {subjects.map(([subject, name]) => (
              <option key={subject} value={subject}>
                {name}
              </option>
            ))}
          </select>
        )}
        <select
          className="field"
          aria-label="Action"
          value={filter.action}
          onChange={(event) => setFilter({ ...filter, action: event.target.value })}
        >
          <option value="">Every action</option>
          {ACTIONS.map((action) => (
            <option key={action}>{action}</option>
          ))}
        </select>
        <span className="field">
          <input
            aria-label="Actor"
            placeholder="Actor"
            value={filter.actor}
            onChange={(event) => setFilter({ ...filter, actor: event.target.value.trim() })}
          />
        </span>
        <Button look="quiet" disabled={!filtered} onClick={() => setFilter(none)}>
          Clear
        </Button>
        <span className="faint" role="status">
          {loaded === null ? '' : formatSome(loaded.total, 'entry', 'entries')}
        </span>
      </div>
      {failure === null ? null : <FailureNotice failure={failure} again={() => load(null, [])} />}
      {loaded === null ? (
        failure === null ? (
          <Skeleton lines={10} />
        ) : null
      ) : loaded.entries.length === 0 ? (
        <Empty icon="custody" title={filtered ? 'No entry fits' : 'The log is empty'} />
      ) : (
        <Entries loaded={loaded} onOpen={onOpen} onMore={() => load(loaded.next, loaded.entries)} />
      )}
    </div>
  );
}

const PINNED: Readonly<Record<Output<'custody.verify'>['pinned'], string>> = {
  matches: 'The head pinned in this computer’s keychain is part of this chain.',
  differs:
    'The head pinned in this computer’s keychain is not part of this chain: an older library may have been put in its place.',
  none: 'No head is pinned in this computer’s keychain: an older library put in its place would not be noticed.',
};

function Verdict({ result }: { readonly result: Output<'custody.verify'> }): React.JSX.Element {
  const { intact, entries, head, brokenAt, reason, pinned } = result;
  const good = intact && pinned !== 'differs';
  return (
    <div role={good ? 'status' : 'alert'}>
      <Notice tone={!good ? 'bad' : pinned === 'none' ? 'caution' : 'good'}>
        <p>
          <strong>
            {intact
              ? 'The chain is intact.'
              : `The chain is broken${brokenAt === null ? '' : ` at entry ${formatCount(brokenAt)}`}.`}
          </strong>{' '}
          {`${formatSome(entries, 'entry', 'entries')} read: ${reason}.`}
        </p>
        <p className="soft">{PINNED[pinned]}</p>
        <p className="hash mono">{`head ${head}`}</p>
      </Notice>
    </div>
  );
}

interface EntriesProps {
  readonly loaded: Loaded;
  readonly onOpen: (session: string) => void;
  readonly onMore: () => void;
}

function Entries({ loaded, onOpen, onMore }: EntriesProps): React.JSX.Element {
  return (
    // It scrolls: the keyboard must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="entries" tabIndex={0} role="region" aria-label="Entries">
      <table>
        <thead>
          <tr>
            <th scope="col" className="end">
              No.
            </th>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Act</th>
            <th scope="col">Subject</th>
            <th scope="col">Details</th>
            <th scope="col">Hash</th>
          </tr>
        </thead>
        <tbody>
          {loaded.entries.map((entry) => (
            <tr key={entry.seq}>
              <td className="end">{formatCount(entry.seq)}</td>
              <td>
                <Instant at={entry.at} />
              </td>
              <td>
                <Recorded text={entry.actor} />
              </td>
              <td>
                <span className="badge">{entry.action}</span>
              </td>
              <td className="subject">
                <Subject subject={entry.subject} onOpen={onOpen} />
              </td>
              <td className="details">
                <Details entry={entry} />
              </td>
              <td className="mono hash" title={entry.hash}>
                {entry.hash.slice(0, 12)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {loaded.next === null ? null : (
        <Button onClick={onMore}>{`Show ${formatCount(Math.min(PAGE, loaded.total - loaded.entries.length))} more`}</Button>
      )}
    </div>
  );
}

/** What is no session names itself: the library, the log. */
const OWN_SUBJECTS = ['library', 'custody', ''];

function Subject({
  subject,
  onOpen,
}: {
  readonly subject: string;
  readonly onOpen: (session: string) => void;
}): React.JSX.Element {
  if (OWN_SUBJECTS.includes(subject) || /[\s:/]/.test(subject)) return <Recorded text={subject} />;
  return (
    <button type="button" className="link mono" onClick={() => onOpen(subject)}>
      {subject}
    </button>
  );
}

/** Characters of a list beyond which it is folded: the parts of a recording, each with its digest. */
const FOLDED = 200;

/** What was done in words, and on demand the text of the entry as it is chained. */
function Details({ entry: { details, purpose } }: { readonly entry: CustodyRow }): React.JSX.Element {
  const read = entryText(details);
  if (read === null)
    return <Recorded text={[purpose === '' ? '' : `purpose: ${purpose}`, details].filter((text) => text !== '').join(', ')} />;
  const facts = [...(purpose === '' ? [] : [{ name: 'purpose', value: purpose, items: [] }]), ...read.facts];
  const isFolded = ({ value, items }: Fact): boolean => items.length > 0 && value.length > FOLDED;
  const short = facts.filter((fact) => !isFolded(fact));
  const said = [...(read.what === null ? [] : [read.what]), ...short.map(({ name, value }) => `${name}: ${value}`)];
  return (
    <>
      <Recorded text={said.join(', ')} />
      {facts.filter(isFolded).map(({ name, items }) => (
        <details key={name}>
          <summary>
            <Recorded text={`${name}: ${formatCount(items.length)}`} />
          </summary>
          <ul>
            {items.map((item, i) => (
              <li key={i}>
                <Recorded text={item} />
              </li>
            ))}
          </ul>
        </details>
      ))}
      {said.length === 0 && facts.length === 0 ? null : (
        <details className="raw">
          <summary className="faint">As entered</summary>
          <code>
            <Recorded text={details} />
          </code>
        </details>
      )}
    </>
  );
}
