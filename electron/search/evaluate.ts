// One session against a plan: whether it matches, and its hits. What is asked of the whole session (is it there, is it near) is
// settled first; then each group of lines that can hold a hit is opened once, in order. Nothing is held but the group at hand, and
// the windows of `near:`. Generators yield null after each group, so that a long search can pause.

import { anyOf } from '../../shared/query/narrow.ts';
import type { TimeSpan } from '../../shared/query/times.ts';
import type { TextKind } from '../../shared/query/tree.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { GroupRef, Library, SearchedSession, StoredGroup, TextLine } from '../library/library.ts';
import type { Match } from './finder.ts';
import { Windows, meets, shared, type Interval } from './nearness.ts';
import type { Plan, Term } from './plan.ts';

export interface Found {
  readonly kind: TextKind;
  readonly line: TextLine;
  readonly match: Match;
}

/** Where a window of this length may begin so that it meets a hit of every word. */
interface Near {
  readonly length: number;
  readonly begins: readonly Interval[];
}

/** A term that counts in this session, and what its hits must be near to. */
interface Active {
  readonly term: Term;
  readonly near: readonly Near[];
}

type Work<T> = Generator<null, T>;

export class SessionSearch {
  readonly #library: Library;
  readonly #session: SearchedSession;
  #groups: readonly GroupRef[] | null = null;
  readonly #there = new Map<Term, boolean>();
  readonly #near = new Map<Plan, Near>();
  #commands: readonly TextLine[] | null = null;
  #notes: readonly TextLine[] | null = null;
  #history: readonly TextLine[] | null = null;

  constructor(library: Library, session: SearchedSession) {
    this.#library = library;
    this.#session = session;
  }

