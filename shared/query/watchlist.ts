// Indicator lists as text: one indicator a line, plain, /expression/ or a condition over several, each with an optional [name]; lines that
// begin with # are comments. What is wrong is told with line and column. docs/watchlists.md

import { compileExpression } from './expression.ts';
import type { Needle } from './meaning.ts';
import { EXPRESSION_SIGNS, NOT_CLOSED, WRONG_FLAGS, betweenSlashes, readingOf, takenSlash } from './slashes.ts';

export interface Indicator {
  /** As the list names it, or null. */
  readonly name: string | null;
  /** As it is written, without its name. */
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly needles: readonly Needle[];
  /** How many of the needles a session must have for the indicator to hit. */
  readonly needed: number;
}

/** Lines and columns count from 1; columns and lengths in UTF-16 units. */
export interface ListFault {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly why: string;
  readonly todo: string;
}

export type ParsedList =
  | { readonly kind: 'list'; readonly indicators: readonly Indicator[] }
  | { readonly kind: 'wrong'; readonly faults: readonly ListFault[] };

/** UTF-16 units of a list, its indicators, the parts of one condition, and how many faults are told. */
export const MAX_LIST = 4_000_000;
const MAX_INDICATORS = 50_000;
const MAX_PARTS = 100;
const MAX_FAULTS = 100;

