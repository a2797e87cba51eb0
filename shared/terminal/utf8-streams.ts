// Bytes of several streams to code points, each stream with its own state: a character of stdout that an event of stderr cuts
// in two still comes out whole. Bytes that are not UTF-8 are left out, and so are C1 controls (U+0080 to U+009F), which no
// terminal of the truth files acts on in UTF-8; the evidence keeps both. https://encoding.spec.whatwg.org/#utf-8-decoder

import { STREAM_NAMES, type StreamName } from '../recording/event.ts';

/** A character that has begun: what is known of it, how many bytes are missing, and the bounds of the next one. */
export interface Utf8State {
  code: number;
  missing: number;
  lower: number;
  upper: number;
}

const FIRST_PRINTABLE = 0xa0;

export class Utf8Streams {
  /** By stream, in the order of STREAM_NAMES. */
  readonly states: readonly Utf8State[] = STREAM_NAMES.map(() => ({ code: 0, missing: 0, lower: 0x80, upper: 0xbf }));

  /** Writes the code points of `bytes` to `codes`, which must have room for as many, and returns how many there are. */
  decode(stream: StreamName, bytes: Uint8Array, codes: Uint32Array): number {
    const state = this.states[STREAM_NAMES.indexOf(stream)]!;
    let { code, missing, lower, upper } = state;
    const length = bytes.length;
    let size = 0;
    let at = 0;
    while (at < length) {
      let byte = bytes[at]!;
      if (missing === 0) {
        while (byte < 0x80) {
          codes[size++] = byte;
          at += 1;
          if (at === length) break;
          byte = bytes[at]!;
        }
        if (at === length) break;
        at += 1;
        if (byte >= 0xc2 && byte <= 0xdf) {
          missing = 1;
          code = byte & 0x1f;
        } else if (byte >= 0xe0 && byte <= 0xef) {
          if (byte === 0xe0) lower = 0xa0;
          if (byte === 0xed) upper = 0x9f;
          missing = 2;
          code = byte & 0x0f;
        } else if (byte >= 0xf0 && byte <= 0xf4) {
          if (byte === 0xf0) lower = 0x90;
          if (byte === 0xf4) upper = 0x8f;
          missing = 3;
          code = byte & 0x07;
        }
        continue;
      }
      if (byte >= lower && byte <= upper) {
        at += 1;
        code = (code << 6) | (byte & 0x3f);
        missing -= 1;
        if (missing === 0 && code >= FIRST_PRINTABLE) codes[size++] = code;
      } else {
        // What began is no character. This byte may begin one.
        missing = 0;
      }
      lower = 0x80;
      upper = 0xbf;
    }
    state.code = missing === 0 ? 0 : code;
    state.missing = missing;
    state.lower = lower;
    state.upper = upper;
    return size;
  }
}
