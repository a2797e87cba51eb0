// How much was printed and typed, over time: a histogram of the whole recording, fine enough for a timeline that is zoomed in a
// few times. Closer than that, the events themselves are counted.
//   varint width of a bucket (µs), then for each bucket that has bytes: varint steps since the bucket before, varint output, varint input

import { ByteReader, ByteWriter } from '../../shared/recording/bytes.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { payloadLength } from '../../shared/recording/event.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { OpenedRecording } from '../replay/replay.ts';

/** Buckets of a recording: at 4096 of them on the screen, four zoom steps of two. */
const BUCKETS = 65_536;

/** No bucket is narrower than 1 ms. */
const LEAST_WIDTH = 1000;

export interface Activity {
  readonly width: number;
  /** In ascending order of `bucket`. */
  readonly filled: readonly { readonly bucket: number; readonly output: number; readonly input: number }[];
}

export class ActivityCounter {
  readonly #width: number;
  readonly #writer = new ByteWriter();
  #bucket = 0;
  #written = 0;
  #output = 0;
  #input = 0;

  constructor(duration: Micros) {
    this.#width = Math.max(LEAST_WIDTH, Math.ceil((duration + 1) / BUCKETS));
    this.#writer.varint(this.#width);
  }

  event(event: RecordingEvent): void {
    const length = payloadLength(event);
    if (length === 0 || (event.kind !== 'data' && event.kind !== 'sealed')) return;
    const bucket = Math.floor(event.at / this.#width);
    if (bucket !== this.#bucket) this.#write();
    this.#bucket = bucket;
    if (event.stream === 'stdin') this.#input += length;
    else this.#output += length;
  }

  #write(): void {
    if (this.#output + this.#input === 0) return;
    for (const number of [this.#bucket - this.#written, this.#output, this.#input]) this.#writer.varint(number);
    this.#written = this.#bucket;
    this.#output = 0;
    this.#input = 0;
  }

  take(): Uint8Array {
    this.#write();
    return this.#writer.take();
  }
}

export function readActivity(bytes: Uint8Array): Activity {
  const reader = new ByteReader(bytes);
  const width = reader.varint();
  const filled: { bucket: number; output: number; input: number }[] = [];
  let bucket = 0;
  while (!reader.done) {
    bucket += reader.varint();
    filled.push({ bucket, output: reader.varint(), input: reader.varint() });
  }
  return { width, filled };
}

/** Bytes a bucket; the buckets divide the span evenly. */
export interface BucketBytes {
  readonly output: number[];
  readonly input: number[];
}

/**
 * Counts the bytes of a span, in buckets. From the stored histogram where its buckets are fine enough, else from the events;
 * also from the events where there is no histogram yet.
 */
export function activityBetween(
  recording: OpenedRecording,
  stored: Uint8Array | null,
  from: Micros,
  to: Micros,
  buckets: number,
): BucketBytes {
  const output = new Array<number>(buckets).fill(0);
  const input = new Array<number>(buckets).fill(0);
  const width = Math.max(1, (to - from) / buckets);
  const add = (at: number, printed: number, typed: number): void => {
    if (at < from || at > to) return;
    const bucket = Math.min(buckets - 1, Math.floor((at - from) / width));
    output[bucket]! += printed;
    input[bucket]! += typed;
  };
  const activity = stored === null ? null : readActivity(stored);
  if (activity !== null && activity.width <= width) {
    for (const { bucket, output: printed, input: typed } of activity.filled) {
      add(Math.min((bucket + 0.5) * activity.width, recording.duration), printed, typed);
    }
    return { output, input };
  }
  for (const { events } of recording.runs(recording.countAt((from - 1) as Micros))) {
    if (events[0]!.at > to) break;
    for (const event of events) {
      if (event.kind !== 'data' && event.kind !== 'sealed') continue;
      const length = payloadLength(event);
      if (event.stream === 'stdin') add(event.at, 0, length);
      else add(event.at, length, 0);
    }
  }
  return { output, input };
}
