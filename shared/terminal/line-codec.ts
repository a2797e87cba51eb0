// Rows of cells as bytes and back, exactly: every number of every cell, joined texts, extended attributes, wrap flags. Runs of equal
// attributes share an entry in a table of styles. Equal rows give equal bytes, so that two states can be compared as bytes.
//
//   row:   varint flags (1: continues the row above, 2: has a length of its own, 4: has not as many cells in use as are written here)
//          [varint length] varint cells [varint cells in use], runs
//   run:   varint style, varint count << 2 | kind, payload; cells beyond the last run are empty
//   kinds: 0 count bytes, each a narrow ASCII character   1 one content, for count cells
//          2 count contents                               3 one joined cell: varint width, varint bytes, UTF-8

import type { ByteReader } from '../recording/bytes.ts';
import { BG, BG_EXTENDED, CELL_SIZE, FG, IS_COMBINED, NARROW, WIDTH_SHIFT } from './cells.ts';
import { blankLike } from './emulator.ts';
import type { ExtendedAttributes, Line, LineList } from './internals.ts';
import { usedCells } from './used.ts';

/** Foreground, background, and for a background with BG_EXTENDED the extended attributes and the link. */
export type Style = readonly [fg: number, bg: number, ext: number, link: number];

/** Equal cells in a row from which on they are written once. */
const REPEATED = 4;
/** No cell takes more bytes: style, count, kind, and a joined text of at most 21 bytes. */
const MOST_BYTES = 48;

const ASCII_FIRST = NARROW | 0x20;
const ASCII_LAST = NARROW | 0x7e;
const TEXT = 0;
const REPEAT = 1;
const CONTENTS = 2;
const JOINED = 3;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class StyleTable {
  readonly styles: Style[] = [];
  readonly #plain = new Map<number, Map<number, number>>();
  readonly #extended = new Map<string, number>();

  indexOf(fg: number, bg: number, extended: ExtendedAttributes | undefined): number {
    if ((bg & BG_EXTENDED) !== 0) {
      const ext = (extended?._ext ?? 0) >>> 0;
      const link = extended?._urlId ?? 0;
      const key = `${String(fg)},${String(bg)},${String(ext)},${String(link)}`;
      let index = this.#extended.get(key);
      if (index === undefined) {
        index = this.styles.push([fg, bg, ext, link]) - 1;
        this.#extended.set(key, index);
      }
      return index;
    }
    let backgrounds = this.#plain.get(fg);
    if (backgrounds === undefined) this.#plain.set(fg, (backgrounds = new Map()));
    let index = backgrounds.get(bg);
    if (index === undefined) {
      index = this.styles.push([fg, bg, 0, 0]) - 1;
      backgrounds.set(bg, index);
    }
    return index;
  }
}

/** All rows of a list. `cols` is the length that rows have unless they say another. */
export function packLines(lines: LineList, cols: number, table: StyleTable): Uint8Array {
  let bytes = new Uint8Array(4096);
  let at = 0;
  const varint = (value: number): void => {
    let rest = value;
    while (rest >= 0x80) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
  };

  for (let row = 0; row < lines.length; row++) {
    const line = lines.get(row)!;
    const data = line._data;
    const { length } = line;
    let cells = length;
    while (
      cells > 0 &&
      data[cells * CELL_SIZE - 3] === NARROW &&
      data[cells * CELL_SIZE - 2] === 0 &&
      data[cells * CELL_SIZE - 1] === 0
    )
      cells -= 1;

    const room = at + 16 + cells * MOST_BYTES;
    if (room > bytes.length) {
      const grown = new Uint8Array(Math.max(room, bytes.length * 2));
      grown.set(bytes.subarray(0, at));
      bytes = grown;
    }
    const used = usedCells(line);
    varint((line.isWrapped ? 1 : 0) | (length === cols ? 0 : 2) | (used === cells ? 0 : 4));
    if (length !== cols) varint(length);
    varint(cells);
    if (used !== cells) varint(used);

    for (let x = 0, end = 0; x < cells; x = end) {
      const fg = data[x * CELL_SIZE + FG]!;
      const bg = data[x * CELL_SIZE + BG]!;
      const extended = (bg & BG_EXTENDED) === 0 ? undefined : line._extendedAttrs[x];
      end = x + 1;
      while (end < cells && data[end * CELL_SIZE + FG] === fg && data[end * CELL_SIZE + BG] === bg) {
        if (extended !== undefined && !isSame(line._extendedAttrs[end], extended)) break;
        end += 1;
      }
      const style = table.indexOf(fg, bg, extended);
      for (let from = x; from < end;) {
        varint(style);
        const content = data[from * CELL_SIZE]!;
        if ((content & IS_COMBINED) !== 0) {
          const text = encoder.encode(line._combined[from]);
          varint((1 << 2) | JOINED);
          varint(content >>> WIDTH_SHIFT);
          varint(text.length);
          bytes.set(text, at);
          at += text.length;
          from += 1;
          continue;
        }
        let to = from + 1;
        while (to < end && data[to * CELL_SIZE] === content) to += 1;
        if (to - from >= REPEATED) {
          varint(((to - from) << 2) | REPEAT);
          varint(content);
          from = to;
          continue;
        }
        // Up to a cell of another kind, or to where a repetition begins.
        const isText = content >= ASCII_FIRST && content <= ASCII_LAST;
        let last = content;
        for (let equal = to - from; to < end; to++) {
          const next = data[to * CELL_SIZE]!;
          if ((next & IS_COMBINED) !== 0 || (next >= ASCII_FIRST && next <= ASCII_LAST) !== isText) break;
          equal = next === last ? equal + 1 : 1;
          last = next;
          if (equal === REPEATED) {
            to -= REPEATED - 1;
            break;
          }
        }
        varint(((to - from) << 2) | (isText ? TEXT : CONTENTS));
        if (isText) {
          const out = bytes;
          let end = at;
          for (; from < to; from++) out[end++] = data[from * CELL_SIZE]! & 0x7f;
          at = end;
        } else for (; from < to; from++) varint(data[from * CELL_SIZE]!);
      }
    }
  }
  return bytes.subarray(0, at);
}

