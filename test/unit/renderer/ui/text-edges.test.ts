// Edges of what people type and read: dates that do not exist, quotes that are still open, figures that must not round up.

import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../../../renderer/player/moment-text.ts';
import { dateBound, parseFilter, withField } from '../../../../renderer/ui/filter-text.ts';
import { formatBytes } from '../../../../renderer/ui/format.ts';
import { moment } from '../../../../shared/api/shapes.ts';

test.each(['2026-13-01', '2026-00-10', '2026-11-21T10:75'])('%s is no date', (text) => {
  expect(dateBound(text, false, 'utc')).toBeNull();
  expect(dateBound(text, false, 'local')).toBeNull();
});

describe('the panel of fields', () => {
  test('leaves blanks inside of quotes as they were typed', () => {
    expect(withField('group:"a  b"', 'user', 'ana')).toBe('group:"a  b" user:ana');
  });

  test.each(['group:"night', '"night'])('closes the open quote of %j before it adds a field', (text) => {
    expect(parseFilter(withField(text, 'user', 'ana'), 'utc').filter).toMatchObject({ user: 'ana' });
  });
});

test.each([
  [999_999, '999 kB'],
  [150_700, '150 kB'],
])('%d bytes are %s, not rounded up', (n, text) => {
  expect(formatBytes(n)).toBe(text);
});

test.each(['2026-11-21 03:38:57Z', '2026-11-21T03:38:57,5Z', '2026-11-21t03:38:57z', '2026-11-21T03:38:57+0100'])(
  'the moment %s is one that the core takes',
  (text) => {
    expect(moment.safeParse(parseMoment(text)).error).toBeUndefined();
  },
);
