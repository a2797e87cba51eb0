// Reads ranges of files that mostly go forward, holding one block of each of the files read last: what is held is had at once, without a
// promise.

import { CHUNK_BYTES, type BagFile } from './bag.ts';

/** Files of which a block is held: a record lies in a few, a synchronised session in thousands, one after the other. */
const HELD_FILES = 8;

export class RangeReader {
  readonly file: BagFile;
  readonly #blocks: Set<RangeReader>;
  #from = 0;
  #block: Uint8Array = new Uint8Array(0);

  /** `blocks` is shared by the readers of one recording: those that hold a block, the oldest first. */
  constructor(file: BagFile, blocks: Set<RangeReader>) {
    this.file = file;
    this.#blocks = blocks;
  }

  /** The bytes, or null where they must be read first. */
  held(offset: number, length: number): Uint8Array | null {
    const at = offset - this.#from;
    return at >= 0 && at + length <= this.#block.length ? this.#block.subarray(at, at + length) : null;
  }

  /** The range must be in the file. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const held = this.held(offset, length);
    if (held !== null) return held;
    const to = Math.min(this.file.size, offset + Math.max(length, CHUNK_BYTES));
    const block = await this.file.read(offset, to);
    this.#from = offset;
    this.#block = block;
    this.#blocks.delete(this);
    this.#blocks.add(this);
    const [oldest] = this.#blocks;
    if (this.#blocks.size > HELD_FILES) oldest!.#forget();
    return block.subarray(0, length);
  }

  #forget(): void {
    this.#block = new Uint8Array(0);
    this.#blocks.delete(this);
  }
}
