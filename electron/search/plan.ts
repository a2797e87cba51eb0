// A query's meaning as work: finders for its words, questions for the index, tests for sessions, and which sessions can match
// at all where words are rare.

import { fold } from '../../shared/query/fold.ts';
import type { Meaning, SessionField } from '../../shared/query/meaning.ts';
import type { TimeSpan } from '../../shared/query/times.ts';
import type { TextKind } from '../../shared/query/tree.ts';
import { indexQuery, type Library, type SearchedSession, type TextField } from '../library/library.ts';
import { createFinder, type Finder } from './finder.ts';

export interface Term {
  readonly kind: 'term';
  readonly finder: Finder;
  readonly fields: readonly TextField[];
  readonly commands: boolean;
  readonly times: readonly TimeSpan[];
  /** Keys of blocks that the index names, from one key to another, in order; null where it cannot tell. */
  readonly named: ((first: number, last: number) => readonly number[]) | null;
  /** Sessions outside of which no block is named, where that is known. */
  readonly sessions: ReadonlySet<number> | null;
}

export type Plan =
  | Term
  | { readonly kind: 'session'; readonly test: (session: SearchedSession) => boolean }
  | { readonly kind: 'not'; readonly item: Plan }
  | { readonly kind: 'any'; readonly items: readonly Plan[] }
  | { readonly kind: 'all'; readonly items: readonly Plan[]; readonly near: number | null };

/** A word of which the index names no more blocks than these is looked up once, with the sessions that they are of. */
const RARE = 2000;

/** Sessions that the index is asked of one by one; then it is asked once for the whole library, which takes it hardly longer. */
const ONE_BY_ONE = 3;

const TEXT_FIELDS: readonly TextField[] = ['typed', 'printed', 'visible', 'hidden'];

/** Whether a value is what was asked for: without regard to case and width; `*` stands for anything. */
export function fits(asked: string, value: string): boolean {
  const parts = fold(asked).split('*');
  const text = fold(value);
  const first = parts[0]!;
  if (parts.length === 1) return text === first;
  const last = parts.at(-1)!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

function valueOf(session: SearchedSession, field: SessionField): string | null {
  switch (field) {
    case 'user':
    case 'server':
    case 'source':
    case 'origin':
    case 'group':
    case 'status':
      return session[field];
    case 'env':
      return session.environment;
    case 'exit':
      return session.exitStatus === null ? null : String(session.exitStatus);
    case 'tag':
    case 'case':
      return null;
  }
}

const firstFrom = (keys: readonly number[], least: number): number => {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
};

const between =
  (keys: readonly number[]): NonNullable<Term['named']> =>
  (first, last) =>
    keys.slice(firstFrom(keys, first), firstFrom(keys, last + 1));

/** Asks the index for the blocks of frequent words. */
function namedBlocks(library: Library, match: string): NonNullable<Term['named']> {
  let asked = 0;
  let all: Term['named'] = null;
  return (first, last) => {
    asked += 1;
    if (asked > ONE_BY_ONE) all ??= between(library.text.named(match, 0, Number.MAX_SAFE_INTEGER));
    return all?.(first, last) ?? library.text.named(match, first, last);
  };
}

export function planOf(library: Library, meaning: Meaning, wholeLibrary: boolean): Plan {
  switch (meaning.kind) {
    case 'term': {
      const finder = createFinder(meaning.needle);
      const kinds: readonly TextKind[] = meaning.kinds;
      const fields = TEXT_FIELDS.filter((field) => kinds.includes(field));
      const commands = kinds.includes('command');
      const match = indexQuery(finder.narrow);
      const rare = match === null || !wholeLibrary ? null : library.text.rare(match, fields, RARE);
      const sessions = rare === null || commands ? null : new Set(rare.map(({ session }) => session));
      const named = match === null ? null : rare === null ? namedBlocks(library, match) : between(rare.map(({ key }) => key));
      return { kind: 'term', finder, fields, commands, times: meaning.times, named, sessions };
    }
    case 'session': {
      const { field, values } = meaning;
      return {
        kind: 'session',
        test: (session) => {
          const value = valueOf(session, field);
          return value !== null && values.some((asked) => fits(asked, value));
        },
      };
    }
    case 'not':
      return { kind: 'not', item: planOf(library, meaning.item, wholeLibrary) };
    case 'any':
      return { kind: 'any', items: meaning.items.map((item) => planOf(library, item, wholeLibrary)) };
    case 'all':
      return { kind: 'all', items: meaning.items.map((item) => planOf(library, item, wholeLibrary)), near: meaning.near };
  }
}

/** Sessions outside of which nothing can match; null where that is not known. */
export function candidateSessions(plan: Plan): ReadonlySet<number> | null {
  switch (plan.kind) {
    case 'term':
      return plan.sessions;
    case 'session':
    case 'not':
      return null;
    case 'any': {
      const sets = plan.items.map(candidateSessions);
      return sets.includes(null) ? null : new Set(sets.flatMap((set) => [...set!]));
    }
    case 'all': {
      const [first, ...others] = plan.items.map(candidateSessions).filter((set) => set !== null);
      return first === undefined ? null : new Set([...first].filter((key) => others.every((set) => set.has(key))));
    }
  }
}

/** Whether a session could match by what is known without its text, and whether it could fail to. */
export function possible(plan: Plan, session: SearchedSession): { readonly match: boolean; readonly fail: boolean } {
  switch (plan.kind) {
    case 'term':
      return { match: true, fail: true };
    case 'session': {
      const match = plan.test(session);
      return { match, fail: !match };
    }
    case 'not': {
      const inner = possible(plan.item, session);
      return { match: inner.fail, fail: inner.match };
    }
    case 'any':
    case 'all': {
      const each = plan.items.map((item) => possible(item, session));
      const all = plan.kind === 'all';
      return {
        match: all ? each.every(({ match }) => match) : each.some(({ match }) => match),
        fail: all ? each.some(({ fail }) => fail) : each.every(({ fail }) => fail),
      };
    }
  }
}
