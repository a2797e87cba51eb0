// What a query asks for, with the scope of every word settled: `in:` and the times hold for the group that they stand in and for
// the groups inside it; an `in:` of an inner group takes the place of an outer one, times add up. docs/search.md

import { compileExpression } from './expression.ts';
import { nearest } from './nearest.ts';
import { parseDate, parseDuring, parseLength, type TimeSpan } from './times.ts';
import {
  TEXT_KINDS,
  isModifier,
  isTextKind,
  type Fault,
  type FieldName,
  type FieldNode,
  type Modifier,
  type QueryNode,
  type Span,
  type TextKind,
} from './tree.ts';

/** Fields that choose sessions. */
export type SessionField = Exclude<FieldName, Modifier>;

export type Needle =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'regex'; readonly source: string; readonly flags: string };

export type Meaning =
  | {
      readonly kind: 'term';
      readonly needle: Needle;
      readonly kinds: readonly TextKind[];
      /** A hit lies in all of them. */
      readonly times: readonly TimeSpan[];
    }
  | { readonly kind: 'session'; readonly field: SessionField; readonly values: readonly string[] }
  | { readonly kind: 'not'; readonly item: Meaning }
  | { readonly kind: 'any'; readonly items: readonly Meaning[] }
  | {
      readonly kind: 'all';
      readonly items: readonly Meaning[];
      /** Microseconds within which the hits of all items that have hits lie, or null. */
      readonly near: number | null;
    };

export interface MeaningOptions {
  /** Where words are looked for that have no `in:`. */
  readonly kinds: readonly TextKind[];
  /** Why a field or a kind of text has nothing here, or null when it has. */
  readonly lacks: (what: FieldName | TextKind) => string | null;
  /** The values that a field has here, where a value is none of these and can be no other; else null. */
  readonly others: (name: FieldName, value: string) => readonly string[] | null;
}

export type Meant =
  { readonly kind: 'meaning'; readonly meaning: Meaning } | { readonly kind: 'wrong'; readonly faults: readonly Fault[] };

interface Scope {
  readonly kinds: readonly TextKind[];
  readonly times: readonly TimeSpan[];
}

/** Words and expressions of one query. */
const MAX_TERMS = 64;

/** Values that a fault tells. */
const MAX_TOLD = 10;

/** Whether there is a word in it, one that must not be there included. */
function hasWords(meaning: Meaning): boolean {
  return meaning.kind === 'not' ? hasWords(meaning.item) : hasHits(meaning, hasWords);
}

/** Whether an item has hits of its own. */
function hasHits(meaning: Meaning, inside: (item: Meaning) => boolean = hasHits): boolean {
  switch (meaning.kind) {
    case 'term':
      return true;
    case 'session':
    case 'not':
      return false;
    case 'all':
    case 'any':
      return meaning.items.some((item) => inside(item));
  }
}

class Reading {
  readonly faults: Fault[] = [];
  readonly #options: MeaningOptions;
  #terms = 0;
  /** Whether it was said that there is nothing in the kinds of text that are looked through. */
  #isTold = false;

  constructor(options: MeaningOptions) {
    this.#options = options;
  }

