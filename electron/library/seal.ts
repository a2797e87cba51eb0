// Content of a recording is sealed once more, under that recording's own content key, inside the encrypted file: destroying
// one key of 32 bytes then purges one recording for good, wherever its pages still lie.
//
//   sealed = u8 codec, 12 bytes nonce, AES-256-GCM ciphertext, 16 bytes tag      (codec is authenticated with the name)
// The name says which blob it is (`part/3/0/17`), so that blobs cannot be exchanged for each other.

import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync, constants, type ZstdOptions } from 'node:zlib';
import { ExhibitError } from '../../shared/api/errors.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const RAW = 0;
const ZSTD = 1;

/** Twice as fast as the level that zstd takes by itself, and no larger on terminal output. */
const LEVEL = { [constants.ZSTD_c_compressionLevel]: 1 };

/** Largest blob that is unpacked: no chunk is larger, a longer one is damage. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/** Most blobs fit, and need not be put together of pieces. */
const UNPACKED_AT_ONCE = 64 * 1024;

export function newContentKey(): Buffer {
  return randomBytes(32);
}

export function contentKey(bytes: Uint8Array): KeyObject {
  return createSecretKey(bytes);
}

/** Content before it is sealed, made smaller where that works. */
export interface Packed {
  readonly codec: number;
  readonly bytes: Uint8Array;
}

// The size lets zstd take tables that fit: most blobs are small, and it would allocate megabytes for each.
const options = ({ length }: Uint8Array): ZstdOptions => ({ params: LEVEL, pledgedSrcSize: length });

/** Makes content smaller, for {@link sealPacked}. */
export function pack(content: Uint8Array): Packed {
  const packed = zstdCompressSync(content, options(content));
  return packed.length < content.length ? { codec: ZSTD, bytes: packed } : { codec: RAW, bytes: content };
}

export function seal(key: KeyObject, name: string, content: Uint8Array): Buffer {
  return sealPacked(key, name, pack(content));
}

export function sealPacked(key: KeyObject, name: string, { codec, bytes: packed }: Packed): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(`${String(codec)}/${name}`));
  const body = cipher.update(packed);
  cipher.final();
  return Buffer.concat([Uint8Array.of(codec), nonce, body, cipher.getAuthTag()]);
}

/** Throws an ExhibitError of kind `damaged` when the bytes are not what was sealed under this name. */
export function unseal(key: KeyObject, name: string, sealed: Uint8Array): Buffer {
  const codec = sealed[0] ?? -1;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(`${String(codec)}/${name}`));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const packed = decipher.update(sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES));
    decipher.final();
    switch (codec) {
      case RAW:
        return packed;
      case ZSTD:
        return zstdDecompressSync(packed, { maxOutputLength: MAX_UNPACKED, chunkSize: UNPACKED_AT_ONCE });
      default:
        throw new RangeError(`codec ${String(codec)}`);
    }
  } catch (error) {
    throw new ExhibitError(
      'damaged',
      'read library',
      `stored content ${name} does not authenticate`,
      'restore the library from a backup',
      {
        cause: error,
      },
    );
  }
}
