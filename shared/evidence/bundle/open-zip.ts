// Opens the ZIP of a bundle, fail closed: the directory gives names, sizes and CRCs, and every other byte around the contents must be
// the one that follows from these (zip-layout.ts). So nothing hides between entries, before or after them, and no two programs that
// unpack it can come to different files. docs/bundle.md, "The ZIP" and step 1.

import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  END64_BYTES,
  END_BYTES,
  LOCATOR_BYTES,
  LOCATOR_SIGNATURE,
  END_SIGNATURE,
  MAX16,
  MAX32,
  localHeader,
  zipEnd,
  type ZipEntry,
} from '../zip-layout.ts';
import type { Bag, BagFile, ReadRange } from './bag.ts';

/** Files of a bundle that are read, and bytes of its directory: what a verifier must hold. */
const MAX_FILES = 500_000;
const MAX_DIRECTORY_BYTES = 128 * 1024 * 1024;

/** Largest path of a file, top folder and all. */
const MAX_NAME = 1000;

export interface ZipFault {
  /** Path in the bag where it is known. */
  readonly file: string;
  readonly bytes: readonly [number, number] | null;
  readonly reason: string;
}

export type OpenedZip =
  { readonly kind: 'bag'; readonly top: string; readonly bag: Bag } | { readonly kind: 'fault'; readonly fault: ZipFault };

class Unsafe extends Error {
  readonly fault: ZipFault;

  constructor(reason: string, bytes: readonly [number, number] | null = null, file = '') {
    super(reason);
    this.fault = { file, bytes, reason };
  }
}

const decoder = new TextDecoder('utf-8');
const ANEW = 'if it was unpacked and packed anew, verify the unpacked folder';

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** Values beyond 2^53 are no sizes of a file: whatever becomes of them is found to be wrong. */
const u64 = (from: DataView, at: number): number => from.getUint32(at, true) + from.getUint32(at + 4, true) * 0x1_0000_0000;

/** A path of letters that no system reads in a way of its own: no empty, dotted or hidden steps. */
export function isSafePath(path: string): boolean {
  if (path.length > MAX_NAME) return false;
  return path.split('/').every((step) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(step));
}

/** Where the directory lies, from the last bytes of the file. */
async function directoryPlace(size: number, read: ReadRange): Promise<{ from: number; to: number; count: number }> {
  if (size < END_BYTES) throw new Unsafe('it is too short for a ZIP');
  const to = size - END_BYTES;
  const end = view(await read(to, size));
  if (end.getUint32(0, true) !== END_SIGNATURE) throw new Unsafe('it does not end as a ZIP does', [to, size]);
  const small = { count: end.getUint16(10, true), bytes: end.getUint32(12, true), from: end.getUint32(16, true) };
  const isWide = small.count === MAX16 || small.bytes === MAX32 || small.from === MAX32;
  if (!isWide) return { from: small.from, to, count: small.count };
  const locatorAt = to - LOCATOR_BYTES;
  const endAt = locatorAt - END64_BYTES;
  if (endAt < 0) throw new Unsafe('its end names more than the file holds', [to, size]);
  const wide = view(await read(endAt, to));
  if (wide.getUint32(END64_BYTES, true) !== LOCATOR_SIGNATURE) throw new Unsafe('the end of ZIP64 is missing', [endAt, to]);
  return { from: u64(wide, 48), to: endAt, count: u64(wide, 32) };
}

function readDirectory(bytes: Uint8Array, at: number, count: number): ZipEntry[] {
  const from = view(bytes);
  const entries: ZipEntry[] = [];
  let offset = 0;
  while (entries.length < count) {
    const place: readonly [number, number] = [at + offset, at + bytes.length];
    if (bytes.length - offset < CENTRAL_BYTES || from.getUint32(offset, true) !== CENTRAL_SIGNATURE)
      throw new Unsafe(`entry ${String(entries.length + 1)} of the directory is none`, place);
    const nameBytes = from.getUint16(offset + 28, true);
    const extraBytes = from.getUint16(offset + 30, true);
    const end = offset + CENTRAL_BYTES + nameBytes + extraBytes;
    if (end > bytes.length) throw new Unsafe(`entry ${String(entries.length + 1)} goes beyond the directory`, place);
    const extraAt = offset + CENTRAL_BYTES + nameBytes + 4;
    const small = from.getUint32(offset + 24, true);
    const isWide = small === MAX32 && extraBytes >= 12;
    entries.push({
      name: decoder.decode(bytes.subarray(offset + CENTRAL_BYTES, offset + CENTRAL_BYTES + nameBytes)),
      size: isWide ? u64(from, extraAt) : small,
      crc: from.getUint32(offset + 16, true),
    });
    offset = end;
  }
  if (offset !== bytes.length) throw new Unsafe('there is more than the directory', [at + offset, at + bytes.length]);
  return entries;
}

