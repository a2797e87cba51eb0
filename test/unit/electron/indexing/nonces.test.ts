// Nonces that come twice under one key, against the obvious way to find them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Nonces, type NonceFindings } from '../../../../electron/indexing/nonces.ts';
import type { SealedEvent } from '../../../../shared/recording/event.ts';
import { micros } from '../../../../shared/recording/time.ts';

const sealed = (seq: number, crypto: object, ciphertext = new Uint8Array(28)): SealedEvent => ({
  kind: 'sealed',
  stream: 'stdout',
  seq: String(seq),
  at: micros(0),
  record: seq,
  length: 0,
  ciphertext,
  crypto: JSON.stringify(crypto),
});

const fixed = (key: string, nonce: Uint8Array): object => ({
  payload_suite: 'aes-256-gcm',
  payload_key_id: key,
  nonce: Buffer.from(nonce).toString('base64url'),
  key_context_raw: 'AAAA',
});
const inside = { payload_suite: 'aes-256-gcm-random-nonce', payload_key_id: 'AAAA', key_context_raw: 'AAAA' };

function findings(events: readonly SealedEvent[]): NonceFindings {
  const nonces = new Nonces(12345);
  for (const event of events) nonces.event(event);
  return nonces.take();
}

function nonceOf(n: number): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(8, n);
  return nonce;
}

describe('nonces', () => {
  it('are found repeated under one key, and not under two', () => {
    const pairs = fc.array(fc.tuple(fc.constantFrom('AAAA', 'BBBB'), fc.integer({ min: 0, max: 2000 })), {
      maxLength: 1500,
      size: 'max',
    });
    fc.assert(
      fc.property(pairs, (list) => {
        const seen = new Set<string>();
        const repeats: string[] = [];
        for (const [i, pair] of list.entries()) {
          if (seen.has(pair.join())) repeats.push(String(i));
          seen.add(pair.join());
        }
        expect(findings(list.map(([key, n], i) => sealed(i, fixed(key, nonceOf(n)))))).toEqual({
          checked: list.length,
          unchecked: 0,
          repeated: repeats.length,
          repeats: repeats.slice(0, 10),
        });
      }),
      { seed: 20261121, numRuns: 30 },
    );
  });

  it('stand at the start of the ciphertext in the suite of random nonces', () => {
    const events = [1, 2, 1].map((n, i) => sealed(i, inside, Buffer.concat([nonceOf(n), new Uint8Array(16)])));
    expect(findings(events)).toEqual({ checked: 3, unchecked: 0, repeated: 1, repeats: ['2'] });
  });

  it('are counted as unchecked where there is none of twelve bytes', () => {
    const crypto = [fixed('AAAA', new Uint8Array(11)), { payload_suite: 'aes-256-gcm' }, { nonce: 7 }];
    expect(findings(crypto.map((one, i) => sealed(i, one)))).toMatchObject({ checked: 0, unchecked: 3 });
    expect(findings([sealed(1, inside, new Uint8Array(5))])).toMatchObject({ checked: 0, unchecked: 1 });
    expect(findings([{ ...sealed(1, {}), crypto: 'null' }])).toMatchObject({ checked: 0, unchecked: 1 });
  });

  it('are not hidden by another member of the same text', () => {
    const nonce = Buffer.from(nonceOf(1)).toString('base64url');
    const events = ['AAAA', 'BBBB', 'CCCC'].map((other, i) =>
      sealed(i, { payload_key_id: 'AAAA', nonce, key_context: { nonce: i === 0 ? nonce : `${other}AAAAAAAAAAAA` } }),
    );
    expect(findings(events)).toMatchObject({ checked: 3, repeated: 2 });
  });
});
