// What of a screen can be seen, and how much of it changed: the definition of "visible change" for stepping and for the timeline.
//
// Two screens look alike when they have the same size and all their cells look alike: same text, same width, same colour behind it, and
// (where there is text or a line) same colour of it, bold, dim, italic, blink, underline with its style and colour, strike and overline. The
// cursor does not count, nor which of the two screens is shown. An empty cell, a blank and a concealed text look alike; inverse video is
// the two colours exchanged; an OSC 8 link is drawn underlined. Colours are told apart as the recording names them, by number or by parts.

import * as cells from './cells.ts';
import { screenLine, type Emulator } from './emulator.ts';
import type { Line } from './internals.ts';

export interface Sight {
  /** Cells that look different from what was there at the last call; all of them where the size changed, or at the first call. */
  look(emulator: Emulator): number;
}

/** Content, foreground, background and underline of a cell. */
const WORDS = 4;

const BLANK = 0x20;
const RGB_PARTS = 0xffffff;
const INDEX = 0xff;
/** Default colours: no packed colour has this bit. */
const DEFAULT_INK = 0x4000000;
const DEFAULT_PAPER = 0x4000001;

/** Style and colour of an underline as xterm.js packs them (buffer/AttributeData.ts). */
const UNDERLINE_LOOK = 0x1fffffff;
const SINGLE = 1 << 26;
const DASHED = 5 << 26;

function colour(packed: number, none: number): number {
  switch (packed & cells.COLOUR_MODE) {
    case 0:
      return none;
    case cells.COLOUR_RGB:
      return cells.COLOUR_RGB | (packed & RGB_PARTS);
    default:
      return cells.COLOUR_256 | (packed & INDEX);
  }
}

const ink = (fg: number, bg: number): number =>
  (fg & cells.FG_INVERSE) === 0 ? colour(fg, DEFAULT_INK) : colour(bg, DEFAULT_PAPER);

const paper = (fg: number, bg: number): number =>
  (fg & cells.FG_INVERSE) === 0 ? colour(bg, DEFAULT_PAPER) : colour(fg, DEFAULT_INK);

const isBlank = (content: number, fg: number): boolean =>
  (fg & cells.FG_INVISIBLE) !== 0 ||
  ((content & cells.IS_COMBINED) === 0 && ((content & cells.CODE_MASK) === 0 || (content & cells.CODE_MASK) === BLANK));

function underline(line: Line, x: number, fg: number, bg: number): number {
  const extended = (bg & cells.BG_EXTENDED) === 0 ? undefined : line._extendedAttrs[x];
  if (extended !== undefined && extended._urlId !== 0) return DASHED;
  if ((fg & cells.FG_UNDERLINE) === 0) return 0;
  return extended === undefined ? SINGLE : extended._ext & UNDERLINE_LOOK || SINGLE;
}

const FG_WEIGHT = cells.FG_BOLD | cells.FG_BLINK;
const BG_WEIGHT = cells.BG_ITALIC | cells.BG_DIM;

export function createSight(): Sight {
  let seen = new Uint32Array();
  /** Texts of joined characters, by cell. */
  const texts = new Map<number, string>();
  let width = 0;

  /** Whether the cell that was kept at `at` looks like this one. */
  const alike = (at: number, content: number, fg: number, bg: number, under: number, text: string | undefined): boolean => {
    const oldContent = seen[at]!;
    const oldFg = seen[at + 1]!;
    const oldBg = seen[at + 2]!;
    if (paper(oldFg, oldBg) !== paper(fg, bg)) return false;
    const lines = (fg & cells.FG_STRIKE) | (bg & cells.BG_OVERLINE);
    if (seen[at + 3] !== under || ((oldFg & cells.FG_STRIKE) | (oldBg & cells.BG_OVERLINE)) !== lines) return false;
    const blank = isBlank(content, fg);
    if (blank !== isBlank(oldContent, oldFg)) return false;
    if (blank) return (under === 0 && lines === 0) || ink(oldFg, oldBg) === ink(fg, bg);
    return (
      oldContent === content &&
      texts.get(at) === text &&
      ink(oldFg, oldBg) === ink(fg, bg) &&
      ((oldFg ^ fg) & FG_WEIGHT) === 0 &&
      ((oldBg ^ bg) & BG_WEIGHT) === 0
    );
  };

  return {
    look: ({ inner }) => {
      const buffer = inner.buffers.active;
      const { cols, rows } = inner._bufferService;
      const size = cols * rows;
      const whole = width !== cols || seen.length !== size * WORDS;
      if (whole) {
        seen = new Uint32Array(size * WORDS);
        texts.clear();
        width = cols;
      }
      let changed = 0;
      let at = 0;
      for (let y = 0; y < rows; y++) {
        const line = screenLine(buffer, y);
        const data = line._data;
        for (let x = 0, i = 0; x < cols; x++, i += cells.CELL_SIZE, at += WORDS) {
          const content = data[i + cells.CONTENT] ?? 0;
          const fg = data[i + cells.FG] ?? 0;
          const bg = data[i + cells.BG] ?? 0;
          const old = seen[at]!;
          const joined = (content & cells.IS_COMBINED) !== 0;
          // The same style: what the characters are decides alone.
          if (
            seen[at + 1] === fg &&
            seen[at + 2] === bg &&
            ((content | old) & cells.IS_COMBINED) === 0 &&
            (bg & cells.BG_EXTENDED) === 0
          ) {
            if (content === old) continue;
            if (!isBlank(content, fg) || !isBlank(old, fg)) changed += 1;
            seen[at] = content;
            continue;
          }
          const under = underline(line, x, fg, bg);
          const text = joined ? line._combined[x] : undefined;
          if (!alike(at, content, fg, bg, under, text)) changed += 1;
          seen[at] = content;
          seen[at + 1] = fg;
          seen[at + 2] = bg;
          seen[at + 3] = under;
          if (text === undefined) texts.delete(at);
          else texts.set(at, text);
        }
      }
      return whole ? size : changed;
    },
  };
}
