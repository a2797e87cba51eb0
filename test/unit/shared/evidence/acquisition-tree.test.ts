import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TreeBuilder, leafHash, leafHasher, treeRoot, type Sha256 } from '../../../../shared/evidence/acquisition-tree.ts';
import { toHex } from '../../../../shared/evidence/custody.ts';

const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** RFC 9162, 2.1.1, written down as it stands there. */
function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Uint8Array.of(1), rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => sha256(Uint8Array.of(i & 255, i >> 8)));

describe('acquisition tree', () => {
  test('the root is that of RFC 9162 for every number of leaves', () => {
    for (let count = 0; count <= 130; count++) {
      expect(toHex(treeRoot(sha256, leavesOf(count)))).toBe(toHex(rootByDefinition(leavesOf(count))));
    }
  });

  test('a tree grown in two steps from its frontier has the root of the whole', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (first, second) => {
        const leaves = leavesOf(first + second);
        const before = new TreeBuilder(sha256);
        for (const leaf of leaves.slice(0, first)) before.add(leaf);
        const after = new TreeBuilder(sha256, before.frontier());
        for (const leaf of leaves.slice(first)) after.add(leaf);
        expect(toHex(after.root())).toBe(toHex(rootByDefinition(leaves)));
        expect(after.count).toBe(first + second);
      }),
      { seed: 9162, numRuns: 100 },
    );
  });

  test('a leaf hashes zero, salt and record, in this order', () => {
    const salt = new Uint8Array(16).fill(7);
    const record = new TextEncoder().encode('{"a":1}');
    expect(leafHash(sha256, salt, record)).toEqual(sha256(Uint8Array.of(0), salt, record));
    expect(() => leafHash(sha256, new Uint8Array(15), record)).toThrow(RangeError);
    const pieces = leafHasher(createHash('sha256'), salt);
    for (const byte of record) pieces.update(Uint8Array.of(byte));
    expect(toHex(pieces.digest())).toBe(toHex(leafHash(sha256, salt, record)));
    expect(() => leafHasher(createHash('sha256'), new Uint8Array(15))).toThrow(RangeError);
  });
});
