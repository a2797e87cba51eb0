// A query as tokens. Nothing is refused here without its place: a token that is not right is given all the same, so that
// completion works while somebody is still typing. One pass, no expression that can blow up.

import { nearest } from './nearest.ts';
import { EXPRESSION_SIGNS, NOT_CLOSED, WRONG_FLAGS, betweenSlashes, readingOf, takenSlash } from './slashes.ts';
import { FIELD_NAMES, isFieldName, isTextKind, type Fault, type FieldName, type FieldValue, type Span } from './tree.ts';

export type Token = Span &
  (
    | { readonly kind: 'open' | 'close' | 'minus' | 'or' }
    | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
    | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
    | { readonly kind: 'field'; readonly name: FieldName; readonly values: readonly FieldValue[] }
  );

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly faults: readonly Fault[];
}

const SPACE = /\s/;

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #faults: Fault[] = [];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #fault(start: number, end: number, why: string, todo: string): void {
    this.#faults.push({ start, end, why, todo });
  }

  #ends(at: number): boolean {
    return at >= this.#text.length || SPACE.test(this.#text[at]!);
  }

  run(): Tokens {
    const text = this.#text;
    while (this.#at < text.length) {
      const start = this.#at;
      const sign = text[start]!;
      if (SPACE.test(sign)) this.#at += 1;
      else if (sign === '(') this.#sign('open', 1);
      else if (sign === ')') this.#close();
      else if (sign === '-' && !this.#ends(start + 1) && text[start + 1] !== '-' && text[start + 1] !== ')')
        this.#sign('minus', 0);
      else if (sign === '"') this.#tokens.push({ kind: 'text', ...this.#quoted(), quoted: true });
      else if (!this.#regex()) this.#wordOrField();
    }
    return { tokens: this.#tokens, faults: this.#faults };
  }

  #sign(kind: 'open' | 'minus', deeper: number): void {
    this.#tokens.push({ kind, start: this.#at, end: this.#at + 1 });
    this.#at += 1;
    this.#depth += deeper;
  }

  #close(): void {
    const span = { start: this.#at, end: this.#at + 1 };
    this.#at += 1;
    if (this.#depth === 0) {
      this.#fault(span.start, span.end, 'no group is open here', 'remove the parenthesis, or put the text in "quotes"');
      return;
    }
    this.#depth -= 1;
    this.#tokens.push({ kind: 'close', ...span });
  }

  /** From an opening quote to its end; `\"` and `\\` stand for a quote and a backslash. */
  #quoted(): FieldValue {
    const start = this.#at;
    let value = '';
    for (let at = start + 1; at < this.#text.length; at++) {
      const sign = this.#text[at]!;
      if (sign === '"') {
        this.#at = at + 1;
        return { text: value, start, end: at + 1 };
      }
      const next = this.#text[at + 1];
      if (sign === '\\' && (next === '"' || next === '\\')) {
        value += next;
        at += 1;
      } else value += sign;
    }
    this.#at = this.#text.length;
    this.#fault(start, this.#at, 'this quote is not closed', 'add " at its end');
    return { text: value, start, end: this.#at };
  }

  /** `/source/flags` up to a blank or the end of a group. */
  #regex(): boolean {
    const text = this.#text;
    const start = this.#at;
    const found = betweenSlashes(text, start);
    if (found === null) return false;
    const { source, flags, end } = found;
    const reading = readingOf(found);
    if (reading === 'path' || !(this.#ends(end) || (text[end] === ')' && this.#depth > 0))) return false;
    if (reading === 'wrong flags') this.#fault(end - flags.length, end, WRONG_FLAGS.why, WRONG_FLAGS.todo);
    this.#tokens.push({ kind: 'regex', source, flags, start, end });
    this.#at = end;
    return true;
  }

  /** The end of a bare word: a blank, or the parenthesis that closes the group around it. */
  #wordEnd(stop: string): number {
    let inner = 0;
    let at = this.#at;
    for (; !this.#ends(at) && !stop.includes(this.#text[at]!); at++) {
      if (this.#text[at] === '(') inner += 1;
      else if (this.#text[at] === ')') {
        if (inner === 0 && this.#depth > 0) break;
        inner -= 1;
      }
    }
    return at;
  }

  #wordOrField(): void {
    const start = this.#at;
    const name = /^[a-z]{1,20}(?=:)/i.exec(this.#text.slice(start, start + 21))?.[0].toLowerCase();
    if (name !== undefined && isFieldName(name)) {
      this.#field(name);
      return;
    }
    const end = this.#wordEnd('');
    const word = this.#text.slice(start, end);
    this.#at = end;
    if (word === 'OR') {
      this.#tokens.push({ kind: 'or', start, end });
      return;
    }
    this.#checkWord(word, name, start, end);
    this.#tokens.push({ kind: 'text', text: word, quoted: false, start, end });
  }

  #checkWord(word: string, name: string | undefined, start: number, end: number): void {
    if (word === 'AND')
      this.#fault(start, end, 'words side by side are both meant', 'leave AND out, or write "AND" to look for it');
    if (word === 'NOT') this.#fault(start, end, 'NOT is written as a minus', 'write -word, or "NOT" to look for it');
    if (word.startsWith('/') && word.indexOf('/', 1) === -1 && EXPRESSION_SIGNS.test(word)) {
      this.#fault(start, end, 'this expression is not closed', 'add / at its end, or put the text in "quotes"');
    }
    const taken = takenSlash(word);
    if (taken !== null) this.#fault(start + taken, start + taken + 1, NOT_CLOSED.why, NOT_CLOSED.todo);
    // Addresses (`http://`) and drives (`C:\`) are words.
    if (name === undefined || '/\\'.includes(word[name.length + 1] ?? ' ')) return;
    const field = nearest(name, FIELD_NAMES);
    const meant = isTextKind(name) ? `in:${name} ${word.slice(name.length + 1)}`.trimEnd() : field === null ? null : `${field}:`;
    if (meant !== null)
      this.#fault(start, start + name.length + 1, `there is no field ${name}:`, `write ${meant}, or put the text in "quotes"`);
  }

  #field(name: FieldName): void {
    const start = this.#at;
    const values: FieldValue[] = [];
    this.#at += name.length;
    do {
      this.#at += 1;
      const from = this.#at;
      if (this.#text[from] === '"') values.push(this.#quoted());
      else {
        this.#at = this.#wordEnd('|');
        values.push({ text: this.#text.slice(from, this.#at), start: from, end: this.#at });
      }
      const value = values.at(-1)!;
      if (value.text.trim() === '') {
        const place = value.start === value.end ? { start, end: value.end } : value;
        this.#fault(place.start, place.end, `${name}: has no value`, `write it without a blank: ${EXAMPLES[name]}`);
      }
    } while (this.#text[this.#at] === '|');
    this.#tokens.push({ kind: 'field', name, values, start, end: this.#at });
  }
}

const EXAMPLES: Readonly<Record<FieldName, string>> = {
  in: 'in:visible',
  user: 'user:ops',
  server: 'server:web-2',
  source: 'source:files',
  origin: 'origin:exec',
  group: 'group:g1',
  env: 'env:production',
  status: 'status:closed',
  tag: 'tag:review',
  case: 'case:2026-7',
  exit: 'exit:1',
  before: 'before:2026-11-21',
  after: 'after:2026-11-21T09:30',
  during: 'during:2026-11-21',
  near: 'near:5m',
};

/** Reads the signs and words of a query. `faults` are in the order of their places. */
export function lex(text: string): Tokens {
  return new Lexer(text).run();
}
