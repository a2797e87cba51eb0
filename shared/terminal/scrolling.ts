// Moving rows: line feeds, scroll regions, inserted and deleted lines. xterm.js moves one row at a time as often as the recording
// says; here each sequence costs at most one pass over the screen. A row that no longer follows the row it continued is no
// continuation any more, so that joining wrapped rows never mixes two lines.

import { countOf, type Attributes, type Line, type Parameters, type ScreenBuffer } from './internals.ts';
import { blankLike, isAlternate, screenLine, type Emulator } from './emulator.ts';
import { HAS_CONTENT, CELL_SIZE } from './cells.ts';
import { usedCells } from './used.ts';

const BLANK = 0x20;

export interface Scrolling {
  /** The screen goes up by a row within its margins. The row that leaves enters the scrollback of the normal screen, as in tmux. */
  scroll(wrapped: boolean): void;
  lineFeed(): boolean;
  index(): boolean;
  reverseIndex(): boolean;
  insertLines(parameters: Parameters): boolean;
  deleteLines(parameters: Parameters): boolean;
  scrollUp(parameters: Parameters): boolean;
  scrollDown(parameters: Parameters): boolean;
  /** Empties the screen. On the normal one, what was on it moves into the scrollback, as in tmux. */
  clearScreen(): void;
}

/** Whether a row shows nothing but blanks. */
function isBlank(line: Line): boolean {
  for (let at = line.length * CELL_SIZE - CELL_SIZE; at >= 0; at -= CELL_SIZE) {
    const content = line._data[at]! & HAS_CONTENT;
    if (content !== 0 && content !== BLANK) return false;
  }
  return true;
}

function endWrap(buffer: ScreenBuffer, row: number): void {
  const line = buffer.lines.get(buffer.ybase + row);
  if (line !== undefined && buffer.ybase + row < buffer.lines.length) line.isWrapped = false;
}

/** Moves the rows of a region by `count`, down when it is positive, and fills what becomes free with blank rows. */
function shift(buffer: ScreenBuffer, top: number, bottom: number, count: number, blank: () => Line): void {
  const { lines, ybase } = buffer;
  const size = bottom - top + 1;
  const by = Math.min(Math.abs(count), size);
  if (count > 0) {
    for (let row = bottom; row >= top + by; row--) lines.set(ybase + row, lines.get(ybase + row - by)!);
    for (let row = top; row < top + by; row++) lines.set(ybase + row, blank());
    if (by < size) endWrap(buffer, top + by);
  } else {
    for (let row = top; row <= bottom - by; row++) lines.set(ybase + row, lines.get(ybase + row + by)!);
    for (let row = bottom - by + 1; row <= bottom; row++) lines.set(ybase + row, blank());
    endWrap(buffer, top);
  }
  endWrap(buffer, bottom + 1);
}

