// Synchronisation from the StackShift form of the engine: its history byte for byte, recordings in the order in which they are lost, what
// goes on, what is refused, purged or broken, and that a second run brings nothing twice.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DECODER_VERSION } from '../../../../electron/acquisition/acquisition.ts';
import { verifyRecording, type Library, type SessionRow } from '../../../../electron/library/library.ts';
import { GIGABYTE } from '../../../engine/faults.ts';
import { castOf, liveSample, stackShiftSample } from '../../../engine/stackshift-sample.ts';
import type { StackShiftSession } from '../../../engine/stackshift-store.ts';
import type { Engine, StackShiftOptions } from '../../../engine/start-engine.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { synchroniseStackShift } from '../../../support/syncing-stackshift.ts';
import { engineOf } from '../../engine/client.ts';

const NOW = Date.UTC(2026, 10, 21);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const engineWith = (stackshift: StackShiftOptions, now = (): number => NOW): Promise<Engine> => engineOf({ now, stackshift });

/** A session that ended so many hours ago. */
function sessionOf(
  id: string,
  hoursAgo: number,
  more: Partial<StackShiftSession['record']> = {},
  commands = ['ls'],
): StackShiftSession {
  const endedAt = NOW - hoursAgo * HOUR;
  return {
    record: {
      id,
      target: 'shop-web',
      environment: 'staging',
      mode: 'running',
      initiator: { id: 'usr_ana', email: 'ana@example.com' },
      ...more,
    },
    startedAt: endedAt - 60_000,
    endedAt,
    cast: castOf(endedAt - 60_000, id, commands),
  };
}

const recordingsAsked = ({ requests }: Engine): string[] =>
  requests.flatMap(({ target }) => /sessions\/([^/]+)\/recording$/.exec(target)?.[1] ?? []);

const rowOf = (library: Library, nativeId: string): SessionRow => library.sessions.withNativeId(nativeId)[0]!;

const stateOf = (library: Library, nativeId: string): string => library.history.find(nativeId)!.recording;

const outcomes = (sessions: readonly { nativeId: string; outcome: string }[]): Record<string, string> =>
  Object.fromEntries(sessions.map(({ nativeId, outcome }) => [nativeId, outcome]));

const bytesOf = (library: Library, { acquisition }: SessionRow): Buffer =>
  Buffer.concat([...library.content.partBytes(acquisition, 0)]);

const custody = (library: Library, action: string): Record<string, unknown>[] =>
  library.custody
    .list({ action }, null, 500)
    .entries.toReversed()
    .map(({ text }) => JSON.parse(text) as Record<string, unknown>);

