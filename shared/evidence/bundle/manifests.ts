// The manifests of a bag, read strictly: digest in lower case, two spaces, path, LF; ascending by path, none twice (RFC 8493, 2.1.3 and
// 2.2.1, narrowed to one form).

import { isSafePath } from './open-zip.ts';

export const PAYLOAD_MANIFESTS = { sha256: 'manifest-sha256.txt', sha512: 'manifest-sha512.txt' } as const;
export const TAG_MANIFESTS = { sha256: 'tagmanifest-sha256.txt', sha512: 'tagmanifest-sha512.txt' } as const;
export const SIGNATURES = 'signatures/';
export const PAYLOAD = 'data/';

export type Algorithm = 'sha256' | 'sha512';
export const ALGORITHMS: readonly Algorithm[] = ['sha256', 'sha512'];
const DIGITS = { sha256: 64, sha512: 128 } as const;

export const BAG_DECLARATION = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** Whose digest stands in a tag manifest: all but the payload, the tag manifests themselves, and the signatures over them. */
export function isTagFile(path: string): boolean {
  const isTagManifest = path === TAG_MANIFESTS.sha256 || path === TAG_MANIFESTS.sha512;
  return !path.startsWith(PAYLOAD) && !path.startsWith(SIGNATURES) && !isTagManifest;
}

export interface ManifestFault {
  readonly at: number;
  readonly reason: string;
}

/** Digests by path; `fault` is the first line that is none, after which nothing is read. */
export function parseManifest(
  bytes: Uint8Array,
  algorithm: Algorithm,
): { readonly digests: ReadonlyMap<string, string>; readonly fault: ManifestFault | null } {
  const digits = DIGITS[algorithm];
  const digests = new Map<string, string>();
  const decoder = new TextDecoder('utf-8');
  let before = '';
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) return { digests, fault: { at, reason: 'its last line has no end' } };
    const line = decoder.decode(bytes.subarray(at, end));
    const digest = line.slice(0, digits);
    const path = line.slice(digits + 2);
    if (!/^[0-9a-f]+$/.test(digest) || line.slice(digits, digits + 2) !== '  ' || !isSafePath(path))
      return { digests, fault: { at, reason: 'a line is not a digest, two spaces and a path' } };
    if (path <= before) return { digests, fault: { at, reason: `${path} is there twice or not in its order` } };
    digests.set(path, digest);
    before = path;
    at = end + 1;
  }
  return { digests, fault: null };
}
