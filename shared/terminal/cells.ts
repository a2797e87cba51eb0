// How xterm.js packs a cell: three numbers, `content` (code point, joined flag, width), foreground and background (colour, its
// mode, flags). Source: @xterm/xterm/src/common/buffer/Constants.ts.

export const CELL_SIZE = 3;
export const CONTENT = 0;
export const FG = 1;
export const BG = 2;

export const CODE_MASK = 0x1fffff;
/** The cell's text is in `_combined` of its line. */
export const IS_COMBINED = 0x200000;
export const HAS_CONTENT = CODE_MASK | IS_COMBINED;
export const WIDTH_SHIFT = 22;
export const NARROW = 1 << WIDTH_SHIFT;
export const WIDE = 2 << WIDTH_SHIFT;

export const COLOUR_MODE = 0x3000000;
export const COLOUR_16 = 0x1000000;
export const COLOUR_256 = 0x2000000;
export const COLOUR_RGB = 0x3000000;

export const FG_INVERSE = 0x4000000;
export const FG_BOLD = 0x8000000;
export const FG_UNDERLINE = 0x10000000;
export const FG_BLINK = 0x20000000;
export const FG_INVISIBLE = 0x40000000;
export const FG_STRIKE = 0x80000000;

export const BG_ITALIC = 0x4000000;
export const BG_DIM = 0x8000000;
/** The cell has an entry in `_extendedAttrs` of its line. */
export const BG_EXTENDED = 0x10000000;
export const BG_OVERLINE = 0x40000000;
