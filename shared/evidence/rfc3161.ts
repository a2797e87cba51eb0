// Time stamps: the request for a signature file, and the answer of a time-stamping authority, read strictly. Whether the answer's own
// signature holds is time-stamp-signature.ts. RFC 3161 (2.4), RFC 5652 (5), RFC 5816.

import type { Sha256 } from './acquisition-tree.ts';
import { sameBytes } from './bytes.ts';
import { DerReader, NotDer, TAG, der, derInteger, derOid, oidText, single, timeText, type DerValue } from './der.ts';

export const OID = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

const NULL = Uint8Array.of(5, 0);
const NONCE_BYTES = 8;

/**
 * The request for a time stamp of a signature file, DER. Its nonce follows from the file, so that the request has one form: it is
 * there because authorities expect one, and a signature is asked about once, so that an old answer is an answer to the same question.
 */
export function timeStampRequest(signatureFile: Uint8Array, sha256: Sha256): Uint8Array<ArrayBuffer> {
  const imprint = sha256(signatureFile);
  const nonce = sha256(imprint).subarray(0, NONCE_BYTES);
  const algorithm = der(TAG.sequence, derOid(OID.sha256), NULL);
  return der(
    TAG.sequence,
    derInteger(Uint8Array.of(1)),
    der(TAG.sequence, algorithm, der(TAG.octets, imprint)),
    derInteger(nonce),
    der(TAG.boolean, Uint8Array.of(0xff)),
  );
}

export interface TimeStampToken {
  /** The digest that was stamped. */
  readonly imprint: Uint8Array;
  /** Content of the INTEGER, or null where the answer has none. */
  readonly nonce: Uint8Array | null;
  /** RFC 3339. */
  readonly time: string;
  /** Hexadecimal. */
  readonly serial: string;
  /** The bytes whose digest the authority signed. */
  readonly content: Uint8Array;
  /** Certificates that came with it, DER. */
  readonly certificates: readonly Uint8Array[];
  readonly signer: TokenSigner;
}

