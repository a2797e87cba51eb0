// The acquisition tree over the lines of records.jsonl. A long record stands in several lines, one after the other: its leaf is hashed as
// they come, so that no more than one of them is held.

import { TreeBuilder, leafHash, leafHasher, type Hash } from '../acquisition-tree.ts';
import { sameBytes } from '../bytes.ts';
import { toHex } from '../custody.ts';
import type { Effects } from './bag.ts';
import type { BundleRecord, ShownRecord } from './record-line.ts';

export class RecordLeaves {
  readonly #effects: Effects;
  readonly #tree: TreeBuilder;
  /** The record that goes on in the next line. */
  #open: { readonly salt: Uint8Array; readonly leaf: Hash } | null = null;

  constructor(effects: Effects) {
    this.#effects = effects;
    this.#tree = new TreeBuilder(effects.sha256);
  }

  /** Records that are whole; the index of the one that a line begins or goes on with. */
  get count(): number {
    return this.#tree.count;
  }

  get root(): string {
    return toHex(this.#tree.root());
  }

  /** False where a record should go on here and does not: it ends then. `next` is null for a line that is none, and behind the last one. */
  goesOn(next: BundleRecord | null): boolean {
    if (this.#open === null) return true;
    const { salt } = this.#open;
    if (next?.kind === 'shown' && next.form === 'raw' && next.index === this.count && sameBytes(next.salt, salt)) return true;
    this.#close(this.#open.leaf);
    return false;
  }

  /** Adds the leaf of a record whose bytes are not at hand. */
  leaf(leaf: Uint8Array): void {
    this.#tree.add(leaf);
  }

  /** Adds a record that is shown, or one more piece of one. */
  shown({ salt, bytes, more }: ShownRecord): void {
    if (this.#open === null && !more) {
      this.#tree.add(leafHash(this.#effects.sha256, salt, bytes));
      return;
    }
    this.#open ??= { salt: salt.slice(), leaf: leafHasher(this.#effects.newSha256(), salt) };
    this.#open.leaf.update(bytes);
    if (!more) this.#close(this.#open.leaf);
  }

  #close(leaf: Hash): void {
    this.#tree.add(leaf.digest());
    this.#open = null;
  }
}
