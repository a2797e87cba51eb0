// Watchlists: many indicators at once over the text of one session. Each group of lines is opened once for all lists; of each line it is asked
// once which literals stand in it, and only the indicators that need one of those look at it in full. So the work grows with the text
// and with what is found, and hardly with the number of indicators. docs/watchlists.md

import { ExhibitError } from '../../shared/api/errors.ts';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import { fold } from '../../shared/query/fold.ts';
import { Literals } from '../../shared/query/literals.ts';
import type { Meaning, SessionField } from '../../shared/query/meaning.ts';
import { anyOf, type Narrow } from '../../shared/query/narrow.ts';
import { SECRET_PATTERNS, secretExpression } from '../../shared/query/secrets.ts';
import type { TextKind } from '../../shared/query/tree.ts';
import { parseWatchlist } from '../../shared/query/watchlist.ts';
import {
  TEXT_FIELDS,
  type Library,
  type SearchedSession,
  type TextLine,
  type WatchFinding,
  type WatchlistRow,
} from '../library/library.ts';
import { SessionSearch, type Found } from './evaluate.ts';
import { createFinder, expressionFinder, type Finder } from './finder.ts';
import { hitOf } from './hit.ts';
import { planOf, possible, type Plan } from './plan.ts';
import { meaningFor } from './question.ts';

/** Hits of one indicator in one session that are kept; all are counted. */
const KEPT = 200;

/** Where a saved search looks for words without `in:` of their own. */
const KINDS: readonly TextKind[] = ['typed', 'printed', 'visible', 'hidden'];

export interface WatchIndicator {
  readonly name: string | null;
  readonly text: string;
  readonly severity: 'medium' | 'high' | 'critical' | null;
}

interface Part {
  readonly finder: () => Finder;
  readonly narrow: Narrow;
}

interface Condition {
  readonly parts: readonly number[];
  readonly needed: number;
}

/** A list that is ready to be run. */
export interface Watch {
  readonly list: WatchlistRow;
  readonly indicators: readonly WatchIndicator[];
  /** What it finds in a session may change while the session's index stays as it is: every run is over all sessions. */
  readonly alwaysAnew: boolean;
  readonly work:
    | { readonly kind: 'query'; readonly meaning: Meaning }
    | {
        readonly kind: 'indicators';
        readonly conditions: readonly Condition[];
        readonly parts: readonly Part[];
        readonly literals: Literals;
        /** For each literal, the parts that need it or one of its fellows. */
        readonly partsOf: readonly (readonly number[])[];
        /** Parts that look at every line. */
        readonly always: readonly number[];
      };
}

/** Literals of which every line that can match has one; null where there are none. */
function keysOf(narrow: Narrow): readonly string[] | null {
  if (narrow === null) return null;
  if (narrow.kind === 'literal') return [narrow.text];
  const keys = narrow.items.map(keysOf);
  if (narrow.kind === 'any') return keys.includes(null) ? null : keys.flatMap((some) => some!);
  // The one that fewest lines will have: the shortest of its literals is longest.
  const least = (some: readonly string[]): number => Math.min(...some.map(({ length }) => length));
  return keys.filter((some) => some !== null).toSorted((a, b) => least(b) - least(a))[0] ?? null;
}

/** Cases, annotations and what sources tell: none of it makes a session's index anew. */
const BESIDE_RECORDINGS: readonly (TextKind | SessionField)[] = ['case', 'tag', 'note', 'history'];

