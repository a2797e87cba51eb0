// What every call that writes a bundle has in common: the finished bytes are read again and verified before anything is called done, and a
// bundle that is named is never written over.

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { BundleMade } from '../../shared/api/bundle-shapes.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { firstFailure, verifyBundle, type BundleBytes, type VerifyFile } from '../export/export.ts';
import type { JobContext } from './jobs.ts';

/** A bundle that was written, wherever it is. */
export type Written = Omit<BundleMade, 'path' | 'ticket' | 'fileName'>;

/**
 * Verifies a bundle; where `quick`, without deriving anything again. `own`: the fingerprint of this library's key; `failed`: the error of a
 * bundle that does not verify. Throws that, and kinds `cancelled`, `disk`.
 */
export async function checked(
  bytes: BundleBytes,
  own: string,
  { signal, progress }: JobContext,
  verify: VerifyFile,
  { quick, failed }: { readonly quick: boolean; readonly failed: (why: string) => ExhibitError },
): Promise<Written['verdict']> {
  const report = await verifyBundle(bytes, {
    trusted: new Set([own]),
    signal,
    quick,
    verify,
    progress: (done, total) => progress({ done, total, detail: 'verify' }),
  });
  if (report.verdict === 'TRUSTED' || report.verdict === 'INTACT, SIGNER NOT TRUSTED') return report.verdict;
  throw failed(firstFailure(report));
}

/** The error of a bundle of somebody that does not verify. */
export const notSigned =
  (name: string) =>
  (why: string): ExhibitError =>
    new ExhibitError('altered', `bundle ${basename(name)}`, why, 'it is not what was signed: verifying it says more');

/** The error of a bundle that was written here and does not verify. */
export const notWritten = (why: string): ExhibitError =>
  new ExhibitError('bug', 'bundle', `what was written does not verify: ${why}`, 'nothing of it was kept');

/** Throws kind `refused`. */
export function mustBeNew(path: string): void {
  if (existsSync(path)) throw new ExhibitError('refused', `write ${path}`, 'there is such a file already', 'name a new one');
}
