// The records of a recording as bundle and redaction need them: the bytes that their leaves are hashed over, with salts and places, and
// the lines of records.jsonl. Reading them recomputes the root.

import { isUtf8 } from 'node:buffer';
import { leafHash, TreeBuilder } from '../../../shared/evidence/acquisition-tree.ts';
import { toHex } from '../../../shared/evidence/custody.ts';
import { plainCanonical } from '../../../shared/evidence/plain-canonical.ts';
import { canonicalText, recordBytes } from '../../../shared/evidence/record.ts';
import { writeBytesMember } from '../../../shared/recording/event-lines.ts';
import { JsonBytes } from '../../../shared/recording/json-bytes.ts';
import type { RecordSpan } from '../../../shared/recording/decoder.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { rangeReader, saltStream, sha256, type Library, type SessionRow } from '../../library/library.ts';

export interface StoredRecord {
  readonly index: number;
  /** What the leaf is hashed over. */
  readonly bytes: Uint8Array;
}

export function* storedRecords({ content }: Library, session: SessionRow): Generator<StoredRecord> {
  const read = rangeReader(content, session.acquisition);
  let index = 0;
  for (const span of content.records(session)) {
    if (index === session.records) return;
    yield { index, bytes: recordBytes(span.form, read(span)) };
    index += 1;
  }
}

/** Lines are given out in pieces of about this many bytes, each good until the next one is asked for. */
const PIECE_BYTES = 256 * 1024;

/** Room for the canonical form of nearly every record: a buffer of its own for each would cost more than its hash. */
const room = Buffer.allocUnsafe(64 * 1024);

const BOM = 0xef;

/**
 * What the leaf of a record is hashed over, in the shared room where it fits and can be made there: without the detour over buffers that
 * {@link recordBytes} makes for any record.
 */
function hashedBytes({ form }: RecordSpan, bytes: Uint8Array): Uint8Array {
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

const hex = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');

/**
 * The lines of records.jsonl. `withheld` gives what withholds a record, or null. Throws kind `altered` when the stored records do
 * not have the root that was acquired.
 */
export function* recordLines(
  library: Library,
  session: SessionRow,
  withheld: (record: number) => string | null,
): Generator<Uint8Array> {
  const salts = saltStream(library.content.saltSeed(session));
  const read = rangeReader(library.content, session.acquisition);
  const tree = new TreeBuilder(sha256);
  const lines = new JsonBytes();
  for (const span of library.content.records(session)) {
    const index = tree.count;
    if (index === session.records) break;
    const bytes = hashedBytes(span, read(span));
    const salt = salts(index);
    const leaf = leafHash(sha256, salt, bytes);
    tree.add(leaf);
    const why = withheld(index);
    if (why === null) {
      lines.ascii(`{"index":${String(index)},"salt":"${hex(salt)}","form":"${span.form}",`);
      writeBytesMember(lines, bytes);
      lines.ascii(',"ranges":[');
      for (const [i, { part, offset, length }] of span.ranges.entries())
        lines.ascii(`${i === 0 ? '' : ','}[${String(part)},${String(offset)},${String(length)}]`);
      lines.ascii(']}\n');
    } else {
      lines.ascii(`{"index":${String(index)},"leaf":"${hex(leaf)}","why":`);
      lines.string(why);
      lines.ascii('}\n');
    }
    if (lines.length >= PIECE_BYTES) yield lines.take();
  }
  yield lines.take();
  if (tree.count !== session.records || toHex(tree.root()) !== toHex(session.root)) {
    throw new ExhibitError(
      'altered',
      `bundle of ${session.id}`,
      'its records do not have the root that was acquired',
      '`exhibit library verify` names what does not hold',
    );
  }
}
