// The fault list "source answers" of the quality bars against what a source tells of a session beside its events: each fault is one clear
// error or one discrepancy, and after the next synchronisation the library has what it would have had without it.

import { describe, expect, test } from 'vitest';
import type { Library } from '../../../../electron/library/library.ts';
import { GIGABYTE, type Fault } from '../../../engine/faults.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { contentOf, longRecording, sessionOf, synchronise } from '../../../support/syncing.ts';
import { engineOf } from '../../engine/client.ts';
import { SAMPLE_EVENTS, sampleRecording } from '../../engine/sample.ts';

const GROUP = { id: 'g', created_at: '2026-06-10T08:00:00Z', updated_at: '2026-06-10T08:00:00Z' };

async function engineWith(): Promise<Engine> {
  const engine = await engineOf({ recordings: [sampleRecording('s', { session: { group_id: 'g' } })] });
  engine.putGroup(GROUP);
  return engine;
}

const KINDS = ['session', 'participants', 'group', 'key-grants', 'decrypt-material'] as const;

/** All that the library has of the session, but for what it says of faults. */
function keptOf(library: Library): unknown {
  const row = sessionOf(library, 's');
  const { row: columns, ...content } = contentOf(library, 's') as { row: object; discrepancies: unknown };
  return {
    ...content,
    row: { ...columns, discrepancies: 0 },
    discrepancies: null,
    documents: KINDS.map((kind) => library.documents.all(row, kind).map((document) => document.bytes().toString())),
  };
}

const withoutFault = async (): Promise<unknown> => {
  const { library } = temporaryLibrary();
  await synchronise(library, await engineWith());
  return keptOf(library);
};

/** The session is not there yet: the run says why, and the next one goes on. */
const ending: readonly (readonly [string, Fault])[] = [
  ['401', { kind: 'status', status: 401 }],
  ['429', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
  ['a reset', { kind: 'reset' }],
  ['silence', { kind: 'silence' }],
  ['a drip', { kind: 'drip', bytes: 1, everyMs: 50 }],
];

/** The session is there and says what it lacks; the next run asks again for what the source itself names. */
const said: readonly (readonly [string, Fault])[] = [
  ['404', { kind: 'status', status: 404 }],
  ['410', { kind: 'status', status: 410 }],
  ['400', { kind: 'status', status: 400, body: 'bad\u001b[31m thing\nsecond line' }],
];

/** An answer that is none: the session is there as well, and every document is asked for again. */
const wrong: readonly (readonly [string, Fault])[] = [
  ['403', { kind: 'status', status: 403 }],
  ['500', { kind: 'status', status: 500, body: '<html>' }],
  ['503', { kind: 'status', status: 503 }],
  ['a redirect', { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/' } }],
  ['a cut body', { kind: 'cut', bytes: 7 }],
  ['a cut body without length', { kind: 'cut', bytes: 7, chunked: true }],
  ['a lying length', { kind: 'lying-length', declared: 10_000_000 }],
  ['a gigabyte', { kind: 'flood', bytes: GIGABYTE }],
  ['wrong JSON', { kind: 'body', text: '[{"id":' }],
  ['another form', { kind: 'body', text: '7' }],
  ['an empty body', { kind: 'body', text: '' }],
  ['nesting without end', { kind: 'body', text: '['.repeat(200_000) }],
];

describe.each([
  ['participants', 'truncated', '[{"session_id":"another"}]', wrong],
  ['group', 'truncated', '{"id":"another"}', [...said, ...wrong]],
  ['key-grants', 'not-decrypted', '[{"session_id":"another"}]', wrong],
  ['decrypt-material', 'not-decrypted', '[{"session_id":"another"}]', [...said, ...wrong]],
] as const)('what is wrong with the answer about %s', (at, kind, other, faults) => {
  test.each(ending)('ends the reading with the reason where it is %s', async (_, fault) => {
    const engine = await engineWith();
    engine.misbehave({ at, fault });
    const { library } = temporaryLibrary();
    const { sessions } = await synchronise(library, engine);
    expect(sessions).toMatchObject([{ outcome: 'failed', id: null, events: SAMPLE_EVENTS }]);
    expect(sessions[0]!.failure).toMatchObject({ what: expect.stringContaining(`/${at === 'group' ? 'groups' : at}`) as string });
    expect(library.sessions.stats().sessions).toBe(0);
    engine.behave();
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'new', events: 0, discrepancies: 0 }]);
    expect(keptOf(library)).toEqual(await withoutFault());
  });

  test.each([...faults, ['another one', { kind: 'body', text: other }] as const])(
    'is said on the session where it is %s, and asked for again',
    async (_, fault) => {
      const engine = await engineWith();
      engine.misbehave({ at, fault });
      const { library } = temporaryLibrary();
      const { sessions } = await synchronise(library, engine);
      expect(sessions).toMatchObject([{ outcome: 'new', failure: null, discrepancies: 1 }]);
      const [discrepancy] = library.sessions.discrepancies(sessionOf(library, 's'), 10);
      expect(discrepancy).toMatchObject({ kind });
      expect(discrepancy!.message).not.toMatch(/[\u0000-\u001f]/);
      expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'unchanged', discrepancies: 0 }]);
      engine.behave();
      expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'grown', events: 0 }]);
      expect(keptOf(library)).toEqual(await withoutFault());
      const asked = engine.requests.length;
      await synchronise(library, engine);
      expect(engine.requests.slice(asked).filter(({ target }) => target.startsWith('/api/webtty/sessions/'))).toEqual([]);
    },
  );
});

