// Recordings that are still going on, and recordings that retention has ended.

import { describe, expect, it, vi } from 'vitest';
import { micros } from '../../../shared/recording/time.ts';
import { allEvents, engineOf, get, list } from './client.ts';
import { SAMPLE_EVENTS, sampleRecording } from './sample.ts';

const EVENTS = 'webtty/sessions/s/events';

describe('a session that goes on', () => {
  it('has one more event for each that is added', async () => {
    const recording = sampleRecording('s', { open: true });
    const engine = await engineOf({ recordings: [recording] });
    const before = await list(engine, EVENTS);
    const added = recording.next({ after: micros(9_000), stream: 'stdout', bytes: Buffer.from('more') });
    engine.append('s', added);
    expect(await list(engine, EVENTS)).toEqual([...before, added]);
    expect(await list(engine, EVENTS, { from_seq: added['seq'] })).toEqual([added]);
  });

  it('refuses an event whose number does not follow, and a session that is not there', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s')] });
    expect(() => engine.append('s', { seq: '2' })).toThrow('does not follow');
    expect(() => engine.append('t', { seq: '2' })).toThrow('no session t');
  });

  it('ends when its members say so', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s', { open: true })] });
    engine.update('s', { status: 'errored', error_code: 'lost', live: undefined });
    const session = (await get(engine, 'webtty/sessions/s')).json();
    expect(session).toMatchObject({ status: 'errored', error_code: 'lost' });
    expect(session).not.toHaveProperty('live');
  });
});

describe('a recording that is held back', () => {
  it('is live and has its first events, then one more a call, and ends with the last one', async () => {
    const recording = sampleRecording('s');
    const engine = await engineOf({ recordings: [recording] });
    engine.hold('s', 2);
    const session = (await get(engine, 'webtty/sessions/s')).json();
    expect(session).toMatchObject({ status: 'active', live: { available: true } });
    expect(session).not.toHaveProperty('ended_at');
    expect(session).not.toHaveProperty('exit_code');
    expect(await list(engine, 'webtty/sessions', { filters: { status: 'active' } })).toHaveLength(1);

    for (let shown = 2; shown < SAMPLE_EVENTS; shown++) {
      expect(await allEvents(engine, 's', 3)).toEqual(recording.events.slice(0, shown));
      expect(engine.release('s')).toBe(SAMPLE_EVENTS - shown - 1);
    }
    expect(await allEvents(engine, 's', 3)).toEqual(recording.events);
    expect((await get(engine, 'webtty/sessions/s')).json()).toEqual(recording.session);
    expect(engine.release('s')).toBe(0);
  });

  it('grows by a timer until it is whole', async () => {
    const recording = sampleRecording('s');
    const engine = await engineOf({ recordings: [recording] });
    engine.hold('s', 1);
    engine.releaseEvery('s', 5);
    await vi.waitFor(async () => expect(await allEvents(engine, 's', 100)).toEqual(recording.events), { timeout: 20_000 });
  });

  it('stops growing when it is told to', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s')] });
    engine.hold('s', 1);
    engine.releaseEvery('s', 1)();
    await new Promise((resolve) => {
      setTimeout(resolve, 30);
    });
    expect(await list(engine, EVENTS)).toHaveLength(1);
  });
});

describe('retention', () => {
  it('ends a recording so long after its end: nothing of it is found, and it is in no list', async () => {
    let now = Date.parse('2026-06-10T08:00:00.004600Z');
    const recordings = [sampleRecording('s'), sampleRecording('live', { open: true })];
    const engine = await engineOf({ recordings, retentionMs: 1000, now: () => now });
    expect(await list(engine, 'webtty/sessions')).toHaveLength(2);
    now += 1001;
    expect((await list(engine, 'webtty/sessions')).map(({ id }) => id)).toEqual(['live']);
    for (const path of ['', '/events', '/participants', '/key-grants', '/key-grants/decrypt-material']) {
      expect((await get(engine, `webtty/sessions/s${path}`)).status).toBe(404);
      expect((await get(engine, `webtty/sessions/live${path}`)).status).toBe(200);
    }
  });

  it('ends it at once when it is removed', async () => {
    const engine = await engineOf({ recordings: [sampleRecording('s')] });
    engine.remove('s');
    expect((await get(engine, EVENTS)).status).toBe(404);
    expect(() => engine.remove('s')).toThrow('no session s');
  });
});
