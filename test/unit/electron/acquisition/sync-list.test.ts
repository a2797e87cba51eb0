// The list of a source that gives only so many sessions at once: all of them come, whatever its order, and none is called gone because
// it is not listed.

import { describe, expect, test } from 'vitest';
import type { Library } from '../../../../electron/library/library.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { longRecording, sessionOf, synchronise } from '../../../support/syncing.ts';
import { engineOf } from '../../engine/client.ts';

const startOf = (n: number): string => new Date(Date.UTC(2026, 5, 10) + n * 60_000).toISOString();

const recordings = (count: number, startedAt: (n: number) => string = startOf): ReturnType<typeof longRecording>[] =>
  Array.from({ length: count }, (_, n) => longRecording(`s${String(n)}`, 3, { startedAt: startedAt(n) }));

const lists = ({ requests }: Engine): number =>
  requests.filter(({ target }) => target.startsWith('/api/webtty/sessions?') || target === '/api/webtty/sessions').length;

const isGone = (library: Library, nativeId: string): boolean => {
  const row = sessionOf(library, nativeId);
  return library.retention.marks([row]).get(row.key)!.goneAtSource;
};

describe('a ceiling on the list', () => {
  test.each([false, true])('keeps no session away where the oldest come first: %j', async (oldestFirst) => {
    const engine = await engineOf({ recordings: recordings(23), limits: { usual: 5, most: 5, oldestFirst } });
    const { library } = temporaryLibrary();
    const { sessions, lacks, failure } = await synchronise(library, engine);
    expect([sessions.length, lacks, failure]).toEqual([23, [], null]);
    expect(library.sessions.stats().sessions).toBe(23);
    expect((await synchronise(library, engine)).sessions.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
    expect(isGone(library, 's0')).toBe(false);
  });

  test('keeps none away of which several begin at one time', async () => {
    const engine = await engineOf({
      recordings: recordings(20, (n) => startOf(Math.floor(n / 3))),
      limits: { usual: 5, most: 5 },
    });
    const { sessions, lacks } = await synchronise(temporaryLibrary().library, engine);
    expect([sessions.length, lacks]).toEqual([20, []]);
  });

  test('below the number of sessions that begin at one time is said; those before them come', async () => {
    const engine = await engineOf({
      recordings: recordings(12, (n) => startOf(n < 4 ? n : 9)),
      limits: { usual: 5, most: 5 },
    });
    const { sessions, lacks } = await synchronise(temporaryLibrary().library, engine);
    expect(sessions.map(({ nativeId }) => nativeId)).toEqual(expect.arrayContaining(['s0', 's1', 's2', 's3']));
    expect(lacks).toMatchObject([{ why: expect.stringMatching(/begin at .* than it gives at once/) as string }]);
  });

  test('does not go beyond the limit that was asked for', async () => {
    const engine = await engineOf({ recordings: recordings(23), limits: { usual: 5, most: 5 } });
    const { sessions } = await synchronise(temporaryLibrary().library, engine, { filter: { limit: 12 } });
    expect(sessions.map(({ nativeId }) => nativeId).toSorted()).toEqual(
      Array.from({ length: 12 }, (_, n) => `s${String(22 - n)}`).toSorted(),
    );
  });
});

test('a list that is larger than an answer may be is asked for in pieces', async () => {
  const notes = 'x'.repeat(500_000);
  const wide = Array.from({ length: 40 }, (_, n) =>
    longRecording(`s${String(n)}`, 3, { startedAt: startOf(n), session: { command_meta: { notes } } }),
  );
  const engine = await engineOf({ recordings: wide });
  const { sessions, lacks, failure } = await synchronise(temporaryLibrary().library, engine);
  expect([sessions.length, lacks, failure]).toEqual([40, [], null]);
  const few = await synchronise(temporaryLibrary().library, engine, { filter: { limit: 3 } });
  expect(few.sessions).toHaveLength(3);
});

test('a source that takes no notice of the filter ends nothing, and what it does not list is not gone', async () => {
  const engine = await engineOf({ recordings: recordings(6) });
  const { library } = temporaryLibrary();
  await synchronise(library, engine);
  const capped = await engineOf({ recordings: recordings(6), limits: { usual: 5, most: 5 } });
  capped.misbehave({ at: 'sessions', fault: { kind: 'unfiltered' } });
  const { sessions, failure } = await synchronise(library, capped);
  expect([sessions.length, failure, lists(capped)]).toEqual([6, null, 3]);
  expect(isGone(library, 's0')).toBe(false);
  capped.remove('s0');
  await synchronise(library, capped);
  expect(isGone(library, 's0')).toBe(true);
});

test('a source that refuses to list more leaves what came, and says so', async () => {
  const engine = await engineOf({ recordings: recordings(6), limits: { usual: 5, most: 5 } });
  engine.misbehave({ at: 'sessions', skip: 1, fault: { kind: 'status', status: 400 } });
  const { sessions, lacks } = await synchronise(temporaryLibrary().library, engine);
  expect(sessions).toHaveLength(5);
  expect(lacks).toMatchObject([{ why: expect.stringContaining('status 400') as string }]);
});

test.each([403, 500])('a session that is not listed and answered with %i is not called gone', async (status) => {
  const { library } = temporaryLibrary();
  await synchronise(library, await engineOf({ recordings: recordings(2) }));
  const engine = await engineOf({ recordings: recordings(1) });
  engine.misbehave({ at: 'session', session: 's1', fault: { kind: 'status', status } });
  await synchronise(library, engine);
  expect(isGone(library, 's1')).toBe(false);
  engine.behave();
  await synchronise(library, engine);
  expect(isGone(library, 's1')).toBe(true);
});

test('sessions that are not listed any more are asked for a hundred at a time', async () => {
  const { library } = temporaryLibrary();
  const all = recordings(130);
  await synchronise(library, await engineOf({ recordings: all }));
  const engine = await engineOf({ recordings: [] });
  const asked = async (): Promise<number> => {
    const before = engine.requests.length;
    await synchronise(library, engine);
    return engine.requests.length - before;
  };
  expect([await asked(), await asked(), await asked()]).toEqual([101, 31, 1]);
});

describe('a list', () => {
  test.each(['null', '[]', ' null\n'])('%j is an empty one', async (text) => {
    const engine = await engineOf({ recordings: recordings(1) });
    engine.misbehave({ at: 'sessions', fault: { kind: 'body', text } });
    expect(await synchronise(temporaryLibrary().library, engine)).toEqual({ sessions: [], failure: null, lacks: [] });
  });

  test('with an element that is no session names it, and the others come', async () => {
    const [one, two] = recordings(2);
    const engine = await engineOf({ recordings: [one!, two!] });
    const text = JSON.stringify([one!.session, { id: 7 }, null, two!.session]);
    engine.misbehave({ at: 'sessions', fault: { kind: 'body', text } });
    const { sessions, lacks } = await synchronise(temporaryLibrary().library, engine);
    expect(sessions).toMatchObject([{ outcome: 'new' }, { outcome: 'new' }]);
    expect(lacks).toMatchObject([
      { why: expect.stringMatching(/^2 of 4 elements .* skipped: element 2 is an object$/) as string },
    ]);
  });
});