const CONDITION = /^(all|any|\d{1,4})\s+of\s*\(/i;

class LineFault extends Error {
  readonly start: number;
  readonly end: number;
  readonly todo: string;

  constructor(start: number, end: number, why: string, todo: string) {
    super(why);
    this.start = start;
    this.end = end;
    this.todo = todo;
  }
}

/** One line; offsets are those in it. Throws a {@link LineFault}. */
class LineReader {
  readonly #line: string;
  readonly #end: number;
  #at: number;

  constructor(line: string) {
    this.#line = line;
    this.#end = line.trimEnd().length;
    this.#at = line.length - line.trimStart().length;
  }

  #fault(start: number, end: number, why: string, todo: string): never {
    throw new LineFault(start, end, why, todo);
  }

  #blanks(): void {
    while (this.#at < this.#end && /\s/.test(this.#line[this.#at]!)) this.#at += 1;
  }

  read(): Omit<Indicator, 'line'> {
    const name = this.#name();
    const text = this.#line.slice(this.#at, this.#end);
    const condition = CONDITION.exec(text);
    if (condition !== null) return { name, text, ...this.#condition(condition) };
    const needle = this.#needle('');
    if (this.#at < this.#end) {
      this.#fault(this.#at, this.#end, 'nothing may stand behind the closing quote', 'put all of the text into the quotes');
    }
    return { name, text, needles: [needle], needed: 1 };
  }

  #name(): string | null {
    if (this.#line[this.#at] !== '[') return null;
    const start = this.#at;
    const close = this.#line.indexOf(']', start);
    if (close === -1) this.#fault(start, this.#end, 'this name is not closed', 'add ] behind it, or put the text in "quotes"');
    const name = this.#line.slice(start + 1, close).trim();
    if (name === '') this.#fault(start, close + 1, 'this name is empty', 'write it between the brackets, or remove them');
    this.#at = close + 1;
    this.#blanks();
    if (this.#at >= this.#end)
      this.#fault(start, close + 1, 'this name has no indicator', 'write the indicator behind it, in the same line');
    return name;
  }

  #condition(head: RegExpExecArray): Pick<Indicator, 'needles' | 'needed'> {
    const start = this.#at;
    this.#at += head[0].length;
    const needles: Needle[] = [];
    for (;;) {
      this.#blanks();
      if (this.#at >= this.#end)
        this.#fault(start, this.#end, 'this condition is not closed', 'add ) at its end, or put the text in "quotes"');
      needles.push(this.#needle(',)'));
      this.#blanks();
      const sign = this.#line[this.#at];
      if (this.#at >= this.#end) continue;
      if (sign !== ',' && sign !== ')')
        this.#fault(this.#at, this.#at + 1, 'here stands a comma or the end of the condition', 'write , or )');
      this.#at += 1;
      if (sign === ')') break;
    }
    if (this.#at < this.#end)
      this.#fault(this.#at, this.#end, 'nothing may stand behind a condition', 'remove it, or write it in a line of its own');
    if (needles.length > MAX_PARTS)
      this.#fault(start, this.#end, `a condition has at most ${String(MAX_PARTS)} parts`, 'split it');
    const word = head[1]!.toLowerCase();
    const needed = word === 'all' ? needles.length : word === 'any' ? 1 : Number(word);
    if (needed < 1 || needed > needles.length) {
      this.#fault(
        start,
        start + word.length,
        `the condition has ${String(needles.length)} parts`,
        `write 1 to ${String(needles.length)}, all or any`,
      );
    }
    return { needles, needed };
  }

  /** A quoted text, an expression, or what stands there up to one of the stops or the end of the line. */
  #needle(stops: string): Needle {
    if (this.#line[this.#at] === '"') return this.#quoted();
    const expression = this.#expression(stops);
    if (expression !== null) return expression;
    const start = this.#at;
    while (this.#at < this.#end && !stops.includes(this.#line[this.#at]!)) this.#at += 1;
    const text = this.#line.slice(start, this.#at).trimEnd();
    if (text === '') this.#fault(start, start + 1, 'here is nothing to look for', 'write a text, or remove the comma');
    if (text.startsWith('/') && !text.includes('/', 1) && EXPRESSION_SIGNS.test(text)) {
      this.#fault(start, start + text.length, 'this expression is not closed', 'add / at its end, or put the text in "quotes"');
    }
    return { kind: 'text', text };
  }

  #quoted(): Needle {
    const start = this.#at;
    let text = '';
    for (let at = start + 1; at < this.#end; at++) {
      const sign = this.#line[at]!;
      if (sign === '"') {
        if (text.trim() === '') this.#fault(start, at + 1, 'there is nothing between the quotes', 'write the text');
        this.#at = at + 1;
        return { kind: 'text', text };
      }
      const next = this.#line[at + 1];
      if (sign === '\\' && (next === '"' || next === '\\')) {
        text += next;
        at += 1;
      } else text += sign;
    }
    return this.#fault(start, this.#end, 'this quote is not closed', 'add " at its end');
  }

  /** `/source/flags` up to the end, a blank or a stop; null where it is a path. */
  #expression(stops: string): Needle | null {
    const line = this.#line.slice(0, this.#end);
    const start = this.#at;
    const found = betweenSlashes(line, start);
    if (found === null) {
      const taken = takenSlash(line.slice(start).split(/\s/, 1)[0]!);
      if (taken !== null) this.#fault(start + taken, start + taken + 1, NOT_CLOSED.why, NOT_CLOSED.todo);
      return null;
    }
    const { source, flags, end } = found;
    const behind = stops === '' ? line[end] : line.slice(end).trimStart()[0];
    const reading = readingOf(found);
    if (reading === 'path' || (behind !== undefined && !stops.includes(behind))) return null;
    if (reading === 'wrong flags') this.#fault(end - flags.length, end, WRONG_FLAGS.why, WRONG_FLAGS.todo);
    const compiled = compileExpression(source, flags);
    if (compiled.kind === 'wrong') this.#fault(start + 1 + compiled.start, start + 1 + compiled.end, compiled.why, compiled.todo);
    this.#at = end;
    return { kind: 'regex', source, flags };
  }
}

/** Reads a list. Every line that is wrong is told, the first hundred of them. */
export function parseWatchlist(text: string): ParsedList {
  const faults: ListFault[] = [];
  const indicators: Indicator[] = [];
  const fault = (line: number, column: number, length: number, why: string, todo: string): void => {
    faults.push({ line, column, length, why, todo });
  };
  if (text.length > MAX_LIST) fault(1, 1, 1, `a list has at most ${String(MAX_LIST)} characters`, 'split it');
  else {
    for (const [i, line] of text
      .replace(/^\ufeff/, '')
      .split(/\r\n|\r|\n/)
      .entries()) {
      if (faults.length >= MAX_FAULTS) break;
      const bare = line.trim();
      if (bare === '' || bare.startsWith('#')) continue;
      if (indicators.length === MAX_INDICATORS) {
        fault(i + 1, 1, line.length, `a list has at most ${String(MAX_INDICATORS)} indicators`, 'split it');
        break;
      }
      try {
        indicators.push({ ...new LineReader(line).read(), line: i + 1 });
      } catch (error) {
        if (!(error instanceof LineFault)) throw error;
        fault(i + 1, error.start + 1, Math.max(1, error.end - error.start), error.message, error.todo);
      }
    }
    if (indicators.length === 0 && faults.length === 0)
      fault(1, 1, 1, 'the list has no indicator', 'write one a line: a text, /an expression/ or all of (a, b)');
  }
  return faults.length > 0 ? { kind: 'wrong', faults } : { kind: 'list', indicators };
}
