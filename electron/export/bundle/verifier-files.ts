// The verifier that every bundle carries, read from the installation.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExhibitError } from '../../../shared/api/errors.ts';

export const VERIFIER_FILES = ['VERIFY.txt', 'verify.html', 'verify.mjs'] as const;

export type VerifierFiles = Readonly<Record<(typeof VERIFIER_FILES)[number], Uint8Array>>;

/** `folder`: `verify` of the installation. Throws kind `not-found` where it lacks one of them. */
export function readVerifier(folder: string): VerifierFiles {
  const read = (name: string): Uint8Array => {
    const path = join(folder, name);
    if (!existsSync(path))
      throw new ExhibitError(
        'not-found',
        'bundle',
        'this installation has no verifier for bundles',
        'build or install Exhibit anew',
      );
    return readFileSync(path);
  };
  return { 'VERIFY.txt': read('VERIFY.txt'), 'verify.html': read('verify.html'), 'verify.mjs': read('verify.mjs') };
}
