// What became of the payloads of an encrypted recording, counted in the one pass: how many opened, how many did not, how many
// came in clear, and whether a nonce came twice. The proof card speaks from these numbers.

import type { RecordingEvent } from '../../shared/recording/event.ts';
import { Nonces, type NonceFindings } from './nonces.ts';

export interface PayloadCounts {
  /** Payloads whose authentication was verified and that are shown. */
  readonly opened: number;
  /** Payloads that a key was tried on and that did not open. */
  readonly failed: number;
  /** Encrypted payloads that no key was tried on. */
  readonly untried: number;
  /** Payloads that came in clear. */
  readonly clear: number;
  /** Payloads that the source kept back, or that cannot be read as what they claim to be. */
  readonly missing: number;
  readonly nonces: NonceFindings;
}

export class Payloads {
  readonly #nonces: Nonces;
  readonly #rstream: boolean;
  #opened = 0;
  #failed = 0;
  #untried = 0;
  #clear = 0;
  #missing = 0;

  /** `salt`: as for {@link Nonces}. `rstream`: the recording is one of rstream, whose payloads may be missing. */
  constructor(salt: number, rstream: boolean) {
    this.#rstream = rstream;
    this.#nonces = new Nonces(salt);
  }

  /** Takes an event as it was acquired, and as it is after decryption. */
  event(stored: RecordingEvent, event: RecordingEvent): void {
    if (stored.kind === 'sealed') {
      this.#nonces.event(stored);
      if (event.kind !== 'sealed') this.#opened += 1;
      else if (event.refusal === undefined) this.#untried += 1;
      else this.#failed += 1;
    } else if (stored.kind === 'data') this.#clear += 1;
    else if (this.#rstream && stored.kind === 'other' && stored.code === 'data') this.#missing += 1;
  }

  /** Whether there were payloads and none of them can be read. */
  get locked(): boolean {
    return this.#opened + this.#clear === 0 && this.#failed + this.#untried + this.#missing > 0;
  }

  /** The numbers, or null where everything came in clear. */
  take(): PayloadCounts | null {
    if (this.#opened + this.#failed + this.#untried + this.#missing === 0) return null;
    return {
      opened: this.#opened,
      failed: this.#failed,
      untried: this.#untried,
      clear: this.#clear,
      missing: this.#missing,
      nonces: this.#nonces.take(),
    };
  }
}
