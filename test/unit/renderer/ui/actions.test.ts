// @vitest-environment jsdom
// Which action a key press means, and where it means text instead.

import { beforeEach, describe, expect, test } from 'vitest';
import { actionFor, type Action } from '../../../../renderer/ui/actions.tsx';

const action = (id: string, keys: readonly string[], more: Partial<Action> = {}): Action => ({
  id,
  label: id,
  group: 'Test',
  keys,
  run: () => undefined,
  ...more,
});

const ACTIONS = [
  action('find', ['/']),
  action('play', ['Space']),
  action('open', ['Enter']),
  action('save', ['Mod+S']),
  action('back', ['Escape']),
  action('part', ['Alt+1']),
  action('older', ['x']),
  action('newer', ['x']),
  action('resting', ['r'], { enabled: false }),
  action('listed', ['l'], { run: null }),
];

const meant = (init: KeyboardEventInit, singleKeys = true): string | undefined =>
  actionFor(ACTIONS, new KeyboardEvent('keydown', init), singleKeys)?.id;

const focus = (markup: string): void => {
  document.body.innerHTML = markup;
  document.body.querySelector<HTMLElement>('*')!.focus();
};

beforeEach(() => {
  document.body.innerHTML = '';
});

describe('what a key press means', () => {
  test('the action registered last wins, one that rests or is only listed never does', () => {
    expect(meant({ key: 'x' })).toBe('newer');
    expect(meant({ key: 'r' })).toBeUndefined();
    expect(meant({ key: 'l' })).toBeUndefined();
  });

  test('single characters mean nothing where they are turned off', () => {
    expect(meant({ key: '/' }, false)).toBeUndefined();
    expect(meant({ key: 's', ctrlKey: true }, false)).toBe('save');
  });

  test.each(['<input type="search">', '<textarea></textarea>', '<select></select>'])('in %s, text stays text', (markup) => {
    focus(markup);
    expect(meant({ key: '/' })).toBeUndefined();
    expect(meant({ key: ' ' })).toBeUndefined();
    expect(meant({ key: 'Enter' })).toBeUndefined();
  });

  test('in a field, keys that print nothing keep their meaning', () => {
    focus('<input type="search">');
    expect(meant({ key: 's', ctrlKey: true })).toBe('save');
    expect(meant({ key: '1', altKey: true })).toBe('part');
  });

  test('Escape belongs to the field that has the focus', () => {
    expect(meant({ key: 'Escape' })).toBe('back');
    focus('<input type="search">');
    expect(meant({ key: 'Escape' })).toBeUndefined();
  });

  test('the numeric pad with Alt spells a character on Windows', () => {
    focus('<input type="search">');
    expect(meant({ key: '1', altKey: true, location: KeyboardEvent.DOM_KEY_LOCATION_NUMPAD })).toBeUndefined();
  });

  test('Space and Enter press the button that has the focus', () => {
    focus('<button type="button">b</button>');
    expect(meant({ key: ' ' })).toBeUndefined();
    expect(meant({ key: 'Enter' })).toBeUndefined();
    expect(meant({ key: '/' })).toBe('find');
  });
});
