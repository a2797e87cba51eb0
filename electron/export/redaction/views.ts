// A stream read as text: a run of code points with the place of each, searched in pieces that overlap, so that memory stays flat however
// long the stream is.

import { OVERLAP, type Matcher } from './matching.ts';

export interface ViewSink {
  match(text: string, places: readonly number[], rule: number): void;
}

/** UTF-16 units that are searched at once. */
const PIECE = 8 * OVERLAP;
const LINE_FEED = 0x0a;
const NO_PLACE = -1;

const decoder = new TextDecoder('utf-16le');

export class View {
  readonly #matcher: Matcher;
  readonly #sink: ViewSink;
  readonly #units = new Uint16Array(PIECE);
  readonly #places = new Float64Array(PIECE);
  #length = 0;
  /** Units at the beginning that were searched in the piece before. */
  #known = 0;

  constructor(matcher: Matcher, sink: ViewSink) {
    this.#matcher = matcher;
    this.#sink = sink;
  }

  push(code: number, place: number): void {
    if (this.#length + 2 > PIECE) this.#turn();
    if (code < 0x10000) this.#unit(code, place);
    else {
      this.#unit(0xd800 + ((code - 0x10000) >> 10), place);
      this.#unit(0xdc00 + ((code - 0x10000) & 0x3ff), place);
    }
  }

  #unit(unit: number, place: number): void {
    this.#units[this.#length] = unit;
    this.#places[this.#length++] = place;
  }

  /** What follows stands elsewhere. */
  break(): void {
    if (this.#length > 0 && this.#units[this.#length - 1] === LINE_FEED) return;
    this.push(LINE_FEED, NO_PLACE);
  }

  #turn(): void {
    this.flush();
    this.#units.copyWithin(0, this.#length - OVERLAP, this.#length);
    this.#places.copyWithin(0, this.#length - OVERLAP, this.#length);
    this.#length = OVERLAP;
    this.#known = OVERLAP;
  }

  /** Searches what was not searched yet. */
  flush(): void {
    if (this.#length === this.#known) return;
    const text = decoder.decode(new Uint8Array(this.#units.buffer, 0, this.#length * 2));
    for (const { start, end, rule } of this.#matcher.find(text, true)) {
      const places = Array.from(this.#places.subarray(start, end)).filter((place) => place !== NO_PLACE);
      this.#sink.match(text.slice(start, end), places, rule);
    }
    this.#known = this.#length;
  }

  /** A view of another stream that goes on from what this one holds. */
  copy(): View {
    const other = new View(this.#matcher, this.#sink);
    other.#units.set(this.#units.subarray(0, this.#length));
    other.#places.set(this.#places.subarray(0, this.#length));
    other.#length = this.#length;
    other.#known = this.#known;
    return other;
  }

  /** Empties it after a last search: what comes is unrelated. */
  end(): void {
    this.flush();
    this.#length = 0;
    this.#known = 0;
  }
}
