// Text with its moments, as the pass over a recording found it: the lines of all fields from one stretch of a recording are a group, which
// the text index points at, and one blob under the recording's key. What was printed is mostly what was visible: packed together, it takes
// little more than once.

import type { KeyObject } from 'node:crypto';
import { ByteReader, ByteWriter } from '../../shared/recording/bytes.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { foldInPlace } from '../../shared/query/fold.ts';
import type { Narrow } from '../../shared/query/narrow.ts';
import { TermSet } from '../../shared/query/terms.ts';
import type { Database } from './database.ts';
import { seal, unseal } from './seal.ts';
import type { SessionRow } from './sessions.ts';
import { createTextIndex } from './text-index.ts';

export const TEXT_FIELDS = ['typed', 'printed', 'visible', 'hidden'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** From a moment on, the first `length` UTF-16 units of a line were there. */
export interface TextStep {
  readonly length: number;
  readonly at: Micros;
  /** Position of the event that brought them. */
  readonly index: number;
}

/**
 * A line of text, where it stood and until when. It may have grown piece by piece: the steps say when which part of it was
 * there. Rows and columns count from 0; -1 where there is none.
 */
export interface TextLine {
  readonly text: string;
  /** In order; the last one is the whole text. */
  readonly steps: readonly TextStep[];
  readonly to: Micros;
  readonly row: number;
  readonly col: number;
  /** Screen columns at that time: a line longer than them goes on in the next row. 0 where there is no screen. */
  readonly cols: number;
}

export type TextGroup = Readonly<Record<TextField, readonly TextLine[]>>;

/** The lines of one stretch as they are stored, and what the index is told of them. */
export interface SealedGroup {
  readonly session: number;
  /** A bit for each field that has lines, in the order of TEXT_FIELDS. */
  readonly fields: number;
  readonly sealed: Buffer;
  readonly terms: Uint32Array;
}

export interface TextStore {
  /** Makes the lines of one stretch ready for {@link TextStore.put}: the most of the work, which needs no transaction. */
  seal(session: SessionRow, group: TextGroup): SealedGroup;
  /** Keeps them; within the caller's transaction. They can be found at once, and quickly from the next `flush` on. */
  put(group: SealedGroup): void;
  flush(): void;
  /** Removes a session's text; within the caller's transaction. */
  clear(session: number): void;
  /** Null when there is no such group any more. */
  group(key: number): StoredGroup | null;
  /** Groups of a session, in their order. */
  groupsOf(session: number): readonly GroupRef[];
  /** Parts of the index that a session's text is in, for {@link candidates}. */
  segmentsOf(session: number): readonly number[];
  /** Groups of these parts of the index, by default of all, that may have lines for which `narrow` holds; null: any group may. */
  candidates(narrow: Narrow, segments?: readonly number[]): ReadonlySet<number> | null;
  /** These groups by session, those of each in their order. */
  located(groups: ReadonlySet<number>): ReadonlyMap<number, readonly GroupRef[]>;
  /** Takes what belongs to text that is gone out of the index. */
  scrub(): void;
  /** Makes the index smaller and quicker where it is worth the work: after a recording was indexed. */
  compact(): void;
}

export interface GroupRef {
  readonly key: number;
  /** Fields that it has lines of. */
  readonly fields: readonly TextField[];
}

//   group:  for each field varint lines, for each of these its numbers; then the texts of all, UTF-8
//   line:   varint steps, for each of these varint length, time, index since the one before; varint time after the last step, row + 1,
//           column + 1, columns, UTF-16 units of the text

export function packGroup(group: TextGroup): Uint8Array {
  const writer = new ByteWriter();
  let all = '';
  for (const field of TEXT_FIELDS) {
    writer.varint(group[field].length);
    for (const { text, steps, to, row, col, cols } of group[field]) {
      writer.varint(steps.length);
      let length = 0;
      let at = 0;
      let index = 0;
      for (const step of steps) {
        writer.varint(step.length - length);
        writer.varint(step.at - at);
        writer.varint(step.index - index);
        ({ length, at, index } = step);
      }
      writer.varint(to - at);
      writer.varint(row + 1);
      writer.varint(col + 1);
      writer.varint(cols);
      writer.varint(text.length);
      all += text;
    }
  }
  writer.bytes(Buffer.from(all, 'utf8'));
  return writer.take();
}

/** A line of a group, whose numbers are read when somebody asks for one of them: nearly all lines are only looked at for their text. */
class StoredLine implements TextLine {
  readonly text: string;
  readonly #bytes: Uint8Array;
  readonly #at: number;
  #numbers: Omit<TextLine, 'text'> | null = null;

  constructor(text: string, bytes: Uint8Array, at: number) {
    this.text = text;
    this.#bytes = bytes;
    this.#at = at;
  }

  #read(): Omit<TextLine, 'text'> {
    if (this.#numbers !== null) return this.#numbers;
    const reader = new ByteReader(this.#bytes);
    reader.skip(this.#at);
    let [length, at, index] = [0, 0, 0];
    const steps = Array.from({ length: reader.varint() }, (): TextStep => {
      length += reader.varint();
      at += reader.varint();
      index += reader.varint();
      return { length, at: at as Micros, index };
    });
    const to = (at + reader.varint()) as Micros;
    this.#numbers = { steps, to, row: reader.varint() - 1, col: reader.varint() - 1, cols: reader.varint() };
    return this.#numbers;
  }

  get steps(): readonly TextStep[] {
    return this.#read().steps;
  }

  get to(): Micros {
    return this.#read().to;
  }

  get row(): number {
    return this.#read().row;
  }

  get col(): number {
    return this.#read().col;
  }

  get cols(): number {
    return this.#read().cols;
  }
}

/** The text of all lines of a group, and its folded form where that stands in its place (fold.ts). */
interface GroupText {
  readonly text: string;
  readonly folded: () => string | null;
}

/** Lines that are sooner looked at one by one than all lines together. */
const FEW = 8;

/** The lines of one field of a group, in their order. */
export class StoredLines implements Iterable<TextLine> {
  readonly #bytes: Uint8Array;
  readonly #text: GroupText;
  /** Where the numbers of each line stand in the bytes, and where in the text each line ends; `#start` is where the first one begins. */
  readonly #numbers: Int32Array;
  readonly #ends: Int32Array;
  readonly #start: number;

  constructor(bytes: Uint8Array, text: GroupText, numbers: Int32Array, ends: Int32Array, start: number) {
    this.#bytes = bytes;
    this.#text = text;
    this.#numbers = numbers;
    this.#ends = ends;
    this.#start = start;
  }

  #line(i: number): TextLine {
    const from = i === 0 ? this.#start : this.#ends[i - 1]!;
    return new StoredLine(this.#text.text.slice(from, this.#ends[i]), this.#bytes, this.#numbers[i]!);
  }

  *[Symbol.iterator](): Generator<TextLine> {
    for (let i = 0; i < this.#ends.length; i++) yield this.#line(i);
  }

  /**
   * All lines that hold what is demanded, and where it is not known which do, all lines. `mayBeIn` is asked of many of them, one behind the
   * other, and is false only where none of them is wanted.
   */
  *holding(narrow: Narrow, mayBeIn: (lines: string) => boolean): Generator<TextLine> {
    const folded = this.#text.folded();
    const positions = narrow === null || folded === null ? null : this.#positions(folded, narrow);
    if (folded !== null && (positions ?? this.#ends).length > FEW) {
      if (!mayBeIn(this.#text.text.slice(this.#start, this.#ends.at(-1)))) return;
    }
    if (positions === null) yield* this;
    else for (const i of positions) yield this.#line(i);
  }

  /** Positions of the lines that hold it, in order. */
  #positions(folded: string, narrow: NonNullable<Narrow>): readonly number[] {
    if (narrow.kind === 'literal') return this.#with(folded, narrow.text);
    const [first, ...others] = narrow.items.map((item) => this.#positions(folded, item!));
    if (narrow.kind === 'any') return [...new Set([first!, ...others].flat())].toSorted((a, b) => a - b);
    const sets = others.map((positions) => new Set(positions));
    return first!.filter((i) => sets.every((set) => set.has(i)));
  }

  #with(folded: string, literal: string): readonly number[] {
    const ends = this.#ends;
    const found: number[] = [];
    let line = 0;
    for (let at = folded.indexOf(literal, this.#start); at >= 0 && line < ends.length; at = folded.indexOf(literal, at)) {
      while (line < ends.length && ends[line]! <= at) line += 1;
      if (line === ends.length) break;
      // One that goes on in the next line is none.
      if (at + literal.length > ends[line]!) at += 1;
      else {
        found.push(line);
        at = ends[line]!;
      }
    }
    return found;
  }
}

/** A group as it is stored: a line is made when it is looked at. */
export type StoredGroup = Readonly<Record<TextField, StoredLines>>;

// Numbers of a line behind those of its steps: time, row, column, columns.
const BEHIND_STEPS = 4;

export function unpackGroup(bytes: Buffer): StoredGroup {
  const reader = new ByteReader(bytes);
  let units = 0;
  const fields = TEXT_FIELDS.map((field) => {
    const count = reader.varint();
    const numbers = new Int32Array(count);
    const ends = new Int32Array(count);
    const start = units;
    for (let i = 0; i < count; i++) {
      numbers[i] = reader.at;
      reader.skipVarints(3 * reader.varint() + BEHIND_STEPS);
      ends[i] = units += reader.varint();
    }
    return { field, numbers, ends, start };
  });
  const text = reader.text(bytes.length - reader.at);
  let folded: string | null | undefined;
  const shared = { text, folded: () => (folded === undefined ? (folded = foldInPlace(text)) : folded) };
  return Object.fromEntries(
    fields.map(({ field, numbers, ends, start }) => [field, new StoredLines(bytes, shared, numbers, ends, start)]),
  ) as unknown as StoredGroup;
}

/** A group as its row tells it: `fields` has a bit for each field. */
interface StoredRef {
  readonly key: number;
  readonly fields: number;
}

const refOf = ({ key, fields }: StoredRef): GroupRef => ({
  key,
  fields: TEXT_FIELDS.filter((_, bit) => (fields & (1 << bit)) !== 0),
});

/** `keyFor`: the key that a session's content is sealed under. */
export function createTextStore(database: Database, keyFor: (session: number) => KeyObject): TextStore {
  const sql = {
    put: database.prepare<[number, number]>('INSERT INTO text_group (session, fields) VALUES (?, ?)'),
    putLines: database.prepare<[number, Buffer]>('INSERT INTO text_lines (text_group, sealed) VALUES (?, ?)'),
    get: database.prepare<[number], { session: number; sealed: Buffer }>(
      'SELECT session, sealed FROM text_group JOIN text_lines ON text_group = key WHERE key = ?',
    ),
    dropLines: database.prepare<[number]>(
      'DELETE FROM text_lines WHERE text_group IN (SELECT key FROM text_group WHERE session = ?)',
    ),
    drop: database.prepare<[number]>('DELETE FROM text_group WHERE session = ?'),
    of: database.prepare<[number], StoredRef>('SELECT key, fields FROM text_group WHERE session = ? ORDER BY key'),
    located: database.prepare<[string], StoredRef & { readonly session: number }>(
      'SELECT session, key, fields FROM text_group WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key',
    ),
  };
  const index = createTextIndex(database);
  let terms: TermSet | null = null;

  return {
    seal: (session, lines) => {
      terms ??= new TermSet();
      terms.clear();
      let fields = 0;
      for (const [bit, field] of TEXT_FIELDS.entries()) {
        if (lines[field].length > 0) fields |= 1 << bit;
        for (const { text } of lines[field]) terms.add(text);
      }
      const sealed = seal(keyFor(session.key), 'text', packGroup(lines));
      return { session: session.key, fields, sealed, terms: terms.terms.slice() };
    },
    put: ({ session, fields, sealed, terms: noted }) => {
      const key = Number(sql.put.run(session, fields).lastInsertRowid);
      sql.putLines.run(key, sealed);
      index.add(key, noted);
    },
    flush: index.flush,
    clear: (session) => {
      index.reset();
      index.without(session, () => {
        sql.dropLines.run(session);
        sql.drop.run(session);
      });
    },
    group: (key) => {
      const row = sql.get.get(key);
      if (row === undefined) return null;
      return unpackGroup(unseal(keyFor(row.session), 'text', row.sealed));
    },
    groupsOf: (session) => sql.of.all(session).map(refOf),
    segmentsOf: index.segmentsOf,
    candidates: index.candidates,
    located: (groups) => {
      const rows = Map.groupBy(sql.located.all(JSON.stringify([...groups])), ({ session }) => session);
      return new Map(Array.from(rows, ([session, refs]) => [session, refs.map(refOf)]));
    },
    scrub: index.scrub,
    compact: index.compact,
  };
}
