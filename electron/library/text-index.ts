// Which groups of lines may hold a text: lists by term (shared/query/terms.ts), in segments of many groups each. A segment is written once;
// small ones are joined, and one that has lost many groups is written anew, so that a question reads few rows however large the library.

import type { Narrow } from '../../shared/query/narrow.ts';
import { TERMS, termsOf } from '../../shared/query/terms.ts';
import type { Database } from './database.ts';
import {
  groupsIn,
  listsIn,
  listsWithout,
  mergedLists,
  packedRows,
  Postings,
  type PostingList,
  type PostingRow,
} from './text-postings.ts';

/** Pairs that are sorted in memory and written as a segment: 12 bytes each. */
const NOTED = 512 * 1024;

/** So many segments of like size are joined: each pair is written anew once for each eightfold growth, and few segments are left. */
const JOINED = 8;

/** Pairs of a segment that is not joined with others any more. */
const FULL = 16 * 1024 * 1024;

/** Share of its groups that a segment keeps at least; below, it is written anew. */
const KEPT = 0.75;

/** Lists that can be read in the time that it takes to open one group and look at its lines. */
const LISTS_A_GROUP = 8;

/** Rows that are read, written or dropped at once while segments are joined: others write in between. */
const ROWS = 256;

export interface TextIndex {
  /** Notes the terms of a new group. Groups are found by them from the `flush` on; before, they are candidates for everything. */
  add(group: number, terms: Uint32Array): void;
  /** Writes what was noted. */
  flush(): void;
  /** Forgets what was noted, after a failure. */
  reset(): void;
  /** Call it within a transaction, before the groups of a session are deleted, with what deletes them. */
  without(session: number, remove: () => void): void;
  /** Segments that have groups of a session. */
  segmentsOf(session: number): readonly number[];
  /** Groups of these segments, by default of all, that may have lines for which `narrow` holds; null: any group may. */
  candidates(narrow: Narrow, segments?: readonly number[]): ReadonlySet<number> | null;
  /** Takes what belongs to groups that are gone out of all lists, in many transactions. It may run beside {@link compact}. */
  scrub(): void;
  /**
   * Joins segments of like size and writes those anew that lost groups, as far as it is worth the work. In many transactions: cut short,
   * it leaves what it found. No two of it may run at the same time.
   */
  compact(): void;
}

interface Segment {
  readonly key: number;
  readonly pairs: number;
  readonly groups: number;
  /** Groups that still exist. */
  readonly kept: number;
}

/** A row of lists as it is stored. */
interface KeyedLists {
  readonly key: number;
  readonly lists: Uint8Array;
}

const keyOf = (segment: number, term: number): number => segment * TERMS + term;

const asRow = ({ key, lists }: KeyedLists): PostingRow => ({ term: key % TERMS, lists });

/** What is asked of each segment. */
type Question =
  { readonly kind: 'terms'; readonly terms: Uint32Array } | { readonly kind: 'all' | 'any'; readonly items: readonly Question[] };

/** The same terms, at first those that have no character in common: they narrow best. */
function apart(terms: Uint32Array): Uint32Array {
  const order = Array.from(terms, (_, i) => i).toSorted((a, b) => (a % 3) - (b % 3) || a - b);
  return Uint32Array.from(order, (i) => terms[i]!);
}

/** Null where terms say nothing: a literal too short to have any narrows no segment. */
function questionOf(narrow: Narrow): Question | null {
  if (narrow === null) return null;
  if (narrow.kind === 'literal') {
    const terms = termsOf(narrow.text);
    return terms.length === 0 ? null : { kind: 'terms', terms: apart(terms) };
  }
  const items = narrow.items.map(questionOf);
  const known = items.filter((item) => item !== null);
  const says = narrow.kind === 'all' ? known.length > 0 : known.length === items.length;
  return says ? { kind: narrow.kind, items: known } : null;
}

/** What both ascending lists have. */
function common(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(Math.min(a.length, b.length));
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i]! < b[j]!) i += 1;
    else if (a[i]! > b[j]!) j += 1;
    else {
      both[count++] = a[i]!;
      i += 1;
      j += 1;
    }
  }
  return both.subarray(0, count);
}

