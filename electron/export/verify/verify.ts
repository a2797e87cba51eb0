// Verifies a bundle on this machine: a ZIP file, or a folder that it was unpacked into. Nothing is unpacked or written.

import { stat } from 'node:fs/promises';
import type { BundleReport } from '../../../shared/evidence/bundle/report.ts';
import { deriveAgain, deriveRecording, type DeriveTools } from '../../../shared/derive/derive.ts';
import { verifyBag, verifyZip, type VerifyOptions } from '../../../shared/evidence/bundle/verify-bundle.ts';
import type { ReadRange } from '../../../shared/evidence/bundle/bag.ts';
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
  const tools = { createTerminal, ...(opened === undefined ? {} : { opened }) };
  return { ...options, derive: deriveAgain(deriveRecording(tools)) };
}

/** A ZIP file that is open. */
export interface ZipFile {
  readonly size: number;
  readonly read: ReadRange;
  /** Its number, where the bytes are those of an open file as it stands. */
  readonly handle?: number;
}

export type VerifyFile = (file: ZipFile, request: VerifyRequest) => Promise<BundleReport>;

export const inThisThread: VerifyFile = ({ size, read }, request) => verifyZip(size, read, NODE_EFFECTS, verifyOptions(request));

/** Rejects with the error of the system where the bundle cannot be read, and with Cancelled. */
export async function verifyBundleAt(path: string, request: VerifyRequest, verify = inThisThread): Promise<BundleReport> {
  if ((await stat(path)).isDirectory()) return verifyBag(await folderBag(path), NODE_EFFECTS, verifyOptions(request));
  const file = await openFile(path);
  try {
    return await verify(file, request);
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
