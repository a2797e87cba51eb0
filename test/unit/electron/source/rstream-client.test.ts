// The client of an engine against the recordings server: what it asks, what it gives back, and one clear error for each fault of the
// list "source answers" in the quality bars.

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRstream, SourceError, type Rstream, type RstreamDeps } from '../../../../electron/source/source.ts';
import { GIGABYTE, type Fault, type Misbehaviour } from '../../../engine/faults.ts';
import type { Engine, EngineOptions } from '../../../engine/start-engine.ts';
import { engineOf } from '../../engine/client.ts';
import { SAMPLE_EVENTS, sampleRecording } from '../../engine/sample.ts';

const NOW = Date.UTC(2026, 10, 21);

interface Client {
  readonly client: Rstream;
  /** Milliseconds of each pause, none of which was slept. */
  readonly pauses: number[];
}

function clientOf(engine: Pick<Engine, 'url' | 'token' | 'ca'>, deps: Partial<RstreamDeps> = {}, apiUrl?: null): Client {
  const pauses: number[] = [];
  const client = openRstream(
    {
      engine: engine.url,
      apiUrl: apiUrl === null ? null : engine.url,
      credential: { kind: 'token', token: engine.token },
    },
    {
      wallClock: () => NOW,
      random: () => 0.5,
      sleep: (ms, signal) => {
        signal.throwIfAborted();
        pauses.push(ms);
        return Promise.resolve();
      },
      ...(engine.ca === null ? {} : { ca: engine.ca }),
      ...deps,
    },
  );
  onTestFinished(() => client.close());
  return { client, pauses };
}

const ever = new AbortController().signal;

async function engineWith(fault?: Fault, rest: Partial<Misbehaviour> = {}, options: EngineOptions = {}): Promise<Engine> {
  const engine = await engineOf({ recordings: [sampleRecording('s'), sampleRecording('a/b')], ...options });
  if (fault !== undefined) engine.misbehave({ at: 'events', ...rest, fault });
  return engine;
}

