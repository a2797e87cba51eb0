// Every endpoint of the engine API: what it answers, what it filters, what it refuses, and who may ask.

import { describe, expect, it } from 'vitest';
import { LOGS_READ, SESSIONS_READ, SESSIONS_WRITE } from '../../engine/engine-api.ts';
import type { Engine } from '../../engine/start-engine.ts';
import { readVectors, vectorRecording, vectorRecordings, VECTORS } from '../../engine/vectors.ts';
import { allEvents, engineOf, get, list, post, type Members } from './client.ts';
import { SAMPLE_EVENTS, sampleRecording } from './sample.ts';

const vectors = readVectors(VECTORS);
const idsOf = (objects: readonly Members[]): unknown[] => objects.map(({ id }) => id);

/** Three sessions, a day apart, that differ in every member that a filter looks at. */
function threeSessions(): Promise<Engine> {
  const recordings = [1, 2, 3].map((day) =>
    sampleRecording(`s${String(day)}`, {
      startedAt: `2026-06-0${String(day)}T12:00:00Z`,
      open: day === 3,
      session: {
        server_id: `srv${String(day)}`,
        tunnel_id: `tun${String(day)}`,
        initiator_user_id: `usr${String(day)}`,
        group_id: `grp${String(day)}`,
        context: { origin: day === 2 ? 'codex' : 'human' },
      },
    }),
  );
  return engineOf({ recordings });
}

describe('the vectors', () => {
  it('come back member for member, event by event, in the order in which the members were written', async () => {
    const engine = await engineOf({ vectors: VECTORS });
    for (const recording of vectorRecordings(vectors.cases)) {
      const { session, events, keyGrants, decryptMaterial } = recording;
      const path = `webtty/sessions/${session.id}`;
      expect(JSON.stringify(await allEvents(engine, session.id, 100))).toBe(JSON.stringify(events));
      expect((await get(engine, path)).text).toBe(JSON.stringify(session));
      expect((await get(engine, `${path}/key-grants`)).text).toBe(JSON.stringify(keyGrants));
      expect(await list(engine, `${path}/key-grants/decrypt-material`)).toEqual(decryptMaterial);
    }
    expect(await list(engine, 'webtty/sessions')).toHaveLength(vectors.cases.length);
  });

  it('are as they were written where an engine holds one case of a session alone', async () => {
    const engine = await engineOf();
    for (const one of vectors.cases) {
      engine.put(vectorRecording(one));
      expect(await allEvents(engine, one.session.id, 1000)).toEqual(one.events);
      const query = one.decrypt_material_query;
      const path = `webtty/sessions/${one.session.id}/key-grants/decrypt-material`;
      expect(await list(engine, path, query)).toEqual(one.decrypt_material);
    }
  });

  it('bring their groups and the members of these', async () => {
    const engine = await engineOf({ vectors: VECTORS });
    const [group] = vectors.groups;
    expect(await list(engine, 'webtty/groups')).toEqual([group]);
    expect((await get(engine, `webtty/groups/${String(group!['id'])}`)).json()).toEqual(group);
    expect(await list(engine, 'webtty/sessions', { filters: { group_id: group!['id'] } })).toHaveLength(6);
  });
});

describe('sessions', () => {
  it('come newest first', async () => {
    expect(idsOf(await list(await threeSessions(), 'webtty/sessions'))).toEqual(['s3', 's2', 's1']);
  });

  it.each([
    [{ server_id: 'srv1' }, ['s1']],
    [{ tunnel_id: 'tun2' }, ['s2']],
    [{ user_id: 'usr3' }, ['s3']],
    [{ group_id: 'grp2' }, ['s2']],
    [{ origin: 'codex' }, ['s2']],
    [{ origin: 'human' }, ['s3', 's1']],
    [{ status: 'closed' }, ['s2', 's1']],
    [{ status: 'active' }, ['s3']],
    [{ started_from: '2026-06-02T12:00:00Z' }, ['s3', 's2']],
    [{ started_from: '2026-06-02T12:00:00.000001Z' }, ['s3']],
    [{ started_to: '2026-06-02T14:00:00+02:00' }, ['s2', 's1']],
    [{ started_to: '2026-06-02T11:59:59.999999Z' }, ['s1']],
    [{ started_from: '2026-06-02T00:00:00Z', started_to: '2026-06-02T23:00:00Z' }, ['s2']],
    [{ status: 'closed', origin: 'human' }, ['s1']],
    [{ server_id: 'nobody' }, []],
  ])('pass the filter %j', async (filters, expected) => {
    expect(idsOf(await list(await threeSessions(), 'webtty/sessions', { filters }))).toEqual(expected);
  });

  it('stop at the limit, after the filters', async () => {
    const engine = await threeSessions();
    expect(idsOf(await list(engine, 'webtty/sessions', { limit: 2 }))).toEqual(['s3', 's2']);
    expect(idsOf(await list(engine, 'webtty/sessions', { limit: 1, filters: { status: 'closed' } }))).toEqual(['s2']);
  });

  it('take params=null for none, as the CLI sends it', async () => {
    expect(await list(await threeSessions(), 'webtty/sessions', null)).toHaveLength(3);
  });

  it('have ids that may hold a slash', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('a/b c')] });
    expect((await get(engine, 'webtty/sessions/a%2Fb%20c')).json()).toMatchObject({ id: 'a/b c' });
    expect((await get(engine, 'webtty/sessions/a/b%20c')).status).toBe(404);
  });
});

