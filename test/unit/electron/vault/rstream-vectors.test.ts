// Every recording of test/fixtures/rstream-vectors that is encrypted end to end, opened with the keys beside it: what must open
// opens to the right bytes, and what was changed is refused with the name that the vector gives it.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openEnvelope, type PayloadKey } from '../../../../electron/vault/rstream-envelope.ts';
import { parseIdentity, type Identity } from '../../../../electron/vault/rstream-identity.ts';
import { terminalKeyPair } from '../../../../electron/vault/rstream-keys.ts';
import { PayloadOpener } from '../../../../electron/vault/rstream-payload.ts';
import type { Refusal } from '../../../../electron/vault/rstream-refusal.ts';
import { rstreamBody } from '../../../../shared/recording/rstream-event.ts';
import { encodeUtf8 } from '../../../../shared/recording/utf8.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { readVectors, VECTORS, type VectorCase } from '../../../engine/vectors.ts';

const cases = readVectors(VECTORS).cases.filter(
  ({ session, identity }) => session['encryption_mode'] === 'e2e' && (identity ?? null) !== null,
);

const INCONSISTENT = 'x25519-identity-wrong-private-key';

/** The identity of a case. The one whose keys do not belong together is refused as a file, so it is put together here. */
function identityOf(one: VectorCase): Identity {
  const text = JSON.stringify(one.identity);
  if (one.case !== INCONSISTENT) return parseIdentity(text, one.case);
  const good = parseIdentity(JSON.stringify(cases.find(({ case: name }) => name === 'x25519-untouched')!.identity), 'untouched');
  const { privateKey } = terminalKeyPair('x25519', Buffer.from(one.identity!['private_key'] as string, 'base64url'))!;
  return { ...good, privateKey };
}

function keyOf(one: VectorCase): PayloadKey | Refusal {
  return openEnvelope(one.decrypt_material[0], identityOf(one));
}

/** Names that the reader of events gives to what the vault never sees. */
const BEFORE_THE_VAULT: Readonly<Record<string, string>> = { encoding: 'invalid_encoding', 'bad-line': 'unsupported_stream' };

/** What became of each data event, by sequence number: the digest of its bytes, or the reason why there are none. */
function outcomes(key: PayloadKey, events: VectorCase['events']): { opened: [string, string][]; refused: [string, string][] } {
  const opener = new PayloadOpener(key);
  const opened: [string, string][] = [];
  const refused: [string, string][] = [];
  for (const event of events) {
    const { body, fault } = rstreamBody(event, encodeUtf8(JSON.stringify(event)));
    if (body.kind === 'sealed') {
      const outcome = opener.open({ ...body, seq: event.seq, at: micros(0), record: 0 });
      if (outcome.kind === 'data') opened.push([event.seq, createHash('sha256').update(outcome.bytes).digest('hex')]);
      else refused.push([event.seq, outcome.reason]);
    } else if (fault !== null && event['type'] === 'data') {
      refused.push([event.seq, BEFORE_THE_VAULT[fault.kind] ?? fault.kind]);
    }
  }
  return { opened, refused };
}

test('there are vectors of both suites, altered ones among them', () => {
  expect(cases.length).toBeGreaterThan(80);
  expect(new Set(cases.map((one) => one.suite))).toEqual(new Set([undefined, 'x25519', 'p256']));
});

describe('a session that nobody changed', () => {
  test.each(cases.filter(({ expected }) => (expected.failure ?? null) === null))('opens whole: $case', (one) => {
    const key = keyOf(one);
    if (key.kind === 'refused') throw new Error(key.reason);
    const { opened, refused } = outcomes(key, one.events);
    expect(refused).toEqual([]);
    expect(Object.fromEntries(opened)).toEqual(one.expected.plaintext_sha256);
  });
});

describe('a grant that was changed', () => {
  test.each(cases.filter(({ expected }) => expected.failure?.stage === 'key'))('is refused with its name: $case', (one) => {
    expect(keyOf(one)).toMatchObject({ kind: 'refused', reason: one.expected.failure!.kind });
  });
});

describe('an event that was changed', () => {
  test.each(cases.filter(({ expected }) => expected.failure?.stage === 'event'))(
    'is refused with its name, and the others open: $case',
    (one) => {
      const key = keyOf(one);
      if (key.kind === 'refused') throw new Error(key.reason);
      const { opened, refused } = outcomes(key, one.events);
      const failure = one.expected.failure!;
      expect(refused).toEqual([[failure.seq, failure.kind]]);
      expect(Object.fromEntries(opened)).toEqual(one.expected.plaintext_sha256);
    },
  );
});

test('an identity file whose private key belongs to another public key is refused as a file', () => {
  const text = JSON.stringify(cases.find(({ case: name }) => name === INCONSISTENT)!.identity);
  expect(() => parseIdentity(text, 'the identity')).toThrow('public_key does not belong to its private_key');
});
