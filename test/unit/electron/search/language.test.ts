// Whole queries (fields, groups, OR, negation, near, times) against the obvious way to put single words together.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../../../../shared/api/contract.ts';
import type { SearchHit } from '../../../../shared/api/search-shapes.ts';
import type { Session } from '../../../../shared/api/shapes.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { createRandom, type Random } from '../../../support/random.ts';
import { cast } from '../../../support/recordings.ts';
import { KEPT_RECORDINGS } from '../../../support/recording-files.ts';

const SEED = Number(process.env['SEARCH_ORACLE_SEED'] ?? 261_121);
const QUERIES = Number(process.env['SEARCH_ORACLE_QUERIES'] ?? 300);

const WORDS = ['alpha', 'beta', 'gamma', 'al', 'm', 'pha be', '表', 'zeta'];
const KINDS = ['visible', 'printed', 'typed', 'command'] as const;
const DAY = 86_400_000_000;
const EPOCH = Date.UTC(2026, 10, 1) * 1000;

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
let core: TestCore;
let sessions: readonly Session[] = [];

/** A session of a few minutes in which words come and go. */
function randomCast(random: Random, day: number): string {
  const events: (readonly [number, string, string])[] = [[0.1, 'o', 'user@host:~$ ']];
  let at = 0.5;
  for (let i = 0; i < 12; i++) {
    at += random.next() * 60;
    const word = random.pick(['alpha', 'beta', 'gamma', 'Alpha Beta', '表 beta', 'delta']);
    events.push([at, 'i', `${word}\r`], [at + 0.1, 'o', `${word}\r\n`], [at + 0.5, 'o', `said ${random.pick(WORDS)}\r\n`]);
    if (random.next() < 0.3) events.push([at + 0.6, 'o', '\u001b[H\u001b[J']);
    events.push([at + 0.7, 'o', 'user@host:~$ ']);
  }
  return cast(events, { width: 40, height: 8, timestamp: (EPOCH + day * DAY) / 1e6 + 3600 });
}

