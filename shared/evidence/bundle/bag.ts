// A bag as the verifier sees it, whether it lies in a ZIP or in a folder: names, sizes, and bytes of any range. What reads, hashes and
// checks signatures is handed in, so that the command line, the verifier inside of a bundle and a browser run the same code.

import type { Hash, Sha256 } from '../acquisition-tree.ts';

/** Reads exactly the bytes from `from` up to `to`. Rejects where it cannot. */
export type ReadRange = (from: number, to: number) => Promise<Uint8Array>;

export interface BagFile {
  /** Path in the bag: without the top folder, with slashes. */
  readonly name: string;
  readonly size: number;
  /** CRC-32 that the ZIP gives, or null in a folder. */
  readonly crc: number | null;
  readonly read: ReadRange;
}

export interface Bag {
  /** By path, ascending by byte. */
  readonly files: ReadonlyMap<string, BagFile>;
  /** What is no file and lies among them, by path, in words: only a folder can have such. */
  readonly others?: ReadonlyMap<string, string>;
}

/** How the signature of a time stamp or certificate is made. */
export interface SignatureScheme {
  readonly kind: 'rsa' | 'ecdsa';
  readonly hash: 'sha256' | 'sha384' | 'sha512';
}

export interface Effects {
  /** Of several pieces at once. */
  readonly sha256: Sha256;
  readonly newSha256: () => Hash;
  readonly newSha512: () => Hash;
  /** CRC-32 of what had `before`, and these bytes after it. */
  readonly crc32: (bytes: Uint8Array, before: number) => number;
  /** Ed25519 (RFC 8032); `key` has 32 bytes, `signature` 64. */
  readonly verifyEd25519: (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
  readonly digest: (hash: 'sha1' | 'sha256' | 'sha384' | 'sha512', bytes: Uint8Array) => Promise<Uint8Array>;
  /** `spki` is a SubjectPublicKeyInfo, DER; an ECDSA signature is DER as well. False where the key is none. */
  readonly verifyWith: (
    spki: Uint8Array,
    scheme: SignatureScheme,
    message: Uint8Array,
    signature: Uint8Array,
  ) => Promise<boolean>;
}

/** Thrown out of a verification that its caller cancelled. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** How much is read and hashed at a time. */
export const CHUNK_BYTES = 1024 * 1024;

/** The bytes of a file in pieces, the next one being read while the last is worked on. */
export async function* chunks({ size, read }: BagFile): AsyncGenerator<Uint8Array> {
  const piece = (from: number): Promise<Uint8Array> | null =>
    from < size ? read(from, Math.min(size, from + CHUNK_BYTES)) : null;
  let next = piece(0);
  for (let from = 0; next !== null;) {
    const bytes = await next;
    from += bytes.length;
    next = piece(from);
    // A failure is thrown by the await above; until then nobody listens.
    next?.catch(() => undefined);
    yield bytes;
  }
}

/**
 * Bytes whose lines or events are held at a time: few enough that these are gone when the memory of young objects is next looked
 * through, where those of a whole chunk would be copied.
 */
const PIECE_BYTES = 64 * 1024;

/** The bytes of a file in small pieces. */
export async function* pieces(file: BagFile): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks(file))
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES);
}

/** A whole file, or null where it has more than `max` bytes. */
export function wholeFile({ size, read }: BagFile, max: number): Promise<Uint8Array> | null {
  return size > max ? null : read(0, size);
}

export interface Line {
  /** Place of its first byte in the file. */
  readonly from: number;
  /** Without its LF. Good until the next run is asked for. */
  readonly bytes: Uint8Array;
}

/** Longest line that is read. */
export const MAX_LINE_BYTES = 128 * 1024 * 1024;

const LF = 10;

/** Thrown where a file of lines is none: its last line has no LF, or one is too long. */
export class NotLines extends Error {
  override readonly name = 'NotLines';
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

/** The lines of a file, in runs: one a piece. */
export async function* lineRuns(file: BagFile): AsyncGenerator<readonly Line[]> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let at = 0;
  for await (const chunk of pieces(file)) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const rest = chunk.subarray(start, end);
      lines.push({ from: at + start - heldBytes, bytes: heldBytes === 0 ? rest : join(held, heldBytes, rest) });
      held = [];
      heldBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      held.push(chunk.subarray(start));
      heldBytes += chunk.length - start;
    }
    at += chunk.length;
    if (heldBytes > MAX_LINE_BYTES) throw new NotLines('a line is longer than any that is read', at - heldBytes);
    yield lines;
  }
  if (heldBytes > 0) throw new NotLines('its last line has no end', at - heldBytes);
}

function join(pieces: readonly Uint8Array[], bytes: number, last: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes + last.length);
  let at = 0;
  for (const piece of [...pieces, last]) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