  #fault({ start, end }: Span, why: string, todo: string): null {
    this.faults.push({ start, end, why, todo });
    return null;
  }

  node(node: QueryNode, scope: Scope): Meaning | null {
    switch (node.kind) {
      case 'text':
        return this.#term(node, { kind: 'text', text: node.text }, scope);
      case 'regex':
        return this.#regex(node, scope);
      case 'field':
        return this.#sessionField(node);
      case 'not': {
        if (node.item.kind === 'field' && isModifier(node.item.name)) return this.#loneModifier(node.item);
        const item = this.node(node.item, scope);
        return item === null ? null : { kind: 'not', item };
      }
      case 'or':
        return this.#all('any', node.items, scope, null);
      case 'and':
        return this.#group(node.items, scope);
    }
  }

  #all(kind: 'all' | 'any', nodes: readonly QueryNode[], scope: Scope, near: number | null): Meaning | null {
    const items = nodes.map((item) => this.node(item, scope)).filter((item) => item !== null);
    return kind === 'any' ? { kind, items } : { kind, items, near };
  }

  #term(span: Span, needle: Needle, { kinds, times }: Scope): Meaning | null {
    this.#terms += 1;
    if (this.#terms === MAX_TERMS + 1) {
      this.#fault(span, `a query has at most ${String(MAX_TERMS)} words and expressions`, 'ask in several queries');
    }
    if (kinds === this.#options.kinds && !this.#isTold) {
      const lacks = kinds.map((kind) => this.#options.lacks(kind));
      // Where there is something to look through, some of it, the answer is not empty for that.
      if (!lacks.includes(null)) {
        this.#isTold = true;
        this.#fault(span, lacks[0]!, 'look in other kinds of text: in:visible');
      }
    }
    return { kind: 'term', needle, kinds, times };
  }

  #regex(node: QueryNode & { readonly kind: 'regex' }, scope: Scope): Meaning | null {
    const compiled = compileExpression(node.source, node.flags);
    if (compiled.kind === 'wrong') {
      const at = node.start + 1;
      return this.#fault({ start: at + compiled.start, end: at + compiled.end }, compiled.why, compiled.todo);
    }
    return this.#term(node, { kind: 'regex', source: node.source, flags: node.flags }, scope);
  }

  #loneModifier(node: FieldNode): null {
    const todo =
      node.name === 'near'
        ? 'put two words beside it: drop customers near:5m'
        : `put a word beside it: error ${node.name}:${node.values[0]?.text ?? ''}`;
    return this.#fault(node, `${node.name}: says of the words beside it where or when they stand`, todo);
  }

  #lacking(span: Span, what: FieldName | TextKind): boolean {
    const why = this.#options.lacks(what);
    if (why !== null) this.#fault(span, why, 'leave it out, or put the text in "quotes" to look for it');
    return why !== null;
  }

  #sessionField(node: FieldNode): Meaning | null {
    const { name } = node;
    if (isModifier(name)) return this.#loneModifier(node);
    if (this.#lacking(node, name)) return null;
    for (const value of node.values) {
      if (name === 'exit' && !/^-?\d{1,9}$/.test(value.text)) {
        this.#fault(value, 'an exit status is a whole number', 'write exit:0, or -exit:0 for all others');
      }
      const others = this.#options.others(name, value.text);
      if (others !== null) {
        const some = `${others.slice(0, MAX_TOLD).join(', ')}${others.length > MAX_TOLD ? ', …' : ''}`;
        this.#fault(value, `no session in this library has this ${name}`, `write one of ${some}`);
      }
    }
    return { kind: 'session', field: name, values: node.values.map(({ text }) => text) };
  }

  #group(nodes: readonly QueryNode[], outer: Scope): Meaning | null {
    const seen = new Map<Modifier, { readonly field: FieldNode; readonly negated: boolean }>();
    const rest: QueryNode[] = [];
    for (const node of nodes) {
      const field = node.kind === 'not' ? node.item : node;
      if (field.kind !== 'field' || !isModifier(field.name)) {
        rest.push(node);
        continue;
      }
      const { name } = field;
      if (seen.has(name))
        this.#fault(
          field,
          `${name}: stands here twice`,
          name === 'in' ? 'give all at once: in:typed|visible' : `keep one ${name}:`,
        );
      else if (node.kind === 'not' && name !== 'in') this.#fault(node, `${name}: cannot be negated`, 'remove the minus');
      else seen.set(name, { field, negated: node.kind === 'not' });
    }
    if (rest.length === 0) return this.#loneModifier([...seen.values()][0]!.field);
    const where = seen.get('in');
    const scope: Scope = {
      kinds: where === undefined ? outer.kinds : this.#kinds(where.field, where.negated),
      times: [...outer.times, ...this.#times(seen)],
    };
    const [first] = seen.values();
    const nearBy = seen.get('near')?.field;
    const near = nearBy === undefined ? null : this.#length(nearBy);
    const all = this.#all('all', rest, scope, near);
    // Of a part that is wrong it was said already.
    if (all?.kind !== 'all' || all.items.length < rest.length) return all;
    if (first !== undefined && !all.items.some(hasWords)) return this.#loneModifier(first.field);
    if (nearBy !== undefined && all.items.filter((item) => hasHits(item)).length < 2) {
      this.#fault(nearBy, 'near: needs at least two words beside it', 'write two words: drop customers near:5m');
    }
    return all;
  }

  #kinds(node: FieldNode, negated: boolean): readonly TextKind[] {
    const kinds: TextKind[] = [];
    for (const value of node.values) {
      const name = value.text.toLowerCase();
      if (isTextKind(name)) {
        if (!this.#lacking(value, name)) kinds.push(name);
        continue;
      }
      const meant = nearest(name, TEXT_KINDS);
      this.#fault(
        value,
        `there is no text of this kind`,
        meant === null ? `write one of ${TEXT_KINDS.join(', ')}` : `write ${meant}`,
      );
    }
    return negated ? TEXT_KINDS.filter((kind) => !kinds.includes(kind) && this.#options.lacks(kind) === null) : kinds;
  }

  #length(node: FieldNode): number | null {
    const [value, second] = node.values;
    const length = second === undefined ? parseLength(value!.text) : null;
    return length ?? this.#fault(value!, 'near: takes one length of time', 'write near:30s, near:5m or near:1h30m');
  }

  #times(seen: ReadonlyMap<Modifier, { readonly field: FieldNode }>): TimeSpan[] {
    const times: TimeSpan[] = [];
    for (const name of ['before', 'after', 'during'] as const) {
      const field = seen.get(name)?.field;
      if (field === undefined) continue;
      const [value, second] = field.values;
      const date = second === undefined && name !== 'during' ? parseDate(value!.text) : null;
      const span =
        name === 'during'
          ? second === undefined
            ? parseDuring(value!.text)
            : null
          : date === null
            ? null
            : name === 'before'
              ? { from: null, to: date.from }
              : { from: date.from, to: null };
      if (span !== null) times.push(span);
      else {
        const forms =
          name === 'during'
            ? `during:2026-11-21 or during:2026-11-20/2026-11-21`
            : `${name}:2026-11-21 or ${name}:2026-11-21T09:30`;
        this.#fault(value!, `${name}: takes a date, in UTC unless it says its zone`, `write ${forms}`);
      }
    }
    return times;
  }
}

/** Settles what a tree asks for, or says what makes no sense in it. */
export function meaningOf(tree: QueryNode, options: MeaningOptions): Meant {
  const reading = new Reading(options);
  const meaning = reading.node(tree, { kinds: options.kinds, times: [] });
  if (reading.faults.length === 0 && meaning !== null && !hasHits(meaning)) {
    reading.faults.push({
      start: tree.start,
      end: tree.end,
      why: 'there is nothing to look for: hits are places where a word stands',
      todo: 'add a word, a "phrase" or an /expression/',
    });
  }
  if (meaning === null || reading.faults.length > 0) {
    return { kind: 'wrong', faults: reading.faults.toSorted((a, b) => a.start - b.start) };
  }
  return { kind: 'meaning', meaning };
}
