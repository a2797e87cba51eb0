// transcript.txt made again from the events of a recording, in a terminal of its own.

import type { BagFile } from '../evidence/bundle/bag.ts';
import type { RecordingEvent } from '../recording/event.ts';
import { TEXT_LOG_DEFAULTS } from '../recording/text-log-options.ts';
import type { MakeTerminal } from '../terminal/create-terminal.ts';
import { TextLog } from '../terminal/text-log.ts';
import { FileComparison } from './file-comparison.ts';
import type { Events, Screen } from './sources.ts';

/** UTF-16 units that are gathered before they are compared. */
const PIECE = 65_536;

const encoder = new TextEncoder();

/** Compares a transcript with events as they come. Where these drop the scrollback, all of it is drawn once more. */
export class TranscriptCheck {
  readonly #file: BagFile;
  readonly #screen: Screen;
  readonly #createTerminal: MakeTerminal;
  readonly #comparison: FileComparison;
  readonly #log: TextLog;
  /** How often the scrollback will be dropped, as far as that is known, and how often it was. */
  readonly #clears: number;
  #cleared = 0;

  constructor(file: BagFile, screen: Screen, createTerminal: MakeTerminal, clears = 0) {
    this.#file = file;
    this.#screen = screen;
    this.#createTerminal = createTerminal;
    this.#comparison = new FileComparison(file);
    this.#clears = clears;
    this.#log = new TextLog(createTerminal, screen, TEXT_LOG_DEFAULTS, clears, () => (this.#cleared += 1));
  }

  async push(events: readonly RecordingEvent[]): Promise<void> {
    for (const event of events) {
      this.#log.add(event);
      if (this.#log.length >= PIECE) await this.#comparison.push(encoder.encode(this.#log.take()));
    }
  }

  /** The first byte of the transcript that does not follow from the events, or null. `events`: those that were pushed. */
  async end(events: Events): Promise<number | null> {
    if (this.#cleared !== this.#clears) {
      const again = new TranscriptCheck(this.#file, this.#screen, this.#createTerminal, this.#cleared);
      for await (const run of events.runs()) await again.push(run);
      return again.end(events);
    }
    await this.#comparison.push(encoder.encode(this.#log.end()));
    this.#comparison.end();
    return this.#comparison.difference;
  }
}
