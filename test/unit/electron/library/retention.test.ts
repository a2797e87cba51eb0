// When recordings end and what holds them: the triggers against a slow model, and what a hold keeps.

import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../electron/library/database.ts';
import { databaseFile, type HoldTarget, type Library, type SessionRow } from '../../../../electron/library/library.ts';
import type { Policy } from '../../../../shared/api/retention-shapes.ts';
import { formatInstant, type Micros } from '../../../../shared/recording/time.ts';
import { keepRecordings, type KeptSession } from '../../../support/kept-recordings.ts';
import { temporaryLibrary } from '../../../support/library.ts';

const AT = '2026-11-21T10:00:00Z';
const DAY = 86_400_000_000;
const act = { by: 'tester', at: AT, reason: 'because' };
const START = (Date.UTC(2026, 0, 1) * 1000) as Micros;

const policy = (
  source: string,
  environment: Policy['environment'],
  keeper: Policy['keeper'],
  days: number | null,
  basis: Policy['basis'] = 'set',
): Policy => ({
  source,
  environment,
  keeper,
  days: basis === 'cleared' ? null : days,
  basis,
  plan: basis === 'plan' ? 'Team' : null,
  ...act,
});

function kept(library: Library, session: KeptSession, source = 'cloud'): SessionRow {
  return library.sessions.find(keepRecordings(library, source, AT, [session])[0]!) as SessionRow;
}

const untilOf = (library: Library, session: Pick<SessionRow, 'key'>): string | null =>
  library.retention.marks([session]).get(session.key)!.libraryUntil;

test('a recording ends days after its end, by the policy that holds for its source and environment, against a slow model', () => {
  const { library } = temporaryLibrary();
  const sources = ['cloud', 'Edge', 'files'];
  const environments = [undefined, '', 'production', 'PROD', 'Prd', 'live', 'staging', 'prod-eu', 'dev'];
  const sessionOf = fc.record({
    source: fc.constantFrom(...sources),
    environment: fc.constantFrom(...environments),
    started: fc.option(fc.integer({ min: 0, max: 5_000_000 }), { nil: undefined }),
    duration: fc.integer({ min: 0, max: 1_000_000 }),
    status: fc.constantFrom(undefined, 'closed', 'live', 'Active', 'ended'),
  });
  const policyOf = fc.record({
    source: fc.constantFrom('CLOUD', 'edge', 'files'),
    environment: fc.constantFrom('production' as const, 'non-production' as const),
    by: fc.constantFrom(
      ...(['told', 'plan', 'set', 'cleared'] as const).map((basis) => ({ keeper: 'source' as const, basis })),
      ...(['set', 'cleared'] as const).map((basis) => ({ keeper: 'library' as const, basis })),
    ),
    days: fc.option(fc.integer({ min: 1, max: 400 }), { nil: null }),
  });
  const set: Policy[] = [];
  const all: {
    readonly row: SessionRow;
    readonly source: string;
    readonly isProduction: boolean;
    readonly end: number;
    readonly live: boolean;
  }[] = [];
  fc.assert(
    fc.property(fc.oneof(fc.record({ session: sessionOf }), fc.record({ policy: policyOf })), (one) => {
      if ('policy' in one) {
        const { source, environment, by, days } = one.policy;
        set.push(policy(source, environment, by.keeper, days, by.basis));
        library.retention.setPolicy(set.at(-1)!);
      } else {
        const { source, environment, started, duration, status } = one.session;
        const row = kept(
          library,
          {
            duration: (duration * 1000) as Micros,
            ...(environment === undefined ? {} : { environment }),
            ...(started === undefined ? {} : { startedAt: (START + started * 1000) as Micros }),
            ...(status === undefined ? {} : { status }),
          },
          source,
        );
        all.push({
          row,
          source: source.toLowerCase(),
          isProduction:
            environment === undefined ||
            environment === '' ||
            ['production', 'prod', 'prd', 'live'].includes(environment.toLowerCase()),
          end: started === undefined ? Date.parse(AT) * 1000 : START + started * 1000 + duration * 1000,
          live: ['live', 'active'].includes((status ?? '').toLowerCase()),
        });
      }
      const marks = library.retention.marks(all.map(({ row }) => row));
      for (const { row, source, isProduction, end, live } of all) {
        const newest = (keeper: Policy['keeper'], told: boolean): Policy | undefined => {
          const found = set.findLast(
            (one) =>
              one.source.toLowerCase() === source &&
              one.keeper === keeper &&
              (one.environment === 'production') === isProduction &&
              (one.basis === 'told') === told,
          );
          return found?.basis === 'cleared' ? undefined : found;
        };
        const ofSource = Math.min(...[true, false].map((told) => newest('source', told)?.days ?? Infinity));
        const after = (days: number): string | null =>
          days === Infinity || live ? null : formatInstant((end + days * DAY) as Micros);
        const own = newest('library', false);
        expect(marks.get(row.key)).toMatchObject({
          sourceUntil: after(ofSource),
          libraryUntil: after(own === undefined ? ofSource : (own.days ?? Infinity)),
        });
      }
    }),
    { seed: 20261121, numRuns: 160 },
  );
});

