// What a step of a synchronisation needs before it can be written, and what takes as long as all the rest of it: digests, the
// acquisition tree over its records, and content made smaller. A thread does it (pack-worker.ts), while its parent reads on.

import { Worker } from 'node:worker_threads';
import { ExhibitError } from '../../shared/api/errors.ts';
import { decodeRecords } from '../../shared/recording/record-chunk.ts';
import { PART_CHUNK_BYTES } from './content.ts';
import { sha256 } from './custody.ts';
import { pack, type Packed } from './seal.ts';
import { subtreesOver, type Subtree } from './tree.ts';

/** One step as it was read. */
export interface Unpacked {
  /** Answers, whole; the first one is part `firstPart`. */
  readonly parts: readonly Uint8Array[];
  readonly firstPart: number;
  /** Chunks of its records, as record-chunk.ts encodes them; the first record has the index `firstRecord`. All lie in these parts. */
  readonly records: readonly Uint8Array[];
  readonly firstRecord: number;
  /** Chunks of its events, as event-chunk.ts packs them. */
  readonly events: readonly Uint8Array[];
  /** Seed of the salts. */
  readonly saltSeed: Uint8Array;
}

/** The bytes of an answer. */
export interface PackedAnswer {
  readonly chunks: readonly Packed[];
  readonly sha256: Uint8Array;
}

/** All in the order in which it was given. */
export interface PackedStep {
  readonly parts: readonly PackedAnswer[];
  readonly records: readonly Packed[];
  readonly events: readonly Packed[];
  /** The acquisition tree over its records. */
  readonly subtrees: readonly Subtree[];
}

export function packStep({ parts, firstPart, records, firstRecord, events, saltSeed }: Unpacked): PackedStep {
  return {
    parts: parts.map((bytes) => ({
      chunks: Array.from({ length: Math.ceil(bytes.length / PART_CHUNK_BYTES) }, (_, chunk) =>
        pack(bytes.subarray(chunk * PART_CHUNK_BYTES, (chunk + 1) * PART_CHUNK_BYTES)),
      ),
      sha256: new Uint8Array(sha256(bytes)),
    })),
    records: records.map(pack),
    events: events.map(pack),
    subtrees: subtreesOver(saltSeed, firstRecord, records.flatMap(decodeRecords), ({ part, offset, length }) =>
      parts[part - firstPart]!.subarray(offset, offset + length),
    ),
  };
}

/** What the thread is told, and what it says: without a number, that it is there. */
export interface ToPacker {
  readonly number: number;
  readonly step: Unpacked;
}
export type FromPacker =
  | { readonly number: null }
  | { readonly number: number; readonly packed: PackedStep }
  | { readonly number: number; readonly packed: null; readonly reason: string };

/** The memory of those arrays that have theirs to themselves: it can change hands, and need not be copied. */
export const ownMemory = (arrays: readonly Uint8Array[]): ArrayBuffer[] =>
  arrays.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && byteLength > 0 && buffer.byteLength === byteLength ? [buffer] : [],
  );

export interface Packer {
  /** Rejects where the thread cannot start. */
  readonly there: Promise<void>;
  /** Throws where the thread does. `given`: arrays of the step that nobody reads afterwards; they may be empty then. */
  pack(step: Unpacked, given?: readonly Uint8Array[]): Promise<PackedStep>;
  /** What is not packed by then never is. */
  close(): Promise<void>;
}

const failed = (why: string): ExhibitError =>
  new ExhibitError(
    'bug',
    'synchronise',
    `the thread that packs what came failed: ${why}`,
    'synchronise again: it goes on where it stood',
  );

/**
 * Starts the thread at once. Until it is there, steps are packed here: it takes longer to start than a short session does as a whole. It
 * keeps no program from ending while nothing is packed. `program` is pack-worker.ts, or what it was built into.
 */
export function openPacker(program: URL): Packer {
  const worker = new Worker(program);
  const waiting = new Map<number, PromiseWithResolvers<PackedStep>>();
  const starting = Promise.withResolvers<void>();
  starting.promise.catch(() => undefined);
  let isThere = false;
  let ended: ExhibitError | null = null;
  let number = 0;
  const end = (why: string): void => {
    ended ??= failed(why);
    starting.reject(ended);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (message: FromPacker) => {
    if (message.number === null) {
      isThere = true;
      starting.resolve();
      return;
    }
    const { resolve, reject } = waiting.get(message.number)!;
    waiting.delete(message.number);
    if (waiting.size === 0) worker.unref();
    if (message.packed === null) reject(failed(message.reason));
    else resolve(message.packed);
  });
  worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => end('it ended'));
  worker.unref();
  return {
    there: starting.promise,
    pack: async (step, given = []) => {
      if (ended !== null) throw ended;
      if (!isThere) return packStep(step);
      const packing = Promise.withResolvers<PackedStep>();
      number += 1;
      waiting.set(number, packing);
      worker.ref();
      worker.postMessage({ number, step } satisfies ToPacker, ownMemory(given));
      return packing.promise;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
