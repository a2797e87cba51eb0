// How large a recorded screen is drawn: as large as fits, within limits. The recorded size never changes: what does not fit at the
// smallest readable size scrolls.

/** CSS pixels. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels. */
export const SMALLEST = 9;
export const LARGEST = 22;

/** Steps of the font size: whole and half pixels are drawn sharply. */
export const STEP = 0.5;

/**
 * The largest font size at which `cols` by `rows` cells fit in a box, no smaller than `least`; CSS pixels. `cellAt`: the size of a cell at a
 * font size, which need not grow evenly: cells are whole pixels high.
 */
export function fontSizeFor(box: Box, cols: number, rows: number, cellAt: (size: number) => Box, least = SMALLEST): number {
  const fits = (size: number): boolean => {
    const { width, height } = cellAt(size);
    return width * cols <= box.width && height * rows <= box.height;
  };
  let size = LARGEST;
  while (size > least && !fits(size)) size -= STEP;
  return size;
}