test('what the source tells and what people say stand apart: the fewer days hold, and taking back is an act as others', () => {
  const { library } = temporaryLibrary();
  const session = kept(library, { startedAt: START });
  const { retention } = library;
  const set = (days: number | null, basis: Policy['basis']): void =>
    retention.setPolicy(policy('cloud', 'production', 'source', days, basis));
  const standing = (): unknown => retention.current('CLOUD').map(({ basis, days, holds }) => [basis, days, holds]);
  const days = (): number | null => {
    const until = untilOf(library, session);
    return until === null ? null : (Date.parse(until) * 1000 - START) / DAY;
  };
  set(90, 'told');
  set(120, 'plan');
  expect([standing(), days()]).toEqual([
    [
      ['told', 90, true],
      ['plan', 120, false],
    ],
    90,
  ]);
  set(30, 'plan');
  expect([standing(), days()]).toEqual([
    [
      ['plan', 30, true],
      ['told', 90, false],
    ],
    30,
  ]);
  // What the source tells next takes nothing of what people said, nor the other way round.
  set(60, 'told');
  expect(days()).toBe(30);
  set(null, 'told');
  expect(days()).toBe(30);
  set(60, 'told');
  // Where both say the same, it is the source's own word that ends a recording.
  set(60, 'set');
  expect(standing()).toEqual([
    ['told', 60, true],
    ['set', 60, false],
  ]);
  set(null, 'cleared');
  expect([standing(), days()]).toEqual([[['told', 60, true]], 60]);
  retention.setPolicy(policy('cloud', 'production', 'library', 400));
  expect(days()).toBe(400);
  retention.setPolicy(policy('cloud', 'production', 'library', null, 'cleared'));
  expect(days()).toBe(60);
  expect(
    retention
      .policies('cloud')
      .map(({ basis }) => basis)
      .toReversed(),
  ).toEqual(['told', 'plan', 'plan', 'told', 'told', 'told', 'set', 'cleared', 'set', 'cleared']);
  expect(retention.current('edge')).toEqual([]);
});

test('sessions are listed by the time that is left, here and at the source, page by page, without end last', () => {
  const { library, folder, key } = temporaryLibrary();
  const ends = [5, 2, 9, 2, 7, 1];
  const rows = ends.map((day) => kept(library, { startedAt: (START + day * DAY) as Micros, user: 'ana' }));
  const live = kept(library, { startedAt: START, status: 'live', user: 'ana' });
  kept(library, { startedAt: START, user: 'bo' });
  library.retention.setPolicy(policy('cloud', 'production', 'library', 3));
  // Rows of the history without a recording here are no sessions.
  const database = openDatabase(databaseFile(folder), key, { create: false });
  database.exec("INSERT INTO history (id, source, told_until_us) VALUES ('h1', 'cloud', 5), ('h2', 'cloud', NULL)");
  database.close();
  const pages = (sort: 'libraryUntil' | 'sourceUntil', descending: boolean): string[] => {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const filter = { user: 'ana' };
      const page: ReturnType<Library['sessions']['list']> = library.sessions.list({ filter, sort, descending, cursor, limit: 2 });
      expect(page.total).toBe(7);
      found.push(...page.sessions.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== null);
    return found;
  };
  const sorted = [5, 1, 3, 0, 4, 2].map((i) => rows[i]!.id);
  expect(pages('libraryUntil', false)).toEqual([...sorted, live.id]);
  expect(pages('libraryUntil', true)).toEqual([live.id, ...sorted.toReversed()]);
  // Nothing is known of the source: all are alike, and none is left out.
  expect(pages('sourceUntil', false)).toEqual([...rows, live].map(({ id }) => id));
  library.retention.setPolicy(policy('cloud', 'production', 'source', 8));
  expect(pages('sourceUntil', false)).toEqual([...sorted, live.id]);
});

