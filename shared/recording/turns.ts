// A decoder written as one straight story that asks for bytes where it needs them, for binary formats and for formats whose
// parts are read in turns (a timing line here says how many bytes to take there). A generator is the state machine: it
// yields the number of the part that it needs more of, and goes on when that part was pushed or has ended.

import { MAX_RECORD_BYTES, type Decoder, type Sink } from './decoder.ts';
import { blankLines, type Line } from './line-reader.ts';

/** A step that may have to wait for a part. */
export type Turn<T> = Generator<number, T, void>;

const LF = 0x0a;

export class Turns implements Decoder {
  readonly #parts: readonly PartBytes[];
  readonly #story: Turn<void>;
  /** The story begins when there is a sink: with the first bytes of the first part. */
  #wanted: number | null = 0;
  #sink: Sink | null = null;

  constructor(parts: number, story: (turns: Turns) => Turn<void>) {
    this.#parts = Array.from({ length: parts }, () => new PartBytes());
    this.#story = story(this);
  }

  wants(): number | null {
    return this.#wanted;
  }

  push(bytes: Uint8Array, sink: Sink): void {
    this.#parts[this.#wanted!]!.push(bytes);
    this.#sink = sink;
    this.#wanted = this.#next();
  }

  end(sink: Sink): void {
    this.#parts[this.#wanted!]!.end();
    this.#sink = sink;
    this.#wanted = this.#next();
  }

  #next(): number | null {
    const { done, value } = this.#story.next();
    return done === true ? null : value;
  }

  /** The sink of the current push. */
  get sink(): Sink {
    return this.#sink!;
  }

  /** Offset of the next byte of a part that will be taken. */
  offset(part: number): number {
    return this.#parts[part]!.offset;
  }

  /** The next `count` bytes of a part, as a copy; fewer only where it ends before. At most {@link MAX_RECORD_BYTES} at a time. */
  *take(part: number, count: number): Turn<Uint8Array<ArrayBuffer>> {
    for (;;) {
      const taken = this.#parts[part]!.take(Math.min(count, MAX_RECORD_BYTES));
      if (taken !== null) return taken;
      yield part;
    }
  }

  /** Gives back the last `count` bytes of the take just made. */
  giveBack(part: number, count: number): void {
    this.#parts[part]!.giveBack(count);
  }

  /** Passes over `count` bytes without holding them, and returns how many there were. */
  *skip(part: number, count: number): Turn<number> {
    let left = count;
    while (left > 0) {
      const taken = yield* this.take(part, Math.min(left, 65_536));
      if (taken.length === 0) break;
      left -= taken.length;
    }
    return count - left;
  }

  /** The next line of a part, most blank ones passed over, its bytes as a copy without their end; null when there is none. */
  *line(part: number): Turn<Line | null> {
    for (;;) {
      const line = this.#parts[part]!.line();
      if (line !== undefined) return line;
      yield part;
    }
  }
}

/** What was pushed of one part and is not used yet: never much more than the last push and what one take asks for. */
class PartBytes {
  #buffer = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #offset = 0;
  #ended = false;
  /** How far the search for the end of the line has come, and what was dropped of a line that is too long. */
  #searched = 0;
  #dropped = 0;
  #lines = 0;

  get offset(): number {
    return this.#offset;
  }

  push(bytes: Uint8Array): void {
    const left = this.#end - this.#start;
    if (this.#end + bytes.length > this.#buffer.length) {
      const needed = left + bytes.length;
      const target = needed > this.#buffer.length ? new Uint8Array(Math.max(needed, left * 2)) : this.#buffer;
      target.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = target;
      this.#start = 0;
    }
    this.#buffer.set(bytes, this.#start + left);
    this.#end = this.#start + left + bytes.length;
  }

  end(): void {
    this.#ended = true;
  }

  take(count: number): Uint8Array<ArrayBuffer> | null {
    const length = Math.min(count, this.#end - this.#start);
    if (length < count && !this.#ended) return null;
    const taken = this.#buffer.slice(this.#start, this.#start + length);
    this.#advance(length);
    return taken;
  }

  giveBack(count: number): void {
    this.#advance(-count);
  }

  /** Undefined when more must be pushed first. */
  line(): Line | null | undefined {
    if (this.#dropped + this.#searched === 0) {
      const { lines, length } = blankLines(this.#buffer, this.#start, this.#end);
      this.#lines += lines;
      this.#advance(length);
    }
    const found = this.#buffer.subarray(0, this.#end).indexOf(LF, this.#start + this.#searched);
    if (found === -1 && !this.#ended) {
      this.#searched = this.#end - this.#start;
      if (this.#searched > MAX_RECORD_BYTES) {
        this.#dropped += this.#searched;
        this.#advance(this.#searched);
      }
      return undefined;
    }
    const end = found === -1 ? this.#end : found;
    const length = this.#dropped + end - this.#start;
    if (length === 0 && found === -1) return null;
    const offset = this.#offset - this.#dropped;
    const bytes = length > MAX_RECORD_BYTES ? null : this.#buffer.slice(this.#start, end);
    this.#advance(end - this.#start + (found === -1 ? 0 : 1));
    this.#dropped = 0;
    this.#lines += 1;
    return { bytes, offset, length, number: this.#lines, ended: found !== -1 };
  }

  #advance(count: number): void {
    this.#start += count;
    this.#offset += count;
    this.#searched = 0;
  }
}
