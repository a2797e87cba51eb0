// A screen drawn small on a canvas: the same cells and colours as the screen itself, without a terminal in the page. For a glance at a moment.

import * as cells from '../../shared/terminal/cells.ts';
import { screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { indexedColour } from '../../shared/terminal/palette.ts';
import { cellText } from '../../shared/terminal/text.ts';
import type { Box } from './fit.ts';
import { FONT } from './glyphs.ts';
import { COLOURS } from './terminal-dom.ts';

/** Of a cell of the face, as shares of its size: width, height, and where its text stands. */
const FACE = { width: 0.602, height: 1.17, base: 0.93 };

const ANSI: readonly string[] = [
  COLOURS.black,
  COLOURS.red,
  COLOURS.green,
  COLOURS.yellow,
  COLOURS.blue,
  COLOURS.magenta,
  COLOURS.cyan,
  COLOURS.white,
  COLOURS.brightBlack,
  COLOURS.brightRed,
  COLOURS.brightGreen,
  COLOURS.brightYellow,
  COLOURS.brightBlue,
  COLOURS.brightMagenta,
  COLOURS.brightCyan,
  COLOURS.brightWhite,
];

function colourOf(packed: number, none: string): string {
  switch (packed & cells.COLOUR_MODE) {
    case 0:
      return none;
    case cells.COLOUR_RGB:
      return `#${(packed & 0xffffff).toString(16).padStart(6, '0')}`;
    default:
      return ANSI[packed & 0xff] ?? indexedColour(packed & 0xff);
  }
}

interface Look {
  readonly ink: string;
  readonly paper: string;
}

function lookOf(line: Line, x: number): Look {
  const fg = line._data[x * cells.CELL_SIZE + cells.FG]!;
  const bg = line._data[x * cells.CELL_SIZE + cells.BG]!;
  const ink = colourOf(fg, COLOURS.foreground);
  const paper = colourOf(bg, COLOURS.background);
  return (fg & cells.FG_INVERSE) === 0 ? { ink, paper } : { ink: paper, paper: ink };
}

/** Draws the visible screen as large as fits the box (CSS pixels), and gives the canvas its size. */
export function drawPicture({ inner }: Emulator, canvas: HTMLCanvasElement, box: Box): void {
  const buffer = inner.buffers.active;
  const { cols, rows } = inner._bufferService;
  const size = Math.min(box.width / (cols * FACE.width), box.height / (rows * FACE.height));
  const width = size * FACE.width;
  const height = size * FACE.height;
  const ratio = devicePixelRatio;
  canvas.width = Math.ceil(cols * width * ratio);
  canvas.height = Math.ceil(rows * height * ratio);
  canvas.style.width = `${String(cols * width)}px`;
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  context.fillStyle = COLOURS.background;
  context.fillRect(0, 0, cols * width, rows * height);
  context.font = `${String(size)}px ${FONT}`;
  for (let y = 0; y < rows; y++) {
    const line = screenLine(buffer, y);
    for (let x = 0; x < Math.min(cols, line.length);) {
      const { ink, paper } = lookOf(line, x);
      const from = x;
      let text = '';
      do {
        const hidden = (line._data[x * cells.CELL_SIZE + cells.FG]! & cells.FG_INVISIBLE) !== 0;
        text += (hidden ? '' : cellText(line, x)) || ' ';
        x += 1;
        const next = x < Math.min(cols, line.length) ? lookOf(line, x) : null;
        // A cell that is not plain ASCII stands for itself: its glyph may have another width.
        if (next?.ink !== ink || next.paper !== paper || !/^[ -~]+$/.test(text)) break;
      } while (/^[ -~]?$/.test(cellText(line, x)));
      if (paper !== COLOURS.background) {
        context.fillStyle = paper;
        context.fillRect(from * width, y * height, (x - from) * width, height);
      }
      if (text.trim() === '') continue;
      context.fillStyle = ink;
      context.fillText(text, from * width, y * height + size * FACE.base);
    }
  }
}
