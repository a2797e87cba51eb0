// What the index says of text that stood: beyond a bound nothing is claimed, and that is told.

import { expect, test } from 'vitest';
import { readableIn, type Readable } from '../../../../electron/indexing/hidden-readable.ts';
import type { Library, SessionRow } from '../../../../electron/library/library.ts';

const SECOND = 1_000_000;

/** A session with so many groups of lines that have the same words, each a second after the one before, for so many microseconds. */
function wordsFor(stood: readonly number[]): Readable {
  const keys = stood.map((_, key) => key);
  const lines = (key: number): unknown[] => {
    const at = key * SECOND;
    return [{ text: 'passing words', to: at + stood[key]!, steps: [{ at, length: 13 }] }];
  };
  const text = {
    groupsOf: () => keys.map((key) => ({ key })),
    segmentsOf: () => [0],
    candidates: () => new Set(keys),
    group: (key: number) => ({ holding: () => null, lines: () => lines(key) }),
  };
  return readableIn({ derived: { text } } as unknown as Library, { key: 1 } as SessionRow);
}

const brief = (groups: number): number[] => Array.from({ length: groups }, () => 1000);

test('words that never stood are hidden, in so many groups of lines as are looked into', () => {
  const readable = wordsFor(brief(16));
  expect([readable.text('Passing words'), readable.words(['words', 'passing']), readable.exceeded]).toEqual([
    false,
    false,
    false,
  ]);
});

test('words that stood once can be read, in whichever group that was', () => {
  const readable = wordsFor([...brief(15), SECOND / 2]);
  expect([readable.text('passing words'), readable.exceeded]).toEqual([true, false]);
});

test('words of more groups than are looked into count as readable, and it is told that they were not looked up', () => {
  const readable = wordsFor(brief(17));
  expect([readable.text('passing words'), readable.exceeded]).toEqual([true, true]);
});
