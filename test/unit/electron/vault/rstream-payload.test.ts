// Payloads and envelopes against a plain twin that seals them (test/engine/sealing.ts): whatever was sealed opens, and whatever
// bit of it or of what it is bound to is turned over, it does not.

import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { openEnvelope, type PayloadKey } from '../../../../electron/vault/rstream-envelope.ts';
import { makeTerminalIdentity, type TerminalIdentity } from '../../../../electron/vault/rstream-identity.ts';
import { rawPrivateKey } from '../../../../electron/vault/rstream-keys.ts';
import { PayloadOpener, type OpenedEvent } from '../../../../electron/vault/rstream-payload.ts';
import { STREAM_NAMES, type DataEvent, type SealedEvent, type StreamName } from '../../../../shared/recording/event.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { keyPair, payloadData, sealPayload, SUITES, wrapKey, type SessionKey, type SuitePair } from '../../../engine/sealing.ts';

const SEED = 20260613;
const PAIRS: readonly SuitePair[] = ['x25519', 'p256'];

const b64u = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

function sessionOf(pair: SuitePair, context: Uint8Array): SessionKey {
  return { pair, key: randomBytes(32), keyId: randomBytes(16), context };
}

function payloadKey({ pair, key, keyId, context }: SessionKey): PayloadKey {
  return { kind: 'payload-key', suite: pair, keyId, context, key: createSecretKey(key) };
}

function cryptoText(session: SessionKey, nonceField: Uint8Array, more: object = {}): string {
  return JSON.stringify({
    payload_suite: SUITES[session.pair].payload,
    payload_key_id: b64u(session.keyId),
    ...(nonceField.length === 0 ? {} : { nonce: b64u(nonceField) }),
    ...more,
    key_context_raw: b64u(session.context),
  });
}

function sealed(
  session: SessionKey,
  stream: StreamName,
  plaintext: Uint8Array,
  nonce: Uint8Array = randomBytes(12),
): SealedEvent {
  const { ciphertext, nonceField } = sealPayload(session, stream, plaintext, nonce);
  const crypto = cryptoText(session, nonceField);
  return { kind: 'sealed', seq: '1', at: micros(7), record: 3, stream, length: plaintext.length, ciphertext, crypto };
}

function flipped(bytes: Uint8Array, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  const at = bit % (changed.length * 8);
  changed[at >> 3]! ^= 1 << (at & 7);
  return changed;
}

const reason = (opener: PayloadOpener, event: SealedEvent): string => {
  const outcome = opener.open(event);
  return outcome.kind === 'data' ? 'opened' : outcome.reason;
};

test('sealed and opened are different types, and an opened event is a data event', () => {
  expectTypeOf<SealedEvent>().not.toExtend<OpenedEvent>();
  expectTypeOf<DataEvent>().not.toExtend<OpenedEvent>();
  expectTypeOf<OpenedEvent>().toExtend<DataEvent>();
  expectTypeOf<OpenedEvent>().not.toExtend<SealedEvent>();
});

