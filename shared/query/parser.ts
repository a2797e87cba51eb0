// A query as a tree. Words side by side are all meant; OR binds less; a minus negates; parentheses group. What is wrong is told
// with its place; a tree comes out only when nothing is.

import { lex, type Token } from './lexer.ts';
import { isModifier, type Fault, type QueryNode } from './tree.ts';

export type Parsed =
  { readonly kind: 'query'; readonly tree: QueryNode } | { readonly kind: 'wrong'; readonly faults: readonly Fault[] };

/** Deepest nesting and most parts of a query. A person writes neither. */
const MAX_DEPTH = 32;
const MAX_TOKENS = 400;

class Parser {
  readonly #tokens: readonly Token[];
  readonly #faults: Fault[];
  readonly #end: number;
  #at = 0;

  constructor(tokens: readonly Token[], faults: readonly Fault[], end: number) {
    this.#tokens = tokens;
    this.#faults = [...faults];
    this.#end = end;
  }

  run(): Parsed {
    const tree = this.#alternatives(0);
    if (tree === null && this.#faults.length === 0) {
      this.#faults.push({ start: 0, end: this.#end, why: 'there is nothing to look for', todo: 'give a word or a "phrase"' });
    }
    if (this.#faults.length > 0 || tree === null)
      return { kind: 'wrong', faults: this.#faults.toSorted((a, b) => a.start - b.start) };
    return { kind: 'query', tree };
  }

  #fault({ start, end }: { readonly start: number; readonly end: number }, why: string, todo: string): null {
    this.#faults.push({ start, end, why, todo });
    return null;
  }

  #alternatives(depth: number): QueryNode | null {
    const items: QueryNode[] = [];
    const first = this.#sequence(depth);
    if (first !== null) items.push(first);
    for (let token = this.#tokens[this.#at]; token?.kind === 'or'; token = this.#tokens[this.#at]) {
      this.#at += 1;
      const next = this.#sequence(depth);
      if (items.length === 0 || next === null)
        this.#fault(token, 'OR stands between two things', 'write what is missing, or "OR" to look for it');
      if (next !== null) items.push(next);
    }
    return joined('or', items);
  }

  #sequence(depth: number): QueryNode | null {
    const items: QueryNode[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined && token.kind !== 'or' && token.kind !== 'close';) {
      const item = this.#item(token, depth);
      if (item !== null) items.push(item);
      token = this.#tokens[this.#at];
    }
    return joined('and', items);
  }

  #item(token: Token, depth: number): QueryNode | null {
    this.#at += 1;
    switch (token.kind) {
      case 'minus': {
        const next = this.#tokens[this.#at];
        if (next === undefined || next.kind === 'or' || next.kind === 'close') {
          return this.#fault(token, 'a minus negates what follows it', 'write -word, or "-" to look for it');
        }
        const item = this.#item(next, depth);
        return item === null ? null : { kind: 'not', item, start: token.start, end: item.end };
      }
      case 'open':
        return this.#group(token, depth);
      case 'text':
        if (token.text.trim() === '')
          return this.#fault(token, 'there is nothing between the quotes', 'write the text, or remove the quotes');
        return { kind: 'text', text: token.text, start: token.start, end: token.end };
      case 'regex':
      case 'field':
        return token;
      case 'or':
      case 'close':
        throw new RangeError(`no item begins with ${token.kind}`);
    }
  }

  #group(open: Token, depth: number): QueryNode | null {
    if (depth >= MAX_DEPTH) {
      this.#at = this.#tokens.length;
      return this.#fault(open, `groups are nested more than ${String(MAX_DEPTH)} deep`, 'write the query flatter');
    }
    const inner = this.#alternatives(depth + 1);
    const close = this.#tokens[this.#at];
    if (close === undefined) {
      if (this.#faults.length === 0)
        this.#fault(open, 'this group is not closed', 'add ) at its end, or put the text in "quotes"');
      return null;
    }
    this.#at += 1;
    if (inner === null)
      return this.#fault({ start: open.start, end: close.end }, 'this group is empty', 'write words into it, or remove it');
    const span = { start: open.start, end: close.end };
    // What it says holds in its group, which has nothing else: it stays one.
    const said = inner.kind === 'not' ? inner.item : inner;
    return said.kind === 'field' && isModifier(said.name) ? { kind: 'and', items: [inner], ...span } : { ...inner, ...span };
  }
}

function joined(kind: 'and' | 'or', items: readonly QueryNode[]): QueryNode | null {
  const [first] = items;
  if (first === undefined || items.length === 1) return first ?? null;
  return { kind, items, start: first.start, end: items.at(-1)!.end };
}

export function parseQuery(text: string): Parsed {
  const { tokens, faults } = lex(text);
  const surplus = tokens[MAX_TOKENS];
  if (surplus !== undefined) {
    const why = `a query has at most ${String(MAX_TOKENS)} parts`;
    return { kind: 'wrong', faults: [{ start: surplus.start, end: text.length, why, todo: 'ask in several queries' }] };
  }
  return new Parser(tokens, faults, text.length).run();
}
