// Hashes, signatures and files of a browser for the verifier of bundles. Web Cryptography hashes only what is whole in memory, and has
// Ed25519 in newer browsers only: both are done in JavaScript here, alike in every browser and with flat memory.

import { ed25519 } from '@noble/curves/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2';
import type { Effects, ReadRange } from '../../shared/evidence/bundle/bag.ts';
import { crc32Table } from '../../shared/evidence/bundle/crc32.ts';
import { subtleEffects } from '../../shared/evidence/bundle/subtle.ts';

export const BROWSER_EFFECTS: Effects = {
  sha256: (...parts) => {
    const hash = sha256.create();
    for (const part of parts) hash.update(part);
    return hash.digest();
  },
  newSha256: () => sha256.create(),
  newSha512: () => sha512.create(),
  crc32: crc32Table,
  verifyEd25519: (key, message, signature) => ed25519.verify(signature, message, key, { zip215: false }),
  ...subtleEffects(crypto.subtle),
};

/** Reads ranges of a file that the user chose. */
export function fileReader(file: Blob): ReadRange {
  return async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer());
}
