// The shapes of making, countersigning and opening evidence bundles, and of annotation files that travel between two Exhibits
// (docs/bundle.md).

import { z } from 'zod';
import { annotation, bundleVerdict, caseFields, caseNote, caseVersion, exhibit } from './case-shapes.ts';
import { bytes, instant } from './shapes.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Fingerprints of signers, as ssh-keygen prints them. */
export const fingerprints = z.array(z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/)).max(1000);

/** A bundle that the page holds (`import.next`). */
export const offeredFile = z.object({ name: z.string().min(1).max(4096), size: z.number().int().nonnegative() });

/** `trust`: signers that are trusted, beside those of the open library. */
export const offeredBundle = offeredFile.extend({ trust: fingerprints });

/** A bundle that was made, countersigned or given a time stamp. */
export const bundleMade = z.object({
  /** Where it was written; null for one that waits under a ticket. */
  path: z.string().nullable(),
  /** To be read once through `export.read`; null for one that was written to a path. */
  ticket: z.string().nullable(),
  fileName: z.string(),
  bytes: z.number(),
  /** SHA-256 of the whole file. */
  sha256: digest,
  /** The statement that was added, or that a time stamp was joined to. */
  statement: z.object({ file: z.string(), sha256: digest, signer: z.string(), fingerprint: z.string() }),
  /** The time that the joined time stamp gives, RFC 3339; null where none was joined. */
  stampedAt: z.string().nullable(),
  recordings: z.array(z.object({ id: z.string(), root: z.string(), records: z.int(), withheld: z.int() })),
  /** As found when the finished file was read again. */
  verdict: bundleVerdict,
  /** What it does not hold, in sentences. */
  warnings: z.array(z.string()),
});
export type BundleMade = z.infer<typeof bundleMade>;

/** What one more person says of a bundle. */
export const countersigning = z.object({
  role: z.enum(['reviewer', 'recipient']),
  intent: z.string().max(1000),
  signer: z.string().trim().min(1).max(300),
  signedAt: instant,
});
export type Countersigning = z.infer<typeof countersigning>;

/** The statement whose signature is asked about, as in signatures/: `01-producer`; null: the newest. */
export const statementName = z.string().max(100).nullable();

/** The signature that a request for a time stamp is about: `01-producer.json.sig`. */
const signature = z.string();

/** `request`: RFC 3161, DER. */
export const timeRequest = z.object({ signature, request: bytes });

/** The same, to be read once through `export.read`. */
export const offeredTimeRequest = z.object({ signature, ticket: z.string(), fileName: z.string() });

/** What became of one recording of a bundle that was opened. */
export const openedRecording = z.object({
  /** As the bundle calls it. */
  id: z.string(),
  root: z.string(),
  /** The session of this library that shows it, or null. */
  session: z.string().nullable(),
  /** `original`: record for record what was acquired; `playback`: what the bundle shows of it. */
  from: z.enum(['original', 'playback']).nullable(),
  note: z.string(),
});
export type OpenedRecordingRow = z.infer<typeof openedRecording>;

export const bundleOpened = z.object({
  case: z.string(),
  verdict: bundleVerdict,
  signer: z.string(),
  fingerprint: z.string(),
  recordings: z.array(openedRecording),
  annotations: z.int(),
});
export type BundleOpened = z.infer<typeof bundleOpened>;

/** What a merge of an annotation file did. Nothing that was there is changed by one. */
export const mergeReport = z.object({
  case: z.string(),
  signer: z.string(),
  fingerprint: z.string(),
  added: z.array(z.string()),
  /** There already, the same in every byte. */
  known: z.array(z.string()),
  /** There already and not the same: left as they are. */
  conflicts: z.array(z.object({ id: z.string(), here: z.string(), there: z.string() })),
  /** Not taken, each with its reason: the recording is not in this case, or is not the one that was annotated. */
  refused: z.array(z.object({ id: z.string(), reason: z.string() })),
});
export type MergeReport = z.infer<typeof mergeReport>;

/** The signed text of an annotation file. */
export const annotationPayload = z.object({
  schema: z.literal('exhibit-annotation-file/1'),
  case: z.object({ number: z.string(), title: z.string() }),
  /** SHA-256 of the statement of the bundle that was commented on; null where it is the author's own case. */
  bundle: digest.nullable(),
  signer: z.object({ name: z.string().min(1).max(300), publicKey: z.string(), fingerprint: z.string() }),
  signedAt: instant,
  annotations: z.array(annotation).max(100_000),
});
export type AnnotationPayload = z.infer<typeof annotationPayload>;

export const annotationFile = z.object({
  schema: z.literal('exhibit-signed/1'),
  payload: z.string(),
  /** SSHSIG over the bytes of the payload, namespace `exhibit-annotations`. */
  signature: z.string().max(4096),
});

/** data/case.json, as far as opening a bundle needs it. */
export const bundleCase = caseFields.extend({
  schema: z.literal('exhibit-case/1'),
  versions: z.array(caseVersion).min(1).max(10_000),
  exhibits: z.array(exhibit).max(100_000),
  notes: z.array(caseNote).max(100_000),
});
export type BundleCase = z.infer<typeof bundleCase>;

/** data/annotations.json. */
export const bundleAnnotations = z.object({
  schema: z.literal('exhibit-annotations/1'),
  annotations: z.array(annotation).max(100_000),
});

/** acquisition.json of a recording, as far as opening a bundle needs it. */
export const bundleAcquisition = z.object({
  schema: z.literal('exhibit-acquisition/1'),
  source: z.string().min(1).max(300),
  records: z.int().nonnegative(),
  root: digest,
  ordinal: z.int().nonnegative(),
  parts: z.array(z.object({ name: z.string().max(4096), file: z.string().nullable() })),
});
