// The certificate of a purge: what was destroyed, by which policy and by which clock, in canonical JSON, with a detached OpenSSH signature
// by this device's key, so that `ssh-keygen -Y verify -n exhibit-purge` checks it. docs/retention.md

import { createHash, createPublicKey, verify } from 'node:crypto';
import { canonicalJson, type JsonValue } from '../../shared/evidence/canonical-json.ts';
import { parseSignature, publicKeyLine, signSsh, signedBytes } from '../../shared/evidence/sshsig.ts';
import { formatInstant } from '../../shared/recording/time.ts';
import { isObject, parseJson, textOf } from '../../shared/recording/json-text.ts';
import type { PurgeCheck, RetentionClock } from '../../shared/api/retention-shapes.ts';
import { fingerprintOf } from '../export/export.ts';
import type { CustodyHead, Library, PurgeAct, PurgedRecording } from '../library/library.ts';

/** Namespace of the signature, for `ssh-keygen -Y verify -n`. */
export const PURGE_NAMESPACE = 'exhibit-purge';

const SCHEMA = 'exhibit-purge/1';

export interface PurgeSigner {
  readonly name: string;
  readonly version: string;
  /** The 32 bytes of the device's Ed25519 key. */
  readonly publicKey: () => Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

const sha512 = (bytes: Uint8Array): Buffer => createHash('sha512').update(bytes).digest();

function policyOf({ policy }: PurgedRecording): JsonValue {
  if (policy === null) return { keeper: 'source', basis: 'told for this recording' };
  const { plan, ...rest } = policy;
  return { ...rest, ...(plan === null ? {} : { plan }) };
}

/** How the recordings of one sweep are entered and certified. */
export function purgeAct(sweep: {
  /** RFC 3339, UTC: the time that is confirmed. */
  readonly at: string;
  readonly clock: RetentionClock;
  readonly actor: string;
  readonly purpose: string;
  readonly library: Pick<Library, 'custody'>;
  readonly signer: PurgeSigner;
}): PurgeAct {
  const { at, actor, purpose, library, signer } = sweep;
  const { wall, confirmed, by } = sweep.clock;
  const clock = { wall, confirmed, by };
  const publicKey = signer.publicKey();
  const said = { name: signer.name, public_key: publicKeyLine(publicKey), fingerprint: fingerprintOf(publicKey) };

  const certificateOf = (recording: PurgedRecording, entry: CustodyHead): string =>
    canonicalJson({
      schema: SCHEMA,
      // The first entry of its custody log is the name of a library.
      library: library.custody.hashAt(1)!,
      session: recording.session,
      native_id: recording.nativeId,
      source: recording.source,
      records: recording.records,
      root: recording.root,
      parts: recording.parts.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
      policy: policyOf(recording),
      until: formatInstant(recording.until),
      purged_at: at,
      clock,
      custody: { seq: entry.seq, hash: entry.hash },
      tool: { name: 'Exhibit', version: signer.version },
      signer: said,
    });

  return {
    at,
    custody: (recording) => ({
      actor,
      action: 'purge',
      subject: recording.session,
      purpose,
      details: {
        source: recording.source,
        native_id: recording.nativeId,
        records: recording.records,
        root: recording.root,
        until: formatInstant(recording.until),
        policy: policyOf(recording),
        clock,
      },
    }),
    certify: (recording, entry) => {
      const certificate = certificateOf(recording, entry);
      const effects = { sha512, sign: signer.sign };
      return { certificate, signature: signSsh(PURGE_NAMESPACE, Buffer.from(certificate), publicKey, effects) };
    },
  };
}

/** Checks a certificate of anybody against its signature. `own` is the public key of this device. */
export function checkCertificate(certificate: string, signature: string, own: Uint8Array): PurgeCheck {
  const found = parseSignature(Buffer.from(signature));
  if (found === null) return { valid: false, fingerprint: null, own: false, why: 'the signature is not in OpenSSH’s form' };
  const fingerprint = fingerprintOf(found.publicKey);
  const isOwn = Buffer.from(own).equals(found.publicKey);
  const check = (why: string): PurgeCheck => ({ valid: false, fingerprint, own: isOwn, why });
  if (found.namespace !== PURGE_NAMESPACE)
    return check(`the signature is one of ${JSON.stringify(found.namespace)}, not of a purge`);
  const bytes = Buffer.from(certificate);
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(found.publicKey).toString('base64url') },
    format: 'jwk',
  });
  if (!verify(null, signedBytes(PURGE_NAMESPACE, sha512(bytes)), key, found.signature))
    return check('the signature is not one of this certificate: one of the two was changed');
  const parsed = parseJson(bytes);
  const object = parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : {};
  if (object['schema'] !== SCHEMA) return check(`it is signed, and no certificate in the form ${SCHEMA}`);
  const signer = object['signer'];
  if (!isObject(signer) || textOf(signer, 'fingerprint') !== fingerprint)
    return check('it names another signer than the key that signed it');
  const why = isOwn
    ? 'signed by the key of this device'
    : 'signed by a key that this library does not know: compare its fingerprint with the signer’s own word';
  return { valid: true, fingerprint, own: isOwn, why };
}
