// The engine's cryptography against the vectors, both ways, and against RFC 9180.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstMessage, sharedSecret, x25519Public } from '../../engine/hpke.ts';
import { openPayload, unwrapKey } from '../../engine/opening.ts';
import { keyPair, recipientKeyId, sealPayload, SUITES, wrapKey, type SessionKey, type SuitePair } from '../../engine/sealing.ts';
import { readVectors, VECTORS, type VectorCase } from '../../engine/vectors.ts';
import type { Members } from './client.ts';
import { SAMPLE_STEPS, sampleKeys, sampleRecording } from './sample.ts';

const { cases } = readVectors(VECTORS);

/** Buffer takes both alphabets, padded or not. */
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : '', 'base64url');

function contextOf(crypto: Members): Buffer {
  if (crypto['key_context_raw'] !== undefined) return bytes(crypto['key_context_raw']);
  const context = crypto['key_context'] as Members;
  return context['encoding'] === 'base64' ? bytes(context['value']) : Buffer.from(JSON.stringify(context));
}

/** The session's key out of a case's decrypt material. */
function keyOf({ identity, decrypt_material: [material] }: VectorCase): SessionKey {
  const part = identity?.['encryption_key_id'] === undefined ? '' : 'encryption_';
  const keys = { publicKey: bytes(identity![`${part}public_key`]), privateKey: bytes(identity![`${part}private_key`]) };
  const crypto = material!['crypto'] as Members;
  const pair = (['x25519', 'p256'] as const).find((one) => SUITES[one].payload === crypto['payload_suite'])!;
  const own = recipientKeyId(keys.publicKey);
  const envelope = (crypto['key_envelopes'] as Members[]).find((one) => own.equals(bytes(one['recipient_key_id'])))!;
  const session = { pair, keyId: bytes(crypto['payload_key_id']), context: contextOf(crypto) };
  const wrapped = {
    recipientKeyId: own,
    encapsulatedKey: bytes(envelope['encapsulated_key']),
    wrappedKey: bytes(envelope['wrapped_key'] ?? material!['wrapped_key']),
  };
  return { ...session, key: unwrapKey(session, wrapped, keys) };
}

function open(key: SessionKey, event: Members): Buffer {
  const nonce = bytes((event['crypto'] as Members)['nonce']);
  return openPayload(
    key,
    String(event['stream_type']),
    bytes(event['payload_ciphertext']),
    nonce,
    Number(event['payload_length'] ?? 0),
  );
}

const sealedEvents = (one: VectorCase): Members[] =>
  one.events.filter((event) => 'payload_ciphertext' in event && !('payload_plaintext' in event));

describe('what the vectors give', () => {
  it.each(cases.filter((one) => one.expected.failure === null && one.session['encryption_mode'] === 'e2e'))(
    'opens: $case',
    (one) => {
      const key = keyOf(one);
      const opened = sealedEvents(one).map((event) => [
        event['seq'],
        createHash('sha256').update(open(key, event)).digest('hex'),
      ]);
      expect(Object.fromEntries(opened)).toEqual(one.expected.plaintext_sha256);
    },
  );

  it.each(cases.filter((one) => one.expected.failure === null && one.session['encryption_mode'] === 'e2e'))(
    'is what sealing makes of the same key, nonce and bytes: $case',
    (one) => {
      const key = keyOf(one);
      for (const event of sealedEvents(one)) {
        const ciphertext = bytes(event['payload_ciphertext']);
        const field = bytes((event['crypto'] as Members)['nonce']);
        const nonce = key.pair === 'p256' ? ciphertext.subarray(0, 12) : field;
        const sealed = sealPayload(key, String(event['stream_type']), open(key, event), nonce);
        expect(sealed.ciphertext.equals(ciphertext)).toBe(true);
        expect(Buffer.from(sealed.nonceField).equals(field)).toBe(true);
      }
    },
  );

  it.each(cases.filter((one) => one.expected.failure?.kind === 'key_unwrap'))('keeps its key to itself: $case', (one) => {
    expect(() => keyOf(one)).toThrow();
  });

  it.each(cases.filter((one) => one.expected.failure?.kind === 'payload_authentication'))('does not open: $case', (one) => {
    const key = keyOf(one);
    const event = one.events.find(({ seq }) => seq === one.expected.failure!.seq)!;
    expect(() => open(key, event)).toThrow();
  });
});

describe('HPKE', () => {
  it('has the shared secret of RFC 9180, A.1.1, from either side', () => {
    const ephemeral = Buffer.from('52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736', 'hex');
    const recipient = Buffer.from('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d', 'hex');
    const encapsulated = x25519Public(ephemeral);
    expect(encapsulated.toString('hex')).toBe('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431');
    const secret = sharedSecret(ephemeral, recipient, encapsulated, recipient);
    expect(secret.toString('hex')).toBe('fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc');
  });

  it('gives another key for another info', () => {
    const secret = Buffer.alloc(32, 1);
    expect(firstMessage(secret, Buffer.from('a')).key).not.toEqual(firstMessage(secret, Buffer.from('b')).key);
  });
});

const PAIRS = ['x25519', 'p256'] as const satisfies readonly SuitePair[];

describe.each(PAIRS)('what the engine seals under %s', (pair) => {
  const size = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
  // A P-256 scalar is below the group's order and not zero; a first byte from 1 to 254 makes sure of it.
  const secret = size(32).map((raw) => Uint8Array.from(raw, (byte, at) => (at === 0 ? 1 + (byte % 254) : byte)));
  const session = fc
    .record({ key: size(32), keyId: size(16), context: fc.uint8Array({ maxLength: 200 }) })
    .map((parts): SessionKey => ({ pair, ...parts }));

  it('comes back', () => {
    fc.assert(
      fc.property(session, secret, secret, size(12), fc.uint8Array(), (key, own, ephemeral, nonce, plaintext) => {
        const keys = keyPair(pair, own);
        const envelope = wrapKey(key, keys.publicKey, ephemeral, nonce);
        expect(envelope.wrappedKey.length).toBe(pair === 'p256' ? 60 : 48);
        expect(Buffer.from(unwrapKey(key, envelope, keys))).toEqual(Buffer.from(key.key));
        const { ciphertext, nonceField } = sealPayload(key, 'stdout', plaintext, nonce);
        expect(openPayload(key, 'stdout', ciphertext, nonceField, plaintext.length)).toEqual(Buffer.from(plaintext));
      }),
      { seed: 9180, numRuns: 50 },
    );
  });

  it('opens in the form in which the API returns it, for its recipient alone', () => {
    const { publicKey, privateKey } = sampleKeys(pair);
    const made = sampleRecording('sealed', { sealing: pair });
    const text = (key: Uint8Array): string => Buffer.from(key).toString('base64url');
    const one = {
      ...(made as unknown as VectorCase),
      identity: { public_key: text(publicKey), private_key: text(privateKey) },
      decrypt_material: made.decryptMaterial,
    };
    const key = keyOf(one);
    const payloads = SAMPLE_STEPS.flatMap((step) => ('bytes' in step ? [Buffer.from(step.bytes)] : []));
    expect(sealedEvents(one).map((event) => open(key, event))).toEqual(payloads);
    const stranger = text(sampleKeys(pair === 'p256' ? 'x25519' : 'p256').privateKey);
    expect(() => keyOf({ ...one, identity: { ...one.identity, private_key: stranger } })).toThrow();
  });
});
