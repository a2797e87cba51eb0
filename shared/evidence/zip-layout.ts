// The one form that the ZIP of a bundle has (docs/bundle.md, "The ZIP"): from names, sizes and CRCs follows every byte around the
// content. The maker writes these bytes; the verifier makes them again and compares, so that no bit of a header has a second
// meaning. PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3.

export interface ZipEntry {
  /** ASCII, with slashes. */
  readonly name: string;
  readonly size: number;
  /** CRC-32 of the content. */
  readonly crc: number;
}

/** What a 32-bit field holds where the value stands in the ZIP64 field. */
export const MAX32 = 0xffffffff;
export const MAX16 = 0xffff;

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const END_SIGNATURE = 0x06054b50;
export const END64_SIGNATURE = 0x06064b50;
export const LOCATOR_SIGNATURE = 0x07064b50;

export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
export const END64_BYTES = 56;
export const LOCATOR_BYTES = 20;

/** Made on Unix, so that the mode is read: a plain file, 0644. */
const UNIX = 3 << 8;
const MODE = 0o100644;
/** 1980-01-01 and 00:00:00 as MS-DOS writes them. */
const DATE = 0x0021;
const PLAIN = 10;
const ZIP64 = 45;

const encoder = new TextEncoder();

/** Little-endian fields, written one after the other. */
export class Fields {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setUint16(this.#at, value, true);
      this.#at += 2;
    }
    return this;
  }

  u32(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setUint32(this.#at, value, true);
      this.#at += 4;
    }
    return this;
  }

  u64(...values: readonly number[]): this {
    for (const value of values) this.u32(value % 0x1_0000_0000, Math.floor(value / 0x1_0000_0000));
    return this;
  }

  text(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }
}

const capped = (value: number): number => Math.min(value, MAX32);

/** The ZIP64 field with those values that do not fit elsewhere, or none. */
function extraOf(values: readonly number[]): { readonly length: number; write(into: Fields): void } {
  const wide = values.length * 8;
  if (wide === 0) return { length: 0, write: () => undefined };
  return { length: 4 + wide, write: (into) => void into.u16(1, wide).u64(...values) };
}

/** What stands before the content of an entry. */
export function localHeader({ name, size, crc }: ZipEntry): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(name);
  const extra = extraOf(size >= MAX32 ? [size, size] : []);
  const fields = new Fields(LOCAL_BYTES + text.length + extra.length);
  fields.u32(LOCAL_SIGNATURE).u16(extra.length > 0 ? ZIP64 : PLAIN, 0, 0, 0, DATE);
  fields.u32(crc, capped(size), capped(size)).u16(text.length, extra.length).text(text);
  extra.write(fields);
  return fields.bytes;
}

/** An entry of the central directory; `offset` is where its local header begins. */
function centralHeader({ name, size, crc }: ZipEntry, offset: number): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(name);
  const extra = extraOf([...(size >= MAX32 ? [size, size] : []), ...(offset >= MAX32 ? [offset] : [])]);
  const needed = extra.length > 0 ? ZIP64 : PLAIN;
  const fields = new Fields(CENTRAL_BYTES + text.length + extra.length);
  fields.u32(CENTRAL_SIGNATURE).u16(UNIX | needed, needed, 0, 0, 0, DATE);
  fields.u32(crc, capped(size), capped(size)).u16(text.length, extra.length, 0, 0, 0);
  fields.u32(MODE * 0x1_0000, capped(offset)).text(text);
  extra.write(fields);
  return fields.bytes;
}

/** How many bytes the entries take, local headers and contents. */
export function contentBytes(entries: Iterable<ZipEntry>): number {
  let offset = 0;
  for (const entry of entries) offset += localHeader(entry).length + entry.size;
  return offset;
}

/** What stands after the last content: the central directory and its end, in pieces. The entries are those before it, in order. */
export function* zipEnd(entries: readonly ZipEntry[]): Generator<Uint8Array<ArrayBuffer>> {
  let offset = 0;
  let directory = 0;
  for (const entry of entries) {
    const header = centralHeader(entry, offset);
    offset += localHeader(entry).length + entry.size;
    directory += header.length;
    yield header;
  }
  yield* endRecords(entries.length, directory, offset);
}

/** The end of an archive whose directory has `count` entries in `directory` bytes, from `offset` on. */
export function* endRecords(count: number, directory: number, offset: number): Generator<Uint8Array<ArrayBuffer>> {
  if (count >= MAX16 || directory >= MAX32 || offset >= MAX32) {
    const end = new Fields(END64_BYTES)
      .u32(END64_SIGNATURE)
      .u64(END64_BYTES - 12)
      .u16(UNIX | ZIP64, ZIP64);
    yield end.u32(0, 0).u64(count, count, directory, offset).bytes;
    yield new Fields(LOCATOR_BYTES)
      .u32(LOCATOR_SIGNATURE, 0)
      .u64(offset + directory)
      .u32(1).bytes;
  }
  const small = Math.min(count, MAX16);
  const end = new Fields(END_BYTES).u32(END_SIGNATURE).u16(0, 0, small, small);
  yield end.u32(capped(directory), capped(offset)).u16(0).bytes;
}
