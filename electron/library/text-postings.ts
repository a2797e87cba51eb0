// Lists of text groups by term, packed. Pairs of a term and a group come in any order; they leave as rows of neighbouring terms, each
// small enough to be read for one of them.
//
//   row:  for each term that has a list, ascending: varint steps since the term before (the row's first at 0), varint groups,
//         varint bytes, then for each group varint steps since the group before

import { ByteReader, ByteWriter } from '../../shared/recording/bytes.ts';
import { TERMS } from '../../shared/query/terms.ts';

/** A row ends with the list that makes it this long. */
const ROW_BYTES = 1024;

export interface PostingRow {
  /** Its first term. */
  readonly term: number;
  readonly lists: Uint8Array;
}

/** A term, and the groups that have it, ascending. */
export interface PostingList {
  readonly term: number;
  readonly groups: Uint32Array;
}

/** Writes a list in place of what `packed` had. */
function packGroups(packed: ByteWriter, groups: Uint32Array): void {
  packed.clear();
  let before = 0;
  for (const group of groups) {
    packed.varint(group - before);
    before = group;
  }
}

/** Lists of ascending terms, as rows. */
export function* packedRows(lists: Iterable<PostingList>): Iterable<PostingRow> {
  const row = new ByteWriter();
  const packed = new ByteWriter();
  let first = 0;
  let last = 0;
  for (const { term, groups } of lists) {
    packGroups(packed, groups);
    if (row.length === 0) first = last = term;
    row.varint(term - last);
    row.varint(groups.length);
    row.varint(packed.length);
    row.bytes(packed.view());
    last = term;
    if (row.length < ROW_BYTES) continue;
    yield { term: first, lists: row.take() };
    row.clear();
  }
  if (row.length > 0) yield { term: first, lists: row.take() };
}

/** Pairs of a term and a group that wait for being written, at most `room` of them; groups come in ascending order. */
export class Postings {
  readonly #terms: Uint32Array;
  readonly #groups: Uint32Array;
  /** Of {@link take}: kept, since they are large. */
  readonly #sorted: Uint32Array;
  readonly #bounds = new Uint32Array(TERMS);
  #count = 0;

  constructor(room: number) {
    this.#terms = new Uint32Array(room);
    this.#groups = new Uint32Array(room);
    this.#sorted = new Uint32Array(room);
  }

  get count(): number {
    return this.#count;
  }

  hasRoom(more: number): boolean {
    return this.#count + more <= this.#terms.length;
  }

  clear(): void {
    this.#count = 0;
  }

  /** All terms of a group. */
  add(group: number, terms: Uint32Array): void {
    this.#terms.set(terms, this.#count);
    this.#groups.fill(group, this.#count, this.#count + terms.length);
    this.#count += terms.length;
  }

  /** All pairs as lists, in ascending order of terms, each good until the next one; none is left afterwards. */
  *take(): Iterable<PostingList> {
    const count = this.#count;
    const sorted = this.#sorted;
    /** Where the groups of each term end in `sorted`, and, once they are there, where they begin. */
    const bounds = this.#bounds.fill(0);
    for (let i = 0; i < count; i++) bounds[this.#terms[i]!]! += 1;
    for (let term = 1; term < TERMS; term++) bounds[term]! += bounds[term - 1]!;
    for (let i = count - 1; i >= 0; i--) sorted[(bounds[this.#terms[i]!]! -= 1)] = this.#groups[i]!;
    this.#count = 0;
    for (let term = 0; term < TERMS; term++) {
      const from = bounds[term]!;
      const to = bounds[term + 1] ?? count;
      if (from < to) yield { term, groups: sorted.subarray(from, to) };
    }
  }
}

function unpackGroups(count: number, reader: ByteReader): Uint32Array {
  const groups = new Uint32Array(count);
  let group = 0;
  for (let i = 0; i < count; i++) groups[i] = group += reader.varint();
  return groups;
}

/** Every list of a row. */
export function* listsIn({ term: first, lists }: PostingRow): Iterable<PostingList> {
  const reader = new ByteReader(lists);
  for (let term = first; !reader.done;) {
    term += reader.varint();
    const count = reader.varint();
    reader.varint();
    yield { term, groups: unpackGroups(count, reader) };
  }
}

/** The lists of a row without the groups that are not `live`; null where all are. */
export function listsWithout(row: PostingRow, live: ReadonlySet<number>): Uint8Array | null {
  const lists = [...listsIn(row)];
  if (lists.every(({ groups }) => groups.every((group) => live.has(group)))) return null;
  const kept = lists
    .map(({ term, groups }) => ({ term, groups: groups.filter((group) => live.has(group)) }))
    .filter(({ groups }) => groups.length > 0);
  const packed = new ByteWriter();
  const out = new ByteWriter();
  let last = row.term;
  for (const { term, groups } of kept) {
    packGroups(packed, groups);
    out.varint(term - last);
    out.varint(groups.length);
    out.varint(packed.length);
    out.bytes(packed.view());
    last = term;
  }
  return out.take();
}

/** The groups of a term, from the row that they would be in. */
export function groupsIn({ term: first, lists }: PostingRow, wanted: number): Uint32Array {
  const reader = new ByteReader(lists);
  for (let term = first; !reader.done;) {
    term += reader.varint();
    const count = reader.varint();
    const length = reader.varint();
    if (term === wanted) return unpackGroups(count, reader);
    if (term > wanted) break;
    reader.skip(length);
  }
  return new Uint32Array(0);
}

/**
 * The lists of several segments as those of one, without the groups that are not `live`. What each source gives comes in ascending order
 * of terms; the sources themselves in ascending order of their groups, or in any other, at the price of sorting.
 */
export function* mergedLists(sources: readonly Iterator<PostingList>[], live: ReadonlySet<number>): Iterable<PostingList> {
  const heads = sources.map((source) => source.next());
  for (;;) {
    let term = TERMS;
    for (const { done, value } of heads) if (done !== true && value.term < term) ({ term } = value);
    if (term === TERMS) return;
    const groups: number[] = [];
    for (const [i, { done, value }] of heads.entries()) {
      if (done === true || value.term !== term) continue;
      for (const group of value.groups) if (live.has(group)) groups.push(group);
      heads[i] = sources[i]!.next();
    }
    if (groups.length > 0) yield { term, groups: Uint32Array.from(groups).sort() };
  }
}
