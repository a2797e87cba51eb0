// Events of decrypted.jsonl compared, one by one, with those of the same recording as they are here: decrypted by a key at hand, or still
// sealed as its original has them. Of an event that is sealed on one of the two sides, all but the payload must be the same.

import type { RecordingEvent } from '../recording/event.ts';
import { writeEventLine } from '../recording/event-lines.ts';
import { JsonBytes } from '../recording/json-bytes.ts';
import type { RecordFault } from './record-check.ts';

type Runs = Iterable<readonly RecordingEvent[]> | AsyncIterable<readonly RecordingEvent[]>;

async function* inTurn(runs: Runs): AsyncGenerator<readonly RecordingEvent[]> {
  yield* runs;
}

/** Stream and length of a payload, sealed or not. */
const payloadOf = (event: RecordingEvent): string =>
  event.kind === 'data'
    ? `${event.stream} ${String(event.bytes.length)}`
    : event.kind === 'sealed'
      ? `${event.stream} ${String(event.length)}`
      : '';

function standsAlike(own: RecordingEvent, event: RecordingEvent): boolean {
  const isPlaced = own.seq === event.seq && own.at === event.at && own.record === event.record && own.time === event.time;
  return isPlaced && payloadOf(own) === payloadOf(event);
}

export class OpenedCheck {
  readonly #runs: AsyncGenerator<readonly RecordingEvent[]>;
  readonly #ours = new JsonBytes();
  readonly #theirs = new JsonBytes();
  #run: readonly RecordingEvent[] = [];
  #at = 0;
  #fault: RecordFault | null = null;
  #unopened = 0;

  constructor(runs: Runs) {
    this.#runs = inTurn(runs);
  }

  get fault(): RecordFault | null {
    return this.#fault;
  }

  /** Events of which the payload could not be compared. */
  get unopened(): number {
    return this.#unopened;
  }

  async push(events: readonly RecordingEvent[]): Promise<void> {
    for (const event of events) {
      if (this.#fault !== null) return;
      if (this.#at >= this.#run.length) await this.#read();
      const own = this.#run[this.#at++];
      const isSealed = own !== undefined && own.kind !== event.kind && [own.kind, event.kind].includes('sealed');
      if (isSealed || own?.kind === 'sealed') this.#unopened += 1;
      if (own === undefined || !(isSealed || own.kind === 'sealed' ? standsAlike(own, event) : this.#same(own, event)))
        this.#fault = { record: event.record, reason: 'it is not the event that is read here' };
    }
  }

  async end(): Promise<void> {
    if (this.#fault !== null) return;
    if (this.#at >= this.#run.length) await this.#read();
    const own = this.#run[this.#at];
    if (own !== undefined) this.#fault = { record: own.record, reason: 'it holds an event that is not there' };
  }

  /** The next run that has events; an empty one at the end. */
  async #read(): Promise<void> {
    this.#at = 0;
    do {
      const { value, done } = await this.#runs.next();
      this.#run = done === true ? [] : value;
      if (done === true) return;
    } while (this.#run.length === 0);
  }

  #same(own: RecordingEvent, event: RecordingEvent): boolean {
    writeEventLine(this.#ours, own);
    writeEventLine(this.#theirs, event);
    const [ours, theirs] = [this.#ours.take(), this.#theirs.take()];
    return ours.length === theirs.length && ours.every((byte, i) => byte === theirs[i]);
  }
}
