// An input on its way in, slice by slice, with room for other work between them; and who takes it in.

import { setImmediate as breathe } from 'node:timers/promises';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Library } from '../library/library.ts';

/** Who acquires something, from where, into which library. */
export interface Acquirer {
  readonly library: Library;
  /** Name of the source that it is listed under. */
  readonly source: string;
  /** RFC 3339, UTC. */
  readonly now: () => string;
  readonly actor: string;
  readonly purpose: string;
}

/** The acquirer of a file. */
export interface FileAcquirer extends Acquirer {
  readonly signal: AbortSignal;
  /** Bytes of input done with, counted over all passes. */
  readonly progress: (bytes: number) => void;
}

/** Bytes of input in one transaction. */
export const PAGE_BYTES = 1024 * 1024;

/** Bytes that a decoder gets at once: work between two looks at the clock, the signal and other calls. */
export const SLICE_BYTES = 256 * 1024;

/** An original that had to be unpacked has the number of its decoder part plus this. */
export const PACKED_ORIGINAL = 1000;

/** What reading an input throws, apart from what the library throws. */
export class Unreadable extends Error {}

async function* readable(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    if (error instanceof ExhibitError && error.kind !== 'refused') throw error;
    const why = error instanceof ExhibitError ? error.why : error instanceof Error ? error.message : String(error);
    throw new Unreadable(`it could not be read to its end: ${why}`, { cause: error });
  }
}

/** Throws kind `cancelled`. */
export function goesOn(signal: AbortSignal): void {
  if (signal.aborted)
    throw new ExhibitError('cancelled', 'import', 'it was cancelled', 'import the same again: it goes on where it stood');
}

/** Bytes of one stream in slices, with room for other work between them. */
export async function* slices(stream: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let sinceBreath = 0;
  for await (const bytes of readable(stream)) {
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      goesOn(signal);
      const slice = bytes.subarray(at, at + SLICE_BYTES);
      yield slice;
      sinceBreath += slice.length;
      if (sinceBreath >= SLICE_BYTES) {
        sinceBreath = 0;
        await breathe();
      }
    }
  }
}

/** For a file that changes under its reader, which is no evidence. */
export const CHANGED = 'the file changed while it was read; import it again when nothing writes to it';