describe('a source', () => {
  test('gives its history byte for byte, its recordings as they are, and its events', async () => {
    const sample = stackShiftSample(12, NOW);
    const engine = await engineWith(sample);
    const { library } = temporaryLibrary();
    const { sessions, failure, lacks } = await synchroniseStackShift(library, engine);
    expect({ failure, lacks }).toEqual({ failure: null, lacks: [] });
    for (const { record, cast, startedAt } of sample.sessions) {
      expect(sessions.find(({ nativeId }) => nativeId === record.id)).toMatchObject(
        cast === null ? { outcome: 'history', id: null } : { outcome: 'new', discrepancies: 0, failure: null },
      );
      expect(stateOf(library, record.id)).toBe(cast === null ? 'none' : 'here');
      if (cast === null) continue;
      const row = rowOf(library, record.id);
      expect(bytesOf(library, row)).toEqual(Buffer.from(cast));
      expect(verifyRecording(library, row).failures).toEqual([]);
      const initiator = record['initiator'] as { id: string; email?: string };
      expect(row).toMatchObject({
        source: 'platform',
        format: 'asciicast-v2',
        server: record['target'],
        user: initiator.email ?? initiator.id,
        origin: record['origin'],
        environment: record['environment'] ?? null,
        status: 'ended',
        exitStatus: record['exit_code'],
        startedAt: Math.floor(startedAt / 1000) * 1_000_000,
        governed: 1,
      });
      expect(library.history.find(record.id)).toMatchObject({ session: row.key, reason: record['reason'] ?? null });
    }
    const [{ details }] = custody(library, 'acquire').filter(({ subject }) => subject === rowOf(library, 'tsn_000001').id) as [
      { details: Record<string, unknown> },
    ];
    expect(details).toMatchObject({
      source: 'platform',
      session: 'tsn_000001',
      path: 'GET /api/v1/terminal/sessions/tsn_000001/recording',
      source_date: expect.stringContaining('GMT') as string,
    });
    const all = library.history.events({ row: null, filter: {}, kinds: null, cursor: null, limit: 500, count: true });
    expect(all.total).toBe(sample.events.length);
    expect(all.events.every(({ session, history }) => history !== null && (session !== null || history !== ''))).toBe(true);
  });

  test('gives nothing twice: a second run asks for no recording, and adds nothing', async () => {
    const engine = await engineWith(stackShiftSample(8, NOW));
    const { library } = temporaryLibrary();
    await synchroniseStackShift(library, engine);
    const asked = recordingsAsked(engine).length;
    const entries = library.custody.head().seq;
    const again = await synchroniseStackShift(library, engine);
    expect(recordingsAsked(engine)).toHaveLength(asked);
    expect(new Set(Object.values(outcomes(again.sessions)))).toEqual(new Set(['unchanged', 'history']));
    expect(library.custody.head().seq).toBe(entries);
  });

  test('loses first what is read first: by the date that it tells, else by its policy, else what ended first', async () => {
    const told = sessionOf('told-soon', 1, {
      recording: { status: 'available', expires_at: new Date(NOW + HOUR).toISOString() },
    });
    const staging = sessionOf('staging', 20 * 24);
    const production = sessionOf('production', 60 * 24, { environment: 'production' });
    const classless = sessionOf('no-environment', 30 * 24, { environment: undefined });
    const list = [production, told, classless, staging];
    const first = await engineWith({
      sessions: list,
      policy: { production_retention_days: null, nonproduction_retention_days: null },
    });
    for (const { record } of list) {
      if (record['recording'] !== undefined) first.stackshift.store.update(record.id, { recording: record['recording'] });
    }
    const days = { production: 90, nonProduction: 30 };
    const order = async (engine: Engine, given: typeof days | null): Promise<string[]> => {
      const { library } = temporaryLibrary();
      await synchroniseStackShift(library, engine, { days: given });
      return recordingsAsked(engine);
    };
    expect(await order(first, days)).toEqual(['told-soon', 'staging', 'production', 'no-environment']);
    const second = await engineWith({
      sessions: list,
      policy: { production_retention_days: null, nonproduction_retention_days: null },
    });
    expect(await order(second, null)).toEqual(['production', 'no-environment', 'staging', 'told-soon']);
  });

  test('narrowed by a filter gives what fits, and named sessions alone are asked for alone', async () => {
    const engine = await engineWith({ sessions: [sessionOf('a', 5), sessionOf('b', 3, { origin: 'cli' }), sessionOf('c', 1)] });
    const { library } = temporaryLibrary();
    const { sessions } = await synchroniseStackShift(library, engine, { filter: { origin: 'cli' } });
    expect(outcomes(sessions)).toEqual({ b: 'new' });
    expect(engine.requests.some(({ target }) => target.includes('audit-events'))).toBe(false);
    const named = await synchroniseStackShift(library, engine, { only: ['c', 'nobody'] });
    expect(outcomes(named.sessions)).toEqual({ c: 'new', nobody: 'failed' });
    expect(library.sessions.withNativeId('a')).toEqual([]);
  });
});

