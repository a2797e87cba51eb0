import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  IntervalClock,
  formatClock,
  formatInstant,
  formatSeconds,
  micros,
  parseInstant,
  parseOffset,
  parseSeconds,
  tellClock,
} from '../../../../shared/recording/time.ts';

describe('decimal seconds', () => {
  test.each([
    ['0', 0, 0],
    ['12.5', 12_500_000, 0],
    ['0.1234567891', 123_456, 789],
    ['1e3', 1_000_000_000, 0],
    ['1.5e-3', 1500, 0],
    ['25E-9', 0, 25],
    ['-0.5', -500_000, 0],
    ['3,25', 3_250_000, 0],
    ['0e999', 0, 0],
  ])('%s is read exactly', (text, whole, nanos) => {
    expect(parseSeconds(text)).toEqual({ micros: whole, nanos });
  });

  test.each(['', 'NaN', 'Infinity', '1e308', '0x10', '1.', '.5', '1e', ' 1', '99999999999'])('%j is no time', (text) => {
    expect(parseSeconds(text)).toBeNull();
  });

  test('a million intervals of a tenth of a millisecond are a hundred seconds, not nearly', () => {
    const clock = new IntervalClock();
    const step = parseSeconds('0.0001')!;
    for (let i = 0; i < 1_000_000; i++) clock.add(step);
    expect(clock.now).toBe(100_000_000);
  });

  test('nanoseconds carry over', () => {
    const clock = new IntervalClock();
    for (let i = 0; i < 3; i++) clock.add(parseSeconds('0.000000400')!);
    expect(clock.now).toBe(1);
  });

  test('what is written reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), (value) => {
        expect(parseSeconds(formatSeconds(micros(value)))).toEqual({ micros: value === 0 ? 0 : value, nanos: 0 });
      }),
      { seed: 3 },
    );
  });
});

test('clocks grow beyond a day and keep microseconds', () => {
  expect(formatClock(micros(90_061_000_001))).toBe('25:01:01.000001');
  expect(formatClock(micros(-1))).toBe('-00:00:00.000001');
});

test.each([
  [0, '00:00:00'],
  [10_000_000, '00:00:10'],
  [83_400_000, '00:01:23.4'],
  [86_399_999_999, '23:59:59.999999'],
  [86_400_000_000, '1 d 00:00:00'],
  [3_456_003_000_000, '40 d 00:00:03'],
  [-90_000_000_001, '-1 d 01:00:00.000001'],
])('%d µs is told as %s, and read back', (us, text) => {
  expect(tellClock(micros(us))).toBe(text);
  expect(parseOffset(text)).toBe(us);
});

test('a clock is told with as many digits of the second as are asked for', () => {
  expect(tellClock(micros(83_456_789), 3)).toBe('00:01:23.456');
  expect(tellClock(micros(86_400_000_000), 6)).toBe('1 d 00:00:00.000000');
});

test.each(['', 'x', '1 d', '1:2:3:4', '1:234', '40d 00:00:03', '999999 d 00:00:00'])('%j is no offset', (text) => {
  expect(parseOffset(text)).toBeNull();
});

describe('instants', () => {
  test.each([
    ['2026-11-21T03:38:57.427Z', '2026-11-21T03:38:57.427000Z'],
    ['2026-11-21t03:38:57+05:30', '2026-11-20T22:08:57.000000Z'],
    ['2024-02-29 23:59:59.1234567-01:00', '2024-03-01T00:59:59.123456Z'],
  ])('%s is %s', (text, utc) => {
    expect(formatInstant(parseInstant(text)!)).toBe(utc);
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01',
    '2026-01-01T24:00:00Z',
    'yesterday',
    '0001-01-01T00:00:00Z',
    '0099-12-31T23:59:59Z',
  ])('%s is none', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});
