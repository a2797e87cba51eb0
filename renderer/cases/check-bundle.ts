// Runs the verifier of shared/evidence on a file of the page: it is read range by range and never held as a whole. What hashes and checks
// signatures is handed in.

import type { Effects, ReadRange } from '../../shared/evidence/bundle/bag.ts';
import type { BundleReport } from '../../shared/evidence/bundle/report.ts';
import { verifyZip } from '../../shared/evidence/bundle/verify-bundle.ts';

export interface CheckOptions {
  /** Fingerprints of signers that are trusted. */
  readonly trusted: readonly string[];
  /** Share that was read, 0 to 1. */
  readonly progress: (share: number) => void;
  readonly isCancelled: () => boolean;
}

export type CheckBundle = (file: File, options: CheckOptions) => Promise<BundleReport>;

/** News of the progress, at most so often. Milliseconds. */
const PAUSE = 60;

/** Rejects where the file cannot be read, or the work was cancelled. */
export function bundleChecker(effects: Effects, reader: (file: Blob) => ReadRange, now: () => number): CheckBundle {
  return (file, { trusted, progress, isCancelled }) => {
    let last = -PAUSE;
    const read = reader(file);
    // The browser may draw between two pieces.
    const breathing: ReadRange = async (from, to) => {
      if (now() - last >= PAUSE) {
        last = now();
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      return read(from, to);
    };
    let told = -PAUSE;
    return verifyZip(file.size, breathing, effects, {
      trusted: new Set(trusted),
      authorities: [],
      progress: (done, total) => {
        if (now() - told < PAUSE) return;
        told = now();
        progress(total === 0 ? 1 : done / total);
      },
      isCancelled,
    });
  };
}
