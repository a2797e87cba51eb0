// Detached OpenSSH signatures (SSHSIG) with Ed25519 keys: what `ssh-keygen -Y sign` writes and `-Y verify` reads. Pure: hashing,
// signing and verifying are parameters. A signature file has exactly one form here, so that a changed byte of it is always noticed.
// https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig, RFC 8709 (keys), RFC 4251 section 5 (strings).

import { fromBase64, joinBytes, sameBytes, toBase64 } from './bytes.ts';

/** Namespace of the statements of a bundle. */
export const STATEMENT_NAMESPACE = 'exhibit-statement';

const KEY_TYPE = 'ssh-ed25519';
const MAGIC = 'SSHSIG';
const HASH = 'sha512';
const BEGIN = '-----BEGIN SSH SIGNATURE-----\n';
const END = '-----END SSH SIGNATURE-----\n';
/** How many characters ssh-keygen puts on a line. */
const LINE = 70;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

function sshString(value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? encoder.encode(value) : value;
  return joinBytes(u32(bytes.length), bytes);
}

/** A public key as SSH writes it. `key` has the 32 bytes of RFC 8032. */
function keyBlob(key: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new RangeError(`an Ed25519 key has 32 bytes, not ${String(key.length)}`);
  return joinBytes(sshString(KEY_TYPE), sshString(key));
}

/** `ssh-ed25519 AAAA…`, without a comment. */
export function publicKeyLine(key: Uint8Array): string {
  return `${KEY_TYPE} ${toBase64(keyBlob(key))}`;
}

/** The 32 bytes of a key from its line without a comment, or null where it is none. */
export function parsePublicKeyLine(line: string): Uint8Array | null {
  const blob = line.startsWith(`${KEY_TYPE} `) ? fromBase64(line.slice(KEY_TYPE.length + 1)) : null;
  const key = blob?.subarray(-32);
  return key?.length === 32 && publicKeyLine(key) === line ? key : null;
}

/** `SHA256:…`, as ssh-keygen shows it. */
export function fingerprint(key: Uint8Array, sha256: (bytes: Uint8Array) => Uint8Array): string {
  return `SHA256:${toBase64(sha256(keyBlob(key))).replace(/=+$/, '')}`;
}

/** The bytes that the key signs: they name the namespace and the SHA-512 of the message. */
export function signedBytes(namespace: string, sha512OfMessage: Uint8Array): Uint8Array {
  return joinBytes(encoder.encode(MAGIC), sshString(namespace), sshString(''), sshString(HASH), sshString(sha512OfMessage));
}

export interface SshSignature {
  readonly namespace: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes (RFC 8032). */
  readonly signature: Uint8Array;
}

/** The signature file: armour around the blob, lines of 70 characters. */
export function armouredSignature({ namespace, publicKey, signature }: SshSignature): string {
  const text = toBase64(
    joinBytes(
      encoder.encode(MAGIC),
      u32(1),
      sshString(keyBlob(publicKey)),
      sshString(namespace),
      sshString(''),
      sshString(HASH),
      sshString(joinBytes(sshString(KEY_TYPE), sshString(signature))),
    ),
  );
  let lines = '';
  for (let at = 0; at < text.length; at += LINE) lines += `${text.slice(at, at + LINE)}\n`;
  return `${BEGIN}${lines}${END}`;
}

/** Longest file that is looked at: one of ours has less than 400 bytes. */
const MAX_FILE = 4096;

/**
 * Reads a signature file in the one form that {@link armouredSignature} writes, which is ssh-keygen's for ed25519 and sha512.
 * Null where it is anything else, were it only a blank more.
 */
export function parseSignature(file: Uint8Array): SshSignature | null {
  if (file.length > MAX_FILE) return null;
  let text: string;
  try {
    text = decoder.decode(file);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
  if (!text.startsWith(BEGIN) || !text.endsWith(END)) return null;
  const blob = fromBase64(text.slice(BEGIN.length, -END.length).replaceAll('\n', ''));
  // Lengths are fixed but the namespace's: its place follows, and whatever does not fit is found by writing it again.
  const keyAt = MAGIC.length + 4 + 4 + 4 + KEY_TYPE.length + 4;
  const namespaceAt = keyAt + 32 + 4;
  const signatureAt = blob === null ? 0 : blob.length - 64;
  if (blob === null || signatureAt < namespaceAt) return null;
  const length = blob[namespaceAt - 2]! * 256 + blob[namespaceAt - 1]!;
  let namespace: string;
  try {
    namespace = decoder.decode(blob.subarray(namespaceAt, namespaceAt + length));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
  const found = { namespace, publicKey: blob.slice(keyAt, keyAt + 32), signature: blob.slice(signatureAt) };
  return sameBytes(encoder.encode(armouredSignature(found)), file) ? found : null;
}

/**
 * Signs a message as `ssh-keygen -Y sign -n NAMESPACE` does and returns the signature file. `sign` is Ed25519 (RFC 8032) over what it
 * is given, `publicKey` its 32 bytes.
 */
export function signSsh(
  namespace: string,
  message: Uint8Array,
  publicKey: Uint8Array,
  effects: { readonly sha512: (bytes: Uint8Array) => Uint8Array; readonly sign: (bytes: Uint8Array) => Uint8Array },
): string {
  const signature = effects.sign(signedBytes(namespace, effects.sha512(message)));
  return armouredSignature({ namespace, publicKey, signature });
}

/** The name of a signer in `allowed_signers`, and for `ssh-keygen -I`: what has a meaning there is made `_`. */
export function principal(name: string): string {
  return name.replace(/[^\p{L}\p{N}.@+-]/gu, '_');
}

/** The file that `ssh-keygen -Y verify -f` reads: one line a statement, in their order. */
export function allowedSigners(signers: readonly { readonly name: string; readonly publicKey: string }[]): string {
  const line = (name: string, key: string): string => `${principal(name)} namespaces="${STATEMENT_NAMESPACE}" ${key}\n`;
  return signers.map(({ name, publicKey }) => line(name, publicKey)).join('');
}
