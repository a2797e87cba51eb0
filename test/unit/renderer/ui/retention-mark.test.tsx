// What a row says of how long a recording is kept.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { KeptAtSource, KeptHere, NowProvider, type RetentionText } from '../../../../renderer/ui/retention-mark.tsx';

const NOW = Date.UTC(2026, 10, 21, 10) * 1000;
const NONE: RetentionText = { sourceUntil: null, libraryUntil: null, held: false, goneAtSource: false, purgedAt: null };

const words = (element: React.ReactNode, now: number | null): string =>
  renderToStaticMarkup(<NowProvider value={now}>{element}</NowProvider>).replaceAll(/<[^>]*>/g, '');
const here = (mark: Partial<RetentionText>, now: number | null = NOW): string =>
  words(<KeptHere mark={{ ...NONE, ...mark }} />, now);
const there = (mark: Partial<RetentionText>, now: number | null = NOW): string =>
  words(<KeptAtSource mark={{ ...NONE, ...mark }} />, now);

test('time left is told in whole units, never more than there is', () => {
  expect(here({ libraryUntil: '2026-12-01T09:59:59Z' })).toBe('9 d');
  expect(here({ libraryUntil: '2026-11-21T15:10:00Z' })).toBe('5 h 10 min');
  expect(here({})).toBe('no end');
});

test('what is past goes with the next sweep, unless it is held', () => {
  expect(here({ libraryUntil: '2026-11-21T09:00:00Z' })).toBe('next sweep');
  expect(here({ libraryUntil: '2026-11-21T10:00:00Z' })).toBe('next sweep');
  expect(here({ libraryUntil: '2026-11-21T09:00:00Z', held: true })).toBe('pastHeld');
  expect(here({ libraryUntil: '2026-12-01T10:00:00Z', held: true })).toBe('10 dHeld');
});

test('without the clock that retention goes by, the end itself is told', () => {
  expect(here({ libraryUntil: '2026-11-21T09:00:00Z' }, null)).toBe('2026-11-21');
  expect(there({ sourceUntil: '2027-01-05T23:59:00Z' }, null)).toBe('2027-01-05');
});

test('what was purged says nothing else', () => {
  expect(here({ libraryUntil: '2027-01-01T00:00:00Z', purgedAt: '2026-11-01T00:00:00Z' })).toBe('Purged');
});

test('the source has it for a time, has it no more, or does not say', () => {
  expect(there({ sourceUntil: '2026-11-24T10:00:00Z' })).toBe('3 d');
  expect(there({ sourceUntil: '2026-11-20T10:00:00Z' })).toBe('over');
  expect(there({ sourceUntil: '2026-11-20T10:00:00Z', goneAtSource: true })).toBe('Gone');
  expect(there({})).toBe('not known');
});
