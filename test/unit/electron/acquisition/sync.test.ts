// Synchronisation from a real engine: what comes, what is asked for again, how a session grows, and what is said when it does not agree.

import { describe, expect, test } from 'vitest';
import { verifyRecording, type Library, type SessionRow } from '../../../../electron/library/library.ts';
import type { Fault } from '../../../engine/faults.ts';
import type { Received } from '../../../engine/start-engine.ts';
import { readVectors, vectorRecording, VECTORS } from '../../../engine/vectors.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { contentOf, longRecording, sessionOf, synchronise } from '../../../support/syncing.ts';
import { engineOf } from '../../engine/client.ts';
import { sampleRecording, SAMPLE_EVENTS } from '../../engine/sample.ts';

const LOGS = ['webtty.logs.read-only'];
const SESSIONS = ['webtty.sessions.read-only'];

const acquired = (library: Library): Record<string, unknown>[] =>
  library.custody
    .list({ action: 'acquire' }, null, 100)
    .entries.toReversed()
    .map(({ text }) => (JSON.parse(text) as { details: Record<string, unknown> }).details);

const sizes = (library: Library, row: SessionRow): { bytes: string; events: number } => ({
  bytes: library.content
    .eventChunks(row)
    .flatMap((info) => library.content.events(row, info))
    .map((event) => (event.kind === 'data' ? Buffer.from(event.bytes).toString() : ''))
    .join(''),
  events: row.events,
});

const targets = (requests: readonly Received[]): string[] => requests.map(({ target }) => decodeURIComponent(target));