/** The first byte at which two runs differ, or -1. */
function difference(found: Uint8Array, expected: Uint8Array): number {
  const at = expected.findIndex((byte, i) => found[i] !== byte);
  return at < 0 && found.length !== expected.length ? expected.length : at;
}

function checkNames(entries: readonly ZipEntry[]): string {
  const first = entries[0];
  if (first === undefined) throw new Unsafe('it is empty');
  const top = first.name.slice(0, first.name.indexOf('/') + 1);
  let before = '';
  for (const { name } of entries) {
    if (top === '' || !name.startsWith(top)) throw new Unsafe(`${JSON.stringify(name)} is not in the one top folder`);
    const path = name.slice(top.length);
    if (!isSafePath(name)) throw new Unsafe(`${JSON.stringify(name)} is no safe name`, null, path);
    if (name <= before) throw new Unsafe(`${name} is there twice or not in its order`, null, path);
    before = name;
  }
  return top;
}

async function checkDirectory(entries: readonly ZipEntry[], from: number, size: number, read: ReadRange): Promise<void> {
  let at = from;
  for (const piece of zipEnd(entries)) {
    const to = Math.min(size, at + piece.length);
    const differs = difference(await read(at, to), piece);
    if (differs >= 0) throw new Unsafe(`the directory is not in the form of a bundle; ${ANEW}`, [at + differs, to]);
    at = to;
  }
  if (at !== size) throw new Unsafe('there are bytes after the end of the ZIP', [at, size]);
}

/** Opens a bundle. A fault is whatever makes it unsafe or unreadable. Rejects only where `read` does. */
export async function openZip(size: number, read: ReadRange): Promise<OpenedZip> {
  try {
    const { from, to, count } = await directoryPlace(size, read);
    if (from > to) throw new Unsafe('its directory lies beyond its end', [to, size]);
    if (count > MAX_FILES || to - from > MAX_DIRECTORY_BYTES) throw new Unsafe('it names more files than are read', [from, to]);
    const entries = readDirectory(await read(from, to), from, count);
    const top = checkNames(entries);
    const held = bufferedReader(from, size, await read(from, size));
    await checkDirectory(entries, from, size, held);
    const files = new Map<string, BagFile>();
    let at = 0;
    for (const entry of entries) {
      const header = localHeader(entry);
      const name = entry.name.slice(top.length);
      const start = at + header.length;
      if (start + entry.size > from) throw new Unsafe('it goes beyond the contents', [at, from], name);
      const differs = difference(await read(at, start), header);
      if (differs >= 0) {
        throw new Unsafe(
          `the header before its content is not the one that the directory gives; ${ANEW}`,
          [at + differs, start],
          name,
        );
      }
      files.set(name, { name, size: entry.size, crc: entry.crc, read: (first, last) => read(start + first, start + last) });
      at = start + entry.size;
    }
    if (at !== from) throw new Unsafe('there are bytes between the last content and the directory', [at, from]);
    return { kind: 'bag', top: top.slice(0, -1), bag: { files } };
  } catch (error) {
    if (error instanceof Unsafe) return { kind: 'fault', fault: error.fault };
    throw error;
  }
}

/** Reads out of bytes at hand, which begin at `from`. */
function bufferedReader(from: number, size: number, bytes: Uint8Array): ReadRange {
  return (first, last) => Promise.resolve(bytes.subarray(first - from, Math.min(last, size) - from));
}
