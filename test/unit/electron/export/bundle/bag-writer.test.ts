import { expect, test } from 'vitest';
import { BagWriter } from '../../../../../electron/export/bundle/bag-writer.ts';
import type { ZipTarget } from '../../../../../electron/export/bundle/zip-writer.ts';

const ROOM = 4 * 1024 * 1024;

function inMemory(): ZipTarget {
  const bytes = Buffer.alloc(ROOM);
  return {
    write: (piece, position) => bytes.set(piece, position),
    read: (position, length) => bytes.subarray(position, position + length),
  };
}

test('a text that was written is read back in pieces that cut no character', async () => {
  const bag = new BagWriter(inMemory(), 'top', new AbortController().signal, () => Promise.resolve());
  // Three bytes and four in turn: wherever a piece ends, some character lies across it.
  const text = `\ufeff${'€🙂x'.repeat(100_000)}end`;
  await bag.file('data/a.txt', 'before');
  await bag.file('data/b.txt', [text.slice(0, 7), text.slice(7)]);
  await bag.file('data/c.txt', 'after');
  const pieces = [...bag.text('data/b.txt')];
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  expect(pieces.join('') === text).toBe(true);
  expect([...bag.text('data/c.txt')].join('')).toBe('after');
});
