// Which groups of lines may hold a text: lists by term (shared/query/terms.ts), in segments of many groups each. A segment is written once;
// small ones are joined, and one that has lost many groups is written anew, so that a question reads few rows however large the library.

import type { Narrow } from '../../shared/query/narrow.ts';
import { termsOf } from '../../shared/query/terms.ts';
import type { Database } from './database.ts';
import { listsIn, Postings, type PostingRow } from './text-postings.ts';

/** Pairs of a full segment: its lists are sorted in memory, 8 bytes a pair and again as much while it is written. */
const FULL = 2_000_000;

/** Segments that are not half full; with more of them, they are joined. */
const SMALL_SEGMENTS = 32;

/** Share of its groups that a segment keeps at least; below, it is written anew. */
const KEPT = 0.75;

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
  /** Joins small segments and writes those anew that lost groups, as far as it is worth the work. */
  compact(): void;
}

interface Segment {
  readonly key: number;
  readonly pairs: number;
  readonly groups: number;
  /** Groups that still exist. */
  readonly kept: number;
}

/** What is asked of each segment. */
type Question =
  { readonly kind: 'terms'; readonly terms: Uint32Array } | { readonly kind: 'all' | 'any'; readonly items: readonly Question[] };

/** Null where terms say nothing: a literal too short to have any narrows no segment. */
function questionOf(narrow: Narrow): Question | null {
  if (narrow === null) return null;
  if (narrow.kind === 'literal') {
    const terms = termsOf(narrow.text);
    return terms.length === 0 ? null : { kind: 'terms', terms };
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
      `SELECT key, pairs, groups, (SELECT count(*) FROM text_group WHERE segment = text_segment.key) kept FROM text_segment ORDER BY pairs`,
    ),
    segmentKeys: database.prepare<[], number>('SELECT key FROM text_segment').pluck(),
    segmentsOf: database
      .prepare<[number], number>('SELECT DISTINCT segment FROM text_group WHERE session = ? AND segment IS NOT NULL')
      .pluck(),
    groupsOf: database.prepare<[number], number>('SELECT key FROM text_group WHERE segment = ?').pluck(),
    put: database.prepare<[number, number]>('INSERT INTO text_segment (pairs, groups) VALUES (?, ?)'),
    join: database.prepare<[number, number]>('UPDATE text_group SET segment = ? WHERE key = ?'),
    row: database.prepare<[number, number, Uint8Array]>('INSERT INTO text_posting (segment, term, lists) VALUES (?, ?, ?)'),
    rows: database.prepare<[number], PostingRow>('SELECT term, lists FROM text_posting WHERE segment = ? ORDER BY term'),
    rowOf: database.prepare<[number, number], PostingRow>(
      'SELECT term, lists FROM text_posting WHERE segment = ? AND term <= ? ORDER BY term DESC LIMIT 1',
    ),
    dropRows: database.prepare<[number]>('DELETE FROM text_posting WHERE segment = ?'),
    drop: database.prepare<[number]>('DELETE FROM text_segment WHERE key = ?'),
    isEmpty: database.prepare<[number], number>('SELECT NOT EXISTS (SELECT 1 FROM text_group WHERE segment = ?)').pluck(),
    unwritten: database.prepare<[], number>('SELECT key FROM text_group WHERE segment IS NULL').pluck(),
  };

  let postings: Postings | null = null;
  let noted: number[] = [];

  const write = (from: Postings, groups: readonly number[]): void => {
    if (groups.length === 0) return;
    const segment = Number(sql.put.run(from.count, groups.length).lastInsertRowid);
    for (const { term, lists } of from.take()) sql.row.run(segment, term, lists);
    for (const group of groups) sql.join.run(segment, group);
  };

  const dropSegment = (segment: number): void => {
    sql.dropRows.run(segment);
    sql.drop.run(segment);
  };

  const flush = (): void => {
    if (postings === null) return;
    write(postings, noted);
    noted = [];
  };

  const groupsWith = (segment: number, terms: Uint32Array): ReadonlySet<number> => {
    let found: Uint32Array | null = null;
    for (const term of terms) {
      const row = sql.rowOf.get(segment, term);
      const groups = (row === undefined ? [] : listsIn(row, term))[0]?.groups ?? new Uint32Array(0);
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

  /** Writes segments as one, without the groups that are gone. */
  const rewrite = (segments: readonly Segment[]): void => {
    const all = new Postings(segments.reduce((sum, { pairs }) => sum + pairs, 0));
    const groups = segments.flatMap(({ key }) => sql.groupsOf.all(key));
    const live = new Set(groups);
    for (const { key } of segments) {
      for (const row of sql.rows.iterate(key)) {
        for (const list of listsIn(row)) for (const group of list.groups) if (live.has(group)) all.add(list.term, group);
      }
    }
    write(all, groups);
    for (const { key } of segments) dropSegment(key);
  };

  return {
    add: (group, terms) => {
      postings ??= new Postings(FULL);
      if (!postings.hasRoom(terms.length)) flush();
      postings.addGroup(group, terms);
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
      for (const segment of segments) if (sql.isEmpty.get(segment) === 1) dropSegment(segment);
    },
    segmentsOf: (session) => sql.segmentsOf.all(session),
    candidates: (narrow, segments = sql.segmentKeys.all()) => {
      const question = questionOf(narrow);
      if (question === null) return null;
      const found = new Set(sql.unwritten.all());
      for (const segment of segments) for (const group of evaluate(segment, question)) found.add(group);
      return found;
    },
    compact: database.transaction(() => {
      for (const segment of sql.segments.all()) if (segment.kept < segment.groups * KEPT) rewrite([segment]);
      const small = sql.segments.all().filter(({ pairs }) => pairs < FULL / 2);
      if (small.length <= SMALL_SEGMENTS) return;
      for (let from = 0; from < small.length;) {
        let to = from;
        for (let pairs = 0; to < small.length && (pairs += small[to]!.pairs) <= FULL;) to += 1;
        if (to - from > 1) rewrite(small.slice(from, to));
        from = to;
      }
    }).immediate,
  };
}
