// Numbers for people.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  UNKNOWN_TIME,
  epochOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatLasted,
  formatOffset,
  zonedSentence,
  formatSome,
  formatWall,
  spokenDuration,
  zoneName,
} from '../../../../renderer/ui/format.ts';
import { formatInstant as exactInstant, micros } from '../../../../shared/recording/time.ts';

const zone = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
afterAll(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;

describe('an offset', () => {
  test.each([
    [0, 3, '00:00.000'],
    [123_456_789, 3, '02:03.456'],
    [999_999, 0, '00:00'],
    [999_999, 3, '00:00.999'],
    [1, 6, '00:00.000001'],
    [HOUR + 62 * SECOND, 0, '1:01:02'],
    [-1_000_000, 0, '−00:01'],
    [-1_500_000, 1, '−00:01.5'],
  ])('of %d µs with %d digits is %s', (us, digits, text) => {
    expect(formatOffset(us, digits)).toBe(text);
  });

  test.each([
    [24 * HOUR, 3, '1 d 00:00:00.000'],
    [960 * HOUR + 3 * SECOND, 3, '40 d 00:00:03.000'],
    [-25 * HOUR, 0, '−1 d 01:00:00'],
    [24 * HOUR - 1, 3, '23:59:59.999'],
  ])('from a day on has its days: %d µs with %d digits is %s', (us, digits, text) => {
    expect(formatOffset(us, digits)).toBe(text);
  });

  test('never shows a time after the one that it names', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 * HOUR - 1 }), fc.integer({ min: 0, max: 6 }), (us, digits) => {
        const parts = formatOffset(us, digits).split(/[:.]/).map(Number);
        const fraction = digits === 0 ? 0 : parts.pop()! * 10 ** (6 - digits);
        const seconds = parts.reduce((sum, part) => sum * 60 + part, 0);
        const shown = seconds * SECOND + fraction;
        expect(shown).toBeLessThanOrEqual(us);
        expect(us - shown).toBeLessThan(10 ** (6 - digits));
      }),
      { seed: 31 },
    );
  });
});

describe('a length of time', () => {
  test.each([
    [0, '0 s', '0 seconds'],
    [1, '1 µs', '1 microsecond'],
    [850_999, '850 ms', '850 milliseconds'],
    [1_000_000, '1 s', '1 second'],
    [3_599_999, '3.5 s', '3.5 seconds'],
    [59_999_999, '59 s', '59 seconds'],
    [60 * SECOND, '1 min', '1 minute'],
    [453 * SECOND, '7 min 33 s', '7 minutes 33 seconds'],
    [3599 * SECOND, '59 min 59 s', '59 minutes 59 seconds'],
    [HOUR + 59 * SECOND, '1 h', '1 hour'],
    [26 * HOUR + 1, '1 d 2 h', '1 day 2 hours'],
  ])('of %d µs is %s, and spoken %s', (us, text, spoken) => {
    expect(formatDuration(us)).toBe(text);
    expect(spokenDuration(us)).toBe(spoken);
  });
});

test('a session whose events have no times is not said to have lasted 0 s', () => {
  expect([formatLasted(0), formatLasted(1000)]).toEqual(['not known', '1 ms']);
});

describe('counts and bytes', () => {
  test.each([
    [0, '0 sessions'],
    [1, '1 session'],
    [48_211, '48,211 sessions'],
  ])('%d is %s', (n, text) => {
    expect(formatSome(n, 'session')).toBe(text);
  });

  test('a plural of its own is used', () => {
    expect(formatSome(2, 'entry', 'entries')).toBe('2 entries');
    expect(formatCount(1_000_000)).toBe('1,000,000');
  });

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [20_499, '20.4 kB'],
    [99_999, '99.9 kB'],
    [150_000, '150 kB'],
    [1_000_000, '1.0 MB'],
    [2_500_000_000, '2.5 GB'],
    [5e15, '5000 TB'],
  ])('%d bytes are %s', (n, text) => {
    expect(formatBytes(n)).toBe(text);
  });
});

describe('an instant', () => {
  test('is shown in UTC with its zone, digits cut off', () => {
    expect(formatInstant('2026-11-21T03:38:57.999999Z', 'utc')).toBe('2026-11-21 03:38:57 UTC');
    expect(formatInstant('2026-11-21T03:38:57.987654Z', 'utc', 6)).toBe('2026-11-21 03:38:57.987654 UTC');
    expect(formatInstant('2026-11-21T04:38:57+01:00', 'utc')).toBe('2026-11-21 03:38:57 UTC');
  });

  test('is shown in local time with the offset of that day, summer time and all', () => {
    expect(formatInstant('2026-11-21T03:38:57Z', 'local')).toBe('2026-11-21 04:38:57 UTC+01:00');
    expect(formatInstant('2026-07-01T23:30:00Z', 'local')).toBe('2026-07-02 01:30:00 UTC+02:00');
  });

  test.each([
    ['1970-01-01T00:00:01.5Z', 1_500_000],
    ['1970-01-01T00:00:01.000000999Z', 1_000_000],
    ['1969-12-31T23:59:59.5Z', -500_000],
    ['1970-01-01T01:00:00+01:00', 0],
  ])('%s is %d µs since 1970', (text, us) => {
    expect(epochOf(text)).toBe(us);
  });

  test('names offsets west of Greenwich and of half hours', () => {
    process.env['TZ'] = 'America/St_Johns';
    expect(zoneName(epochOf('2026-01-15T12:00:00Z')!, 'local')).toBe('UTC−03:30');
    process.env['TZ'] = 'Europe/Berlin';
  });

  test.each([[null], ['soon'], ['']])('of %j is said to be unknown', (text) => {
    expect(formatInstant(text, 'utc')).toBe(UNKNOWN_TIME);
  });

  test('keeps its microseconds, before 1970 too', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60 * 366 * 24 * HOUR, max: 200 * 366 * 24 * HOUR }), (us) => {
        const text = exactInstant(micros(us));
        expect(epochOf(text)).toBe(us);
        expect(`${formatWall(us, 'utc', 6).replace(' ', 'T')}Z`).toBe(text);
      }),
      { seed: 32 },
    );
  });
});

test('instants of a sentence are told in the zone, and what is none is left', () => {
  const text = 'acquired 2026-11-23T01:39:48.409Z; not verified since 2026-11-22T01:39:48Z';
  expect(zonedSentence(text, 'utc')).toBe('acquired 2026-11-23 01:39:48.409 UTC; not verified since 2026-11-22 01:39:48 UTC');
  expect(zonedSentence(text, 'local')).not.toContain('T01:39:48');
  for (const none of ['a2026-11-23T01:39:48Z', '2026-11-23', '2026-99-23T01:39:48Z'])
    expect(zonedSentence(none, 'utc')).toBe(none);
});