describe.each(PAIRS)('a payload of the %s suite', (pair) => {
  const plaintexts = fc.uint8Array({ maxLength: 300 });
  const contexts = fc.uint8Array({ minLength: 1, maxLength: 200 });

  test('opens to what was sealed, with its place and time, one after the other', () => {
    const events = fc.array(fc.tuple(fc.constantFrom(...STREAM_NAMES), plaintexts), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(contexts, events, (context, parts) => {
        const session = sessionOf(pair, context);
        const opener = new PayloadOpener(payloadKey(session));
        for (const [stream, plaintext] of parts) {
          const event = { ...sealed(session, stream, plaintext), time: 'then' };
          const { seq, at, record, time } = event;
          const expected = { kind: 'data', seq, at, record, stream, time, bytes: Buffer.from(plaintext) };
          expect(opener.open(event)).toEqual(expected);
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test('does not open with any bit of ciphertext, tag, nonce or additional data turned over, and a good one then does', () => {
    const what = fc.constantFrom('ciphertext', 'nonce', 'context', 'keyId', 'length', 'stream', 'key');
    fc.assert(
      fc.property(contexts, plaintexts, what, fc.nat(), fc.boolean(), (context, plaintext, part, bit, warm) => {
        const session = sessionOf(pair, context);
        const event = sealed(session, 'stdout', plaintext);
        const nonce = Buffer.from((JSON.parse(event.crypto) as { nonce?: string }).nonce ?? '', 'base64url');
        const other: SessionKey =
          part === 'key' || part === 'keyId' || part === 'context'
            ? { ...session, [part]: flipped(session[part], bit) }
            : session;
        const changed: SealedEvent =
          part === 'ciphertext' || (part === 'nonce' && nonce.length === 0)
            ? { ...event, ciphertext: flipped(event.ciphertext, bit) }
            : part === 'nonce'
              ? { ...event, crypto: cryptoText(session, flipped(nonce, bit)) }
              : part === 'length'
                ? { ...event, length: (event.length ^ (1 << (bit % 31))) >>> 0 }
                : part === 'stream'
                  ? { ...event, stream: bit % 2 === 0 ? 'stdin' : 'stderr' }
                  : event;
        // The event names what its key does not have, or claims what it was not sealed with: the cipher has to see both.
        const named = { ...changed, crypto: part === 'keyId' || part === 'context' ? cryptoText(other, nonce) : changed.crypto };
        const opener = new PayloadOpener(payloadKey(other));
        if (warm && other === session) expect(reason(opener, event)).toBe('opened');
        expect(reason(opener, named)).toBe('payload_authentication');
        if (other === session) expect(reason(opener, event)).toBe('opened');
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  test('does not open when it is cut to any shorter size', () => {
    const session = sessionOf(pair, Buffer.from('context'));
    const event = sealed(session, 'stdout', Buffer.from('some words'));
    const opener = new PayloadOpener(payloadKey(session));
    const short = pair === 'p256' ? 28 : 0;
    for (let size = 0; size < event.ciphertext.length; size++) {
      const cut = { ...event, ciphertext: event.ciphertext.subarray(0, size) };
      expect(reason(opener, cut)).toBe(size < short ? 'ciphertext_too_short' : 'payload_authentication');
    }
  });

  test('that authenticates a length it does not have is refused', () => {
    const session = sessionOf(pair, Buffer.from('context'));
    const nonce = randomBytes(12);
    const field = pair === 'p256' ? new Uint8Array(0) : nonce;
    const cipher = createCipheriv('aes-256-gcm', session.key, nonce).setAAD(payloadData(session, 'stdout', field, 9));
    const body = Buffer.concat([cipher.update('four'), cipher.final(), cipher.getAuthTag()]);
    const ciphertext = pair === 'p256' ? Buffer.concat([nonce, body]) : body;
    const event = { ...sealed(session, 'stdout', Buffer.alloc(9), nonce), ciphertext };
    expect(reason(new PayloadOpener(payloadKey(session)), event)).toBe('payload_length_mismatch');
  });

  test.each<[string, object, string]>([
    ['another suite', { payload_suite: 'aes-256-gcm-siv' }, 'payload_suite_mismatch'],
    ['another payload key', { payload_key_id: b64u(Buffer.alloc(16)) }, 'payload_key_id_mismatch'],
    ['no payload key', { payload_key_id: undefined }, 'payload_key_id_mismatch'],
    ['another context', { key_context_raw: 'AAAA' }, 'key_context_mismatch'],
    ['a context that is no text', { key_context_raw: 7 }, 'invalid_encoding'],
    ['a nonce of 10 bytes in 16 characters', { nonce: 'AAAAAAAAAAAAAA==' }, 'nonce_size'],
    ['a nonce of 16 bytes', { nonce: b64u(Buffer.alloc(16)) }, 'nonce_size'],
    ['a nonce in both alphabets', { nonce: 'AAAAAAAAAAAAAA+_' }, 'invalid_encoding'],
    ['a nonce with a blank', { nonce: 'AAAAAAAAAAAAAAA ' }, 'invalid_encoding'],
    ['key envelopes', { key_envelopes: [{}] }, 'protocol_violation'],
  ])('with %s is refused, also after one that opened', (_name, change, expected) => {
    const session = sessionOf(pair, Buffer.from('context'));
    const event = sealed(session, 'stdout', Buffer.from('words'));
    const crypto = JSON.stringify({ ...(JSON.parse(event.crypto) as object), ...change });
    const opener = new PayloadOpener(payloadKey(session));
    expect(reason(opener, { ...event, crypto })).toBe(expected);
    expect(reason(opener, event)).toBe('opened');
    expect(reason(opener, { ...event, crypto })).toBe(expected);
  });

  test.each(['null', '[]', '"text"', '', '{', '{"nonce":'])('whose crypto object is %j is refused', (crypto) => {
    const session = sessionOf(pair, Buffer.from('context'));
    const event = { ...sealed(session, 'stdout', Buffer.from('words')), crypto };
    expect(reason(new PayloadOpener(payloadKey(session)), event)).toBe('missing_crypto');
  });
});

test('the nonce that counts is the member of the crypto object, wherever else its text stands', () => {
  const session = sessionOf('x25519', Buffer.from('context'));
  const opener = new PayloadOpener(payloadKey(session));
  for (let round = 0; round < 3; round++) {
    const nonce = randomBytes(12);
    const event = sealed(session, 'stdout', Buffer.from('words'), nonce);
    const text = b64u(nonce);
    const escaped = `\\u00${text.charCodeAt(0).toString(16)}${text.slice(1)}`;
    const object = cryptoText(session, nonce, { unknown: { nonce: text }, [text]: text });
    for (const crypto of [object, object.replace(`"nonce":"${text}"`, `"nonce":"${escaped}"`)]) {
      expect(reason(opener, { ...event, crypto })).toBe('opened');
      const last = crypto.lastIndexOf(text);
      const otherLast = `${crypto.slice(0, last)}AAAAAAAAAAAAAAAA${crypto.slice(last + text.length)}`;
      expect(reason(opener, { ...event, crypto: otherLast })).toBe('opened');
      const otherInside = crypto.replaceAll(`{"nonce":"${text}"`, '{"nonce":"AAAAAAAAAAAAAAAA"');
      expect(reason(opener, { ...event, crypto: otherInside })).toBe('opened');
      const otherOutside = crypto.replace(/"nonce":"[^"]*"(?=,"unknown")/, '"nonce":"AAAAAAAAAAAAAAAA"');
      expect(otherOutside).not.toBe(crypto);
      expect(reason(opener, { ...event, crypto: otherOutside })).toBe('payload_authentication');
    }
  }
});

describe.each(PAIRS)('a key envelope of the %s suite', (pair) => {
  const now = '2026-06-13T15:30:00Z';

  interface Sealing {
    readonly session: SessionKey;
    readonly identity: TerminalIdentity;
    readonly material: { readonly wrapped_key: string; readonly crypto: Readonly<Record<string, unknown>> };
  }

  function sealing(context: Uint8Array, ephemeral: Uint8Array = randomBytes(32)): Sealing {
    const session = sessionOf(pair, context);
    const identity = makeTerminalIdentity(pair, now);
    const envelope = wrapKey(session, identity.publicKey, ephemeral, randomBytes(12));
    const crypto = {
      payload_suite: SUITES[pair].payload,
      payload_key_id: b64u(session.keyId),
      key_envelope_suite: SUITES[pair].envelope,
      key_context_raw: b64u(context),
      key_envelopes: [{ recipient_key_id: b64u(envelope.recipientKeyId), encapsulated_key: b64u(envelope.encapsulatedKey) }],
    };
    return { session, identity, material: { wrapped_key: b64u(envelope.wrappedKey), crypto } };
  }

  const outcome = (material: unknown, identity: TerminalIdentity): string => {
    const key = openEnvelope(material, identity);
    return key.kind === 'payload-key' ? 'opened' : key.reason;
  };

  /** The material with one of its texts replaced. */
  function changed({ material }: Sealing, field: string, change: (bytes: Buffer) => Buffer): unknown {
    const of = (text: unknown): string => b64u(change(Buffer.from(text as string, 'base64url')));
    const { crypto } = material;
    const [envelope] = crypto['key_envelopes'] as [Record<string, string>];
    if (field === 'wrapped_key') return { ...material, wrapped_key: of(material.wrapped_key) };
    if (field in crypto) return { ...material, crypto: { ...crypto, [field]: of(crypto[field]) } };
    return { ...material, crypto: { ...crypto, key_envelopes: [{ ...envelope, [field]: of(envelope[field]) }] } };
  }

  test('opens to the key that was sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes32, (context, ephemeral) => {
        // As good as never in chance, and never a P-256 scalar.
        fc.pre(ephemeral.some((byte) => byte !== 0) && ephemeral[0] !== 0xff);
        const { session, identity, material } = sealing(context, ephemeral);
        const key = openEnvelope(material, identity);
        if (key.kind === 'refused') throw new Error(key.reason);
        expect(key.key.export()).toEqual(session.key);
        expect(key).toMatchObject({ suite: pair, keyId: new Uint8Array(session.keyId), context: new Uint8Array(context) });
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  test('does not open with any bit of it, or of what it is bound to, turned over', () => {
    const fields = fc.constantFrom('wrapped_key', 'encapsulated_key', 'recipient_key_id', 'payload_key_id', 'key_context_raw');
    const one = sealing(Buffer.from('a context'));
    expect(outcome(one.material, one.identity)).toBe('opened');
    fc.assert(
      fc.property(fields, fc.nat(), (field, bit) => {
        const expected = field === 'recipient_key_id' ? 'no_envelope_for_identity' : 'key_unwrap';
        expect(
          outcome(
            changed(one, field, (bytes) => flipped(bytes, bit)),
            one.identity,
          ),
        ).toBe(expected);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('does not open with a field that is one byte too short or too long', () => {
    const one = sealing(Buffer.from('a context'));
    for (const [field, expected] of [
      ['wrapped_key', 'key_unwrap'],
      ['encapsulated_key', 'key_unwrap'],
      ['payload_key_id', 'invalid_encoding'],
      ['recipient_key_id', 'no_envelope_for_identity'],
    ] as const) {
      for (const change of [(bytes: Buffer) => bytes.subarray(1), (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)])]) {
        expect(outcome(changed(one, field, change), one.identity), field).toBe(expected);
      }
    }
  });

  test('does not open with a wrapped key of any other size', () => {
    const one = sealing(Buffer.from('a context'));
    const right = pair === 'p256' ? 60 : 48;
    for (let size = 0; size < 70; size++) {
      const resized = changed(one, 'wrapped_key', (bytes) => Buffer.concat([bytes, Buffer.alloc(20)]).subarray(0, size));
      expect(outcome(resized, one.identity), String(size)).toBe(size === right ? 'opened' : 'key_unwrap');
    }
  });

  test('does not open with an encapsulated key that is none or leads to no secret', () => {
    const one = sealing(Buffer.from('a context'));
    const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes.subarray(0, 33), Buffer.of(0), bytes.subarray(33)]);
    expect(outcome(changed(one, 'encapsulated_key', padded), one.identity)).toBe('key_unwrap');
    const points = [Buffer.alloc(SUITES[pair].code === 1 ? 32 : 65), Buffer.concat([Buffer.of(4), Buffer.alloc(64)])];
    for (const point of points)
      expect(
        outcome(
          changed(one, 'encapsulated_key', () => point),
          one.identity,
        ),
      ).toBe('key_unwrap');
  });

  test('opens for its recipient among several, each with a wrapped key of its own, and for nobody else', () => {
    const { session, identity, material } = sealing(Buffer.from('a context'));
    const others = [makeTerminalIdentity(pair, now), makeTerminalIdentity(pair, now)];
    const envelopes = [...others, identity].map(({ publicKey }) => {
      const { recipientKeyId, encapsulatedKey, wrappedKey } = wrapKey(session, publicKey, randomBytes(32), randomBytes(12));
      const texts = { recipient_key_id: b64u(recipientKeyId), encapsulated_key: b64u(encapsulatedKey) };
      return { ...texts, wrapped_key: b64u(wrappedKey) };
    });
    const several = { ...material, crypto: { ...material.crypto, key_envelopes: envelopes } };
    for (const one of [...others, identity]) expect(outcome(several, one)).toBe('opened');
    expect(outcome(several, makeTerminalIdentity(pair, now))).toBe('no_envelope_for_identity');
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['no crypto object', {}],
    ['a list of envelopes that is none', { crypto: { key_envelopes: {} } }],
    ['an envelope that is none', { crypto: { key_envelopes: [null] } }],
    ['a wrapped key that is no text', { wrapped_key: 4, crypto: {} }],
  ])('that is %s is refused', (_name, material) => {
    expect(outcome(material, makeTerminalIdentity(pair, now))).toBe('invalid_encoding');
  });

  test('gives a key that neither prints nor serialises', () => {
    const { session, identity, material } = sealing(Buffer.from('a context'));
    const key = openEnvelope(material, identity);
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      for (const secret of [session.key, rawPrivateKey(identity.privateKey)]) {
        expect(JSON.stringify([key, identity])).not.toContain(Buffer.from(secret).toString(form));
      }
    }
    expect(keyPair(pair, rawPrivateKey(identity.privateKey)).publicKey).toEqual(identity.publicKey);
  });
});

test('an opener that knows the crypto object judges every nonce as a fresh one does', () => {
  const session = sessionOf('x25519', Buffer.from('{"v":1}'));
  const key = payloadKey(session);
  const nonceText = fc.oneof(
    fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc.uint8Array({ minLength: 12, maxLength: 12 }).map(b64u),
    fc.string({ unit: fc.constantFrom(...Array.from('AZaz09+/-_=~\u00e9')), minLength: 14, maxLength: 18 }),
  );
  fc.assert(
    fc.property(nonceText, fc.uint8Array({ minLength: 1, maxLength: 40 }), (nonce, plaintext) => {
      const opener = new PayloadOpener(key);
      expect(opener.open(sealed(session, 'stdout', plaintext)).kind).toBe('data');
      const bytes = Buffer.from(nonce, 'base64');
      const event = sealed(session, 'stdout', plaintext, bytes.length === 12 ? bytes : randomBytes(12));
      const changed = { ...event, crypto: cryptoText(session, new Uint8Array(0), { nonce }) };
      const first = sealed(session, 'stdout', plaintext);
      expect(opener.open({ ...first, crypto: cryptoText(session, new Uint8Array(0), { nonce: 'A'.repeat(16) }) }).kind).toBe(
        'refused',
      );
      expect(opener.open(changed)).toEqual(new PayloadOpener(key).open(changed));
    }),
    { seed: SEED, numRuns: 400 },
  );
});

test('a payload key goes to a thread of this process, and its bytes into no text', () => {
  const session = sessionOf('x25519', Buffer.from('{"v":1}'));
  const key = payloadKey(session);
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(key);
  const arrived = (receiveMessageOnPort(port2) as { message: PayloadKey }).message;
  port1.close();
  const opened = new PayloadOpener(arrived).open(sealed(session, 'stdin', Buffer.from('whoami')));
  expect(opened).toMatchObject({ kind: 'data', stream: 'stdin' });
  const written = `${JSON.stringify(key)}${inspect(key, { depth: 9, showHidden: true })}`;
  for (const form of ['hex', 'base64', 'base64url'] as const)
    expect(written).not.toContain(Buffer.from(session.key).toString(form));
});