describe('a session that is over', () => {
  test('is kept answer by answer, byte for byte, with its events and one custody entry', async () => {
    const recording = longRecording('long', 2500);
    const engine = await engineOf({ recordings: [recording] });
    const { library } = temporaryLibrary();
    const { sessions, failure } = await synchronise(library, engine);
    expect(failure).toBeNull();
    const row = sessionOf(library, 'long');
    expect(sessions).toEqual([
      {
        source: 'engine',
        nativeId: 'long',
        id: row.id,
        outcome: 'new',
        events: 2500,
        discrepancies: 0,
        failure: null,
      },
    ]);
    expect(row).toMatchObject({
      events: 2500,
      records: 2501,
      status: 'closed',
      exitStatus: 0,
      format: 'rstream',
      source: 'engine',
    });
    const parts = library.content.storedParts(row.acquisition);
    expect(parts.map(({ name }) => name)).toEqual([
      'session/1.json',
      'events/1.json',
      'events/2.json',
      'events/3.json',
      'participants/1.json',
    ]);
    const second = Buffer.concat([...library.content.partBytes(row.acquisition, 2)]).toString();
    expect(second).toBe(
      `[${recording.events
        .slice(1000, 2000)
        .map((event) => JSON.stringify(event))
        .join(',')}]`,
    );
    expect(library.documents.latest(row, 'session')!.received).toMatchObject({
      request: 'GET /api/webtty/sessions/long',
      at: '2026-11-21T10:00:00Z',
    });
    expect(verifyRecording(library, row)).toMatchObject({ records: 2501, failures: [] });
    expect(acquired(library)).toMatchObject([
      { session: 'long', records: 2501, growing: false, pages: { count: 3 }, documents: [{ name: 'session/1.json' }, {}] },
    ]);
    expect(library.synced.unfinished('engine')).toEqual([]);
  });

  test('says once what of its object is no text, not whole, or no time', async () => {
    const { session, ...rest } = sampleRecording('a');
    const bad = { ...session, context: { purpose: '\ud800', origin: 5 }, started_at: 'soon' };
    const engine = await engineOf({ recordings: [{ ...rest, session: bad }] });
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    engine.update('a', { exit_code: 7 });
    await synchronise(library, engine);
    const told = library.sessions.discrepancies(sessionOf(library, 'a'), 10);
    expect(told.map(({ kind, message, place }) => [kind, message, place.file])).toEqual([
      ['encoding', 'half of a surrogate pair stands alone in purpose; it is shown as U+FFFD', 'session/1.json'],
      ['bad-header', 'origin is 5 and not a text; it is not used', 'session/1.json'],
      ['bad-time', 'started_at is the text soon, which is no time that can be used; the start is not known', 'session/1.json'],
    ]);
  });

  test('any record is found by its number, though the runs of records are as long as the pages were', async () => {
    const recording = longRecording('long', 2500);
    const engine = await engineOf({ recordings: [recording], limits: { most: 300 } });
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    const row = sessionOf(library, 'long');
    for (const index of [0, 1, 300, 301, 1999, 2500, 2, 900]) {
      const [range] = library.content.record(row, index).ranges;
      const bytes = library.content.partRange(row.acquisition, range!.part, range!.offset, range!.length).toString();
      expect(JSON.parse(bytes)).toEqual(index === 0 ? recording.session : recording.events[index - 1]);
    }
    expect(() => library.content.record(row, 2501)).toThrow('record 2501 is missing');
  });

  test('is not asked for again while its object stays the same', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('a'), sampleRecording('b')] });
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    const before = engine.requests.length;
    const { sessions } = await synchronise(library, engine);
    expect(sessions.map(({ outcome, id }) => [outcome, typeof id])).toEqual([
      ['unchanged', 'string'],
      ['unchanged', 'string'],
    ]);
    expect(targets(engine.requests.slice(before)).filter((target) => target.startsWith('/api/webtty/sessions/'))).toEqual([]);
    engine.update('a', { exit_code: 7 });
    const again = await synchronise(library, engine);
    expect(Object.fromEntries(again.sessions.map(({ nativeId, outcome }) => [nativeId, outcome]))).toEqual({
      a: 'grown',
      b: 'unchanged',
    });
    expect(sessionOf(library, 'a').exitStatus).toBe(7);
    expect(library.documents.all(sessionOf(library, 'a'), 'session')).toHaveLength(2);
    expect((await synchronise(library, engine)).sessions.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
  });

  test('has the documents of its keys: material for each listed grant and for each key of this machine, empty answers too', async () => {
    const recording = sampleRecording('s', { session: { group_id: 'grp' } });
    const engine = await engineOf({ recordings: [recording] });
    engine.putGroup({ id: 'grp', created_at: '2026-06-10T08:00:00Z', updated_at: '2026-06-10T08:00:00Z' });
    const { library } = temporaryLibrary();
    const asked: (string | null)[] = [];
    await synchronise(library, engine, {
      recipients: (workspace) => {
        asked.push(workspace);
        return [{ id: 'dev_1', kind: 'workspace_device' }];
      },
    });
    const row = sessionOf(library, 's');
    expect(asked).toEqual(['ws_sample']);
    expect(JSON.parse(library.documents.latest(row, 'key-grants')!.bytes().toString())).toEqual(recording.keyGrants);
    const material = library.documents.all(row, 'decrypt-material');
    expect(material.map((document) => JSON.parse(document.bytes().toString()) as unknown)).toEqual([
      [],
      recording.decryptMaterial,
    ]);
    expect(material[0]!.received.request).toContain('recipient_id=dev_1&recipient_kind=workspace_device');
    expect(JSON.parse(library.documents.latest(row, 'group')!.bytes().toString())).toMatchObject({ id: 'grp' });
    expect(row).toMatchObject({ group: 'grp', sealedEvents: 4 });
    expect(library.sessions.participants(row).map((text) => JSON.parse(text) as unknown)).toMatchObject([{ session_id: 's' }]);
  });

  test('of the vectors is the same as its events say', async () => {
    const { cases, groups } = readVectors(VECTORS);
    const engine = await engineOf({ recordings: cases.map(vectorRecording) });
    for (const group of groups) engine.putGroup(group);
    const { library } = temporaryLibrary();
    const { sessions, failure } = await synchronise(library, engine);
    expect(failure).toBeNull();
    expect(sessions.every(({ outcome }) => outcome === 'new')).toBe(true);
    for (const { session, events } of new Map(cases.map((one) => [one.session.id, one])).values()) {
      const row = sessionOf(library, session.id);
      expect([session.id, row.events, row.records]).toEqual([session.id, events.length, events.length + 1]);
      expect(verifyRecording(library, row).failures).toEqual([]);
    }
  });
});

