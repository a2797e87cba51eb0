// The container of Teleport recordings since 4.3: parts, each a header of big-endian words and a gzip body. Unpacking is for
// whoever reads the file; here stands what a header says.
// https://github.com/gravitational/teleport/blob/master/lib/events/stream.go (PartHeader), rfd/0207-encrypted-session-recordings.md

export interface TeleportPart {
  readonly headerBytes: number;
  /** Bytes of the body after the header, and of zeros after the body. A damaged or hostile file may claim anything. */
  readonly bodyBytes: number;
  readonly paddingBytes: number;
  /** The body is encrypted with age, for keys of the cluster: it cannot be read here. */
  readonly encrypted: boolean;
}

/** Longest header: enough bytes for {@link readTeleportPart}. */
export const TELEPORT_HEADER_BYTES = 32;

/** Reads a part header at the start of `bytes`, or returns null where there is none (or not all of it). */
export function readTeleportPart(bytes: Uint8Array): TeleportPart | null {
  if (bytes.length < 24) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getBigUint64(0);
  const headerBytes = version === 1n ? 24 : version === 2n ? 32 : 0;
  if (headerBytes === 0 || bytes.length < headerBytes) return null;
  const bodyBytes = view.getBigUint64(8);
  const paddingBytes = view.getBigUint64(16);
  if (bodyBytes > BigInt(Number.MAX_SAFE_INTEGER) || paddingBytes > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  const encrypted = headerBytes === 32 && (bytes[24]! & 1) === 1;
  return { headerBytes, bodyBytes: Number(bodyBytes), paddingBytes: Number(paddingBytes), encrypted };
}

/** Whether bytes begin with a part header, and behind it with what a body begins with. */
export function isTeleportContainer(head: Uint8Array): boolean {
  const part = readTeleportPart(head);
  if (part === null) return false;
  const body = head.subarray(part.headerBytes);
  if (part.bodyBytes === 0 || body.length < 2) return true;
  return part.encrypted || (body[0] === 0x1f && body[1] === 0x8b);
}
