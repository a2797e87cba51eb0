// The head of the custody log, signed: when the library is locked and with every bundle. The signed head stands in the library and, so that an
// older database is noticed, in the vault. What is looked at when the library is unlocked is here as well.

import { createHash, createPublicKey, verify } from 'node:crypto';
import { canonicalJson } from '../../shared/evidence/canonical-json.ts';
import type { CustodyState } from '../../shared/api/shapes.ts';
import { parseSignature, signSsh, signedBytes } from '../../shared/evidence/sshsig.ts';
import type { Library } from '../library/library.ts';
import type { PinnedHead, Vault } from '../vault/vault.ts';

/** Namespace of the signature, for `ssh-keygen -Y verify -n`. */
const NAMESPACE = 'exhibit-custody-head';

/** Setting that has the head signed last, as JSON. */
const SETTING = 'custody.head';

const sha512 = (bytes: Uint8Array): Buffer => createHash('sha512').update(bytes).digest();

/** What is signed. */
function headText({ seq, hash, at }: { readonly seq: number; readonly hash: string; readonly at: string }): Buffer {
  return Buffer.from(canonicalJson({ type: 'exhibit-custody-head/1', seq, hash, at }));
}

function isSigned(head: PinnedHead, vault: Vault): boolean {
  const { at, signature } = head;
  // Heads of versions that signed none are compared all the same.
  if (at === undefined || signature === undefined) return true;
  const found = parseSignature(Buffer.from(signature));
  if (found === null || !vault.publicKey().subarray(-32).equals(found.publicKey) || found.namespace !== NAMESPACE) return false;
  const key = createPublicKey({ key: vault.publicKey(), format: 'der', type: 'spki' });
  return verify(null, signedBytes(NAMESPACE, sha512(headText({ ...head, at }))), key, found.signature);
}

/** Signs the present head and keeps it, in the library and in the vault. `at` is RFC 3339. */
export async function pinHead(library: Library, vault: Vault, at: string): Promise<void> {
  const head = library.custody.head();
  if (head.seq === 0) return;
  const publicKey = vault.publicKey().subarray(-32);
  const signature = signSsh(NAMESPACE, headText({ ...head, at }), publicKey, { sha512, sign: (bytes) => vault.sign(bytes) });
  const signed = { ...head, at, signature };
  // In this order: a head that stands in the library and not in the vault was taken out of there.
  await vault.pinHead(signed);
  library.settings.set(SETTING, JSON.stringify(signed));
}

function stored(library: Library): PinnedHead | null {
  const text = library.settings.all()[SETTING];
  return text === undefined ? null : (JSON.parse(text) as PinnedHead);
}

/**
 * Whether the log still leads to the heads that were signed, and holds in itself. Reads all of it: an entry that was changed or removed is
 * found whenever the library is unlocked.
 */
export async function custodyState(library: Library, vault: Vault): Promise<CustodyState> {
  const { custody } = library;
  const verdict = custody.verifyLinks();
  if (verdict.kind === 'broken') return { state: 'broken', why: `entry ${String(verdict.seq)}: ${verdict.reason}` };
  const [pinned, signed] = [await vault.pinnedHead(), stored(library)];
  const heads = [
    { head: pinned, place: 'this device pinned' },
    { head: signed, place: 'was signed' },
  ];
  for (const { head, place } of heads) {
    if (head === null) continue;
    const entry = `entry ${String(head.seq)}${head.at === undefined ? '' : ` of ${head.at}`}`;
    if (!isSigned(head, vault)) return { state: 'broken', why: `the signature of ${entry}, which ${place}, does not hold` };
    const found = custody.hashAt(head.seq);
    if (found === head.hash) continue;
    const lacks = found === null ? `ends at entry ${String(custody.head().seq)}` : `has another entry ${String(head.seq)}`;
    const why = `the log ${lacks}, but ${entry} is what ${place}: an older copy of the library was put back, or its end was removed`;
    return { state: 'rolled-back', why };
  }
  if (pinned === null && signed !== null) {
    const why = `entry ${String(signed.seq)} was signed${signed.at === undefined ? '' : ` ${signed.at}`}, and this device has no pin of it any more: whether the library is an older copy cannot be told`;
    return { state: 'rolled-back', why };
  }
  return { state: 'intact', why: '' };
}
