// Whether a time stamp's own signature holds, and whether its certificate leads to one that the verifier was given. Strict and small:
// what is not understood is not attested, and never an error that passes. RFC 5652 (5.4, 5.6), RFC 3161 (2.3), RFC 5280 (4.1, 6.1).

import type { Effects, SignatureScheme } from './bundle/bag.ts';
import { fromBase64, sameBytes } from './bytes.ts';
import { DerReader, NotDer, TAG, oidText, single, timeText } from './der.ts';
import { hashNamed, type TimeStampToken } from './rfc3161.ts';

export type TokenCheck =
  | { readonly kind: 'holds' }
  /** It is not what an authority signed. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** It may be genuine; nothing here says so. */
  | { readonly kind: 'unknown'; readonly reason: string };

const EXTENSION = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19', extendedKeyUsage: '2.5.29.37' } as const;
const UNDERSTOOD: ReadonlySet<string> = new Set(Object.values(EXTENSION));
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
/** Bits of key usage: of digital signatures and non-repudiation, and of signing certificates. */
const SIGNATURES = 0xc000;
const KEY_CERT_SIGN = 0x0400;
const RSA = '1.2.840.113549.1.1.1';
const SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.11': { kind: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa', hash: 'sha512' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', hash: 'sha512' },
};
/** Certificates between a time stamp and the one that was given. */
const MAX_PATH = 8;

interface Certificate {
  readonly whole: Uint8Array;
  /** What its issuer signed. */
  readonly signed: Uint8Array;
  readonly scheme: SignatureScheme | null;
  readonly signature: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly spki: Uint8Array;
  /** It may sign certificates. */
  readonly isAuthority: boolean;
  /** Authorities that may stand between it and what they sign for at last; Infinity where it does not say. */
  readonly mostBelow: number;
  readonly isForTimeStamps: boolean;
  /** It has a critical extension that is not understood here, so that it must not be relied on (RFC 5280, 4.2). */
  readonly isStrange: boolean;
}

/** What a certificate may be used for, by its extensions (RFC 5280, 4.2.1; RFC 3161, 2.3). Throws {@link NotDer}. */
function usesOf(extensions: Uint8Array | null): Pick<Certificate, 'isAuthority' | 'mostBelow' | 'isForTimeStamps' | 'isStrange'> {
  let isAuthority = false;
  let mostBelow = Infinity;
  let isForTimeStamps = false;
  let isStrange = false;
  /** The first two bytes of key usage; null where it is not limited. */
  let usage: number | null = null;
  const list = extensions === null ? new DerReader(new Uint8Array(0)) : single(extensions, TAG.sequence);
  while (!list.isAtEnd) {
    const extension = list.into(TAG.sequence);
    const name = oidText(extension.next(TAG.oid));
    const isCritical = extension.optional(TAG.boolean)?.content[0] === 0xff;
    const value = extension.next(TAG.octets).content;
    if (isCritical && !UNDERSTOOD.has(name)) isStrange = true;
    if (name === EXTENSION.basicConstraints) {
      const constraints = single(value, TAG.sequence);
      isAuthority = constraints.optional(TAG.boolean)?.content[0] === 0xff;
      const most = constraints.optional(TAG.integer)?.content;
      if (most !== undefined) mostBelow = most.reduce((sum, byte) => sum * 256 + byte, 0);
    }
    if (name === EXTENSION.keyUsage) {
      const { content } = new DerReader(value).next(TAG.bits);
      usage = ((content[1] ?? 0) << 8) | (content[2] ?? 0);
    }
    if (name === EXTENSION.extendedKeyUsage) {
      const uses = single(value, TAG.sequence);
      isForTimeStamps = isCritical && oidText(uses.next(TAG.oid)) === TIME_STAMPING && uses.isAtEnd;
    }
  }
  if (usage !== null) {
    isAuthority &&= (usage & KEY_CERT_SIGN) !== 0;
    isForTimeStamps &&= (usage & ~SIGNATURES) === 0 && (usage & SIGNATURES) !== 0;
  }
  return { isAuthority, mostBelow, isForTimeStamps, isStrange };
}

function bits(reader: DerReader): Uint8Array {
  const { content } = reader.next(TAG.bits);
  if (content[0] !== 0) throw new NotDer('a signature that is no whole bytes');
  return content.subarray(1);
}

/** Reads an X.509 certificate. Throws {@link NotDer}. */
function readCertificate(der: Uint8Array): Certificate {
  const outer = single(der, TAG.sequence);
  const tbs = outer.next(TAG.sequence);
  const scheme = SCHEMES[oidText(outer.into(TAG.sequence).next(TAG.oid))] ?? null;
  const signature = bits(outer);
  outer.end();
  const fields = new DerReader(tbs.content);
  fields.optional(0xa0);
  fields.next(TAG.integer);
  fields.next(TAG.sequence);
  const issuer = fields.next(TAG.sequence).whole;
  const validity = fields.into(TAG.sequence);
  const notBefore = timeText(validity.next());
  const notAfter = timeText(validity.next());
  const subject = fields.next(TAG.sequence).whole;
  const spki = fields.next(TAG.sequence).whole;
  fields.optional(0x81);
  fields.optional(0x82);
  const extensions = fields.optional(0xa3);
  fields.end();
  const parsed = { whole: der, signed: tbs.whole, scheme, signature, issuer, subject };
  return { ...parsed, notBefore, notAfter, spki, ...usesOf(extensions?.content ?? null) };
}