test('a list of participants that is null is an empty one, and so is a last page', async () => {
  const engine = await engineWith();
  engine.misbehave({ at: 'participants', fault: { kind: 'body', text: 'null' } });
  engine.misbehave({ at: 'events', skip: 1, fault: { kind: 'body', text: 'null' } });
  const { library } = temporaryLibrary();
  const { sessions } = await synchronise(library, engine);
  expect(sessions).toMatchObject([{ outcome: 'new', events: SAMPLE_EVENTS, discrepancies: 0 }]);
  expect(library.sessions.participants(sessionOf(library, 's'))).toEqual([]);
});

test('material that a listed grant of a key of this machine lacks is said, and asked for until it comes', async () => {
  const recording = sampleRecording('s');
  const { recipient_id: id, recipient_kind: kind } = recording.keyGrants[0]!;
  const recipients = () => [{ id: String(id), kind: String(kind) }];
  const engine = await engineOf({ recordings: [recording] });
  engine.misbehave({ at: 'decrypt-material', fault: { kind: 'body', text: '[]' } });
  const { library } = temporaryLibrary();
  expect((await synchronise(library, engine, { recipients })).sessions).toMatchObject([{ outcome: 'new', discrepancies: 1 }]);
  const [said] = library.sessions.discrepancies(sessionOf(library, 's'), 10);
  expect(said).toMatchObject({
    kind: 'not-decrypted',
    message: expect.stringContaining(`${String(kind)} ${String(id)}`) as string,
  });
  expect((await synchronise(library, engine, { recipients })).sessions).toMatchObject([
    { outcome: 'unchanged', discrepancies: 0 },
  ]);
  engine.behave();
  expect((await synchronise(library, engine, { recipients })).sessions).toMatchObject([{ outcome: 'grown' }]);
  const kept = library.documents.latest(sessionOf(library, 's'), 'decrypt-material')!;
  expect(JSON.parse(kept.bytes().toString())).toEqual(recording.decryptMaterial);
  const asked = engine.requests.length;
  await synchronise(library, engine, { recipients });
  expect(engine.requests.slice(asked).filter(({ target }) => target.startsWith('/api/webtty/sessions/'))).toEqual([]);
});

test('of many recipients the keys of this machine are asked for first, and none is left out in the end', async () => {
  const recording = sampleRecording('s');
  const keyGrants = Array.from({ length: 41 }, (_, n) => ({
    ...recording.keyGrants[0]!,
    id: `g${String(n)}`,
    recipient_id: `r${String(n)}`,
  }));
  const engine = await engineOf({ recordings: [{ ...recording, keyGrants, decryptMaterial: [] }] });
  const { library } = temporaryLibrary();
  const asked = async (): Promise<string[]> => {
    const before = engine.requests.length;
    await synchronise(library, engine, { recipients: () => [{ id: 'r40', kind: 'other' }] });
    return engine.requests.slice(before).flatMap(({ target }) => /decrypt-material\?recipient_id=(\w+)/.exec(target)?.[1] ?? []);
  };
  const first = await asked();
  expect([first[0], first.length]).toEqual(['r40', 33]);
  expect(library.sessions.discrepancies(sessionOf(library, 's'), 10)).toMatchObject([
    { kind: 'not-decrypted', message: expect.stringContaining('41 recipients') as string },
  ]);
  const all = new Set([...first, ...(await asked())]);
  expect([...all].toSorted()).toEqual(keyGrants.map(({ recipient_id }) => recipient_id).toSorted());
});

describe('a page that is empty too soon', () => {
  const EVENTS = 2500;
  const recording = (session: object): ReturnType<typeof longRecording> =>
    longRecording('s', EVENTS, { session: { ...session } });

  test.each([
    ['event_count', 2500, 'the session has 2500 events, 2000 came'],
    ['event_count', '2500', 'the session has 2500 events, 2000 came'],
    ['last_seq', '2500', 'the session has events up to 2500, they came up to 2000'],
  ])('is no end where %s is %j: it is said, and the next run reads on', async (member, value, message) => {
    const engine = await engineOf({ recordings: [recording({ [member]: value })] });
    engine.misbehave({ at: 'events', skip: 2, times: 1, fault: { kind: 'body', text: '[]' } });
    const { library } = temporaryLibrary();
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'new', events: 2000, discrepancies: 1 }]);
    const stored = (): unknown => library.sessions.discrepancies(sessionOf(library, 's'), 10);
    const expected = [{ kind: 'truncated', message: `the source says that ${message}`, place: { seq: '2000' } }];
    expect(stored()).toEqual(expected);
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'grown', events: 500, discrepancies: 0 }]);
    expect(stored()).toEqual(expected);
    expect(sessionOf(library, 's').events).toBe(EVENTS);
    expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'unchanged' }]);
  });

  test('is an end where the session says that there is no more, or nothing', async () => {
    for (const session of [{ event_count: 2500, last_seq: '2500' }, { event_count: 'many', last_seq: -1 }, {}]) {
      const engine = await engineOf({ recordings: [recording(session)] });
      const { library } = temporaryLibrary();
      expect((await synchronise(library, engine)).sessions).toMatchObject([{ outcome: 'new', events: EVENTS, discrepancies: 0 }]);
      const asked = engine.requests.length;
      await synchronise(library, engine);
      expect(engine.requests.slice(asked).filter(({ target }) => target.startsWith('/api/webtty/sessions/'))).toEqual([]);
    }
  });
});
