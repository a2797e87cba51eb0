// What is wrong with an input, said so that a person can find it: a discrepancy is imported and shown, a refusal is not imported.

/** Kinds that importers and sync name. The first group is that of files, the second that of sources. */
export type DiscrepancyKind =
  | 'empty-file'
  | 'not-a-recording'
  | 'missing-header'
  | 'bad-header'
  | 'unsupported-version'
  | 'bad-line'
  | 'bad-time'
  | 'bad-size'
  | 'encoding'
  | 'truncated'
  | 'inconsistent'
  | 'inconsistent-parts'
  | 'unsafe-path'
  | 'bomb'
  | 'sequence-gap'
  | 'sequence-repeat'
  | 'sequence-reorder'
  | 'broken-link'
  | 'changed-history'
  | 'unknown-event'
  | 'not-decrypted';

/** Where it is. Lines and events count from 1, bytes from 0; a file is named as the user knows it. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  /** Byte offset and length in the file (after decompression, where it was compressed). */
  readonly offset?: number;
  readonly length?: number;
  readonly seq?: string;
}

export interface Discrepancy {
  readonly kind: DiscrepancyKind;
  /** One sentence without a full stop: what is wrong and what was done about it. */
  readonly message: string;
  readonly place: Place;
  /** How many it stands for, where that is not one. */
  readonly count?: number;
}

/** What is wrong, before it has a place. */
export type Fault = Omit<Discrepancy, 'place'>;

/** Why an input is not imported at all. */
export interface Refusal {
  readonly kind: DiscrepancyKind;
  /** One sentence without a full stop. */
  readonly message: string;
  readonly place: Place;
}

/** `server.cast, line 6` or `session.ttyrec, byte 41`; empty where nothing is known of the place. */
export function describePlace(place: { readonly [K in keyof Place]: Place[K] | undefined }): string {
  const parts: string[] = [];
  if (place.file !== undefined) parts.push(place.file);
  if (place.line !== undefined) parts.push(`line ${String(place.line)}`);
  else if (place.offset !== undefined) parts.push(`byte ${String(place.offset)}`);
  if (place.seq !== undefined) parts.push(`sequence number ${place.seq}`);
  return parts.join(', ');
}

/** The message of a gap: `sequence number 9 follows 5: 6 to 8 are missing here`. What is missing may have come elsewhere. */
export function gapMessage(noun: string, before: bigint, after: bigint): string {
  const [first, last] = [before + 1n, after - 1n];
  const missing = first === last ? `${String(first)} is` : `${String(first)} to ${String(last)} are`;
  return `${noun} ${String(after)} follows ${String(before)}: ${missing} missing here`;
}
