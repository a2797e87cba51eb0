// A recording is never called by a name that cannot be seen.

import { expect, test } from 'vitest';
import { sessionName } from '../../../../renderer/ui/session-name.ts';

test('the first of title, command and source’s id that can be seen, else its own id', () => {
  const session = { id: 'r-1', title: 'Deploy', command: 'make deploy', nativeId: 'ts_9' };
  expect(sessionName(session)).toBe('Deploy');
  expect(sessionName({ ...session, title: ' ' })).toBe('make deploy');
  expect(sessionName({ ...session, title: null, command: '' })).toBe('ts_9');
  expect(sessionName({ id: 'r-1', title: '\u3000' })).toBe('r-1');
});
