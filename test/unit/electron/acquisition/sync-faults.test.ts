// The fault list "source answers" of the quality bars against a synchronisation: each is one clear error or a recorded discrepancy, costs
// bounded time and memory, and the next synchronisation goes on.

import { describe, expect, test } from 'vitest';
import { ExhibitError } from '../../../../shared/api/errors.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { verifyRecording, type Library } from '../../../../electron/library/library.ts';
import { GIGABYTE, type Fault, type Misbehaviour } from '../../../engine/faults.ts';
import type { MadeRecording, Plan, Step } from '../../../engine/recordings.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { contentOf, longRecording, sessionOf, synchronise } from '../../../support/syncing.ts';
import { engineOf } from '../../engine/client.ts';

const EVENTS = 2500;

async function engineWith(rule: Misbehaviour): Promise<Engine> {
  const engine = await engineOf({ recordings: [longRecording('s', EVENTS)] });
  engine.misbehave(rule);
  return engine;
}

const second = (fault: Fault, times?: number): Misbehaviour => ({
  at: 'events',
  skip: 1,
  ...(times === undefined ? {} : { times }),
  fault,
});

const kinds = (library: Library): (readonly [string, string | undefined])[] =>
  library.sessions.discrepancies(sessionOf(library, 's'), 100).map(({ kind, place }) => [kind, place.seq]);

/** The same as if nothing had ever been wrong. */
async function expectWhole(library: Library): Promise<void> {
  const engine = await engineOf({ recordings: [longRecording('s', EVENTS)] });
  const plain = temporaryLibrary();
  await synchronise(plain.library, engine);
  expect(contentOf(library, 's')).toEqual(contentOf(plain.library, 's'));
  expect(library.custody.verify()).toMatchObject({ kind: 'intact', count: 1 });
}

describe('an answer that cannot be used ends the reading of its session with the reason, and the next one goes on', () => {
  const faults: readonly (readonly [string, Fault, string, string])[] = [
    ['401', { kind: 'status', status: 401 }, 'permission', 'token was refused'],
    ['429', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }, 'network', 'no more requests'],
    ['500', { kind: 'status', status: 500, body: 'oops' }, 'network', 'fault of its own'],
    ['503', { kind: 'status', status: 503 }, 'network', 'fault of its own'],
    [
      'a redirect',
      { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      'network',
      'send the request on',
    ],
    ['a reset', { kind: 'reset' }, 'network', 'connection broke'],
    ['silence', { kind: 'silence' }, 'network', ''],
    ['a cut body', { kind: 'cut', bytes: 5000 }, 'network', ''],
    ['a cut body without length', { kind: 'cut', bytes: 5000, chunked: true }, 'network', ''],
    ['a lying length', { kind: 'lying-length', declared: 10_000_000 }, 'network', ''],
    ['a drip', { kind: 'drip', bytes: 1, everyMs: 50 }, 'network', ''],
    ['a gigabyte', { kind: 'flood', bytes: GIGABYTE }, 'network', ''],
    ['wrong JSON', { kind: 'body', text: '[{"seq":"1001"' }, 'network', 'not JSON'],
    ['another form', { kind: 'body', text: '{"events":[]}' }, 'network', 'not a list'],
    ['an empty body', { kind: 'body', text: '' }, 'network', 'not JSON'],
    ['another session on every page', { kind: 'wrong-page', session: 'other' }, 'network', 'none of them'],
    ['the first page again and again', { kind: 'wrong-page', fromSeq: '0' }, 'network', 'none of them'],
  ];
  test.each(faults)('%s', async (_, fault, kind, why) => {
    const engine = await engineWith(second(fault));
    engine.put(longRecording('other', 4000, { session: { status: 'active', group_id: 'g' } }));
    const { library } = temporaryLibrary();
    const { sessions } = await synchronise(library, engine, { filter: { status: 'closed' } });
    expect(sessions).toMatchObject([{ nativeId: 's', id: null, outcome: 'failed', events: 1000, failure: { kind } }]);
    expect(sessions[0]!.failure!.why).toContain(why);
    expect(library.sessions.stats().sessions).toBe(0);
    expect(library.synced.unfinished('engine')).toEqual(['s']);
    engine.behave();
    const before = engine.requests.length;
    const again = await synchronise(library, engine, { filter: { status: 'closed' } });
    expect(again.sessions).toMatchObject([{ outcome: 'new', events: 1500, failure: null }]);
    expect(
      decodeURIComponent(
        engine.requests
          .slice(before)
          .map(({ target }) => target)
          .join(' '),
      ),
    ).toContain('"from_seq":"1000"');
    await expectWhole(library);
  });

  test('in the list of sessions: nothing is read, and the run says why', async () => {
    for (const fault of [
      { kind: 'status', status: 403 },
      { kind: 'body', text: '{}' },
      { kind: 'cut', bytes: 5 },
    ] as const) {
      const engine = await engineWith({ at: 'sessions', fault });
      await expect(synchronise(temporaryLibrary().library, engine)).rejects.toMatchObject({ name: 'ExhibitError' });
    }
  });

  test('about the session itself: another one in its place', async () => {
    const engine = await engineWith({ at: 'session', fault: { kind: 'body', text: '{"id":"other","status":"closed"}' } });
    const { library } = temporaryLibrary();
    expect((await synchronise(library, engine)).sessions).toMatchObject([
      { outcome: 'failed', failure: { kind: 'network', why: 'the source answered with another session' } },
    ]);
    engine.behave();
    await synchronise(library, engine);
    await expectWhole(library);
  });

  test('a token that ends ends the run, not only the session', async () => {
    const engine = await engineOf({ recordings: Array.from({ length: 40 }, (_, i) => longRecording(`s${String(i)}`, 20)) });
    engine.misbehave({ at: 'events', skip: 6, fault: { kind: 'status', status: 401 } });
    const { sessions, failure } = await synchronise(temporaryLibrary().library, engine);
    expect(failure).toMatchObject({ kind: 'permission' });
    expect(sessions.length).toBeLessThan(12);
  });

  test('a source that does not answer any more is left alone after a few sessions', async () => {
    const engine = await engineOf({ recordings: Array.from({ length: 60 }, (_, i) => longRecording(`s${String(i)}`, 20)) });
    engine.misbehave({ at: 'session', fault: { kind: 'status', status: 503 } });
    const { sessions, failure } = await synchronise(temporaryLibrary().library, engine);
    expect(failure).toMatchObject({ kind: 'network' });
    expect(sessions.length).toBeLessThan(20);
  });
});

