// A query's meaning as work: finders for its words, questions for the index, tests for sessions, and which sessions can match
// at all where words are rare.

import { fold } from '../../shared/query/fold.ts';
import type { Meaning, SessionField } from '../../shared/query/meaning.ts';
import type { TimeSpan } from '../../shared/query/times.ts';
import type { TextKind } from '../../shared/query/tree.ts';
import { TEXT_FIELDS, type GroupRef, type Library, type SearchedSession, type TextField } from '../library/library.ts';
import { createFinder, type Finder } from './finder.ts';

export interface Term {
  readonly kind: 'term';
  readonly finder: Finder;
  readonly fields: readonly TextField[];
  readonly commands: boolean;
  /** Ids of the sessions whose annotations are looked at; null where no annotation is. */
  readonly notes: ReadonlySet<string> | null;
  /** Keys of the sessions of which a source told something; null where that is not looked at. */
  readonly history: ReadonlySet<number> | null;
  readonly times: readonly TimeSpan[];
  /** All groups of lines that can hold a hit; null where the index cannot tell. */
  readonly groups: ReadonlySet<number> | null;
  /** The same by session, where they are few and the whole library is searched. */
  readonly located: ReadonlyMap<number, readonly GroupRef[]> | null;
}

export type Plan =
  | Term
  | { readonly kind: 'session'; readonly test: (session: SearchedSession) => boolean }
  | { readonly kind: 'not'; readonly item: Plan }
  | { readonly kind: 'any'; readonly items: readonly Plan[] }
  | { readonly kind: 'all'; readonly items: readonly Plan[]; readonly near: number | null };

/** Groups of one term that are looked up at once; with more of them, every session is gone through. */
const RARE = 5000;

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

function valueOf(session: SearchedSession, field: Exclude<SessionField, 'tag' | 'case'>): string | null {
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
  }
}

/** Ids of the sessions with one of these tags, or in one of these cases. */
function sessionsNamed({ annotations, cases }: Library, field: 'tag' | 'case', asked: readonly string[]): ReadonlySet<string> {
  const isAsked = (value: string): boolean => asked.some((one) => fits(one, value));
  if (field === 'tag') return annotations.sessionsWith(annotations.tags().filter(isAsked));
  const named = cases.names().filter(({ id, number }) => isAsked(number) || asked.includes(id));
  return cases.sessionsOf(named.map(({ id }) => id));
}

export function planOf(library: Library, meaning: Meaning, wholeLibrary: boolean): Plan {
  switch (meaning.kind) {
    case 'term': {
      const finder = createFinder(meaning.needle);
      const kinds: readonly TextKind[] = meaning.kinds;
      const fields = TEXT_FIELDS.filter((field) => kinds.includes(field));
      const commands = kinds.includes('command');
      const groups = fields.length === 0 ? new Set<number>() : library.derived.text.candidates(finder.spelled);
      const notes = kinds.includes('note') ? library.annotations.sessionsWith(null) : null;
      const history = kinds.includes('history') ? library.history.sessionsTold() : null;
      const located = groups !== null && groups.size <= RARE && wholeLibrary ? library.derived.text.located(groups) : null;
      return { kind: 'term', finder, fields, commands, notes, history, times: meaning.times, groups, located };
    }
    case 'session': {
      const { field, values } = meaning;
      if (field === 'tag' || field === 'case') {
        const ids = sessionsNamed(library, field, values);
        return { kind: 'session', test: ({ id }) => ids.has(id) };
      }
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
    case 'term': {
      const { located, commands, notes, history } = plan;
      return located === null || commands || notes !== null || history !== null ? null : new Set(located.keys());
    }
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
    case 'term': {
      const isRead = plan.fields.length > 0 || plan.commands;
      const isTold = plan.notes?.has(session.id) === true || plan.history?.has(session.key) === true;
      return { match: isRead || isTold, fail: true };
    }
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

/** Whether it asks for text of recordings, which an index has, and not of annotations alone. */
export function asksRecordings(plan: Plan): boolean {
  switch (plan.kind) {
    case 'term':
      return plan.fields.length > 0 || plan.commands;
    case 'session':
      return false;
    case 'not':
      return asksRecordings(plan.item);
    case 'any':
    case 'all':
      return plan.items.some(asksRecordings);
  }
}
