// Lines pasted at once into a shell without line editing (dash, sh, ksh). The terminal echoes all of them at once below the first;
// then the shell reads one line for each prompt that it prints, and shows none of them again. A program that it runs may take some
// as its input: only where there are as many prompts as lines is each of them a command, or goes on with the one before it.

import type { Micros } from '../../shared/recording/time.ts';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { rowText } from '../../shared/terminal/text.ts';
import { cursorLine, placeOf } from './cursor-line.ts';

/** What sh asks the rest of an unfinished command with. */
const MORE = '> ';

/** Rows that are looked at, at most, from where the last look ended. */
const MAX_ROWS = 4096;

/** How one line was read. */
export interface Read {
  /** It belongs to the command before it. */
  readonly continues: boolean;
  /** When the prompt behind it stood. */
  readonly end: Micros;
}

export class PastedLines {
  /** The lines, of which the first was typed at the prompt. */
  readonly texts: readonly string[];
  readonly #prompt: string;
  /** The row that is looked at next, or the one above it where that is still to come. */
  #row: Line;
  #echoed = 1;
  /** Prompts before that row: whether each asks for more. */
  #prompts: readonly boolean[] = [];
  /** When each prompt was seen first. */
  readonly #seen: Micros[] = [];

  constructor(prompt: string, head: Line, texts: readonly string[]) {
    this.#prompt = prompt;
    this.#row = head;
    this.texts = texts;
  }

  /** Whether the echo of all lines was seen. */
  get isEchoed(): boolean {
    return this.#echoed === this.texts.length;
  }

  /** Reads on what the screen shows. Gives what became of each line once that is known; null where it will not be; else undefined. */
  read(emulator: Emulator, at: Micros): readonly Read[] | null | undefined {
    const { lines, ybase, y } = emulator.inner.buffers.active;
    let row = placeOf(emulator, this.#row);
    if (row < 0) return null;
    const last = ybase + y;
    for (row += 1; !this.isEchoed && row < last; row++) {
      if (rowText(lines.get(row)!).trimEnd() !== this.texts[this.#echoed]!.trimEnd()) return null;
      this.#echoed += 1;
      this.#row = lines.get(row)!;
    }
    if (!this.isEchoed) return undefined;
    if (last - row > MAX_ROWS) return null;
    for (; row < last; row++) {
      this.#prompts = this.#promptsOf(`${rowText(lines.get(row)!)} `).prompts;
      this.#row = lines.get(row)!;
    }
    if (this.#prompts.length >= this.texts.length) return null;
    const { prompts, rest } = this.#promptsOf(cursorLine(emulator, null).before);
    while (this.#seen.length < prompts.length) this.#seen.push(at);
    if (prompts.length !== this.texts.length || rest !== '' || prompts.at(-1) === true) return undefined;
    return this.texts.map((_text, i) => ({ continues: i > 0 && prompts[i - 1]!, end: this.#seen[i]! }));
  }

  /** All prompts so far with those that a row begins with, and what stands behind them. */
  #promptsOf(row: string): { readonly prompts: readonly boolean[]; readonly rest: string } {
    const prompts = [...this.#prompts];
    let rest = row;
    while (rest !== '' && prompts.length <= this.texts.length) {
      const continues = !rest.startsWith(this.#prompt);
      if (continues && !rest.startsWith(MORE)) break;
      rest = rest.slice(continues ? MORE.length : this.#prompt.length);
      prompts.push(continues);
    }
    return { prompts, rest };
  }
}
