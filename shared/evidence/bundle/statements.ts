// The statements of a bundle and their signatures (docs/bundle.md, "Statements" and step 6): form, signature, subjects, and that what a
// statement says of the case, the recordings and the custody log is what the bag holds. A key in the bundle proves nothing: whether a
// signer is trusted follows from fingerprints that the verifier was given.

import type { Sha256 } from '../acquisition-tree.ts';
import { sameBytes } from '../bytes.ts';
import { toHex } from '../custody.ts';
import { STATEMENT_NAMESPACE, allowedSigners, fingerprint, parsePublicKeyLine, parseSignature, signedBytes } from '../sshsig.ts';
import { wholeFile, type Bag, type BagFile, type Effects } from './bag.ts';
import { SIGNATURES, TAG_MANIFESTS } from './manifests.ts';
import type { Findings, StepName } from './report.ts';
import { isCount, isHex, isText, members, object, sameJson, strictFile } from './strict-json.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'urn:exhibit:bundle-statement:1';

const STEP: StepName = 'Statements';
const ALLOWED = `${SIGNATURES}allowed_signers`;
const NAME = /^signatures\/(\d\d)-(producer|reviewer|recipient)\.json(\.sig|\.sig\.tsq|\.sig\.tsr)?$/;
/** Larger than any statement: one of a thousand recordings has 300 KB. */
const MAX_STATEMENT = 64 * 1024 * 1024;
const MAX_SMALL = 1024 * 1024;
const TOO_LARGE = 'it is larger than any statement';
const NO_SIGNATURE = 'it is no signature in the form of a bundle';

export interface StatedRecording {
  readonly id: string;
  readonly root: string;
  readonly records: number;
  readonly withheld: number;
  /** SHA-256 of proof.json. */
  readonly proof: string;
}

export interface Statement {
  readonly file: string;
  readonly role: string;
  readonly name: string;
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly signedAt: string;
  readonly case: unknown;
  readonly custody: { readonly seq: number; readonly hash: string };
  readonly recordings: readonly StatedRecording[];
  readonly redaction: string;
  /** SHA-256 of the producer's statement of the bundle that this one takes the place of. */
  readonly supersedes: string | null;
  /** SHA-256 of the statement before it; null for the first. */
  readonly follows: string | null;
  /** SHA-256 of its file. */
  readonly sha256: string;
  /** Whether the signature is by the key that the statement names, and holds. */
  readonly isSigned: boolean;
  readonly signature: { readonly file: BagFile; readonly bytes: Uint8Array } | null;
}

export interface StatementFiles {
  /** `signatures/01-producer.json` and so on, ascending. */
  readonly statements: readonly string[];
  /** Files under signatures/ that have no place there. */
  readonly strange: readonly string[];
  /** What a statement, signature or time stamp lacks beside it. */
  readonly lacking: readonly string[];
}

/** Which files of signatures/ stand there, by their names alone. */
export function statementFiles(bag: Bag): StatementFiles {
  const statements: string[] = [];
  const strange: string[] = [];
  const lacking: string[] = [];
  const needs = (file: string): void => {
    if (!bag.files.has(file)) lacking.push(file);
  };
  for (const path of bag.files.keys()) {
    if (!path.startsWith(SIGNATURES) || path === ALLOWED) continue;
    const [, number, role, suffix = ''] = NAME.exec(path) ?? [];
    if (number === undefined || (number === '01') !== (role === 'producer')) {
      strange.push(path);
      continue;
    }
    const statement = `${SIGNATURES}${number}-${role!}.json`;
    if (suffix === '') {
      statements.push(path);
      needs(`${statement}.sig`);
      if (Number(number) !== statements.length) lacking.push(`statement ${String(statements.length)} of ${SIGNATURES}`);
    }
    if (suffix === '.sig') needs(statement);
    if (suffix === '.sig.tsq') needs(`${statement}.sig`);
    if (suffix === '.sig.tsr') needs(`${statement}.sig.tsq`);
  }
  if (statements.length > 0) needs(ALLOWED);
  return { statements, strange, lacking: [...new Set(lacking)] };
}

