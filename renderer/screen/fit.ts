// How large a recorded screen is drawn: as large as fits, within limits. The recorded size never changes: what does not fit at the
// smallest readable size scrolls.

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Of a cell, as shares of the font size. */
export interface CellShape {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels. */
export const SMALLEST = 9;
export const LARGEST = 22;

/** Steps of the font size: whole and half pixels are drawn sharply. */
export const STEP = 0.5;

/** Font size in CSS pixels for `cols` by `rows` cells in a box, no smaller than `least`. */
export function fontSizeFor(box: Box, cols: number, rows: number, cell: CellShape, least = SMALLEST): number {
  const byWidth = box.width / (cols * cell.width);
  const byHeight = box.height / (rows * cell.height);
  const size = Math.floor(Math.min(byWidth, byHeight) / STEP) * STEP;
  return Math.max(least, Math.min(LARGEST, Number.isFinite(size) ? size : least));
}
