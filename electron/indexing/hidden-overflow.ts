// Text that was printed beyond the right edge while the screen did not wrap: each character takes the place of the one before it in the
// last column, and only the last one can be seen.

import type { Line } from '../../shared/terminal/internals.ts';
import { widthOf } from '../../shared/terminal/widths.ts';
import { MAX_TEXT, notSearched, substance, type Instant, type Suspect } from './hidden-findings.ts';
import type { Readable } from './hidden-readable.ts';

/** Letters and digits that make a text: fewer are the end of a line that was cut. */
const LEAST = 4;

const MAX_CUT = 4000;

interface Cut {
  readonly line: Line;
  readonly row: number;
  readonly col: number;
  readonly from: Instant;
  to: Instant;
  text: string;
}

export class Overflow {
  readonly #emit: (suspect: Suspect) => void;
  readonly #cuts: Cut[] = [];
  #open: Cut | null = null;

  constructor(emit: (suspect: Suspect) => void) {
    this.#emit = emit;
  }

  /** A run is about to be printed from column `x` on, on a screen of `cols` columns that does not wrap. */
  printed(line: Line, row: number, x: number, codes: Uint32Array, start: number, end: number, cols: number, now: Instant): void {
    const open = this.#open;
    // A wide character leaves the cursor in the last column, where it has no room.
    const edge = widthOf(codes[start]!) > 1 ? cols - 1 : cols;
    if (open !== null && (open.line !== line || x < edge)) this.#open = null;
    let first = start;
    for (let at = x; first < end && at + widthOf(codes[first]!) < cols; first++) at += widthOf(codes[first]!);
    if (end <= first) return;
    const cut = (this.#open ??= { line, row, col: cols - 1, from: now, to: now, text: '' });
    const before = cut.text.length;
    if (before < MAX_TEXT) cut.text += String.fromCodePoint(...codes.subarray(first, Math.min(end, first + MAX_TEXT)));
    cut.to = now;
    // The first one alone fills the row.
    if (before > 1 || cut.text.length <= 1) return;
    if (this.#cuts.length < MAX_CUT) this.#cuts.push(cut);
    else
      this.#emit(notSearched('text beyond the edge', `From here on it is not judged: ${String(MAX_CUT)} pieces of it are.`, now));
  }

  finish(readable: Readable): void {
    for (const { text, row, col, from, to } of this.#cuts) {
      // The last one stands.
      const lost = Array.from(text).slice(0, -1).join('').trim();
      if (substance(lost) < LEAST || readable.text(lost)) continue;
      const note = 'Printed beyond the right edge of a screen that did not wrap.';
      this.#emit({ cause: 'off-screen', text: lost, from, to: to.at, place: { row, col }, note });
    }
  }
}
