// Lists of text groups by term, packed. Pairs of a term and a group come in any order; they leave as rows of neighbouring terms, each
// small enough to be read for one of them.
//
//   row:  for each term that has a list, ascending: varint steps since the term before (the row's first at 0), varint groups,
//         varint bytes, then for each group varint steps since the group before

import { ByteReader, ByteWriter } from '../../shared/recording/bytes.ts';
import { TERMS } from '../../shared/query/terms.ts';

/** A row ends with the list that makes it this long. */
const ROW_BYTES = 4096;

export interface PostingRow {
  /** Its first term. */
  readonly term: number;
  readonly lists: Uint8Array;
}

/** Pairs that wait for being written, at most `room` of them. */
export class Postings {
  readonly #terms: Uint32Array;
  readonly #groups: Uint32Array;
  #count = 0;

  constructor(room: number) {
    this.#terms = new Uint32Array(room);
    this.#groups = new Uint32Array(room);
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
  addGroup(group: number, terms: Uint32Array): void {
    this.#terms.set(terms, this.#count);
    this.#groups.fill(group, this.#count, this.#count + terms.length);
    this.#count += terms.length;
  }

  add(term: number, group: number): void {
    this.#terms[this.#count] = term;
    this.#groups[this.#count] = group;
    this.#count += 1;
  }

  /** All pairs as rows, in ascending order of terms; none is left afterwards. */
  *take(): Iterable<PostingRow> {
    const { count } = this;
    /** Where the groups of each term end in `sorted`, and, once they are there, where they begin. */
    const bounds = new Uint32Array(TERMS);
    for (let i = 0; i < count; i++) bounds[this.#terms[i]!]! += 1;
    for (let term = 1; term < TERMS; term++) bounds[term]! += bounds[term - 1]!;
    const sorted = new Uint32Array(count);
    for (let i = count - 1; i >= 0; i--) sorted[(bounds[this.#terms[i]!]! -= 1)] = this.#groups[i]!;
    this.#count = 0;

    const row = new ByteWriter();
    const list = new ByteWriter();
    let first = 0;
    let last = 0;
    for (let term = 0; term < TERMS; term++) {
      const from = bounds[term]!;
      const to = bounds[term + 1] ?? count;
      if (from === to) continue;
      list.clear();
      packGroups(list, sorted.subarray(from, to));
      if (row.length === 0) first = last = term;
      for (const number of [term - last, to - from, list.length]) row.varint(number);
      row.bytes(list.view());
      last = term;
      if (row.length < ROW_BYTES) continue;
      yield { term: first, lists: row.take() };
      row.clear();
    }
    if (row.length > 0) yield { term: first, lists: row.take() };
  }
}

function packGroups(list: ByteWriter, groups: Uint32Array): void {
  // They are in order where the pairs came so, as they do unless segments are joined.
  if (groups.some((group, i) => i > 0 && group < groups[i - 1]!)) groups.sort();
  let before = 0;
  for (const group of groups) {
    list.varint(group - before);
    before = group;
  }
}

function unpackGroups(count: number, bytes: Uint8Array): Uint32Array {
  const groups = new Uint32Array(count);
  const reader = new ByteReader(bytes);
  let group = 0;
  for (let i = 0; i < count; i++) groups[i] = group += reader.varint();
  return groups;
}

export interface PostingList {
  readonly term: number;
  readonly groups: Uint32Array;
}

/** Every list of a row, or the one of a wanted term. */
export function listsIn({ term: first, lists }: PostingRow, wanted: number | null = null): PostingList[] {
  const found: PostingList[] = [];
  const reader = new ByteReader(lists);
  for (let term = first; !reader.done;) {
    term += reader.varint();
    const count = reader.varint();
    const bytes = reader.bytes(reader.varint());
    if (wanted === null || term === wanted) found.push({ term, groups: unpackGroups(count, bytes) });
    else if (term > wanted) break;
  }
  return found;
}