export interface TokenSigner {
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** What is signed: the attributes as a SET, DER. */
  readonly signedAttributes: Uint8Array;
  readonly messageDigest: Uint8Array;
  /** Digest of the signer's certificate that the attributes name. */
  readonly certificate: { readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512'; readonly digest: Uint8Array };
}

export type TimeStampAnswer =
  | { readonly kind: 'granted'; readonly token: TimeStampToken }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Largest answer that is read. */
export const MAX_RESPONSE_BYTES = 1024 * 1024;

/** Reads a TimeStampResp. Never throws. */
export function readTimeStampResponse(bytes: Uint8Array): TimeStampAnswer {
  if (bytes.length > MAX_RESPONSE_BYTES) return { kind: 'unreadable', reason: 'it is larger than any answer' };
  try {
    const response = single(bytes, TAG.sequence);
    const status = response.into(TAG.sequence).next(TAG.integer).content;
    if (status.length !== 1) throw new NotDer('a status that does not exist');
    // 0 granted, 1 granted with changes.
    if (status[0]! > 1) return { kind: 'refused', status: status[0]! };
    const token = readToken(response.next(TAG.sequence).whole);
    response.end();
    return { kind: 'granted', token };
  } catch (error) {
    if (error instanceof NotDer) return { kind: 'unreadable', reason: error.message };
    throw error;
  }
}

const CONTEXT_0 = 0xa0;
const CONTEXT_1 = 0xa1;

function readToken(bytes: Uint8Array): TimeStampToken {
  const info = single(bytes, TAG.sequence);
  expectOid(info.next(TAG.oid), OID.signedData);
  const wrapped = info.into(CONTEXT_0);
  info.end();
  const data = wrapped.into(TAG.sequence);
  wrapped.end();
  data.next(TAG.integer);
  data.next(TAG.set);
  const content = data.into(TAG.sequence);
  expectOid(content.next(TAG.oid), OID.tstInfo);
  const explicit = content.into(CONTEXT_0);
  content.end();
  const tst = explicit.next(TAG.octets).content;
  explicit.end();
  const certificates = new DerReader(data.optional(CONTEXT_0)?.content ?? new Uint8Array(0));
  const found: Uint8Array[] = [];
  while (!certificates.isAtEnd) found.push(certificates.next(TAG.sequence).whole);
  data.optional(CONTEXT_1);
  const signers = data.into(TAG.set);
  data.end();
  const signer = readSigner(signers.into(TAG.sequence));
  signers.end();
  return { ...readTstInfo(tst), content: tst, certificates: found, signer };
}

function readTstInfo(bytes: Uint8Array): Pick<TimeStampToken, 'imprint' | 'nonce' | 'time' | 'serial'> {
  const info = single(bytes, TAG.sequence);
  if (!sameBytes(info.next(TAG.integer).content, Uint8Array.of(1))) throw new NotDer('a version that is not read');
  info.next(TAG.oid);
  const imprintOf = info.into(TAG.sequence);
  expectOid(imprintOf.into(TAG.sequence).next(TAG.oid), OID.sha256);
  const imprint = imprintOf.next(TAG.octets).content;
  imprintOf.end();
  const serial = info.next(TAG.integer).content;
  const time = timeText(info.next(TAG.generalizedTime));
  info.optional(TAG.sequence);
  info.optional(TAG.boolean);
  const nonce = info.optional(TAG.integer)?.content ?? null;
  info.optional(CONTEXT_0);
  info.optional(CONTEXT_1);
  info.end();
  return { imprint, nonce, time, serial: Array.from(serial, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

function readSigner(info: DerReader): TokenSigner {
  info.next(TAG.integer);
  // Who signed, by issuer and number or by key: the signed attributes name the certificate by its digest, which says more.
  info.next();
  const digestAlgorithm = algorithm(info);
  const attributes = info.next(CONTEXT_0).content;
  const signatureAlgorithm = algorithm(info);
  const signature = info.next(TAG.octets).content;
  // Unsigned attributes would be bytes that nothing covers.
  info.end();
  const values = new Map<string, DerReader>();
  for (const list = new DerReader(attributes); !list.isAtEnd;) {
    const attribute = list.into(TAG.sequence);
    const name = oidText(attribute.next(TAG.oid));
    if (values.has(name)) throw new NotDer('an attribute twice');
    values.set(name, attribute.into(TAG.set));
    attribute.end();
  }
  const value = (name: string): DerReader => {
    const found = values.get(name);
    if (found === undefined) throw new NotDer(`the signed attribute ${name} is missing`);
    return found;
  };
  expectOid(value(OID.contentType).next(TAG.oid), OID.tstInfo);
  const messageDigest = value(OID.messageDigest).next(TAG.octets).content;
  return {
    digestAlgorithm,
    signatureAlgorithm,
    signature,
    signedAttributes: der(TAG.set, attributes),
    messageDigest,
    certificate: values.has(OID.signingCertificateV2)
      ? certificateV2(value(OID.signingCertificateV2))
      : { hash: 'sha1', digest: firstCertificate(value(OID.signingCertificate)).next(TAG.octets).content },
  };
}

/** SigningCertificate and SigningCertificateV2: a sequence of sequences, of which the first names the signer's certificate. */
function firstCertificate(attribute: DerReader): DerReader {
  return attribute.into(TAG.sequence).into(TAG.sequence).into(TAG.sequence);
}

function certificateV2(attribute: DerReader): TokenSigner['certificate'] {
  const first = firstCertificate(attribute);
  const named = first.peek() === TAG.sequence ? algorithm(first) : OID.sha256;
  const hash = hashNamed(named);
  if (hash === null) throw new NotDer(`the certificate is named by a digest of kind ${named}`);
  return { hash, digest: first.next(TAG.octets).content };
}

export function hashNamed(oid: string): 'sha256' | 'sha384' | 'sha512' | null {
  const found = (['sha256', 'sha384', 'sha512'] as const).find((name) => OID[name] === oid);
  return found ?? null;
}

function algorithm(reader: DerReader): string {
  return oidText(reader.into(TAG.sequence).next(TAG.oid));
}

function expectOid(value: DerValue, oid: string): void {
  if (oidText(value) !== oid) throw new NotDer(`${oidText(value)} where ${oid} belongs`);
}

/** The nonce of a request made here, as the content of its INTEGER. */
export function nonceOf(request: Uint8Array): Uint8Array {
  const reader = single(request, TAG.sequence);
  reader.next(TAG.integer);
  reader.next(TAG.sequence);
  return reader.next(TAG.integer).content;
}
