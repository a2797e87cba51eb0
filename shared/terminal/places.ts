// In which cell a character of a line stands, told from its text as print.ts puts it into cells: what has no width, and what follows a
// zero-width joiner, stands in the cell before it, and a wide character that a row has no room for in the next row.

import { widthOf } from './widths.ts';

const JOINER = 0x200d;
const DELETE = 0x7f;

/**
 * The cell of the character at a UTF-16 offset of a line, or of what follows the line at its end. Cells are counted from column 0 of the row
 * in which the line begins, over all rows that it wraps into; `first` is the cell of its first character.
 */
export function cellOf(text: string, at: number, first: number, cols: number): number {
  let cell = first;
  let free = first;
  let behindJoiner = false;
  for (const character of `${text.slice(0, at)}${String.fromCodePoint(text.codePointAt(at) ?? 0x20)}`) {
    const code = character.codePointAt(0)!;
    const width = widthOf(code);
    if (width > 0 && !(behindJoiner && code > DELETE)) {
      const left = cols - (free % cols);
      cell = width > left ? free + left : free;
      free = cell + width;
    }
    behindJoiner = code === JOINER;
  }
  return cell;
}
