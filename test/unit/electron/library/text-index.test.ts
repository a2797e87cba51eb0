// The text index: groups of lines by what they hold, whatever segments they are in.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../../../electron/library/database.ts';
import { migrate } from '../../../../electron/library/migrations.ts';
import { createTextIndex, type TextIndex } from '../../../../electron/library/text-index.ts';
import { Postings, groupsIn, listsIn, mergedLists, packedRows } from '../../../../electron/library/text-postings.ts';
import { fold } from '../../../../shared/query/fold.ts';
import { allOf, anyOf, literal, type Narrow } from '../../../../shared/query/narrow.ts';
import { TERMS, TermSet } from '../../../../shared/query/terms.ts';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

interface Bench {
  readonly database: Database;
  readonly index: TextIndex;
  /** Puts a group of a session and returns its key. */
  put(session: number, ...texts: readonly string[]): number;
  found(narrow: Narrow): number[] | null;
}

function bench(): Bench {
  const database = openDatabase(join(temporaryFolder(), 'library.db'), Buffer.alloc(32, 1), { create: true });
  onTestFinished(() => void database.close());
  migrate(database);
  database.pragma('foreign_keys=OFF');
  const index = createTextIndex(database);
  const insert = database.prepare('INSERT INTO text_group (session, fields) VALUES (?, 1)');
  return {
    database,
    index,
    put: (session, ...texts) => {
      const set = new TermSet();
      for (const text of texts) set.add(text);
      const key = Number(insert.run(session).lastInsertRowid);
      index.add(key, set.terms);
      return key;
    },
    found: (narrow) => {
      const groups = index.candidates(narrow);
      return groups === null ? null : [...groups].toSorted((a, b) => a - b);
    },
  };
}

const count = (database: Database, table: string): unknown => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

const term = fc.nat(TERMS - 1);

