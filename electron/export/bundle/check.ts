// Reads a bundle again and verifies it, as every bundle is before it is called done.

import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { Cancelled, chunks, type ReadRange } from '../../../shared/evidence/bundle/bag.ts';
import type { BundleReport } from '../../../shared/evidence/bundle/report.ts';
import { findWithheld, isWithinOwnDigest, withheldTextForms } from '../redaction/redaction.ts';
import { inThisThread, type VerifyFile } from '../verify/verify.ts';
import type { BundleBytes } from '../whole-file.ts';
import { readBundle } from './read.ts';

const CHUNK_BYTES = 1024 * 1024;

export interface CheckOptions {
  /** Fingerprints of the signers that are trusted. */
  readonly trusted: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
  /** Without step 10: for what was derived a moment ago. */
  readonly quick: boolean;
  readonly verify?: VerifyFile;
}

/** Verifies a bundle without looking for keys of its recordings. Throws kinds `cancelled`, `disk`. */
export async function verifyBundle(
  bytes: BundleBytes,
  { trusted, signal, progress, quick, verify = inThisThread }: CheckOptions,
): Promise<BundleReport> {
  const request = { trusted, authorities: [], progress, isCancelled: () => signal.aborted, quick };
  const { size, handle } = bytes;
  const read: ReadRange = async (from, to) => {
    if (to - from >= CHUNK_BYTES) await breathe();
    return bytes.read(from, to - from);
  };
  try {
    return await verify({ size, read, ...(handle === undefined ? {} : { handle }) }, request);
  } catch (error) {
    if (error instanceof Cancelled) throw new ExhibitError('cancelled', 'bundle', 'it was cancelled', 'nothing of it was kept');
    throw error;
  }
}

/** What is wrong with a bundle in one sentence: its first failure with its place. */
export function firstFailure({ verdict, failures }: BundleReport): string {
  const [first] = failures;
  if (first === undefined) return verdict;
  const place = [first.file, first.record === null ? '' : `record ${String(first.record)}`]
    .filter((part) => part !== '')
    .join(', ');
  return `${verdict}: ${place === '' ? '' : `${place}: `}${first.reason}`;
}

/** The same in every bundle, whatever is withheld. */
const OWN_FILES = 'exhibit/verify/';

/**
 * The last look at a redacted bundle: none of these texts may stand in any of its files, in any encoding, but for few digits within digests that the form itself has. The error names the file and
 * never the text. Throws kinds `refused`, `cancelled`.
 */
export async function refuseWithheld(file: BundleBytes, texts: readonly string[], signal: AbortSignal): Promise<void> {
  const forms = texts.flatMap(withheldTextForms);
  if (forms.length === 0) return;
  const { bag } = await readBundle(file, 'bundle');
  for (const [name, content] of bag.files) {
    if (signal.aborted) throw new ExhibitError('cancelled', 'bundle', 'it was cancelled', 'nothing of it was kept');
    if (name.startsWith(OWN_FILES)) continue;
    const [hit] = await findWithheld(chunks(content), forms, 1, (found) => isWithinOwnDigest(name, content, found));
    if (hit === undefined) continue;
    const why = `a text that a redaction withholds would stand in ${name} (${hit.encoding}, byte ${String(hit.from)})`;
    const todo = 'where it is a word that the form of the bundle needs, choose a longer text for the redaction';
    throw new ExhibitError('refused', 'redacted bundle', why, todo);
  }
}

/** SHA-256 of all bytes, hexadecimal. */
export async function digestOf(bytes: BundleBytes): Promise<string> {
  const sha256 = createHash('sha256');
  for (let at = 0; at < bytes.size; at += CHUNK_BYTES) {
    sha256.update(bytes.read(at, Math.min(CHUNK_BYTES, bytes.size - at)));
    await breathe();
  }
  return sha256.digest('hex');
}
