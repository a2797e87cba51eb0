// Paths of StackShift's interface as people type them into the dialog.

import { expect, test } from 'vitest';
import { readPaths } from '../../../../renderer/sources/add-source.tsx';

test.each([
  ['', {}],
  ['\n  \n', {}],
  ['sessions=/api/v1/x', { sessions: '/api/v1/x' }],
  [' session = /s/{id} \nevents=/e', { session: '/s/{id}', events: '/e' }],
])('%j is read', (text, paths) => {
  expect(readPaths(text)).toEqual(paths);
});

test.each(['sessions', 'sessions=', 'sessions=api', '=/x', 'sessions=/a b', 'a=/x\nb'])('%j is no list of paths', (text) => {
  expect(readPaths(text)).toBeNull();
});
