// Statements of a bundle and their signatures (docs/bundle.md, "Statements"), written in the one form that a verifier reads.

import { createHash } from 'node:crypto';
import { PREDICATE_TYPE, STATEMENT_TYPE, subjectOf, type StatedRecording } from '../../../shared/evidence/bundle/statements.ts';
import { STATEMENT_NAMESPACE, fingerprint, publicKeyLine, signSsh } from '../../../shared/evidence/sshsig.ts';
import { sha256 } from '../../library/library.ts';
import { jsonFile } from './recording-files.ts';

/** Whose key signs. */
export interface Signer {
  /** As the statement names the signer. */
  readonly name: string;
  /** The 32 bytes of an Ed25519 key. */
  readonly publicKey: Uint8Array;
  /** Ed25519 (RFC 8032). */
  readonly sign: (message: Uint8Array) => Uint8Array;
}

export interface Predicate {
  readonly role: string;
  readonly intent: string;
  readonly signedAt: string;
  readonly case: {
    readonly number: string;
    readonly title: string;
    readonly authority: string;
    readonly purpose: string;
    readonly custodian: string;
  };
  readonly custody: { readonly seq: number; readonly hash: string };
  readonly recordings: readonly StatedRecording[];
  readonly redaction: 'none' | 'redacted';
  /** SHA-256 of the statement that this bundle takes the place of. */
  readonly supersedes: string | null;
  /** SHA-256 of the statement before it, which its signer saw; null for the first. */
  readonly follows: string | null;
  readonly tool: { readonly name: 'Exhibit'; readonly version: string; readonly emulator: string };
}

/** A moment as statements have it: RFC 3339 in UTC, without a fraction that says nothing. */
export const moment = (instant: string): string => new Date(instant).toISOString().replace('.000Z', 'Z');

export const fingerprintOf = (publicKey: Uint8Array): string => fingerprint(publicKey, sha256);

/** The statement's file. `digests` are those of the tag manifests. */
export function statementText(
  { role, intent, signedAt, ...said }: Predicate,
  { name, publicKey }: Signer,
  digests: { readonly sha256: string; readonly sha512: string },
): string {
  return jsonFile({
    _type: STATEMENT_TYPE,
    subject: subjectOf(digests),
    predicateType: PREDICATE_TYPE,
    predicate: {
      role,
      intent,
      signer: { name, publicKey: publicKeyLine(publicKey), fingerprint: fingerprintOf(publicKey) },
      signedAt,
      case: said.case,
      custody: said.custody,
      recordings: said.recordings,
      redaction: said.redaction,
      supersedes: said.supersedes,
      follows: said.follows,
      tool: said.tool,
    },
  });
}

/** The signature file over a text: an armoured SSHSIG. */
export function signatureText(text: string, { publicKey, sign }: Signer, namespace: string = STATEMENT_NAMESPACE): string {
  const sha512 = (bytes: Uint8Array): Uint8Array => createHash('sha512').update(bytes).digest();
  return signSsh(namespace, Buffer.from(text), publicKey, { sha512, sign });
}

/** `01`, `02` …: how files of a statement begin. */
export const statementName = (number: number, role: string): string => `${String(number).padStart(2, '0')}-${role}.json`;