test('what the source says of one recording counts before its policy, and not before the days of the library', () => {
  const { library, folder, key } = temporaryLibrary();
  const session = kept(library, { startedAt: START, nativeId: 's-1' });
  library.retention.setPolicy(policy('cloud', 'production', 'source', 10));
  const database = openDatabase(databaseFile(folder), key, { create: false });
  database.prepare('UPDATE history SET told_until_us = ? WHERE session = ?').run(START + 3 * DAY, session.key);
  expect(library.retention.marks([session]).get(session.key)).toMatchObject({
    sourceUntil: '2026-01-04T00:00:00.000000Z',
    libraryUntil: '2026-01-04T00:00:00.000000Z',
  });
  library.retention.setPolicy(policy('cloud', 'production', 'library', 5));
  expect(library.retention.marks([session]).get(session.key)).toMatchObject({
    sourceUntil: '2026-01-04T00:00:00.000000Z',
    libraryUntil: '2026-01-06T00:00:00.000000Z',
  });
  // Days without end keep it, whatever the source does.
  library.retention.setPolicy(policy('cloud', 'production', 'library', null));
  expect(untilOf(library, session)).toBeNull();
  library.retention.goneAtSource('CLOUD', 's-1');
  expect(library.retention.marks([session]).get(session.key)).toMatchObject({ goneAtSource: true });
  database.close();
});

test('a recording that was joined by a guess ends with the later of both: its record and itself', () => {
  const { library, folder, key } = temporaryLibrary();
  const session = kept(library, { startedAt: START, environment: 'production' });
  library.retention.setPolicy(policy('cloud', 'production', 'source', 30));
  library.retention.setPolicy(policy('cloud', 'non-production', 'source', 3));
  const database = openDatabase(databaseFile(folder), key, { create: false });
  const join_ = database.prepare(
    'UPDATE history SET matched_by = ?, environment = ?, ended_us = ?, told_until_us = ? WHERE session = ?',
  );
  for (const [how, expected] of [
    ['target-user-time', '2026-01-31T00:00:00.000000Z'],
    ['hand', '2026-01-03T00:00:00.000000Z'],
    ['session-id', '2026-01-03T00:00:00.000000Z'],
  ] as const) {
    join_.run(how, 'staging', START, START + 2 * DAY, session.key);
    expect(untilOf(library, session), how).toBe(expected);
  }
  join_.run('target-user-time', 'production', START + 9 * DAY, null, session.key);
  expect(untilOf(library, session)).toBe('2026-02-09T00:00:00.000000Z');
  database.close();
});

test('recordings of one file end together, with the last of them, and one that is held keeps all', () => {
  const { library } = temporaryLibrary();
  library.retention.setPolicy(policy('cloud', 'production', 'library', 10));
  const ids = keepRecordings(library, 'cloud', AT, [
    { startedAt: START },
    { startedAt: (START + 5 * DAY) as Micros },
    { environment: 'dev', startedAt: START },
  ]);
  const rows = ids.map((id) => library.sessions.find(id) as SessionRow);
  // One of them has no policy: the file is kept without end.
  expect(rows.map((row) => untilOf(library, row))).toEqual([null, null, null]);
  library.retention.setPolicy(policy('cloud', 'non-production', 'library', 1));
  expect(rows.map((row) => untilOf(library, row))).toEqual(Array(3).fill('2026-01-16T00:00:00.000000Z'));
  const late = (START + 100 * DAY) as Micros;
  expect(library.purges.purgeable((START + 15 * DAY - 1) as Micros)).toEqual([]);
  expect(library.purges.purgeable(late)).toEqual([rows[0]!.acquisition]);
  const { id } = library.retention.addHold({ kind: 'session', session: ids[1]! }, act);
  expect(library.purges.purgeable(late)).toEqual([]);
  expect(library.retention.due(late, 10).map(({ heldBy }) => heldBy)).toEqual([[id], [id], [id]]);
  expect(library.retention.past(late)).toEqual({ total: 3, held: 3 });
  library.retention.releaseHold(id, act);
  expect(library.purges.purgeable(late)).toEqual([rows[0]!.acquisition]);
});

