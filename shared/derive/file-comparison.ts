// Compares bytes as they are made with a file of a bundle, piece by piece, and holds no more than one piece of the file.

import { CHUNK_BYTES, type BagFile } from '../evidence/bundle/bag.ts';

export class FileComparison {
  readonly #file: BagFile;
  #held: Uint8Array = new Uint8Array(0);
  #heldAt = 0;
  #at: number;
  #difference: number | null = null;

  /** Compares from byte `from` on. */
  constructor(file: BagFile, from = 0) {
    this.#file = file;
    this.#at = from;
  }

  get position(): number {
    return this.#at;
  }

  /** The first byte of the file that is another one, or null. */
  get difference(): number | null {
    return this.#difference;
  }

  /** `made`: the next bytes that belong there. */
  async push(made: Uint8Array): Promise<void> {
    let done = 0;
    while (done < made.length && this.#difference === null) {
      if (this.#at >= this.#heldAt + this.#held.length) await this.#read();
      const held = this.#held.subarray(this.#at - this.#heldAt);
      const length = Math.min(held.length, made.length - done);
      let same = 0;
      while (same < length && held[same] === made[done + same]) same += 1;
      this.#at += same;
      done += same;
      if (same < length || held.length === 0) this.#difference = this.#at;
    }
  }

  /** All that belongs there was compared: whether the file ends there too. */
  end(): void {
    if (this.#at !== this.#file.size) this.#difference ??= this.#at;
  }

  async #read(): Promise<void> {
    this.#heldAt = this.#at;
    this.#held = await this.#file.read(this.#at, Math.min(this.#file.size, this.#at + CHUNK_BYTES));
  }
}