/** `allowed_signers` without any statement: signatures were taken out. */
export function namesSigners(bag: Bag): boolean {
  const file = bag.files.get(ALLOWED);
  return file !== undefined && file.size > 0;
}

function readStatement(file: string, bytes: Uint8Array, sha256: Sha256): Omit<Statement, 'isSigned' | 'signature'> | string {
  const whole = strictFile(bytes);
  if (whole === null) return 'it is not JSON in the form of a bundle';
  if (members(whole, ['_type', 'subject', 'predicateType', 'predicate']) === null) return 'it has not the members of a statement';
  if (whole['_type'] !== STATEMENT_TYPE || whole['predicateType'] !== PREDICATE_TYPE)
    return 'it is a statement of a kind that is not known';
  const predicate = members(whole['predicate'], [
    'role',
    'intent',
    'signer',
    'signedAt',
    'case',
    'custody',
    'recordings',
    'redaction',
    'supersedes',
    'follows',
    'tool',
  ]);
  const signer = members(predicate?.['signer'], ['name', 'publicKey', 'fingerprint']);
  const custody = members(predicate?.['custody'], ['seq', 'hash']);
  if (predicate === null || signer === null || custody === null) return 'its predicate has not the members of one';
  const { role, signedAt, redaction, supersedes, follows } = predicate;
  const { name, publicKey, fingerprint: shown } = signer;
  const { seq, hash } = custody;
  const recordings = Array.isArray(predicate['recordings']) ? predicate['recordings'].map(statedRecording) : [null];
  const isTime = isText(signedAt) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(signedAt);
  if (!isText(role) || !isText(redaction) || !isText(name) || !isText(publicKey) || !isText(shown) || !isTime)
    return 'a text of its predicate is none';
  if (!isCount(seq) || !isHex(hash, 64)) return 'its custody head is none';
  if (supersedes !== null && !isHex(supersedes, 64)) return 'what it supersedes is no digest';
  if (follows !== null && !isHex(follows, 64)) return 'the statement that it follows is no digest';
  if (!recordings.every((one) => one !== null)) return 'its recordings are none';
  const key = parsePublicKeyLine(publicKey);
  if (key === null) return 'its key is no Ed25519 key';
  if (fingerprint(key, (all) => sha256(all)) !== shown) return 'its fingerprint is not that of its key';
  if (role !== NAME.exec(file)?.[2]) return `it says that its signer is ${role}, its name does not`;
  const said = { file, role, name, publicKey, fingerprint: shown, signedAt };
  const own = { follows, sha256: toHex(sha256(bytes)) };
  return { ...said, ...own, case: predicate['case'], custody: { seq, hash }, recordings, redaction, supersedes };
}

function statedRecording(value: unknown): StatedRecording | null {
  const found = members(value, ['id', 'root', 'records', 'withheld', 'proof']);
  if (found === null) return null;
  const { id, root, records, withheld, proof } = found;
  if (!isText(id) || !isHex(root, 64) || !isCount(records) || !isCount(withheld) || !isHex(proof, 64)) return null;
  return { id, root, records, withheld, proof };
}

/** Reads and checks all statements. `tagDigests` are those of the tag manifests, or null where they are not there. */
export async function readStatements(
  bag: Bag,
  files: StatementFiles,
  tagDigests: { readonly sha256: string; readonly sha512: string } | null,
  effects: Effects,
  findings: Findings,
): Promise<readonly Statement[]> {
  const found: Statement[] = [];
  /** SHA-256 of the statement before. */
  let before: string | null = null;
  for (const path of files.statements) {
    const bytes = await wholeFile(bag.files.get(path)!, MAX_STATEMENT);
    const previous: string | null = before;
    before = bytes === null ? null : toHex(effects.sha256(bytes));
    const read = bytes === null ? TOO_LARGE : readStatement(path, bytes, effects.sha256);
    const signatureFile = bag.files.get(`${path}.sig`);
    const signature = signatureFile === undefined ? null : await wholeFile(signatureFile, MAX_SMALL);
    if (bytes === null || typeof read === 'string') {
      findings.fail(STEP, 'ALTERED', path, typeof read === 'string' ? read : TOO_LARGE);
      if (signature === null || parseSignature(signature) === null) findings.fail(STEP, 'ALTERED', `${path}.sig`, NO_SIGNATURE);
      continue;
    }
    if (read.follows !== previous)
      findings.fail(
        STEP,
        'ALTERED',
        path,
        previous === null
          ? 'it follows another statement, and is the first one'
          : 'it was signed after another statement than the one before it',
      );
    if (tagDigests !== null) checkSubjects(path, strictFile(bytes)?.['subject'], tagDigests, findings);
    const first = found[0];
    if (first !== undefined && !sameJson(claims(first), claims({ ...read, isSigned: false, signature: null })))
      findings.fail(STEP, 'ALTERED', path, `it says other things of the case than ${first.file}`);
    const isSigned = signatureFile !== undefined && checkSignature(read, bytes, signature, effects, findings);
    found.push({ ...read, isSigned, signature: signature && signatureFile ? { file: signatureFile, bytes: signature } : null });
  }
  // The lines of a statement that cannot be read are not known.
  if (found.length === files.statements.length) await checkAllowedSigners(bag, found, findings);
  return found;
}