describe('a session that goes on', () => {
  test('grows: rows are added, custody says from what to what, and in the end nothing tells it from one that was read at once', async () => {
    const recording = longRecording('live', 2600);
    const engine = await engineOf({ recordings: [recording] });
    engine.hold('live', 1500);
    const { library } = temporaryLibrary();
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'new', events: 1500 }]);
    const first = sessionOf(library, 'live');
    expect(first).toMatchObject({ status: 'active', events: 1500, records: 1501, exitStatus: null });
    expect(library.synced.unfinished('engine')).toEqual(['live']);
    library.derived.setIndexState(first, 'done', 1, null);

    engine.release('live', 600);
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'grown', events: 600, discrepancies: 0 }]);
    const second = sessionOf(library, 'live');
    expect(second).toMatchObject({ id: first.id, events: 2100, indexState: 'waiting', acquiredAt: first.acquiredAt });
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'unchanged', events: 0 }]);

    engine.release('live', 500);
    await synchronise(library, engine);
    const third = sessionOf(library, 'live');
    expect(third).toMatchObject({ status: 'closed', exitStatus: 0, events: 2600, records: 2601 });
    expect(library.synced.unfinished('engine')).toEqual([]);
    const entries = acquired(library);
    const hex = ({ root }: SessionRow): string => Buffer.from(root).toString('hex');
    expect(entries.map(({ records, grown_from }) => [records, grown_from])).toEqual([
      [1501, undefined],
      [2101, { records: 1501, root: hex(first) }],
      [2601, { records: 2101, root: hex(second) }],
      [2601, { records: 2601, root: hex(third) }],
    ]);
    expect(entries.at(-1)).toMatchObject({ growing: false, root: hex(third) });

    const whole = temporaryLibrary();
    const all = await engineOf({ recordings: [recording] });
    await synchronise(whole.library, all);
    expect(contentOf(library, 'live')).toEqual(contentOf(whole.library, 'live'));
  });

  test('is followed until it ends, with pauses that grow while nothing comes', async () => {
    const engine = await engineOf({ recordings: [longRecording('live', 50)] });
    engine.hold('live', 10);
    const { library } = temporaryLibrary();
    const pauses: number[] = [];
    const following: number[] = [];
    const { sessions, failure } = await synchronise(library, engine, {
      follow: true,
      sleep: async (ms) => {
        pauses.push(ms);
        await Promise.resolve();
        if (pauses.length === 9) engine.release('live', 20);
        if (pauses.length === 11) engine.release('live', 20);
      },
      progress: (change) => {
        if (change.following !== undefined) following.push(change.following);
      },
    });
    expect(failure).toBeNull();
    expect(sessions).toMatchObject([{ outcome: 'new', events: 50, failure: null }]);
    expect(pauses).toEqual([1000, 1500, 2250, 3375, 5062.5, 7593.75, 11390.625, 15000, 15000, 1000, 1500]);
    expect(following).toEqual([1, -1]);
    expect(sessionOf(library, 'live')).toMatchObject({ status: 'closed', events: 50 });
  });

  test('is followed on when its source was away for a while', async () => {
    const engine = await engineOf({ recordings: [longRecording('live', 50)] });
    engine.hold('live', 10);
    const { library } = temporaryLibrary();
    let looks = 0;
    const { sessions } = await synchronise(library, engine, {
      follow: true,
      sleep: async () => {
        looks += 1;
        await Promise.resolve();
        if (looks === 3) engine.misbehave({ at: 'all', fault: { kind: 'status', status: 503 } });
        if (looks === 8) engine.behave();
        if (looks === 10) engine.release('live', 100);
      },
    });
    expect(sessions).toMatchObject([{ outcome: 'new', events: 50, failure: null }]);
    const away = temporaryLibrary();
    engine.hold('live', 10);
    const lost = await synchronise(away.library, engine, {
      follow: true,
      sleep: () => {
        engine.misbehave({ at: 'all', fault: { kind: 'status', status: 503 } });
        return Promise.resolve();
      },
    });
    expect(lost.sessions).toMatchObject([{ outcome: 'failed', id: expect.any(String) as string, failure: { kind: 'network' } }]);
  });

  test('is not followed any longer when the run is ended, and stays as far as it came', async () => {
    const engine = await engineOf({ recordings: [longRecording('live', 50)] });
    engine.hold('live', 10);
    const { library } = temporaryLibrary();
    const abort = new AbortController();
    const { sessions, failure } = await synchronise(library, engine, {
      follow: true,
      signal: abort.signal,
      sleep: (_, signal) => {
        abort.abort();
        return Promise.reject(signal.reason as Error);
      },
    });
    expect(failure).toMatchObject({ kind: 'cancelled' });
    expect(sessions).toMatchObject([{ outcome: 'new', events: 10, failure: null }]);
    expect(library.synced.unfinished('engine')).toEqual(['live']);
  });

  test('that its source forgets before it ends says so, and is asked for no more', async () => {
    const engine = await engineOf({ recordings: [longRecording('live', 50)] });
    engine.hold('live', 10);
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    engine.remove('live');
    const { sessions } = await synchronise(library, engine);
    expect(sessions).toMatchObject([{ outcome: 'grown', events: 0, discrepancies: 1, failure: { kind: 'not-found' } }]);
    const row = sessionOf(library, 'live');
    expect(library.sessions.discrepancies(row, 10)).toMatchObject([{ kind: 'truncated', place: { seq: '10' } }]);
    expect((await synchronise(library, engine)).sessions).toEqual([]);
  });
});

