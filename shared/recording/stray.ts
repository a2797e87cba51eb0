// Bytes that no session carries yet: what stands before the first thing that can be read. They become records as soon as
// there is a session; until then neighbours are one range, so that a file full of them costs nothing.

import type { ByteRange, Sink } from './decoder.ts';
import type { SessionFeed } from './session-feed.ts';

/** A line end, and perhaps blanks, between two neighbours. */
const NEXT_LINE = 2;

export class StrayBytes {
  readonly #ranges: { part: number; offset: number; length: number }[] = [];

  add({ part, offset, length }: ByteRange): void {
    const before = this.#ranges.at(-1);
    if (before?.part === part && offset - (before.offset + before.length) <= NEXT_LINE) {
      before.length = offset + length - before.offset;
    } else this.#ranges.push({ part, offset, length });
  }

  keep(feed: SessionFeed, sink: Sink): void {
    for (const range of this.#ranges.splice(0)) feed.record(sink, 'raw', range);
  }
}
