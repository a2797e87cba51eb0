// The lines of a text group, packed. What was printed is mostly what was visible: each text stands there once, and lines name theirs. The texts
// come first: a search looks at them alone, and at lines only where one of their texts is wanted.
//
//   group:  varint texts, for each of these varint UTF-16 units; varint bytes, the texts one behind the other, UTF-8;
//           for each field varint lines, then these
//   line:   varint 0 where its text follows that of the line before in the field, else 1 + text; varint steps, for each of these varint
//           length, time, index since the one before; varint time after the last step, row + 1, column + 1, columns

import { ByteReader, ByteWriter } from '../../shared/recording/bytes.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { composed, fold, foldInPlace } from '../../shared/query/fold.ts';
import { holds, type Narrow } from '../../shared/query/narrow.ts';

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

/** The lines of a field on their way into a group. */
class FieldWriter {
  readonly #bytes = new ByteWriter();
  #count = 0;
  /** The text that a line has which follows on the one before. */
  #next = 0;

  get count(): number {
    return this.#count;
  }

  add(place: number, { steps, to, row, col, cols }: Omit<TextLine, 'text'>): void {
    const writer = this.#bytes;
    writer.varint(place === this.#next ? 0 : 1 + place);
    this.#next = place + 1;
    this.#count += 1;
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
  }

  packInto(writer: ByteWriter): void {
    writer.varint(this.#count);
    writer.bytes(this.#bytes.view());
  }

  clear(): void {
    this.#bytes.clear();
    this.#count = 0;
    this.#next = 0;
  }
}

/** A group on its way: lines are packed as they come, and nothing of them is held but their texts. */
export class GroupWriter {
  readonly #fields: Readonly<Record<TextField, FieldWriter>> = {
    typed: new FieldWriter(),
    printed: new FieldWriter(),
    visible: new FieldWriter(),
    hidden: new FieldWriter(),
  };
  readonly #places = new Map<string, number>();

  add(field: TextField, line: TextLine): void {
    const { text } = line;
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(text, place);
    }
    this.#fields[field].add(place, line);
  }

  /** Every text once, in the order in which lines first had it. */
  get texts(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** Fields that have lines, in the order of TEXT_FIELDS. */
  get fields(): readonly TextField[] {
    return TEXT_FIELDS.filter((field) => this.#fields[field].count > 0);
  }

  take(): Uint8Array {
    const { texts } = this;
    const writer = new ByteWriter();
    writer.varint(texts.length);
    for (const { length } of texts) writer.varint(length);
    const bytes = Buffer.from(texts.join(''), 'utf8');
    writer.varint(bytes.length);
    writer.bytes(bytes);
    for (const field of TEXT_FIELDS) this.#fields[field].packInto(writer);
    return writer.take();
  }

  /** Forgets its lines and keeps the room. */
  clear(): void {
    for (const field of TEXT_FIELDS) this.#fields[field].clear();
    this.#places.clear();
  }
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

/** Texts that are sooner looked at one by one than halved again. */
const FEW = 8;

/** Units of the shortest literal that may stand for it. */
const shortest = (narrow: NonNullable<Narrow>): number =>
  narrow.kind === 'literal'
    ? narrow.text.length
    : Math[narrow.kind === 'all' ? 'max' : 'min'](...narrow.items.map((item) => shortest(item!)));

/** Texts one behind the other, folded, and where each ends. */
interface Folded {
  readonly text: string;
  readonly ends: Int32Array;
}

/** For each line of a field its text, and where in the bytes its numbers stand. */
interface FieldLines {
  readonly texts: Int32Array;
  readonly numbers: Int32Array;
}

// Numbers of a line behind those of its steps: time, row, column, columns.
const BEHIND_STEPS = 4;

function readField(reader: ByteReader): FieldLines {
  const count = reader.varint();
  const texts = new Int32Array(count);
  const numbers = new Int32Array(count);
  let next = 0;
  for (let i = 0; i < count; i++) {
    const named = reader.varint();
    texts[i] = named === 0 ? next : named - 1;
    next = texts[i]! + 1;
    numbers[i] = reader.at;
    reader.skipVarints(3 * reader.varint() + BEHIND_STEPS);
  }
  return { texts, numbers };
}

/** A group as it is stored: a line is made when it is looked at. Throws a RangeError when the bytes are not those of a group. */
export class StoredGroup {
  readonly #bytes: Buffer;
  readonly #text: string;
  /** Where in the text each text ends. */
  readonly #ends: Int32Array;
  /** Where the lines begin. */
  readonly #at: number;
  #folded: Folded | null = null;
  #fields: readonly FieldLines[] | null = null;

  constructor(bytes: Buffer) {
    const reader = new ByteReader(bytes);
    const ends = new Int32Array(reader.varint());
    let units = 0;
    for (let i = 0; i < ends.length; i++) ends[i] = units += reader.varint();
    this.#bytes = bytes;
    this.#text = reader.text(reader.varint());
    this.#ends = ends;
    this.#at = reader.at;
  }

  #textAt(place: number): string {
    return this.#text.slice(place === 0 ? 0 : this.#ends[place - 1], this.#ends[place]);
  }

  #linesOf(field: TextField): FieldLines {
    if (this.#fields === null) {
      const reader = new ByteReader(this.#bytes);
      reader.skip(this.#at);
      this.#fields = TEXT_FIELDS.map(() => readField(reader));
    }
    return this.#fields[TEXT_FIELDS.indexOf(field)]!;
  }

  /** Lines of a field in their order: all, or those with one of these texts. */
  *lines(field: TextField, wanted: readonly number[] | null = null): Generator<TextLine> {
    if (wanted?.length === 0) return;
    const { texts, numbers } = this.#linesOf(field);
    const isWanted = new Uint8Array(this.#ends.length).fill(wanted === null ? 1 : 0);
    for (const place of wanted ?? []) isWanted[place] = 1;
    for (const [i, place] of texts.entries())
      if (isWanted[place] === 1) yield new StoredLine(this.#textAt(place), this.#bytes, numbers[i]!);
  }

  /**
   * Texts that hold what is demanded, for {@link lines}. `mayBeIn`, where there is one, is asked of many of them, composed and one behind the
   * other, and is false only where none of them is wanted: those are left out.
   */
  holding(narrow: Narrow, mayBeIn: ((texts: string) => boolean) | null): readonly number[] {
    const held = narrow === null ? Array.from(this.#ends.keys()) : this.#positions(narrow);
    return mayBeIn === null ? held : this.#sifted(held, mayBeIn);
  }

  /** Halved until those that remain are few, or none of them can be wanted. */
  #sifted(places: readonly number[], mayBeIn: (texts: string) => boolean): readonly number[] {
    if (places.length === 0 || !mayBeIn(places.map((place) => composed(this.#textAt(place))).join(''))) return [];
    if (places.length <= FEW) return places;
    const half = places.length >> 1;
    return [...this.#sifted(places.slice(0, half), mayBeIn), ...this.#sifted(places.slice(half), mayBeIn)];
  }

  #fold(): Folded {
    if (this.#folded !== null) return this.#folded;
    let text = foldInPlace(this.#text);
    let ends = this.#ends;
    if (text === null) {
      const folded = Array.from(ends.keys(), (place) => fold(this.#textAt(place)));
      text = folded.join('');
      let end = 0;
      ends = Int32Array.from(folded, ({ length }) => (end += length));
    }
    this.#folded = { text, ends };
    return this.#folded;
  }

  /** Positions of the texts that hold it, in order. */
  #positions(narrow: NonNullable<Narrow>): readonly number[] {
    switch (narrow.kind) {
      case 'literal':
        return this.#with(narrow.text);
      case 'any':
        return [...new Set(narrow.items.flatMap((item) => this.#positions(item!)))].toSorted((a, b) => a - b);
      case 'all': {
        const { text, ends } = this.#fold();
        // What is likely to be rarest is looked for in all, the rest where that is.
        const [first, ...others] = narrow.items.toSorted((a, b) => shortest(b!) - shortest(a!));
        return this.#positions(first!).filter((place) => {
          const folded = text.slice(place === 0 ? 0 : ends[place - 1], ends[place]);
          return others.every((item) => holds(folded, item));
        });
      }
    }
  }

  #with(literal: string): readonly number[] {
    const { text, ends } = this.#fold();
    const found: number[] = [];
    let place = 0;
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at)) {
      while (ends[place]! <= at) place += 1;
      // One that goes on in the next text is none.
      if (at + literal.length > ends[place]!) at += 1;
      else {
        found.push(place);
        at = ends[place]!;
      }
    }
    return found;
  }
}
