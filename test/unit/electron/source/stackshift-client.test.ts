// The client of StackShift against the recordings server: what it asks, what it gives back, and one clear error for each fault of the list
// "source answers" in the quality bars.

import { describe, expect, it, onTestFinished } from 'vitest';
import {
  checkPaths,
  findInDownload,
  openStackShift,
  pathsOf,
  SourceError,
  STACKSHIFT_PATHS,
  type StackShift,
  type StackShiftPaths,
} from '../../../../electron/source/source.ts';
import { GIGABYTE, type Fault, type Misbehaviour } from '../../../engine/faults.ts';
import { stackShiftSample } from '../../../engine/stackshift-sample.ts';
import { VIEW_HISTORY } from '../../../engine/stackshift-api.ts';
import type { Engine, EngineOptions } from '../../../engine/start-engine.ts';
import { engineOf } from '../../engine/client.ts';

const NOW = Date.UTC(2026, 10, 21);
const SAMPLE = stackShiftSample(10, NOW);
const ID = 'tsn_000001';
const ever = new AbortController().signal;

type Limits = NonNullable<Parameters<typeof openStackShift>[1]['limits']>;

interface Client {
  readonly client: StackShift;
  /** Milliseconds of each pause, none of which was slept. */
  readonly pauses: number[];
}

function clientOf({ url, stackshift, ca }: Engine, limits: Limits = {}, paths: StackShiftPaths = STACKSHIFT_PATHS): Client {
  const pauses: number[] = [];
  const client = openStackShift(
    { engine: url, token: stackshift.token, paths },
    {
      wallClock: () => NOW,
      random: () => 0.5,
      sleep: (ms, signal) => {
        signal.throwIfAborted();
        pauses.push(ms);
        return Promise.resolve();
      },
      limits,
      ...(ca === null ? {} : { ca }),
    },
  );
  onTestFinished(() => client.close());
  return { client, pauses };
}

const engineWith = (options: EngineOptions = {}): Promise<Engine> =>
  engineOf({ now: () => NOW, stackshift: { ...SAMPLE }, ...options });

async function failing(work: () => Promise<unknown>): Promise<SourceError> {
  const error: unknown = await work().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

async function bytesOf(client: StackShift, id = ID): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await client.recording(id, ever)).bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function all<T>(pages: AsyncIterable<{ readonly items: readonly T[] }>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page.items);
  return items;
}

const misbehaving = async (at: Misbehaviour['at'], fault: Fault, rest: Partial<Misbehaviour> = {}): Promise<Engine> => {
  const engine = await engineWith();
  engine.misbehave({ at, ...rest, fault });
  return engine;
};

describe('requests', () => {
  it('go to the paths of the table, with the token and what is asked for', async () => {
    const engine = await engineWith();
    const { client } = clientOf(engine);
    await client.permissions(ever);
    await client.policy(ever);
    await all(
      client.historyPages({ status: 'ended', initiator: 'usr_ana', startedFrom: '2026-11-20T00:00:00Z', limit: 3 }, ever),
    );
    await client.session('a b/c', ever).catch(() => undefined);
    await all(client.eventPages(ever));
    expect(engine.requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
      'GET /api/v1/terminal/permissions',
      'GET /api/v1/terminal/policy',
      'GET /api/v1/terminal/sessions?status=ended&initiator=usr_ana&started_from=2026-11-20T00%3A00%3A00Z&limit=3',
      'GET /api/v1/terminal/sessions/a%20b%2Fc',
      'GET /api/v1/terminal/audit-events?limit=200',
    ]);
  });

  it('give the bytes as received, with the date, and what is in the envelope', async () => {
    const { client } = clientOf(await engineWith());
    const answer = await client.session(ID, ever);
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({ success: true, status_code: 200, data: { id: ID } });
    expect(answer).toMatchObject({ request: `GET /api/v1/terminal/sessions/${ID}`, date: expect.any(String) as string });
    expect(answer.data).toMatchObject({ id: ID, target: 'shop-web', recording: { status: 'available' } });
  });

  it('read a list page by page to its end, and no more than is asked for', async () => {
    const sample = stackShiftSample(450, NOW);
    const engine = await engineWith({ stackshift: sample });
    const { client } = clientOf(engine);
    const ids = (await all(client.historyPages({}, ever))).map((item) => (item as { id: string }).id);
    expect(ids).toEqual(sample.sessions.map(({ record }) => record.id));
    expect(engine.requests).toHaveLength(3);
    expect(await all(client.historyPages({ limit: 210 }, ever))).toHaveLength(210);
  });

  it('follow the paths that a source has of its own', async () => {
    const engine = await engineWith();
    const paths = pathsOf(JSON.stringify({ session: '/api/v2/history/{id}' }));
    const { client } = clientOf(engine, {}, paths);
    const error = await failing(() => client.session(ID, ever));
    expect(error).toMatchObject({ fault: 'not-found', what: `GET ${engine.url}/api/v2/history/${ID}` });
  });

  it('give a recording as it is stored, over TLS too', async () => {
    const { client } = clientOf(await engineWith({ tls: true }));
    expect(await bytesOf(client)).toEqual(Buffer.from(SAMPLE.sessions[0]!.cast!));
  });
});

