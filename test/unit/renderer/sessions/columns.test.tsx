// @vitest-environment jsdom
// The column of who reviewed a session.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { COLUMNS, DEFAULT_COLUMNS, barShare, readColumns } from '../../../../renderer/sessions/columns.tsx';
import { fakeRecording } from '../../../support/fake-recordings.ts';

test('says who marked a session as reviewed, and is shown when it is chosen', () => {
  const column = COLUMNS.find(({ name }) => name === 'reviewed')!;
  const context = { zone: 'utc', longestUs: 0, onGroup: () => undefined } as const;
  const shown = (reviewedBy: string[]): string =>
    renderToStaticMarkup(column.cell({ ...fakeRecording(0).session, reviewedBy }, context));
  expect(shown(['ana@laptop', 'ben@office-3'])).toContain('ana@laptop, ben@office-3');
  expect(shown([])).toContain('–');
  expect(DEFAULT_COLUMNS).not.toContain('reviewed');
  expect(readColumns('name,reviewed')).toEqual(['name', 'reviewed']);
});

test('bars of minutes and hours differ beside a session of forty days, and none is without a mark but nothing', () => {
  const second = 1_000_000;
  const share = (seconds: number): number => barShare(seconds * second, 40 * 86_400 * second);
  const shares = [0.1, 10, 600, 7200, 40 * 86_400].map(share);
  for (const [i, one] of shares.entries()) if (i > 0) expect(one - shares[i - 1]!).toBeGreaterThan(10);
  expect(shares.at(-1)).toBe(100);
  expect(shares[0]).toBeGreaterThan(0);
  expect(share(0)).toBe(0);
});