describe('lists of groups', () => {
  test('come back as they were put, in rows of neighbouring terms', () => {
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(term, { maxLength: 200 }), { maxLength: 20 }), (groups) => {
        const postings = new Postings(groups.flat().length);
        const wanted = new Map<number, number[]>();
        for (const [group, terms] of groups.entries()) {
          postings.add(group, Uint32Array.from(terms));
          for (const one of terms) wanted.set(one, [...(wanted.get(one) ?? []), group]);
        }
        const rows = [...packedRows(postings.take())];
        expect(postings.count).toBe(0);
        const lists = rows.flatMap((row) => [...listsIn(row)]);
        expect(lists.map((list) => list.term)).toEqual([...wanted.keys()].toSorted((a, b) => a - b));
        for (const list of lists) expect([...list.groups]).toEqual(wanted.get(list.term));
        for (const [one, of] of wanted) {
          const row = rows.findLast((candidate) => candidate.term <= one)!;
          expect([...groupsIn(row, one)]).toEqual(of);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('of several segments are joined, without the groups that are gone', () => {
    const segment = fc.dictionary(fc.nat(40).map(String), fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 8 }));
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), fc.nat(1000), (segments, gone) => {
        const wanted = new Map<number, Set<number>>();
        const sources = segments.map((lists) =>
          Object.entries(lists)
            .map(([key, groups]) => ({ term: Number(key), groups: Uint32Array.from(groups).sort() }))
            .toSorted((a, b) => a.term - b.term),
        );
        // A group is in one segment only.
        const numbered = sources.map((lists, i) =>
          lists.map(({ term: of, groups }) => ({ term: of, groups: groups.map((group) => group * 8 + i) })),
        );
        const live = new Set<number>();
        for (const { term: of, groups } of numbered.flat()) {
          for (const group of groups) {
            if (group > gone * 8) continue;
            live.add(group);
            wanted.set(of, (wanted.get(of) ?? new Set()).add(group));
          }
        }
        const joined = [
          ...mergedLists(
            numbered.map((lists) => lists.values()),
            live,
          ),
        ];
        expect(joined.map((list) => [list.term, [...list.groups]])).toEqual(
          [...wanted].toSorted(([a], [b]) => a - b).map(([of, groups]) => [of, [...groups].toSorted((a, b) => a - b)]),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('a text', () => {
  test('is looked for in all groups that are not yet in a segment, and then in those that may hold it', () => {
    const { index, put, found } = bench();
    const [a, b] = [put(1, 'the needle in the hay'), put(1, 'only hay')];
    expect(found(literal('needle'))).toEqual([a, b]);
    index.flush();
    expect(found(literal('needle'))).toEqual([a]);
    expect(found(literal('hay'))).toEqual([a, b]);
    expect(found(literal('straw'))).toEqual([]);
  });

  test('too short to narrow is looked for everywhere', () => {
    const { index, put, found } = bench();
    put(1, 'ab');
    index.flush();
    expect(found(literal('ab'))).toBeNull();
    expect(found(null)).toBeNull();
    expect(found(anyOf([literal('abc'), literal('ab')]))).toBeNull();
    expect(found(allOf([literal('abc'), literal('ab')]))).toEqual([]);
  });

  test('is found by all and by any of several literals, never missed', () => {
    const words = fc.constantFrom('alpha', 'Beta', 'gamma', 'Überfall', '漢字', 'δέλτα', '日本語');
    const group = fc.array(words, { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 20 }), words, words, fc.nat(20), (groups, one, other, flushAt) => {
        const { index, put, found } = bench();
        const keys = groups.map((texts, i) => {
          if (i === flushAt) index.flush();
          return put(i % 3, ...texts);
        });
        index.flush();
        const having = (test: (text: string) => boolean): number[] => keys.filter((_, i) => test(fold(groups[i]!.join('\n'))));
        const [x, y] = [fold(one), fold(other)];
        expect(found(literal(x))).toEqual(having((text) => text.includes(x)));
        expect(found(allOf([literal(x), literal(y)]))).toEqual(having((text) => text.includes(x) && text.includes(y)));
        expect(found(anyOf([literal(x), literal(y)]))).toEqual(having((text) => text.includes(x) || text.includes(y)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('segments', () => {
  test('go with the last of their groups', () => {
    const { database, index, put, found } = bench();
    put(1, 'needle one');
    const kept = put(2, 'needle two');
    index.flush();
    const remove = (session: number): void =>
      index.without(session, () => database.prepare('DELETE FROM text_group WHERE session = ?').run(session));
    remove(1);
    expect(found(literal('needle two'))).toEqual([kept]);
    expect(count(database, 'text_posting')).not.toBe(0);
    remove(2);
    expect(count(database, 'text_segment')).toBe(0);
    expect(count(database, 'text_posting')).toBe(0);
  });

  /** Forty groups, a segment each. */
  function small({ index, put }: Bench): number[] {
    return Array.from({ length: 40 }, (_, i) => {
      const key = put(i, `needle ${String(i)} here`, i % 2 === 0 ? 'even' : 'odd number');
      index.flush();
      return key;
    });
  }

  test('are joined when there are many small ones, and lose what is gone', () => {
    const made = bench();
    const { database, index, found } = made;
    const keys = small(made);
    database.prepare('DELETE FROM text_group WHERE key = ?').run(keys[7]!);
    index.compact();
    expect(count(database, 'text_segment')).toBeLessThan(16);
    expect(found(literal('needle'))).toEqual(keys.filter((key) => key !== keys[7]));
    expect(found(literal('odd number'))).toEqual(keys.filter((key, i) => i % 2 === 1 && key !== keys[7]));
    expect(found(literal('dle 12'))).toEqual([keys[12]]);
  });

  test('answer as before when joining them was cut short, and are joined the next time', () => {
    const made = bench();
    const { database, index, found } = made;
    const keys = small(made);
    const segments = count(database, 'text_segment');
    database.exec(`CREATE TRIGGER cut BEFORE UPDATE OF segment ON text_group BEGIN SELECT raise(ABORT, 'cut'); END`);
    expect(() => index.compact()).toThrow('cut');
    expect(count(database, 'text_segment')).toBe((segments as number) + 1);
    expect(found(literal('needle'))).toEqual(keys);
    expect(found(literal('dle 12'))).toEqual([keys[12]]);
    database.exec('DROP TRIGGER cut');
    index.compact();
    expect(count(database, 'text_segment')).toBeLessThan(16);
    expect(
      database
        .prepare(`SELECT count(*) FROM text_posting WHERE key / ${String(TERMS)} NOT IN (SELECT key FROM text_segment)`)
        .pluck()
        .get(),
    ).toBe(0);
    expect(found(literal('needle'))).toEqual(keys);
    expect(found(literal('dle 12'))).toEqual([keys[12]]);
  });

  test('are written anew when many of their groups are gone, so that nothing of these stays in them', () => {
    const { database, index, put } = bench();
    const keys = Array.from({ length: 8 }, (_, i) => put(i, `needle ${String(i)}`));
    index.flush();
    database.prepare('DELETE FROM text_group WHERE key IN (?, ?, ?)').run(keys[0], keys[1], keys[2]);
    index.compact();
    const groups = database
      .prepare<[number], { term: number; lists: Buffer }>('SELECT key % ? term, lists FROM text_posting')
      .all(TERMS)
      .flatMap((row) => [...listsIn(row)].flatMap((list) => [...list.groups]));
    expect([...new Set(groups)].toSorted((a, b) => a - b)).toEqual(keys.slice(3));
  });
});