function isSame(a: ExtendedAttributes | undefined, b: ExtendedAttributes): boolean {
  return a === b || (a !== undefined && a._ext === b._ext && a._urlId === b._urlId);
}

/** A row with the cells of `blank`: one of `spare` where it has as many, because memory for a row costs more than filling it. */
function emptyRow(blank: Line, spare: Line[]): Line {
  const line = spare.pop();
  if (line?._data.length !== blank._data.length) return blankLike(blank);
  line.length = blank.length;
  line._data.set(blank._data);
  line._combined = {};
  line._extendedAttrs = {};
  return line;
}

/** Reads `count` rows into an empty list. `extended` has an object for each style that has one; rows of `spare` are of no other use. */
export function unpackLines(
  reader: ByteReader,
  count: number,
  lines: LineList,
  blank: Line,
  styles: readonly Style[],
  extended: readonly (ExtendedAttributes | undefined)[],
  spare: Line[],
): void {
  for (let row = 0; row < count; row++) {
    const flags = reader.varint();
    const line = emptyRow(blank, spare);
    line.isWrapped = (flags & 1) !== 0;
    if ((flags & 2) !== 0) {
      line.length = reader.varint();
      line._data = new Uint32Array(line.length * CELL_SIZE);
      for (let at = 0; at < line._data.length; at += CELL_SIZE) line._data[at] = NARROW;
    }
    const data = line._data;
    const cells = reader.varint();
    line.used = (flags & 4) === 0 ? cells : reader.varint();
    for (let x = 0; x < cells;) {
      const style = reader.varint();
      const head = reader.varint();
      const end = x + (head >>> 2);
      if (end > line.length) throw new RangeError('a packed row is longer than its line');
      const from = x * CELL_SIZE;
      const to = end * CELL_SIZE;
      switch (head & 3) {
        case TEXT: {
          const text = reader.bytes(end - x);
          for (let cell = from, i = 0; cell < to; cell += CELL_SIZE) data[cell] = text[i++]! | NARROW;
          break;
        }
        case REPEAT: {
          const content = reader.varint();
          for (let cell = from; cell < to; cell += CELL_SIZE) data[cell] = content;
          break;
        }
        case CONTENTS:
          for (let cell = from; cell < to; cell += CELL_SIZE) data[cell] = reader.varint();
          break;
        case JOINED:
          for (let cell = from; cell < to; cell += CELL_SIZE) {
            data[cell] = (reader.varint() << WIDTH_SHIFT) | IS_COMBINED;
            line._combined[cell / CELL_SIZE] = decoder.decode(reader.bytes(reader.varint()));
          }
          break;
      }
      const [fg, bg] = styles[style]!;
      const attributes = extended[style];
      // Rows are empty, which is plain.
      if (fg !== 0 || bg !== 0) {
        for (let cell = from; cell < to; cell += CELL_SIZE) {
          data[cell + FG] = fg;
          data[cell + BG] = bg;
        }
      }
      if (attributes !== undefined) for (; x < end; x++) line._extendedAttrs[x] = attributes;
      x = end;
    }
    lines.push(line);
  }
}