/** What asking for the events of the sample ends with. */
async function faultOf(client: Rstream): Promise<SourceError> {
  const error: unknown = await client.events('s', '0', 1000, ever).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe('requests', () => {
  it('go to the paths of the protocol, ids and parameters percent-encoded, empty parameters left out', async () => {
    const engine = await engineWith();
    const { client } = clientOf(engine);
    await client.capabilities(ever);
    await client.sessions({}, ever);
    await client.sessions({ limit: 2, status: 'closed', startedFrom: '2026-01-01T00:00:00Z', serverId: undefined }, ever);
    await client.session('a/b', ever);
    await client.events('a/b', '9223372036854775815', 10, ever);
    await client.participants('s', ever);
    await client.groups({ origin: 'ci' }, ever);
    await client.keyGrants('s', ever);
    await client.decryptMaterial('s', { id: 'k+/=', kind: 'public_key' }, ever);
    await client.decryptMaterial('s', null, ever);
    expect(engine.requests.map(({ method, target }) => `${method} ${decodeURI(target)}`)).toEqual([
      'GET /api/webtty/capabilities',
      'GET /api/webtty/sessions',
      'GET /api/webtty/sessions?params={"limit"%3A2%2C"filters"%3A{"status"%3A"closed"%2C"started_from"%3A"2026-01-01T00%3A00%3A00Z"}}',
      'GET /api/webtty/sessions/a%2Fb',
      'GET /api/webtty/sessions/a%2Fb/events?params={"from_seq"%3A"9223372036854775815"%2C"limit"%3A10}',
      'GET /api/webtty/sessions/s/participants',
      'GET /api/webtty/groups?params={"filters"%3A{"origin"%3A"ci"}}',
      'GET /api/webtty/sessions/s/key-grants',
      'GET /api/webtty/sessions/s/key-grants/decrypt-material?recipient_id=k%2B%2F%3D&recipient_kind=public_key',
      'GET /api/webtty/sessions/s/key-grants/decrypt-material',
    ]);
  });

  it('give the bytes as received, with the date and the request', async () => {
    const engine = await engineWith();
    const answer = await clientOf(engine).client.events('s', '2', 3, ever);
    const sent = await fetch(`${engine.url}${engine.requests[0]!.target}`, {
      headers: { authorization: `Bearer ${engine.token}` },
    });
    expect(answer.bytes.equals(Buffer.from(await sent.arrayBuffer()))).toBe(true);
    expect((JSON.parse(answer.bytes.toString()) as { seq: string }[]).map(({ seq }) => seq)).toEqual(['2', '3', '4']);
    const { offset, length, parsed } = answer.elements![1]!;
    expect(JSON.parse(answer.bytes.subarray(offset, offset + length).toString())).toMatchObject({ seq: '3' });
    expect(parsed).toMatchObject({ value: { seq: '3' } });
    expect(Date.parse(answer.date!)).not.toBeNaN();
    expect(answer.request).toBe(`GET ${engine.requests[0]!.target}`);
  });

  it.each(['', ' ', '.', '..', '\ud800'])('are not sent for the id %j', async (id) => {
    const engine = await engineWith();
    await expect(clientOf(engine).client.session(id, ever)).rejects.toMatchObject({ kind: 'usage' });
    expect(engine.requests).toEqual([]);
  });

  it('reach the control plane', async () => {
    const engine = await engineWith();
    const { client } = clientOf(engine);
    expect(JSON.parse((await client.whoami(ever)).bytes.toString())).toMatchObject({ id: 'usr_sample' });
    const { workspaces } = JSON.parse((await client.workspaces(ever)).bytes.toString()) as { workspaces: { id: string }[] };
    await client.lookup(workspaces[0]!.id, [], ever).catch(() => undefined);
    expect(engine.requests.at(-1)).toEqual({
      method: 'POST',
      target: `/api/workspaces/${workspaces[0]!.id}/enterprise/devices/lookup`,
    });
  });

  it('say that a source without a control plane has none', async () => {
    const { client } = clientOf(await engineWith(), {}, null);
    await expect(client.whoami(ever)).rejects.toMatchObject({
      kind: 'usage',
      todo: expect.stringContaining('--api-url') as string,
    });
  });

  it('go over TLS, and name what is wrong with a certificate', async () => {
    const engine = await engineWith(undefined, {}, { tls: true });
    await clientOf(engine).client.session('s', ever);
    const { client, pauses } = clientOf({ ...engine, ca: null });
    const error = await faultOf(client);
    expect(error).toMatchObject({ fault: 'tls', kind: 'network', status: null });
    expect(error.message).toMatch(
      /certificate is signed by nobody but itself \(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/,
    );
    expect(pauses).toEqual([]);
  });
});

describe('a status', () => {
  it.each([
    [401, 'unauthorized', 'permission', /the token was refused/, 1],
    [403, 'forbidden', 'permission', /use a token with the permission webtty\.logs\.read-only/, 1],
    [404, 'not-found', 'not-found', /no such thing/, 1],
    [410, 'gone', 'not-found', /its retention has ended/, 1],
    [429, 'rate-limited', 'network', /no more requests for now/, 5],
    [400, 'refused', 'network', /refused the request/, 1],
    [500, 'unavailable', 'network', /a fault of its own \(status 500\)/, 5],
    [503, 'unavailable', 'network', /tried 5 times/, 5],
  ] as const)('%i is an error of its own, said in words', async (status, fault, kind, words, attempts) => {
    const engine = await engineWith({ kind: 'status', status, body: `as told \u001b[31m${'x'.repeat(1000)}` });
    const error = await faultOf(clientOf(engine).client);
    expect(error).toMatchObject({ fault, kind, status, what: `GET ${engine.url}/api/webtty/sessions/s/events` });
    expect(error.message).toMatch(words);
    expect(error.message).toMatch(/it says "as told /);
    expect(error.message).not.toMatch(/\u001b|x{300}/);
    expect(engine.requests).toHaveLength(attempts);
  });

  it('never repeats the token, even where the server does', async () => {
    const engine = await engineWith();
    engine.misbehave({ at: 'events', fault: { kind: 'status', status: 401, body: `bad token ${engine.token}` } });
    const error = await faultOf(clientOf(engine).client);
    expect(JSON.stringify([error.failure, error.message])).not.toContain(engine.token);
    expect(error.message).toContain('bad token [token]');
  });

  it('of a redirect is not followed', async () => {
    const other = await engineWith();
    const location = `${other.url}/api/webtty/sessions/s/events?secret`;
    const engine = await engineWith({ kind: 'status', status: 302, headers: { location } });
    const error = await faultOf(clientOf(engine).client);
    expect(error).toMatchObject({ fault: 'redirect', status: 302 });
    expect(error.message).toContain(new URL(other.url).host);
    expect(error.message).not.toContain('secret');
    expect(other.requests).toEqual([]);
  });

  it('of a passing fault is overcome, after pauses that grow and are random', async () => {
    const engine = await engineWith({ kind: 'status', status: 503 }, { times: 4 });
    const { client, pauses } = clientOf(engine, { limits: { mostPauseMs: 3000 } });
    expect((await client.events('s', '0', 1000, ever)).bytes.length).toBeGreaterThan(0);
    expect(pauses).toEqual([250, 500, 1000, 1500]);
  });

  it.each([
    ['7', 7000],
    ['Sat, 21 Nov 2026 00:00:30 GMT', 30_000],
    ['Fri, 20 Nov 2026 00:00:00 GMT', 0],
    ['100000', 120_000],
    ['soon', 250],
    ['-5', 250],
  ])('brings Retry-After: %s', async (value, pause) => {
    const engine = await engineWith({ kind: 'status', status: 429, headers: { 'retry-after': value } }, { times: 1 });
    const { client, pauses } = clientOf(engine);
    await client.events('s', '0', 1000, ever);
    expect(pauses).toEqual([pause]);
  });

  it('does not enrol twice: what may have been done is not asked for again', async () => {
    const engine = await engineWith({ kind: 'status', status: 503 }, { at: 'enrol' });
    const { client } = clientOf(engine);
    await expect(client.enrol('ws', {}, ever)).rejects.toMatchObject({ fault: 'unavailable' });
    expect(engine.requests).toHaveLength(1);
  });
});

describe('a connection', () => {
  it('that is refused or reset is tried again, then named', async () => {
    const engine = await engineWith({ kind: 'reset' }, { times: 2 });
    const { client, pauses } = clientOf(engine);
    await client.events('s', '0', 1000, ever);
    expect(pauses).toHaveLength(2);
    await engine.close();
    const error = await faultOf(client);
    expect(error).toMatchObject({ fault: 'connection', kind: 'network' });
    expect(error.why).toMatch(/nothing listens at this address \(ECONNREFUSED\); tried 5 times/);
  });

  it('that says nothing is given up', async () => {
    const engine = await engineWith({ kind: 'silence' });
    const { client } = clientOf(engine, { limits: { headersMs: 50, attempts: 2 } });
    expect(await faultOf(client)).toMatchObject({ fault: 'timeout', why: expect.stringContaining('did not begin') as string });
    expect(engine.requests).toHaveLength(2);
  });

  it('that drips is given up', async () => {
    const engine = await engineWith({ kind: 'drip', bytes: 1, everyMs: 10 });
    const { client } = clientOf(engine, { limits: { paceMs: 100, attempts: 1 } });
    expect(await faultOf(client)).toMatchObject({ fault: 'timeout', why: expect.stringMatching(/only \d+ bytes/) as string });
  });

  it('that takes too long as a whole is given up', async () => {
    const engine = await engineWith({ kind: 'drip', bytes: 1, everyMs: 10 });
    const { client } = clientOf(engine, { limits: { paceMs: 40, paceBytes: 1, bodyMs: 200, attempts: 1 } });
    expect(await faultOf(client)).toMatchObject({ fault: 'timeout', why: expect.stringContaining('was not there') as string });
  });

  it('that drips an error is given up too', async () => {
    const engine = await engineWith({ kind: 'drip', bytes: 1, everyMs: 10 });
    const { client } = clientOf({ ...engine, token: 'wrong' }, { limits: { paceMs: 50, attempts: 1 } });
    expect(await faultOf(client)).toMatchObject({ fault: 'timeout' });
  });

  it.each([{ chunked: false }, { chunked: true }])('that breaks in the body is a cut answer: %o', async ({ chunked }) => {
    const engine = await engineWith({ kind: 'cut', bytes: 100, chunked }, { times: 1 });
    const { client } = clientOf(engine, { limits: { attempts: 1 } });
    expect(await faultOf(client)).toMatchObject({ fault: 'cut', why: 'the answer broke off after 100 bytes' });
    expect((await client.events('s', '0', 1000, ever)).bytes.length).toBeGreaterThan(100);
  });

  it('whose Content-Length is more than comes is a cut answer', async () => {
    const { client } = clientOf(await engineWith({ kind: 'lying-length', declared: 1_000_000 }), { limits: { attempts: 1 } });
    expect(await faultOf(client)).toMatchObject({ fault: 'cut' });
  });

  it('whose Content-Length is less than comes is no answer', async () => {
    const { client } = clientOf(await engineWith({ kind: 'lying-length', declared: 50 }), { limits: { attempts: 1 } });
    expect(['not-json', 'connection', 'cut']).toContain((await faultOf(client)).fault);
  });

  it.each([{ declared: true }, { declared: false }])('that brings a gigabyte is broken off early: %o', async ({ declared }) => {
    const { client, pauses } = clientOf(await engineWith({ kind: 'flood', bytes: GIGABYTE, declared }));
    const before = process.memoryUsage().arrayBuffers;
    expect(await faultOf(client)).toMatchObject({ fault: 'too-large', why: expect.stringContaining('64 MiB') as string });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024);
    expect(pauses).toEqual([]);
  });

  it('that speaks no HTTP is named', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH_9.9\r\n');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { client } = clientOf({ url: `http://127.0.0.1:${String(port)}`, token: 't', ca: null });
    expect(await faultOf(client)).toMatchObject({ fault: 'connection', why: expect.stringContaining('no HTTP') as string });
  });
});

describe('an answer of another form', () => {
  it.each([
    ['', 'not-json'],
    ['<html></html>', 'not-json'],
    ['[{"seq":"1"}', 'not-json'],
    ['{}', 'wrong-shape'],
    ['7', 'wrong-shape'],
  ])('to events, %j, is refused', async (text, fault) => {
    const { client } = clientOf(await engineWith({ kind: 'body', text }), { limits: { attempts: 1 } });
    expect(await faultOf(client)).toMatchObject({ fault, status: 200 });
  });

  it('to events, null, is an empty list, as Go writes one', async () => {
    const { client } = clientOf(await engineWith({ kind: 'body', text: ' null\n' }));
    expect(await client.events('s', '0', 1000, ever)).toMatchObject({ elements: [] });
  });

  it.each(['{}', '7', '"[]"'])('to sessions, %s, is refused', async (text) => {
    const { client } = clientOf(await engineWith({ kind: 'body', text }, { at: 'sessions' }));
    await expect(client.sessions({}, ever)).rejects.toMatchObject({ fault: 'wrong-shape' });
  });

  it.each(['[]', '"x"'])('to one session, %s, is refused', async (text) => {
    const { client } = clientOf(await engineWith({ kind: 'body', text }, { at: 'session' }));
    await expect(client.session('s', ever)).rejects.toMatchObject({ fault: 'wrong-shape' });
  });
});

describe('a cancelled request', () => {
  it('ends while the server is silent', async () => {
    const { client } = clientOf(await engineWith({ kind: 'silence' }));
    const controller = new AbortController();
    const waiting = client.events('s', '0', 1000, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('ends while a body drips, and in a pause', async () => {
    const engine = await engineWith({ kind: 'drip', bytes: 1, everyMs: 10 });
    const controller = new AbortController();
    const waiting = clientOf(engine).client.events('s', '0', 1000, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
    engine.misbehave({ at: 'events', fault: { kind: 'status', status: 503 } });
    const pausing = new AbortController();
    const { client } = clientOf(engine, {
      sleep: () => {
        pausing.abort();
        return Promise.reject(pausing.signal.reason as Error);
      },
    });
    await expect(client.events('s', '0', 1000, pausing.signal)).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('is not sent when it was cancelled before', async () => {
    const engine = await engineWith();
    await expect(clientOf(engine).client.session('s', AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    expect(engine.requests).toEqual([]);
  });
});

it('answers after every fault once the server behaves', async () => {
  const engine = await engineWith({ kind: 'cut', bytes: 10 });
  const { client } = clientOf(engine, { limits: { attempts: 1 } });
  await faultOf(client);
  engine.behave();
  expect(JSON.parse((await client.events('s', '0', 1000, ever)).bytes.toString())).toHaveLength(SAMPLE_EVENTS);
});
