// What the text index knows of a text: its trigrams, and the pairs of its ideographs and syllables, each as a number. A text that
// holds a literal has all the literal's terms; the other way round is not so (two terms may share a number, and terms may stand
// apart), so whoever narrows by terms looks at the text itself afterwards. Index and search use this one function.

import { fold } from './fold.ts';

const BITS = 20;

/** How many different numbers there are. */
export const TERMS = 1 << BITS;

const SHIFT = 32 - BITS;
const FIRST_WIDE = 0x2e80;

/** Codes of ASCII as they are folded. */
const LOWER = Uint8Array.from({ length: 128 }, (_, code) => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code));

// ((a * 0x9e3779b1 + b) * 0x85ebca6b + c) * 0xc2b2ae35, multiplied out: the three do not wait for each other.
const THIRD = 0xc2b2ae35;
const SECOND = Math.imul(0x85ebca6b, THIRD);
const FIRST = Math.imul(0x9e3779b1, SECOND);

const triple = (a: number, b: number, c: number): number =>
  (Math.imul(a, FIRST) + Math.imul(b, SECOND) + Math.imul(c, THIRD)) >>> SHIFT;

const pair = (a: number, b: number): number => Math.imul(Math.imul(a, 0x27d4eb2f) + b, 0x165667b1) >>> SHIFT;

/** A set of terms that texts are added to. Each number is in it once. */
export class TermSet {
  /** Of a byte each: they stay near the processor. */
  readonly #stamps = new Uint8Array(TERMS);
  #stamp = 1;
  #terms = new Uint32Array(4096);
  #count = 0;

  /** In the order of their first occurrence; a view that the next change invalidates. */
  get terms(): Uint32Array {
    return this.#terms.subarray(0, this.#count);
  }

  clear(): void {
    this.#count = 0;
    this.#stamp += 1;
    if (this.#stamp > 0xff) {
      this.#stamps.fill(0);
      this.#stamp = 1;
    }
  }

  #add(term: number): void {
    if (this.#stamps[term] === this.#stamp) return;
    this.#stamps[term] = this.#stamp;
    if (this.#count === this.#terms.length) {
      const grown = new Uint32Array(this.#terms.length * 2);
      grown.set(this.#terms);
      this.#terms = grown;
    }
    this.#terms[this.#count++] = term;
  }

  /** Adds what is in a text, as it is folded for comparison. */
  add(text: string): void {
    const { length } = text;
    let a = 0;
    let b = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.addFolded(fold(text));
        return;
      }
      const c = LOWER[code]!;
      if (i >= 2) this.#add(triple(a, b, c));
      a = b;
      b = c;
    }
  }

  /** Adds what is in a text that is folded already. */
  addFolded(text: string): void {
    let a = 0;
    let b = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (i >= 2) this.#add(triple(a, b, c));
      if (i >= 1 && b >= FIRST_WIDE && c >= FIRST_WIDE) this.#add(pair(b, c));
      a = b;
      b = c;
    }
  }
}

/** The terms that every text has whose folded form holds this folded literal; none where it is too short to say. */
export function termsOf(literal: string): Uint32Array {
  asked ??= new TermSet();
  asked.clear();
  asked.addFolded(literal);
  return asked.terms.slice();
}

/** One for all questions: it is large. */
let asked: TermSet | null = null;
