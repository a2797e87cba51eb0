// Lines that follow from events, one for each, compared with a file that should have them: where the two part, the event is named.

import type { BagFile } from '../evidence/bundle/bag.ts';
import type { RecordingEvent } from '../recording/event.ts';
import { JsonBytes } from '../recording/json-bytes.ts';
import { FileComparison } from './file-comparison.ts';

/** Where a file is not what follows from the events. */
export interface LineFault {
  /** Record of the event whose line is another one; null behind the last event. */
  readonly record: number | null;
  readonly bytes: readonly [number, number];
}

export class LineCheck {
  readonly #file: BagFile;
  readonly #comparison: FileComparison;
  readonly #write: (into: JsonBytes, event: RecordingEvent) => void;
  readonly #lines = new JsonBytes();
  #fault: LineFault | null = null;

  /** `from`: where the first line begins. */
  constructor(file: BagFile, from: number, write: (into: JsonBytes, event: RecordingEvent) => void) {
    this.#file = file;
    this.#comparison = new FileComparison(file, from);
    this.#write = write;
  }

  get fault(): LineFault | null {
    return this.#fault;
  }

  async push(events: readonly RecordingEvent[]): Promise<void> {
    if (this.#fault !== null) return;
    const ends: number[] = [];
    for (const event of events) {
      this.#write(this.#lines, event);
      ends.push(this.#lines.length);
    }
    const start = this.#comparison.position;
    await this.#comparison.push(this.#lines.take());
    const { difference } = this.#comparison;
    if (difference === null) return;
    const at = ends.findIndex((end) => start + end > difference);
    const from = start + (ends[at - 1] ?? 0);
    this.#fault = { record: events[at]!.record, bytes: [from, Math.min(this.#file.size, start + ends[at]!)] };
  }

  /** `last`: what stands behind the lines of all events. */
  async end(last = ''): Promise<void> {
    if (this.#fault !== null) return;
    await this.#comparison.push(new TextEncoder().encode(last));
    this.#comparison.end();
    const { difference } = this.#comparison;
    if (difference !== null) this.#fault = { record: null, bytes: [difference, this.#file.size] };
  }
}
