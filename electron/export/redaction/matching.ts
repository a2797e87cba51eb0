// What a rule finds in a piece of text. Texts are compared without what only changes their look: compatibility forms (full-width, ligatures),
// combining marks, invisible characters and, in texts of some length, blanks and line breaks. What a text may also stand as (base64, hex)
// is found too, and all of it with escapes undone. Finding too much is allowed here; finding too little is not. Specification: docs/redaction.md.

import type { RedactionRule } from '../../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { compileExpression, type Expression } from '../../../shared/query/expression.ts';
import { fold } from '../../../shared/query/fold.ts';
import { holds } from '../../../shared/query/narrow.ts';
import { findSecrets } from '../../../shared/query/secrets.ts';
import { Automaton } from './automaton.ts';
import { LONGEST_ESCAPE, unescaped, unescapings, withoutBreaks, type Unescaping } from './escapes.ts';
import { writtenForms } from './withheld-forms.ts';

/** What stands in the place of a withheld character of one column, and of one of two: the mark that Japanese print puts for a missing one. */
export const BLOCK = '\u2588';
export const WIDE_BLOCK = '\u3013';
const BLOCK_CODE = 0x2588;
const WIDE_BLOCK_CODE = 0x3013;

export interface Match {
  /** UTF-16 offsets in the text. */
  readonly start: number;
  readonly end: number;
  /** Position of the rule that found it. */
  readonly rule: number;
}

/** Letters and digits from which on a text is found with blanks and breaks anywhere in it. */
const LONG = 8;

/** Cells that are looked at for patterns, and at most for anything. What is longer and went out in one piece is found in the stream. */
const FORM_REACH = 1024;
const MAX_REACH = 4096;

/** Longest pieces that are searched as one; texts of rules are shorter. */
export const OVERLAP = 16_384;

const INVISIBLE =
  /^[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}\p{M}]+$/u;
const BLANK = /^\s+$/u;
const SPACE = 0x20;
const LINE_FEED = 0x0a;

/** Bare form of a character by its code, letter case kept: nothing for what is invisible, one blank for blanks. */
const bareForms = new Map<number, string>();
function bare(code: number): string {
  let form = bareForms.get(code);
  if (form === undefined) {
    form = Array.from(String.fromCodePoint(code).normalize('NFKD'), (part) =>
      INVISIBLE.test(part) ? '' : BLANK.test(part) ? ' ' : part,
    ).join('');
    if (bareForms.size > 65_536) bareForms.clear();
    bareForms.set(code, form);
  }
  return form;
}

/** Folded forms: also without letter case, character by character, for what is lower case must not depend on what follows. */
const foldedForms = new Map<number, string>();
function folded(code: number): string {
  let form = foldedForms.get(code);
  if (form === undefined) {
    form = Array.from(bare(code).toUpperCase(), (part) => part.toLowerCase()).join('');
    if (foldedForms.size > 65_536) foldedForms.clear();
    foldedForms.set(code, form);
  }
  return form;
}

interface Word {
  readonly text: string;
  readonly matchCase: boolean;
  readonly rule: number;
}

/** One way to read a text: `tight` leaves all blanks out, else runs of them are one and line breaks are none. */
class Reading {
  readonly #automaton: Automaton;
  /** Words that are one when letter case is left out, in the order of the automaton. */
  readonly #words: readonly (readonly Word[])[];
  readonly #lengths: readonly number[];
  readonly #tight: boolean;
  /** Symbols of the longest word. */
  readonly longest: number;

  constructor(words: readonly Word[], tight: boolean) {
    const alike = Map.groupBy(words, ({ text }) => readAs(text, folded, tight).trim());
    alike.delete('');
    const keys = Array.from(alike.keys());
    this.#automaton = new Automaton(keys.map(unitsOf));
    this.#words = Array.from(alike.values());
    this.#lengths = keys.map(({ length }) => length);
    this.longest = this.#lengths.reduce((most, length) => Math.max(most, length), 0);
    this.#tight = tight;
  }

  /** `joined`: a line break is no end of a short text. */
  find(text: string, joined: boolean, found: (match: Match) => void): void {
    const automaton = this.#automaton;
    const { root } = automaton;
    const tight = this.#tight;
    let state = 0;
    let blank = false;
    for (let at = 0; at < text.length;) {
      let code = text.charCodeAt(at++);
      if (code < 0x80) {
        if (code === SPACE || (code >= 0x09 && code <= 0x0d)) {
          if (tight || (code === LINE_FEED && joined)) continue;
          if (code === LINE_FEED) {
            state = 0;
            blank = false;
            continue;
          }
          if (blank) continue;
          blank = true;
          code = SPACE;
        } else {
          blank = false;
          if (code >= 0x41 && code <= 0x5a) code += 0x20;
        }
        if (state === 0 && root[code] === 0) continue;
        state = automaton.next(state, code);
        if (automaton.endsWord(state)) this.#tell(state, text, at, joined, found);
        continue;
      }
      if (code >= 0xd800 && code < 0xdc00 && at < text.length) {
        code = text.codePointAt(at - 1)!;
        if (code > 0xffff) at += 1;
      }
      const form = folded(code);
      for (let i = 0; i < form.length; i++) {
        const unit = form.charCodeAt(i);
        if (unit === SPACE && (tight || blank)) continue;
        blank = unit === SPACE;
        state = automaton.next(state, unit);
        if (automaton.endsWord(state)) this.#tell(state, text, at, joined, found);
      }
    }
  }

