// Views of the history: the filter that they mean, the chips that they show, and that they survive being kept.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FIRST_VIEW,
  NO_QUESTION,
  USUAL_VIEWS,
  chipsOf,
  filterOf,
  sameView,
  savedViews,
  storedView,
  toggled,
  withoutFacet,
  type View,
} from '../../../../renderer/history/view.ts';
import { HISTORY_FACETS, HISTORY_SORTS, historyFilter } from '../../../../shared/api/history-shapes.ts';

const SETTING_KEY = /^[a-z][a-z0-9.-]{0,63}$/;

const words = fc.string({ maxLength: 12 });
const views: fc.Arbitrary<View> = fc.record({
  text: words,
  chosen: fc.dictionary(fc.constantFrom(...HISTORY_FACETS), fc.array(words, { minLength: 1, maxLength: 3 })),
  from: fc.constantFrom('', '2026-11-01'),
  to: fc.constantFrom('', '2026-11-21'),
  held: fc.constantFrom(null, true, false),
  here: fc.constantFrom(null, true, false),
  case: fc.constantFrom('', '2026-014'),
  sort: fc.record({ key: fc.constantFrom(...HISTORY_SORTS), descending: fc.boolean() }),
  group: fc.constantFrom(null, ...HISTORY_FACETS),
  columns: fc.constantFrom(null, ['name', 'reason']),
});

describe('the filter of a question', () => {
  test('has what was asked, days from their first to their last moment', () => {
    const question = {
      ...NO_QUESTION,
      text: '  late export ',
      chosen: { environment: ['production', ''], target: [] },
      from: '2026-11-01',
      to: '2026-11-21',
      held: true,
      here: false,
      case: '2026-014',
    };
    expect(filterOf(question, 'utc')).toEqual({
      text: 'late export',
      environment: ['production', ''],
      startedFrom: '2026-11-01T00:00:00.000Z',
      startedTo: '2026-11-21T23:59:59.999Z',
      held: true,
      here: false,
      case: '2026-014',
    });
    expect(filterOf(NO_QUESTION, 'utc')).toEqual({});
  });

  test('leaves out a day that is none', () => {
    expect(filterOf({ ...NO_QUESTION, from: '2026-13-45' }, 'utc')).toEqual({});
  });

  test('is one that the contract takes, whatever was asked', () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(historyFilter.safeParse(filterOf(view, 'utc')).success).toBe(true);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test('counts a field without what is chosen of it', () => {
    const filter = { mode: ['running'], status: ['closed'] };
    expect(withoutFacet(filter, 'mode')).toEqual({ status: ['closed'] });
  });
});

test('a value is chosen and let go, and a chip takes away only its own', () => {
  const one = toggled(NO_QUESTION, 'status', 'closed');
  const two = { ...toggled(one, 'mode', 'running'), here: true };
  expect(toggled(one, 'status', 'closed').chosen.status).toEqual([]);
  const chips = chipsOf(two);
  expect(chips.map(({ key }) => key)).toEqual(['status closed', 'mode running', 'here']);
  expect(filterOf(chips[1]!.without, 'utc')).toEqual({ status: ['closed'], here: true });
  expect(filterOf(chips[2]!.without, 'utc')).toEqual({ status: ['closed'], mode: ['running'] });
});

describe('a kept view', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80 }), views, (name, view) => {
        const stored = storedView(name, view, {})!;
        expect(stored.key).toMatch(SETTING_KEY);
        const [back] = savedViews({ [stored.key]: stored.value });
        expect(back?.name).toBe(name);
        expect(sameView(back!.view, view)).toBe(true);
        expect(back!.view.columns).toEqual(view.columns);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  test('is replaced under its name, and never takes the place of another that is written alike', () => {
    const first = storedView('Größe', FIRST_VIEW, {})!;
    const settings = { [first.key]: first.value };
    expect(storedView('Größe', { ...FIRST_VIEW, held: true }, settings)!.key).toBe(first.key);
    const second = storedView('Grä-e', FIRST_VIEW, settings)!;
    expect(second.key).not.toBe(first.key);
    expect(second.key).toMatch(SETTING_KEY);
  });

  test('that was removed, or is no view, is not listed', () => {
    expect(
      savedViews({
        'history.view.a': '',
        'history.view.b': '{"name":',
        'history.view.c': '[]',
        'history.view.d': 'null',
        'history.view.e': '{"name":"Odd","sort":{"key":"nothing"},"chosen":{"mode":[1]},"group":7}',
        theme: 'dark',
      }),
    ).toEqual([{ key: 'history.view.e', name: 'Odd', view: { ...FIRST_VIEW, chosen: {} } }]);
  });

  test('is refused where it is larger than a setting may be', () => {
    const many = Array.from(
      { length: 200 },
      (_, i) => `target number ${String(i)} with a name of some length, as they have them`,
    );
    expect(storedView('Many', { ...FIRST_VIEW, chosen: { target: many } }, {})).toBeNull();
  });
});

test('no two of the usual views ask the same', () => {
  for (const [i, a] of USUAL_VIEWS.entries())
    for (const b of USUAL_VIEWS.slice(i + 1)) expect(sameView(a.view, b.view)).toBe(false);
});
