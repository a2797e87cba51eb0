// Erasing, resetting and repeating, as tmux does it: an erased normal screen moves into the scrollback, and only CSI 3 J drops
// that. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html

import { BG, CELL_SIZE, CONTENT, FG, NARROW, WIDTH_SHIFT } from './cells.ts';
import { countOf, type Attributes, type Line, type Parameters, type ScreenBuffer } from './internals.ts';
import { isAlternate, screenLine, type Emulator } from './emulator.ts';
import { leftOf, type Printer } from './print.ts';
import type { Scrolling } from './scrolling.ts';
import { cellText } from './text.ts';
import { use } from './used.ts';
import { widthOf } from './widths.ts';

/** Blanks the cells of a row from column `from` up to `to`, and the other half of a wide character that it cuts. */
function blankCells(line: Line, from: number, to: number, { fg, bg }: Attributes): void {
  const data = line._data;
  const isLeftHalf = (x: number): boolean => data[x * CELL_SIZE + CONTENT]! >> WIDTH_SHIFT === 2;
  const first = from > 0 && isLeftHalf(from - 1) ? from - 1 : from;
  const end = Math.min(to > 0 && to < line.length && isLeftHalf(to - 1) ? to + 1 : to, line.length);
  for (let at = first * CELL_SIZE; at < end * CELL_SIZE; at += CELL_SIZE) {
    data[at + CONTENT] = NARROW;
    data[at + FG] = fg;
    data[at + BG] = bg;
  }
}

/** The row is emptied: it continues no other, and none continues it. */
function empty({ lines, ybase }: ScreenBuffer, row: number): void {
  lines.get(ybase + row)!.used = 0;
  for (const at of [ybase + row, ybase + row + 1]) if (at < lines.length) lines.get(at)!.isWrapped = false;
}

export interface Erasing {
  /** ED. */
  eraseInDisplay(parameters: Parameters): boolean;
  /** ICH, DCH and ECH. */
  insertCharacters(parameters: Parameters): boolean;
  deleteCharacters(parameters: Parameters): boolean;
  eraseCharacters(parameters: Parameters): boolean;
  /** DECALN. */
  alignmentPattern(): boolean;
  /** REP, no further than the end of the row. */
  repeat(parameters: Parameters): boolean;
  /** RIS. The title stays, and so does the screen that is active. */
  fullReset(): boolean;
  /** DECCOLM: the screen is emptied, its size stays. */
  columnMode(): void;
}

