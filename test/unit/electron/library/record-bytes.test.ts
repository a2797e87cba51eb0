import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { PART_CHUNK_BYTES, createTree, piecesOf, saltStream, sha256, wholeRecord } from '../../../../electron/library/library.ts';
import { leafHash } from '../../../../shared/evidence/acquisition-tree.ts';
import { toHex } from '../../../../shared/evidence/custody.ts';
import type { ByteRange, RecordSpan } from '../../../../shared/recording/decoder.ts';

const SEED = Buffer.alloc(32, 7);
const part = Buffer.concat(
  Array.from({ length: (5 * PART_CHUNK_BYTES) / 32 }, (_, i) => createHash('sha256').update(String(i)).digest()),
);
const read = ({ offset, length }: ByteRange): Uint8Array => part.subarray(offset, offset + length);

test('a long raw record is read chunk by chunk, each once, and has the leaf that it has as a whole', () => {
  const spans: RecordSpan[] = [
    { form: 'raw', ranges: [{ part: 0, offset: 10, length: PART_CHUNK_BYTES + 1 }] },
    {
      form: 'raw',
      ranges: [
        { part: 0, offset: 100, length: 30 },
        { part: 0, offset: 2 * PART_CHUNK_BYTES, length: 3 * PART_CHUNK_BYTES },
      ],
    },
    { form: 'raw', ranges: [{ part: 0, offset: 3, length: PART_CHUNK_BYTES }] },
    { form: 'raw', ranges: [] },
  ];
  const tree = createTree(SEED);
  const salt = saltStream(SEED);
  const asked: ByteRange[] = [];
  for (const span of spans)
    tree.add(span, (range) => {
      asked.push(range);
      return read(range);
    });
  const leaves = spans.map((span, i) => leafHash(sha256, salt(i), wholeRecord(span, read)));
  const node = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(Uint8Array.of(1), left, right);
  expect(toHex(tree.root())).toBe(toHex(node(node(leaves[0]!, leaves[1]!), node(leaves[2]!, leaves[3]!))));
  expect(Math.max(...asked.map(({ length }) => length))).toBe(PART_CHUNK_BYTES);
  expect([...piecesOf(spans[0]!)].map(({ offset, length }) => [offset, length])).toEqual([
    [10, PART_CHUNK_BYTES - 10],
    [PART_CHUNK_BYTES, 11],
  ]);
});
