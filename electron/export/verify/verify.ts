// Verifies a bundle on this machine: a ZIP file, or a folder that it was unpacked into. Nothing is unpacked or written.

import { stat } from 'node:fs/promises';
import type { BundleReport } from '../../../shared/evidence/bundle/report.ts';
import { verifyBag, verifyZip, type Derive, type VerifyOptions } from '../../../shared/evidence/bundle/verify-bundle.ts';
import { NODE_EFFECTS, folderBag, openFile } from './node-effects.ts';

/** Rejects with the error of the system where the bundle cannot be read, with NoBag, and with Cancelled. */
export async function verifyBundleAt(path: string, options: VerifyOptions): Promise<BundleReport> {
  if ((await stat(path)).isDirectory()) return verifyBag(await folderBag(path), NODE_EFFECTS, options);
  const file = await openFile(path);
  try {
    return await verifyZip(file.size, file.read, NODE_EFFECTS, options);
  } finally {
    await file.close();
  }
}

/** Exit code of the command line and of verify.mjs (docs/bundle.md). */
export function verdictExit({ verdict }: BundleReport): 0 | 3 | 4 {
  switch (verdict) {
    case 'TRUSTED':
      return 0;
    case 'INTACT, SIGNER NOT TRUSTED':
      return 4;
    case 'INTACT, UNSIGNED':
    case 'INCOMPLETE':
    case 'ALTERED':
    case 'UNREADABLE':
      return 3;
  }
}

export type { BundleReport, Derive, VerifyOptions };
