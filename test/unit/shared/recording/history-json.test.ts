// Histories as JSON: exports and answers of whatever nesting, and lines of JSON. Each record is found once, with its place.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikeHistory } from '../../../../shared/recording/history-reader.ts';
import { parseInstant } from '../../../../shared/recording/time.ts';
import { readHistory } from './history-reading.ts';

const SESSION = {
  id: 's-1',
  target: { id: 't-1', name: 'api' },
  environment: 'production',
  mode: 'running',
  reason: 'fix\n"it"',
  approval: { status: 'approved', approved_by: 'bob', approved_at: '2026-11-21T09:59:00Z' },
  initiator: { id: 'u-1', email: 'ana@example.org' },
  origin: 'dashboard',
  status: 'closed',
  started_at: '2026-11-21T10:00:00Z',
  ended_at: '2026-11-21T10:05:00Z',
  duration_seconds: 300,
  close_reason: 'idle_timeout',
  exit_code: 130,
  recording: { status: 'available', expires_at: '2026-12-21T10:05:00Z', size: 12 },
  project: { tags: ['a', 'b'] },
};
const FACTS = {
  nativeId: 's-1',
  target: 'api',
  environment: 'production',
  mode: 'running',
  reason: 'fix\n"it"',
  approval: 'approved by bob at 2026-11-21T09:59:00Z',
  initiator: 'ana@example.org',
  origin: 'dashboard',
  status: 'closed',
  startedAt: parseInstant('2026-11-21T10:00:00Z'),
  endedAt: parseInstant('2026-11-21T10:05:00Z'),
  duration: 300_000_000,
  closeReason: 'idle_timeout',
  exitStatus: 130,
  atSource: 'kept',
  until: parseInstant('2026-12-21T10:05:00Z'),
};
const COMMAND = {
  type: 'command',
  session_id: 's-1',
  at: '2026-11-21T10:01:00Z',
  actor: 'ana',
  action: 'exec',
  text: 'ls',
  outcome: 'ok',
};
const QUERY = { type: 'database_audit', session_id: 's-1', at: '2026-11-21T10:02:00Z', actor: 'ana', statement: 'SELECT 1' };
const COMMAND_FACTS = { kind: 'command', nativeId: 's-1', actor: 'ana', action: 'exec', text: 'ls', outcome: 'ok' };
const QUERY_FACTS = { kind: 'database-audit', nativeId: 's-1', text: 'SELECT 1' };

const without = (record: { readonly [name: string]: unknown }): object =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'session_id' && name !== 'type'));

