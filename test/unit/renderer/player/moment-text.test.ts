// Moments as people type them.

import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../../../renderer/player/moment-text.ts';
import { moment } from '../../../../shared/api/shapes.ts';
import { parseInstant } from '../../../../shared/recording/time.ts';

describe('a typed moment', () => {
  test.each([
    ['12.5', 12_500_000],
    [' 0 ', 0],
    ['0,25', 250_000],
    ['1:23.4', 83_400_000],
    ['00:01:23.000001', 83_000_001],
    ['100:00:00', 360_000_000_000],
    ['90:00', 5_400_000_000],
  ])('%j is %d µs from the start', (text, atUs) => {
    expect(parseMoment(text)).toEqual({ kind: 'offset', atUs });
  });

  test('is a sequence number after a hash, exact beyond what a number holds', () => {
    expect(parseMoment('#18446744073709551615')).toEqual({ kind: 'seq', seq: '18446744073709551615' });
  });

  test('is the end by its name', () => {
    expect(parseMoment('end')).toEqual({ kind: 'end' });
  });

  test.each(['2026-11-21T03:38:57Z', '2026-11-21T03:38:57.25+01:00'])('%s is that instant', (text) => {
    const parsed = parseMoment(text);
    expect(parsed?.kind === 'instant' && parseInstant(parsed.at)).toBe(parseInstant(text));
  });

  test.each([
    '',
    'soon',
    '1:2:3:4',
    '1:234',
    '#',
    '#-1',
    '#1.5',
    '12 s',
    '2026-11-21',
    '2026-13-01T00:00:00Z',
    '1:',
    ':1',
    '1e99',
  ])('%j is none', (text) => {
    expect(parseMoment(text)).toBeNull();
  });

  test.each(['12.5', '1:23.4', '#42', 'end', '2026-11-21T03:38:57Z', '999999:9999:59.999999999'])(
    '%s is one that the core takes',
    (text) => {
      expect(moment.safeParse(parseMoment(text)).success).toBe(true);
    },
  );
});
