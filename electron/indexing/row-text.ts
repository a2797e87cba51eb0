// The text of a row of the emulated screen.

import { CELL_SIZE, CODE_MASK, CONTENT, IS_COMBINED } from '../../shared/terminal/cells.ts';
import type { Line } from '../../shared/terminal/internals.ts';

const units = new Uint16Array(2048);

/**
 * Text of a row up to column `end`: never-written cells are blanks. Where the row is wrapped, the filler before a wide character
 * that did not fit is nothing.
 */
export function rowText(line: Line, wrapsOn: boolean, end = line.length): string {
  const data = line._data;
  let out = '';
  let length = 0;
  for (let x = 0; x < end; x++) {
    const content = data[x * CELL_SIZE + CONTENT]!;
    const code = content & CODE_MASK;
    if ((content & IS_COMBINED) === 0 && code < 0x10000) {
      if (content === 0) continue; // right half of a wide character
      if (code === 0 && wrapsOn && x === line.length - 1) continue;
      units[length++] = code === 0 ? 0x20 : code;
      if (length < units.length) continue;
    }
    out += String.fromCharCode(...units.subarray(0, length));
    length = 0;
    if ((content & IS_COMBINED) !== 0) out += line._combined[x]!;
    else if (code >= 0x10000) out += String.fromCodePoint(code);
  }
  return out + String.fromCharCode(...units.subarray(0, length));
}