describe('history', () => {
  test('that changed at the newest event is a discrepancy, told once; what was kept stays', async () => {
    const engine = await engineOf({ recordings: [longRecording('live', 30)] });
    engine.hold('live', 10);
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    const before = sizes(library, sessionOf(library, 'live'));
    engine.misbehave({ at: 'events', fault: { kind: 'changed', seq: '10', members: { payload_length: 1 } } });
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'grown', discrepancies: 1 }]);
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'unchanged', discrepancies: 0 }]);
    const row = sessionOf(library, 'live');
    expect(library.sessions.discrepancies(row, 10)).toMatchObject([
      { kind: 'changed-history', place: { seq: '10', file: 'events/2.json' } },
    ]);
    expect(sizes(library, row)).toEqual(before);
    engine.behave();
    engine.release('live', 100);
    await synchronise(library, engine);
    expect(sessionOf(library, 'live').events).toBe(30);
    expect(verifyRecording(library, sessionOf(library, 'live')).failures).toEqual([]);
  });

  test('that lacks the newest event is one too', async () => {
    const engine = await engineOf({ recordings: [longRecording('live', 30)] });
    engine.hold('live', 10);
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    engine.release('live', 10);
    engine.misbehave({ at: 'events', fault: { kind: 'missing', seq: '10' } });
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'grown', events: 10, discrepancies: 1 }]);
    expect(library.sessions.discrepancies(sessionOf(library, 'live'), 10)).toMatchObject([{ kind: 'changed-history' }]);
  });

  test('is read again on demand: what changed, went or came since is named by its number', async () => {
    const engine = await engineOf({ recordings: [longRecording('a', 1500), sampleRecording('b')] });
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    expect((await synchronise(library, engine, { recheck: true })).sessions.map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'unchanged',
    ]);
    engine.misbehave({ at: 'events', session: 'a', fault: { kind: 'changed', seq: '7', members: { hash: 'AAAA' } } });
    const { sessions } = await synchronise(library, engine, { recheck: true });
    expect(sessions.find(({ nativeId }) => nativeId === 'a')).toMatchObject({ outcome: 'grown', events: 0, discrepancies: 1 });
    engine.behave();
    engine.misbehave({ at: 'events', session: 'a', fault: { kind: 'missing', seq: '1200' } });
    await synchronise(library, engine, { recheck: true });
    expect(library.sessions.discrepancies(sessionOf(library, 'a'), 10).map(({ kind, place }) => [kind, place.seq])).toEqual([
      ['changed-history', '7'],
      ['changed-history', '1200'],
    ]);
  });

  test.each([
    ['a number that no double holds', '9007199254740993', '9007199254740992'],
    ['digits behind the last of a double', '0.1', '0.1000000000000000000001'],
    ['a number beyond all doubles', '1e400', '1e401'],
    ['a value behind which another of its name stands', '1,"pid":2', '3,"pid":2'],
    ['a name that comes again', '2', '2,"pid":2'],
  ])('is read again on demand: %s has changed', async (_, first, second) => {
    const recording = longRecording('a', 5);
    const events = (pid: string): Fault => {
      const texts = recording.events.map((event) => JSON.stringify(event));
      texts[2] = `{"metadata":{"pid":${pid}},${texts[2]!.slice(1)}`;
      return { kind: 'body', text: `[${texts.join(' , ')}]` };
    };
    const engine = await engineOf({ recordings: [recording] });
    const end = engine.misbehave({ at: 'events', times: 1, fault: events(first) });
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    end();
    const again = async (pid: string): Promise<readonly (string | undefined)[]> => {
      engine.misbehave({ at: 'events', times: 1, fault: events(pid) });
      await synchronise(library, engine, { recheck: true });
      const said = library.sessions.discrepancies(sessionOf(library, 'a'), 10);
      return said.flatMap(({ kind, place }) => (kind === 'changed-history' ? [place.seq] : []));
    };
    expect(await again(` ${first}`)).toEqual([]);
    expect(await again(second)).toEqual(['3']);
  });

  test('that is over and listed with another number than before is read again', async () => {
    const recording = longRecording('a', 5);
    const engine = await engineOf({ recordings: [recording] });
    const listed = (pid: string): void => {
      const text = `[{"command_meta":{"pid":${pid}},${JSON.stringify(recording.session).slice(1)}]`;
      engine.misbehave({ at: 'sessions', fault: { kind: 'body', text } });
    };
    const { library } = temporaryLibrary();
    const asked = async (): Promise<boolean> => {
      const before = engine.requests.length;
      await synchronise(library, engine);
      return engine.requests.slice(before).some(({ target }) => target.includes('/sessions/a'));
    };
    listed('9007199254740992');
    expect([await asked(), await asked()]).toEqual([true, false]);
    listed('9007199254740993');
    expect([await asked(), await asked()]).toEqual([true, false]);
  });
});

