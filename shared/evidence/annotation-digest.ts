// The digest by which the custody log commits to what an annotation said (docs/bundle.md): over one of its versions and the place that it
// points at, so that neither can be written anew without an entry that says so. The quotation and the hash of the screen are left out: both
// follow from the recording, and when that is purged, nothing in the log may prove a guess at what it held.

import type { Sha256 } from './acquisition-tree.ts';
import { toHex } from './custody.ts';
import { canonicalText } from './record.ts';

const encoder = new TextEncoder();

/** As library and bundle have it; what it is made of is taken as it stands. */
export interface CommittedAnnotation {
  readonly id: string;
  readonly anchor: object;
  readonly from: unknown;
}

/** What of an annotation is committed to, beside its version. */
export function committedPart({ id, anchor, from }: CommittedAnnotation): CommittedAnnotation {
  const place = Object.entries(anchor).filter(([name]) => name !== 'text' && name !== 'screen');
  return { id, anchor: Object.fromEntries(place), from };
}

/** Lower-case hexadecimal; null for what has no canonical form. */
export function annotationDigest(sha256: Sha256, annotation: CommittedAnnotation, version: unknown): string | null {
  const text = canonicalText({ ...committedPart(annotation), version });
  return text === null ? null : toHex(sha256(encoder.encode(text)));
}
