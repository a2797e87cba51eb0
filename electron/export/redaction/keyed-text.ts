// The text that keys make which are reported as sequences, read from the bytes of any file: the body of such a sequence is the same in raw
// bytes and in JSON, whatever stands there for ESC. Base64 is read too.

import { MAX_KEY, reportedKey } from './key-codes.ts';

/** Hears a UTF-16 unit that a key made, and the first byte of what reported it. */
export type KeyHeard = (unit: number, from: number) => void;

const BRACKET = 0x5b;
/** `u`, `~`, `_`. */
const FINALS: ReadonlySet<number> = new Set([0x75, 0x7e, 0x5f]);

/** Digits, colon and semicolon. */
const isParameter = (byte: number): boolean => byte >= 0x30 && byte <= 0x3b;

/** Reads the bodies of sequences in a run of bytes. */
class Bodies {
  readonly #heard: KeyHeard;
  #body = '';
  #from = 0;

  constructor(heard: KeyHeard) {
    this.#heard = heard;
  }

  push(byte: number, at: number): void {
    if (byte === BRACKET) {
      this.#body = '[';
      this.#from = at;
    } else if (this.#body === '') return;
    else if (isParameter(byte) && this.#body.length < MAX_KEY) this.#body += String.fromCharCode(byte);
    else {
      const keys = FINALS.has(byte) ? reportedKey(this.#body + String.fromCharCode(byte))?.keys : undefined;
      this.#body = '';
      if (keys === undefined || typeof keys === 'string') return;
      const text = String.fromCodePoint(...keys);
      for (let i = 0; i < text.length; i++) this.#heard(text.charCodeAt(i), this.#from);
    }
  }
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const NO_DIGIT = 64;
/** The value of each byte as a digit of base64, of both alphabets. */
const VALUES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = DIGITS.indexOf(String.fromCharCode(byte));
  if (value >= 0) return value;
  return byte === 0x2b || byte === 0x2d ? 62 : byte === 0x2f || byte === 0x5f ? 63 : NO_DIGIT;
});

/** Gives a reader of one file: it takes the bytes in order, each with its place. */
export function readKeyedText(raw: KeyHeard, base64: KeyHeard): (byte: number, at: number) => void {
  const plain = new Bodies(raw);
  const decoded = new Bodies(base64);
  let bits = 0;
  let held = 0;
  return (byte, at) => {
    plain.push(byte, at);
    const value = VALUES[byte]!;
    if (value === NO_DIGIT) {
      held = 0;
      return;
    }
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held < 8) return;
    held -= 8;
    decoded.push((bits >> held) & 0xff, at);
  };
}
