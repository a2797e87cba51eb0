// The keys of one command line, for as long as they alone say what the line is: printable characters and backspace. A key that lets
// the program change the line (completion, history, editing) ends that, and the line is then read from the screen.

import { TextDecoder } from 'node:util';
import { withoutLast } from './key-sequence.ts';

/** Longest line that is kept, in UTF-16 units. */
const MAX_LINE = 8192;

export interface KeyedLine {
  /** What the keys make, or null where they alone do not say it. */
  readonly text: string | null;
}

export class TypedKeys {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #text = '';
  #simple = true;
  #begun = false;

  /** A new line begins. */
  clear(): void {
    this.#text = '';
    this.#simple = true;
    this.#begun = false;
  }

  /** Whether keys of a line were typed since Enter, ^C or ^D ended the one before; they may have been erased again. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Takes keys as they came, and gives back the lines that Enter ended, in order. */
  push(bytes: Uint8Array): KeyedLine[] {
    const ended: KeyedLine[] = [];
    for (const key of this.#decoder.decode(bytes, { stream: true })) {
      const isEmpty = this.#simple && this.#text === '';
      this.#begun = true;
      if (key === '\r' || key === '\n') {
        ended.push({ text: this.#simple && this.#text.length < MAX_LINE ? this.#text : null });
        this.clear();
      } else if (key === '\u0003' || (key === '\u0004' && isEmpty)) this.clear();
      else if (key === '\u007f' || key === '\b') this.#text = withoutLast(this.#text);
      else if (key === '\u0015') {
        this.#text = '';
        this.#simple = true;
      } else if (key < ' ') this.#simple = false;
      else if (this.#text.length < MAX_LINE) this.#text += key;
    }
    return ended;
  }
}
