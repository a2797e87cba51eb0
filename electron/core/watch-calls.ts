// Calls about watchlists: what there is, what it says, what is wrong with it, to run it, what it found.

import { hash } from 'node:crypto';
import { ExhibitError } from '../../shared/api/errors.ts';
import { BUILT_IN_LIST, type WatchFault, type WatchKind, type Watchlist } from '../../shared/api/watch-shapes.ts';
import { SECRETS_VERSION } from '../../shared/query/secrets.ts';
import { parseWatchlist } from '../../shared/query/watchlist.ts';
import type { Library, WatchlistRow } from '../library/library.ts';
import { assist, unpackHits, whyNotSearched, whyRefused } from '../search/search.ts';
import type { Desk, Handlers } from './desk.ts';

type Calls = 'watch.list' | 'watch.show' | 'watch.save' | 'watch.remove' | 'watch.run' | 'watch.report' | 'watch.check';

/** Pairs of indicator and session in a page of a report. */
const PAGE = 50;

/** Sessions that are told one by one where they could not be searched. */
const TOLD = 10_000;

const digestOf = (kind: WatchKind, text: string): string => hash('sha256', `${kind}\n${text}`);

const SECRETS_TEXT = `${BUILT_IN_LIST} ${String(SECRETS_VERSION)}`;

const isBuiltIn = (name: string): boolean => name.toLowerCase() === BUILT_IN_LIST;

/** Sees to it that the library has the list of secrets as this program knows it; one that was switched off stays so. */
export function ensureBuiltIn(library: Library, now: string): void {
  const known = library.watchlists.versions(BUILT_IN_LIST).at(-1);
  if (known !== undefined && (known.ended || known.text === SECRETS_TEXT)) return;
  const digest = digestOf('built-in', SECRETS_TEXT);
  library.watchlists.save({
    name: BUILT_IN_LIST,
    kind: 'built-in',
    text: SECRETS_TEXT,
    digest,
    author: 'Exhibit',
    at: now,
    ended: false,
  });
}

function newest(library: Library, name: string): WatchlistRow {
  const found = library.watchlists.versions(name).at(-1);
  if (found === undefined)
    throw new ExhibitError('not-found', `watchlist ${name}`, 'there is no such watchlist', '`exhibit watch list` shows them');
  return found;
}

function running(library: Library, name: string): WatchlistRow {
  const list = newest(library, name);
  if (!list.ended) return list;
  const todo = isBuiltIn(name) ? 'switch it on with `exhibit watch add secrets --built-in`' : 'add it again';
  throw new ExhibitError('refused', `watchlist ${list.name}`, 'it was removed', todo);
}

function faultsOf(library: Library, kind: 'indicators' | 'query', text: string): { indicators: number; faults: WatchFault[] } {
  if (kind === 'indicators') {
    const parsed = parseWatchlist(text);
    return parsed.kind === 'wrong'
      ? { indicators: 0, faults: [...parsed.faults] }
      : { indicators: parsed.indicators.length, faults: [] };
  }
  const { faults } = assist(library, text, 0);
  return {
    indicators: 1,
    faults: faults.map(({ start, end, why, todo }) => ({
      line: 1,
      column: start + 1,
      length: Math.max(1, end - start),
      why,
      todo,
    })),
  };
}