test('what is not whole yet, and what may go on, has no end', () => {
  const { library, folder, key } = temporaryLibrary();
  library.retention.setPolicy(policy('cloud', 'production', 'library', 1));
  library.acquisitions.begin({
    source: 'cloud',
    format: 'ttyrec',
    fingerprint: 'part',
    decoder: 1,
    startedAt: AT,
    provenance: '{}',
  });
  const session = kept(library, { startedAt: START });
  const database = openDatabase(databaseFile(folder), key, { create: false });
  database.prepare('UPDATE acquisition SET growing = 1 WHERE key = ?').run(session.acquisition);
  expect(untilOf(library, session)).toBeNull();
  expect(library.purges.purgeable((START + 900 * DAY) as Micros)).toEqual([]);
  // And one that began to grow between the look and the purge is left alone.
  database.prepare('UPDATE acquisition SET growing = 0 WHERE key = ?').run(session.acquisition);
  expect(library.purges.purgeable((START + 900 * DAY) as Micros)).toEqual([session.acquisition]);
  const purge = (now: number): unknown =>
    library.purges.purge(session.acquisition, now as Micros, {
      at: AT,
      custody: ({ session: subject }) => ({ actor: 'tester', action: 'purge', subject, purpose: '', details: {} }),
      certify: () => ({ certificate: '{}', signature: '' }),
    });
  expect(purge(START + DAY - 1)).toBeNull();
  database.prepare('UPDATE acquisition SET growing = 1 WHERE key = ?').run(session.acquisition);
  expect(purge(START + 900 * DAY)).toBeNull();
  database.prepare('UPDATE acquisition SET growing = 0 WHERE key = ?').run(session.acquisition);
  expect(purge(START + DAY)).toHaveLength(1);
  expect(purge(START + DAY)).toBeNull();
  database.close();
});

test('days that are looked at beforehand change nothing', () => {
  const { library } = temporaryLibrary();
  const session = kept(library, { startedAt: START });
  const now = (START + 50 * DAY) as Micros;
  library.retention.addHold({ kind: 'session', session: kept(library, { startedAt: START }).id }, act);
  expect(library.retention.preview(policy('cloud', 'production', 'library', 10), now)).toEqual({ total: 2, held: 1 });
  expect(library.retention.current()).toEqual([]);
  expect(untilOf(library, session)).toBeNull();
});

function isHeld(library: Library, { key }: SessionRow): boolean {
  return library.retention.marks([{ key }]).get(key)!.held;
}

test('a filter holds what its list shows, now and later', () => {
  const { library } = temporaryLibrary();
  const values = {
    user: ['ana', 'Ana', 'bo'],
    environment: ['dev', 'prod'],
    status: ['closed', 'live'],
    group: ['g1', 'g2'],
    title: ['one 50% done', 'Two_'],
  };
  const filters = [
    { user: 'ana' },
    { text: 'TWO_' },
    { text: '50% one' },
    { group: 'g1', environment: 'dev' },
    { startedFrom: (START + 2 * DAY) as Micros, startedTo: (START + 4 * DAY) as Micros },
    { source: 'edge' },
    { format: 'asciicast-v2', status: 'live' },
    {},
  ];
  const rows: SessionRow[] = [];
  const add = (n: number): void => {
    const pick = (of: readonly string[], i: number): string => of[(n + i) % of.length]!;
    rows.push(
      kept(
        library,
        {
          user: pick(values.user, n),
          environment: pick(values.environment, Math.floor(n / 2)),
          status: pick(values.status, Math.floor(n / 3)),
          group: pick(values.group, Math.floor(n / 4)),
          title: pick(values.title, Math.floor(n / 5)),
          startedAt: (START + n * DAY) as Micros,
        },
        n % 3 === 0 ? 'edge' : 'cloud',
      ),
    );
  };
  for (let n = 0; n < 8; n++) add(n);
  for (const filter of filters) {
    const { id } = library.retention.addHold({ kind: 'filter', filter }, act);
    for (let n = 0; n < 3; n++) add(rows.length);
    const listed = new Set(library.sessions.keys(filter));
    for (const row of rows) expect(isHeld(library, row), JSON.stringify([filter, row.id])).toBe(listed.has(row.key));
    expect(library.retention.hold(id)).toMatchObject({ sessions: listed.size });
    library.retention.releaseHold(id, act);
    expect(rows.some((row) => isHeld(library, row))).toBe(false);
  }
});