describe('a page that is larger than an answer may be', () => {
  const wide = (id: string, events: number, plan: Partial<Plan> = {}): MadeRecording => {
    const step = (_: unknown, n: number): Step => ({
      after: micros((n + 1) * 1000),
      stream: 'stdout',
      bytes: Buffer.alloc(n % 100 < 50 ? 24_000 : 20, `${String(n)} `),
    });
    return longRecording(id, events, { steps: Array.from({ length: events - 2 }, step), ...plan });
  };

  test('is asked for with fewer events, also where it is read again', async () => {
    const engine = await engineOf({ recordings: [wide('s', 1400)] });
    const { library } = temporaryLibrary();
    expect((await synchronise(library, engine)).sessions).toMatchObject([
      { outcome: 'new', events: 1400, discrepancies: 0, failure: null },
    ]);
    expect(verifyRecording(library, sessionOf(library, 's')).failures).toEqual([]);
    const again = await synchronise(library, engine, { recheck: true });
    expect(again.sessions).toMatchObject([{ outcome: 'unchanged', discrepancies: 0, failure: null }]);
  });

  /** Six events, of which four are so large that no two of them come in one answer. */
  const huge = (): MadeRecording => {
    const step = (_: unknown, n: number): Step => ({
      after: micros((n + 1) * 1000),
      stream: 'stdout',
      bytes: Buffer.alloc(4_000_000, `${String(n)} `),
    });
    return longRecording('s', 6, { steps: Array.from({ length: 4 }, step) });
  };

  test('of a live session does not end it where one event is all that an answer takes', async () => {
    const engine = await engineOf({ recordings: [huge()] });
    engine.hold('s', 2);
    const { library } = temporaryLibrary();
    const kept: number[] = [];
    const sleep = async (): Promise<void> => {
      kept.push(sessionOf(library, 's').events);
      if (kept.length === 1) engine.release('s', 3);
      if (kept.length === 3) engine.release('s', 100);
      await Promise.resolve();
    };
    const { sessions } = await synchronise(library, engine, { follow: true, sleep });
    expect(sessions).toMatchObject([{ events: 6, discrepancies: 0, failure: null }]);
    expect(kept).toEqual([2, 5, 5]);
  });

  test('does not make an error the end where one event is all that an answer takes', async () => {
    const engine = await engineOf({ recordings: [huge()] });
    // The question for event 4: five pages were too large, then came 1, and 2 and 3 after a page of two each.
    engine.misbehave({ at: 'events', skip: 10, times: 1, fault: { kind: 'status', status: 404 } });
    const { library } = temporaryLibrary();
    const { sessions } = await synchronise(library, engine);
    expect(sessions).toMatchObject([{ outcome: 'new', events: 3, failure: { kind: 'not-found' } }]);
    expect(kinds(library)).toEqual([['truncated', '3']]);
  });
});