function asksBesideRecordings(meaning: Meaning): boolean {
  switch (meaning.kind) {
    case 'term':
      return meaning.kinds.some((kind) => BESIDE_RECORDINGS.includes(kind));
    case 'session':
      return BESIDE_RECORDINGS.includes(meaning.field);
    case 'not':
      return asksBesideRecordings(meaning.item);
    case 'any':
    case 'all':
      return meaning.items.some(asksBesideRecordings);
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

function indicatorWork(parts: readonly Part[], conditions: readonly Condition[]): Watch['work'] {
  const texts = new Map<string, number[]>();
  const always: number[] = [];
  for (const [i, { narrow }] of parts.entries()) {
    const keys = keysOf(narrow);
    if (keys === null) always.push(i);
    else
      for (const key of new Set(keys)) {
        const known = texts.get(key);
        if (known === undefined) texts.set(key, [i]);
        else known.push(i);
      }
  }
  const literals = new Literals([...texts.keys()]);
  return { kind: 'indicators', conditions, parts, literals, partsOf: [...texts.values()], always };
}

/** Makes a list ready. Throws kind `usage` when it makes no sense (any more) in this library. */
export function prepareWatch(library: Library, list: WatchlistRow): Watch {
  switch (list.kind) {
    case 'query': {
      const meaning = meaningFor(library, list.text, false, KINDS);
      return {
        list,
        indicators: [{ name: null, text: list.text, severity: null }],
        alwaysAnew: asksBesideRecordings(meaning),
        work: { kind: 'query', meaning },
      };
    }
    case 'built-in': {
      const parts = SECRET_PATTERNS.map((pattern) => {
        const finder = expressionFinder(secretExpression(pattern));
        return { finder: () => finder, narrow: finder.narrow };
      });
      const indicators = SECRET_PATTERNS.map(({ name, description, severity }) => ({ name, text: description, severity }));
      return {
        list,
        indicators,
        alwaysAnew: false,
        work: indicatorWork(
          parts,
          parts.map((_, i) => ({ parts: [i], needed: 1 })),
        ),
      };
    }
    case 'indicators': {
      const parsed = parseWatchlist(list.text);
      if (parsed.kind === 'wrong') {
        const { line, column, why, todo } = parsed.faults[0]!;
        throw new ExhibitError('usage', `watchlist ${list.name}`, `line ${String(line)}, column ${String(column)}: ${why}`, todo);
      }
      const parts: Part[] = [];
      const conditions = parsed.indicators.map(({ needles, needed }) => ({
        parts: needles.map((needle) => {
          const finder = once(() => createFinder(needle));
          return parts.push({ finder, narrow: finder().narrow }) - 1;
        }),
        needed,
      }));
      const indicators = parsed.indicators.map(({ name, text }) => ({ name, text, severity: null }));
      return { list, indicators, alwaysAnew: false, work: indicatorWork(parts, conditions) };
    }
  }
}

/** A watch with what the index says now of the groups that can hold a hit. Good for sessions that are indexed at this time. */
export interface ReadyWatch {
  readonly watch: Watch;
  readonly plan: Plan | null;
  readonly groups: ReadonlySet<number> | null;
}

/** `many`: the sessions are so many that asking the index of each literal costs less than reading their text. */
export function readyWatch(library: Library, watch: Watch, many: boolean): ReadyWatch {
  const { work } = watch;
  if (work.kind === 'query') return { watch, plan: planOf(library, work.meaning, false), groups: null };
  const groups = many ? library.derived.text.candidates(anyOf(work.parts.map(({ narrow }) => narrow))) : null;
  return { watch, plan: null, groups };
}

/** Hits of one part or query: all counted, the first ones kept. */
class Kept {
  readonly #session: string;
  total = 0;
  readonly hits: SearchHit[] = [];

  constructor(session: string) {
    this.#session = session;
  }

  add(found: Found): void {
    this.total += 1;
    if (this.hits.length < KEPT) this.hits.push(hitOf(this.#session, found));
  }
}

type KeptHit = Omit<SearchHit, 'sessionId'>;

function packHits(hits: readonly SearchHit[]): Uint8Array {
  const kept = hits.map((hit): KeptHit => {
    const { sessionId: _, ...rest } = hit;
    return rest;
  });
  return Buffer.from(JSON.stringify(kept));
}

export function unpackHits(session: string, bytes: Uint8Array): readonly SearchHit[] {
  const kept = JSON.parse(Buffer.from(bytes).toString('utf8')) as readonly KeptHit[];
  return kept.map((hit) => ({ sessionId: session, ...hit }));
}

function findingOf(indicator: number, kept: readonly Kept[]): WatchFinding {
  const hits = kept.flatMap((one) => one.hits).toSorted((a, b) => a.fromUs - b.fromUs || a.index - b.index);
  return { indicator, hits: kept.reduce((sum, { total }) => sum + total, 0), bytes: packHits(hits.slice(0, KEPT)) };
}

class ListRun {
  readonly ready: ReadyWatch;
  readonly #work: Extract<Watch['work'], { readonly kind: 'indicators' }>;
  readonly #session: string;
  readonly #kept = new Map<number, Kept>();

  constructor(ready: ReadyWatch, work: Extract<Watch['work'], { readonly kind: 'indicators' }>, session: string) {
    this.ready = ready;
    this.#work = work;
    this.#session = session;
  }

  look(kind: TextKind, line: TextLine, folded: string): void {
    const { always, literals, partsOf } = this.#work;
    for (const part of always) this.#ask(part, kind, line);
    const there = literals.in(folded);
    if (there.length === 0) return;
    const parts = there.length === 1 ? partsOf[there[0]!]! : new Set(there.flatMap((literal) => partsOf[literal]!));
    for (const part of parts) this.#ask(part, kind, line);
  }

  #ask(part: number, kind: TextKind, line: TextLine): void {
    for (const match of this.#work.parts[part]!.finder().find(line)) {
      let kept = this.#kept.get(part);
      if (kept === undefined) this.#kept.set(part, (kept = new Kept(this.#session)));
      kept.add({ kind, line, match });
    }
  }

  findings(): readonly WatchFinding[] {
    if (this.#kept.size === 0) return [];
    return this.#work.conditions.flatMap(({ parts, needed }, i) => {
      const kept = parts.flatMap((part) => this.#kept.get(part) ?? []);
      return kept.length < needed ? [] : [findingOf(i, kept)];
    });
  }
}

function* queryFindings(library: Library, session: SearchedSession, plan: Plan): Generator<null, readonly WatchFinding[]> {
  if (!possible(plan, session).match) return [];
  const kept = new Kept(session.id);
  for (const found of new SessionSearch(library, session).hits(plan)) {
    if (found === null) yield null;
    else kept.add(found);
  }
  return kept.total === 0 ? [] : [findingOf(0, [kept])];
}

/** Runs lists over one session, in one pass over its text. Yields after each group of lines, so that others have their turn. */
export function* watchSession(
  library: Library,
  session: SearchedSession,
  lists: readonly ReadyWatch[],
): Generator<null, ReadonlyMap<ReadyWatch, readonly WatchFinding[]>> {
  const found = new Map<ReadyWatch, readonly WatchFinding[]>();
  const runs: ListRun[] = [];
  for (const ready of lists) {
    const { work } = ready.watch;
    if (ready.plan !== null) found.set(ready, yield* queryFindings(library, session, ready.plan));
    else if (work.kind === 'indicators') runs.push(new ListRun(ready, work, session.id));
  }
  const { text } = library.derived;
  for (const { key } of runs.length === 0 ? [] : text.groupsOf(session.key)) {
    const asked = runs.filter(({ ready: { groups } }) => groups === null || groups.has(key));
    if (asked.length === 0) continue;
    const group = text.group(key);
    for (const field of group === null ? [] : TEXT_FIELDS) {
      for (const line of group!.lines(field)) {
        const folded = fold(line.text);
        for (const run of asked) run.look(field, line, folded);
      }
    }
    yield null;
  }
  for (const run of runs) found.set(run.ready, run.findings());
  return found;
}
