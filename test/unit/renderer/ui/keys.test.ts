// Shortcuts as text, and whether a key press is one.

import { describe, expect, test } from 'vitest';
import { isTyped, keyNames, matches, spokenKeys, type KeyPress } from '../../../../renderer/ui/keys.ts';

const press = (key: string, held = ''): KeyPress => ({
  key,
  ctrlKey: held.includes('c'),
  metaKey: held.includes('m'),
  altKey: held.includes('a'),
  shiftKey: held.includes('s'),
});

describe('a key press', () => {
  test.each([
    ['Mod+K', 'k', 'c', true],
    ['Mod+K', 'k', '', false],
    ['Mod+K', 'k', 'm', false],
    ['Mod+K', 'k', 'cm', false],
    ['Mod+K', 'k', 'ca', false],
    ['Mod+Shift+F', 'F', 'cs', true],
    ['Mod+Shift+F', 'f', 'c', false],
    ['Mod+F', 'F', 'cs', false],
    ['n', 'n', '', true],
    ['n', 'N', '', true],
    ['n', 'N', 's', false],
    ['Shift+N', 'N', 's', true],
    ['k', 'k', 'c', false],
    ['Alt+1', '1', 'a', true],
    ['Alt+1', '1', '', false],
    ['?', '?', 's', true],
    ['?', '?', '', true],
    ['>', '>', 's', true],
    ['+', '+', 's', true],
    ['Mod++', '+', 'c', true],
    ['+', '=', '', false],
    ['Space', ' ', '', true],
    ['Space', ' ', 's', false],
    ['ArrowLeft', 'ArrowLeft', '', true],
    ['ArrowLeft', 'ArrowLeft', 's', false],
    ['Shift+ArrowLeft', 'ArrowLeft', 's', true],
    ['Escape', 'Escape', 'a', false],
  ])('%s by %j with %j held: %s', (text, key, held, fires) => {
    expect(matches(text, press(key, held), false)).toBe(fires);
  });

  test('on a Mac, Mod is Command and not Control', () => {
    expect(matches('Mod+K', press('k', 'm'), true)).toBe(true);
    expect(matches('Mod+K', press('k', 'c'), true)).toBe(false);
    expect(matches('k', press('k', 'c'), true)).toBe(false);
  });
});

test.each([
  ['k', true],
  ['?', true],
  ['Space', true],
  ['Shift+N', true],
  ['Mod+K', false],
  ['Alt+1', false],
  ['Enter', false],
  ['F3', false],
])('%s is typed while writing: %s', (text, typed) => {
  expect(isTyped(text)).toBe(typed);
});

describe('the names of keys', () => {
  test.each([
    ['Mod+Shift+f', ['Ctrl', 'Shift', 'F'], ['⌘', 'Shift', 'F']],
    ['Alt+ArrowLeft', ['Alt', '←'], ['⌥', '←']],
    ['Space', ['Space'], ['Space']],
    ['Mod++', ['Ctrl', '+'], ['⌘', '+']],
    ['Escape', ['Esc'], ['Esc']],
    ['Enter', ['Enter'], ['Enter']],
  ])('of %s are those on the keyboard', (text, others, mac) => {
    expect(keyNames(text, false)).toEqual(text.includes('Alt') ? ['Alt', ...others.slice(1)] : others);
    expect(keyNames(text, true)).toEqual(mac);
  });

  test('are spoken in one piece', () => {
    expect(spokenKeys('Shift+ArrowLeft')).toBe('Shift+←');
  });
});