describe('a live session', () => {
  test('is left until it ends, then acquired; without following, by the next run', async () => {
    const engine = await engineWith({ sessions: [...liveSample(NOW), sessionOf('over', 1)] });
    const { library } = temporaryLibrary();
    const left = await synchroniseStackShift(library, engine);
    expect(outcomes(left.sessions)).toEqual({ tsn_live_1: 'history', tsn_live_2: 'history', tsn_live_3: 'history', over: 'new' });
    expect(recordingsAsked(engine)).toEqual(['over']);
    expect(library.history.find('tsn_live_1')).toMatchObject({ status: 'active', session: null });
    engine.stackshift.store.end('tsn_live_1', 'user_exit');
    let looks = 0;
    const followed = await synchroniseStackShift(library, engine, {
      follow: true,
      sleep: () => {
        looks += 1;
        if (looks === 4) engine.stackshift.store.drop('tsn_live_2');
        if (looks === 8) engine.stackshift.store.end('tsn_live_2', 'grace_ended');
        if (looks === 10) engine.stackshift.store.end('tsn_live_3', 'user_exit');
        return Promise.resolve();
      },
    });
    expect(outcomes(followed.sessions)).toMatchObject({
      tsn_live_1: 'new',
      tsn_live_2: 'new',
      tsn_live_3: 'new',
      over: 'unchanged',
    });
    expect(library.history.find('tsn_live_2')).toMatchObject({ status: 'ended', closeReason: 'grace_ended', recording: 'here' });
    expect(rowOf(library, 'tsn_live_2')).toMatchObject({ status: 'ended' });
    // What happened until they ended is asked for when they have.
    const asked = engine.requests.map(({ target }) => target);
    expect(asked.findLastIndex((target) => target.includes('audit-events'))).toBeGreaterThan(
      asked.findLastIndex((target) => target.includes('/recording')),
    );
  });

  test('that is followed is let go when the run is ended, and is no failure', async () => {
    const engine = await engineWith({ sessions: liveSample(NOW) });
    const { library } = temporaryLibrary();
    const stop = new AbortController();
    let looks = 0;
    const { sessions, failure } = await synchroniseStackShift(library, engine, {
      follow: true,
      signal: stop.signal,
      sleep: (_, signal) => {
        looks += 1;
        if (looks === 9) stop.abort();
        signal.throwIfAborted();
        return Promise.resolve();
      },
    });
    expect(failure).toMatchObject({ kind: 'cancelled' });
    expect(new Set(Object.values(outcomes(sessions)))).toEqual(new Set(['history']));
  });
});