/** Handlers for one terminal. */
export function createScrolling(emulator: Emulator): Scrolling {
  const { inner, own } = emulator;
  const { _inputHandler: input, _bufferService: size, optionsService } = inner;
  const dirty = input._dirtyRowTracker;

  let model: Line | null = null;
  let modelColour = 0;
  const modelOf = (buffer: ScreenBuffer, attributes: Attributes): Line => {
    if (model === null || model.length !== size.cols || modelColour !== attributes.bg) {
      model = buffer.getBlankLine(attributes);
      modelColour = attributes.bg;
    }
    return model;
  };
  const blankLine = (): Line => blankLike(modelOf(input._activeBuffer, input._eraseAttrData()));

  const scroll = (wrapped: boolean): void => {
    const buffer = input._activeBuffer;
    const { lines, scrollTop, scrollBottom } = buffer;
    emulator.scrolling = true;
    dirty.markRangeDirty(scrollTop, scrollBottom);
    emulator.scrolling = false;
    if (scrollTop > 0) {
      if (isAlternate(emulator)) {
        shift(buffer, scrollTop, scrollBottom, -1, blankLine);
        screenLine(buffer, scrollBottom).isWrapped = wrapped;
        return;
      }
      // The row at the top of the region goes above the screen, from where it enters the scrollback.
      const leaving = screenLine(buffer, scrollTop);
      leaving.isWrapped = false;
      shift(buffer, 0, scrollTop, 1, () => leaving);
    }
    const full = lines.length === lines.maxLength;
    if (full && buffer === inner.buffers.normal) emulator.watcher.rowLeft?.(lines.get(0)!, lines.get(1));
    let line: Line;
    if (scrollBottom === size.rows - 1) {
      if (full) {
        line = lines.recycle();
        line.copyFrom(modelOf(buffer, input._eraseAttrData()));
        line.used = 0;
      } else {
        line = blankLine();
        lines.push(line);
      }
    } else {
      line = blankLine();
      lines.splice(buffer.ybase + scrollBottom + 1, 0, line);
    }
    if (!full) buffer.ybase += 1;
    if (buffer === inner.buffers.normal) own.scrolled = Math.min(own.scrolled + 1, buffer.ybase);
    if (!size.isUserScrolling) buffer.ydisp = buffer.ybase;
    else if (full) buffer.ydisp = Math.max(buffer.ydisp - 1, 0);
    line.isWrapped = wrapped;
    endWrap(buffer, scrollBottom + 1);
  };

  const withinRegion = ({ y, scrollTop, scrollBottom }: ScreenBuffer): boolean => y >= scrollTop && y <= scrollBottom;

  /** `step` is the most that tmux moves rows down at once: no row goes on in one that stood where the first of them comes to stand. */
  const shiftRegion = (top: number, count: number, step = count): void => {
    const buffer = input._activeBuffer;
    if (count > 0 && top + step <= buffer.scrollBottom) endWrap(buffer, top + step);
    shift(buffer, top, buffer.scrollBottom, count, blankLine);
    dirty.markRangeDirty(top, buffer.scrollBottom);
  };

  return {
    scroll,

    lineFeed: () => {
      const buffer = input._activeBuffer;
      dirty.markDirty(buffer.y);
      if (optionsService.rawOptions.convertEol) buffer.x = 0;
      if (buffer.y === buffer.scrollBottom) scroll(false);
      else if (buffer.y < size.rows - 1) {
        buffer.y += 1;
        // Line editors go down within a wrapped line by line feeds, so these do not end it.
        const { restLeft } = emulator.watcher;
        const line = screenLine(buffer, buffer.y);
        if (restLeft !== undefined && line.isWrapped && isBlank(line)) restLeft(line);
      }
      if (buffer.x >= size.cols) buffer.x -= 1;
      dirty.markDirty(buffer.y);
      return true;
    },

    index: () => {
      const buffer = input._activeBuffer;
      if (buffer.y === buffer.scrollBottom) scroll(false);
      else buffer.y = Math.min(buffer.y + 1, size.rows - 1);
      dirty.markDirty(buffer.y);
      return true;
    },

    reverseIndex: () => {
      input._restrictCursor();
      const buffer = input._activeBuffer;
      if (buffer.y === buffer.scrollTop) shiftRegion(buffer.scrollTop, 1);
      else buffer.y -= 1;
      input._restrictCursor();
      return true;
    },

    insertLines: (parameters) => {
      const buffer = input._activeBuffer;
      if (!withinRegion(buffer)) return true;
      shiftRegion(buffer.y, countOf(parameters));
      return true;
    },

    deleteLines: (parameters) => {
      const buffer = input._activeBuffer;
      if (!withinRegion(buffer)) return true;
      shiftRegion(buffer.y, -countOf(parameters));
      return true;
    },

    scrollUp: (parameters) => {
      const buffer = input._activeBuffer;
      const rows = Math.min(countOf(parameters), buffer.scrollBottom - buffer.scrollTop + 1);
      for (let i = 0; i < rows; i++) scroll(false);
      return true;
    },

    scrollDown: (parameters) => {
      shiftRegion(input._activeBuffer.scrollTop, countOf(parameters), 1);
      return true;
    },

    clearScreen: () => {
      const buffer = input._activeBuffer;
      const { scrollTop, scrollBottom } = buffer;
      const { rows } = size;
      let used = 0;
      if (!isAlternate(emulator)) {
        used = rows;
        while (used > 0 && usedCells(screenLine(buffer, used - 1)) === 0) used -= 1;
        buffer.scrollTop = 0;
        buffer.scrollBottom = rows - 1;
        for (let i = 0; i < used; i++) scroll(false);
        if (used > 0) own.scrolled = 0;
        buffer.scrollTop = scrollTop;
        buffer.scrollBottom = scrollBottom;
      }
      for (let row = 0; row < rows - used; row++) input._resetBufferLine(row);
      dirty.markAllDirty();
    },
  };
}
