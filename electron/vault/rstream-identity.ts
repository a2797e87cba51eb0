// Terminal keys in the files of rstream: plain identities (the terminal key of a workspace device) and endpoint identities (a
// terminal key and a signing key, for recordings that are encrypted for explicit keys). Nothing comes out of here that was not
// checked: key id, public key and private key belong together, or the file is refused.

import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { isObject, parseJson } from '../../shared/recording/json-text.ts';
import { encodeUtf8 } from '../../shared/recording/utf8.ts';
import { p256PrivateKey, p256PublicKey, rawPrivateKey, terminalKeyPair, type TerminalKeyPair } from './rstream-keys.ts';
import { StrictFile } from './rstream-strict-file.ts';
import { base64url, signingKeyId, suiteBy, SUITES, terminalKeyId, type Suite, type SuiteName } from './rstream-suites.ts';

/** A terminal key that can open what is encrypted for it. */
export interface TerminalIdentity {
  readonly kind: 'terminal';
  readonly suite: SuiteName;
  /** Key id, base64url: what envelopes name it by. */
  readonly keyId: string;
  /** 32 bytes, or the 65 of an uncompressed point. */
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
  /** RFC 3339, as the file says it. */
  readonly createdAt: string;
}

export interface EndpointIdentity extends Omit<TerminalIdentity, 'kind'> {
  readonly kind: 'endpoint';
  /** Base64url of all 32 bytes. */
  readonly signingKeyId: string;
  readonly signingKey: KeyObject;
}

export type Identity = TerminalIdentity | EndpointIdentity;

const PLAIN = ['crypto_suite', 'key_id', 'public_key', 'private_key', 'created_at'];
const ENDPOINT = [
  'crypto_suite',
  'encryption_key_id',
  'encryption_public_key',
  'encryption_private_key',
  'signing_key_id',
  'signing_public_key',
  'signing_private_key',
  'created_at',
];

function suiteOf(file: StrictFile, column: 'identity' | 'endpoint'): Suite {
  const suite = suiteBy(column, file.object['crypto_suite']);
  if (suite === undefined) throw file.refusal('its crypto_suite is none that Exhibit opens recordings with');
  return suite;
}

/** The terminal key in a file whose members begin with `prefix`. */
function terminalPart(file: StrictFile, { name }: Suite, prefix: '' | 'encryption_'): Omit<TerminalIdentity, 'kind'> {
  const raw = file.bytes(`${prefix}private_key`);
  const pair = terminalKeyPair(name, raw);
  raw.fill(0);
  if (pair === null) throw file.refusal(`its ${prefix}private_key is no key of its crypto_suite`);
  if (!pair.publicKey.equals(file.bytes(`${prefix}public_key`))) {
    throw file.inconsistent(`its ${prefix}public_key does not belong to its ${prefix}private_key`);
  }
  const keyId = base64url(terminalKeyId(pair.publicKey));
  if (file.text(`${prefix}key_id`) !== keyId) throw file.inconsistent(`its ${prefix}key_id does not belong to its public key`);
  return { suite: name, keyId, ...pair, createdAt: file.text('created_at') };
}

/** Reads a plain identity file (version 1). `name` is for messages. Throws kinds `refused` and `damaged`. */
export function parseTerminalIdentity(text: string, name: string): TerminalIdentity {
  const file = new StrictFile(text, name, PLAIN);
  return { kind: 'terminal', ...terminalPart(file, suiteOf(file, 'identity'), '') };
}

/** Reads an endpoint identity file (version 1). `name` is for messages. Throws kinds `refused` and `damaged`. */
export function parseEndpointIdentity(text: string, name: string): EndpointIdentity {
  const file = new StrictFile(text, name, ENDPOINT);
  const terminal = terminalPart(file, suiteOf(file, 'endpoint'), 'encryption_');
  const spki = file.bytes('signing_public_key');
  const signer = p256PublicKey(spki);
  if (signer === null) throw file.refusal('its signing_public_key is no P-256 key in DER');
  const signingKey = p256PrivateKey(file.bytes('signing_private_key'), signer);
  if (signingKey === null) throw file.inconsistent('its signing_private_key is no key that belongs to its signing_public_key');
  const id = base64url(signingKeyId(spki));
  if (file.text('signing_key_id') !== id) throw file.inconsistent('its signing_key_id does not belong to its signing_public_key');
  return { ...terminal, kind: 'endpoint', signingKeyId: id, signingKey };
}

/**
 * Reads an identity of either kind, as it stands in a file that the user chose or inline in RSTREAM_WEBTTY_IDENTITY. `name` is
 * for messages. Throws kinds `refused` and `damaged`.
 */
export function parseIdentity(text: string, name: string): Identity {
  const parsed = parseJson(encodeUtf8(text));
  const endpoint =
    parsed.kind === 'value' && isObject(parsed.value) && suiteBy('endpoint', parsed.value['crypto_suite']) !== undefined;
  return endpoint ? parseEndpointIdentity(text, name) : parseTerminalIdentity(text, name);
}

/** A new terminal key. `now` is RFC 3339. */
export function makeTerminalIdentity(suite: SuiteName, now: string): TerminalIdentity {
  const pair = freshPair(suite);
  return { kind: 'terminal', suite, keyId: base64url(terminalKeyId(pair.publicKey)), ...pair, createdAt: now };
}

function freshPair(suite: SuiteName): TerminalKeyPair {
  if (suite === 'x25519') {
    const { privateKey } = generateKeyPairSync('x25519');
    const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-SUITES.x25519.publicKey);
    return { publicKey, privateKey };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  // SPKI of a P-256 key ends with its uncompressed point.
  return { publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-SUITES.p256.publicKey), privateKey };
}

/** The identity file of a terminal key, as rstream writes it. It holds the private key: it belongs into a vault or a 0600 file. */
export function terminalIdentityFile({ suite, keyId, publicKey, privateKey, createdAt }: TerminalIdentity): string {
  const raw = rawPrivateKey(privateKey);
  const file = {
    version: 1,
    crypto_suite: SUITES[suite].identity,
    key_id: keyId,
    public_key: base64url(publicKey),
    private_key: base64url(raw),
    created_at: createdAt,
  };
  raw.fill(0);
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** What others need of an identity, as JSON text. `text` is the form in which command lines and lists of keys take it. */
export function publicIdentity(identity: Identity): string {
  const key = { key_id: identity.keyId, public_key: base64url(identity.publicKey) };
  const shown = { crypto_suite: SUITES[identity.suite][identity.kind === 'endpoint' ? 'endpoint' : 'identity'], ...key };
  if (identity.kind === 'terminal') return `${JSON.stringify({ ...shown, text: `${key.key_id}:${key.public_key}` }, null, 2)}\n`;
  const signer = base64url(createPublicKey(identity.signingKey).export({ format: 'der', type: 'spki' }));
  const signing = { signing_key_id: identity.signingKeyId, signing_public_key: signer };
  const text = [key.key_id, key.public_key, signing.signing_key_id, signer].join(':');
  return `${JSON.stringify({ ...shown, ...signing, text }, null, 2)}\n`;
}
