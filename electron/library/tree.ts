// The acquisition tree over stored recordings: salts, leaves, and the check that what is stored is what was acquired.

import { isUtf8 } from 'node:buffer';
import { createCipheriv, createHash } from 'node:crypto';
import { SALT_BYTES, TreeBuilder, leafHash, leafHasher, subtreeSize } from '../../shared/evidence/acquisition-tree.ts';
import { plainCanonical } from '../../shared/evidence/plain-canonical.ts';
import { canonicalText, recordBytes } from '../../shared/evidence/record.ts';
import type { RecordSpan } from '../../shared/recording/decoder.ts';
import type { ContentStore } from './content.ts';
import { sha256, type CustodyLog } from './custody.ts';
import { sessionFaults } from './entered.ts';
import { isLong, piecesOf, rangeReader, wholeRecord, type ReadRange } from './record-bytes.ts';
import type { SessionRow, SessionStore } from './sessions.ts';

/** Salts are made this many at a time. */
const SALT_RUN = 4096;

/**
 * Salt i is block i of the AES-256-CTR key stream under the recording's seed: 16 bytes that nobody without the seed can tell
 * from random, each of which can be released alone.
 */
export function saltStream(seed: Uint8Array): (index: number) => Uint8Array {
  let first = -1;
  let run = Buffer.alloc(0);
  return (index) => {
    if (first < 0 || index < first || index >= first + SALT_RUN) {
      first = index - (index % SALT_RUN);
      const counter = Buffer.alloc(16);
      counter.writeBigUInt64BE(BigInt(first), 8);
      run = createCipheriv('aes-256-ctr', seed, counter).update(Buffer.alloc(SALT_RUN * SALT_BYTES));
    }
    const at = (index - first) * SALT_BYTES;
    return run.subarray(at, at + SALT_BYTES);
  };
}

/** Room for the canonical form of nearly every record: a buffer of its own for each would cost more than its hash. */
const room = Buffer.allocUnsafe(64 * 1024);

const BOM = 0xef;

/**
 * What the leaf of a record is hashed over, in the shared room where it fits and can be made there, good until the next call: without the
 * detour over buffers that {@link recordBytes} makes for any record.
 */
export function hashedBytes({ form }: RecordSpan, bytes: Uint8Array): Uint8Array {
  if (form === 'raw') return bytes;
  const length = plainCanonical(bytes, room);
  if (length >= 0) return room.subarray(0, length);
  if (bytes[0] === BOM || !isUtf8(bytes)) return recordBytes(form, bytes);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return recordBytes(form, bytes);
    throw error;
  }
  const text = canonicalText(value);
  // One UTF-16 unit is three bytes at most.
  return text === null || text.length * 3 > room.length ? recordBytes(form, bytes) : room.subarray(0, room.write(text));
}

/** A perfect subtree of a recording's tree. */
export interface Subtree {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The leaf of a record. A long one is read and hashed piece by piece. */
function recordLeaf(salt: Uint8Array, span: RecordSpan, read: ReadRange): Uint8Array {
  if (!isLong(span)) return leafHash(sha256, salt, hashedBytes(span, wholeRecord(span, read)));
  const leaf = leafHasher(createHash('sha256'), salt);
  for (const piece of piecesOf(span)) leaf.update(read(piece));
  return leaf.digest();
}

/** The perfect subtrees over records that follow each other, in their order. `first` is the index of the first one. */
export function subtreesOver(
  seed: Uint8Array,
  first: number,
  records: readonly RecordSpan[],
  read: ReadRange,
): readonly Subtree[] {
  const salt = saltStream(seed);
  const subtrees: Subtree[] = [];
  for (let from = 0; from < records.length;) {
    const size = subtreeSize(first + from, records.length - from);
    const builder = new TreeBuilder(sha256);
    for (let i = from; i < from + size; i++) builder.add(recordLeaf(salt(first + i), records[i]!, read));
    subtrees.push({ size, root: new Uint8Array(builder.root()) });
    from += size;
  }
  return subtrees;
}

/** Grows a recording's tree record by record. */
export function createTree(seed: Uint8Array): {
  add(span: RecordSpan, read: ReadRange): void;
  readonly count: number;
  root(): Uint8Array;
} {
  const salt = saltStream(seed);
  const builder = new TreeBuilder(sha256);
  return {
    add: (span, read) => {
      builder.add(recordLeaf(salt(builder.count), span, read));
    },
    get count() {
      return builder.count;
    },
    root: () => builder.root(),
  };
}

export interface TreeCheck {
  readonly records: number;
  readonly bytes: number;
  readonly failures: readonly { readonly place: string; readonly reason: string }[];
}

/** Records that are verified between two turns of others. */
const TURN_RECORDS = 500;

/** What a recording is verified by. */
export interface VerifiedStores {
  readonly content: ContentStore;
  readonly sessions: SessionStore;
  readonly custody: CustodyLog;
}

/**
 * Recomputes every digest of a recording from what is stored: its parts, its records, its root; and compares its row with what the custody
 * log says was acquired. Names what does not hold.
 */
export function verifyRecording(stores: VerifiedStores, session: SessionRow): TreeCheck {
  const work = verifySteps(stores, session);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Compares the parts of an acquisition, a few milliseconds at a time. */
export function* verifyParts(
  content: ContentStore,
  acquisition: number,
): Generator<undefined, { readonly bytes: number; readonly failures: { place: string; reason: string }[] }> {
  const failures: { place: string; reason: string }[] = [];
  let bytes = 0;
  for (const { part, name, size, sha256: digest } of content.storedParts(acquisition)) {
    const hash = createHash('sha256');
    let length = 0;
    try {
      for (const chunk of content.partBytes(acquisition, part)) {
        hash.update(chunk);
        length += chunk.length;
        yield;
      }
    } catch (error) {
      failures.push({ place: `${name}, from byte ${String(length)}`, reason: (error as Error).message });
      continue;
    }
    bytes += length;
    if (length !== size) failures.push({ place: name, reason: `it has ${String(length)} bytes, ${String(size)} were acquired` });
    else if (!hash.digest().equals(digest))
      failures.push({ place: name, reason: 'its SHA-256 is not that of the bytes acquired' });
  }
  return { bytes, failures };
}

/** The same a few milliseconds at a time: whoever runs it may let others have their turn after each step, or stop. */
export function* verifySteps(stores: VerifiedStores, session: SessionRow): Generator<undefined, TreeCheck> {
  const { content } = stores;
  const entered = sessionFaults(stores, session);
  const { bytes, failures } = yield* verifyParts(content, session.acquisition);
  failures.push(...entered);
  let records = 0;
  try {
    const tree = createTree(content.saltSeed(session));
    const read = rangeReader(content, session.acquisition);
    for (const span of content.records(session)) {
      tree.add(span, read);
      records += 1;
      if (records % TURN_RECORDS === 0) yield;
    }
    if (records !== session.records) {
      failures.push({ place: 'records', reason: `${String(records)} are stored, ${String(session.records)} were acquired` });
    } else if (!Buffer.from(tree.root()).equals(session.root)) {
      failures.push({ place: 'acquisition tree', reason: 'its root is not the one that was acquired' });
    }
    let events = 0;
    for (const info of content.eventChunks(session)) {
      events += content.events(session, info).length;
      yield;
    }
    if (events !== session.events) {
      failures.push({ place: 'events', reason: `${String(events)} are stored, ${String(session.events)} were acquired` });
    }
  } catch (error) {
    failures.push({ place: `record ${String(records)}`, reason: (error as Error).message });
  }
  return { records, bytes, failures };
}
