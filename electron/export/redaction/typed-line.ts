// The line that keys make when backspace, cursor keys and their kin are applied, with the place of each character: what was typed need
// not have been typed in its order. What was cut and comes back keeps its places. Completion and history are the program's; what they bring stands in its output.

import { View, type ViewSink } from './views.ts';
import type { Matcher } from './matching.ts';

/** Characters of one line; a longer one is searched and begun anew. */
const MAX_LINE = 4096;

interface Key {
  readonly code: number;
  readonly place: number;
}

/** Words as ^W takes them, and as the keys with Alt do (of readline: letters and digits). */
const isWord = ({ code }: Key): boolean => code > 0x20;
const isLetter = ({ code }: Key): boolean => /[\p{L}\p{N}]/u.test(String.fromCodePoint(code));

export class TypedLine {
  readonly #view: View;
  #keys: Key[] = [];
  #at = 0;
  /** What was cut last, for ^Y, and whether the last key cut: what cuts one after another is one. */
  #cut: Key[] = [];
  #cutting = false;
  /** Something was typed since the line was searched last. */
  #fresh = false;

  constructor(matcher: Matcher, sink: ViewSink) {
    this.#view = new View(matcher, sink);
  }

  text(code: number, place: number): void {
    this.#cutting = false;
    if (this.#keys.length >= MAX_LINE) this.end();
    this.#keys.splice(this.#at, 0, { code, place });
    this.#at += 1;
    this.#fresh = true;
  }

  control(code: number): void {
    const wasCutting = this.#cutting;
    this.#cutting = false;
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
        this.#cutOut(this.#wordLeft(isWord), this.#at, wasCutting);
        return;
      case 0x0b: // ^K
        this.#cutOut(this.#at, this.#keys.length, wasCutting);
        return;
      case 0x15: // ^U
        this.#cutOut(0, this.#at, wasCutting);
        return;
      case 0x19: // ^Y
        this.#insert(this.#cut);
        return;
      case 0x14: // ^T
        this.#transpose();
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
    const wasCutting = this.#cutting;
    this.#cutting = false;
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
        this.#at = this.#wordLeft(isLetter);
        return;
      case 'f':
      case '[1;5C':
        this.#at = this.#wordRight();
        return;
      case 'd':
      case '[3;5~':
        this.#cutOut(this.#at, this.#wordRight(), wasCutting);
        return;
      case '\u0008':
      case '\u007f':
        this.#cutOut(this.#wordLeft(isLetter), this.#at, wasCutting);
        return;
      default:
        return;
    }
  }

  #wordLeft(is: (key: Key) => boolean): number {
    let at = this.#at;
    while (at > 0 && !is(this.#keys[at - 1]!)) at -= 1;
    while (at > 0 && is(this.#keys[at - 1]!)) at -= 1;
    return at;
  }

  #wordRight(): number {
    let at = this.#at;
    while (at < this.#keys.length && !isLetter(this.#keys[at]!)) at += 1;
    while (at < this.#keys.length && isLetter(this.#keys[at]!)) at += 1;
    return at;
  }

  #cutOut(from: number, to: number, more: boolean): void {
    const cut = this.#keys.slice(from, to);
    const isBefore = to === this.#at;
    this.#cut = !more ? cut : isBefore ? [...cut, ...this.#cut] : [...this.#cut, ...cut];
    this.#cutting = true;
    this.#remove(from, to);
  }

  #insert(keys: readonly Key[]): void {
    if (keys.length === 0) return;
    this.#look();
    if (this.#keys.length + keys.length > MAX_LINE) this.end();
    this.#keys.splice(this.#at, 0, ...keys);
    this.#at += keys.length;
    this.#fresh = true;
  }

  /** The two characters about the cursor change places, or, at the end of the line, the two before it. */
  #transpose(): void {
    const at = Math.min(this.#at, this.#keys.length - 1);
    if (at < 1 || this.#at === 0) return;
    this.#look();
    const [one, other] = [this.#keys[at - 1]!, this.#keys[at]!];
    this.#keys.splice(at - 1, 2, other, one);
    this.#at = at + 1;
    this.#fresh = true;
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