/** Handlers for one terminal. Also replaces the erasing that xterm.js does cell by cell. */
export function createErasing(emulator: Emulator, { clearScreen }: Scrolling, print: Printer): Erasing {
  const { inner, own } = emulator;
  const { _inputHandler: input, _bufferService: size, _charsetService: charsets, coreService: core, buffers } = inner;
  const dirty = input._dirtyRowTracker;

  // Most of what full-screen programs send erases, and xterm.js does it cell by cell.
  const { _eraseInBufferLine: eraseProtected, _resetBufferLine: resetProtected } = input;
  input._eraseInBufferLine = (row, from, to, endWrap = false, keepProtected = false) => {
    if (keepProtected) eraseProtected.call(input, row, from, to, endWrap, true);
    else {
      blankCells(screenLine(input._activeBuffer, row), from, to, input._eraseAttrData());
      if (from === 0 && to >= size.cols) empty(input._activeBuffer, row);
    }
  };
  input._resetBufferLine = (row, keepProtected = false) => {
    if (keepProtected) resetProtected.call(input, row, true);
    else {
      const line = screenLine(input._activeBuffer, row);
      blankCells(line, 0, line.length, input._eraseAttrData());
      line._combined = {};
      line._extendedAttrs = {};
      empty(input._activeBuffer, row);
    }
  };

  const clearScrollback = (): void => {
    const { normal } = buffers;
    const rows = normal.ybase;
    normal.lines.trimStart(rows);
    normal.ybase = 0;
    normal.ydisp = 0;
    own.scrolled = 0;
    // Whatever the first row continued is gone.
    normal.lines.get(0)!.isWrapped = false;
    if (rows > 0) emulator.watcher.notice?.({ kind: 'scrollback-cleared', rows });
  };

  return {
    eraseInDisplay: ({ params }) => {
      input._restrictCursor(size.cols);
      const buffer = input._activeBuffer;
      const { x, y } = buffer;
      switch (params[0]!) {
        case 0:
          if (x === 0 && y === 0 && !isAlternate(emulator)) clearScreen();
          else {
            input._eraseInBufferLine(y, x, size.cols, x === 0);
            for (let row = y + 1; row < size.rows; row++) input._resetBufferLine(row);
            dirty.markRangeDirty(y, size.rows - 1);
          }
          break;
        case 1:
          input._eraseInBufferLine(y, 0, x + 1, true);
          if (x + 1 >= size.cols && y + 1 < size.rows) screenLine(buffer, y + 1).isWrapped = false;
          for (let row = 0; row < y; row++) input._resetBufferLine(row);
          dirty.markRangeDirty(0, y);
          break;
        case 2:
          clearScreen();
          break;
        case 3:
          clearScrollback();
          break;
      }
      return true;
    },

    insertCharacters: (parameters) => {
      input.insertChars(parameters);
      const { x, y } = input._activeBuffer;
      // All that follows was moved, up to the last column; to insert there moves nothing.
      if (x < size.cols - 1) use(screenLine(input._activeBuffer, y), size.cols);
      return true;
    },

    deleteCharacters: (parameters) => {
      input.deleteChars(parameters);
      const { x, y } = input._activeBuffer;
      const count = countOf(parameters);
      if (count < size.cols - x) use(screenLine(input._activeBuffer, y), size.cols - count);
      return true;
    },

    eraseCharacters: (parameters) => {
      const { x, y } = input._activeBuffer;
      if (x === 0 && countOf(parameters) >= size.cols) {
        input._eraseInBufferLine(y, 0, size.cols);
        dirty.markDirty(y);
        return true;
      }
      return input.eraseChars(parameters);
    },

    alignmentPattern: () => {
      input.screenAlignmentPattern();
      for (let row = 0; row < size.rows; row++) use(screenLine(input._activeBuffer, row), size.cols);
      return true;
    },

    repeat: (parameters) => {
      const code = input._parser.precedingJoinState;
      if (code === 0) return true;
      const { x, y } = input._activeBuffer;
      const line = screenLine(input._activeBuffer, y);
      // What joined the character is repeated with it. Not drawn, and so in no cell, is a wide one that did not fit.
      const text = x > 0 ? cellText(line, leftOf(line, x)) : '';
      const codes = text.codePointAt(0) === code ? Array.from(text, (character) => character.codePointAt(0)!) : [code];
      const count = Math.min(countOf(parameters), Math.floor((size.cols - x) / widthOf(code)));
      const repeated = new Uint32Array(Math.max(count, 0) * codes.length);
      for (let at = 0; at < repeated.length; at += codes.length) repeated.set(codes, at);
      print(repeated, 0, repeated.length);
      return true;
    },

    fullReset: () => {
      input._parser.reset();
      input.reset();
      charsets.reset();
      core.reset();
      core.isCursorHidden = false;
      inner.optionsService.rawOptions.convertEol = own.piped;
      own.titles.length = 0;
      own.saved = null;
      own.mouseTracking = 0;
      own.mouseEncoding = 0;
      own.synchronized = false;
      buffers.setupTabStops();
      for (const buffer of [buffers.normal, buffers.alt]) {
        buffer.scrollTop = 0;
        buffer.scrollBottom = buffer._rows - 1;
      }
      clearScreen();
      input._setCursor(0, 0);
      return true;
    },

    columnMode: () => {
      input._setCursor(0, 0);
      clearScreen();
    },
  };
}
