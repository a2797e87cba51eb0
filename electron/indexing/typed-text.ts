// What was entered, echoed or not: the keys as they came, and the line that they make when backspace and its kin are applied,
// where that is another one. A line ends at Enter, and where a key throws it away (^C, ^D, ^U, ^G): what was never run was
// typed all the same. What arrows and other keys send is left out; the Escape key alone takes nothing that is typed after it.

import type { Micros } from '../../shared/recording/time.ts';
import type { TextLine } from '../library/library.ts';
import { KeyJoiner, MOUSE, MOUSE_BEGUN, withoutLast, withoutLastWord, type Keys } from './key-sequence.ts';
import { LineBuilder, MAX_LINE, type Now } from './line-builder.ts';

/** What a terminal sends for arrows, function keys, letters with Alt, pastes, and reports of mouse and focus. */
const KEY_SEQUENCE = new RegExp(String.raw`^\u001b(?:${MOUSE}|\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O\u0000-\u001f\u007f])`);
/** The beginning of one. */
const BEGUN = new RegExp(String.raw`^\u001b(?:${MOUSE_BEGUN}|\[[0-?]{0,64}[ -/]{0,4}|O)?$`);

export interface TypedLine {
  readonly line: TextLine;
  /** What ended it: a control key, or the end of the recording. */
  readonly by: 'enter' | 'thrown-away' | 'end';
}

export class TypedText {
  readonly #emit: (typed: TypedLine) => void;
  readonly #joiner = new KeyJoiner<Now>();
  readonly #raw = new LineBuilder();
  #edited = '';
  #now: Now = { at: 0 as Micros, index: 0 };

  constructor(emit: (typed: TypedLine) => void) {
    this.#emit = emit;
  }

  push(bytes: Uint8Array, now: Now): void {
    const { escaped, keys } = this.#joiner.next(bytes, now);
    if (escaped !== null) this.#take(escaped);
    this.#now = now;
    this.#take(keys);
  }

  #take({ text: keys, now }: Keys<Now>): void {
    let text = keys;
    while (text !== '') {
      if (text.startsWith('\u001b')) {
        if (BEGUN.test(text)) {
          this.#joiner.hold(text);
          return;
        }
        text = text.slice(KEY_SEQUENCE.exec(text)?.[0].length ?? 1);
        continue;
      }
      // oxlint-disable-next-line no-control-regex
      const plain = /^[^\u0000-\u001f\u007f]+/.exec(text)?.[0];
      if (plain === undefined) {
        this.#key(text.charCodeAt(0), now);
        text = text.slice(1);
        continue;
      }
      const piece = plain.slice(0, MAX_LINE - this.#raw.text.length);
      this.#raw.append(piece, now);
      this.#edited += piece;
      text = text.slice(piece.length);
      if (this.#raw.text.length >= MAX_LINE) this.#end('enter', now);
    }
  }

  #key(code: number, now: Now): void {
    switch (code) {
      case 0x0a:
      case 0x0d:
        this.#end('enter', now);
        return;
      case 0x03: // ^C
      case 0x04: // ^D
      case 0x07: // ^G
      case 0x15: // ^U
        this.#end('thrown-away', now);
        return;
      case 0x08:
      case 0x7f:
        this.#edited = withoutLast(this.#edited);
        return;
      case 0x17: // ^W
        this.#edited = withoutLastWord(this.#edited);
        return;
      case 0x09:
        this.#raw.append('\t', now);
        this.#edited += '\t';
        return;
      default:
        return;
    }
  }

  #end(by: TypedLine['by'], now: Now): void {
    const edited = this.#edited;
    this.#edited = '';
    const line = this.#raw.take(now.at, null);
    if (line === null) return;
    this.#emit({ line, by });
    if (edited.trim() === '' || line.text.includes(edited.trim())) return;
    const whole = new LineBuilder();
    whole.append(edited, now);
    const corrected = whole.take(now.at, null);
    if (corrected !== null) this.#emit({ line: corrected, by });
  }

  finish(): void {
    this.#take({ text: this.#joiner.rest(), now: this.#now });
    this.#end('end', this.#now);
  }
}