describe('rights', () => {
  test('that do not reach the logs leave the session with its metadata and say so; better ones read on', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s')] });
    const end = engine.misbehave({ at: 'events', fault: { kind: 'status', status: 403 } });
    const { library } = temporaryLibrary();
    const { sessions } = await synchronise(library, engine);
    expect(sessions).toMatchObject([{ outcome: 'new', events: 0, discrepancies: 1, failure: { kind: 'permission' } }]);
    const row = sessionOf(library, 's');
    expect(row).toMatchObject({ events: 0, records: 1, status: 'closed' });
    expect(library.sessions.discrepancies(row, 10)).toMatchObject([
      { kind: 'truncated', message: expect.stringContaining('no permission to read logs') as string },
    ]);
    await synchronise(library, engine);
    expect(sessionOf(library, 's').discrepancies).toBe(1);
    end();
    expect((await synchronise(library, engine)).sessions).toMatchObject([
      { outcome: 'grown', events: SAMPLE_EVENTS, failure: null },
    ]);
  });

  test('of the token decide what comes: without those for logs a managed session has no payloads', async () => {
    const tokens = [
      { token: 'no-logs', permissions: SESSIONS },
      { token: 'logs', permissions: LOGS },
    ];
    const engine = await engineOf({ recordings: [sampleRecording('s', { sealing: 'managed' })], tokens });
    const { library } = temporaryLibrary();
    await synchronise(library, engine);
    const kinds = library.sessions.discrepancies(sessionOf(library, 's'), 10).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['not-decrypted']));
  });
});

test('the filter goes to the source, and what it leaves out is not asked for', async () => {
  const engine = await engineOf({
    recordings: [sampleRecording('a'), sampleRecording('b', { session: { server_id: 'other' } })],
  });
  const { library } = temporaryLibrary();
  const { sessions } = await synchronise(library, engine, { filter: { serverId: 'other', limit: 5 } });
  expect(sessions.map(({ nativeId }) => nativeId)).toEqual(['b']);
  expect(targets(engine.requests)[0]).toBe('/api/webtty/sessions?params={"limit":5,"filters":{"server_id":"other"}}');
});

test('many sessions are read a few at a time', async () => {
  const ids = Array.from({ length: 30 }, (_, i) => `s${String(i)}`);
  const engine = await engineOf({ recordings: ids.map((id) => sampleRecording(id)) });
  const { library } = temporaryLibrary();
  const sums = { total: 0, sessions: 0, events: 0 };
  const { sessions } = await synchronise(library, engine, {
    progress: ({ total = 0, sessions: done = 0, events = 0 }) => {
      sums.total += total;
      sums.sessions += done;
      sums.events += events;
    },
  });
  expect(sessions.map(({ nativeId }) => nativeId).toSorted()).toEqual(ids.toSorted());
  expect(sums).toEqual({ total: 30, sessions: 30, events: 30 * SAMPLE_EVENTS });
});
