// How much was printed and typed, and how much of the screen changed, over time: a histogram of the whole recording, fine enough for a
// timeline that is zoomed in a few times. Closer than that, bytes are counted from the events themselves; visible change keeps this grain.
//   varint width of a bucket (µs), then for each bucket that has any: varint steps since the bucket before, varint output, varint input,
//   varint cells that look different after it than before it (shared/terminal/sight.ts)

import { ByteReader, ByteWriter } from '../../shared/recording/bytes.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { payloadLength } from '../../shared/recording/event.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import { createSight } from '../../shared/terminal/sight.ts';
import type { OpenedRecording } from '../replay/replay.ts';

/** Buckets of a recording: at 4096 of them on the screen, four zoom steps of two. */
const BUCKETS = 65_536;

/** No bucket is narrower than 1 ms. */
const LEAST_WIDTH = 1000;

/** Cells compared for a bucket, on average: a larger screen is looked at less often, and its change falls to the bucket of the look. */
const CELLS = 1024;

export interface Activity {
  readonly width: number;
  /** In ascending order of `bucket`. */
  readonly filled: readonly {
    readonly bucket: number;
    readonly output: number;
    readonly input: number;
    readonly change: number;
  }[];
}

export class ActivityCounter {
  readonly #width: number;
  readonly #emulator: Emulator;
  readonly #sight = createSight();
  readonly #writer = new ByteWriter();
  #bucket = 0;
  #written = 0;
  #output = 0;
  #input = 0;
  #looked = -1;

  /** `emulator`: what the events are fed to, each after it was told here. */
  constructor(duration: Micros, emulator: Emulator) {
    this.#width = Math.max(LEAST_WIDTH, Math.ceil((duration + 1) / BUCKETS));
    this.#emulator = emulator;
    this.#writer.varint(this.#width);
    this.#sight.look(emulator);
  }

  /** To be told of an event before the emulator is. */
  event(event: RecordingEvent): void {
    const bucket = Math.floor(event.at / this.#width);
    if (bucket !== this.#bucket) this.#write();
    this.#bucket = bucket;
    if (event.kind !== 'data' && event.kind !== 'sealed') return;
    if (event.stream === 'stdin') this.#input += payloadLength(event);
    else this.#output += payloadLength(event);
  }

  #look(): number {
    const { cols, rows } = this.#emulator.terminal;
    if ((this.#bucket - this.#looked) * CELLS < cols * rows) return 0;
    this.#looked = this.#bucket;
    return this.#sight.look(this.#emulator);
  }

  #write(change = this.#look()): void {
    if (this.#output + this.#input + change === 0) return;
    for (const number of [this.#bucket - this.#written, this.#output, this.#input, change]) this.#writer.varint(number);
    this.#written = this.#bucket;
    this.#output = 0;
    this.#input = 0;
  }

  take(): Uint8Array {
    this.#write(this.#sight.look(this.#emulator));
    return this.#writer.take();
  }
}

export function readActivity(bytes: Uint8Array): Activity {
  const reader = new ByteReader(bytes);
  const width = reader.varint();
  const filled: { bucket: number; output: number; input: number; change: number }[] = [];
  let bucket = 0;
  while (!reader.done) {
    bucket += reader.varint();
    filled.push({ bucket, output: reader.varint(), input: reader.varint(), change: reader.varint() });
  }
  return { width, filled };
}

/** Bytes, and cells that changed, a bucket; the buckets divide the span evenly. */
export interface BucketActivity {
  readonly output: number[];
  readonly input: number[];
  readonly change: number[];
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
): BucketActivity {
  const output = new Array<number>(buckets).fill(0);
  const input = new Array<number>(buckets).fill(0);
  const change = new Array<number>(buckets).fill(0);
  const width = Math.max(1, (to - from) / buckets);
  const bucketAt = (at: number): number => Math.min(buckets - 1, Math.floor((at - from) / width));
  const activity = stored === null ? null : readActivity(stored);
  const whole = activity !== null && activity.width <= width;
  for (const one of activity?.filled ?? []) {
    const at = Math.min((one.bucket + 0.5) * activity!.width, recording.duration);
    if (at < from || at > to) continue;
    change[bucketAt(at)]! += one.change;
    if (!whole) continue;
    output[bucketAt(at)]! += one.output;
    input[bucketAt(at)]! += one.input;
  }
  if (whole) return { output, input, change };
  for (const { events } of recording.runs(recording.countAt((from - 1) as Micros))) {
    if (events[0]!.at > to) break;
    for (const event of events) {
      if (event.kind !== 'data' && event.kind !== 'sealed') continue;
      if (event.at < from || event.at > to) continue;
      (event.stream === 'stdin' ? input : output)[bucketAt(event.at)]! += payloadLength(event);
    }
  }
  return { output, input, change };
}