function certificates(from: readonly Uint8Array[]): Certificate[] {
  return from.map(readCertificate);
}

/** The DER of each certificate of a PEM file (RFC 7468). */
export function pemCertificates(text: string): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const block of text.split('-----BEGIN CERTIFICATE-----').slice(1)) {
    const bytes = fromBase64(block.slice(0, Math.max(0, block.indexOf('-----END CERTIFICATE-----'))).replaceAll(/\s/g, ''));
    if (bytes !== null && bytes.length > 0) found.push(bytes);
  }
  return found;
}

/**
 * Checks the signature of a token by the certificate that came with it, then that certificate up to one of `given` (DER). Validity is
 * judged at the time that is stamped. Revocation is not looked at: `openssl ts -verify -crl_check` does.
 */
export async function checkToken(
  token: TimeStampToken,
  given: readonly Uint8Array[],
  { digest, verifyWith }: Pick<Effects, 'digest' | 'verifyWith'>,
): Promise<TokenCheck> {
  try {
    const { signer } = token;
    const hash = hashNamed(signer.digestAlgorithm);
    if (hash === null)
      return { kind: 'unknown', reason: `its digest is of kind ${signer.digestAlgorithm}, which is not checked` };
    if (!sameBytes(await digest(hash, token.content), signer.messageDigest))
      return { kind: 'broken', reason: 'what it says is not what the authority signed' };
    const included = certificates(token.certificates);
    let own: Certificate | null = null;
    for (const one of [...included, ...certificates(given)])
      if (sameBytes(await digest(signer.certificate.hash, one.whole), signer.certificate.digest)) own ??= one;
    if (own === null) return { kind: 'unknown', reason: 'the certificate of its signer did not come with it' };
    const scheme =
      signer.signatureAlgorithm === RSA ? { kind: 'rsa' as const, hash } : (SCHEMES[signer.signatureAlgorithm] ?? null);
    if (scheme === null)
      return { kind: 'unknown', reason: `its signature is of kind ${signer.signatureAlgorithm}, which is not checked` };
    if (!(await verifyWith(own.spki, scheme, signer.signedAttributes, signer.signature)))
      return { kind: 'broken', reason: 'its own signature does not hold' };
    if (!own.isForTimeStamps) return { kind: 'unknown', reason: 'its certificate is not one for time stamps' };
    const known = certificates(given);
    const all = [...known, ...included];
    for (const one of included) {
      const isGiven = known.some(({ whole }) => sameBytes(whole, one.whole));
      if (one === own || isGiven || (await issuerOf(one, 0, all, verifyWith)) !== null) continue;
      return { kind: 'unknown', reason: 'a certificate came with it that nothing leads to' };
    }
    return await checkPath(own, included, known, token.time, verifyWith);
  } catch (error) {
    if (error instanceof NotDer) return { kind: 'unknown', reason: `a certificate cannot be read: ${error.message}` };
    throw error;
  }
}

/**
 * The certificate among these that signed this one, and may with so many authorities `below` it; a root signed itself. Null where it is not
 * among them.
 */
async function issuerOf(
  child: Certificate,
  below: number,
  among: readonly Certificate[],
  verifyWith: Effects['verifyWith'],
): Promise<Certificate | null> {
  for (const candidate of among) {
    if (!candidate.isAuthority || candidate.isStrange || candidate.mostBelow < below) continue;
    if (!sameBytes(candidate.subject, child.issuer) || child.scheme === null) continue;
    if (await verifyWith(candidate.spki, child.scheme, child.signed, child.signature)) return candidate;
  }
  return null;
}

async function checkPath(
  own: Certificate,
  included: readonly Certificate[],
  given: readonly Certificate[],
  time: string,
  verifyWith: Effects['verifyWith'],
): Promise<TokenCheck> {
  const unknown = (reason: string): TokenCheck => ({ kind: 'unknown', reason });
  if (given.length === 0) return unknown('no certificate of an authority was given to check it against');
  // Whole seconds, as certificates have them.
  const second = `${time.slice(0, 19)}Z`;
  let at = own;
  for (let length = 0; length < MAX_PATH; length++) {
    if (at.isStrange) return unknown('a certificate has a critical extension that is not understood');
    if (second < at.notBefore || second > at.notAfter) return unknown('a certificate was not valid at that time');
    if (given.some(({ whole }) => sameBytes(whole, at.whole))) return { kind: 'holds' };
    const issuer = await issuerOf(at, length, [...given, ...included], verifyWith);
    if (issuer === null || issuer === at) return unknown('its certificate does not lead to one that was given');
    at = issuer;
  }
  return unknown('its certificate does not lead to one that was given');
}
