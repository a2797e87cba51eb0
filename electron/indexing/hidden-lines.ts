// Lines of output that hold characters which no screen shows, gathered whole: such a line may come in any pieces, and what a mark does
// is told by the text on both sides of it.

import type { Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { rowText } from '../../shared/terminal/text.ts';
import { widthOf } from '../../shared/terminal/widths.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { hiddenCharacters, isSuspicious } from './hidden-characters.ts';
import type { Instant, Suspect } from './hidden-findings.ts';

/** Code points of a line that are gathered. */
const MAX_LINE = 4096;

interface Gathered {
  line: Line;
  readonly row: number;
  readonly from: Instant;
  readonly codes: number[];
}

export class HiddenLines {
  readonly #emulator: Emulator;
  readonly #emit: (suspect: Suspect) => void;
  #gathered: Gathered | null = null;

  constructor(emulator: Emulator, emit: (suspect: Suspect) => void) {
    this.#emulator = emulator;
    this.#emit = emit;
  }

  /** Whether a line is being gathered: then every run is wanted, not only those with such characters. */
  get open(): boolean {
    return this.#gathered !== null;
  }

  printed(line: Line, row: number, x: number, codes: Uint32Array, suspicious: boolean, now: Instant): void {
    const open = this.#gathered;
    const goesOn = open !== null && (line === open.line || line.isWrapped) && open.codes.length < MAX_LINE;
    if (!goesOn) {
      this.flush(now.at);
      if (!suspicious) return;
      const before = Array.from(rowText(line, x), (character) => character.codePointAt(0)!);
      // What is invisible there was gathered before.
      this.#gathered = { line, row, from: now, codes: before.filter((code) => !isSuspicious(code)) };
    } else open.line = line;
    for (const code of codes.subarray(0, MAX_LINE)) this.#gathered!.codes.push(code);
  }

  flush(to: Micros): void {
    const gathered = this.#gathered;
    this.#gathered = null;
    if (gathered === null) return;
    const { codes, row, from } = gathered;
    const { cols, rows } = this.#emulator.terminal;
    for (const { cause, text, note, at } of hiddenCharacters(codes)) {
      const cells = codes.slice(0, at).reduce((sum, code) => sum + widthOf(code), 0);
      const place = { row: Math.min(row + Math.floor(cells / cols), rows - 1), col: cells % cols };
      this.#emit({ cause, text, from, to, place, note });
    }
  }
}