describe('the table of paths', () => {
  it('keeps only what differs from the usual', () => {
    expect(checkPaths({ sessions: STACKSHIFT_PATHS.sessions, policy: '/p' })).toEqual({ policy: '/p' });
    expect(pathsOf('{"policy":"/p"}')).toEqual({ ...STACKSHIFT_PATHS, policy: '/p' });
  });

  it.each([
    [{ session: '/api/sessions' }, 'it must have {id} once'],
    [{ sessions: '/api/{id}' }, 'no place for an id'],
    [{ recording: '/{id}/{id}' }, 'it must have {id} once'],
    [{ history: '/x' }, 'there is no such path'],
    [{ sessions: 'https://elsewhere/x' }, 'this is no path'],
    [{ sessions: '//elsewhere/x' }, 'this is no path'],
    [{ sessions: '/a/../b' }, 'this is no path'],
    [{ sessions: '/a?b=c' }, 'this is no path'],
    [{ sessions: '/a\r\nhost: b' }, 'this is no path'],
    [{ sessions: `/${'a'.repeat(600)}` }, 'this is no path'],
  ])('refuses %j', (paths, why) => {
    expect(() => checkPaths(paths as unknown as Record<string, string>)).toThrow(
      expect.objectContaining({ kind: 'usage', why: expect.stringContaining(why) as string }),
    );
  });
});