describe('groups', () => {
  const engineOfGroups = async (): Promise<Engine> => {
    const engine = await engineOf();
    for (const [id, origin, day] of [
      ['g1', 'ci', '01'],
      ['g2', 'codex', '02'],
    ] as const) {
      engine.putGroup({ id, initiator_user_id: `usr ${id}`, context: { origin }, created_at: `2026-06-${day}T00:00:00Z` });
    }
    return engine;
  };

  it.each([
    [{}, ['g2', 'g1']],
    [{ limit: 1 }, ['g2']],
    [{ filters: { origin: 'ci' } }, ['g1']],
    [{ filters: { initiator_user_id: 'usr g2' } }, ['g2']],
    [{ filters: { created_from: '2026-06-02T00:00:00Z' } }, ['g2']],
    [{ filters: { created_to: '2026-06-01T00:00:00Z' } }, ['g1']],
  ])('answer %j', async (params, expected) => {
    expect(idsOf(await list(await engineOfGroups(), 'webtty/groups', params))).toEqual(expected);
  });
});

describe('events', () => {
  const path = 'webtty/sessions/s/events';
  const seqs = async (engine: Engine, params?: unknown): Promise<unknown[]> =>
    (await list(engine, path, params)).map(({ seq }) => seq);

  it('begin at from_seq, which is included, and stop at the limit', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s')] });
    expect(await seqs(engine)).toHaveLength(SAMPLE_EVENTS);
    expect(await seqs(engine, { from_seq: '3', limit: 2 })).toEqual(['3', '4']);
    expect(await seqs(engine, { from_seq: '0', limit: 1 })).toEqual(['1']);
    expect(await seqs(engine, { from_seq: String(SAMPLE_EVENTS + 1) })).toEqual([]);
  });

  it('have numbers of 64 bits', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s', { firstSeq: 9223372036854775805n })] });
    expect(await seqs(engine, { from_seq: '9223372036854775808', limit: 2 })).toEqual([
      '9223372036854775808',
      '9223372036854775809',
    ]);
    expect(await seqs(engine, { from_seq: '18446744073709551615' })).toEqual([]);
  });

  it('are cut to what the engine gives at most, whatever the client asks', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s')], limits: { usual: 2, most: 3 } });
    expect(await seqs(engine)).toHaveLength(2);
    expect(await seqs(engine, { limit: 1000 })).toHaveLength(3);
  });
});

describe('the other endpoints', () => {
  it('say what the engine can do', async () => {
    const engine = await engineOf();
    expect((await get(engine, 'webtty/capabilities')).json()).toMatchObject({
      replay: true,
      e2e: true,
      live_attach: false,
      encryption_modes: ['managed', 'e2e'],
      required_permissions: { logs_read: [LOGS_READ] },
    });
    expect((await get(engine, 'auth')).status).toBe(200);
  });

  it('name the participants, from the events where a recording has no list', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s')] });
    const [participant, ...others] = await list(engine, 'webtty/sessions/s/participants');
    expect(participant).toMatchObject({ session_id: 's', user_id: 'usr_sample', role: 'controller', controller: true });
    expect(others).toEqual([]);
    engine.put({ ...sampleRecording('s'), participants: [{ id: 'p', session_id: 's', future: 1 }] });
    expect(await list(engine, 'webtty/sessions/s/participants')).toEqual([{ id: 'p', session_id: 's', future: 1 }]);
  });

  it('list grants without what opens them, and give decrypt material to either form of the query', async () => {
    const recording = sampleRecording('s');
    const engine = await engineOf({ recordings: [recording] });
    const grants = await list(engine, 'webtty/sessions/s/key-grants');
    expect(grants).toHaveLength(1);
    expect(grants[0]).not.toHaveProperty('wrapped_key');
    expect(grants[0]!['crypto']).not.toHaveProperty('key_envelopes');
    const path = 'webtty/sessions/s/key-grants/decrypt-material';
    const id = String(grants[0]!['recipient_id']);
    expect(await list(engine, path, { recipient_id: id, recipient_kind: 'public_key' })).toEqual(recording.decryptMaterial);
    const plain = `${path}?recipient_id=${encodeURIComponent(id)}&recipient_kind=public_key`;
    expect(await list(engine, plain)).toEqual(recording.decryptMaterial);
    expect(await list(engine, path, { recipient_id: id, recipient_kind: 'workspace_device' })).toEqual([]);
    expect(await list(engine, path, { recipient_id: 'someone' })).toEqual([]);
  });
});

