// The colours that a recording can name: 16 by theme, a cube of 216, 24 greys, and any other by its parts. One palette for the
// window, stills and reports. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html (256-colour resources)

import { COLOUR_16, COLOUR_256, COLOUR_MODE, COLOUR_RGB } from './cells.ts';

/** Default colours, for cells that name none. */
export const FOREGROUND = '#d4d4d4';
export const BACKGROUND = '#16181d';

/** Black, red, green, yellow, blue, magenta, cyan, white, and the bright ones. */
export const ANSI: readonly string[] = [
  '#21252b #e06c75 #98c379 #e5c07b #61afef #c678dd #56b6c2 #c8ccd4',
  '#6b7280 #ff7b86 #b5e890 #ffd78a #82c7ff #dd9bf0 #7fdbe6 #ffffff',
].flatMap((row) => row.split(' '));

const hex = (value: number): string => value.toString(16).padStart(2, '0');

/** One of the 256 indexed colours. */
export function indexedColour(index: number): string {
  if (index < 16) return ANSI[index]!;
  if (index >= 232) return `#${hex(8 + (index - 232) * 10).repeat(3)}`;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return `#${hex(level(Math.floor(cube / 36)))}${hex(level(Math.floor(cube / 6) % 6))}${hex(level(cube % 6))}`;
}

/** The colour of a cell's foreground or background number; null for the default one. */
export function colourOf(packed: number): string | null {
  switch (packed & COLOUR_MODE) {
    case COLOUR_16:
    case COLOUR_256:
      return indexedColour(packed & 0xff);
    case COLOUR_RGB:
      return `#${(packed & 0xffffff).toString(16).padStart(6, '0')}`;
    default:
      return null;
  }
}
