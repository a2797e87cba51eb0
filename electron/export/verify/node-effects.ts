// Hashes, signatures and files of Node for the verifier of bundles (shared/evidence/bundle). It is bundled into verify.mjs as well, which
// runs on Node 20: what is not in all versions of it has another way here.

import * as crypto from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, readdir, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import type { Hash, Sha256 } from '../../../shared/evidence/acquisition-tree.ts';
import type { Bag, BagFile, Effects, ReadRange } from '../../../shared/evidence/bundle/bag.ts';
import { crc32Table } from '../../../shared/evidence/bundle/crc32.ts';
import { subtleEffects } from '../../../shared/evidence/bundle/subtle.ts';

/** SubjectPublicKeyInfo of an Ed25519 key, but for its 32 bytes (RFC 8410, 4). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function newHash(algorithm: 'sha256' | 'sha512'): Hash {
  const hash = crypto.createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

/** Messages up to this length are put together and hashed in one call, which Node 20 has from 20.12 on: a third of the time. */
const scratch = Buffer.allocUnsafe(16 * 1024);
const hashOnce = (crypto as { hash?: typeof crypto.hash }).hash;

const sha256: Sha256 = (...parts) => {
  let length = 0;
  for (const part of parts) {
    if (hashOnce === undefined || length + part.length > scratch.length) return longSha256(parts);
    scratch.set(part, length);
    length += part.length;
  }
  // As a text on the way: a buffer of its own for each digest costs more than hashing a small message.
  return Buffer.from(hashOnce!('sha256', scratch.subarray(0, length), 'binary'), 'binary');
};

function longSha256(parts: readonly Uint8Array[]): Uint8Array {
  const hash = crypto.createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export const NODE_EFFECTS: Effects = {
  sha256,
  newSha256: () => newHash('sha256'),
  newSha512: () => newHash('sha512'),
  crc32: (zlib as { crc32?: typeof zlib.crc32 }).crc32 ?? crc32Table,
  verifyEd25519: (key, message, signature) => {
    const der = Buffer.concat([ED25519_SPKI, key]);
    return crypto.verify(null, message, crypto.createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
  },
  ...subtleEffects(crypto.webcrypto.subtle),
};

export interface OpenFile {
  readonly size: number;
  readonly read: ReadRange;
  readonly handle: number;
  close(): Promise<void>;
}

/** Opens a file for reading at random. Rejects with the error of the system. */
export async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  return {
    size,
    handle: handle.fd,
    close: () => handle.close(),
    read: async (from, to) => {
      const bytes = Buffer.allocUnsafeSlow(to - from);
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, from + at);
        if (bytesRead === 0) throw new Error(`${path} ends before byte ${String(to)}`);
        at += bytesRead;
      }
      return bytes;
    },
  };
}

/** What a thing that is neither file nor folder is. */
function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** A bag that lies unpacked in a folder. Links are not followed. Each read opens its file anew, so that thousands of files need no handles. */
export async function folderBag(folder: string): Promise<Bag> {
  const files: BagFile[] = [];
  const others = new Map<string, string>();
  const walk = async (below: string): Promise<void> => {
    for (const name of await readdir(join(folder, below))) {
      const path = below === '' ? name : `${below}/${name}`;
      const full = join(folder, path);
      const stats = await lstat(full);
      if (stats.isDirectory()) await walk(path);
      else if (stats.isFile()) files.push({ name: path, size: stats.size, crc: null, read: fileReader(full) });
      else others.set(path, kindOf(stats));
    }
  };
  await walk('');
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { files: new Map(files.map((file) => [file.name, file])), others };
}

function fileReader(path: string): ReadRange {
  return async (from, to) => {
    const file = await openFile(path);
    try {
      return await file.read(from, to);
    } finally {
      await file.close();
    }
  };
}
