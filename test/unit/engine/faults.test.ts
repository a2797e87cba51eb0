// The fault list "source answers" of the quality bars, each as a client sees it.

import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { GIGABYTE, parseMisbehaviour, type Fault, type Misbehaviour } from '../../engine/faults.ts';
import type { Engine } from '../../engine/start-engine.ts';
import { engineOf, get, list, type Members } from './client.ts';
import { SAMPLE_EVENTS, sampleRecording } from './sample.ts';

const EVENTS = 'webtty/sessions/s/events';

async function engineWith(fault: Fault, rest: Partial<Misbehaviour> = {}): Promise<Engine> {
  const engine = await engineOf({ recordings: [sampleRecording('s'), sampleRecording('other')] });
  engine.misbehave({ at: 'events', ...rest, fault });
  return engine;
}

const seqs = (events: readonly Members[]): unknown[] => events.map(({ seq }) => seq);

/** What comes over the wire until the server ends the connection. */
function rawAnswer(engine: Engine): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(engine.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      text += piece;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
    socket.write(`GET /api/${EVENTS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${engine.token}\r\n\r\n`);
  });
}

describe('a status', () => {
  it.each([401, 403, 404, 410, 429, 500, 502, 503, 504])('%i is answered with its body', async (status) => {
    const engine = await engineWith({ kind: 'status', status, body: 'as told' });
    expect(await get(engine, EVENTS)).toMatchObject({ status, text: 'as told' });
  });

  it('may bring headers: how long to wait, where else to go', async () => {
    const engine = await engineWith({ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, { times: 1 });
    expect((await get(engine, EVENTS)).headers.get('retry-after')).toBe('7');
    engine.misbehave({ at: 'events', fault: { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/' } } });
    expect((await get(engine, EVENTS)).headers.get('location')).toBe('http://127.0.0.1:9/');
  });
});

describe('when a fault strikes', () => {
  it('skips so many, then so many times, then no more', async () => {
    const engine = await engineWith({ kind: 'status', status: 503 }, { skip: 1, times: 2 });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await get(engine, EVENTS)).status);
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
  });

  it('is where it was told to, for the session it was told', async () => {
    const engine = await engineWith({ kind: 'status', status: 410 }, { session: 's' });
    expect((await get(engine, EVENTS)).status).toBe(410);
    expect((await get(engine, 'webtty/sessions/other/events')).status).toBe(200);
    expect((await get(engine, 'webtty/sessions/s')).status).toBe(200);
    engine.misbehave({ at: 'all', fault: { kind: 'status', status: 500 } });
    expect((await get(engine, 'whoami')).status).toBe(500);
  });

  it('ends when it is told to', async () => {
    const engine = await engineWith({ kind: 'status', status: 503 });
    const end = engine.misbehave({ at: 'events', fault: { kind: 'status', status: 500 } });
    expect((await get(engine, EVENTS)).status).toBe(500);
    end();
    expect((await get(engine, EVENTS)).status).toBe(503);
    engine.behave();
    expect((await get(engine, EVENTS)).status).toBe(200);
  });
});

describe('a connection', () => {
  it('is reset before the answer', async () => {
    const engine = await engineWith({ kind: 'reset' });
    await expect(get(engine, EVENTS)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    await expect(rawAnswer(engine)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('stays silent for as long as the client waits', async () => {
    const engine = await engineWith({ kind: 'silence' });
    const headers = { authorization: `Bearer ${engine.token}` };
    const answer = fetch(`${engine.url}/api/${EVENTS}`, { headers, signal: AbortSignal.timeout(200) });
    await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(engine.requests).toHaveLength(1);
  });

  it.each([false, true])('breaks in the middle of the body (chunked: %s)', async (chunked) => {
    const engine = await engineWith({ kind: 'cut', bytes: 100, chunked });
    await expect(get(engine, EVENTS)).rejects.toThrow();
    const raw = await rawAnswer(engine);
    expect(raw).toMatch(chunked ? /transfer-encoding: chunked/i : /content-length: \d{4}/i);
    expect(raw).toContain('[{"id":');
    expect(raw).not.toContain('}]');
  });

  it('announces more than it brings, or less', async () => {
    const engine = await engineWith({ kind: 'lying-length', declared: 1_000_000 });
    await expect(get(engine, EVENTS)).rejects.toThrow();
    engine.misbehave({ at: 'events', fault: { kind: 'lying-length', declared: 10 } });
    expect(await rawAnswer(engine)).toMatch(/content-length: 10\r[^]*\}\]$/i);
  });

  it('drips', async () => {
    const engine = await engineWith({ kind: 'drip', bytes: 500, everyMs: 1 });
    const headers = { authorization: `Bearer ${engine.token}` };
    const response = await fetch(`${engine.url}/api/${EVENTS}`, { headers });
    const sizes: number[] = [];
    for await (const piece of response.body!) sizes.push((piece as Uint8Array).length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(Number(response.headers.get('content-length')));
  });
});

describe('a flood', () => {
  it('is a JSON list of so many bytes', async () => {
    const engine = await engineWith({ kind: 'flood', bytes: 200_001 });
    const answer = await get(engine, EVENTS);
    expect(answer.text.length).toBe(200_001);
    expect(answer.json()).toEqual([]);
  });

  it('may announce its length, and may be of anything', async () => {
    const engine = await engineWith({ kind: 'flood', bytes: 100_000, unit: '[', declared: true });
    const answer = await get(engine, EVENTS);
    expect(answer.headers.get('content-length')).toBe('100000');
    expect(answer.text).toMatch(/^\[{60000}/);
  });

  it('of 1 GB comes piece by piece, and ends with the client', async () => {
    const engine = await engineWith({ kind: 'flood', bytes: GIGABYTE });
    const abort = new AbortController();
    const headers = { authorization: `Bearer ${engine.token}` };
    const response = await fetch(`${engine.url}/api/${EVENTS}`, { headers, signal: abort.signal });
    const reader = response.body!.getReader();
    let read = 0;
    while (read < 10_000_000) read += (await reader.read()).value!.length;
    abort.abort();
    engine.behave();
    expect(await list(engine, EVENTS)).toHaveLength(SAMPLE_EVENTS);
  });
});

describe('an answer', () => {
  it.each(['', '{', '[{"seq":"1"', '{"events":[]}', '"text"', '<html>', '[1,null]'])('may be %j', async (text) => {
    const engine = await engineWith({ kind: 'body', text });
    expect(await get(engine, EVENTS)).toMatchObject({ status: 200, text });
  });

  it('may be another page', async () => {
    const engine = await engineWith({ kind: 'wrong-page', fromSeq: '0' }, { times: 1 });
    expect(seqs(await list(engine, EVENTS, { from_seq: '5', limit: 2 }))).toEqual(['1', '2']);
    engine.misbehave({ at: 'events', fault: { kind: 'wrong-page', limit: 1000 }, times: 1 });
    expect(await list(engine, EVENTS, { limit: 2 })).toHaveLength(SAMPLE_EVENTS);
    engine.misbehave({ at: 'events', fault: { kind: 'wrong-page', session: 'other' } });
    expect((await list(engine, EVENTS)).every((event) => event['session_id'] === 'other')).toBe(true);
  });

  it.each([
    [{ kind: 'repeated', seq: '3' }, ['1', '2', '3', '3', '4', '5', '6', '7']],
    [{ kind: 'reordered', seq: '3' }, ['1', '2', '4', '3', '5', '6', '7']],
    [{ kind: 'missing', seq: '3' }, ['1', '2', '4', '5', '6', '7']],
    [{ kind: 'missing', seq: '30' }, ['1', '2', '3', '4', '5', '6', '7']],
  ] as const)('may have events %j', async (fault, expected) => {
    expect(seqs(await list(await engineWith(fault), EVENTS))).toEqual(expected);
  });

  it('may change what was answered before', async () => {
    const members = { created_at: '2020-01-01T00:00:00Z', payload_length: 99 };
    const engine = await engineWith({ kind: 'changed', seq: '4', members }, { skip: 1 });
    const before = await list(engine, EVENTS);
    const after = await list(engine, EVENTS);
    expect(after).toEqual(before.map((event) => (event['seq'] === '4' ? { ...event, ...members } : event)));
    expect(after).not.toEqual(before);
  });
});

describe('a misbehaviour as JSON', () => {
  it('is read, and refused where it is none', () => {
    const rule = { at: 'events', fault: { kind: 'status', status: 503 } };
    expect(parseMisbehaviour(JSON.stringify(rule))).toEqual(rule);
    for (const wrong of [{}, { at: 'moon', fault: rule.fault }, { at: 'all', fault: { kind: 'sulk' } }]) {
      expect(() => parseMisbehaviour(JSON.stringify(wrong))).toThrow();
    }
  });
});
