// A set of whole numbers from 0 on, kept as bits in blocks that exist only where something is set: a place in a recording costs a bit.

const BLOCK_SHIFT = 15;
const BLOCK_SIZE = 1 << BLOCK_SHIFT;
const MASK = BLOCK_SIZE - 1;

export class Bits {
  readonly #blocks = new Map<number, Uint32Array>();

  #block(at: number): Uint32Array {
    const key = Math.floor(at / BLOCK_SIZE);
    let block = this.#blocks.get(key);
    if (block === undefined) {
      block = new Uint32Array(BLOCK_SIZE / 32);
      this.#blocks.set(key, block);
    }
    return block;
  }

  has(at: number): boolean {
    const block = this.#blocks.get(Math.floor(at / BLOCK_SIZE));
    const bit = at & MASK;
    return block !== undefined && (block[bit >>> 5]! & (1 << (bit & 31))) !== 0;
  }

  /** Whether it is new. */
  add(at: number): boolean {
    const block = this.#block(at);
    const bit = at & MASK;
    const flag = 1 << (bit & 31);
    if ((block[bit >>> 5]! & flag) !== 0) return false;
    block[bit >>> 5]! |= flag;
    return true;
  }

  /** Adds `from` up to, not including, `to`, and returns how many are new. */
  fill(from: number, to: number): number {
    let added = 0;
    for (let at = from; at < to;) {
      const block = this.#block(at);
      const bit = at & MASK;
      if ((bit & 31) === 0 && to - at >= 32) {
        if (block[bit >>> 5] === 0) added += 32;
        else for (let i = 0; i < 32; i++) if ((block[bit >>> 5]! & (1 << i)) === 0) added += 1;
        block[bit >>> 5] = 0xffffffff;
        at += 32;
        continue;
      }
      if (this.add(at)) added += 1;
      at += 1;
    }
    return added;
  }

  /** Whether any of `from` up to, not including, `to` is in it. */
  touches(from: number, to: number): boolean {
    for (let at = from; at < to;) {
      const block = this.#blocks.get(Math.floor(at / BLOCK_SIZE));
      const end = Math.min(to, (Math.floor(at / BLOCK_SIZE) + 1) * BLOCK_SIZE);
      if (block === undefined) {
        at = end;
        continue;
      }
      while (at < end) {
        const bit = at & MASK;
        if ((bit & 31) === 0 && block[bit >>> 5] === 0) at += 32;
        else if ((block[bit >>> 5]! & (1 << (bit & 31))) !== 0) return true;
        else at += 1;
      }
    }
    return false;
  }

  get empty(): boolean {
    return this.#blocks.size === 0;
  }
}
