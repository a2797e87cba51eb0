// What script and sudo share: timing lines that say when, and how many bytes of a log belong to each. Bytes that are not
// there, and bytes that no timing line accounts for, are counted and named; nothing waits for them and nothing drops them.

import { MAX_RECORD_BYTES, type ByteRange } from './decoder.ts';
import type { StreamName } from './event.ts';
import type { Line } from './line-reader.ts';
import type { Moment, SessionFeed } from './session-feed.ts';
import type { Turn, Turns } from './turns.ts';

/** Bytes of a log looked at together at its end; its closing line is shorter. */
const TAIL_PIECE = 65_536;
const TAIL_LOOK = 1024;

export class TimedLog {
  readonly #turns: Turns;
  readonly #part: number;
  readonly #file: string;
  #missing = 0;

  constructor(turns: Turns, part: number, file: string) {
    this.#turns = turns;
    this.#part = part;
    this.#file = file;
  }

  /** Takes what one timing line asks for and adds it as an event, or as several where it is more than one record may hold. */
  *play(feed: SessionFeed, stream: StreamName, count: number, moment: Moment, timing: ByteRange): Turn<void> {
    let left = count;
    const first: ByteRange[] = [timing];
    do {
      const offset = this.#turns.offset(this.#part);
      const wanted = Math.min(left, MAX_RECORD_BYTES);
      const bytes = yield* this.#turns.take(this.#part, wanted);
      const { sink } = this.#turns;
      if (bytes.length === 0 && wanted > 0) {
        if (first.length > 0) feed.record(sink, 'raw', ...first);
      } else {
        const record = feed.record(sink, 'raw', ...first.splice(0), { part: this.#part, offset, length: bytes.length });
        feed.emit(sink, { kind: 'data', stream, bytes }, moment, record);
      }
      left -= bytes.length;
      if (bytes.length < wanted) break;
    } while (left > 0);
    this.#missing += left;
  }

  /** Says what the timing asked for in vain. */
  sayMissing(feed: SessionFeed): void {
    if (this.#missing === 0) return;
    const message = `the timing runs ${String(this.#missing)} bytes past the end of this log; what is there is shown`;
    feed.discrepancy(this.#turns.sink, 'inconsistent-parts', message, {
      file: this.#file,
      offset: this.#turns.offset(this.#part),
    });
  }

  /**
   * Reads the rest of the log. `footer` finds where a closing line begins in the last bytes (or -1); what stands before it was
   * timed by nothing. `play` says whether that is output all the same (a log without timing). Returns the closing line.
   */
  *rest(feed: SessionFeed, footer: (tail: Uint8Array) => number, stream: StreamName | null): Turn<Uint8Array | null> {
    const start = this.#turns.offset(this.#part);
    for (;;) {
      const offset = this.#turns.offset(this.#part);
      const piece = yield* this.#turns.take(this.#part, TAIL_PIECE + TAIL_LOOK);
      const last = piece.length < TAIL_PIECE + TAIL_LOOK;
      if (!last) this.#turns.giveBack(this.#part, TAIL_LOOK);
      const found = last ? footer(piece) : -1;
      const body = piece.slice(0, last ? (found === -1 ? piece.length : found) : TAIL_PIECE);
      const { sink } = this.#turns;
      if (body.length > 0) {
        const record = feed.record(sink, 'raw', { part: this.#part, offset, length: body.length });
        if (stream !== null) feed.emit(sink, { kind: 'data', stream, bytes: body }, { at: feed.at }, record);
      }
      if (!last) continue;
      const untimed = offset + body.length - start;
      if (untimed > 0 && stream === null) {
        const message = `${String(untimed)} bytes of this log are in no timing line; they are kept and not shown`;
        feed.discrepancy(sink, 'inconsistent-parts', message, { file: this.#file, offset: start, length: untimed });
      }
      if (found === -1) return null;
      feed.record(sink, 'raw', { part: this.#part, offset: offset + found, length: piece.length - found });
      return piece.slice(found);
    }
  }
}

/** The range of a line without its end. */
export const rangeOf = (part: number, line: Line): ByteRange => ({ part, offset: line.offset, length: line.length });