describe('records are found wherever they are', () => {
  test.each<[string, unknown]>([
    ['a list of everything', [{ ...SESSION, type: 'session' }, COMMAND, QUERY]],
    ['sections', { version: 1, exported_at: '2026-11-21T11:00:00Z', sessions: [SESSION], events: [COMMAND, QUERY] }],
    [
      'sections in an envelope',
      { success: true, status_code: 200, message: 'ok', data: { sessions: [SESSION], events: [COMMAND, QUERY] } },
    ],
    [
      'sections by kind',
      {
        sessions: [SESSION],
        commands: [without(COMMAND)].map((one) => ({ ...one, session_id: 's-1' })),
        audit: { database: [{ ...without(QUERY), session_id: 's-1' }] },
      },
    ],
    [
      'events inside their session',
      { history: [{ ...SESSION, commands: [without(COMMAND)], audit: { database: [without(QUERY)] } }] },
    ],
    [
      'one session with its events',
      {
        session: SESSION,
        events: [without(COMMAND), without(QUERY)].map((one, i) => ({ ...one, type: i === 0 ? 'command' : 'database_audit' })),
      },
    ],
    [
      'nodes of edges',
      { data: { sessions: { edges: [{ node: SESSION }] }, events: { edges: [{ node: COMMAND }, { node: QUERY }] } } },
    ],
    ['sessions by their ids', { sessions: { 's-1': SESSION }, events: [COMMAND, QUERY] }],
    [
      'records in wrappers',
      {
        items: [
          { kind: 'session', session: SESSION },
          { kind: 'command', event: COMMAND },
          { kind: 'database_audit', event: QUERY },
        ],
      },
    ],
  ])('%s', (_, document) => {
    for (const space of [undefined, 2]) {
      const { sessions, events, refusal } = readHistory(JSON.stringify(document, null, space), {
        file: 'history.json',
        piece: 11,
      });
      expect(refusal).toBeNull();
      expect(sessions).toHaveLength(1);
      expect(sessions[0]).toMatchObject(FACTS);
      expect(events).toHaveLength(2);
      expect(events).toMatchObject([COMMAND_FACTS, QUERY_FACTS]);
    }
  });

  test('JSON lines', () => {
    const lines = [SESSION, { ...SESSION, id: 's-2' }, COMMAND, QUERY].map((value) => `${JSON.stringify(value)}\n`).join('');
    const { sessions, events, items } = readHistory(lines, { file: 'history.ndjson' });
    expect(sessions.map(({ nativeId }) => nativeId)).toEqual(['s-1', 's-2']);
    expect(events).toMatchObject([COMMAND_FACTS, QUERY_FACTS]);
    expect(items.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });

  test('fields without a column are kept by their path', () => {
    const [others] = readHistory(JSON.stringify([SESSION]), { file: 'h.json' }).others;
    expect(others).toEqual({ 'target.id': 't-1', 'initiator.id': 'u-1', 'recording.size': '12', 'project.tags': 'a b' });
  });

  test('numbers that a float cannot hold keep their digits', () => {
    const { sessions } = readHistory(
      '[{"id":12345678901234567890,"target":"a","mode":"running","started_at":"2026-11-21T10:00:00Z"}]',
    );
    expect(sessions[0]?.nativeId).toBe('12345678901234567890');
  });

  test('a page behind the last is empty where that may be, and refused in a file', () => {
    const page = JSON.stringify({ success: true, status: 200, message: 'ok', timestamp: '2026-11-21T10:00:00Z', data: [] });
    expect(readHistory(page, { mayBeEmpty: true, section: 'session' })).toMatchObject({ refusal: null, items: [] });
    expect(readHistory(page).refusal?.message).toContain('no session and no event');
  });

  test('what an answer is asked for tells what its plain elements are', () => {
    const plain = { id: 'x', target: 'api', at: '2026-11-21T10:00:00Z', actor: 'ana', text: 'ls' };
    expect(readHistory(JSON.stringify({ data: [plain] }), { section: 'event' }).events).toMatchObject([{ id: 'x', text: 'ls' }]);
    expect(readHistory(JSON.stringify({ data: [{ id: 'x', target: 'api' }] }), { section: 'session' }).sessions).toMatchObject([
      { nativeId: 'x' },
    ]);
  });
});

describe('what is no JSON is refused with its place', () => {
  test.each<[string, string, number, number]>([
    [
      'a missing comma',
      '[\n  {"id": "s-1", "target": "a", "mode": "x", "started_at": "2026-11-21T10:00:00Z"}\n  {"id": 2}]',
      3,
      3,
    ],
    ['a fault in an element', '[\n  {"id": "s-1"\n   "target": "a"}]', 3, 4],
    ['an end in the middle', '{"sessions": [\n {"id": "s-1"', 2, 14],
    ['text', '[nothing]', 1, 2],
    ['a value that is missing', '[\n{"id": }]', 2, 8],
    ['a line feed in a text', '[{"id": "a\nb"}]', 1, 11],
    ['a number with a leading nought', '[{"n": [1, 02]}]', 1, 12],
    ['a trailing comma', '[{"a": [1,]}]', 1, 11],
  ])('%s', (_, text, line, column) => {
    for (const piece of [1, 1000]) {
      const { refusal } = readHistory(text, { piece });
      expect(refusal?.place.line).toBe(line);
      expect(refusal?.message).toMatch(new RegExp(`^column ${String(column)}: `));
    }
  });

  test('bytes that are no UTF-8 are, too', () => {
    const bytes = Buffer.from('[{"id": "s-1", "target": "caf\u00e9"}]', 'latin1');
    expect(readHistory(bytes).refusal).toMatchObject({
      message: expect.stringContaining('column 30: the byte E9') as string,
      place: { line: 1 },
    });
  });

  test('nesting without end is', () => {
    expect(readHistory('['.repeat(100_000)).refusal?.message).toContain('nested too deeply');
    expect(readHistory(`[{"a":${'['.repeat(100_000)}`).refusal?.message).toContain('nested too deeply');
  });
});

test('whatever JSON holds, reading ends without a throw, and alike in pieces', () => {
  const value = fc.json({ maxDepth: 5 });
  const name = fc.constantFrom('sessions', 'events', 'id', 'target', 'started_at', 'data', 'commands', 'at', 'type', 'mode');
  const shaped = fc
    .array(fc.tuple(name, value), { maxLength: 6 })
    .map((members) => `{${members.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`);
  fc.assert(
    fc.property(
      fc.oneof(
        value,
        shaped,
        shaped.map((text) => `[${text},${text}]`),
      ),
      fc.integer({ min: 1, max: 20 }),
      (text, piece) => {
        const whole = readHistory(text);
        expect(readHistory(text, { piece })).toEqual(whole);
      },
    ),
    { seed: 11, numRuns: 500 },
  );
});

describe('a history is told from what is none', () => {
  test.each<[string, string]>([
    ['sections', JSON.stringify({ sessions: [SESSION] })],
    ['a list', JSON.stringify([SESSION])],
    ['events alone', JSON.stringify([COMMAND])],
    ['CSV', 'id,target,mode,started_at\ns-1,api,running,2026-11-21T10:00:00Z\n'],
  ])('%s is one', (_, text) => expect(looksLikeHistory(Buffer.from(text))).toBe(true));

  test.each<[string, string]>([
    ['an asciicast', '{"version":2,"width":80,"height":24,"timestamp":1795255200,"title":"api"}\n[0.5,"o","hello"]\n'],
    ['anything with ids and dates', JSON.stringify([{ id: 1, name: 'x', created_at: '2026-11-21T10:00:00Z' }])],
    ['prose', 'Dear all, the target, as it were, started late.\nYours\n'],
    ['other tables', 'name,price,stock\nbolt,3,17\n'],
    ['nothing', ''],
  ])('%s is none', (_, text) => expect(looksLikeHistory(Buffer.from(text))).toBe(false));
});
