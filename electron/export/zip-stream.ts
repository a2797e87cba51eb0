// A ZIP that is made while it is read: nothing of it lies anywhere, and what an entry's size will be need not be known when it begins. Entries
// are deflated, their sizes and CRC-32 follow them (a data descriptor), and the directory has all of them, in ZIP64 where a number needs it.
// PKWARE APPNOTE 6.3.10, sections 4.3, 4.4.4 and 4.5.3. A bundle has a form of its own (shared/evidence/zip-layout.ts).

import { Readable, pipeline } from 'node:stream';
import { createDeflateRaw, crc32 } from 'node:zlib';
import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  Fields,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
  MAX32,
  endRecords,
} from '../../shared/evidence/zip-layout.ts';

export interface StreamedFile {
  /** ASCII, with slashes. */
  readonly name: string;
  readonly pieces: AsyncIterable<Uint8Array>;
}

const DESCRIPTOR_SIGNATURE = 0x08074b50;
const UNIX = 3 << 8;
const MODE = 0o100644;
const DEFLATED = 8;
/** Version needed to extract: 2.0 for deflate, 4.5 for ZIP64. */
const PLAIN = 20;
const ZIP64 = 45;
/** Bit 3: sizes follow the content. */
const FLAGS = 1 << 3;

/** Packed bytes that are handed on at once. */
const CHUNK_BYTES = 64 * 1024;

interface Entry {
  readonly name: string;
  readonly offset: number;
  size: number;
  stored: number;
  crc: number;
}

/** A moment as MS-DOS writes it, in UTC: time, then date. */
function dosTime(at: Date): readonly [number, number] {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return [time, ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()];
}

function localHeader(name: Uint8Array, time: readonly [number, number]): Uint8Array {
  const fields = new Fields(LOCAL_BYTES + name.length).u32(LOCAL_SIGNATURE).u16(PLAIN, FLAGS, DEFLATED, ...time);
  return fields.u32(0, 0, 0).u16(name.length, 0).text(name).bytes;
}

/** What follows the content: sizes of eight bytes where four do not hold them. */
function descriptor({ crc, stored, size }: Entry): Uint8Array {
  if (Math.max(stored, size) < MAX32) return new Fields(16).u32(DESCRIPTOR_SIGNATURE, crc, stored, size).bytes;
  return new Fields(24).u32(DESCRIPTOR_SIGNATURE, crc).u64(stored, size).bytes;
}

function centralHeader({ name, offset, size, stored, crc }: Entry, time: readonly [number, number]): Uint8Array {
  const text = Buffer.from(name);
  const wide = [size, stored, offset].filter((value) => value >= MAX32);
  const extra = wide.length === 0 ? 0 : 4 + wide.length * 8;
  const needed = extra === 0 ? PLAIN : ZIP64;
  const [small, smallStored, smallOffset] = [size, stored, offset].map((value) => Math.min(value, MAX32)) as [
    number,
    number,
    number,
  ];
  const fields = new Fields(CENTRAL_BYTES + text.length + extra)
    .u32(CENTRAL_SIGNATURE)
    .u16(UNIX | needed, needed, FLAGS, DEFLATED, ...time)
    .u32(crc, smallStored, small)
    .u16(text.length, extra, 0, 0, 0)
    .u32(MODE * 0x1_0000, smallOffset)
    .text(text);
  if (extra > 0) fields.u16(1, wide.length * 8).u64(...wide);
  return fields.bytes;
}

/**
 * The archive, in pieces. A file is read to its end before the next one is asked for. Names are not the same twice. An error of a file ends
 * the archive with it: one without a directory is none.
 */
export async function* zipStream(files: AsyncIterable<StreamedFile>, at: Date): AsyncGenerator<Uint8Array> {
  const time = dosTime(at);
  const entries: Entry[] = [];
  let position = 0;
  const counted = (bytes: Uint8Array): Uint8Array => {
    position += bytes.length;
    return bytes;
  };
  for await (const { name, pieces } of files) {
    const entry: Entry = { name, offset: position, size: 0, stored: 0, crc: 0 };
    yield counted(localHeader(Buffer.from(name), time));
    const measured = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        entry.size += piece.length;
        entry.crc = crc32(piece, entry.crc);
        yield piece;
      }
    };
    // What goes wrong in the source comes out of the last stream, which is read here.
    const deflate = createDeflateRaw({ chunkSize: CHUNK_BYTES });
    const deflated = pipeline(Readable.from(measured(), { objectMode: false }), deflate, () => undefined);
    for await (const piece of deflated as AsyncIterable<Uint8Array>) {
      entry.stored += piece.length;
      yield counted(piece);
    }
    yield counted(descriptor(entry));
    entries.push(entry);
  }
  const directory = position;
  for (const entry of entries) yield counted(centralHeader(entry, time));
  yield* endRecords(entries.length, position - directory, directory);
}
