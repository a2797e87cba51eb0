// The elements of answers that are lists, and digests that are equal for equal JSON values.

import { toHex } from '../../shared/evidence/custody.ts';
import { recordBytes } from '../../shared/evidence/record.ts';
import { parsePage, type PageElement } from '../../shared/recording/rstream-page.ts';
import { sha256 } from '../library/library.ts';
import type { Answer } from '../source/source.ts';

/** The same for equal JSON values. */
export function jcsDigest(value: unknown): Buffer {
  return Buffer.from(sha256(recordBytes('jcs', Buffer.from(JSON.stringify(value)), value)));
}

/** Digest of an element's record. */
export function elementDigest(bytes: Uint8Array, { offset, length, parsed }: PageElement): string {
  const value = parsed?.kind === 'value' && parsed.exact ? parsed.value : undefined;
  return toHex(sha256(recordBytes('jcs', bytes.subarray(offset, offset + length), value)));
}

/** The elements of an answer that is a list. */
export function elementsOf({ elements, bytes }: Answer): readonly PageElement[] {
  return elements ?? parsePage(bytes);
}

/** Their texts. */
export function elementTexts(answer: Answer): string[] {
  return elementsOf(answer).map(({ offset, length }) => answer.bytes.toString('utf8', offset, offset + length));
}
