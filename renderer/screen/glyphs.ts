// Sizes of glyphs and cells, told by a canvas without any layout of the page, and remembered: sizes of the face change with every recorded
// size of the screen, and a seek may not measure anew what an earlier one has measured. What is remembered lasts until a face is loaded.

import type { Box } from './fit.ts';

export const FONT = "'DejaVu Mono', 'DejaVu Sans Mono', 'Noto Sans Mono', ui-monospace, monospace";

/** Glyphs that are remembered: a recording may print every character there is, in every style. */
const MOST = 16_384;

const widths = new Map<string, number>();
const cells = new Map<string, Box>();
let ruler: CanvasRenderingContext2D | null = null;

function measure(font: string, text: string): TextMetrics {
  if (ruler === null) {
    ruler = document.createElement('canvas').getContext('2d')!;
    document.fonts.addEventListener('loadingdone', () => {
      widths.clear();
      cells.clear();
    });
  }
  ruler.font = font;
  return ruler.measureText(text);
}

/** Width of `text` in CSS pixels. `font` as in CSS. */
export function widthOf(font: string, text: string): number {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  const { width } = measure(font, text);
  if (widths.size >= MOST) widths.clear();
  widths.set(key, width);
  return width;
}

/** Size of a cell at a font size, all in CSS pixels, as xterm.js has it (CharSizeService.ts, DomRenderer.ts): device pixels are whole in height. */
export function cellAt(size: number): Box {
  const ratio = devicePixelRatio;
  const key = `${String(size)} ${String(ratio)}`;
  const known = cells.get(key);
  if (known !== undefined) return known;
  const { width, fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = measure(`${String(size)}px ${FONT}`, 'W');
  const cell = { width, height: Math.ceil((above + below) * ratio) / ratio };
  cells.set(key, cell);
  return cell;
}
