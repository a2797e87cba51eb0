// The elements of answers that are lists, and digests that are equal for equal JSON values and for no others.

import { toHex } from '../../shared/evidence/custody.ts';
import { exactJson } from '../../shared/recording/json-exact.ts';
import { parsePage, type PageElement } from '../../shared/recording/rstream-page.ts';
import { decodeUtf8 } from '../../shared/recording/utf8.ts';
import { sha256 } from '../library/library.ts';
import type { Answer } from '../source/source.ts';

/**
 * Digest of a value that is known to be well-formed. What its record is hashed in, the canonical form, is the same for numbers that
 * round to one double, and for members that another of their name hides: what the source says of them is compared too.
 */
export function jsonDigest(bytes: Uint8Array): Buffer {
  const { text, replaced } = decodeUtf8(bytes);
  return Buffer.from(sha256(replaced === 0 ? Buffer.from(exactJson(text).form) : bytes));
}

/** The same of an element, in hexadecimal digits. */
export function elementDigest(page: Uint8Array, { offset, length }: PageElement): string {
  return toHex(jsonDigest(page.subarray(offset, offset + length)));
}

/** The elements of an answer that is a list. */
export function elementsOf({ elements, bytes }: Answer): readonly PageElement[] {
  return elements ?? parsePage(bytes);
}

/** Their texts. */
export function elementTexts(answer: Answer): string[] {
  return elementsOf(answer).map(({ offset, length }) => answer.bytes.toString('utf8', offset, offset + length));
}
