// The hash of a screen, against the text of docs/evidence.md hashed by itself.

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from '../../../../electron/library/library.ts';
import { canonicalScreen, screenHash, type HashedScreen } from '../../../../shared/evidence/screen-hash.ts';

const SCREEN: HashedScreen = {
  cols: 20,
  rows: 3,
  cursorRow: 1,
  cursorCol: 2,
  cursorVisible: true,
  screen: ['$ naïve 日本', '$ ', ''],
};

test('the text of a screen is its size, its cursor and its rows, a line each', () => {
  expect(canonicalScreen(SCREEN)).toBe('exhibit-screen/1\nsize 20 3\ncursor 1 2 visible\n$ naïve 日本\n$ \n\n');
});

test('its hash is the SHA-256 of that text in UTF-8', () => {
  const text = 'exhibit-screen/1\nsize 20 3\ncursor 1 2 visible\n$ naïve 日本\n$ \n\n';
  expect(screenHash(sha256, SCREEN)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
});

test.each([
  ['size', { cols: 21 }],
  ['rows', { rows: 4, screen: [...SCREEN.screen, ''] }],
  ['cursor', { cursorCol: 3 }],
  ['visibility of the cursor', { cursorVisible: false }],
  ['text', { screen: ['$ naïve 日本', '$ x', ''] }],
])('another %s is another hash', (_what, change) => {
  expect(screenHash(sha256, { ...SCREEN, ...change })).not.toBe(screenHash(sha256, SCREEN));
});
