// A workspace device made here: the values of test/fixtures/rstream-vectors/12-device-enrolment, and what leaves this machine.

import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalPayload, type CanonicalPayload } from '../../../../electron/vault/rstream-canonical.ts';
import { isTrusted, parseDeviceIdentity, parseWorkspaceDevice } from '../../../../electron/vault/rstream-device.ts';
import {
  accessProof,
  CHALLENGE_BYTES,
  enrolledDevice,
  enrolmentRequest,
  makeDevice,
  proofPayload,
  publicExport,
  revokeSignature,
  verificationCode,
  workspaceDeviceFile,
} from '../../../../electron/vault/rstream-enrolment.ts';
import { terminalIdentityFile } from '../../../../electron/vault/rstream-identity.ts';
import type { JsonObject } from '../../../../shared/recording/json-text.ts';
import { readVectorText, VECTORS } from '../../../engine/vectors.ts';

interface Signed {
  readonly payload: Record<string, string | number>;
  readonly canonical_json: string;
  readonly signature_example: string;
}

const vector = JSON.parse(readVectorText(join(VECTORS, '12-device-enrolment.json.gz'))) as {
  readonly device_file: JsonObject;
  readonly fingerprint: { readonly canonical_json: string; readonly value: string };
  readonly proof: Signed;
  readonly verification: Signed & { readonly code: string };
  readonly lookup: Signed;
  readonly revoke: Signed;
  readonly p256_device: { readonly device_file: JsonObject; readonly verification_code: string; readonly identity: JsonObject };
};

const NOW = '2026-06-13T15:30:00.000Z';
const device = parseWorkspaceDevice(JSON.stringify(vector.device_file), 'device');

function signedBy(publicSigningKey: string, payload: CanonicalPayload, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicSigningKey, 'base64url'), format: 'der', type: 'spki' });
  return verify('sha256', Buffer.from(canonicalPayload(payload)), key, Buffer.from(signature, 'base64url'));
}

describe('a device of the vectors', () => {
  test.each(['proof', 'verification', 'lookup', 'revoke'] as const)('has the canonical form of its %s payload', (name) => {
    expect(canonicalPayload(vector[name].payload)).toBe(vector[name].canonical_json);
  });

  test.each(['proof', 'lookup', 'revoke'] as const)('has signed its %s payload', (name) => {
    const { payload, signature_example } = vector[name];
    expect(signedBy(device.keys.publicSigningKey, payload, signature_example)).toBe(true);
  });

  test('has its fingerprint and its verification code', () => {
    expect(device.keys.fingerprint).toBe(vector.fingerprint.value);
    expect(verificationCode(device)).toBe(vector.verification.code);
    const p256 = parseWorkspaceDevice(JSON.stringify(vector.p256_device.device_file), 'device');
    expect(verificationCode(p256)).toBe(vector.p256_device.verification_code);
    expect(parseDeviceIdentity(p256, JSON.stringify(vector.p256_device.identity), 'identity').suite).toBe('p256');
  });

  test('signs the same payloads here', () => {
    expect(proofPayload(device)).toEqual(vector.proof.payload);
    const { challenge, signed_at } = vector.lookup.payload as Record<string, string>;
    const proof = accessProof(device, Buffer.from(challenge!, 'base64url'), signed_at!);
    expect(proof).toMatchObject({ deviceFingerprint: device.keys.fingerprint, challenge, signedAt: signed_at });
    expect(signedBy(device.keys.publicSigningKey, vector.lookup.payload, proof.signature)).toBe(true);
    const { target_device_key_id, reason } = vector.revoke.payload as Record<string, string>;
    const revocation = revokeSignature(device, target_device_key_id!, reason!);
    expect(signedBy(device.keys.publicSigningKey, vector.revoke.payload, revocation)).toBe(true);
    const { reason: _reason, ...unexplained } = vector.revoke.payload;
    const quiet = revokeSignature(device, target_device_key_id!, ' ');
    expect(signedBy(device.keys.publicSigningKey, unexplained, quiet)).toBe(true);
  });

  test('is written as it was read', () => {
    expect(JSON.parse(workspaceDeviceFile(device))).toEqual(vector.device_file);
  });
});

