// The records of a recording as bundle and redaction need them: the bytes that their leaves are hashed over, with salts and places, and
// the lines of records.jsonl. Reading them recomputes the root.

import { leafHash, TreeBuilder } from '../../../shared/evidence/acquisition-tree.ts';
import { toHex } from '../../../shared/evidence/custody.ts';
import { recordBytes } from '../../../shared/evidence/record.ts';
import { writeBytesMember } from '../../../shared/recording/event-lines.ts';
import { JsonBytes } from '../../../shared/recording/json-bytes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { hashedBytes, rangeReader, saltStream, sha256, type Library, type SessionRow } from '../../library/library.ts';

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
    lines.ascii('{"index":');
    lines.count(index);
    if (why === null) {
      lines.ascii(',"salt":"');
      lines.hex(salt);
      lines.ascii(span.form === 'jcs' ? '","form":"jcs",' : '","form":"raw",');
      writeBytesMember(lines, bytes);
      lines.ascii(',"ranges":[');
      for (const [i, { part, offset, length }] of span.ranges.entries()) {
        lines.ascii(i === 0 ? '[' : ',[');
        lines.count(part);
        lines.ascii(',');
        lines.count(offset);
        lines.ascii(',');
        lines.count(length);
        lines.ascii(']');
      }
      lines.ascii(']}\n');
    } else {
      lines.ascii(',"leaf":"');
      lines.hex(leaf);
      lines.ascii('","why":');
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