export function watchCalls(desk: Desk): Handlers<Calls> {
  const { library } = desk;

  const shapeOf = (list: WatchlistRow): Watchlist => {
    const { key, name, version, kind, digest, author, at, ended } = list;
    const watch = ended ? null : desk.watcher().prepared(list);
    const isFault = watch instanceof ExhibitError;
    return {
      name,
      version,
      kind,
      digest,
      author,
      at,
      ended,
      indicators: watch === null || isFault ? 0 : watch.indicators.length,
      ...library().watchlists.counts(key),
      ...(ended ? { pending: 0 } : {}),
      fault: isFault ? watch.why : null,
    };
  };

  const detail = (name: string): Watchlist & { text: string; versions: Omit<WatchlistRow, 'key' | 'name' | 'text'>[] } => {
    const list = newest(library(), name);
    const versions = library()
      .watchlists.versions(name)
      .map(({ version, kind, digest, author, at, ended }) => ({ version, kind, digest, author, at, ended }));
    return { ...shapeOf(list), text: list.text, versions };
  };

  return {
    'watch.list': () => library().watchlists.current().map(shapeOf),
    'watch.show': ({ name }) => detail(name),
    'watch.check': ({ kind, text }) => faultsOf(library(), kind, text),

    'watch.save': ({ name, kind, text: given }) => {
      const what = `watchlist ${name}`;
      if (isBuiltIn(name) !== (kind === 'built-in'))
        throw new ExhibitError('refused', what, `${BUILT_IN_LIST} is the name of the built-in list`, 'choose another name');
      const [fault] = kind === 'built-in' ? [] : faultsOf(library(), kind, given).faults;
      if (fault !== undefined)
        throw new ExhibitError(
          'usage',
          what,
          `line ${String(fault.line)}, column ${String(fault.column)}: ${fault.why}`,
          fault.todo,
        );
      const text = kind === 'built-in' ? SECRETS_TEXT : given;
      const digest = digestOf(kind, text);
      const known = library().watchlists.versions(name).at(-1);
      if (known?.digest !== digest || known.ended) {
        library().watchlists.save({
          name: known?.name ?? name,
          kind,
          text,
          digest,
          author: desk.actor,
          at: desk.now(),
          ended: false,
        });
      }
      desk.watcher().wake(false);
      return detail(name);
    },

    'watch.remove': ({ name }) => {
      const { key: _, version: __, ...list } = running(library(), name);
      library().watchlists.save({ ...list, author: desk.actor, at: desk.now(), ended: true });
      return null;
    },

    'watch.run': ({ name, anew }) => {
      const lists = name === undefined ? null : [running(library(), name)];
      return { output: { job: desk.watcher().run(lists, anew ?? false).id }, subject: null, details: {} };
    },

    'watch.report': ({ name, indicator, offset, limit }) => {
      const { watchlists, searched } = library();
      const list = running(library(), name);
      const shape = shapeOf(list);
      const watch = desk.watcher().prepared(list);
      const known = watch instanceof ExhibitError ? [] : watch.indicators;
      const indicators = watchlists
        .byIndicator(list.key)
        .filter((one) => indicator === undefined || one.indicator === indicator)
        .map((one) => ({ ...one, ...(known[one.indicator] ?? { name: null, text: '', severity: null }) }));
      const findings = watchlists
        .findings(list.key, indicator ?? null, offset ?? 0, limit ?? PAGE)
        .map(({ indicator: i, session, hits, bytes }) => ({
          indicator: i,
          sessionId: session,
          total: hits,
          hits: [...unpackHits(session, bytes)],
        }));
      const pending = new Set(watchlists.pending(list.key, 1_000_000));
      const notSearched = searched.sessions({}, null).flatMap((session) => {
        const reason =
          whyRefused(library(), session) ??
          whyNotSearched(session) ??
          (pending.has(session.key) ? 'the list was not run over it yet' : null);
        return reason === null ? [] : [{ id: session.id, reason }];
      });
      return {
        output: {
          list: shape,
          indicators,
          total: indicators.reduce((sum, { sessions }) => sum + sessions, 0),
          findings,
          notSearched: notSearched.slice(0, TOLD),
          notSearchedCount: notSearched.length,
        },
        subject: 'library',
        details: {
          what: 'report',
          watchlist: list.name,
          version: list.version,
          digest: list.digest,
          sessions: shape.searched,
          hits: indicators.reduce((sum, { hits }) => sum + hits, 0),
          indicators: indicators.length,
        },
      };
    },
  };
}
