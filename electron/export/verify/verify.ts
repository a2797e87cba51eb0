// Verifies a bundle on this machine: a ZIP file, or a folder that it was unpacked into. Nothing is unpacked or written.

import { stat } from 'node:fs/promises';
import type { BundleReport } from '../../../shared/evidence/bundle/report.ts';
import { deriveAgain, type DeriveTools } from '../../../shared/derive/derive.ts';
import { verifyBag, verifyZip, type VerifyOptions } from '../../../shared/evidence/bundle/verify-bundle.ts';
import { NODE_EFFECTS, folderBag, openFile } from './node-effects.ts';
import { createTerminal } from './terminal.ts';

/** `quick` leaves out step 10, which takes longer than all others together. `opened` gives what a key at hand opens. */
export type VerifyRequest = Omit<VerifyOptions, 'derive'> & {
  readonly quick?: boolean;
  readonly opened?: DeriveTools['opened'];
};

/** The options of a verification of what `read` gives. */
export function verifyOptions({ quick = false, opened, ...options }: VerifyRequest): VerifyOptions {
  if (quick) return options;
  return { ...options, derive: deriveAgain({ createTerminal, ...(opened === undefined ? {} : { opened }) }) };
}

/** Rejects with the error of the system where the bundle cannot be read, with NoBag, and with Cancelled. */
export async function verifyBundleAt(path: string, request: VerifyRequest): Promise<BundleReport> {
  const options = verifyOptions(request);
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

export type { BundleReport };
