// The records of a recording as bundle and redaction need them: the bytes that their leaves are hashed over, with salts and places, and
// the lines of records.jsonl. Reading them recomputes the root.

import { createHash } from 'node:crypto';
import { leafHash, leafHasher, TreeBuilder } from '../../../shared/evidence/acquisition-tree.ts';
import { toHex } from '../../../shared/evidence/custody.ts';
import { recordBytes } from '../../../shared/evidence/record.ts';
import { MAX_RECORD_BYTES, type RecordSpan } from '../../../shared/recording/decoder.ts';
import { writeBytesMember } from '../../../shared/recording/event-lines.ts';
import { JsonBytes } from '../../../shared/recording/json-bytes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import {
  hashedBytes,
  isLong,
  lengthOf,
  piecesOf,
  rangeReader,
  saltStream,
  sha256,
  wholeRecord,
  type Library,
  type SessionRow,
} from '../../library/library.ts';
import type { RecordBytes } from '../redaction/redaction.ts';

/** Longest record that is looked through: twice as long as what a decoder holds of one, so that no event is read from a longer one. */
const MAX_SEARCHED_BYTES = 2 * MAX_RECORD_BYTES;

/** The records as their leaves are hashed over. */
export function* storedRecords({ content }: Library, session: SessionRow): Generator<RecordBytes> {
  const read = rangeReader(content, session.acquisition);
  let index = 0;
  for (const span of content.records(session)) {
    if (index === session.records) return;
    const bytes = (): Uint8Array | null =>
      lengthOf(span) > MAX_SEARCHED_BYTES ? null : recordBytes(span.form, wholeRecord(span, read));
    yield { index, bytes, parts: span.ranges.map(({ part }) => part) };
    index += 1;
  }
}

/** Lines are given out in pieces of about this many bytes, each good until the next one is asked for. */
const PIECE_BYTES = 256 * 1024;

interface Shown extends RecordSpan {
  readonly index: number;
  readonly salt: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The line of a record, or of a piece of a long one. `more`: the next line goes on with it. */
function writeShown(lines: JsonBytes, { index, salt, form, bytes, ranges }: Shown, more = false): void {
  lines.ascii('{"index":');
  lines.count(index);
  lines.ascii(',"salt":"');
  lines.hex(salt);
  lines.ascii(form === 'jcs' ? '","form":"jcs",' : '","form":"raw",');
  writeBytesMember(lines, bytes);
  lines.ascii(',"ranges":[');
  for (const [i, { part, offset, length }] of ranges.entries()) {
    lines.ascii(i === 0 ? '[' : ',[');
    lines.count(part);
    lines.ascii(',');
    lines.count(offset);
    lines.ascii(',');
    lines.count(length);
    lines.ascii(']');
  }
  lines.ascii(more ? '],"more":true}\n' : ']}\n');
}

function writeWithheld(lines: JsonBytes, index: number, leaf: Uint8Array, why: string): void {
  lines.ascii('{"index":');
  lines.count(index);
  lines.ascii(',"leaf":"');
  lines.hex(leaf);
  lines.ascii('","why":');
  lines.string(why);
  lines.ascii('}\n');
}

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
    const salt = salts(index);
    const why = withheld(index);
    let leaf: Uint8Array;
    if (isLong(span)) {
      const hash = leafHasher(createHash('sha256'), salt);
      let left = lengthOf(span);
      for (const range of piecesOf(span)) {
        const bytes = read(range);
        hash.update(bytes);
        left -= range.length;
        if (why !== null) continue;
        writeShown(lines, { index, salt, form: span.form, bytes, ranges: [range] }, left > 0);
        yield lines.take();
      }
      leaf = hash.digest();
    } else {
      const bytes = hashedBytes(span, wholeRecord(span, read));
      leaf = leafHash(sha256, salt, bytes);
      if (why === null) writeShown(lines, { index, salt, bytes, ...span });
    }
    tree.add(leaf);
    if (why !== null) writeWithheld(lines, index, leaf, why);
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