  #tell(state: number, text: string, end: number, joined: boolean, found: (match: Match) => void): void {
    for (const id of this.#automaton.wordsAt(state)) {
      const start = this.#startOf(text, end, this.#lengths[id]!, joined);
      let written: string | null = null;
      for (const word of this.#words[id]!) {
        if (word.matchCase) {
          const piece = text.slice(start, end);
          written ??= readAs(joined ? piece.replaceAll('\n', '') : piece, bare, this.#tight);
          if (!written.endsWith(readAs(word.text, bare, this.#tight).trim())) continue;
        }
        found({ start, end, rule: word.rule });
      }
    }
  }

  /** Where the last `symbols` before `end` began; rather too early than too late. */
  #startOf(text: string, end: number, symbols: number, joined: boolean): number {
    let at = end;
    let blank = false;
    for (let left = symbols; left > 0 && at > 0;) {
      at -= 1;
      let code = text.charCodeAt(at);
      if (code >= 0xdc00 && code < 0xe000 && at > 0) {
        code = text.codePointAt(at - 1)!;
        if (code > 0xffff) at -= 1;
        else code = text.charCodeAt(at);
      }
      if (code === LINE_FEED && joined) continue;
      const form = folded(code);
      if (form !== ' ') left -= form.length;
      else if (!this.#tight && !blank) left -= 1;
      if (form !== '') blank = form === ' ';
    }
    return at;
  }
}

const unitsOf = (text: string): number[] => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));

/** A text as a reading sees it. */
function readAs(text: string, form: (code: number) => string, tight: boolean): string {
  const read = Array.from(text, (character) => form(character.codePointAt(0)!)).join('');
  return read.replaceAll(/\s+/g, tight ? '' : ' ');
}

const HAS_INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}\p{M}]/u;

interface Sighted {
  readonly text: string;
  /** Where each unit of `text` began in the original, and its length at the end; null where both are the same. */
  readonly starts: readonly number[] | null;
}

/** A text as an expression sees it: composed, without what is invisible. */
function sighted(text: string): Sighted {
  if (!HAS_INVISIBLE.test(text) && text.normalize('NFKC') === text) return { text, starts: null };
  let shown = '';
  const starts: number[] = [];
  let at = 0;
  for (const character of text) {
    const form = INVISIBLE.test(character) ? '' : character.normalize('NFKC');
    for (let i = 0; i < form.length; i++) starts.push(at);
    shown += form;
    at += character.length;
  }
  starts.push(text.length);
  return { text: shown, starts };
}

export class Matcher {
  readonly #readings: readonly Reading[];
  readonly #unescapings: readonly Unescaping[];
  readonly #expressions: readonly { readonly expression: Expression; readonly rule: number }[];
  readonly #secrets: number;
  /** Whether any rule looks at text. */
  readonly active: boolean;
  /** Cells on either side of a changed one in which something that it is part of can stand. */
  readonly reach: number;

