// Bytes of one line, value or frame that are spread over several pushes. Grows with what has arrived, never with what a
// length field claims, and beyond its limit only counts: a record that is too long costs no memory.

import { MAX_RECORD_BYTES } from './decoder.ts';

/** What stays allocated between records. */
const KEPT_BYTES = 64 * 1024;

export class Carry {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** Bytes appended since the last take, stored or not. */
  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > MAX_RECORD_BYTES) {
      this.#bytes = new Uint8Array(256);
    } else if (this.#length <= MAX_RECORD_BYTES) {
      if (length > this.#bytes.length) {
        const grown = new Uint8Array(Math.min(MAX_RECORD_BYTES, Math.max(length, this.#bytes.length * 2)));
        grown.set(this.#bytes.subarray(0, this.#length));
        this.#bytes = grown;
      }
      this.#bytes.set(bytes, this.#length);
    }
    this.#length = length;
  }

  /** Everything appended, as a view that holds until the next append, or null when it is longer than {@link MAX_RECORD_BYTES}. Starts anew. */
  take(): Uint8Array | null {
    const taken = this.#length > MAX_RECORD_BYTES ? null : this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = new Uint8Array(256);
    return taken;
  }
}