beforeAll(async () => {
  core = await openTestCore(join(folder, 'library'));
  const random = createRandom(4711);
  for (let i = 0; i < 12; i++) {
    const path = join(folder, `${String(i)}.cast`);
    writeFileSync(path, randomCast(random, i));
    await core.import([path], i % 3 === 0 ? 'east wing' : 'west');
  }
  await core.import([join(KEPT_RECORDINGS, 'sudo-iolog')], 'sudo');
  const ended = join(folder, 'ended.cast');
  const header = { version: 3, term: { cols: 40, rows: 8 }, timestamp: EPOCH / 1e6 };
  writeFileSync(ended, [header, [1, 'o', 'alpha beta\r\n'], [1, 'x', '0']].map((line) => `${JSON.stringify(line)}\n`).join(''));
  await core.import([ended], 'west');
  sessions = (await core.api.call('sessions.list', { filter: {} })).sessions;
}, 120_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

/** All hits, page by page. */
async function search(query: string): Promise<Output<'search.run'>> {
  const hits: SearchHit[] = [];
  for (;;) {
    const answer = await core.api.call('search.run', { query, offset: hits.length, limit: 1000 });
    hits.push(...answer.hits);
    if (hits.length >= answer.total) return { ...answer, hits };
  }
}

type Hits = ReadonlyMap<string, SearchHit>;
const keyOf = ({ in: kind, fromUs, toUs, index, row, col, text, matchStart, matchLength }: SearchHit): string =>
  [kind, fromUs, toUs, index, row, col, text, matchStart, matchLength].join('\t');

/** The hits of a part of a query in one session, or null when the session does not match it. */
type Part = (session: Session) => Promise<Hits | null>;

interface Asked {
  readonly text: string;
  readonly part: Part;
  readonly hasHits: boolean;
}

interface Scope {
  readonly kinds: string;
  readonly spans: readonly (readonly [number, number])[];
}

const singles = new Map<string, readonly SearchHit[]>();

function word(random: Random, { kinds, spans }: Scope): Asked {
  const text = `"${random.pick(WORDS)}"`;
  const query = `${text} in:${kinds}`;
  const part: Part = async (session) => {
    if (!singles.has(query)) singles.set(query, (await search(query)).hits);
    const started = session.startedAt === null ? null : Date.parse(session.startedAt) * 1000;
    const within = (fromUs: number, toUs: number): boolean =>
      spans.every(
        ([from, to]) => started !== null && started + fromUs < to && (started + fromUs >= from || started + toUs > from),
      );
    const hits = singles.get(query)!.filter((hit) => hit.sessionId === session.id && within(hit.fromUs, hit.toUs));
    return hits.length === 0 ? null : new Map(hits.map((hit) => [keyOf(hit), hit]));
  };
  return { text, part, hasHits: true };
}

const NONE: Hits = new Map();

function field(random: Random): Asked {
  const [text, test] = random.pick<readonly [string, (session: Session) => boolean]>([
    ['source:WEST', ({ source }) => source === 'west'],
    ['source:"east wing"|sudo', ({ source }) => source !== 'west'],
    ['source:*es*', ({ source }) => source === 'west'],
    ['user:nobody', () => false],
    ['exit:0', ({ exitStatus }) => exitStatus === 0],
  ]);
  return { text, hasHits: false, part: (session) => Promise.resolve(test(session) ? NONE : null) };
}

const union = (all: readonly Hits[]): Hits => new Map(all.flatMap((hits) => [...hits]));

/** Hits that a window of this length meets together with a hit of every other list. */
function nearby(parts: readonly Hits[], length: number): Hits | null {
  // What holds without a hit of its own has nothing to be near to.
  const lists = parts.filter(({ size }) => size > 0);
  const begins = lists.flatMap((hits) => [...hits.values()].map(({ fromUs }) => fromUs - length));
  const meets = ({ fromUs, toUs }: SearchHit, begin: number): boolean => fromUs - length <= begin && begin <= toUs;
  const good = begins.filter((begin) => lists.every((hits) => [...hits.values()].some((hit) => meets(hit, begin))));
  const kept = [...union(lists)].filter(([, hit]) => good.some((begin) => meets(hit, begin)));
  return good.length === 0 ? null : new Map(kept);
}

function all(random: Random, scope: Scope, depth: number): Asked {
  const modifiers: string[] = [];
  let inner = scope;
  if (random.next() < 0.4) {
    const kinds = KINDS.filter(() => random.next() < 0.5);
    if (kinds.length > 0) {
      inner = { ...inner, kinds: kinds.join('|') };
      modifiers.push(`in:${inner.kinds}`);
    }
  }
  if (random.next() < 0.3) {
    const day = random.below(12);
    const date = (n: number): string => new Date((EPOCH + n * DAY) / 1000).toISOString().slice(0, 10);
    const [text, span] = random.pick([
      [`before:${date(day)}`, [-Infinity, EPOCH + day * DAY]],
      [`after:${date(day)}T01:03`, [EPOCH + day * DAY + DAY / 24 + 180_000_000, Infinity]],
      [`during:${date(day)}/${date(day + 3)}`, [EPOCH + day * DAY, EPOCH + (day + 4) * DAY]],
    ] as const);
    inner = { ...inner, spans: [...inner.spans, span] };
    modifiers.push(text);
  }
  const items = [word(random, inner), ...Array.from({ length: 1 + random.below(2) }, () => asked(random, inner, depth - 1))];
  const near = items.filter(({ hasHits }) => hasHits).length > 1 && random.next() < 0.4 ? random.pick([0, 2, 30, 300]) : null;
  if (near !== null) modifiers.push(`near:${String(near)}s`);
  const part: Part = async (session) => {
    const parts: Hits[] = [];
    for (const item of items) {
      const hits = await item.part(session);
      if (hits === null) return null;
      if (item.hasHits) parts.push(hits);
    }
    return near === null ? union(parts) : nearby(parts, near * 1_000_000);
  };
  return { text: `(${[...items.map(({ text }) => text), ...modifiers].join(' ')})`, part, hasHits: true };
}

/** A part of a query at random, with what it means. */
function asked(random: Random, scope: Scope, depth: number): Asked {
  const choice = random.next();
  if (depth === 0 || choice < 0.3) return random.next() < 0.25 ? field(random) : word(random, scope);
  if (choice < 0.45) {
    const item = asked(random, scope, depth - 1);
    return {
      text: `-(${item.text})`,
      hasHits: false,
      part: async (session) => ((await item.part(session)) === null ? NONE : null),
    };
  }
  if (choice < 0.7) {
    const items = [asked(random, scope, depth - 1), asked(random, scope, depth - 1)];
    const part: Part = async (session) => {
      const parts: Hits[] = [];
      for (const item of items) {
        const hits = await item.part(session);
        if (hits !== null) parts.push(hits);
      }
      return parts.length === 0 ? null : union(parts);
    };
    return { text: `(${items.map(({ text }) => text).join(' OR ')})`, part, hasHits: items.some(({ hasHits }) => hasHits) };
  }
  return all(random, scope, depth);
}

describe(`a whole query (seed ${String(SEED)})`, () => {
  it('has the hits of the words that count in the sessions that match, and no others', { timeout: 3_600_000 }, async () => {
    const random = createRandom(SEED);
    let found = 0;
    for (let i = 0; i < QUERIES; i++) {
      const { text, part } = all(random, { kinds: 'visible|printed', spans: [] }, 3);
      const { hits, total } = await search(text);
      const expected: string[] = [];
      for (const session of sessions) {
        for (const key of (await part(session))?.keys() ?? []) expected.push(`${session.id}\t${key}`);
      }
      if (total > 0) found += 1;
      const got = hits.map((hit) => `${hit.sessionId}\t${keyOf(hit)}`);
      expect([text, total]).toEqual([text, expected.length]);
      expect([text, got.toSorted()]).toEqual([text, expected.toSorted()]);
    }
    console.log(`search language: seed ${String(SEED)}, ${String(QUERIES)} queries, ${String(found)} with hits`);
  });
});

describe('an answer', () => {
  it('comes by session, newest or oldest first, or those with most hits, and by time within each', async () => {
    const order = async (sort: 'newest' | 'oldest' | 'relevance'): Promise<readonly SearchHit[]> =>
      (await core.api.call('search.run', { query: 'alpha', sort, limit: 1000 })).hits;
    const started = new Map(sessions.map(({ id, startedAt }) => [id, startedAt ?? '']));
    const heads = (hits: readonly SearchHit[]): readonly string[] => [...new Set(hits.map(({ sessionId }) => sessionId))];
    const newest = heads(await order('newest'));
    expect(newest.map((id) => started.get(id)!)).toEqual(
      newest
        .map((id) => started.get(id)!)
        .toSorted()
        .toReversed(),
    );
    expect(heads(await order('oldest'))).toEqual(newest.toReversed());
    const hits = await order('relevance');
    const counts = heads(hits).map((id) => hits.filter(({ sessionId }) => sessionId === id).length);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    for (const [, one] of Map.groupBy(hits, ({ sessionId }) => sessionId)) {
      expect(one.map(({ fromUs }) => fromUs)).toEqual(one.map(({ fromUs }) => fromUs).toSorted((a, b) => a - b));
    }
  });

  it('tells how hits lie over sessions, values and time, and all of it adds up', async () => {
    const { total, complete, sessionCount, sessions: counts, facets, histogram } = await search('al OR m');
    expect(complete).toBe(true);
    expect(sessionCount).toBe(counts.length);
    expect(counts.reduce((sum, { hits }) => sum + hits, 0)).toBe(total);
    expect(histogram!.counts.reduce((sum, n) => sum + n, 0) + histogram!.undated).toBe(total);
    expect(histogram!.counts.length).toBeLessThanOrEqual(257);
    const source = facets.find(({ name }) => name === 'source')!;
    expect(source.values.map(({ value }) => value).toSorted()).toEqual(['east wing', 'sudo', 'west']);
    expect(source.values.reduce((sum, { hits }) => sum + hits, 0)).toBe(total);
  });

  it('ends with the page when nothing is to be counted, and says that it did', async () => {
    const first = await core.api.call('search.run', { query: 'al', limit: 3, counts: false });
    expect({ hits: first.hits.length, complete: first.complete }).toEqual({ hits: 3, complete: false });
    const last = await core.api.call('search.run', { query: '"said gamma"', limit: 1000, counts: false });
    expect(last).toMatchObject({ complete: true, total: last.hits.length });
  });

  it('refuses what the library has nothing of, at its place, and never with an empty answer', async () => {
    for (const [query, why] of [
      ['alpha tag:x', 'no session in this library has a tag (at "tag:x")'],
      ['alpha case:x', 'this library has no cases (at "case:x")'],
      ['alpha env:production', 'no session in this library has an environment (at "env:production")'],
      ['alpha group:g1', 'no session in this library has a group (at "group:g1")'],
      ['alpha -origin:e*', 'no session in this library has an origin (at "origin:e*")'],
      ['alpha status:*', 'no session in this library has a status (at "status:*")'],
      ['in:note alpha', 'this library has no annotations (at "note")'],
      ['in:history alpha', 'no source told of a session that is recorded here (at "history")'],
      ['alpha (beta', 'this group is not closed (at "(")'],
    ] as const) {
      await expect(search(query)).rejects.toMatchObject({ kind: 'usage', why });
      const { faults } = await core.api.call('search.assist', { query, cursor: 0 });
      expect(why).toContain(`(at "${query.slice(faults[0]!.start, faults[0]!.end)}")`);
    }
  });

  it('refuses kinds of text of which the library has nothing, where nothing else is looked through', async () => {
    const why = 'no source told of a session that is recorded here';
    for (const regex of [false, true])
      await expect(core.api.call('search.run', { query: 'alpha', regex, in: ['history'] })).rejects.toMatchObject({
        kind: 'usage',
        why,
      });
    expect((await core.api.call('search.run', { query: 'alpha', in: ['history', 'visible'] })).total).toBeGreaterThan(0);
  });

  it('is entered in the custody log: the query, its scope and how many hits it had', async () => {
    const { total } = await core.api.call('search.run', { query: 'custody OR alpha', filter: { source: 'west' } });
    const { entries } = await core.api.call('custody.list', { action: 'search', limit: 1 });
    expect(JSON.parse(entries[0]!.details)).toMatchObject({
      query: 'custody OR alpha',
      in: ['visible', 'printed'],
      filter: '{"source":"west"}',
      hits: total,
      complete: true,
    });
  });
});

describe('help with a query', () => {
  it('offers the values that the library knows', async () => {
    const { completion } = await core.api.call('search.assist', { query: 'alpha source:e', cursor: 14 });
    expect(completion.choices.map(({ insert }) => insert)).toEqual(['"east wing"', 'west']);
  });
});