  /** All hits of a plan in this session; none when the session does not match. */
  *hits(plan: Plan): Generator<Found | null> {
    // A single word needs no look before its hits.
    if (plan.kind === 'term') yield* this.#hitsOf([{ term: plan, near: [] }]);
    else if (yield* this.#matches(plan)) yield* this.#hitsOf(yield* this.#active(plan, []));
  }

  /** The hits in lines that have by themselves what the plan asks for. */
  *hitsInLines(plan: Plan): Generator<Found | null> {
    for (const found of this.hits(plan)) if (found === null || isInLine(plan, found.line)) yield found;
  }

  *#matches(plan: Plan): Work<boolean> {
    switch (plan.kind) {
      case 'term':
        return yield* this.#isThere(plan);
      case 'session':
        return plan.test(this.#session);
      case 'not':
        return !(yield* this.#matches(plan.item));
      case 'any':
        for (const item of plan.items) if (yield* this.#matches(item)) return true;
        return false;
      case 'all':
        // What needs no text first.
        for (const item of plan.items) if (item.kind === 'session' && !item.test(this.#session)) return false;
        for (const item of plan.items) if (item.kind !== 'session' && !(yield* this.#matches(item))) return false;
        return plan.near === null || (yield* this.#nearOf(plan, plan.items, plan.near)).begins.length > 0;
    }
  }

  *#isThere(term: Term): Work<boolean> {
    const known = this.#there.get(term);
    if (known !== undefined) return known;
    let there = false;
    for (const found of this.#hitsOf([{ term, near: [] }])) {
      if (found !== null) {
        there = true;
        break;
      }
      yield null;
    }
    this.#there.set(term, there);
    return there;
  }

  /** The terms of the parts of a plan that hold here. */
  *#active(plan: Plan, near: Active['near']): Work<readonly Active[]> {
    switch (plan.kind) {
      case 'term':
        return [{ term: plan, near }];
      case 'session':
      case 'not':
        return [];
      case 'any': {
        const active: Active[] = [];
        for (const item of plan.items) if (yield* this.#matches(item)) active.push(...(yield* this.#active(item, near)));
        return active;
      }
      case 'all': {
        const within = plan.near === null ? near : [...near, yield* this.#nearOf(plan, plan.items, plan.near)];
        const active: Active[] = [];
        for (const item of plan.items) active.push(...(yield* this.#active(item, within)));
        return active;
      }
    }
  }

  /** Windows that meet a hit of every item that has hits. `items` match, each by itself. */
  *#nearOf(plan: Plan, items: readonly Plan[], length: number): Work<Near> {
    const known = this.#near.get(plan);
    if (known !== undefined) return known;
    let common: readonly Interval[] | null = null;
    for (const item of items) {
      const active: readonly Active[] = yield* this.#active(item, []);
      if (active.length === 0) continue;
      const windows = new Windows(length);
      for (const found of this.#hitsOf(active)) {
        if (found === null) yield null;
        else windows.add(found.match.from, found.match.to);
      }
      common = common === null ? windows.take() : shared(common, windows.take());
    }
    const near = { length, begins: common ?? [] };
    this.#near.set(plan, near);
    return near;
  }

  #accepts({ term, near }: Active, { from, to }: Match): boolean {
    return (
      term.times.every((span) => this.#during(span, from, to)) &&
      near.every(({ length, begins }) => meets(begins, from - length, to))
    );
  }

  /** Whether a hit lies in a span of wall time; one of a session without a start lies in none. */
  #during({ from, to }: TimeSpan, hitFrom: Micros, hitTo: Micros): boolean {
    const { startedAt } = this.#session;
    if (startedAt === null) return false;
    const begins = startedAt + hitFrom;
    return (to === null || begins < to) && (from === null || begins >= from || startedAt + hitTo > from);
  }

  /** Groups of this session that can hold a hit, and where it is not known which can, all. */
  #groupsFor(active: readonly Active[]): readonly GroupRef[] {
    const { key } = this.#session;
    const located = active.map(({ term }) => term.located);
    if (located.includes(null)) return (this.#groups ??= this.#library.derived.text.groupsOf(key));
    const lists = located.map((groups) => groups!.get(key) ?? []);
    if (lists.length === 1) return lists[0]!;
    const groups = new Map(lists.flat().map((group) => [group.key, group]));
    return [...groups.values()].toSorted((a, b) => a.key - b.key);
  }

  *#hitsOf(active: readonly Active[]): Generator<Found | null> {
    const { text } = this.#library.derived;
    for (const { key, fields } of this.#groupsFor(active)) {
      const asked = active.filter(
        ({ term }) => (term.groups === null || term.groups.has(key)) && term.fields.some((field) => fields.includes(field)),
      );
      if (asked.length === 0) continue;
      // A session may be indexed anew while a long search pauses.
      const group = text.group(key);
      const texts = group === null ? [] : wantedIn(group, asked);
      for (const field of texts.length === 0 ? [] : fields) {
        const terms = asked.filter(({ term }) => term.fields.includes(field));
        if (terms.length === 0) continue;
        for (const line of group!.lines(field, texts))
          for (const match of this.#matchesIn(line, terms)) yield { kind: field, line, match };
      }
      yield null;
    }
    const commands = active.filter(({ term }) => term.commands);
    for (const line of commands.length === 0 ? [] : this.#commandLines())
      for (const match of this.#matchesIn(line, commands)) yield { kind: 'command', line, match };
    const notes = active.filter(({ term }) => term.notes?.has(this.#session.id) === true);
    for (const line of notes.length === 0 ? [] : this.#noteLines())
      for (const match of this.#matchesIn(line, notes)) yield { kind: 'note', line, match };
    const history = active.filter(({ term }) => term.history?.has(this.#session.key) === true);
    for (const line of history.length === 0 ? [] : this.#historyLines())
      for (const match of this.#matchesIn(line, history)) yield { kind: 'history', line, match };
    if (commands.length + notes.length + history.length > 0) yield null;
  }

  #matchesIn(line: TextLine, terms: readonly Active[]): readonly Match[] {
    const [only] = terms;
    if (terms.length === 1) return only!.term.finder.find(line).filter((match) => this.#accepts(only!, match));
    // The same text, found by two words of a query, is one hit.
    const found = new Map<string, Match>();
    for (const one of terms) {
      for (const match of one.term.finder.find(line)) {
        const name = `${String(match.start)} ${String(match.length)} ${String(match.from)}`;
        if (!found.has(name) && this.#accepts(one, match)) found.set(name, match);
      }
    }
    return [...found.values()].toSorted((a, b) => a.start - b.start || a.from - b.from);
  }

  #commandLines(): readonly TextLine[] {
    this.#commands ??= [...this.#library.derived.eachFact(this.#session, 'command')].flatMap(({ from, to, index, data }) =>
      linesOf((JSON.parse(data) as { readonly text: string }).text, from, to, index),
    );
    return this.#commands;
  }

  /** What sources told of it: at the moment of an event, or at the start; what lies before the recording counts at its start. */
  #historyLines(): readonly TextLine[] {
    const { key, startedAt } = this.#session;
    this.#history ??= this.#library.history.textsOf(key).flatMap(({ text, at }) => {
      const moment = Math.max(0, at === null || startedAt === null ? 0 : at - startedAt) as Micros;
      return linesOf(text, moment, moment, 0);
    });
    return this.#history;
  }

  /** Titles, notes and texts of annotations, each from when to when it speaks of. */
  #noteLines(): readonly TextLine[] {
    this.#notes ??= this.#library.annotations.textsOf(this.#session.id).flatMap(({ title, note, anchor }) => {
      const { fromUs, toUs, fromEvent, text } = anchor;
      return linesOf([title, note, text ?? ''].join('\n'), fromUs as Micros, toUs as Micros, Math.max(0, fromEvent));
    });
    return this.#notes;
  }
}

/** Whether a line has what a plan asks for; what is asked of the session, or of its text as a whole, is settled for every line of it. */
function isInLine(plan: Plan, line: TextLine): boolean {
  switch (plan.kind) {
    case 'term':
      return plan.finder.find(line).length > 0;
    case 'session':
    case 'not':
      return true;
    case 'any':
      return plan.items.some((item) => isInLine(item, line));
    case 'all':
      return plan.items.every((item) => isInLine(item, line));
  }
}

/** Texts of a group that may have a hit of one of these terms. */
function wantedIn(group: StoredGroup, asked: readonly Active[]): readonly number[] {
  const finders = asked.map(({ term }) => term.finder);
  const tests = finders.map(({ mayBeIn }) => mayBeIn);
  const mayBeIn = tests.includes(null) ? null : (texts: string): boolean => tests.some((test) => test!(texts));
  return group.holding(anyOf(finders.map(({ narrow }) => narrow)), mayBeIn);
}

/** A text that has no place on a screen, line by line. */
function linesOf(text: string, at: Micros, to: Micros, index: number): TextLine[] {
  return text.split('\n').flatMap((part) => {
    const bare = part.trim();
    return bare === '' ? [] : [{ text: bare, steps: [{ length: bare.length, at, index }], to, row: -1, col: -1, cols: 0 }];
  });
}