  /** `more`: texts found already, with the rules that found them; they are looked for as they are. Throws kind `usage` for a wrong pattern. */
  constructor(rules: readonly RedactionRule[], more: ReadonlyMap<string, number> = new Map()) {
    const literals: Word[] = Array.from(more, ([text, rule]) => ({ text, matchCase: true, rule }));
    const expressions: { expression: Expression; rule: number }[] = [];
    for (const [i, rule] of rules.entries()) {
      if (rule.kind === 'text') {
        if (readAs(rule.text, bare, true) === '')
          throw new ExhibitError('usage', 'redact', 'the text has nothing visible in it', 'name a text that can be read');
        literals.push({ text: rule.text, matchCase: rule.matchCase, rule: i });
      }
      if (rule.kind !== 'pattern') continue;
      const compiled = compileExpression(rule.pattern, rule.flags);
      if (compiled.kind === 'wrong') throw new ExhibitError('usage', 'redact', compiled.why, compiled.todo);
      expressions.push({ expression: compiled.expression, rule: i });
    }
    this.#secrets = rules.findIndex(({ kind }) => kind === 'secrets');
    this.#expressions = expressions;
    this.#readings = [true, false].flatMap((tight) => {
      const words = wordsOf(literals, tight);
      return words.length === 0 ? [] : [new Reading(words, tight)];
    });
    const longest = this.#readings.reduce((most, reading) => Math.max(most, reading.longest), 0);
    const reach = Math.min(OVERLAP, longest * LONGEST_ESCAPE);
    this.#unescapings = unescapings(
      literals.map(({ text }) => text),
      reach,
      true,
    );
    // Each character may take two cells, or be an escape.
    const written = literals.reduce((most, { text }) => Math.max(most, text.length), 0) * LONGEST_ESCAPE;
    this.reach = Math.min(
      MAX_REACH,
      Math.max(longest * 2, written, expressions.length > 0 || this.#secrets >= 0 ? FORM_REACH : 0),
    );
    this.active = this.#readings.length > 0 || expressions.length > 0 || this.#secrets >= 0;
  }

  /** Everything that the rules find in a text of one or many lines; matches may overlap. `joined` as of `findTexts`. */
  find(text: string, joined: boolean): Match[] {
    return [...this.findTexts(text, joined), ...this.findForms(text)];
  }

  /**
   * What text rules find. `joined`: a text that goes on after a line break (of a stream, where lines are only a manner of speaking) is
   * found whatever its length.
   */
  findTexts(text: string, joined: boolean): Match[] {
    const matches = this.#read(text, joined);
    if (this.#readings.length === 0) return matches;
    this.#readEscaped(text, null, joined, matches);
    const whole = joined ? withoutBreaks(text) : null;
    if (whole !== null) this.#readEscaped(whole.text, whole.starts, joined, matches);
    return matches;
  }

  /** Adds what stands in escapes; `places`: where each unit stands in what is searched, null where that is the text. */
  #readEscaped(text: string, places: Uint32Array | null, joined: boolean, matches: Match[]): void {
    const seen = new Set<string>();
    for (const way of this.#unescapings) {
      for (const { text: shown, starts } of unescaped(text, way)) {
        for (const { start, end, rule } of this.#read(shown, joined)) {
          const [from, to] = [starts[start]!, starts[end]!];
          const key = `${String(from)} ${String(to)} ${String(rule)}`;
          if (seen.has(key) || text.slice(from, to) === shown.slice(start, end)) continue;
          seen.add(key);
          matches.push(
            places === null ? { start: from, end: to, rule } : { start: places[from]!, end: places[to - 1]! + 1, rule },
          );
        }
      }
    }
  }

  #read(text: string, joined: boolean): Match[] {
    const matches: Match[] = [];
    for (const reading of this.#readings) {
      reading.find(text, joined, (match) => {
        if (!hides(text, match)) return;
        const last = matches.at(-1);
        // A text that overlaps itself is one match, however often.
        if (last?.rule === match.rule && match.start < last.end && match.start >= last.start)
          matches[matches.length - 1] = { ...last, end: match.end };
        else matches.push(match);
      });
    }
    return matches;
  }

  /** What patterns and the list of secrets find, line by line. */
  findForms(text: string): Match[] {
    if (this.#expressions.length === 0 && this.#secrets < 0) return [];
    const matches: Match[] = [];
    const { text: shown, starts } = sighted(text);
    const add = (start: number, end: number, rule: number): void => {
      const match = starts === null ? { start, end, rule } : { start: starts[start]!, end: after(starts, end), rule };
      if (hides(text, match)) matches.push(match);
    };
    if (this.#expressions.length > 0) {
      let offset = 0;
      for (const line of shown.split('\n')) {
        const folded = fold(line);
        for (const { expression, rule } of this.#expressions) {
          if (line === '' || !holds(folded, expression.narrow)) continue;
          for (const { start, end } of expression.matches(line, 0)) add(offset + start, offset + end, rule);
        }
        offset += line.length + 1;
      }
    }
    if (this.#secrets >= 0) for (const { start, end } of findSecrets(shown)) add(start, end, this.#secrets);
    return matches;
  }
}

/** The place in the original of the end of a range: marks and invisible characters behind its last character belong to it. */
function after(starts: readonly number[], end: number): number {
  let at = end;
  while (at < starts.length - 1 && starts[at] === starts[end - 1]) at += 1;
  return starts[at]!;
}

/** Whether a match has anything to withhold: blanks and blocks are nothing. */
function hides(text: string, { start, end }: Match): boolean {
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== BLOCK_CODE && unit !== WIDE_BLOCK_CODE && unit > SPACE) return true;
  }
  return false;
}

/** Texts of some length are read tightly, and so is whatever else a text may stand as; letter case counts there. */
function wordsOf(literals: readonly Word[], tight: boolean): Word[] {
  return literals.flatMap((literal) => {
    const { text, rule } = literal;
    const own = readAs(text, bare, true).length >= LONG === tight ? [literal] : [];
    if (!tight) return own;
    const others = writtenForms(text).filter(([encoding, form]) => encoding !== 'raw' && form !== text);
    return [...own, ...others.map(([, form]) => ({ text: form, matchCase: true, rule }))];
  });
}