describe('retention that ends while a session is read', () => {
  test.each([404, 410])('%i leaves what came, and says that it is not all', async (status) => {
    const engine = await engineWith(second({ kind: 'status', status }));
    const { library } = temporaryLibrary();
    const { sessions } = await synchronise(library, engine);
    expect(sessions).toMatchObject([{ outcome: 'new', events: 1000, discrepancies: 1, failure: { kind: 'not-found' } }]);
    expect(kinds(library)).toEqual([['truncated', '1000']]);
    expect(verifyRecording(library, sessionOf(library, 's')).failures).toEqual([]);
    engine.behave();
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'grown', events: 1500, failure: null }]);
    expect(sessionOf(library, 's').events).toBe(EVENTS);
    expect(kinds(library)).toEqual([['truncated', '1000']]);
  });

  test('between two runs leaves what came', async () => {
    const engine = await engineWith(second({ kind: 'reset' }));
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    engine.remove('s');
    const { sessions } = await synchronise(library, engine);
    expect(sessions).toMatchObject([
      { outcome: 'new', id: expect.any(String) as string, events: 0, failure: { kind: 'not-found' } },
    ]);
    expect(sessionOf(library, 's').events).toBe(1000);
    expect(kinds(library)).toEqual([['truncated', '1000']]);
  });
});

describe('a source that has an error in place of the empty page at the end', () => {
  const STATUSES = [400, 404, 410, 416, 422];

  test.each(STATUSES)('%i: all that is there comes, once and again', async (status) => {
    const engine = await engineWith({ at: 'events', fault: { kind: 'past-end', status } });
    const { library } = temporaryLibrary();
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'new', events: EVENTS, failure: null }]);
    await expectWhole(library);
    expect((await synchronise(library, engine, { recheck: true })).sessions).toMatchObject([
      { outcome: 'unchanged', failure: null, discrepancies: 0 },
    ]);
  });

  test.each(STATUSES)('%i: a session that goes on is read on', async (status) => {
    const engine = await engineWith({ at: 'events', fault: { kind: 'past-end', status } });
    engine.hold('s', 1000);
    const { library } = temporaryLibrary();
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'new', events: 1000, failure: null }]);
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'unchanged', failure: null }]);
    engine.release('s', EVENTS);
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'grown', events: 1500, failure: null }]);
    expect(kinds(library)).toEqual([]);
  });

  test.each(STATUSES)('%i before the end stays a fault, whatever the length of the page before', async (status) => {
    const engine = await engineOf({ recordings: [longRecording('s', EVENTS)], limits: { usual: 500, most: 500 } });
    engine.misbehave(second({ kind: 'status', status }, 1));
    const { library } = temporaryLibrary();
    const { sessions } = await synchronise(library, engine);
    expect(sessions).toMatchObject([{ events: 500, failure: { why: expect.stringContaining(String(status)) as string } }]);
    await synchronise(library, engine);
    expect(sessionOf(library, 's').events).toBe(EVENTS);
  });

  test('a session that is gone meanwhile is gone', async () => {
    const engine = await engineWith(second({ kind: 'status', status: 404 }));
    engine.put(longRecording('s', 20));
    const { library } = temporaryLibrary();
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ events: 20, failure: { kind: 'not-found' } }]);
    expect(kinds(library)).toEqual([['truncated', '20']]);
  });
});

describe('a sequence number beyond 64 bits', () => {
  test.each(['18446744073709551616', '99999999999999999999'])('%s is none, and hides nothing behind it', async (seq) => {
    const engine = await engineWith({ at: 'events', fault: { kind: 'changed', seq: '997', members: { seq } } });
    const { library } = temporaryLibrary();
    const { sessions } = await synchronise(library, engine);
    expect(sessions).toMatchObject([{ outcome: 'new', events: EVENTS, failure: null }]);
    expect(sessionOf(library, 's').events).toBe(EVENTS);
    expect(kinds(library)).toEqual([
      ['bad-line', undefined],
      ['sequence-gap', '998'],
    ]);
  });
});

