// Frames of recordings as they cross the process boundary: the certificate of a still, and what became of checking one.
// Specification: docs/evidence.md, "Frames".

import { z } from 'zod';
import { offsetUs } from './shapes.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** In the order in which it is written. Digests are SHA-256 in lower-case hexadecimal, of files byte for byte. */
export const frameCertificate = z.strictObject({
  schema: z.literal('exhibit-frame/1'),
  recording: z.string().min(1).max(200),
  /** Root of the acquisition tree, and the records under it. */
  root: digest,
  records: z.int().nonnegative(),
  /** The stream was redacted before the frame was made. */
  redacted: z.boolean(),
  /** Position of the last event applied, from 0; -1 before the first. */
  event: z.int().min(-1),
  /** Its sequence number at the source; null before the first. */
  seq: z.string().nullable(),
  at_us: offsetUs,
  size: z.strictObject({ cols: z.int().positive(), rows: z.int().positive() }),
  cursor: z.strictObject({ row: z.int().nonnegative(), col: z.int().nonnegative(), visible: z.boolean() }),
  alternate: z.boolean(),
  emulator: z.string(),
  /** Hash of the screen: docs/evidence.md. */
  screen: digest,
  svg: digest,
  /** Null where the screen is too large for a picture. */
  png: digest.nullable(),
  txt: digest,
});
export type FrameCertificate = Readonly<z.infer<typeof frameCertificate>>;

export const frameCheck = z.object({
  holds: z.boolean(),
  /** What was compared, in sentences; failed ones say what is there instead. */
  steps: z.array(z.object({ what: z.string(), holds: z.boolean(), detail: z.string() })),
});
export type FrameCheck = z.infer<typeof frameCheck>;