describe('a status', () => {
  it.each([
    [401, 'unauthorized', 'permission'],
    [403, 'forbidden', 'permission'],
    [404, 'not-found', 'not-found'],
    [410, 'gone', 'not-found'],
    [400, 'refused', 'network'],
    [302, 'redirect', 'network'],
  ] as const)('%i is one clear error, and not asked again', async (status, fault, kind) => {
    const engine = await misbehaving('stackshift-session', {
      kind: 'status',
      status,
      headers: { location: 'https://x.example/' },
    });
    const { client, pauses } = clientOf(engine);
    expect(await failing(() => client.session(ID, ever))).toMatchObject({ fault, kind, status });
    expect(pauses).toEqual([]);
  });

  it('names the permission that is missing, and what the envelope says', async () => {
    const token = { token: 'sspat_little', permissions: [] };
    const engine = await engineWith({ stackshift: { ...SAMPLE, tokens: [token] } });
    const { client } = clientOf(engine);
    const history = await failing(() => all(client.historyPages({}, ever)));
    expect(history.message).toContain('use a token with the permission terminal.view_history');
    expect(history.why).toContain('not authorized: needs terminal.view_history (FORBIDDEN)');
    expect((await failing(() => bytesOf(client))).todo).toContain('terminal.view_recording');
    expect((await failing(() => client.revoke(ID, 'because of the test', ever))).todo).toContain('terminal.manage_policy');
  });

  it('never repeats the token, even where the server does', async () => {
    const body = JSON.stringify({ success: false, message: 'token TOKEN', error: { code: 'NO' } });
    const engine = await engineWith();
    engine.misbehave({
      at: 'stackshift-session',
      fault: { kind: 'status', status: 403, body: body.replace('TOKEN', engine.stackshift.token) },
    });
    const { client } = clientOf(engine);
    const error = await failing(() => client.session(ID, ever));
    expect(error.why).toContain('"token [token] (NO)"');
    expect(error.message).not.toContain(engine.stackshift.token);
  });

  it('429 is waited for as it says, 5xx with growing pauses, five times in all', async () => {
    const engine = await misbehaving(
      'stackshift-sessions',
      { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
      { times: 1 },
    );
    const { client, pauses } = clientOf(engine);
    expect(await all(client.historyPages({}, ever))).toHaveLength(10);
    expect(pauses).toEqual([7000]);
    engine.misbehave({ at: 'stackshift-recording', fault: { kind: 'status', status: 503 } });
    expect(await failing(() => bytesOf(client))).toMatchObject({
      fault: 'unavailable',
      why: expect.stringContaining('tried 5 times') as string,
    });
    expect(pauses.slice(1)).toEqual([250, 500, 1000, 2000]);
  });

  it('of an act is not sent twice, since it may have been done', async () => {
    const engine = await misbehaving('stackshift-revoke', { kind: 'status', status: 502 });
    const { client } = clientOf(engine);
    expect(await failing(() => client.revoke(ID, 'because of the test', ever))).toMatchObject({ fault: 'unavailable' });
    expect(engine.requests).toHaveLength(1);
  });
});

describe('an answer of another form', () => {
  it.each([
    ['no JSON', '<html>', 'not-json'],
    ['a list', '[]', 'wrong-shape'],
    ['no envelope', '{"id":"x"}', 'wrong-shape'],
    ['data that is no object', '{"success":true,"data":[1]}', 'wrong-shape'],
    ['a session without an id', '{"success":true,"data":{"target":"x"}}', 'wrong-shape'],
    ['nothing', '', 'not-json'],
  ] as const)('%s is named', async (_name, text, fault) => {
    const { client } = clientOf(await misbehaving('stackshift-session', { kind: 'body', text }));
    expect(await failing(() => client.session(ID, ever))).toMatchObject({ fault });
  });

  it('that says no success with status 200 is what its own status says', async () => {
    const text = '{"success":false,"status":"error","status_code":403,"message":"no","error":{"code":"FORBIDDEN"}}';
    const { client } = clientOf(await misbehaving('stackshift-session', { kind: 'body', text }));
    expect(await failing(() => client.session(ID, ever))).toMatchObject({ fault: 'forbidden', kind: 'permission' });
  });

  it('of a page without items, or of pages in a circle, ends the reading', async () => {
    const without = clientOf(
      await misbehaving('stackshift-sessions', { kind: 'body', text: '{"success":true,"data":{}}' }),
    ).client;
    expect(await failing(() => all(without.historyPages({}, ever)))).toMatchObject({ fault: 'wrong-shape' });
    const circle = '{"success":true,"data":{"items":[],"next_cursor":"a"}}';
    const { client } = clientOf(await misbehaving('stackshift-events', { kind: 'body', text: circle }));
    expect((await failing(() => all(client.eventPages(ever)))).why).toContain('circle');
  });

  it('of empty pages without an end, or of a cursor without an end, ends the reading', async () => {
    const engine = await engineWith();
    const { client } = clientOf(engine);
    for (let page = 0; page < 60; page += 1) {
      const cursor = Buffer.from(String(page)).toString('base64url');
      const text = `{"success":true,"data":{"items":[],"next_cursor":"${cursor}"}}`;
      engine.misbehave({ at: 'stackshift-events', times: 1, fault: { kind: 'body', text } });
    }
    expect((await failing(() => all(client.eventPages(ever)))).why).toContain('no end');
    expect(engine.requests).toHaveLength(50);
    const long = JSON.stringify({ success: true, data: { items: [1], next_cursor: 'x'.repeat(100_000) } });
    engine.misbehave({ at: 'stackshift-sessions', fault: { kind: 'body', text: long } });
    expect((await failing(() => all(client.historyPages({}, ever)))).why).toContain('too long');
  });
});

describe('a connection', () => {
  it.each([
    ['reset', { kind: 'reset' }, 'connection'],
    ['silent', { kind: 'silence' }, 'timeout'],
    ['cut', { kind: 'cut', bytes: 40 }, 'cut'],
    ['cut in chunks', { kind: 'cut', bytes: 40, chunked: true }, 'cut'],
    ['with a Content-Length that is too large', { kind: 'lying-length', declared: 100_000 }, 'cut'],
    ['dripping', { kind: 'drip', bytes: 1, everyMs: 5 }, 'timeout'],
    ['without an end', { kind: 'flood', bytes: GIGABYTE }, 'too-large'],
    ['of a gigabyte, announced', { kind: 'flood', bytes: GIGABYTE, declared: true }, 'too-large'],
  ] as const)('that is %s is given up, for an answer and for a recording', async (_name, fault, due) => {
    const engine = await misbehaving('all', fault);
    const { client } = clientOf(engine, {
      attempts: 1,
      headersMs: 150,
      paceMs: 100,
      paceBytes: 1000,
      bodyBytes: 1_000_000,
      recordingBytes: 2_000_000,
    });
    expect(await failing(() => client.session(ID, ever))).toMatchObject({ fault: due });
    expect(await failing(() => bytesOf(client))).toMatchObject({ fault: due });
  });

  it('is not broken by a reader that takes its time', async () => {
    const cast = Buffer.alloc(3_000_000, 'a');
    const [first] = SAMPLE.sessions;
    const engine = await engineWith({ stackshift: { sessions: [{ ...first!, cast }] } });
    const { client } = clientOf(engine, { paceMs: 20, paceBytes: 1 });
    let size = 0;
    for await (const piece of (await client.recording(ID, ever)).bytes) {
      size += piece.length;
      if (size < 300_000) await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(size).toBe(cast.length);
  });

  it('ends when the signal says so, in the middle of a recording too', async () => {
    const engine = await misbehaving('stackshift-recording', { kind: 'drip', bytes: 10, everyMs: 5 });
    const { client } = clientOf(engine);
    const stop = new AbortController();
    const { bytes } = await client.recording(ID, stop.signal);
    const read = async (): Promise<void> => {
      for await (const _ of bytes) stop.abort();
    };
    await expect(read()).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(client.session(ID, stop.signal)).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('a recording that comes', () => {
  it('is read once, and what it is comes from its first bytes', async () => {
    const { client } = clientOf(await engineWith());
    const found = await findInDownload(await client.recording(ID, ever), 'r.cast', SAMPLE.sessions[0]!.cast!.length);
    expect(found).toMatchObject({
      kind: 'recording',
      format: 'asciicast-v2',
      path: `GET /api/v1/terminal/sessions/${ID}/recording`,
    });
    if (found.kind !== 'recording') return;
    const pieces: Uint8Array[] = [];
    for await (const piece of found.parts[0]!.original()) pieces.push(piece);
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(SAMPLE.sessions[0]!.cast!));
    expect(found.parts[0]!.problems!()).toEqual([]);
  });

  it('with fewer bytes than the source says has a discrepancy', async () => {
    const { client } = clientOf(await engineWith());
    const found = await findInDownload(await client.recording(ID, ever), 'r.cast', 1_000_000);
    if (found.kind !== 'recording') throw new Error('refused');
    for await (const _ of found.parts[0]!.original());
    expect(found.parts[0]!.problems!()).toMatchObject([{ kind: 'truncated' }]);
  });

  it.each([
    ['an envelope', '{"success":true,"data":{"url":"https://x"}}'],
    ['a web page', '<html></html>'],
    ['nothing', ''],
    ['another recording format', '#1700000000\nls\n'],
  ])('as %s is refused', async (_name, text) => {
    const { client } = clientOf(await misbehaving('stackshift-recording', { kind: 'body', text }));
    const found = await findInDownload(await client.recording(ID, ever), 'r.cast', null);
    expect(found).toMatchObject({ kind: 'refused', refusal: { message: expect.stringContaining('asciicast') as string } });
  });
});

it('the permissions of a token decide what the engine gives', async () => {
  const token = { token: 'sspat_history', permissions: [VIEW_HISTORY] };
  const { client } = clientOf(await engineWith({ stackshift: { ...SAMPLE, tokens: [token] } }));
  expect((await client.permissions(ever)).data).toEqual({ permissions: [VIEW_HISTORY] });
  expect(await all(client.historyPages({}, ever))).toHaveLength(10);
  expect(await failing(() => bytesOf(client))).toMatchObject({ fault: 'forbidden' });
  expect(await failing(() => client.policy(ever))).toMatchObject({ fault: 'forbidden' });
});
