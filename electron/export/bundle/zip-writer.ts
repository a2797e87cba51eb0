// Writes the one form of ZIP that a bundle has (shared/evidence/zip-layout.ts): stored entries, sizes and CRC-32 in the local header,
// ZIP64 where a number needs it and nowhere else. What an entry's size will be need not be known when it begins: its header is put in
// place when it ends. Memory does not grow with the entries' bytes.

import { crc32 } from 'node:zlib';
import { localHeader, zipEnd, type ZipEntry } from '../../../shared/evidence/zip-layout.ts';

/** Where the bytes go, and can be had back from. */
export interface ZipTarget {
  write(bytes: Uint8Array, position: number): void;
  read(position: number, length: number): Uint8Array;
}

interface OpenEntry {
  readonly name: string;
  readonly offset: number;
  size: number;
  crc: number;
}

/** Bytes that are moved at once where a header grows. */
const MOVE_BYTES = 1024 * 1024;

export class ZipWriter {
  readonly #target: ZipTarget;
  readonly #entries: ZipEntry[] = [];
  #position = 0;
  #open: OpenEntry | null = null;

  constructor(target: ZipTarget) {
    this.#target = target;
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#position;
  }

  /** Begins an entry. Names are ASCII, and come in ascending order. */
  begin(name: string): void {
    if (this.#open !== null) throw new Error(`${this.#open.name} is still open`);
    this.#open = { name, offset: this.#position, size: 0, crc: 0 };
    this.#position += localHeader(this.#open).length;
  }

  write(bytes: Uint8Array): void {
    const entry = this.#open!;
    this.#target.write(bytes, this.#position);
    this.#position += bytes.length;
    entry.size += bytes.length;
    entry.crc = crc32(bytes, entry.crc);
  }

  /** Returns where the bytes of the entry begin. */
  end(): number {
    const entry = this.#open!;
    const header = localHeader(entry);
    const first = entry.offset + localHeader({ ...entry, size: 0 }).length;
    const grown = entry.offset + header.length - first;
    if (grown > 0) this.#moveUp(first, entry.size, grown);
    this.#target.write(header, entry.offset);
    this.#entries.push(entry);
    this.#open = null;
    return entry.offset + header.length;
  }

  /** Leaves room for an entry that is `size` bytes long and known only later. Returns what writes it. */
  reserve(name: string, size: number): (bytes: Uint8Array) => void {
    const entry: OpenEntry = { name, offset: this.#position, size, crc: 0 };
    const first = entry.offset + localHeader(entry).length;
    this.#position = first + size;
    this.#entries.push(entry);
    return (bytes) => {
      if (bytes.length !== size) throw new Error(`${name} has ${String(bytes.length)} bytes, not ${String(size)}`);
      entry.crc = crc32(bytes);
      this.#target.write(localHeader(entry), entry.offset);
      this.#target.write(bytes, first);
    };
  }

  /** Writes the directory. The archive is whole after that. */
  finish(): void {
    for (const piece of zipEnd(this.#entries)) {
      this.#target.write(piece, this.#position);
      this.#position += piece.length;
    }
  }

  /** Moves bytes to make room before them, from the last to the first. */
  #moveUp(first: number, length: number, by: number): void {
    for (let left = length; left > 0;) {
      const run = Math.min(left, MOVE_BYTES);
      left -= run;
      this.#target.write(this.#target.read(first + left, run), first + left + by);
    }
    this.#position += by;
  }
}
