// The line that keys make when backspace, cursor keys and their kin are applied, with the place of each character: what was typed need
// not have been typed in its order. Completion and history are the program's; what they bring stands in its output.

import { View, type ViewSink } from './views.ts';
import type { Matcher } from './matching.ts';

/** Characters of one line; a longer one is searched and begun anew. */
const MAX_LINE = 4096;

interface Key {
  readonly code: number;
  readonly place: number;
}

const isWord = ({ code }: Key): boolean => code > 0x20;

export class TypedLine {
  readonly #view: View;
  #keys: Key[] = [];
  #at = 0;
  /** Something was typed since the line was searched last. */
  #fresh = false;

  constructor(matcher: Matcher, sink: ViewSink) {
    this.#view = new View(matcher, sink);
  }

  text(code: number, place: number): void {
    if (this.#keys.length >= MAX_LINE) this.end();
    this.#keys.splice(this.#at, 0, { code, place });
    this.#at += 1;
    this.#fresh = true;
  }

  control(code: number): void {
    switch (code) {
      case 0x08:
      case 0x7f:
        this.#remove(this.#at - 1, this.#at);
        return;
      case 0x01: // ^A
        this.#at = 0;
        return;
      case 0x05: // ^E
        this.#at = this.#keys.length;
        return;
      case 0x02: // ^B
        this.#at = Math.max(0, this.#at - 1);
        return;
      case 0x06: // ^F
        this.#at = Math.min(this.#keys.length, this.#at + 1);
        return;
      case 0x17: // ^W
        this.#remove(this.#wordLeft(), this.#at);
        return;
      case 0x0b: // ^K
        this.#remove(this.#at, this.#keys.length);
        return;
      case 0x15: // ^U
        this.#remove(0, this.#at);
        return;
      case 0x04: // ^D deletes forward; in an empty line there is nothing to end
        this.#remove(this.#at, this.#at + 1);
        return;
      case 0x03: // ^C
      case 0x0a:
      case 0x0d:
        this.end();
        return;
      default:
        return;
    }
  }

  /** A key that came as a sequence, without its ESC: `[D`, `[3~`, `OH`. */
  key(sequence: string): void {
    switch (sequence) {
      case '[D':
      case 'OD':
        this.#at = Math.max(0, this.#at - 1);
        return;
      case '[C':
      case 'OC':
        this.#at = Math.min(this.#keys.length, this.#at + 1);
        return;
      case '[H':
      case 'OH':
      case '[1~':
        this.#at = 0;
        return;
      case '[F':
      case 'OF':
      case '[4~':
        this.#at = this.#keys.length;
        return;
      case '[3~':
        this.#remove(this.#at, this.#at + 1);
        return;
      case 'b':
      case '[1;5D':
        this.#at = this.#wordLeft();
        return;
      case 'f':
      case '[1;5C':
        while (this.#at < this.#keys.length && !isWord(this.#keys[this.#at]!)) this.#at += 1;
        while (this.#at < this.#keys.length && isWord(this.#keys[this.#at]!)) this.#at += 1;
        return;
      default:
        return;
    }
  }

  #wordLeft(): number {
    let at = this.#at;
    while (at > 0 && !isWord(this.#keys[at - 1]!)) at -= 1;
    while (at > 0 && isWord(this.#keys[at - 1]!)) at -= 1;
    return at;
  }

  #remove(from: number, to: number): void {
    // What is about to go was there.
    if (to - from > 0) this.#look();
    const removed = this.#keys.splice(Math.max(0, from), to - Math.max(0, from));
    // What is left may be what was meant.
    if (removed.length > 0) this.#fresh = true;
    this.#at = Math.max(0, from);
  }

  #look(): void {
    if (!this.#fresh) return;
    this.#fresh = false;
    for (const { code, place } of this.#keys) this.#view.push(code, place);
    this.#view.end();
  }

  end(): void {
    this.#look();
    this.#keys = [];
    this.#at = 0;
  }
}
