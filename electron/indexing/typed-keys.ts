// The keys of one command line, for as long as they alone say what the line is: printable characters and backspace. A key that lets
// the program change the line (completion, history, editing) ends that, and the line is then read from the screen.

import { TextDecoder } from 'node:util';
import { withoutLast } from './key-sequence.ts';

/** Longest line that is kept, in UTF-16 units. */
const MAX_LINE = 8192;

/** ^C */
const INTERRUPT = '\u0003';

/** ^D, ^Z, ^\: they end or stop what reads; within a line they do not. */
const ENDING = new Set(['\u0004', '\u001a', '\u001c']);

/** What a terminal sends around a paste, so that its Enter is text. */
const PASTE_BEGINS = '\u001b[200~';
const PASTE_ENDS = '\u001b[201~';

export interface KeyedLine {
  /** What the keys make, or null where they alone do not say it. */
  readonly text: string | null;
}

export class TypedKeys {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #text = '';
  #simple = true;
  #begun = false;
  /** What came of the sequence that begins or ends a paste. */
  #sequence = '';
  #pasting = false;

  /** A new line begins. */
  clear(): void {
    this.#text = '';
    this.#simple = true;
    this.#begun = false;
    this.#pasting = false;
  }

  /** Another program than the one that took the first keys may take the rest of the line: the keys alone do not say what it is. */
  spoil(): void {
    if (this.#begun) this.#simple = false;
  }

  /** Whether keys of a line were typed since Enter, ^C or ^D ended the one before; they may have been erased again. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Takes keys as they came, and gives back the lines that Enter ended, in order. */
  push(bytes: Uint8Array): KeyedLine[] {
    const ended: KeyedLine[] = [];
    for (const key of this.#decoder.decode(bytes, { stream: true })) {
      if (this.#isOfPaste(key)) continue;
      const isEmpty = this.#simple && this.#text === '';
      this.#begun = true;
      if (this.#pasting && key !== INTERRUPT) this.#paste(key);
      else if (key === '\r' || key === '\n') {
        ended.push({ text: this.#simple && this.#text.length < MAX_LINE ? this.#text : null });
        this.clear();
      } else if (key === INTERRUPT || (ENDING.has(key) && isEmpty)) this.clear();
      else if (key === '\u007f' || key === '\b') this.#text = withoutLast(this.#text);
      else if (key === '\u0015') {
        this.#text = '';
        this.#simple = true;
      } else if (key < ' ') this.#simple = false;
      else if (this.#text.length < MAX_LINE) this.#text += key;
    }
    return ended;
  }

  /** Whether a key is of the sequence that begins or ends a paste. One that turns out to be another has made the line unknown. */
  #isOfPaste(key: string): boolean {
    if (this.#sequence === '' && key !== '\u001b') return false;
    this.#sequence += key;
    const whole = this.#pasting ? PASTE_ENDS : PASTE_BEGINS;
    if (whole === this.#sequence) {
      this.#sequence = '';
      this.#pasting = !this.#pasting;
      this.#begun = true;
      return true;
    }
    if (whole.startsWith(this.#sequence)) return true;
    this.#sequence = '';
    this.#simple = false;
    return false;
  }

  #paste(key: string): void {
    if (this.#text.length < MAX_LINE) this.#text += key === '\r' ? '\n' : key;
  }
}