describe('a wrong page is kept and said', () => {
  const said: readonly (readonly [string, Fault, readonly (readonly [string, string | undefined])[], number])[] = [
    [
      'an event twice',
      { kind: 'repeated', seq: '1200' },
      [
        ['inconsistent', undefined],
        ['sequence-repeat', '1200'],
      ],
      EVENTS + 1,
    ],
    [
      'two events in the wrong order',
      { kind: 'reordered', seq: '1200' },
      [
        ['sequence-gap', '1201'],
        ['sequence-reorder', '1200'],
        ['bad-time', '1200'],
        ['sequence-gap', '1202'],
      ],
      EVENTS,
    ],
    ['a missing event', { kind: 'missing', seq: '1200' }, [['sequence-gap', '1201']], EVENTS - 1],
    ['the first event of a page missing', { kind: 'missing', seq: '1001' }, [['sequence-gap', '1002']], EVENTS - 1],
    ['a lying length', { kind: 'changed', seq: '1200', members: { payload_length: 9 } }, [['inconsistent', '1200']], EVENTS],
    ['more than was asked for', { kind: 'wrong-page', limit: 1400 }, [['inconsistent', undefined]], EVENTS],
    ['an earlier start', { kind: 'wrong-page', fromSeq: '900' }, [['inconsistent', '900']], EVENTS],
    [
      'an event of another session',
      { kind: 'changed', seq: '1200', members: { session_id: 'other' } },
      [
        ['sequence-gap', '1201'],
        ['inconsistent', undefined],
      ],
      EVENTS - 1,
    ],
  ];
  test.each(said)('%s', async (_, fault, expected, events) => {
    const engine = await engineWith(second(fault, 1));
    const { library } = temporaryLibrary();
    const { sessions } = await synchronise(library, engine);
    expect(sessions).toMatchObject([{ outcome: 'new', failure: null, discrepancies: expected.length }]);
    expect(kinds(library)).toEqual(expected);
    const row = sessionOf(library, 's');
    expect(row.events).toBe(events);
    expect(verifyRecording(library, row).failures).toEqual([]);
    const seqs = library.content
      .eventChunks(row)
      .flatMap((info) => library.content.events(row, info).map(({ seq }) => Number(seq)));
    expect(new Set(seqs).size).toBe(Math.min(events, EVENTS));
  });

  test('broken links between events', async () => {
    const recording = longRecording('s', 10);
    const linked = recording.events.map((event, i) => ({
      ...event,
      hash: `h${String(i)}`,
      prev_hash: `h${String(i === 6 ? 99 : i - 1)}`,
    }));
    const engine = await engineOf({ recordings: [{ ...recording, events: linked }], limits: { most: 3 } });
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    expect(kinds(library)).toEqual([['broken-link', '7']]);
  });
});

test('documents that are refused are said and keep nothing else away', async () => {
  const engine = await engineOf({
    recordings: [longRecording('s', 20, { session: { encryption_mode: 'e2e', group_id: 'gone' } })],
  });
  engine.misbehave({ at: 'key-grants', fault: { kind: 'status', status: 403 } });
  const { library } = temporaryLibrary();
  const { sessions } = await synchronise(library, engine);
  expect(sessions).toMatchObject([{ outcome: 'new', events: 20, discrepancies: 2, failure: null }]);
  expect(
    kinds(library)
      .map(([kind]) => kind)
      .toSorted(),
  ).toEqual(['not-decrypted', 'truncated']);
});

test('a document for which the token has no permission is asked for again by the next synchronisation', async () => {
  const engine = await engineOf({ recordings: [longRecording('s', 20, { session: { encryption_mode: 'e2e' } })] });
  engine.misbehave({ at: 'key-grants', fault: { kind: 'status', status: 403 } });
  const { library } = temporaryLibrary();
  await synchronise(library, engine);
  const grants = (): number => library.documents.all(sessionOf(library, 's'), 'key-grants').length;
  expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'unchanged', failure: null }]);
  expect(grants()).toBe(0);
  engine.behave();
  expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'grown', events: 0, failure: null }]);
  expect(grants()).toBe(1);
  const asked = engine.requests.length;
  await synchronise(library, engine);
  expect(engine.requests.slice(asked).filter(({ target }) => target.startsWith('/api/webtty/sessions/'))).toEqual([]);
});

describe('a page that cannot be written while the next one is on its way', () => {
  test('ends the reading with the reason; the next one goes on behind the last page that was', async () => {
    const engine = await engineOf({ recordings: [longRecording('s', EVENTS)] });
    const { library } = temporaryLibrary();
    let steps = 0;
    const open: Library['synced']['open'] = (key) => {
      const handle = library.synced.open(key);
      const step: typeof handle.step = (taken) => {
        steps += 1;
        if (steps === 2) throw new ExhibitError('disk', 'write library', 'the disk is full');
        handle.step(taken);
      };
      return { ...handle, isShown: false, step };
    };
    const { sessions, failure } = await synchronise({ ...library, synced: { ...library.synced, open } }, engine);
    expect(steps).toBe(2);
    expect(sessions).toMatchObject([{ outcome: 'failed', events: 1000, failure: { kind: 'disk' } }]);
    expect(failure).toMatchObject({ kind: 'disk' });
    const asked = engine.requests.length;
    await synchronise(library, engine);
    expect(engine.requests.slice(asked).find(({ target }) => target.includes('/events'))!.target).toContain('1000');
    await expectWhole(library);
  });
});