describe.each(['x25519', 'p256'] as const)('a new device with a terminal key of the %s suite', (suite) => {
  const made = makeDevice({ workspaceId: 'ws_1', kind: 'service', label: 'evidence <store>' }, suite, NOW);
  const enrolled = enrolledDevice(made, { deviceKeyId: 'wdk_1', status: 'pending' }, NOW);
  const secrets = [made.keys.encryptionKey, made.keys.signingKey, made.identity.privateKey].map(
    (key) => key.export({ format: 'jwk' }).d!,
  );

  test('asks for its enrolment with a proof over its public keys', () => {
    const request = enrolmentRequest(made);
    const { publicEncryptionKey, publicSigningKey, fingerprint, terminal } = made.keys;
    expect(request).toMatchObject({
      kind: 'service',
      label: 'evidence <store>',
      publicEncryptionKey,
      publicSigningKey,
      fingerprint,
    });
    expect(request).toMatchObject({ webttyPublicKey: terminal!.publicKey, webttyKeyId: terminal!.keyId });
    expect(signedBy(publicSigningKey, proofPayload(made), request.proofSignature)).toBe(true);
    expect(signedBy(publicSigningKey, { ...proofPayload(made), device_kind: 'cli' }, request.proofSignature)).toBe(false);
  });

  test('keeps its private keys out of what is sent and shown', () => {
    const shown = [
      JSON.stringify(enrolmentRequest(made)),
      JSON.stringify(accessProof(made, randomBytes(CHALLENGE_BYTES), NOW)),
      publicExport(enrolled),
      JSON.stringify([made, enrolled]),
      verificationCode(enrolled),
    ].join('\n');
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(publicExport(enrolled)).toContain(verificationCode(enrolled));
    expect(publicExport(enrolled)).toContain(made.keys.fingerprint);
  });

  test('is read back from the two files that are kept of it', () => {
    const read = parseWorkspaceDevice(workspaceDeviceFile(enrolled), 'device');
    expect(read.keys.signingKey.equals(made.keys.signingKey)).toBe(true);
    expect(read.keys.encryptionKey.equals(made.keys.encryptionKey)).toBe(true);
    expect(workspaceDeviceFile(read)).toBe(workspaceDeviceFile(enrolled));
    const identity = parseDeviceIdentity(read, terminalIdentityFile(made.identity), 'identity');
    expect(identity.privateKey.equals(made.identity.privateKey)).toBe(true);
  });

  test('has a code of its own for each id, and is not trusted before it is active and has its envelope', () => {
    expect(verificationCode(enrolled)).toMatch(/^(?:[A-HJ-NP-Z2-9]{4}-){2}[A-HJ-NP-Z2-9]{4}$/);
    expect(verificationCode({ ...enrolled, deviceKeyId: 'wdk_2' })).not.toBe(verificationCode(enrolled));
    expect(isTrusted(enrolled)).toBe(false);
    expect(isTrusted({ ...enrolled, status: 'active' })).toBe(false);
    expect(isTrusted({ ...enrolled, envelope: {} })).toBe(false);
    expect(isTrusted({ ...enrolled, status: 'active', envelope: {} })).toBe(true);
  });
});

test('a blank label is left out, and one that could be signed in two ways is refused', () => {
  const where = { workspaceId: 'ws_1', kind: 'cli' } as const;
  expect(enrolmentRequest(makeDevice({ ...where, label: '  ' }, 'x25519', NOW))).not.toHaveProperty('label');
  for (const label of ['two\nlines', '\b', '\ud800', 'x'.repeat(201)]) {
    expect(() => makeDevice({ ...where, label }, 'x25519', NOW)).toThrow('label');
  }
});