describe('a recording', () => {
  const three = [sessionOf('a', 9), sessionOf('b', 6), sessionOf('c', 3)];

  test('that was purged or never made is told as such, and not asked for', async () => {
    const sessions = [...three, { ...sessionOf('none', 2), cast: null }];
    const engine = await engineWith({ sessions });
    engine.stackshift.store.purge('b');
    const { library } = temporaryLibrary();
    const result = await synchroniseStackShift(library, engine);
    expect(outcomes(result.sessions)).toEqual({ a: 'new', b: 'history', c: 'new', none: 'history' });
    expect(recordingsAsked(engine)).toEqual(['a', 'c']);
    expect([stateOf(library, 'b'), stateOf(library, 'none')]).toEqual(['purged-at-source', 'none']);
  });

  test('of which the source says nothing is asked for; where there is none, that is no failure', async () => {
    const engine = await engineWith({ sessions: [three[0]!, { ...three[1]!, cast: null }] });
    for (const id of ['a', 'b']) engine.stackshift.store.update(id, { recording: undefined });
    const { library } = temporaryLibrary();
    const { sessions } = await synchroniseStackShift(library, engine);
    expect(outcomes(sessions)).toEqual({ a: 'new', b: 'history' });
    expect([stateOf(library, 'a'), stateOf(library, 'b')]).toEqual(['here', 'unknown']);
  });

  test('that the source purges later stays, and its history says so', async () => {
    let now = NOW;
    const engine = await engineWith({ sessions: three }, () => now);
    const { library } = temporaryLibrary();
    await synchroniseStackShift(library, engine);
    now += 40 * DAY;
    const again = await synchroniseStackShift(library, engine);
    expect(new Set(Object.values(outcomes(again.sessions)))).toEqual(new Set(['unchanged']));
    expect(library.history.find('a')).toMatchObject({ recording: 'here', atSource: 'purged' });
    expect(bytesOf(library, rowOf(library, 'a'))).toEqual(Buffer.from(three[0]!.cast!));
  });

  test.each([
    [410, 'still lists it', {}],
    [404, 'still lists it', {}],
    [410, 'no longer knows the session', { isGone: true }],
  ] as const)(
    'lost between the list and the asking (%i, a source that %s) is told as purged',
    async (status, _name, { isGone = false }: { isGone?: boolean }) => {
      const engine = await engineWith({ sessions: three });
      engine.misbehave({ at: 'stackshift-recording', session: 'b', fault: { kind: 'status', status } });
      if (isGone) engine.misbehave({ at: 'stackshift-session', session: 'b', fault: { kind: 'status', status: 404 } });
      const { library } = temporaryLibrary();
      const { sessions, failure } = await synchroniseStackShift(library, engine);
      expect(failure).toBeNull();
      expect(sessions.find(({ nativeId }) => nativeId === 'b')).toMatchObject({
        outcome: 'failed',
        failure: { kind: 'not-found' },
      });
      expect(outcomes(sessions)).toMatchObject({ a: 'new', c: 'new' });
      expect(stateOf(library, 'b')).toBe('purged-at-source');
    },
  );

  test('that is refused alone is told as forbidden, and asked for again by the next run', async () => {
    const engine = await engineWith({ sessions: three });
    const allow = engine.misbehave({ at: 'stackshift-recording', session: 'b', fault: { kind: 'status', status: 403 } });
    const { library } = temporaryLibrary();
    const { sessions } = await synchroniseStackShift(library, engine);
    expect(sessions.find(({ nativeId }) => nativeId === 'b')).toMatchObject({
      outcome: 'failed',
      failure: { kind: 'permission' },
    });
    expect(stateOf(library, 'b')).toBe('forbidden');
    expect(library.rights.refusedAlone('platform')).toMatchObject([
      { right: 'recording', session: 'b', name: 'terminal.view_recording' },
    ]);
    allow();
    expect(outcomes((await synchroniseStackShift(library, engine)).sessions)).toMatchObject({ b: 'new' });
    expect(stateOf(library, 'b')).toBe('here');
    expect(library.rights.refusedAlone('platform')).toEqual([]);
  });

  test('is not asked for where the source refuses them all, which is said once', async () => {
    const engine = await engineWith({ sessions: three });
    const { library } = temporaryLibrary();
    const refusal = {
      right: 'recording',
      session: null,
      name: 'terminal.view_recording',
      allowed: 'no',
      why: 'it is not on the list',
    } as const;
    library.rights.tell('platform', '2026-11-21T10:00:00Z', [refusal]);
    const { sessions, lacks } = await synchroniseStackShift(library, engine);
    expect(outcomes(sessions)).toEqual({ a: 'history', b: 'history', c: 'history' });
    expect(recordingsAsked(engine)).toEqual([]);
    expect(lacks).toMatchObject([{ kind: 'permission', why: expect.stringContaining('terminal.view_recording') as string }]);
  });

  test.each([
    ['that is cut', { kind: 'cut', bytes: 60 }],
    ['whose length lies', { kind: 'lying-length', declared: 100_000 }],
    ['that is reset', { kind: 'reset' }],
  ] as const)('%s is asked for again; what stays broken leaves nothing, and the next run gets it', async (_name, fault) => {
    const engine = await engineWith({ sessions: three });
    engine.misbehave({ at: 'stackshift-recording', session: 'a', times: 1, fault });
    const heal = engine.misbehave({ at: 'stackshift-recording', session: 'b', fault });
    const { library } = temporaryLibrary();
    const { sessions, failure } = await synchroniseStackShift(library, engine);
    expect(failure).toBeNull();
    expect(outcomes(sessions)).toEqual({ a: 'new', b: 'failed', c: 'new' });
    expect(library.sessions.stats().sessions).toBe(2);
    heal();
    expect(outcomes((await synchroniseStackShift(library, engine)).sessions)).toMatchObject({ b: 'new' });
    expect(bytesOf(library, rowOf(library, 'b'))).toEqual(Buffer.from(three[1]!.cast!));
  });

  test('without an end is given up, and leaves nothing but its reason', async () => {
    const engine = await engineWith({ sessions: three });
    engine.misbehave({ at: 'stackshift-recording', session: 'b', fault: { kind: 'flood', bytes: GIGABYTE, declared: true } });
    engine.misbehave({ at: 'stackshift-recording', session: 'c', fault: { kind: 'flood', bytes: GIGABYTE } });
    const { library } = temporaryLibrary();
    const { sessions } = await synchroniseStackShift(library, engine);
    expect(outcomes(sessions)).toEqual({ a: 'new', b: 'failed', c: 'failed' });
    expect(sessions.find(({ nativeId }) => nativeId === 'b')!.failure).toMatchObject({
      why: expect.stringContaining('larger') as string,
    });
    expect(library.sessions.stats().sessions).toBe(1);
    expect(library.checkPages()).toEqual([]);
  });

  test('that breaks off far behind its beginning leaves nothing, and what a killed run left of one is not gone on with', async () => {
    const [a, b, c] = three;
    const cast = Buffer.concat([Buffer.from(b!.cast!), Buffer.from('[9.0,"o","more"]\n'.repeat(150_000))]);
    const engine = await engineWith({ sessions: [a!, { ...b!, cast }, c!] });
    const heal = engine.misbehave({ at: 'stackshift-recording', session: 'b', fault: { kind: 'cut', bytes: 2_000_000 } });
    const { library } = temporaryLibrary();
    expect(outcomes((await synchroniseStackShift(library, engine)).sessions)).toEqual({ a: 'new', b: 'failed', c: 'new' });
    const fingerprint = createHash('sha256').update('stackshift recording\nb').digest('hex');
    expect(library.acquisitions.find('platform', fingerprint)).toBeNull();
    heal();
    // The source has other bytes since then.
    const begun = {
      source: 'platform',
      format: 'asciicast-v2',
      fingerprint,
      decoder: DECODER_VERSION,
      startedAt: '2026-11-21T09:00:00Z',
    } as const;
    library.acquisitions
      .begin({ ...begun, provenance: '{}' })
      .write({ parts: [{ part: 0, chunk: 0, bytes: Buffer.alloc(1_048_576, 'x') }], records: [], events: [] });
    await synchroniseStackShift(library, engine);
    expect(bytesOf(library, rowOf(library, 'b')).equals(cast)).toBe(true);
    expect(verifyRecording(library, rowOf(library, 'b')).failures).toEqual([]);
  });

  test.each([
    ['an envelope', '{"success":true,"data":{"url":"https://elsewhere.example/x"}}'],
    ['a page of a proxy', '<html>log in</html>'],
    ['nothing', ''],
  ])('that is %s is refused by name', async (_name, text) => {
    const engine = await engineWith({ sessions: three });
    engine.misbehave({ at: 'stackshift-recording', session: 'b', fault: { kind: 'body', text } });
    const { library } = temporaryLibrary();
    const { sessions } = await synchroniseStackShift(library, engine);
    expect(sessions.find(({ nativeId }) => nativeId === 'b')).toMatchObject({
      outcome: 'failed',
      failure: { kind: 'refused', why: expect.stringContaining('asciicast') as string },
    });
  });

  test('with lines that are wrong, or of another size than was said, is kept with its discrepancies', async () => {
    const cast = Buffer.concat([Buffer.from(three[1]!.cast!), Buffer.from('[9.0,"o"\n[9.5,"o","end\\r\\n"]\n')]);
    const engine = await engineWith({ sessions: [{ ...three[1]!, cast }] });
    engine.stackshift.store.update('b', { recording: { status: 'available', size: 7 } });
    const { library } = temporaryLibrary();
    const { sessions } = await synchroniseStackShift(library, engine);
    expect(sessions).toMatchObject([{ outcome: 'new', discrepancies: 2 }]);
    const found = library.sessions.discrepancies(rowOf(library, 'b'), 10).map(({ message }) => message);
    expect(found).toContainEqual(`the source says that the recording has 7 bytes, and gave ${String(cast.length)}`);
    expect(bytesOf(library, rowOf(library, 'b'))).toEqual(cast);
  });

  test('is read once more and compared where that is asked for; other bytes replace nothing', async () => {
    const engine = await engineWith({ sessions: three });
    const { library } = temporaryLibrary();
    await synchroniseStackShift(library, engine);
    engine.stackshift.store.put({ ...three[1]!, cast: castOf(three[1]!.startedAt, 'b', ['rm -rf /']) });
    const { sessions } = await synchroniseStackShift(library, engine, { recheck: true });
    expect(outcomes(sessions)).toEqual({ a: 'unchanged', b: 'failed', c: 'unchanged' });
    expect(bytesOf(library, rowOf(library, 'b'))).toEqual(Buffer.from(three[1]!.cast!));
    expect(
      custody(library, 'verify')
        .map(({ details }) => (details as { read_again: string }).read_again)
        .toSorted(),
    ).toEqual(['other bytes', 'the same bytes', 'the same bytes']);
  });
});

