// The acquisition tree: salted leaves, nodes in the tree shape of RFC 9162 (Certificate Transparency 2.0), 2.1.
//   leaf i = SHA-256(0x00 || salt_i || record_i)      node = SHA-256(0x01 || left || right)
// The salt makes the hash of a withheld record say nothing about its bytes; with its salt and bytes it can be opened later.

export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array;

/** A hash that takes its message piece by piece. */
export interface Hash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

export const SALT_BYTES = 16;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

function checkSalt(salt: Uint8Array): void {
  if (salt.length !== SALT_BYTES) throw new RangeError(`a salt has ${String(SALT_BYTES)} bytes, not ${String(salt.length)}`);
}

export function leafHash(sha256: Sha256, salt: Uint8Array, ...record: readonly Uint8Array[]): Uint8Array {
  checkSalt(salt);
  return sha256(LEAF, salt, ...record);
}

/** The same leaf for a record that is too long to be held: `newSha256`, ready to take the record's bytes piece by piece. */
export function leafHasher(newSha256: Hash, salt: Uint8Array): Hash {
  checkSalt(salt);
  newSha256.update(LEAF);
  newSha256.update(salt);
  return newSha256;
}

export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}

/** What must be remembered to go on with a tree: the roots of its perfect subtrees, largest first. */
export interface TreeFrontier {
  readonly count: number;
  readonly subtrees: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: TreeFrontier = { count: 0, subtrees: [] };

/** Grows a tree leaf by leaf with memory that is logarithmic in its size. */
export class TreeBuilder {
  readonly #sha256: Sha256;
  readonly #subtrees: Uint8Array[];
  #count: number;

  constructor(sha256: Sha256, from: TreeFrontier = EMPTY_FRONTIER) {
    this.#sha256 = sha256;
    this.#subtrees = [...from.subtrees];
    this.#count = from.count;
  }

  get count(): number {
    return this.#count;
  }

  add(leaf: Uint8Array): void {
    this.addSubtree(leaf, 1);
  }

  /** Adds the root of a perfect subtree over the next `size` leaves, a power of two of which the count is a multiple. */
  addSubtree(root: Uint8Array, size: number): void {
    if (this.#count % size !== 0)
      throw new RangeError(`no subtree of ${String(size)} leaves begins at leaf ${String(this.#count)}`);
    let hash = root;
    for (let before = this.#count / size; before % 2 === 1; before = (before - 1) / 2) {
      hash = nodeHash(this.#sha256, this.#subtrees.pop()!, hash);
    }
    this.#subtrees.push(hash);
    this.#count += size;
  }

  frontier(): TreeFrontier {
    return { count: this.#count, subtrees: [...this.#subtrees] };
  }

  /** The root over all leaves so far. The root of no leaves is the hash of nothing (RFC 9162, 2.1.1). */
  root(): Uint8Array {
    let right: Uint8Array | undefined;
    for (let i = this.#subtrees.length - 1; i >= 0; i--) {
      const left = this.#subtrees[i]!;
      right = right === undefined ? left : nodeHash(this.#sha256, left, right);
    }
    return right ?? this.#sha256();
  }
}

/** The largest perfect subtree that begins at a leaf and has no more leaves than this. */
export function subtreeSize(leaf: number, most: number): number {
  let size = 1;
  while (size * 2 <= most && leaf % (size * 2) === 0) size *= 2;
  return size;
}

/** The root over all given leaf hashes. */
export function treeRoot(sha256: Sha256, leaves: Iterable<Uint8Array>): Uint8Array {
  const builder = new TreeBuilder(sha256);
  for (const leaf of leaves) builder.add(leaf);
  return builder.root();
}
