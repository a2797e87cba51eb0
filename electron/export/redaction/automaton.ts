// Finds many words in one pass, however many and however alike they are: the automaton of Aho and Corasick over numbers (bytes, or
// UTF-16 units). Each symbol costs a bounded number of steps, so no input can slow it down.
// A. V. Aho, M. J. Corasick, "Efficient string matching: an aid to bibliographic search", CACM 18 (1975), https://doi.org/10.1145/360825.360855

const NONE = -1;

/** Symbols below this are looked up at the root, where most text is passed over. */
const TABLE = 256;

export class Automaton {
  readonly #symbol: number[] = [0];
  readonly #child: number[] = [0];
  readonly #sibling: number[] = [0];
  readonly #fail: number[] = [0];
  /** The word that ends at a node, and the next node on the way of failures at which one ends. */
  readonly #word: number[] = [NONE];
  readonly #shorter: number[] = [0];
  /** The states after one symbol below 256; 0 where no word begins with it. */
  readonly root = new Int32Array(TABLE);

  /** The same word twice counts as the first one; empty words are none. */
  constructor(words: readonly ArrayLike<number>[]) {
    for (const [id, word] of words.entries()) this.#add(id, word);
    this.#link();
  }

  #childOf(node: number, symbol: number): number {
    if (node === 0 && symbol < TABLE) return this.root[symbol]!;
    let child = this.#child[node]!;
    while (child !== 0 && this.#symbol[child] !== symbol) child = this.#sibling[child]!;
    return child;
  }

  #add(id: number, word: ArrayLike<number>): void {
    let node = 0;
    for (let i = 0; i < word.length; i++) {
      const symbol = word[i]!;
      let child = this.#childOf(node, symbol);
      if (child === 0) {
        child = this.#symbol.push(symbol) - 1;
        this.#child.push(0);
        this.#sibling.push(this.#child[node]!);
        this.#fail.push(0);
        this.#word.push(NONE);
        this.#shorter.push(0);
        this.#child[node] = child;
        if (node === 0 && symbol < TABLE) this.root[symbol] = child;
      }
      node = child;
    }
    if (node !== 0 && this.#word[node] === NONE) this.#word[node] = id;
  }

  #link(): void {
    const queue: number[] = [];
    for (let child = this.#child[0]!; child !== 0; child = this.#sibling[child]!) queue.push(child);
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at]!;
      for (let child = this.#child[node]!; child !== 0; child = this.#sibling[child]!) {
        const fail = this.next(this.#fail[node]!, this.#symbol[child]!);
        this.#fail[child] = fail;
        this.#shorter[child] = this.#word[fail] === NONE ? this.#shorter[fail]! : fail;
        queue.push(child);
      }
    }
  }

  /** The state after one more symbol; the first one is 0. */
  next(state: number, symbol: number): number {
    for (let node = state; ; node = this.#fail[node]!) {
      const child = this.#childOf(node, symbol);
      if (child !== 0 || node === 0) return child;
    }
  }

  /** Every word that ends in a state, the longest first. */
  *wordsAt(state: number): Generator<number, void> {
    for (let node = state; node !== 0; node = this.#shorter[node]!) {
      const word = this.#word[node]!;
      if (word !== NONE) yield word;
    }
  }

  /** Whether any word ends in a state. */
  endsWord(state: number): boolean {
    return this.#word[state] !== NONE || this.#shorter[state] !== 0;
  }
}