export function createTextIndex(database: Database): TextIndex {
  const sql = {
    segments: database.prepare<[], Segment>(
      `SELECT key, pairs, groups, (SELECT count(*) FROM text_group WHERE segment = text_segment.key) kept
       FROM text_segment WHERE groups > 0 ORDER BY pairs`,
    ),
    segmentKeys: database.prepare<[], number>('SELECT key FROM text_segment WHERE groups > 0').pluck(),
    segmentsOf: database
      .prepare<[number], number>('SELECT DISTINCT segment FROM text_group WHERE session = ? AND segment IS NOT NULL')
      .pluck(),
    groupsOf: database.prepare<[number], number>('SELECT key FROM text_group WHERE segment = ?').pluck(),
    begin: database.prepare<[]>('INSERT INTO text_segment (pairs, groups) VALUES (0, 0)'),
    end: database.prepare<[number, number, number]>('UPDATE text_segment SET pairs = ?, groups = ? WHERE key = ?'),
    note: database.prepare<[number, number]>('UPDATE text_group SET segment = ? WHERE key = ?'),
    move: database.prepare<[number, number]>('UPDATE text_group SET segment = ? WHERE segment = ?'),
    row: database.prepare<[number, Uint8Array]>('INSERT INTO text_posting (key, lists) VALUES (?, ?)'),
    rows: database.prepare<[number, number], KeyedLists>(
      `SELECT key, lists FROM text_posting WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ${String(ROWS)}`,
    ),
    rowOf: database.prepare<[number, number], KeyedLists>(
      'SELECT key, lists FROM text_posting WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1',
    ),
    unused: database.prepare<[], number>('SELECT key FROM text_segment WHERE groups = 0').pluck(),
    dropRows: database.prepare<[number, number, number]>(
      'DELETE FROM text_posting WHERE key IN (SELECT key FROM text_posting WHERE key BETWEEN ? AND ? LIMIT ?)',
    ),
    drop: database.prepare<[number]>('DELETE FROM text_segment WHERE key = ?'),
    rewriteRow: database.prepare<[Uint8Array, number]>('UPDATE text_posting SET lists = ? WHERE key = ?'),
    // One that was replaced meanwhile, or lost more groups, is left to the next time.
    scrubbed: database.prepare<[number, number, number]>('UPDATE text_segment SET groups = ? WHERE key = ? AND groups = ?'),
    empty: database
      .prepare<[], number>(
        'SELECT key FROM text_segment WHERE groups > 0 AND NOT EXISTS (SELECT 1 FROM text_group WHERE segment = text_segment.key)',
      )
      .pluck(),
    isEmpty: database.prepare<[number], number>('SELECT NOT EXISTS (SELECT 1 FROM text_group WHERE segment = ?)').pluck(),
    unwritten: database.prepare<[], number>('SELECT key FROM text_group WHERE segment IS NULL').pluck(),
  };

  let postings: Postings | null = null;
  let noted: number[] = [];

  const begin = (): number => Number(sql.begin.run().lastInsertRowid);

  const flush = (): void => {
    if (postings === null || noted.length === 0) return;
    const segment = begin();
    const pairs = postings.count;
    for (const { term, lists } of packedRows(postings.take())) sql.row.run(keyOf(segment, term), lists);
    for (const group of noted) sql.note.run(segment, group);
    sql.end.run(pairs, noted.length, segment);
    noted = [];
  };

  const dropRows = database.transaction(
    (segment: number) => sql.dropRows.run(keyOf(segment, 0), keyOf(segment, TERMS - 1), ROWS).changes,
  ).immediate;

  const drop = (segment: number): void => {
    while (dropRows(segment) > 0);
    sql.drop.run(segment);
  };

  const groupsWith = (segment: number, terms: Uint32Array): ReadonlySet<number> => {
    let found: Uint32Array | null = null;
    for (const [i, term] of terms.entries()) {
      // What more lists could spare costs less than reading them.
      if (found !== null && found.length * LISTS_A_GROUP < terms.length - i) break;
      const row = sql.rowOf.get(keyOf(segment, 0), keyOf(segment, term));
      if (row === undefined) return new Set();
      const groups = groupsIn(asRow(row), term);
      found = found === null ? groups : common(found, groups);
      if (found.length === 0) break;
    }
    return new Set(found);
  };

  const evaluate = (segment: number, question: Question): ReadonlySet<number> => {
    if (question.kind === 'terms') return groupsWith(segment, question.terms);
    const sets = question.items.map((item) => evaluate(segment, item));
    if (question.kind === 'any') return new Set(sets.flatMap((set) => [...set]));
    return new Set([...sets[0]!].filter((group) => sets.every((set) => set.has(group))));
  };

  function* listsOf(segment: number): Generator<PostingList> {
    for (let from = keyOf(segment, 0); ;) {
      const rows = sql.rows.all(from, keyOf(segment, TERMS - 1));
      for (const row of rows) yield* listsIn(asRow(row));
      if (rows.length < ROWS) return;
      from = rows.at(-1)!.key + 1;
    }
  }

  const putRows = database.transaction((segment: number, rows: readonly PostingRow[]) => {
    for (const { term, lists } of rows) sql.row.run(keyOf(segment, term), lists);
  }).immediate;

  /** The groups of all these are the new one's from now on; they themselves are nobody's. */
  const replace = database.transaction((segments: readonly Segment[], by: number, pairs: number, written: number) => {
    let groups = 0;
    for (const { key } of segments) {
      groups += sql.move.run(by, key).changes;
      sql.end.run(0, 0, key);
    }
    // Groups that went while it was written are in its lists: it counts them, so that they are found to be gone.
    sql.end.run(pairs, groups === 0 ? 0 : written, by);
  }).immediate;

  /** Writes segments as one, without the groups that are gone. */
  const rewrite = (segments: readonly Segment[]): void => {
    const live = new Set(segments.flatMap(({ key }) => sql.groupsOf.all(key)));
    const segment = begin();
    let pairs = 0;
    let rows: PostingRow[] = [];
    const counted = function* (): Iterable<PostingList> {
      for (const list of mergedLists(
        segments.map(({ key }) => listsOf(key)),
        live,
      )) {
        pairs += list.groups.length;
        yield list;
      }
    };
    for (const row of packedRows(counted())) {
      if (rows.push(row) < ROWS) continue;
      putRows(segment, rows);
      rows = [];
    }
    putRows(segment, rows);
    replace(segments, segment, pairs, live.size);
    for (const { key } of segments) drop(key);
  };

  /** The lists of some rows without the groups that are gone. A row keeps its key, and its place even where it has no list any more. */
  const scrubRows = database.transaction((segment: number, from: number): number | null => {
    const live = new Set(sql.groupsOf.all(segment));
    const rows = sql.rows.all(from, keyOf(segment, TERMS - 1));
    for (const row of rows) {
      const lists = listsWithout(asRow(row), live);
      if (lists !== null) sql.rewriteRow.run(lists, row.key);
    }
    return rows.length < ROWS ? null : rows.at(-1)!.key + 1;
  }).immediate;

  return {
    scrub: () => {
      for (const { key, groups, kept } of sql.segments.all()) {
        if (kept === groups) continue;
        for (let from: number | null = keyOf(key, 0); from !== null;) from = scrubRows(key, from);
        sql.scrubbed.run(kept, key, groups);
      }
      for (const segment of sql.empty.all()) drop(segment);
    },
    add: (group, terms) => {
      postings ??= new Postings(NOTED);
      if (!postings.hasRoom(terms.length)) flush();
      if (!postings.hasRoom(terms.length)) postings = new Postings(terms.length);
      postings.add(group, terms);
      noted.push(group);
    },
    flush,
    reset: () => {
      postings?.clear();
      noted = [];
    },
    without: (session, remove) => {
      const segments = sql.segmentsOf.all(session);
      remove();
      for (const segment of segments) if (sql.isEmpty.get(segment) === 1) drop(segment);
    },
    segmentsOf: (session) => sql.segmentsOf.all(session),
    candidates: (narrow, segments = sql.segmentKeys.all()) => {
      const question = questionOf(narrow);
      if (question === null) return null;
      const found = new Set(sql.unwritten.all());
      for (const segment of segments) for (const group of evaluate(segment, question)) found.add(group);
      return found;
    },
    compact: () => {
      for (const segment of sql.unused.all()) drop(segment);
      for (const segment of sql.segments.all()) if (segment.kept < segment.groups * KEPT) rewrite([segment]);
      for (;;) {
        const sizes = Map.groupBy(
          sql.segments.all().filter(({ pairs }) => pairs < FULL),
          ({ pairs }) => Math.floor(Math.log(pairs + 1) / Math.log(JOINED)),
        );
        const like = Array.from(sizes.values()).find(({ length }) => length >= JOINED);
        if (like === undefined) return;
        rewrite(like.slice(0, JOINED).toSorted((a, b) => a.key - b.key));
      }
    },
  };
}
