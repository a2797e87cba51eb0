// The signatures of time stamps and certificates by Web Cryptography, which Node and every browser have. An ECDSA signature is turned from
// DER into the form that Web Cryptography takes. https://www.w3.org/TR/webcrypto-2/

import { joinBytes } from '../bytes.ts';
import { type DerReader, NotDer, TAG, oidText, single } from '../der.ts';
import type { Effects } from './bag.ts';

/** What is used of a SubtleCrypto. */
export interface Subtle {
  digest(algorithm: string, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  importKey(
    format: 'spki',
    keyData: Uint8Array<ArrayBuffer>,
    algorithm: { name: string; hash?: string; namedCurve?: string },
    extractable: boolean,
    usages: ['verify'],
  ): Promise<unknown>;
  verify(
    algorithm: { name: string; hash?: string },
    key: never,
    signature: Uint8Array<ArrayBuffer>,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>;
}

const HASHES = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;
const CURVES: Readonly<Record<string, { readonly name: string; readonly bytes: number }>> = {
  '1.2.840.10045.3.1.7': { name: 'P-256', bytes: 32 },
  '1.3.132.0.34': { name: 'P-384', bytes: 48 },
  '1.3.132.0.35': { name: 'P-521', bytes: 66 },
};

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => joinBytes(bytes);

/** The curve of an EC key, or null. */
function curveOf(spki: Uint8Array): { readonly name: string; readonly bytes: number } | null {
  const algorithm = single(spki, TAG.sequence).into(TAG.sequence);
  algorithm.next(TAG.oid);
  return algorithm.peek() === TAG.oid ? (CURVES[oidText(algorithm.next(TAG.oid))] ?? null) : null;
}

/** `r || s`, each as long as the curve's numbers. */
function plainEcdsa(signature: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const pair = single(signature, TAG.sequence);
  const half = (reader: DerReader): Uint8Array => {
    const { content } = reader.next(TAG.integer);
    const digits = content[0] === 0 ? content.subarray(1) : content;
    if (digits.length > bytes) throw new NotDer('a number beyond its curve');
    return joinBytes(new Uint8Array(bytes - digits.length), digits);
  };
  const r = half(pair);
  const s = half(pair);
  pair.end();
  return joinBytes(r, s);
}

export function subtleEffects(subtle: Subtle): Pick<Effects, 'digest' | 'verifyWith'> {
  return {
    digest: async (hash, bytes) => new Uint8Array(await subtle.digest(HASHES[hash], copy(bytes))),
    verifyWith: async (spki, scheme, message, signature) => {
      const hash = HASHES[scheme.hash];
      try {
        const curve = scheme.kind === 'ecdsa' ? curveOf(spki) : null;
        if (scheme.kind === 'ecdsa' && curve === null) return false;
        const algorithm = curve === null ? { name: 'RSASSA-PKCS1-v1_5', hash } : { name: 'ECDSA', hash, namedCurve: curve.name };
        const key = await subtle.importKey('spki', copy(spki), algorithm, false, ['verify']);
        const plain = curve === null ? copy(signature) : plainEcdsa(signature, curve.bytes);
        return await subtle.verify({ name: algorithm.name, hash }, key as never, plain, copy(message));
      } catch (error) {
        // A key or signature that is none is refused by an exception of the platform's own kind (DOMException).
        if (error instanceof NotDer || (error as { name?: string }).name?.endsWith('Error') === true) return false;
        throw error;
      }
    },
  };
}
