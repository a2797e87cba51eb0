// @vitest-environment jsdom
// The column of who reviewed a session.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { COLUMNS, DEFAULT_COLUMNS, readColumns } from '../../../../renderer/sessions/columns.tsx';
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
