// A run of record spans as bytes: where in the acquired parts each record of the acquisition tree lies (decoder.ts, RecordSpan).
//   u8 version, varint count, then for each record: varint (ranges * 2 + 1 when jcs), then for each range:
//   varint part, varint zigzag(offset - end of the range before in that part), varint length

import { ByteReader, ByteWriter } from './bytes.ts';
import type { ByteRange, RecordSpan } from './decoder.ts';

const VERSION = 1;

export const CHUNK_RECORDS = 4096;

const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

export function encodeRecords(records: readonly RecordSpan[]): Uint8Array {
  const writer = new ByteWriter();
  const ends = new Map<number, number>();
  /** The part of the last range, whose end is not in the map yet: nearly every record follows the one before in its part. */
  let last = -1;
  let end = 0;
  writer.byte(VERSION);
  writer.varint(records.length);
  for (const { form, ranges } of records) {
    writer.varint(ranges.length * 2 + (form === 'jcs' ? 1 : 0));
    for (const { part, offset, length } of ranges) {
      if (part !== last) {
        ends.set(last, end);
        last = part;
        end = ends.get(part) ?? 0;
      }
      writer.varint(part);
      writer.varint(zigzag(offset - end));
      writer.varint(length);
      end = offset + length;
    }
  }
  return writer.take();
}

/** Throws a RangeError when the bytes are no such chunk. */
export function decodeRecords(bytes: Uint8Array): RecordSpan[] {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== VERSION) throw new RangeError(`record chunk: version ${String(version)} is not read`);
  const ends = new Map<number, number>();
  const records: RecordSpan[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const head = reader.varint();
    const ranges: ByteRange[] = [];
    for (let i = 0; i < Math.floor(head / 2); i++) {
      const part = reader.varint();
      const offset = unzigzag(reader.varint()) + (ends.get(part) ?? 0);
      const length = reader.varint();
      ends.set(part, offset + length);
      ranges.push({ part, offset, length });
    }
    records.push({ form: head % 2 === 1 ? 'jcs' : 'raw', ranges });
  }
  return records;
}
