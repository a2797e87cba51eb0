// A line of recorded text that may be cut, and a clock under a head that names its zone.

import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, expect, test, vi } from 'vitest';
import { RecordedLine } from '../../../../renderer/ui/recorded.tsx';
import { WallClock, ZoneProvider, zonedLabel } from '../../../../renderer/ui/zone.tsx';

afterEach(() => vi.unstubAllEnvs());

test('what is cut is whole in the tooltip, without anything that acts', () => {
  const line = renderToStaticMarkup(<RecordedLine className="soft" text={'a\u202Eb'} />);
  expect(line).toContain('title="a[U+202E]b"');
  expect(line).toMatch(/^<bdi class="cut soft"/);
});

test('a clock under a head that names its zone names none itself, so that none is cut', () => {
  vi.stubEnv('TZ', 'Asia/Tashkent');
  const shown = (zone: 'utc' | 'local'): string =>
    renderToStaticMarkup(
      <ZoneProvider value={zone}>
        <WallClock at="2026-11-23T02:25:25Z" />
      </ZoneProvider>,
    ).replaceAll(/<[^>]*>/g, '');
  expect(shown('utc')).toBe('2026-11-23 02:25:25');
  expect(shown('local')).toBe('2026-11-23 07:25:25');
  expect([zonedLabel('Changed', 'utc'), zonedLabel('Changed', 'local')]).toEqual(['Changed (UTC)', 'Changed (local)']);
});