describe('a source that fails', () => {
  test('to give its history ends the run; to give its events, is said beside the rest', async () => {
    const engine = await engineWith({ sessions: [sessionOf('a', 1)], events: [] });
    const { library } = temporaryLibrary();
    const heal = engine.misbehave({ at: 'stackshift-sessions', fault: { kind: 'status', status: 403 } });
    await expect(synchroniseStackShift(library, engine)).rejects.toMatchObject({ kind: 'permission', fault: 'forbidden' });
    heal();
    engine.misbehave({ at: 'stackshift-events', fault: { kind: 'status', status: 404 } });
    const { sessions, failure, lacks } = await synchroniseStackShift(library, engine);
    expect({ outcomes: outcomes(sessions), failure }).toEqual({ outcomes: { a: 'new' }, failure: null });
    expect(lacks).toMatchObject([{ kind: 'not-found', what: expect.stringContaining('audit-events') as string }]);
  });

  test('in the middle of its pages keeps those that came, and goes on the next time', async () => {
    const engine = await engineWith({
      sessions: Array.from({ length: 250 }, (_, n) => ({ ...sessionOf(`s${String(n)}`, 300 - n), cast: null })),
    });
    const { library } = temporaryLibrary();
    const heal = engine.misbehave({ at: 'stackshift-sessions', skip: 1, fault: { kind: 'status', status: 500 } });
    await expect(synchroniseStackShift(library, engine)).rejects.toMatchObject({ fault: 'unavailable' });
    const count = (): number =>
      library.history.list({ filter: {}, sort: 'started', descending: false, cursor: null, limit: 1 }).total;
    expect(count()).toBe(200);
    heal();
    expect((await synchroniseStackShift(library, engine)).sessions).toHaveLength(250);
    expect(count()).toBe(250);
  });

  test('that says 401, or that no longer answers, ends the run with its reason', async () => {
    const sessions = Array.from({ length: 30 }, (_, n) => sessionOf(`s${String(n)}`, 40 - n));
    const engine = await engineWith({ sessions });
    const { library } = temporaryLibrary();
    engine.misbehave({ at: 'stackshift-recording', skip: 3, fault: { kind: 'status', status: 401 } });
    expect((await synchroniseStackShift(library, engine)).failure).toMatchObject({ kind: 'permission' });
    engine.behave();
    engine.misbehave({ at: 'stackshift-recording', fault: { kind: 'status', status: 503 } });
    const silent = await synchroniseStackShift(library, engine);
    expect(silent.failure).toMatchObject({ kind: 'network' });
    expect(recordingsAsked(engine).length).toBeLessThan(60);
    engine.behave();
    expect((await synchroniseStackShift(library, engine)).failure).toBeNull();
    expect(library.sessions.stats().sessions).toBe(30);
  });
});