describe('a request that is wrong', () => {
  it.each([
    ['webtty/sessions', { limit: 0 }],
    ['webtty/sessions', { limit: 1.5 }],
    ['webtty/sessions', { limit: '5' }],
    ['webtty/sessions', [1]],
    ['webtty/sessions', { filters: { started_from: 'yesterday' } }],
    ['webtty/sessions', { filters: { nonsense: 'x' } }],
    ['webtty/sessions', { page: 2 }],
    ['webtty/sessions/s/events', { from_seq: 3 }],
    ['webtty/sessions/s/events', { from_seq: '-1' }],
    ['webtty/sessions/s/events', { from_seq: '18446744073709551616' }],
  ])('is refused with 400: %s %j', async (path, params) => {
    const engine = await engineOf({ recordings: [sampleRecording('s')] });
    expect(await get(engine, path, params)).toMatchObject({ status: 400 });
  });

  it('is refused where params is no JSON', async () => {
    expect(await get(await engineOf(), 'webtty/sessions?params={')).toMatchObject({ status: 400, text: 'params is no JSON' });
  });

  it('finds nothing where there is nothing', async () => {
    const engine = await engineOf();
    for (const path of ['', '/events', '/participants', '/key-grants', '/key-grants/decrypt-material']) {
      expect((await get(engine, `webtty/sessions/none${path}`)).status).toBe(404);
    }
    expect((await get(engine, 'webtty/groups/none')).status).toBe(404);
    expect((await get(engine, 'webtty/nothing')).status).toBe(404);
    expect((await post(engine, 'webtty/sessions', {})).status).toBe(405);
  });
});

describe('a token', () => {
  const engineOfTokens = (): Promise<Engine> =>
    engineOf({
      recordings: [sampleRecording('s', { sealing: 'managed' })],
      tokens: [
        { token: 'logs', permissions: [LOGS_READ] },
        { token: 'sessions', permissions: [SESSIONS_READ] },
        { token: 'writer', permissions: [SESSIONS_WRITE] },
        { token: 'none', permissions: ['tunnels.read-only'] },
      ],
    });

  it('is needed everywhere, and must be one that is known', async () => {
    const engine = await engineOfTokens();
    for (const path of ['auth', 'whoami', 'workspaces', 'webtty/capabilities', 'webtty/sessions', 'webtty/sessions/s/events']) {
      expect((await get(engine, path, undefined, 'wrong')).status).toBe(401);
    }
    const response = await fetch(`${engine.url}/api/webtty/sessions`);
    expect([response.status, await response.text()]).toEqual([401, 'not authenticated']);
  });

  it('must have a permission to read sessions or logs', async () => {
    const engine = await engineOfTokens();
    for (const path of [
      'sessions',
      'sessions/s',
      'sessions/s/events',
      'sessions/s/participants',
      'sessions/s/key-grants',
      'groups',
    ]) {
      for (const token of ['logs', 'sessions', 'writer']) {
        expect((await get(engine, `webtty/${path}`, undefined, token)).status).toBe(200);
      }
      expect((await get(engine, `webtty/${path}`, undefined, 'none')).status).toBe(403);
    }
    expect((await get(engine, 'auth', undefined, 'none')).status).toBe(200);
  });

  it('gets the plaintext of a managed session only where it may read logs; the rest of the event stays', async () => {
    const engine = await engineOfTokens();
    const read = async (token: string): Promise<Members[]> =>
      (await get(engine, 'webtty/sessions/s/events', undefined, token)).json() as Members[];
    const whole = await read('logs');
    expect(whole.filter((event) => 'payload_plaintext' in event)).toHaveLength(4);
    const bare = await read('sessions');
    expect(bare).toEqual(whole.map(({ payload_plaintext: _plain, ...event }) => event));
  });
});