test('once held, a recording stays held until the release: whatever changes of it, of its case or of its tags', () => {
  const { library, folder, key } = temporaryLibrary();
  const [session, other] = [kept(library, { startedAt: START, status: 'live' }), kept(library, { startedAt: START })];
  const database = openDatabase(databaseFile(folder), key, { create: false });
  library.cases.create('case-1', null, {
    number: 'C-1',
    title: 't',
    authority: '',
    purpose: '',
    custodian: '',
    members: [],
    status: 'open',
    author: 'a',
    at: AT,
    reason: '',
  });
  const targets: readonly HoldTarget[] = [
    { kind: 'filter', filter: { status: 'live' } },
    { kind: 'case', case: 'case-1' },
    { kind: 'filter', filter: { tag: 'Key Evidence' } },
  ];
  const holds = targets.map((target) => library.retention.addHold(target, act).id);
  expect(library.retention.holds({ released: false, session: session.id }).map(({ id }) => id)).toEqual([holds[0]]);
  database.prepare("UPDATE session SET status = 'closed' WHERE key = ?").run(session.key);
  expect(isHeld(library, session)).toBe(true);
  library.retention.releaseHold(holds[0]!, act);
  expect(isHeld(library, session)).toBe(false);

  const [exhibit] = library.cases.addExhibits('case-1', [
    { id: 'e1', session: session.id, range: null, title: '', addedBy: 'a', addedAt: AT },
  ]);
  expect(isHeld(library, session)).toBe(true);
  library.cases.withdrawExhibit(exhibit!.id, act);
  expect(isHeld(library, session)).toBe(true);
  library.retention.releaseHold(holds[1]!, act);
  expect(isHeld(library, session)).toBe(false);

  const version = { title: 't', note: '', severity: 'info' as const, links: [] as string[], author: 'a', at: AT, reason: '' };
  const anchor = {
    kind: 'moment',
    fromUs: 0,
    toUs: 0,
    region: null,
    text: null,
    session: other.id,
    root: '',
    records: 1,
    fromEvent: -1,
    toEvent: -1,
    seq: null,
    screen: null,
  } as const;
  library.annotations.add({
    id: 'n1',
    case: null,
    anchor,
    from: null,
    versions: [{ ...version, tags: ['key evidence'], retracted: false }],
  });
  expect(isHeld(library, other)).toBe(true);
  library.annotations.addVersion('n1', { ...version, tags: ['key evidence'], retracted: true });
  expect(isHeld(library, other)).toBe(true);
  expect(isHeld(library, session)).toBe(false);
  library.retention.releaseHold(holds[2]!, act);
  expect(isHeld(library, other)).toBe(false);
  database.close();
});

test('a group is held with those that come later, of one source or of all', () => {
  const { library } = temporaryLibrary();
  const one = kept(library, { group: 'g', startedAt: START }, 'cloud');
  const all = library.retention.addHold({ kind: 'group', group: 'g', source: 'CLOUD' }, act);
  const later = kept(library, { group: 'g', startedAt: START }, 'cloud');
  const elsewhere = kept(library, { group: 'g', startedAt: START }, 'edge');
  expect([one, later, elsewhere].map((row) => isHeld(library, row))).toEqual([true, true, false]);
  library.retention.addHold({ kind: 'group', group: 'g', source: null }, act);
  expect(isHeld(library, elsewhere)).toBe(true);
  library.retention.releaseHold(all.id, act);
  expect([one, later, elsewhere].map((row) => isHeld(library, row))).toEqual([true, true, true]);
  expect(library.retention.holds({ released: true }).map(({ id, sessions }) => [id, sessions])).toEqual([
    ['H-0002', 3],
    ['H-0001', 2],
  ]);
});

test('every recording has a row in the history, without which it would never end', () => {
  const { library, folder, key } = temporaryLibrary();
  for (let i = 0; i < 5; i++) kept(library, { startedAt: START });
  const database = openDatabase(join(folder, 'library.db'), key, { create: false });
  expect(
    database
      .prepare('SELECT count(*) n FROM session WHERE key NOT IN (SELECT session FROM history WHERE session IS NOT NULL)')
      .get(),
  ).toEqual({ n: 0 });
  database.close();
});
