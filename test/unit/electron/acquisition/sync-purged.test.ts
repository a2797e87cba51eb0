// Synchronisation and retention: what was purged here is not fetched again, and what the source has no more is marked and kept.

import { expect, test } from 'vitest';
import type { Library, SessionRow } from '../../../../electron/library/library.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { longRecording, sessionOf, synchronise } from '../../../support/syncing.ts';
import { engineOf } from '../../engine/client.ts';

const AT = '2026-11-21T10:00:00Z';
const NOW = (Date.UTC(2027, 0, 1) * 1000) as Micros;

function purge(library: Library, { acquisition }: SessionRow): unknown {
  return library.purges.purge(acquisition, NOW, {
    at: AT,
    custody: ({ session }) => ({ actor: 'tester', action: 'purge', subject: session, purpose: '', details: {} }),
    certify: () => ({ certificate: '{}', signature: '' }),
  });
}

test('what was purged here is passed over, also when everything is compared anew', async () => {
  const engine = await engineOf({ recordings: [longRecording('one', 30), longRecording('two', 30)] });
  const { library } = temporaryLibrary();
  await synchronise(library, engine);
  const policy = {
    source: 'engine',
    environment: 'production',
    keeper: 'library',
    days: 1,
    basis: 'set',
    plan: null,
    by: 'a',
    at: AT,
    reason: 'r',
  } as const;
  const hold = library.retention.addHold(
    { kind: 'session', session: sessionOf(library, 'two').id },
    { by: 'a', at: AT, reason: 'r' },
  );
  library.retention.setPolicy(policy);
  expect(purge(library, sessionOf(library, 'two'))).toBeNull();
  expect(purge(library, sessionOf(library, 'one'))).toHaveLength(1);
  for (const deps of [{}, { recheck: true }]) {
    const { sessions, failure } = await synchronise(library, engine, deps);
    expect(failure).toBeNull();
    expect(sessions.find(({ nativeId }) => nativeId === 'one')).toMatchObject({ outcome: 'unchanged', events: 0, failure: null });
  }
  expect(sessionOf(library, 'one')).toMatchObject({ lockCode: 'purged', title: null });
  expect(library.content.eventChunks(sessionOf(library, 'one'))).toEqual([]);
  expect(library.content.eventChunks(sessionOf(library, 'two'))).not.toEqual([]);
  expect(library.purges.count()).toBe(1);
  expect(library.retention.hold(hold.id)).toMatchObject({ released: null, sessions: 1 });
});

test('what the source lists no more is marked as gone there, and no more so when it is listed again', async () => {
  const { library } = temporaryLibrary();
  const both = await engineOf({ recordings: [longRecording('one', 30), longRecording('two', 30)] });
  await synchronise(library, both);
  const isGone = (nativeId: string): boolean => {
    const row = sessionOf(library, nativeId);
    return library.retention.marks([row]).get(row.key)!.goneAtSource;
  };
  expect([isGone('one'), isGone('two')]).toEqual([false, false]);
  const left = await engineOf({ recordings: [longRecording('two', 30)] });
  await synchronise(library, left);
  expect([isGone('one'), isGone('two')]).toEqual([true, false]);
  expect(sessionOf(library, 'one').events).toBe(30);
  await synchronise(library, both);
  expect([isGone('one'), isGone('two')]).toEqual([false, false]);
});
