// Where the events of a recording in a bundle come from when what is made of them is made again: its original, read as it was when it was
// imported; or the lines of decrypted.jsonl, where the original is not in the bundle or holds ciphertext.

import { NotLines, lineRuns, pieces, type BagFile } from '../evidence/bundle/bag.ts';
import { HEAD_BYTES, contentOf } from '../recording/content.ts';
import type { Decoder, SessionHeader, Sink } from '../recording/decoder.ts';
import { groupFiles } from '../recording/detect.ts';
import type { CastHeader } from '../recording/asciicast-writer.ts';
import { readEventLine } from '../recording/event-lines.ts';
import type { RecordingEvent } from '../recording/event.ts';

/** Size of the screen at the start, and whether the session had no terminal (acquisition.json). */
export interface Screen {
  readonly cols: number;
  readonly rows: number;
  readonly piped: boolean;
}

export interface Events {
  /** All events in order, from the first one each time it is called. */
  runs(): AsyncIterable<readonly RecordingEvent[]>;
  /** The screen at the start, when the events were read to their end once; null where it does not follow from them. */
  start(): Screen | null;
  /** What a playback says before its events; when and where as with `start`. */
  header(): CastHeader | null;
}

/** A part of an original that lies in the bundle. */
export interface OriginalPart {
  /** As it was called when it was acquired, without its folders. */
  readonly name: string;
  readonly file: BagFile;
}

/** Thrown where events cannot be had; nothing is wrong with the bundle by that alone. */
export class NotDerivable extends Error {
  override readonly name = 'NotDerivable';
}

/** Thrown where a line is no event. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
  readonly bytes: readonly [number, number];

  constructor(reason: string, from: number, to: number) {
    super(reason);
    this.bytes = [from, to];
  }
}

const isRstream = (format: string): boolean => format === 'rstream' || format === 'rstream-json';

/** Collects the events of one session of an input. */
class Collector implements Sink {
  readonly #wanted: number;
  #sessions = 0;
  readonly #records: number[] = [];
  #header: SessionHeader | null = null;
  #events: RecordingEvent[] = [];
  refused = false;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  get header(): SessionHeader | null {
    return this.#header;
  }

  take(): readonly RecordingEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  session(header: SessionHeader): number {
    if (this.#sessions === this.#wanted) this.#header = header;
    this.#records.push(0);
    this.#sessions += 1;
    return this.#sessions - 1;
  }

  describe(session: number, header: Partial<SessionHeader>): void {
    if (session === this.#wanted && this.#header !== null) this.#header = { ...this.#header, ...header };
  }

  record(session: number): number {
    const index = this.#records[session]!;
    this.#records[session] = index + 1;
    return index;
  }

  event(session: number, event: RecordingEvent): void {
    if (session === this.#wanted) this.#events.push(event);
  }

  discrepancy(): void {
    // The proof card has them; no event follows from one.
  }

  refuse(): void {
    this.refused = true;
  }
}

/** What reads these parts, and the part that each of the decoder's is; null where they are not read as that format. */
async function decoderOf(
  parts: readonly OriginalPart[],
  format: string,
): Promise<{ readonly decoder: () => Decoder; readonly order: readonly number[] } | null> {
  const offered = await Promise.all(
    parts.map(async ({ name, file }) => {
      const head = await file.read(0, Math.min(file.size, HEAD_BYTES));
      return { name, content: contentOf(head, file.size) };
    }),
  );
  const [group, ...more] = groupFiles(offered).groups;
  if (group === undefined || more.length > 0 || group.format !== format || group.files.length !== parts.length) return null;
  return { decoder: group.decoder, order: group.files };
}

/** The events of the session `ordinal` of an original. Rejects with {@link NotDerivable} where it is not read as `format`. */
export async function originalEvents(parts: readonly OriginalPart[], format: string, ordinal: number): Promise<Events> {
  const found = await decoderOf(parts, format);
  if (found === null) throw new NotDerivable('its original is not read here');
  let header: SessionHeader | null = null;
  return {
    start: () =>
      header === null ? null : { cols: header.cols, rows: header.rows, piped: header.sizeAssumed && isRstream(format) },
    header: () => header,
    async *runs() {
      const decoder = found.decoder();
      const sink = new Collector(ordinal);
      const streams = found.order.map((part) => pieces(parts[part]!.file));
      for (let want = decoder.wants(); want !== null && !sink.refused; want = decoder.wants()) {
        const { value, done } = await streams[want]!.next();
        if (done === true) decoder.end(sink);
        else decoder.push(value, sink);
        yield sink.take();
      }
      if (sink.refused || sink.header === null) throw new NotDerivable('its original is not read to its end');
      ({ header } = sink);
    },
  };
}

/** The events of decrypted.jsonl. The runs reject with {@link BadLine}. */
export function lineEvents(file: BagFile): Events {
  return {
    start: () => null,
    header: () => null,
    async *runs() {
      try {
        for await (const lines of lineRuns(file)) {
          const events: RecordingEvent[] = [];
          for (const { from, bytes } of lines) {
            const event = readEventLine(bytes);
            if (event === null) throw new BadLine('its line is no event', from, from + bytes.length);
            events.push(event);
          }
          yield events;
        }
      } catch (error) {
        if (error instanceof NotLines) throw new BadLine(error.message, error.at, file.size);
        throw error;
      }
    },
  };
}
