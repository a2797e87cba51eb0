// Printing characters into cells: the hot path. Everything stands as tmux 3.3a puts it (see widths.ts), which xterm.js leaves
// to a provider that cannot say all of it: a character without width joins the cell left of the cursor wherever the cursor
// came from, so does one after a zero-width joiner, a cell keeps at most 21 bytes of UTF-8, and nothing joins at column 0.

import { BG, BG_EXTENDED, CELL_SIZE, CODE_MASK, CONTENT, FG, IS_COMBINED, NARROW, WIDTH_SHIFT } from './cells.ts';
import { screenLine, type Emulator } from './emulator.ts';
import type { Attributes, Line, ScreenBuffer } from './internals.ts';
import { use } from './used.ts';
import { widthOf } from './widths.ts';

/** Bytes of UTF-8 that a cell keeps, as in tmux; what does not fit is dropped, so that no flood of marks can grow. */
const MAX_CELL_BYTES = 21;

const JOINER = 0x200d;
const DELETE = 0x7f;

/** No width, and nothing to see: screen sends one in place of half a wide character. */
const isNoCharacter = (code: number): boolean => code === 0xfffe || code === 0xffff;

const bytesOf = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);

function bytesOfText(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Both halves of a surrogate pair count two.
    bytes += unit >= 0xd800 && unit <= 0xdfff ? 2 : bytesOf(unit);
  }
  return bytes;
}

/** Column of the cell that ends left of column `x`. */
export const leftOf = (line: Line, x: number): number =>
  x > 1 && line._data[(x - 1) * CELL_SIZE + CONTENT]! >> WIDTH_SHIFT === 0 ? x - 2 : x - 1;

function join(line: Line, x: number, code: number): void {
  const at = x * CELL_SIZE + CONTENT;
  const content = line._data[at]!;
  const text = (content & IS_COMBINED) !== 0 ? line._combined[x]! : String.fromCodePoint(content & CODE_MASK || 0x20);
  if (bytesOfText(text) + bytesOf(code) > MAX_CELL_BYTES) return;
  line._combined[x] = text + String.fromCodePoint(code);
  line._data[at] = (content & ~CODE_MASK) | IS_COMBINED;
  use(line, x + 1);
}

function endsWithJoiner(line: Line, x: number): boolean {
  if ((line._data[x * CELL_SIZE + CONTENT]! & IS_COMBINED) === 0) return false;
  const text = line._combined[x]!;
  return text.charCodeAt(text.length - 1) === JOINER;
}

function setCell(line: Line, x: number, content: number, attributes: Attributes): void {
  const at = x * CELL_SIZE;
  line._data[at + CONTENT] = content;
  line._data[at + FG] = attributes.fg;
  line._data[at + BG] = attributes.bg;
  if ((attributes.bg & BG_EXTENDED) !== 0) line._extendedAttrs[x] = attributes.extended;
}

/** Half a wide character is none: blanks the left half of one whose right half at column `x` is about to be overwritten. */
function blankLeftHalf(line: Line, x: number, attributes: Attributes): void {
  if (x > 0 && line._data[(x - 1) * CELL_SIZE + CONTENT]! >> WIDTH_SHIFT === 2) setCell(line, x - 1, NARROW, attributes);
}

/** Blanks what is at column `x` if it is the right half of a wide character that was overwritten. */
function blankRightHalf(line: Line, x: number, attributes: Attributes): void {
  if (x < line.length && line._data[x * CELL_SIZE + CONTENT] === 0) setCell(line, x, NARROW, attributes);
}

export type Printer = (codes: Uint32Array, start: number, end: number) => void;

/** The parser's print handler. `scroll` moves the screen up by a row, as the end of a line at the bottom does. */
export function createPrinter(emulator: Emulator, scroll: (wrapped: boolean) => void): Printer {
  const { inner } = emulator;
  const { _inputHandler: input, _bufferService: size, _charsetService: charsets, coreService: core } = inner;
  const parser = input._parser;
  const dirty = input._dirtyRowTracker;

  /** Fills the row from column `x` on, and goes on in the next one. */
  const wrap = (buffer: ScreenBuffer, x: number): Line => {
    for (let column = x; column < size.cols; column++) setCell(screenLine(buffer, buffer.y), column, NARROW, input._curAttrData);
    dirty.markDirty(buffer.y);
    if (buffer.y === buffer.scrollBottom) scroll(true);
    else {
      if (buffer.y < size.rows - 1) buffer.y += 1;
      screenLine(buffer, buffer.y).isWrapped = true;
    }
    emulator.watcher.wrapped?.();
    return screenLine(buffer, buffer.y);
  };

  return (codes, start, end) => {
    emulator.watcher.printed?.(codes, start, end);
    const buffer = input._activeBuffer;
    const attributes = input._curAttrData;
    const { fg, bg } = attributes;
    const { charset } = charsets;
    const { insertMode } = core.modes;
    const { wraparound } = core.decPrivateModes;
    const plain = charset === undefined && !insertMode;
    const { cols } = size;
    let line = screenLine(buffer, buffer.y);
    let { x } = buffer;
    let last = parser.precedingJoinState;
    dirty.markDirty(buffer.y);

    let pos = start;
    while (pos < end) {
      let code = codes[pos]!;
      if (plain && code < DELETE) {
        if (x >= cols) {
          if (wraparound) {
            line = wrap(buffer, x);
            x = 0;
          } else x = cols - 1;
        }
        blankLeftHalf(line, x, attributes);
        const from = x;
        const data = line._data;
        const stop = Math.min(end, pos + cols - x);
        let at = x * CELL_SIZE;
        do {
          data[at] = code | NARROW;
          data[at + FG] = fg;
          data[at + BG] = bg;
          at += CELL_SIZE;
          last = code;
          pos += 1;
          x += 1;
        } while (pos < stop && (code = codes[pos]!) < DELETE);
        if ((bg & BG_EXTENDED) !== 0)
          for (let column = from; column < x; column++) line._extendedAttrs[column] = attributes.extended;
        use(line, x);
        blankRightHalf(line, x, attributes);
        continue;
      }
      pos += 1;
      if (isNoCharacter(code)) continue;
      if (charset !== undefined && code < DELETE) code = charset[String.fromCharCode(code)]?.charCodeAt(0) ?? code;
      const width = widthOf(code);
      if (width === 0 || (code > DELETE && x > 0 && endsWithJoiner(line, leftOf(line, x)))) {
        if (x > 0) join(line, leftOf(line, x), code);
        continue;
      }
      last = code;
      if (x + width > cols) {
        if (wraparound) {
          line = wrap(buffer, x);
          x = 0;
        } else {
          x = cols - 1;
          if (width === 2) continue;
        }
      }
      if (insertMode) {
        if (x < cols - 1) use(line, cols);
        line.insertCells(x, width, buffer.getNullCell(attributes));
        if (line._data[(cols - 1) * CELL_SIZE + CONTENT]! >> WIDTH_SHIFT === 2) setCell(line, cols - 1, NARROW, attributes);
      } else blankLeftHalf(line, x, attributes);
      setCell(line, x++, code | (width << WIDTH_SHIFT), attributes);
      if (width === 2) setCell(line, x++, 0, attributes);
      use(line, x);
      blankRightHalf(line, x, attributes);
    }
    buffer.x = x;
    parser.precedingJoinState = last;
    dirty.markDirty(buffer.y);
  };
}