/** What every statement of one bundle must say alike. */
const claims = ({ case: of, custody, recordings, redaction, supersedes }: Statement): unknown => ({
  of,
  custody,
  recordings,
  redaction,
  supersedes,
});

/** The subjects of every statement, from the digests of the tag manifests. */
export function subjectOf(digests: { readonly sha256: string; readonly sha512: string }): readonly unknown[] {
  return [
    { name: TAG_MANIFESTS.sha256, digest: { sha256: digests.sha256 } },
    { name: TAG_MANIFESTS.sha512, digest: { sha512: digests.sha512 } },
  ];
}

/** Which tag manifest is not the one that was signed; or that the subjects are others altogether. */
function checkSubjects(
  path: string,
  found: unknown,
  digests: { readonly sha256: string; readonly sha512: string },
  findings: Findings,
): void {
  const expected = subjectOf(digests);
  if (sameJson(found, expected)) return;
  const subjects: readonly unknown[] = Array.isArray(found) ? found : [];
  const names = (list: readonly unknown[]): readonly unknown[] => list.map((one) => object(one)?.['name']);
  if (!sameJson(names(subjects), names(expected))) {
    findings.fail(STEP, 'ALTERED', path, 'its subjects are not the tag manifests');
    return;
  }
  for (const [i, name] of [TAG_MANIFESTS.sha256, TAG_MANIFESTS.sha512].entries())
    if (!sameJson(subjects[i], expected[i])) findings.fail(STEP, 'ALTERED', name, `it is not the one that ${path} is about`);
}

function checkSignature(
  statement: Omit<Statement, 'isSigned' | 'signature'>,
  message: Uint8Array,
  file: Uint8Array | null,
  effects: Effects,
  findings: Findings,
): boolean {
  const path = `${statement.file}.sig`;
  const fail = (reason: string): false => {
    findings.fail(STEP, 'ALTERED', path, reason);
    return false;
  };
  const signature = file === null ? null : parseSignature(file);
  if (signature === null) return fail(NO_SIGNATURE);
  if (signature.namespace !== STATEMENT_NAMESPACE) return fail(`it was made for ${JSON.stringify(signature.namespace)}`);
  const key = parsePublicKeyLine(statement.publicKey)!;
  if (!sameBytes(signature.publicKey, key)) return fail('it is by another key than the statement names');
  const hash = effects.newSha512();
  hash.update(message);
  if (!effects.verifyEd25519(key, signedBytes(STATEMENT_NAMESPACE, hash.digest()), signature.signature))
    return fail(`it does not hold over ${statement.file}: one of the two was changed`);
  return true;
}

async function checkAllowedSigners(bag: Bag, statements: readonly Statement[], findings: Findings): Promise<void> {
  const file = bag.files.get(ALLOWED);
  if (file === undefined || statements.length === 0) return;
  const expected = new TextEncoder().encode(allowedSigners(statements));
  const bytes = await wholeFile(file, MAX_SMALL);
  if (bytes === null || !sameBytes(bytes, expected))
    findings.fail(STEP, 'ALTERED', ALLOWED, 'its lines are not those that follow from the statements');
}
