// Which of many literals stand in a text, in one look at it: each literal is kept under the one of its trigrams that fewest others have, and
// compared in full where that trigram stands. What is told is exact. The time grows with the text and with the literals that
// share a trigram there, and hardly with their number.

const BITS = 16;
const SHIFT = 32 - BITS;

const place = (a: number, b: number, c: number): number =>
  Math.imul(Math.imul(Math.imul(a, 0x9e3779b1) + b, 0x85ebca6b) + c, 0xc2b2ae35) >>> SHIFT;

const placeAt = (text: string, at: number): number =>
  place(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2));

export class Literals {
  readonly #texts: readonly string[];
  /** Literals too short to have a trigram. */
  readonly #short: number[] = [];
  /** For each place, the literal that its chain begins with; for each literal, the next one of its chain. -1 ends it. */
  readonly #first = new Int32Array(1 << BITS).fill(-1);
  readonly #next: Int32Array;
  /** Where in a literal its trigram stands. */
  readonly #offset: Int32Array;
  readonly #seen: Uint8Array;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.#next = new Int32Array(texts.length).fill(-1);
    this.#offset = new Int32Array(texts.length);
    this.#seen = new Uint8Array(texts.length);
    const shared = new Uint32Array(1 << BITS);
    for (const text of texts) for (let at = 0; at + 2 < text.length; at++) shared[placeAt(text, at)]! += 1;
    for (const [i, text] of texts.entries()) {
      if (text.length < 3) {
        this.#short.push(i);
        continue;
      }
      let best = 0;
      for (let at = 1; at + 2 < text.length; at++) if (shared[placeAt(text, at)]! < shared[placeAt(text, best)]!) best = at;
      const bucket = placeAt(text, best);
      this.#offset[i] = best;
      this.#next[i] = this.#first[bucket]!;
      this.#first[bucket] = i;
    }
  }

  /** Positions of the literals that stand in a text, each once. Text and literals are folded alike. */
  in(text: string): readonly number[] {
    const found: number[] = [];
    for (const i of this.#short) if (text.includes(this.#texts[i]!)) found.push(i);
    let a = text.charCodeAt(0);
    let b = text.charCodeAt(1);
    for (let at = 2; at < text.length; at++) {
      const c = text.charCodeAt(at);
      for (let i = this.#first[place(a, b, c)]!; i >= 0; i = this.#next[i]!) {
        if (this.#seen[i] === 0 && text.startsWith(this.#texts[i]!, at - 2 - this.#offset[i]!)) {
          // A start before the text is none: startsWith takes it for its beginning.
          if (at - 2 < this.#offset[i]!) continue;
          this.#seen[i] = 1;
          found.push(i);
        }
      }
      a = b;
      b = c;
    }
    for (const i of found) this.#seen[i] = 0;
    return found;
  }
}
