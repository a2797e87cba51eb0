// What each code point of a stream is to a terminal, by the rules of shared/terminal/rules.ts: text, a control, or part of a sequence or a
// string. One state for all output, because a terminal has one parser; one for input, where sequences are keys.
// https://vt100.net/emu/dec_ansi_parser

/** `first` is the code after ESC that says what a sequence is: a sequence is taken back by making it a string terminator, `\`. */
export const TEXT = 0;
export const CONTROL = 1;
export const ESCAPE = 2;
export const SEQUENCE_FIRST = 3;
export const SEQUENCE = 4;
export const STRING_FIRST = 5;
export const STRING = 6;
export type TokenClass = 0 | 1 | 2 | 3 | 4 | 5 | 6;

const GROUND = 0;
const AFTER_ESCAPE = 1;
const INTERMEDIATE = 2;
const CSI = 3;
const OSC = 4;
const CONTROL_STRING = 5;
const KEY = 6;

const BEL = 0x07;
const BACKSPACE = 0x08;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const DEL = 0x7f;

/** Introducers of strings that only ESC, CAN and SUB end: P X ^ _ k. */
const CONTROL_STRINGS = new Set([0x50, 0x58, 0x5e, 0x5f, 0x6b]);

export class Tokens {
  readonly #typed: boolean;
  state = GROUND;

  constructor(typed: boolean) {
    this.#typed = typed;
  }

  /** A string has begun and not ended. */
  get inString(): boolean {
    return this.state === OSC || this.state === CONTROL_STRING;
  }

  /** Nothing is under way: the next printable character is text. */
  get inText(): boolean {
    return this.state === GROUND;
  }

  next(code: number): TokenClass {
    if (code === ESC) {
      this.state = AFTER_ESCAPE;
      return ESCAPE;
    }
    if (code === CAN || code === SUB) {
      this.state = GROUND;
      return CONTROL;
    }
    switch (this.state) {
      case GROUND:
        return code < 0x20 || code === DEL ? CONTROL : TEXT;
      case AFTER_ESCAPE:
        return this.#afterEscape(code);
      case INTERMEDIATE:
        if (code < 0x20) return CONTROL;
        if (code >= 0x30 && code < DEL) this.state = GROUND;
        return SEQUENCE;
      case CSI:
        if (code < 0x20) return CONTROL;
        if (code >= 0x40 && code < DEL) this.state = GROUND;
        return SEQUENCE;
      case KEY:
        this.state = GROUND;
        return code < 0x20 ? CONTROL : SEQUENCE;
      case OSC:
        if (code === BEL) this.state = GROUND;
        return STRING;
      default:
        return STRING;
    }
  }

  #afterEscape(code: number): TokenClass {
    if (this.#typed && (code < 0x20 || code === DEL)) {
      // A key with Alt: nothing else follows.
      this.state = GROUND;
      return code === BACKSPACE || code === DEL ? SEQUENCE_FIRST : CONTROL;
    }
    if (code < 0x20) return CONTROL;
    if (code === 0x5b) {
      this.state = CSI;
      return SEQUENCE_FIRST;
    }
    if (code === 0x5d || CONTROL_STRINGS.has(code)) {
      this.state = code === 0x5d ? OSC : CONTROL_STRING;
      // What is typed holds answers of the terminal in such strings, and single keys with Alt.
      if (this.#typed && code !== 0x5d && code !== 0x50) this.state = GROUND;
      return this.state === GROUND ? SEQUENCE_FIRST : STRING_FIRST;
    }
    if (this.#typed && code === 0x4f) this.state = KEY;
    else if (code >= 0x20 && code < 0x30) this.state = INTERMEDIATE;
    else if (code >= 0x30 && code < DEL) this.state = GROUND;
    return SEQUENCE_FIRST;
  }
}
